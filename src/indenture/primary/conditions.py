"""Every way in which the rules of an offering can be out of range or contradict each other."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, NamedTuple

from indenture.dates import to_timestamp
from indenture.errors import InputError
from indenture.rounding import RATE_SCALE
from indenture.termsheet import COUPON_BY_TENDER

from .bids import NON_COMPETITIVE, quote_text
from .types import Basis, Form, Pricing

if TYPE_CHECKING:
    from .rules import ClassRule, Market, Rules

#: Units on offer stay below it, so that sums of bids fit 64 bits.
MAX_UNITS = 2**44
#: Most quotes of an offering: what one clearing can pass over in one transaction.
MAX_LEVELS = 4096
#: Most classes of bidders, class 0 (everybody outside the syndicate) included.
MAX_CLASSES = 8
#: Ten-thousandths, in which ``ClassRule.additional`` counts.
SHARE_SCALE = 10_000

#: All that winners pay together stays below it, in base units.
_MAX_PROCEEDS = 2**120
_BITS = {
    "offered": 64,
    "over_allotment": 64,
    "minimum_volume": 64,
    "non_competitive": 64,
    "minimum_bid": 64,
    "maximum_bid": 64,
    "lowest": 64,
    "highest": 64,
    "tick": 64,
    "deposit": 112,
    "far_off": 16,
    "band": 16,
    "additional_seconds": 24,
}
_TIME_BITS = 40
#: The times of an offering, in the order of its stages.
TIMES = (
    "opens_at",
    "closes_at",
    "reveals_by",
    "over_allots_by",
    "clears_by",
    "settles_from",
    "settles_by",
    "takes_up_by",
)


class Problem(NamedTuple):
    """A rule that is out of range or contradicts another.

    Attributes:
        field: Name of the field, as in ``Rules``; ``classes.1.minimum`` for one of a class.
        reason: What is wrong, with the value.
        hint: What to do; may be empty.
    """

    field: str
    reason: str
    hint: str = ""


_Problems = Iterator[Problem]


def problems_of(rules: Rules, market: Market, classes: Sequence[ClassRule]) -> _Problems:
    """All problems of an offering's rules; where fields are out of range, only these."""
    found = [*_out_of_range(rules), *_classes_out_of_range(classes)]
    if found:
        yield from found
        return
    yield from _wrong_volumes(rules, market.lot)
    yield from _wrong_bid_sizes(rules, market.lot)
    yield from _wrong_basis(rules, market, classes)
    yield from _wrong_quotes(rules)
    yield from _wrong_pricing(rules)
    yield from _wrong_order_of_times(rules)
    yield from _wrong_classes(rules, market.lot, classes)
    yield from _wrong_additional(rules, classes)


def _out_of_range(rules: Rules) -> _Problems:
    for name, bits in _BITS.items():
        yield from _out_of_bits(name, getattr(rules, name), bits)
    for name in TIMES:
        try:
            if to_timestamp(getattr(rules, name)) >= 2**_TIME_BITS:
                raise InputError(f"{getattr(rules, name)} is too far away")
        except InputError as error:
            yield Problem(name, error.message, error.hint)


def _classes_out_of_range(classes: Sequence[ClassRule]) -> _Problems:
    if not 1 <= len(classes) <= MAX_CLASSES:
        yield Problem("classes", f"are {len(classes)}, not 1 to {MAX_CLASSES}")
    for number, rule in enumerate(classes):
        yield from _out_of_bits(f"classes.{number}.minimum", rule.minimum, 64)
        yield from _out_of_bits(f"classes.{number}.maximum", rule.maximum, 64)
        if not 0 <= rule.additional <= SHARE_SCALE:
            yield Problem(
                f"classes.{number}.additional",
                f"{rule.additional} ten-thousandths is not between 0 and {SHARE_SCALE}",
            )


