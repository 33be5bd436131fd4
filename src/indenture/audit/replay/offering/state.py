"""One offering, as its events tell it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from indenture.audit.model.tender import Bid, Tender, accrual_day
from indenture.audit.replay.cash import ZERO
from indenture.audit.replay.offering.outcome import Outcome
from indenture.audit.replay.offering.stages import Stage
from indenture.audit.replay.register import Register


@dataclass(slots=True)
class Member:
    """A member of the syndicate; ``before`` are the commitments of the joined ones invited before."""

    class_: int
    commitment: int
    joined: bool = False
    deposit: bool = False
    took_up: bool = False
    took_up_later: bool = False
    before: int = 0


@dataclass(frozen=True, slots=True)
class Seal:
    """Sealed bids, and where they were sealed."""

    commitment: bytes
    ciphertext_hash: bytes
    block: int
    tx_hash: str


@dataclass(frozen=True, slots=True)
class Proof:
    """How far a prover has come with its pass over the openings, for two cuts."""

    last: str = ZERO
    cuts: tuple[int, int] = (0, 0)
    marginal_bid: int = 0
    marginal_share: int = 0
    non_competitive_bid: int = 0
    non_competitive_share: int = 0


@dataclass(frozen=True, slots=True)
class Told:
    """The clearing as the chain told it; zeros before."""

    first_level: int = 0
    last_level: int = 0
    marginal_level: int = 0
    average_level: int = 0
    marginal_bid: int = 0
    marginal_share: int = 0
    competitive: int = 0
    non_competitive_share: int = 0
    take_up: int = 0


@dataclass(slots=True)
class Sums:
    """What the opened bids add up to."""

    levels: Counter[int] = field(default_factory=Counter)
    units: int = 0
    weighted: int = 0
    non_competitive: int = 0
    bidders: int = 0

    def count(self, tender: Tender, bids: tuple[Any, ...], sign: int) -> None:
        """Adds the bids of one bidder, or takes them out."""
        self.bidders += sign
        for bid in bids:
            if not Bid(ZERO, bid.account, bid.quote, bid.units).is_quoted:
                self.non_competitive += sign * bid.units
                continue
            level = int(tender.level(bid.quote))
            self.levels[level] += sign * bid.units
            self.units += sign * bid.units
            self.weighted += sign * bid.units * level


@dataclass
class Offering:
    """One offering; ``conditions`` and ``classes`` are the tuples of the event.

    Attributes:
        words: What the book holds of each bidder; none once they are settled, released, lapsed or forfeited.
        bids: All bids that are open, whatever became of them.
        seals: The last seal of each bidder, whatever became of it.
        told: The clearing as the chain told it.
        issued: Units paid for and issued up to ``settlesBy``, without additional ones.
    """

    number: int
    register: Register
    cash: str
    proceeds_account: str
    conditions: Any
    classes: tuple[Any, ...]
    stage: Stage = Stage.MANDATED
    encryption_key: bytes = bytes(32)
    syndicate: dict[str, Member] = field(default_factory=dict)
    commitments: int = 0
    documents: tuple[tuple[bytes, ...], tuple[bytes, ...]] = ((), ())
    words: dict[str, bytes] = field(default_factory=dict)
    seals: dict[str, Seal] = field(default_factory=dict)
    bids: dict[str, tuple[Any, ...]] = field(default_factory=dict)
    sums: Sums = field(default_factory=Sums)
    over_allotted: int = 0
    over_allotment_declared: bool = False
    told: Told = field(default_factory=Told)
    cuts: tuple[int, int] = (0, 0)
    proved: bool = False
    proofs: dict[str, Proof] = field(default_factory=dict)
    published_at: int = 0
    issue_rate: int = 0
    issue_price: int = 0
    additional: Counter[str] = field(default_factory=Counter)
    issued: int = 0
    issued_later: int = 0
    proceeds: int = 0
    settled: dict[str, tuple[int, int]] = field(default_factory=dict)
    lapsed: dict[str, int] = field(default_factory=dict)
    taken_up: Counter[str] = field(default_factory=Counter)
    forfeited: list[tuple[str, int]] = field(default_factory=list)

    @property
    def bond(self) -> str:
        """The bond on offer."""
        return self.register.address

    @property
    def lot(self) -> int:
        """Units of the minimum denomination."""
        return self.register.terms.minimum_units

    @property
    def accrual_day(self) -> int:
        """The day up to which interest is paid with the price; 0 for none."""
        return accrual_day(self.register.terms, self.conditions.settlesFrom)

    @property
    def tender(self) -> Tender:
        """The conditions as the model takes them, as they are now."""
        c = self.conditions
        return Tender(
            number=self.number,
            basis=c.basis,
            pricing=c.pricing,
            lowest=c.lowest,
            highest=c.highest,
            tick=c.tick,
            offered=c.offered + self.over_allotted,
            minimum_volume=c.minimumVolume,
            non_competitive=c.nonCompetitive,
            minimum_bid=c.minimumBid,
            maximum_bid=c.maximumBid,
            far_off=c.farOff,
            band=c.band,
            lot=self.lot,
            commitments=self.commitments,
        )

    @cached_property
    def outcome(self) -> Outcome:
        """What the model makes of the book; final, as it is first asked when the book is cleared."""
        return Outcome(self.tender, tuple(self.all_bids()), self.register)

    @property
    def held(self) -> int:
        """Base units of deposits that bids and places in the syndicate hold."""
        places = sum(member.deposit for member in self.syndicate.values())
        return int(self.conditions.deposit) * (len(self.words) + places)

    @property
    def awaits_proof(self) -> bool:
        """Whether a level is not filled, and its shares are not proved."""
        return not self.proved and self.outcome.clearing.is_short

    def all_bids(self) -> Iterator[Bid]:
        """Every opened bid."""
        for bidder, bids in self.bids.items():
            for bid in bids:
                yield Bid(bidder, bid.account, bid.quote, bid.units)

    def rule_of(self, bidder: str) -> Any:
        """The rule of a bidder's class: that of the syndicate if he joined it."""
        member = self.syndicate.get(bidder)
        place = member.class_ if member is not None and member.joined else 0
        return self.classes[place]

    @property
    def joined(self) -> dict[str, Member]:
        """Members who joined, in the order of the syndicate."""
        return {account: member for account, member in self.syndicate.items() if member.joined}

    def parts(self, account: str, time: int) -> tuple[int, int]:
        """Units for an underwriter: of what bids left, and of what was not paid by ``settlesBy``."""
        member = self.syndicate.get(account)
        if self.stage != Stage.PUBLISHED or member is None or not member.joined:
            return 0, 0
        names = list(self.joined)
        commitments = [each.commitment for each in self.joined.values()]
        later = self.conditions.settlesBy < self.conditions.takesUpBy and time > self.conditions.settlesBy
        return self.outcome.parts(commitments, names.index(account), self.issued if later else None)

    def is_over(self, time: int) -> bool:
        """Whether nothing can be issued by it any more."""
        if self.stage == Stage.PUBLISHED:
            return time > int(self.conditions.takesUpBy)
        return self.stage in (Stage.FAILED, Stage.CANCELLED)
