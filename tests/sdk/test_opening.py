"""Opening sealed bids: crashes, lost vaults, copied ciphertexts, a silent bookrunner, what is forfeited."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from tests.sdk.world import (
    CLEARS_BY,
    CLOSES,
    DEPOSIT,
    INVESTORS,
    PASSPHRASE,
    REVEALS_BY,
    ROOT,
    WEALTH,
    World,
)

from indenture.chain import Sender
from indenture.errors import ContractRevert, InputError, OfferingRefused, TransactionError
from indenture.models import Bid, BidStatus
from indenture.money import CNY
from indenture.primary import ClassRule, Form, Stage, TickBid
from indenture.results import BadSeal
from indenture.roles import Bookrunner, Investor, open_bids, place_bids
from indenture.sealing import (
    SealedEntry,
    SealedOpening,
    Vault,
    VaultEntryMissing,
    Work,
    encrypt_opening,
    new_salt,
)

pytestmark = pytest.mark.integration

BIDS = [Bid("3.1", 1_000), Bid("3.2", 2_000)]


def other_vault(vault: Vault) -> Vault:
    return Vault(vault.path.with_name("other"), PASSPHRASE, create=True, work=Work.MINIMAL)


@pytest.fixture
def encrypted(world: World, vault: Vault) -> int:
    """An ENCRYPTED book with the bids of every investor; its key is in the vault."""
    number = world.open_book(world.tender_rules(form=Form.ENCRYPTED), vault=vault)
    bidders = other_vault(vault)
    wanted = [(world.senders[f"investor {i}"], [Bid("3.1", 100 + i)]) for i in range(INVESTORS)]
    place_bids(world.suite, number, wanted, bidders)
    return number


# The bidder himself


def test_open_bid__sealed_book__is_in_the_clear_and_marked(world: World, vault: Vault) -> None:
    number = world.open_book(world.tender_rules())
    sealed = world.investor(0).bid(number, BIDS, vault)
    world.at(CLOSES)
    world.bookrunner.close(number)

    opened = world.investor(0).open_bid(number, vault)

    assert opened.bids == sealed.bids == world.suite.offering.openings(number)[world.account(0)]
    assert world.book(number).bid_units == 3_000
    assert world.investor(0).my_bids(number).status is BidStatus.OPENED
    assert vault.entries(opened=False) == ()


def test_open_bid__nobody_closed_the_book__it_is_closed_first(world: World, vault: Vault) -> None:
    number = world.open_book(world.tender_rules())
    world.investor(0).bid(number, BIDS, vault)

    with pytest.raises(OfferingRefused) as early:
        world.investor(0).open_bid(number, vault)
    world.at(CLOSES)
    world.investor(0).open_bid(number, vault)

    assert early.value.name == "OfferingTooEarly"
    assert world.book(number).stage is Stage.CLOSED


CHILD = """
import os, sys
from eth_account import Account
from indenture import Bid, Chain, Deployment, Investor, Sender, Suite, Vault

url, deployment, vault, key, number = sys.argv[1:]
chain = Chain.connect(url)
investor = Investor(Suite(chain, Deployment.load(deployment)), Sender(chain, Account.from_key(key)))
investor.bid(int(number), [Bid("3.1", 1_000), Bid("3.2", 2_000)], Vault(vault))
os.kill(os.getpid(), 9)
"""


def test_open_bid__process_killed_between_commit_and_reveal__another_opens(
    world: World, vault: Vault, tmp_path: Path
) -> None:
    """PROPERTIES 21: what opens a seal is on the disk before the seal is on the chain."""
    number = world.open_book(world.tender_rules())
    world.deployment.save(tmp_path / "deployment.json")
    key = "0x" + bytes(world.senders["investor 0"].account.key).hex()
    arguments = [world.chain.url, str(tmp_path / "deployment.json"), str(vault.path), key, str(number)]
    environment = os.environ | {"INDENTURE_VAULT_PASSPHRASE": PASSPHRASE, "PYTHONPATH": str(ROOT / "src")}

    killed = subprocess.run(
        [sys.executable, "-c", CHILD, *arguments],
        env=environment,
        check=False,
        capture_output=True,
        timeout=60,
    )
    world.at(CLOSES)
    opened = world.investor(0).open_bid(number, Vault(vault.path, PASSPHRASE))

    assert killed.returncode == -9, killed.stderr.decode()
    assert [bid.units for bid in opened.bids] == [1_000, 2_000]


class Cut(Exception):
    """The process ends here."""


def test_bid__broken_off_after_it_was_remembered__book_holds_the_older_one(
    world: World, vault: Vault, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The vault knows more than the chain; what counts is what the chain holds."""
    number, investor = world.open_book(world.tender_rules()), world.investor(0)
    first = investor.bid(number, BIDS, vault)

    def broken(*_: object, **__: object) -> None:
        raise Cut

    with monkeypatch.context() as patch:
        patch.setattr(Sender, "transact", broken)
        with pytest.raises(Cut):
            investor.bid(number, [Bid("3.5", 7)], vault)
    assert len(vault.entries()) == 2
    world.at(CLOSES)

    assert world.investor(0).open_bid(number, Vault(vault.path, PASSPHRASE)).bids == first.bids