def _wrong_volumes(rules: Rules, lot: int) -> _Problems:
    for name in ("offered", "over_allotment", "non_competitive"):
        yield from _not_whole_lots(name, getattr(rules, name), lot)
    if not rules.offered:
        yield Problem("offered", "is 0: there is nothing to sell")
        return
    if _available(rules) >= MAX_UNITS:
        yield Problem(
            "offered",
            f"{_available(rules)} units, over-allotted ones included, is too many",
            f"At most {MAX_UNITS - 1} fit: give the bond a larger face value.",
        )
    if rules.minimum_volume > rules.offered:
        yield Problem(
            "minimum_volume", f"{rules.minimum_volume} units is more than the {rules.offered} on offer"
        )
    if rules.non_competitive >= rules.offered:
        yield Problem(
            "non_competitive",
            f"{rules.non_competitive} units is not less than the {rules.offered} on offer",
            "Bids with a quote make the price: leave them something.",
        )


def _wrong_bid_sizes(rules: Rules, lot: int) -> _Problems:
    for name in ("minimum_bid", "maximum_bid"):
        yield from _not_whole_lots(name, getattr(rules, name), lot)
    if not rules.minimum_bid:
        yield Problem("minimum_bid", "is 0", f"The least is one lot, {lot} units.")
    if rules.maximum_bid < rules.minimum_bid:
        yield Problem(
            "maximum_bid", f"{rules.maximum_bid} units is less than the minimum of {rules.minimum_bid}"
        )
    if rules.maximum_bid > _available(rules):
        yield Problem("maximum_bid", f"{rules.maximum_bid} units is more than all that can be sold")


def _wrong_basis(rules: Rules, market: Market, classes: Sequence[ClassRule]) -> _Problems:
    by_rate = rules.basis is Basis.RATE
    if by_rate and market.coupon_rate is not None:
        coupon = quote_text(market.coupon_rate, Basis.RATE)
        yield Problem(
            "basis",
            f"bids quote the rate, but the bond's coupon is fixed at {coupon}",
            "Leave the coupon of the bond to the tender, or let bids quote a price.",
        )
    if not by_rate and market.coupon_rate is None:
        yield Problem(
            "basis",
            "bids quote a price, but the bond's coupon is to be fixed by a tender",
            "Give the bond a coupon, or let bids quote the rate.",
        )
    if by_rate and not market.months_per_period:
        yield Problem(
            "basis",
            "bids quote the rate, which becomes a price only where periods are regular and divide a year",
            "Give the bond a coupon, and let bids quote a price.",
        )
        return
    price = _highest_price(rules, market)
    most = _available(rules) + _additional(rules, classes)
    if most * price >= _MAX_PROCEEDS:
        yield Problem("highest", f"{most} units at up to {price} base units is more than fits 120 bits")


def _wrong_quotes(rules: Rules) -> _Problems:
    low, high, step = (quote_text(value, rules.basis) for value in (rules.lowest, rules.highest, rules.tick))
    if rules.basis is Basis.RATE and rules.highest >= COUPON_BY_TENDER:
        yield Problem("highest", f"{high} is not below {quote_text(COUPON_BY_TENDER, Basis.RATE)}")
    if rules.basis is Basis.PRICE and not rules.lowest:
        yield Problem("lowest", "is a price of 0")
    if rules.highest == NON_COMPETITIVE:
        yield Problem("highest", "is the quote that stands for none")
    if not rules.tick:
        yield Problem("tick", "is 0", "With one quote only, any tick above 0 will do.")
    elif rules.highest < rules.lowest:
        yield Problem("highest", f"{high} is below the lowest quote, {low}")
    elif (rules.highest - rules.lowest) % rules.tick:
        yield Problem("highest", f"{high} is not whole ticks of {step} above {low}")
    elif rules.levels > MAX_LEVELS:
        yield Problem(
            "tick",
            f"{step} makes {rules.levels} quotes, at most {MAX_LEVELS} fit",
            "Widen the tick or narrow the range.",
        )


def _wrong_pricing(rules: Rules) -> _Problems:
    if rules.band and rules.pricing is not Pricing.MIXED:
        yield Problem("band", f"{rules.band} ticks has no meaning in {rules.pricing.label} pricing")
    if not rules.is_fixed_price:
        return
    if rules.pricing is not Pricing.UNIFORM:
        yield Problem(
            "pricing",
            f"{rules.pricing.label} has no meaning with one quote",
            "All pay the same: uniform.",
        )
    if rules.far_off:
        yield Problem("far_off", f"{rules.far_off} ticks has no meaning with one quote")
    if rules.non_competitive:
        yield Problem(
            "non_competitive",
            f"{rules.non_competitive} units has no meaning with one quote",
            "With nothing to compete on, every bid has the one quote.",
        )


