"""The table: what each figure is held against.

Targets are the project's own (to reach now, goal for later).  Floors and peers were measured once on Anvil
1.7.1, each peer at its own compiler settings; thousands of gas unless exact.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

PEERS = ("CMTAT-A", "CMTAT-R", "T-REX", "ATS", "ibet", "so|bond")
#: What the project allows the code of a contract to be, of the 24,576 bytes of EIP-170.  Bond, Servicing and
#: Offering are parts behind one address: a part more costs 2,600 gas for all that lies behind it, so that
#: parts are filled.
SIZE_LIMIT = 24_000


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of the table.

    Attributes:
        operation: What is done.
        key: The scenario that it comes from.
        heads: Among how many the gas of the scenario is divided.
        less: A scenario whose gas is taken off.
        reach: At most this is to be reached now.
        goal: At most this, later.
        floor: What no design can go below, as far as it was worked out.
        plain: OpenZeppelin's plain ERC-20: a scenario of ``bench.plain``, or words.
        peers: In the order of ``PEERS``.
    """

    operation: str
    key: str
    heads: int = 1
    less: str | None = None
    reach: int | None = None
    goal: int | None = None
    floor: str = ""
    plain: str = ""
    peers: tuple[str, ...] = ()

    def value(self, gas: Mapping[str, int]) -> float:
        """Gas of the operation."""
        whole = gas[self.key] - (gas[self.less] if self.less else 0)
        return whole if self.heads == 1 else whole / self.heads

    def missed_by(self, gas: Mapping[str, int]) -> float:
        """How far it is above what is to be reached now; not above zero when it is reached."""
        return self.value(gas) - self.reach if self.reach is not None else 0.0


_NORMAL = "transfer: existing holder"
_FIRST = "transfer: first of a pair since a record date"
_UNIT = "view: unit payment"
_ACCRUED = "view: accrued interest"
#: Kinds of which periods are fixed; and all but the plain fixed coupon, as ``bench.interest`` calls them.
FIXED_KINDS = (
    "a term rate",
    "a compounded rate",
    "a price index",
    "a figure that is tested",
    "capitalised interest",
    "deferral and renewal",
)
KINDS = ("a coupon that steps up", "instalments", *FIXED_KINDS, "no coupon", "tax withheld")
_RECORD_PEERS = ("", "+139 to +214", "", "+405 to +596", "", "+145 to +226")

