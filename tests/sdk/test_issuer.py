"""The issuer: term sheets and documents."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from eth_utils.crypto import keccak
from tests.sdk.bonds import sheet_of
from tests.sdk.world import ISIN, ISSUER_LEI, OPENS, TENDER_TERMS, TERMS, World

from indenture.errors import (
    CalendarYearMissing,
    IndentureError,
    InputError,
    MembershipRefused,
    TermSheetError,
    TermsRefused,
)
from indenture.membership import Role
from indenture.models import Bid
from indenture.roles import Issuer, canonical_text
from indenture.sealing import Vault
from indenture.termsheet import load_term_sheet, parse_term_sheet

pytestmark = pytest.mark.integration

DOCUMENTS = f"""documents:
  - name: prospectus
    uri: https://example.org/prospectus.pdf
    sha256: {"ab" * 32}
  - name: rating
    uri: https://example.org/rating.pdf
    keccak256: {"cd" * 32}
"""


@pytest.fixture
def changed(tmp_path: Path) -> Callable[[str, str], Path]:
    """The example term sheet with one change."""

    def change(old: str, new: str) -> Path:
        text = TERMS.read_text()
        assert old in text
        file = tmp_path / "terms.yaml"
        file.write_text(text.replace(old, new))
        return file

    return change


# Registration


def test_register__term_sheet__its_terms_are_sealed(world: World) -> None:
    sheet = load_term_sheet(TERMS)

    issued = world.issuer.register(TERMS)

    terms = world.suite.bond(issued.address).terms
    assert issued.isin == terms.isin == ISIN
    assert terms.issuer == ISSUER_LEI
    assert terms.issuer_account == world.senders["issuer"].address
    assert terms.currency == world.suite.cash("CNY").address
    assert (terms.face_value, terms.units, terms.minimum_units) == (100_00, 200_000_000, 1)
    assert (terms.issue_day, terms.maturity_day) == (sheet.issue_date, sheet.maturity_date)
    assert (terms.periods, terms.schedule, terms.coupon_rate) == (2, sheet.schedule, 32_500_000)
    assert (terms.day_count, terms.roll) == (sheet.coupon.day_count, sheet.business_days.roll)
    assert (terms.calendar, terms.record_business_days) == ("CN-IB", 1)
    assert (terms.cut_off, terms.utc_offset, terms.prescription_years) == (17 * 3600, 480, 3)
    assert terms.eligible == sheet.eligible_mask
    assert (terms.name, terms.symbol) == (sheet.name, sheet.short_name)
    assert terms.term_sheet_hash == keccak(TERMS.read_bytes())


def test_register__rights_of_every_sort__are_sealed_and_read_back(world: World) -> None:
    rights = (
        "rights: {calls: [{from: 2020-12-05, to: 2021-11-05, notice_days: 30, price: 101.5, in_part: true}], "
        "puts: [{opens: 2020-10-01, closes: 2020-10-20, pay_day: 2020-10-30, withdrawable: true}], "
        "events: [{code: TAX, right: issuer, notice_days: 30}, "
        "{code: CONTROL, right: holders, notice_days: 45}], "
        "sinking: [{period: 1, units: 1000}], extension: {periods: 2, notice_days: 60, rate: 4}, "
        "defaults: {grace_days: 5, penalty_rate: 10, acceleration_share: 25, cross_default: true}, "
        "amendment_share: 75}"
    )
    sheet = sheet_of(extra=rights)

    issued = world.issuer.register(sheet)

    terms = world.suite.bond(issued.address).terms
    assert terms.rights == sheet.rights == world.issuer.figures(issued.isin).rights()
    assert (terms.rights.calls[0].price, terms.rights.amendment_share) == (1_015_000_000, 750_000_000)
    assert [event.by_holders for event in terms.rights.events] == [False, True]
    assert [each.terms for each in world.suite.factory.bonds()] == [terms]


def test_register__term_sheet__the_event_has_the_same_terms(world: World) -> None:
    issued = world.issuer.register(TERMS)

    (registered,) = world.suite.factory.bonds()

    assert registered.terms == world.suite.bond(ISIN).terms
    assert (registered.address, registered.block) == (issued.address, issued.transactions[0].block)


def test_register__coupon_by_tender__is_none_on_the_chain_too(world: World) -> None:
    sheet = load_term_sheet(TENDER_TERMS)

    world.issuer.register(sheet)

    assert (sheet.coupon.rate, world.bond.terms.coupon_rate) == (None, None)
    assert world.suite.factory.bonds()[0].terms == world.bond.terms
    assert world.bond.terms.market.coupon_rate is None


def test_terms__once_the_coupon_is_fixed__show_it(world: World, vault: Vault) -> None:
    number = world.open_book(world.tender_rules())
    bond = world.bond
    assert bond.terms.coupon_rate is None
    world.investor(0).bid(number, [Bid("3.25", 200_000_000)], vault)

    world.clear(number, vault)

    assert bond.terms.coupon_rate == 32_500_000
    assert bond.terms.term_sheet_hash == keccak(TENDER_TERMS.read_bytes())
    with pytest.raises(TermsRefused, match=r"fixed at 3\.25 %") as refused:
        world.chain.call(bond.call("fixCouponRate", 1), sender=world.suite.offering.address)
    assert refused.value.name == "BondCouponFixed"


def test_register__parsed_sheet__hash_is_of_its_canonical_text(world: World) -> None:
    sheet = load_term_sheet(TERMS)

    world.issuer.register(sheet)

    assert world.bond.terms.term_sheet_hash == keccak(text=canonical_text(sheet))


def test_canonical_text__same_terms_written_otherwise__is_the_same() -> None:
    text = TERMS.read_text()
    lines = [line for line in text.splitlines() if not line.startswith("#")]

    other = parse_term_sheet(
        "\n".join(lines).replace("20_000_000_000", "20000000000").replace("3.25 ", "3.250 ")
    )

    assert canonical_text(other) == canonical_text(load_term_sheet(TERMS))
    assert canonical_text(parse_term_sheet(text.replace("BOC-SME-2019", "BOC-SME"))) != canonical_text(other)


def test_register__documents__are_set(world: World, changed: Callable[[str, str], Path]) -> None:
    file = changed("documents: []                    # the example binds no document\n", DOCUMENTS)

    issued = world.issuer.register(file)

    documents = world.bond.documents()
    assert len(issued.transactions) == 3
    assert [(d.name, d.uri, d.digest) for d in documents] == [
        ("prospectus", "https://example.org/prospectus.pdf", b"\xab" * 32),
        ("rating", "https://example.org/rating.pdf", b"\xcd" * 32),
    ]


@pytest.mark.parametrize(
    ("old", "new", "field", "line"),
    [
        ("isin: CND1000BOC15", "isin: CND1000BOC16", "isin", 7),
        ("issuer: 54930053HGCFWVHYZX42", "issuer: 54930053HGCFWVHYZX43", "issuer", 11),
        ("short_name: BOC-SME-2019\n", "", "short_name", 7),
        ("short_name:", "shortname:", "shortname", 9),
        ("units: 200_000_000", "units: 100_000_000", "amount", 16),
    ],
    ids=["isin", "lei", "missing", "unknown", "contradiction"],
)
def test_register__bad_sheet__names_field_and_line_and_sends_nothing(
    world: World, changed: Callable[[str, str], Path], old: str, new: str, field: str, line: int
) -> None:
    sent = world.chain.nonce(world.senders["issuer"].address)

    with pytest.raises(TermSheetError) as refused:
        world.issuer.register(changed(old, new))

    assert (refused.value.field, refused.value.line) == (field, line)
    assert world.chain.nonce(world.senders["issuer"].address) == sent


def test_register__twice__refused(world: World) -> None:
    world.issuer.register(TERMS)

    with pytest.raises(TermsRefused, match="is registered already") as refused:
        world.issuer.register(TERMS)

    assert refused.value.name == "BondAlreadyRegistered"


def test_register__by_another_member__refused(world: World) -> None:
    account = world.senders["investor 0"]
    world.depository.set_roles(account.address, Role.HOLDER | Role.ISSUER)

    with pytest.raises(MembershipRefused, match="the term sheet names 54930053HGCFWVHYZX42"):
        Issuer(world.suite, account).register(TERMS)


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (lambda world, issuer: world.depository.set_roles(issuer, Role.HOLDER), "lacks the role ISSUER"),
        (lambda world, _: world.depository.suspend_member(ISSUER_LEI, "because"), "which is suspended"),
        (lambda world, issuer: world.depository.suspend_accounts([issuer]), "is suspended"),
        (lambda world, issuer: world.depository.remove_accounts([issuer]), "was removed from member"),
    ],
)
def test_register__issuer_not_in_good_standing__says_why(
    world: World, spoil: Callable[[World, str], Any], words: str
) -> None:
    spoil(world, world.senders["issuer"].address)

    with pytest.raises(MembershipRefused, match=words):
        world.issuer.register(TERMS)


def test_register__role_has_expired__says_until_when(world: World) -> None:
    world.depository.set_roles(world.senders["issuer"].address, Role.HOLDER | Role.ISSUER, OPENS)
    world.at(OPENS + timedelta(seconds=1))

    with pytest.raises(MembershipRefused, match="was admitted until 2019-12-03 01:00:00"):
        world.issuer.register(TERMS)


def test_register__by_an_outsider__refused(world: World) -> None:
    with pytest.raises(MembershipRefused, match="is not an account of a member"):
        Issuer(world.suite, world.senders["outsider"]).register(TERMS)


def test_register__currency_without_a_token__refused(
    world: World, changed: Callable[[str, str], Path]
) -> None:
    with pytest.raises(InputError, match="there is no cash token in EUR"):
        world.issuer.register(changed("code: CNY", "code: EUR"))


def test_register__other_decimals_than_the_token__refused(
    world: World, changed: Callable[[str, str], Path]
) -> None:
    with pytest.raises(TermSheetError, match="is 3, the token of CNY has 2"):
        world.issuer.register(changed("decimals: 2", "decimals: 3"))


def test_register__year_that_is_not_published__refused(
    world: World, changed: Callable[[str, str], Path], tmp_path: Path
) -> None:
    file = changed("issue_date: 2019-12-05", "issue_date: 2029-12-05")
    file.write_text(file.read_text().replace("maturity_date: 2021-12-05", "maturity_date: 2031-12-05"))

    with pytest.raises(CalendarYearMissing, match="2029"):
        world.issuer.register(file)


def test_set_document__by_the_issuer__replaces(world: World) -> None:
    world.issuer.register(TERMS)

    world.issuer.set_document(ISIN, "prospectus", "https://a", b"\1" * 32)
    world.issuer.set_document(ISIN, "prospectus", "https://b", b"\2" * 32)

    assert [(d.uri, d.digest) for d in world.bond.documents()] == [("https://b", b"\2" * 32)]
    world.issuer.remove_document(ISIN, "prospectus")
    assert world.bond.documents() == []


def test_set_document__bad_input__refused(world: World) -> None:
    world.issuer.register(TERMS)

    with pytest.raises(InputError, match="has 3 bytes, 32 are needed"):
        world.issuer.set_document(ISIN, "prospectus", "https://a", b"abc")
    with pytest.raises(InputError, match="document name"):
        world.issuer.set_document(ISIN, "x" * 33, "https://a", b"\1" * 32)
    with pytest.raises(IndentureError):
        Issuer(world.suite, world.senders["investor 0"]).set_document(ISIN, "x", "https://a", b"\1" * 32)