def _wrong_order_of_times(rules: Rules) -> _Problems:
    after = [("closes_at", "opens_at"), ("clears_by", "over_allots_by")]
    after += [("settles_by", "clears_by"), ("settles_by", "settles_from")]
    if rules.form is not Form.OPEN:
        after.append(("reveals_by", "closes_at"))
    elif rules.reveals_by != rules.closes_at:
        yield Problem(
            "reveals_by", f"{rules.reveals_by} is not closes_at: an open book has nothing left to open"
        )
    if rules.over_allotment:
        after.append(("over_allots_by", "reveals_by"))
    elif rules.over_allots_by != rules.reveals_by:
        yield Problem(
            "over_allots_by", f"{rules.over_allots_by} is not reveals_by, but there is no over-allotment"
        )
    for later, earlier in after:
        if getattr(rules, later) <= getattr(rules, earlier):
            yield Problem(later, f"{getattr(rules, later)} is not after {earlier}, {getattr(rules, earlier)}")
    for later, earlier in (("settles_from", "closes_at"), ("takes_up_by", "settles_by")):
        if getattr(rules, later) < getattr(rules, earlier):
            yield Problem(later, f"{getattr(rules, later)} is before {earlier}, {getattr(rules, earlier)}")


def _wrong_classes(rules: Rules, lot: int, classes: Sequence[ClassRule]) -> _Problems:
    if not any(rule.maximum for rule in classes):
        yield Problem("classes", "let nobody bid")
    for number, rule in enumerate(classes):
        name = f"classes.{number}"
        yield from _not_whole_lots(f"{name}.minimum", rule.minimum, lot)
        yield from _not_whole_lots(f"{name}.maximum", rule.maximum, lot)
        said = f"{rule.maximum} units is"
        if rule.maximum < rule.minimum:
            yield Problem(f"{name}.maximum", f"{said} less than the minimum of {rule.minimum}")
        elif 0 < rule.maximum < rules.minimum_bid:
            yield Problem(f"{name}.maximum", f"{said} less than one tick bid of {rules.minimum_bid}")
        if rule.maximum > _available(rules):
            yield Problem(f"{name}.maximum", f"{said} more than all that can be sold")


def _wrong_additional(rules: Rules, classes: Sequence[ClassRule]) -> _Problems:
    for number, rule in enumerate(classes):
        if rule.additional and not number:
            yield Problem("classes.0.additional", "is for members of the syndicate, not for everybody")
        elif rule.additional and not rules.additional_seconds:
            yield Problem(f"classes.{number}.additional", "is given, but no time for it after the result")
    if not rules.additional_seconds:
        return
    if not any(rule.additional for rule in classes):
        yield Problem(
            "additional_seconds", f"{rules.additional_seconds} seconds, but no class may underwrite more"
        )
    known_by = rules.clears_by + timedelta(seconds=rules.additional_seconds)
    if rules.settles_from <= known_by:
        yield Problem(
            "settles_from",
            f"{rules.settles_from} is not after {known_by}, when additional underwriting may end",
            "Winners pay for additional units with the others: settle later, or clear earlier.",
        )


def _available(rules: Rules) -> int:
    return rules.offered + rules.over_allotment


def _highest_price(rules: Rules, market: Market) -> int:
    """More than any unit costs: a rate is worth no more than face and coupons that are not discounted."""
    if rules.basis is Basis.PRICE:
        return rules.highest
    year = 12 // market.months_per_period * RATE_SCALE
    return market.face_value * (year + rules.highest * market.periods) // year + 1


def _additional(rules: Rules, classes: Sequence[ClassRule]) -> int:
    """Most units that can be underwritten after the result."""
    return _available(rules) * max(rule.additional for rule in classes) // SHARE_SCALE


def _out_of_bits(name: str, value: object, bits: int) -> _Problems:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value < 2**bits:
        yield Problem(name, f"{value!r} is not a whole number from 0 to {2**bits - 1}")


def _not_whole_lots(name: str, value: int, lot: int) -> _Problems:
    if value % lot:
        yield Problem(name, f"{value} units is not a whole number of lots of {lot}")
