"""An offering as the chain stores it: units are whole bonds, money is in base units."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from indenture.dates import from_day_number, from_timestamp
from indenture.primary import Basis, Form, Pricing, Rules, Stage


@dataclass(frozen=True, slots=True, kw_only=True)
class BookState:
    """An offering, as ``bookOf`` has it.

    Attributes:
        bond: Address of the bond.
        cash: Address of the token that is paid.
        bookrunner: Account that keeps the book.
        proceeds_account: Who gets the proceeds and what is forfeited.
        stage: Where it stands.
        form: How bids reach the book.
        basis: What a bid quotes.
        pricing: What a winner pays.
        lot: Units of the minimum denomination.
        eligible: Verdicts of which a bidder needs one.
        levels: Number of quotes; level 0 is the best.
        lowest: Lowest quote.
        tick: Step of a quote.
        minimum_bid: Least units of one tick bid.
        maximum_bid: Most units of one tick bid.
        deposit: What each bidder and each underwriter locks.
        far_off: Ticks from the average beyond which a bid is void; 0 for no such rule.
        band: MIXED: ticks behind the average beyond which a bid loses.
        offered: Units on offer.
        over_allotment: Most units that may be over-allotted.
        over_allotted: Units that were.
        over_allotment_declared: Whether the issuer has decided on it.
        minimum_volume: Units below which the issue fails.
        non_competitive: Most units for bids without a quote.
        commitments: Units of the underwriters who joined.
        additional_seconds: Seconds after the result in which entitled classes may underwrite more.
        opens_at: First second of the book.
        closes_at: First second at which it is closed.
        reveals_by: First second at which bids can no longer be opened.
        over_allots_by: First second at which the over-allotment can no longer be declared.
        clears_by: Last second for clearing and its proof.
        settles_from: First second of payment and issue.
        settles_by: Last second for winners.
        takes_up_by: Last second for underwriters.
        accrual_day: Day up to which interest has accrued at payment; None when none has.
        encryption_key: X25519 public key of the book; zeros unless ENCRYPTED and accepted.
        bid_units: Units with a quote in the opened bids.
        weighted: Sum of their units times level.
        non_competitive_bid: Units without a quote in the opened bids.
        bidders: Bidders whose bids are open.
        published_at: When the result was published; None until then.
        issue_rate: Coupon, billionths a year.
        issue_price: Base units for one unit.
        first_level: Levels before it are void.
        last_level: Levels after it are void.
        marginal_level: The last level that wins.
        average_level: Level of the average of what was won with a quote.
        marginal_bid: Units bid at the marginal level.
        marginal_share: Units allotted there.
        marginal_cut: Score from which on an entry there gets a lot of the residue.
        competitive: Units allotted to bids with a quote.
        non_competitive_share: Units allotted to bids without a quote.
        non_competitive_cut: As ``marginal_cut``, among bids without a quote.
        take_up: Units for the underwriters.
        issued: Units issued up to ``settles_by``, additional ones not counted.
        issued_later: Units taken up after it.
        additional: Units underwritten after the result.
    """

    bond: str
    cash: str
    bookrunner: str
    proceeds_account: str
    stage: Stage
    form: Form
    basis: Basis
    pricing: Pricing
    lot: int
    eligible: int
    levels: int
    lowest: int
    tick: int
    minimum_bid: int
    maximum_bid: int
    deposit: int
    far_off: int
    band: int
    offered: int
    over_allotment: int
    over_allotted: int
    over_allotment_declared: bool
    minimum_volume: int
    non_competitive: int
    commitments: int
    additional_seconds: int
    opens_at: datetime
    closes_at: datetime
    reveals_by: datetime
    over_allots_by: datetime
    clears_by: datetime
    settles_from: datetime
    settles_by: datetime
    takes_up_by: datetime
    accrual_day: date | None
    encryption_key: bytes
    bid_units: int
    weighted: int
    non_competitive_bid: int
    bidders: int
    published_at: datetime | None
    issue_rate: int
    issue_price: int
    first_level: int
    last_level: int
    marginal_level: int
    average_level: int
    marginal_bid: int
    marginal_share: int
    marginal_cut: int
    competitive: int
    non_competitive_share: int
    non_competitive_cut: int
    take_up: int
    issued: int
    issued_later: int
    additional: int

    @property
    def highest(self) -> int:
        """Highest quote."""
        return self.lowest + (self.levels - 1) * self.tick

    @property
    def available(self) -> int:
        """Units on offer, over-allotted ones included."""
        return self.offered + self.over_allotted

    @property
    def rules(self) -> Rules:
        """The rules of the offering."""
        return Rules(
            form=self.form,
            basis=self.basis,
            pricing=self.pricing,
            offered=self.offered,
            over_allotment=self.over_allotment,
            minimum_volume=self.minimum_volume,
            non_competitive=self.non_competitive,
            minimum_bid=self.minimum_bid,
            maximum_bid=self.maximum_bid,
            lowest=self.lowest,
            highest=self.highest,
            tick=self.tick,
            deposit=self.deposit,
            far_off=self.far_off,
            band=self.band,
            additional_seconds=self.additional_seconds,
            opens_at=self.opens_at,
            closes_at=self.closes_at,
            reveals_by=self.reveals_by,
            over_allots_by=self.over_allots_by,
            clears_by=self.clears_by,
            settles_from=self.settles_from,
            settles_by=self.settles_by,
            takes_up_by=self.takes_up_by,
        )

    @classmethod
    def of(cls, raw: Any) -> BookState:
        """Reads the struct of the chain."""
        return cls(
            bond=raw.bond,
            cash=raw.cash,
            bookrunner=raw.bookrunner,
            proceeds_account=raw.proceedsAccount,
            stage=Stage(raw.stage),
            form=Form(raw.form),
            basis=Basis(raw.basis),
            pricing=Pricing(raw.pricing),
            lot=raw.lot,
            eligible=raw.eligible,
            levels=raw.levels,
            lowest=raw.lowest,
            tick=raw.tick,
            minimum_bid=raw.minimumBid,
            maximum_bid=raw.maximumBid,
            deposit=raw.deposit,
            far_off=raw.farOff,
            band=raw.band,
            offered=raw.offered,
            over_allotment=raw.overAllotment,
            over_allotted=raw.overAllotted,
            over_allotment_declared=raw.overAllotmentDeclared,
            minimum_volume=raw.minimumVolume,
            non_competitive=raw.nonCompetitive,
            commitments=raw.commitments,
            additional_seconds=raw.additionalSeconds,
            opens_at=from_timestamp(raw.opensAt),
            closes_at=from_timestamp(raw.closesAt),
            reveals_by=from_timestamp(raw.revealsBy),
            over_allots_by=from_timestamp(raw.overAllotsBy),
            clears_by=from_timestamp(raw.clearsBy),
            settles_from=from_timestamp(raw.settlesFrom),
            settles_by=from_timestamp(raw.settlesBy),
            takes_up_by=from_timestamp(raw.takesUpBy),
            accrual_day=from_day_number(raw.accrualDay) if raw.accrualDay else None,
            encryption_key=raw.encryptionKey,
            bid_units=raw.bidUnits,
            weighted=raw.weighted,
            non_competitive_bid=raw.nonCompetitiveBid,
            bidders=raw.bidders,
            published_at=from_timestamp(raw.publishedAt) if raw.publishedAt else None,
            issue_rate=raw.issueRate,
            issue_price=raw.issuePrice,
            first_level=raw.firstLevel,
            last_level=raw.lastLevel,
            marginal_level=raw.marginalLevel,
            average_level=raw.averageLevel,
            marginal_bid=raw.marginalBid,
            marginal_share=raw.marginalShare,
            marginal_cut=raw.marginalCut,
            competitive=raw.competitive,
            non_competitive_share=raw.nonCompetitiveShare,
            non_competitive_cut=raw.nonCompetitiveCut,
            take_up=raw.takeUp,
            issued=raw.issued,
            issued_later=raw.issuedLater,
            additional=raw.additional,
        )
