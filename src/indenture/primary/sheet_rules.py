"""From an offering sheet and its bond to the contract's units: exact, or refused with field and line."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta, timezone
from functools import partial
from typing import TypeVar

from indenture._sheet import Location, refuse
from indenture.dates import instant
from indenture.errors import InputError, TermSheetError
from indenture.schedule import period_bounds
from indenture.termsheet import TermSheet

from .conditions import SHARE_SCALE, TIMES
from .rules import ClassRule, Market, Rules
from .sheet import INVESTORS, OfferingSheet, Seat
from .sheet_fields import LocalTime, Quote, Volume
from .types import Form

#: Most members of a syndicate.
MAX_SYNDICATE = 64

_ANNOUNCED_BEFORE = timedelta(days=30)
_FIELDS = {
    "minimum_bid": "bids.minimum",
    "maximum_bid": "bids.maximum",
    "non_competitive": "bids.non_competitive",
    "far_off": "bids.far_off",
    "lowest": "quotes.lowest",
    "highest": "quotes.highest",
    "tick": "quotes.tick",
    "additional_seconds": "additional_minutes",
}
_NOWHERE = datetime(1970, 1, 1, tzinfo=UTC)

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Converted:
    """An offering sheet in the contract's units."""

    rules: Rules
    classes: tuple[ClassRule, ...]
    syndicate: tuple[Seat, ...]


def convert(sheet: OfferingSheet, terms: TermSheet) -> Converted:
    """Converts a sheet for its bond.

    Raises:
        TermSheetError: As ``OfferingSheet.rules``.
    """
    return _Converter(sheet, terms).run()