def test_open_bid__broken_off_before_it_was_marked__is_marked_the_next_time(
    world: World, vault: Vault, monkeypatch: pytest.MonkeyPatch
) -> None:
    number, investor = world.open_book(world.tender_rules()), world.investor(0)
    investor.bid(number, BIDS, vault)
    world.at(CLOSES)
    with monkeypatch.context() as patch:
        patch.setattr(Vault, "mark_opened", lambda *_: (_ for _ in ()).throw(Cut()))
        with pytest.raises(Cut):
            investor.open_bid(number, vault)

    with pytest.raises(OfferingRefused, match="were opened before"):
        investor.open_bid(number, vault)

    assert [entry.opened for entry in vault.entries()] == [True]


def test_open_bid__vault_without_the_entry__is_loud_and_sends_nothing(world: World, vault: Vault) -> None:
    number, investor = world.open_book(world.tender_rules()), world.investor(0)
    investor.bid(number, BIDS, vault)
    world.at(CLOSES)
    world.bookrunner.close(number)
    sent = world.chain.nonce(investor.account)

    with pytest.raises(VaultEntryMissing) as missing:
        investor.open_bid(number, other_vault(vault))

    assert "its deposit is lost" in missing.value.hint
    assert world.chain.nonce(investor.account) == sent
    assert investor.open_bid(number, vault).bids


def test_open_bid__vault_with_an_older_bid_only__says_so(world: World, vault: Vault) -> None:
    number, investor = world.open_book(world.tender_rules()), world.investor(0)
    investor.bid(number, BIDS, vault)
    investor.bid(number, [Bid("3.3", 5)], other := other_vault(vault))
    world.at(CLOSES)

    with pytest.raises(VaultEntryMissing, match="1 others of this bidder"):
        investor.open_bid(number, vault)
    assert investor.open_bid(number, other).bids[0].units == 5


def test_open_bid__nothing_sealed_or_an_open_book__refused(world: World, vault: Vault) -> None:
    number = world.open_book(world.tender_rules())
    world.at(CLOSES)

    with pytest.raises(OfferingRefused, match="holds no bids of"):
        world.investor(0).open_bid(number, vault)


def test_open_bid__open_book__has_nothing_to_open(world: World, vault: Vault) -> None:
    number = world.open_book()
    world.investor(0).bid(number, [Bid(100, 1)])

    with pytest.raises(InputError, match="has an open book"):
        world.investor(0).open_bid(number, vault)


def test_open_bids__many_of_one_vault__opened_by_anyone(world: World, vault: Vault) -> None:
    number = world.open_book(world.tender_rules())
    wanted = [(world.senders[f"investor {i}"], [Bid("3.1", 100 + i)]) for i in range(3)]
    place_bids(world.suite, number, wanted, vault)
    world.investor(3).bid(number, BIDS, other_vault(vault))
    world.investor(0).bid(number, [Bid("3.3", 5)], Vault(vault.path.with_name("other"), PASSPHRASE))
    world.at(CLOSES)

    result = open_bids(world.suite, world.senders["outsider"], number, vault)

    assert set(result.opened) == {world.account(1), world.account(2)}
    assert result.bad == (BadSeal(world.account(0), "the vault holds other bids of his only"),)
    assert set(world.bookrunner.unopened(number)) == {world.account(0), world.account(3)}
    again = open_bids(world.suite, world.senders["outsider"], number, vault)
    assert (again.count, again.opened) == (0, ())


