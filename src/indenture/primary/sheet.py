"""Offering sheets: the rules of an offering as people write them, in a YAML file beside the term sheet.

Rates are percent, prices money for one unit, volumes units or amounts or percent of what is offered, times
those of the market's clocks. ``rules`` turns them into the contract's units, exactly or not at all.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

from pydantic import BaseModel, ConfigDict, Field, PrivateAttr

from indenture._fields import labelled, read_offset_minutes, reader, whole
from indenture._sheet import Sheet, read_sheet, validated
from indenture.identifiers import Isin, validate_isin
from indenture.termsheet import TermSheet

from .rules import ClassRule, Rules
from .sheet_fields import (
    ClassName,
    DepositField,
    LocalTimeField,
    MemberName,
    QuoteField,
    ShareField,
    VolumeField,
)
from .types import Basis, Form, Pricing

if TYPE_CHECKING:
    from os import PathLike

    from .sheet_rules import Converted

#: The class of everybody outside the syndicate, which is class 0 on chain.
INVESTORS = "investors"

_MAX_UINT16 = 2**16 - 1
_MAX_MINUTES = (2**24 - 1) // 60


class _Block(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)


class Quotes(_Block):
    """What may be quoted.

    Attributes:
        lowest: Lowest rate or price.
        highest: Highest one, whole ticks above; the same as ``lowest`` for a fixed price.
        tick: Step.
    """

    lowest: QuoteField
    highest: QuoteField
    tick: QuoteField


class Bids(_Block):
    """What one tick bid must be.

    Attributes:
        minimum: Least of one tick bid.
        maximum: Most of one tick bid.
        non_competitive: Most for all bids without a quote; none unless given.
        far_off: Ticks from the average of all bids beyond which a bid is void; no such rule unless given.
    """

    minimum: VolumeField
    maximum: VolumeField
    non_competitive: VolumeField | None = None
    far_off: Annotated[int, whole(1, _MAX_UINT16)] | None = None


class ClassLimits(_Block):
    """What a class of bidders must and may do.

    Attributes:
        minimum: Least of all bids of one bidder; one tick bid unless given.
        maximum: Most of all bids of one bidder.
        additional: Ten-thousandths of what he won that he may underwrite after the result; written ``50 %``.
    """

    minimum: VolumeField | None = None
    maximum: VolumeField
    additional: ShareField = 0


class Times(_Block):
    """When what may be done, by the clocks of the market; each as in ``Rules``.

    Attributes:
        zone: Minutes east of UTC; written "+08:00".
        opens_at: When the book opens.
        closes_at: When it closes.
        reveals_by: When bids can no longer be opened; not for an open book.
        over_allots_by: When the over-allotment can no longer be declared; only where there is one.
        clears_by: When the book must be cleared and the shares proved.
        settles_from: When payment and issue begin.
        settles_by: When winners must have paid.
        takes_up_by: When underwriters must have taken up what was not paid; ``settles_by`` unless given.
    """

    zone: Annotated[int, reader(read_offset_minutes)]
    opens_at: LocalTimeField
    closes_at: LocalTimeField
    reveals_by: LocalTimeField | None = None
    over_allots_by: LocalTimeField | None = None
    clears_by: LocalTimeField
    settles_from: LocalTimeField
    settles_by: LocalTimeField
    takes_up_by: LocalTimeField | None = None


class Invitation(_Block):
    """An invitation to the syndicate.

    Attributes:
        member: LEI of the member, or the label of an account.
        bidder_class: Its class; written ``class``.
        commitment: Most that it takes up if bids leave a rest; nothing unless given.
    """

    member: MemberName
    bidder_class: ClassName = Field(alias="class")
    commitment: VolumeField | None = None


@dataclass(frozen=True, slots=True)
class Seat:
    """A seat in the syndicate, in the contract's units.

    Attributes:
        member: LEI of the member, or the label of an account.
        bidder_class: Number of its class, 1 or above.
        commitment: Units that it takes up at most.
    """

    member: str
    bidder_class: int
    commitment: int


class OfferingSheet(_Block):
    """The rules of one offering.

    Attributes:
        isin: The bond.
        form: How bids reach the book.
        basis: What bids quote.
        pricing: What winners pay.
        band: Mixed pricing: ticks behind the average beyond which a bid loses.
        offered: What is on offer.
        over_allotment: Most that the issuer may add before the clearing; none unless given.
        minimum_volume: What must be sold, or the issue fails; any unless given.
        deposit: What each bidder and underwriter locks and may lose, in the currency; none unless given.
        quotes: What may be quoted.
        bids: What one tick bid must be.
        classes: Limits by class; ``investors`` is everybody outside the syndicate, who may not bid
            unless given.
        additional_minutes: Minutes after the result in which entitled classes may underwrite more.
        times: When what may be done.
        underwriters: Who is invited to the syndicate.
    """

    isin: Annotated[Isin, reader(validate_isin)]
    form: Annotated[Form, labelled(Form.from_label, [member.label for member in Form])]
    basis: Annotated[Basis, labelled(Basis.from_label, [member.label for member in Basis])]
    pricing: Annotated[Pricing, labelled(Pricing.from_label, [member.label for member in Pricing])]
    band: Annotated[int, whole(0, _MAX_UINT16)] = 0
    offered: VolumeField
    over_allotment: VolumeField | None = None
    minimum_volume: VolumeField | None = None
    deposit: DepositField | None = None
    quotes: Quotes
    bids: Bids
    classes: dict[ClassName, ClassLimits]
    additional_minutes: Annotated[int, whole(0, _MAX_MINUTES)] = 0
    times: Times
    underwriters: tuple[Invitation, ...] = ()

    _source: Sheet = PrivateAttr(default_factory=lambda: Sheet("<offering sheet>"))

    @property
    def source(self) -> Sheet:
        """Where each field stands, for errors."""
        return self._source

    @property
    def class_names(self) -> tuple[str, ...]:
        """Names of the classes by their number: ``investors`` is 0, the others as they stand in the sheet."""
        return INVESTORS, *(name for name in self.classes if name != INVESTORS)

    def rules(self, terms: TermSheet) -> Rules:
        """The rules in the contract's units.

        Args:
            terms: The bond.

        Raises:
            TermSheetError: Something is not exact in these units, out of range, or contradicts the bond or
                another rule; further problems are in its ``others``.
        """
        return self._converted(terms).rules

    def class_rules(self, terms: TermSheet) -> tuple[ClassRule, ...]:
        """The rules of each class by its number, in the contract's units.

        Raises:
            TermSheetError: As ``rules``.
        """
        return self._converted(terms).classes

    def syndicate(self, terms: TermSheet) -> tuple[Seat, ...]:
        """Who is invited, in the contract's units.

        Raises:
            TermSheetError: As ``rules``.
        """
        return self._converted(terms).syndicate

    def _converted(self, terms: TermSheet) -> Converted:
        from .sheet_rules import convert  # it needs the models above

        return convert(self, terms)


def load_offering_sheet(path: str | PathLike[str]) -> OfferingSheet:
    """Reads an offering sheet from a YAML file.

    Raises:
        TermSheetError: The file cannot be read, or a field is missing, unknown or malformed; further problems
            of the sheet are in its ``others``. What contradicts the bond or another field ``rules`` finds.
    """
    return parse_offering_sheet(read_sheet(path), path=str(path))


def parse_offering_sheet(text: str, *, path: str = "<string>") -> OfferingSheet:
    """Reads an offering sheet from YAML text.

    Args:
        text: The YAML text.
        path: What errors call the source.

    Raises:
        TermSheetError: As ``load_offering_sheet``.
    """
    offering, sheet = validated(OfferingSheet, text, path, "an offering sheet")
    offering._source = sheet  # noqa: SLF001 - the sheet knows the lines for later errors
    return offering
