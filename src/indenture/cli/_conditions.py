"""The rules of an offering in words, as both sides read them before they agree."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import timedelta

from indenture.cli._bids import quote_words
from indenture.cli._clock import Local, span
from indenture.money import Currency, Money
from indenture.primary import SHARE_SCALE, Basis, ClassRule, Form, Pricing, Rules

_FORMS = {
    Form.OPEN: "open: bids are seen by all at once",
    Form.SEALED: "sealed: each bidder opens his own bids after the close",
    Form.ENCRYPTED: "encrypted to the bookrunner, who can read bids at once and opens them after the close",
}
_PRICINGS = {
    Pricing.UNIFORM: "uniform: all pay the marginal quote",
    Pricing.MULTIPLE: "multiple: each pays his own quote",
    Pricing.MIXED: "mixed: up to the average at the average, behind it at the own quote",
}


@dataclass(frozen=True, slots=True)
class Conditions:
    """All that was agreed.

    Attributes:
        rules: The rules.
        classes: Rules by class, class 0 first.
        currency: Currency of prices and deposits.
        face_value: Face of one unit.
        lot: Units of the minimum denomination.
        zone: Minutes by which the market's clocks are ahead of UTC.
        class_names: Names of the classes, where a sheet gives them.
    """

    rules: Rules
    classes: Sequence[ClassRule]
    currency: Currency
    face_value: Money
    lot: int
    zone: int
    class_names: Sequence[str] = ()

    def words(self) -> dict[str, object]:
        """Labels and words; what the offering does without is not named."""
        named = {**self._volumes(), **self._bids(), **self._classes(), **self._times()}
        return {label: word for label, word in named.items() if word}

    def lines(self) -> list[str]:
        """Labels and words as lines of a question."""
        words = self.words()
        width = max(map(len, words))
        return [f"{label:{width}}  {word}" for label, word in words.items()]

    def warnings(self) -> list[str]:
        """What is allowed, and hardly meant."""
        if self.rules.form is Form.OPEN or self.rules.deposit:
            return []
        return ["there is no deposit: not to open a sealed bid, or not to pay, costs nothing"]

    def as_dict(self) -> dict[str, object]:
        """The rules for JSON, in the contract's units: whole bonds, base units, billionths a year."""
        rules = {each.name: getattr(self.rules, each.name) for each in fields(self.rules)}
        classes = [
            {"minimum": rule.minimum, "maximum": rule.maximum, "additional": rule.additional}
            for rule in self.classes
        ]
        return {**rules, "lot": self.lot, "classes": classes}

    def _volumes(self) -> dict[str, object]:
        rules = self.rules
        return {
            "form": _FORMS[rules.form],
            "quotes": self._quotes(),
            "pricing": self._pricing(),
            "offered": self._amount(rules.offered),
            "over-allotment at most": self._amount(rules.over_allotment),
            "fails below": self._amount(rules.minimum_volume),
            "without a quote at most": self._amount(rules.non_competitive),
        }

    def _bids(self) -> dict[str, object]:
        rules = self.rules
        far_off = f"more than {rules.far_off:,} ticks from the average of all bids" if rules.far_off else ""
        return {
            "one tick bid": f"{rules.minimum_bid:,} to {rules.maximum_bid:,} units, in lots of {self.lot:,}",
            "void": far_off,
            "deposit": self.currency.money_from_base(rules.deposit) if rules.deposit else "none",
        }

    def _classes(self) -> dict[str, object]:
        return {self._class_name(number): _class_words(rule) for number, rule in enumerate(self.classes)}

    def _times(self) -> dict[str, object]:
        rules = self.rules
        more = span(timedelta(seconds=rules.additional_seconds)) if rules.additional_seconds else ""
        return {
            "book": f"{self._at('opens_at')} to {self._at('closes_at')}",
            "bids opened by": "" if rules.form is Form.OPEN else self._at("reveals_by"),
            "over-allotment by": self._at("over_allots_by") if rules.over_allotment else "",
            "cleared by": self._at("clears_by"),
            "more may be underwritten": f"{more} after the result" if more else "",
            "payment": f"{self._at('settles_from')} to {self._at('settles_by')}",
            "rest taken up by": "" if rules.takes_up_by == rules.settles_by else self._at("takes_up_by"),
        }

    def _amount(self, units: int) -> str:
        if not units:
            return ""
        face = self.currency.money_from_base(units * self.face_value.base)
        return f"{units:,} units, {face} of face"

    def _at(self, name: str) -> str:
        return str(Local(getattr(self.rules, name), self.zone))

    def _quotes(self) -> str:
        rules = self.rules
        lowest, highest, tick = (
            quote_words(quote, rules.basis, self.currency)
            for quote in (rules.lowest, rules.highest, rules.tick)
        )
        kind = "the rate, percent a year" if rules.basis is Basis.RATE else "the price of one unit"
        if rules.is_fixed_price:
            return f"{kind}: {lowest} and no other"
        return f"{kind}: {lowest} to {highest} by {tick}"

    def _pricing(self) -> str:
        words = _PRICINGS[self.rules.pricing]
        return f"{words}, up to {self.rules.band:,} ticks" if self.rules.pricing is Pricing.MIXED else words

    def _class_name(self, number: int) -> str:
        if not number:
            return "everybody else" if len(self.classes) > 1 else "each bidder"
        name = self.class_names[number] if number < len(self.class_names) else ""
        return f"class {number} ({name})" if name else f"class {number}"


def _class_words(rule: ClassRule) -> str:
    if not rule.maximum:
        return "may not bid"
    words = f"{rule.minimum:,} to {rule.maximum:,} units in all"
    if rule.additional:
        words += f", and {rule.additional * 100 / SHARE_SCALE:g} % of what they win after the result"
    return words