# The bookrunner


def test_open_bids__encrypted_book__all_are_opened(world: World, vault: Vault, encrypted: int) -> None:
    world.at(CLOSES)

    result = world.bookrunner.open_bids(encrypted, vault)

    assert (result.count, result.bad) == (INVESTORS, ())
    assert set(result.opened) == {world.account(i) for i in range(INVESTORS)}
    assert world.book(encrypted).bid_units == sum(100 + i for i in range(INVESTORS))
    assert world.bookrunner.unopened(encrypted) == ()
    again = world.bookrunner.open_bids(encrypted, vault)
    assert (again.count, again.transactions) == (0, ())


def test_open_bids__copied_ciphertext__is_reported_and_stops_nobody(
    world: World, vault: Vault, encrypted: int
) -> None:
    """PROPERTIES 20: a bid that was copied from another opens nothing, and its deposit is lost."""
    copied = world.suite.offering.seals(encrypted)[world.account(0)]
    copier = Investor(world.suite, world.senders["paying agent"])
    call = world.suite.offering.encrypt_bid(encrypted, copied.commitment, copied.ciphertext)
    copier.sender.transact(call)
    world.at(CLOSES)

    result = world.bookrunner.open_bids(encrypted, vault)

    (bad,) = result.bad
    assert (bad.bidder, result.count) == (copier.account, INVESTORS)
    assert f"is of bidder {world.account(0)}, not {copier.account}" in bad.reason
    world.at(REVEALS_BY)
    assert world.bookrunner.forfeit_all(encrypted).count == 1
    assert world.issuer.funds().balance == DEPOSIT
    assert world.issuer.withdraw_funds().amount == DEPOSIT


def test_open_bids__nonsense_ciphertext__the_bidder_opens_himself(
    world: World, vault: Vault, encrypted: int
) -> None:
    investor, own = world.investor(0), other_vault(vault)
    bids = (TickBid(31_000_000, 1_000, investor.account),)
    opening = SealedOpening(
        31337, world.suite.offering.address, encrypted, investor.account, bids, new_salt()
    )
    entry = SealedEntry(opening, world.suite.offering.seals(encrypted)[world.account(1)].ciphertext_hash)
    own.remember(entry)
    borrowed = world.suite.offering.seals(encrypted)[world.account(1)].ciphertext
    investor.sender.transact(world.suite.offering.encrypt_bid(encrypted, entry.commitment, borrowed))
    world.at(CLOSES)

    result = world.bookrunner.open_bids(encrypted, vault)

    assert [bad.bidder for bad in result.bad] == [investor.account]
    assert investor.open_bid(encrypted, own).bids == opening.bids
    assert world.bookrunner.unopened(encrypted) == ()


def test_open_bids__other_bids_than_were_committed_to__are_reported(
    world: World, vault: Vault, encrypted: int
) -> None:
    investor = world.investor(0)
    seal = world.suite.offering.seals(encrypted)[investor.account]
    investor.sender.transact(world.suite.offering.encrypt_bid(encrypted, b"\7" * 32, seal.ciphertext))
    world.at(CLOSES)

    result = world.bookrunner.open_bids(encrypted, vault)

    assert result.bad == (BadSeal(investor.account, "what was decrypted is not what he committed to"),)
    assert result.count == INVESTORS - 1


