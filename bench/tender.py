"""A sealed tender by rate, step by step: what each act of it costs.

Salts and bids are fixed, so that every figure is the same in each run.  Calls are made without a vault, which
would draw salts of its own.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from eth_utils.crypto import keccak

from bench.stage import CLOSES, OPENS, SETTLES_BY, SETTLES_FROM, Stage
from indenture.chain import ContractCall, Sender, send_all
from indenture.models import Invitation
from indenture.primary import Basis, ClassRule, Form, Pricing, Rules, TickBid
from indenture.sealing import NO_CIPHERTEXT, SealedOpening, ciphertext_hash
from indenture.termsheet import COUPON_BY_TENDER

Gas = dict[str, int]

UNITS = 200_000_000
REVEALS_BY = CLOSES + timedelta(hours=1)
CLEARS_BY = CLOSES + timedelta(hours=2)
LOWEST, TICK, LEVELS = 30_000_000, 100_000, 61  # 3.00 % to 3.60 % in hundredths of a percent
DEPOSIT = 1_000_000_00
BATCH = 50
#: Bytes of an encrypted opening of up to eight bids.
CIPHERTEXT = bytes(range(1, 214)) * 2

Bids = Mapping[str, tuple[TickBid, ...]]


@dataclass(frozen=True)
class Tender:
    """An offering, and the bids that only those who made them know."""

    stage: Stage
    offering_id: int
    bids: Bids
    ciphertext_hash: bytes = NO_CIPHERTEXT

    def opening(self, bidder: Sender) -> SealedOpening:
        """What opens a bidder's seal."""
        return SealedOpening(
            chain_id=self.stage.chain.chain_id,
            offering_address=self.stage.suite.offering.address,
            offering_id=self.offering_id,
            bidder=bidder.address,
            bids=self.bids[bidder.address],
            salt=keccak(text=f"salt of {bidder.address}"),
        )

    def seal(self, bidder: Sender) -> ContractCall:
        """The act of sealing."""
        return self.stage.suite.offering.seal_bid(self.offering_id, self.opening(bidder).commitment)

    def open(self, bidder: Sender) -> ContractCall:
        """The act of opening."""
        opening = self.opening(bidder)
        return self.stage.suite.offering.open_bid(
            self.offering_id, bidder.address, opening.bids, opening.salt, self.ciphertext_hash
        )

    def openings(self, bidders: Sequence[Sender]) -> list[tuple[str, tuple[TickBid, ...]]]:
        """Bidders with their opened bids."""
        return [(bidder.address, self.bids[bidder.address]) for bidder in bidders]


def uniform(stage: Stage) -> Gas:
    """From the mandate to the units: fifty bidders with one tick bid, seventy with three."""
    gas: Gas = {}
    suite, buyers = stage.suite, stage.holders()
    single, triple = buyers[:BATCH], buyers[BATCH:]
    bids = {buyer.address: ladder(buyer, first=20, count=1) for buyer in single}
    bids |= {buyer.address: ladder(buyer, first=20, count=3) for buyer in triple}
    bids[triple[1].address] = ladder(triple[1], first=40, count=3)
    bids[triple[4].address] = tuple(
        bid for first in (46, 51, 56) for bid in ladder(triple[4], first=first, count=1)
    )
    tender = Tender(stage, _mandated(stage, rules(), gas), bids)
    offering, number = suite.offering, tender.offering_id

    standing = triple[2]
    stage.gas(standing, offering.fund_deposit(suite.cash("CNY").address, 2 * DEPOSIT))
    gas["seal: a bid on a standing deposit"] = stage.gas(standing, tender.seal(standing))
    gas["seal: a bid with a deposit of its own"] = stage.gas(triple[3], tender.seal(triple[3]))
    gas["seal: a bid that replaces another"] = stage.gas(triple[3], tender.seal(triple[3]))
    sealed = {standing.address, triple[3].address}
    send_all([(buyer, tender.seal(buyer)) for buyer in buyers if buyer.address not in sealed])

    stage.at(CLOSES)
    gas["close: a book"] = stage.gas("bookrunner", offering.close_book(number))
    gas["open: three ticks, the first of a book"] = stage.gas(triple[0], tender.open(triple[0]))
    gas["open: three ticks, where nobody bid before"] = stage.gas(triple[1], tender.open(triple[1]))
    gas["open: three ticks, where others bid before"] = stage.gas(triple[2], tender.open(triple[2]))
    gas["open: three ticks far apart, where nobody bid before"] = stage.gas(triple[4], tender.open(triple[4]))
    send_all([(buyer, tender.open(buyer)) for buyer in [triple[3], *triple[5:], *single]])

    stage.at(REVEALS_BY)
    cleared = stage.gas("bookrunner", offering.clear(number))
    proved = sum(done.gas_used for done in stage.bookrunner.clear(number).transactions)
    gas["clear: a book of 260 tick bids"] = cleared
    gas["clear: the same, and prove the shares of 118 bidders at the margin"] = cleared + proved
    stage.at(SETTLES_FROM)
    winners = tender.openings(single)
    settle = offering.settle(number, winners)
    gas[f"settle: {BATCH} winners of one tick bid pay and get their units"] = stage.gas("bookrunner", settle)
    settle = offering.settle(number, tender.openings([triple[0], *triple[2:4], *triple[5 : BATCH + 2]]))
    gas[f"settle: {BATCH} winners of three tick bids, one of which won"] = stage.gas("bookrunner", settle)
    release = offering.release(number, tender.openings([triple[1]]))
    gas["release: a bidder who won nothing"] = stage.gas("bookrunner", release)
    withdraw = offering.withdraw_deposit(suite.cash("CNY").address, DEPOSIT)
    gas["withdraw: a deposit"] = stage.gas(triple[1], withdraw)
    stage.at(SETTLES_BY + timedelta(seconds=1))
    lapse = offering.lapse(number, tender.openings([triple[BATCH + 3]]))
    gas["lapse: a winner who did not pay"] = stage.gas("bookrunner", lapse)
    return gas