FIGURES = (
    Figure(
        "transfer, existing holder",
        "transfer: existing holder",
        reach=47_000,
        goal=42_000,
        floor="33,328",
        plain="transfer: existing holder",
        peers=("55.5", "70.6", "210", "199", "52.5 (one side checked)", "84"),
    ),
    Figure(
        "transfer, new holder",
        "transfer: new holder",
        reach=64_000,
        goal=59_000,
        plain="transfer: new holder",
        peers=("72.6", "87.7", "227", "405", "69.6 (one side checked)", "101"),
    ),
    Figure(
        "one new bond, two payments",
        "register: a bond with two payments",
        reach=350_000,
        goal=250_000,
        floor="63k, no terms",
        plain="deploy",
        peers=("4,559", "7,463", "3,696", "2,668", "4,009", "6,563"),
    ),
    Figure("one new bond, term rate", "register: a bond with a term rate"),
    Figure("one new bond, three instalments", "register: a bond with instalments"),
    Figure("one new bond, tax withheld", "register: a bond with tax withheld"),
    Figure("one new bond, rights of issuer and holders", "register: a bond with rights"),
    Figure(
        "admit a further account",
        "admit: a further account of a member",
        reach=52_000,
        goal=45_000,
        floor="43.9k",
    ),
    Figure(
        "admit a further account, batch of 50",
        "admit: 50 further accounts of a member",
        heads=50,
        reach=28_000,
        goal=24_000,
        floor="23.3k",
    ),
    Figure(
        "admit a new member, first account",
        "admit: a new member with its first account",
        reach=80_000,
        goal=72_000,
        peers=("49.9", "75.5", "802", "162", "91 to 341", "122"),
    ),
    Figure(
        "admit a new member, batch of 50",
        "admit: 50 new members, each with its first account",
        heads=50,
        reach=56_000,
        goal=50_000,
    ),
    Figure(
        "signed DvP, nonce words used before",
        "trade: delivery versus payment, existing holders, nonce words used before",
        reach=95_000,
        goal=75_000,
        floor="55,752",
        plain="150k, all transactions",
        peers=("176", "190", "550", "387", "495 (no cash)", "1,180 (no cash)"),
    ),
    Figure(
        "signed DvP, first trade of both sides",
        "trade: delivery versus payment, existing holders, first trade of both sides",
    ),
    Figure(
        "trade at a clean price, over one at a dirty price",
        "trade: at a clean price, existing holders, nonce words used before",
        less="trade: delivery versus payment, existing holders, nonce words used before",
    ),
    Figure("the same, whole, with a claim to a coupon", "trade: at a clean price, a record date in between"),
    Figure(
        "coupon pushed, per holder of 100, first",
        "pay: the first coupon to 100 holders",
        heads=100,
        reach=16_000,
        goal=12_500,
        floor="9.9k",
        plain="10.2k, amounts given",
        peers=("42.4", "", "none", "115", "none", "117 (no cash)"),
    ),
    Figure(
        "coupon pushed, per holder of 100, later",
        "pay: a later coupon to 100 holders",
        heads=100,
        reach=16_000,
        goal=12_500,
        floor="9.9k",
    ),
    Figure(
        "the same, where all 100 have traded since the record date",
        "pay: a coupon to 100 holders who have traded since the record date",
        heads=100,
        reach=16_000,
        goal=12_500,
    ),
    Figure("coupon claimed by its holder", "claim: a coupon"),
    Figure(
        "coupon pushed less tax, per holder of 100",
        "pay: tax withheld, to 100 holders",
        heads=100,
    ),
    Figure(
        "coupon pushed, per holder of 100, one of whom sold it",
        "pay: a coupon to 100 holders, one of whom sold it",
        heads=100,
    ),
    Figure("a buyer's claim paid", "pay: the claim of a buyer"),
    Figure(
        "redemption with cash, per holder of 100",
        "redeem: 100 holders, last coupon and principal",
        heads=100,
        reach=22_000,
        goal=17_500,
        floor="17.3k",
        peers=("49 (no cash)", "66", "66", "434 to 591", "33 (no cash)", "250 (no cash)"),
    ),
    Figure(
        "first transfer after a record date, over a normal one",
        f"{_FIRST}, noticed before",
        less=_NORMAL,
        reach=50_000,
        peers=_RECORD_PEERS,
    ),
    Figure(
        "the same, by the pair that notices the date", f"{_FIRST}, notices it", less=_NORMAL, reach=50_000
    ),
    Figure(
        "the same, by a pair that announces it too",
        f"{_FIRST}, announces and notices it",
        less=_NORMAL,
        reach=50_000,
    ),
    Figure("fund a coupon, first of the depository", "fund: the first coupon"),
    Figure("fund a coupon, later", "fund: a later coupon"),
    Figure("fund the redemption", "fund: the redemption"),
    Figure("fund a coupon less tax, over one without", "fund: tax withheld", less="fund: a fixed coupon"),
    Figure("fund a coupon, late", "fund: a coupon, late"),
    Figure("announce a payment", "advance: announces a payment"),
    Figure("notice a record date", "advance: notices a record date"),
    Figure("publish an overnight rate, compounded", "publish: a later overnight rate"),
    Figure("publish a term rate", "publish: a term rate"),
    Figure("publish a price index", "publish: a price index"),
    *(Figure(f"fix a period: {kind}", f"fix: {kind}") for kind in FIXED_KINDS),
    Figure("compute a unit payment, fixed coupon, as a transaction", f"{_UNIT}, a fixed coupon"),
    *(
        Figure(
            f"the same, {kind}: more than that",
            f"{_UNIT}, {kind}",
            less=f"{_UNIT}, a fixed coupon",
            reach=30_000,
        )
        for kind in KINDS
    ),
    Figure("compute accrued interest, fixed coupon, as a transaction", f"{_ACCRUED}, a fixed coupon"),
    *(
        Figure(f"the same, {kind}: more than that", f"{_ACCRUED}, {kind}", less=f"{_ACCRUED}, a fixed coupon")
        for kind in KINDS
    ),
    Figure("call a bond", "call: the whole bond"),
    Figure("call a part of every unit", "call: a part of every unit"),
    Figure("call some units by lot", "call: some units by lot"),
    Figure("open a put", "open: a put"),
    Figure("offer a tender", "offer: a tender"),
    Figure("offer an exchange", "offer: an exchange"),
    Figure("elect", "elect: the first of a holder"),
    Figure("take an election back, in part", "withdraw: a part of an election"),
    Figure("fund a put", "fund: a put"),
    Figure("put paid and burned, per holder of 100", "settle: 100 holders of a put", heads=100),
    Figure("the same, a tender, pro rata", "settle: 100 holders of a tender, pro rata", heads=100),
    Figure("the same, an exchange, with new units", "settle: 100 holders of an exchange", heads=100),
    Figure("counted for a drawing, per holder of 100", "count: 100 holders, the first of them", heads=100),
    Figure("drawn by lot, per holder of 100", "draw: 100 holders, the first of them", heads=100),
    Figure("fund a drawing", "fund: a drawing"),
    Figure("drawing paid and burned, per holder of 100", "settle: 100 holders of a drawing", heads=100),
    Figure("cancel units", "cancel: units"),
    Figure("propose new terms", "propose: new terms"),
    Figure("consent to them", "elect: consent of a holder"),
    Figure("enact them", "enact: new terms"),
    Figure("notice a default", "notice: a default"),
    Figure("give notice of acceleration", "elect: notice of acceleration"),
    Figure("make a bond due", "accelerate: a bond"),
    Figure("fund a recovery, the first", "fund: the first recovery"),
    Figure("fund a recovery, later", "fund: a later recovery"),
    Figure("recovery paid, per holder of 100", "pay: a later recovery to 100 holders", heads=100),
    Figure("mandate an offering", "mandate: an offering"),
    Figure("join a syndicate", "join: a syndicate"),
    Figure("seal a bid, standing deposit", "seal: a bid on a standing deposit", reach=65_000),
    Figure("seal a bid, deposit of its own", "seal: a bid with a deposit of its own", reach=95_000),
    Figure("replace a sealed bid", "seal: a bid that replaces another"),
    Figure("seal an encrypted bid, 426 bytes", "seal: an encrypted bid of up to eight tick bids"),
    Figure("bid in an open book", "place: a bid in an open book"),
    Figure(
        "open three ticks, where others bid before",
        "open: three ticks, where others bid before",
        reach=120_000,
    ),
    Figure("the same, where nobody bid before", "open: three ticks, where nobody bid before", reach=120_000),
    Figure("the same, the first of a book", "open: three ticks, the first of a book", reach=120_000),
    Figure(
        "the same, far apart, where nobody bid before",
        "open: three ticks far apart, where nobody bid before",
        reach=120_000,
    ),
    Figure("clear a book of 260 tick bids", "clear: a book of 260 tick bids"),
    Figure(
        "clear and prove, per tick bid of 260",
        "clear: the same, and prove the shares of 118 bidders at the margin",
        heads=260,
        reach=12_000,
    ),
    Figure(
        "pay and issue, per winner of 50, one tick bid",
        "settle: 50 winners of one tick bid pay and get their units",
        heads=50,
        reach=60_000,
    ),
    Figure(
        "pay and issue, per winner of 50, three tick bids",
        "settle: 50 winners of three tick bids, one of which won",
        heads=50,
        reach=60_000,
    ),
    Figure("rest taken up, per underwriter of 10", "take up: 10 underwriters pay and get the rest", heads=10),
    Figure("release the deposit of a loser", "release: a bidder who won nothing"),
    Figure("withdraw a deposit", "withdraw: a deposit"),
    Figure(
        "issue, register only, per new holder of 50",
        "issue: to 50 new holders, register only",
        heads=50,
        plain="mint: new holder",
        peers=("71", "88", "222", "379", "54", "1,202"),
    ),
    Figure(
        "issue, register only, per existing holder of 50",
        "issue: to 50 existing holders, register only",
        heads=50,
        floor="8.7k",
        plain="mint: existing holder",
        peers=("54", "71", "205", "173", "37", "1,185"),
    ),
)

#: Runtime bytes of the peers' bonds.
PEER_SIZES = ("18,891", "24,500", "14,245", "468k of facets", "15,458", "20,608")