def test_open_bids__bids_that_break_a_rule__are_reported_before_anything_is_sent(
    world: World, vault: Vault
) -> None:
    classes = (ClassRule(0, 10_000), ClassRule(0, 50_000))
    rules = world.tender_rules(form=Form.ENCRYPTED)
    number = world.open_book(rules, classes=classes, syndicate=[(0, 1, 0)], vault=vault)
    world.investor(0).bid(number, [Bid("3.1", 50_000)], vault)
    investor, offering = world.investor(1), world.suite.offering
    bids = (TickBid(31_000_000, 40_000, investor.account),)
    opening = SealedOpening(31337, offering.address, number, investor.account, bids, new_salt())
    ciphertext = encrypt_opening(offering.book(number).encryption_key, opening)
    investor.sender.transact(offering.encrypt_bid(number, opening.commitment, ciphertext))
    world.at(CLOSES)

    result = world.bookrunner.open_bids(number, vault)

    (bad,) = result.bad
    assert bad.bidder == investor.account
    assert "the bids break a rule: 40000 units in all is not between the 0 and 10000 units" in bad.reason


def test_open_bids__of_a_sealed_book__are_the_bidders_matter(world: World, vault: Vault) -> None:
    number = world.open_book(world.tender_rules())

    with pytest.raises(InputError, match="are not encrypted to its bookrunner"):
        world.bookrunner.open_bids(number, vault)


def test_encrypted__bookrunner_is_silent__bidders_open_and_anyone_clears(
    world: World, vault: Vault, encrypted: int
) -> None:
    bidders = Vault(vault.path.with_name("other"), PASSPHRASE)
    stranger = Bookrunner(world.suite, world.senders["outsider"])
    world.at(CLOSES)

    for i in range(INVESTORS - 1):
        world.investor(i).open_bid(encrypted, bidders)
    world.at(REVEALS_BY)
    cleared = stranger.clear(encrypted)
    world.at(world.book(encrypted).rules.settles_from)
    settled = stranger.settle(encrypted)
    rest = stranger.finish(encrypted)

    assert cleared.result.bidders == settled.count == INVESTORS - 1
    assert rest.forfeited.count == 1
    assert world.investor(INVESTORS - 1).my_bids(encrypted).status is BidStatus.FINISHED


# Too late


def test_open_bid__after_reveals_by__deposit_is_forfeited(world: World, vault: Vault) -> None:
    """PROPERTIES 21: not to open costs the stated deposit."""
    number = world.open_book(world.tender_rules())
    world.investor(0).bid(number, BIDS, vault)
    world.investor(1).bid(number, BIDS, vault)
    world.at(CLOSES)
    world.investor(1).open_bid(number, vault)
    with pytest.raises(OfferingRefused, match="unopened bids are forfeited after 2019-12-03 09:59:59"):
        world.bookrunner.forfeit_all(number)
    world.at(REVEALS_BY)

    with pytest.raises(OfferingRefused) as late:
        world.investor(0).open_bid(number, vault)
    world.bookrunner.clear(number)

    assert late.value.name == "OfferingTooLate"
    with pytest.raises(OfferingRefused, match="were not opened in time, and lose their deposit"):
        world.investor(0).refund(number)
    assert world.bookrunner.forfeit_all(number).count == 1
    assert world.bookrunner.forfeit_all(number).transactions == ()
    assert world.issuer.funds().balance == DEPOSIT
    assert world.investor(0).funds().held == CNY.money(0)
    assert world.investor(0).cash_balance() == CNY.money(WEALTH * 2) - DEPOSIT
    with pytest.raises(TransactionError):
        world.investor(0).refund(number)


def test_fail__not_cleared_in_time__opened_come_back_and_unopened_do_not(world: World, vault: Vault) -> None:
    number = world.open_book(world.tender_rules())
    world.investor(0).bid(number, BIDS, vault)
    world.investor(1).bid(number, BIDS, vault)
    world.at(CLOSES)
    world.investor(1).open_bid(number, vault)
    with pytest.raises(ContractRevert):
        world.bookrunner.fail(number)
    world.at(CLEARS_BY + timedelta(seconds=1))

    world.bookrunner.fail(number)
    done = world.bookrunner.finish(number)

    assert (done.released.count, done.forfeited.count) == (1, 1)
    assert world.investor(1).refund(number).amount == DEPOSIT
    result = world.bookrunner.result(number)
    assert (result.failed, result.allotted) == ("it was not cleared in time", 0)