def encrypted(stage: Stage) -> Gas:
    """A bid that the bookrunner opens: its ciphertext goes to the chain."""
    gas: Gas = {}
    buyer = stage.holders(1)[0]
    number = _mandated(stage, rules(form=Form.ENCRYPTED), {}, key=keccak(text="book key"))
    tender = Tender(
        stage, number, {buyer.address: ladder(buyer, first=20, count=3)}, ciphertext_hash(CIPHERTEXT)
    )
    seal = stage.suite.offering.encrypt_bid(number, tender.opening(buyer).commitment, CIPHERTEXT)
    gas["seal: an encrypted bid of up to eight tick bids"] = stage.gas(buyer, seal)
    return gas


def in_clear(stage: Stage) -> Gas:
    """Bids of an open book at a fixed price."""
    gas: Gas = {}
    first, second = stage.holders(2)
    bond = stage.register(stage.terms(4))
    number = stage.opened(bond, stage.rules())
    offering = stage.suite.offering
    stage.gas(first, offering.place_bid(number, [TickBid(100_00, 1_000, first.address)]))
    bid = [TickBid(100_00, 1_000, second.address)]
    gas["place: a bid in an open book"] = stage.gas(second, offering.place_bid(number, bid))
    return gas


def underwriting(stage: Stage) -> Gas:
    """Ten underwriters take up what two bids leave."""
    gas: Gas = {}
    before: Gas = {}
    offering = stage.suite.offering
    members = stage.holders(10)
    buyer = stage.holders(1, first=10)[0]
    classes = [ClassRule(0, UNITS), ClassRule(0, UNITS)]
    number = _mandated(stage, rules(), before, classes=classes, syndicate=members)
    gas["join: a syndicate"] = before["join: a syndicate"]
    tender = Tender(stage, number, {buyer.address: ladder(buyer, first=20, count=1)})
    stage.gas(buyer, tender.seal(buyer))
    stage.at(CLOSES)
    stage.gas("bookrunner", offering.close_book(number))
    stage.gas(buyer, tender.open(buyer))
    stage.at(REVEALS_BY)
    stage.gas("bookrunner", offering.clear(number))
    stage.at(SETTLES_FROM)
    take_up = offering.take_up(number, [member.address for member in members])
    gas["take up: 10 underwriters pay and get the rest"] = stage.gas("bookrunner", take_up)
    return gas


#: Each from the same chain.
GROUPS = (uniform, encrypted, in_clear, underwriting)


def rules(*, form: Form = Form.SEALED) -> Rules:
    """A uniform tender of the whole issue by rate."""
    return Rules(
        form=form,
        basis=Basis.RATE,
        pricing=Pricing.UNIFORM,
        offered=UNITS,
        minimum_bid=1,
        maximum_bid=UNITS,
        lowest=LOWEST,
        highest=LOWEST + (LEVELS - 1) * TICK,
        tick=TICK,
        deposit=DEPOSIT,
        opens_at=OPENS,
        closes_at=CLOSES,
        reveals_by=REVEALS_BY,
        over_allots_by=REVEALS_BY,
        clears_by=CLEARS_BY,
        settles_from=SETTLES_FROM,
        settles_by=SETTLES_BY,
        takes_up_by=SETTLES_BY,
    )


def ladder(bidder: Sender, *, first: int, count: int, units: int = 2_000_000) -> tuple[TickBid, ...]:
    """Bids of a bidder at neighbouring quotes, from a level on."""
    return tuple(
        TickBid(LOWEST + (first + step) * TICK, units + 1_000 * step, bidder.address) for step in range(count)
    )


def _mandated(
    stage: Stage,
    wanted: Rules,
    gas: Gas,
    *,
    key: bytes = bytes(32),
    classes: Sequence[ClassRule] | None = None,
    syndicate: Sequence[Sender] = (),
) -> int:
    """A book that is open: mandate, acceptance, syndicate, opening."""
    offering, keeper = stage.suite.offering, stage.bookrunner.sender.address
    bond = stage.register(stage.terms(7, coupon_rate=COUPON_BY_TENDER))
    mandate = offering.mandate(bond.address, keeper, wanted, classes or [ClassRule(0, UNITS)])
    gas["mandate: an offering"] = stage.gas("issuer", mandate)
    number = offering.count()
    gas["accept: a mandate"] = stage.gas("bookrunner", offering.accept_mandate(number, key))
    if syndicate:
        commitment = UNITS // len(syndicate)
        stage.bookrunner.invite_all(number, [Invitation(each.address, 1, commitment) for each in syndicate])
        joins = [(member, offering.join_syndicate(number, 1, commitment)) for member in syndicate]
        gas["join: a syndicate"] = stage.gas(*joins[0])
        send_all(joins[1:])
    gas["open: a book"] = stage.gas("bookrunner", offering.open_book(number))
    stage.at(wanted.opens_at)
    return number