@dataclass
class _Converter:
    sheet: OfferingSheet
    terms: TermSheet
    problems: list[TermSheetError] = field(default_factory=list)

    def run(self) -> Converted:
        sheet, terms = self.sheet, self.terms
        if sheet.isin != terms.isin:
            self._refuse("isin", f"{sheet.isin} is not the bond of these terms, {terms.isin}")
        offered = self._units("offered", sheet.offered, None)
        self._check_lots("offered", offered)
        refuse(self.problems)  # percentages of it would mean nothing
        rules = self._rules(offered)
        classes = self._classes(rules)
        syndicate = self._syndicate(rules)
        refuse(self.problems)
        for problem in rules.problems(market=Market.of(terms), classes=classes):
            self._refuse(self._place(problem.field), problem.reason, problem.hint)
        if not self.problems:
            self._check_bond(rules, classes)
        refuse(self.problems)
        return Converted(rules, classes, syndicate)

    def _rules(self, offered: int) -> Rules:
        sheet, basis = self.sheet, self.sheet.basis
        quotes, bids = sheet.quotes, sheet.bids
        return Rules(
            form=sheet.form,
            basis=basis,
            pricing=sheet.pricing,
            offered=offered,
            over_allotment=self._units("over_allotment", sheet.over_allotment, offered),
            minimum_volume=self._units("minimum_volume", sheet.minimum_volume, offered),
            non_competitive=self._units("bids.non_competitive", bids.non_competitive, offered),
            minimum_bid=self._units("bids.minimum", bids.minimum, offered),
            maximum_bid=self._units("bids.maximum", bids.maximum, offered),
            lowest=self._quote("quotes.lowest", quotes.lowest),
            highest=self._quote("quotes.highest", quotes.highest),
            tick=self._quote("quotes.tick", quotes.tick),
            deposit=self._deposit(),
            far_off=bids.far_off or 0,
            band=sheet.band,
            additional_seconds=sheet.additional_minutes * 60,
            **self._times(),
        )

    def _times(self) -> dict[str, datetime]:
        times, found = self.sheet.times, {}
        fallbacks: dict[str, str | None] = {"takes_up_by": "settles_by"}
        fallbacks["reveals_by"] = "closes_at" if self.sheet.form is Form.OPEN else None
        fallbacks["over_allots_by"] = None if self.sheet.over_allotment else "reveals_by"
        for name in TIMES:
            written: LocalTime | None = getattr(times, name)
            if written is not None:
                found[name] = self._try(f"times.{name}", partial(written.at, times.zone), _NOWHERE)
            elif fallback := fallbacks[name]:
                found[name] = found[fallback]
            else:
                self._refuse(f"times.{name}", "is missing")
                found[name] = _NOWHERE
        return found

    def _deposit(self) -> int:
        deposit = self.sheet.deposit
        if deposit is None:
            return 0
        currency = self.terms.currency
        if deposit.measure != currency.code:
            self._refuse("deposit", f"{deposit} is not in {currency.code}, the currency of the bond")
            return 0
        return self._try("deposit", lambda: currency.to_base(deposit.number), 0)

    def _classes(self, rules: Rules) -> tuple[ClassRule, ...]:
        found = []
        for name in self.sheet.class_names:
            limits = self.sheet.classes.get(name)
            if limits is None:
                found.append(ClassRule(minimum=0, maximum=0))
                continue
            place = f"classes.{name}"
            minimum = self._units(f"{place}.minimum", limits.minimum, rules.offered)
            maximum = self._units(f"{place}.maximum", limits.maximum, rules.offered)
            found.append(ClassRule(minimum or rules.minimum_bid, maximum, limits.additional))
        return tuple(found)

    def _syndicate(self, rules: Rules) -> tuple[Seat, ...]:
        names, seats = self.sheet.class_names, []
        for index, invited in enumerate(self.sheet.underwriters):
            place = f"underwriters.{index}"
            commitment = self._units(f"{place}.commitment", invited.commitment, rules.offered)
            self._check_lots(f"{place}.commitment", commitment)
            if commitment > rules.offered + rules.over_allotment:
                self._refuse(f"{place}.commitment", f"{commitment} units is more than all that can be sold")
            if invited.bidder_class == INVESTORS or invited.bidder_class not in names:
                known = ", ".join(names[1:]) or "none"
                self._refuse(
                    f"{place}.class",
                    f"{invited.bidder_class!r} is no class of the syndicate",
                    f"Classes of the syndicate: {known}.",
                )
                continue
            seats.append(Seat(invited.member, names.index(invited.bidder_class), commitment))
        if len({seat.member for seat in seats}) != len(seats):
            self._refuse("underwriters", "names a member twice")
        if len(seats) > MAX_SYNDICATE:
            self._refuse("underwriters", f"are {len(seats)}, at most {MAX_SYNDICATE} fit")
        return tuple(seats)

    def _check_bond(self, rules: Rules, classes: tuple[ClassRule, ...]) -> None:
        """What the contract checks of the offering and its bond."""
        terms = self.terms
        available = rules.offered + rules.over_allotment
        most = available + available * max(rule.additional for rule in classes) // SHARE_SCALE
        if most > terms.units:
            self._refuse(
                "offered",
                f"{most} units, with what may be added, is more than the {terms.units} of the issue",
                "Offer less, or register the bond for more.",
            )
        due = self._last_due(rules.settles_from)
        if rules.takes_up_by + _ANNOUNCED_BEFORE >= instant(due, 0, terms.record.time_zone_offset):
            self._refuse(
                "times.takes_up_by" if self.sheet.times.takes_up_by else "times.settles_by",
                f"{rules.takes_up_by} is within 30 days of {due}, when a payment is due",
                "At most one record date may pass while units are paid for, and the last may not.",
            )

    def _last_due(self, settles_from: datetime) -> date:
        """Due day of the period after the one in which payment begins, or of the last period."""
        terms = self.terms
        zone = timezone(timedelta(minutes=terms.record.time_zone_offset))
        day, period = settles_from.astimezone(zone).date(), 1
        while period < terms.period_count and period_bounds(terms, period)[1] <= day:
            period += 1
        return period_bounds(terms, min(period + 1, terms.period_count))[1]

    def _check_lots(self, place: str, units: int) -> None:
        lot = self.terms.minimum_units
        if units % lot:
            self._refuse(place, f"{units} units is not a whole number of lots of {lot}")

    def _place(self, name: str) -> str:
        """Where a field of the rules stands in the sheet."""
        if name in TIMES:
            return f"times.{name}"
        head, _, rest = name.partition(".")
        if head == "classes" and rest:
            number, _, limit = rest.partition(".")
            return f"classes.{self.sheet.class_names[int(number)]}.{limit}"
        return _FIELDS.get(name, name)

    def _units(self, place: str, volume: Volume | None, offered: int | None) -> int:
        return 0 if volume is None else self._try(place, lambda: volume.units(self.terms, offered), 0)

    def _quote(self, place: str, quote: Quote) -> int:
        return self._try(place, lambda: quote.base(self.sheet.basis, self.terms.currency), 0)

    def _try(self, place: str, convert_: Callable[[], T], otherwise: T) -> T:
        try:
            return convert_()
        except InputError as error:
            self._refuse(place, error.message, error.hint)
            return otherwise

    def _refuse(self, place: str, reason: str, hint: str = "") -> None:
        location: Location = tuple(int(part) if part.isdecimal() else part for part in place.split("."))
        self.problems.append(self.sheet.source.problem(location, reason, hint))
