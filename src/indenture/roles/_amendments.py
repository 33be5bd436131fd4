"""What is checked before a change of the terms is proposed, and before it is enacted."""

from __future__ import annotations

from dataclasses import replace

from indenture.contracts import Bond, BondTerms, Suite
from indenture.provisions import CouponKind, Schedule
from indenture.roles._notice import refusal
from indenture.roles.bond_figures import BondFigures
from indenture.schedule import due_day

#: What a change may not touch, in words.
_KEPT = {
    "isin": "the ISIN",
    "issuer": "the issuer",
    "issuer_account": "the account that registered the bond",
    "currency": "the currency",
    "face_value": "the face value",
    "units": "the units",
    "minimum_units": "the minimum denomination",
    "eligible": "who may hold the bond",
    "roll": "the roll of payment days",
    "adjusted": "whether periods are adjusted",
    "calendar": "the calendar",
    "record_business_days": "the record day",
    "cut_off": "the cut-off",
    "utc_offset": "the time zone",
    "prescription_years": "the prescription",
    "name": "the name",
    "symbol": "the short name",
}
_BOUND_KINDS = (CouponKind.ZERO, CouponKind.INFLATION)


def amended_terms(suite: Suite, bond: Bond, proposed: BondTerms) -> BondTerms:
    """The proposed terms on the grid of those in force, which a change may only lengthen or shorten.

    Raises:
        TermsRefused: Something differs that stays for ever; the first such thing is named.
    """
    figures = BondFigures(suite, bond)
    current = figures.versions()[-1].terms
    for name, words in _KEPT.items():
        old, new = getattr(current, name), getattr(proposed, name)
        if old != new:
            _refuse(suite, bond, name, f"{words} stays for ever: it is {old}, not {new}")
    if proposed.kind is not current.kind and {proposed.kind, current.kind} & set(_BOUND_KINDS):
        kinds = f"{current.kind.name.lower()} to {proposed.kind.name.lower()}"
        _refuse(suite, bond, "kind", f"the kind of its interest cannot change from {kinds}")
    if proposed.coupon_rate is None:
        _refuse(suite, bond, "couponRate", "its coupon is to be fixed by an offering, and it is out")
    return replace(proposed, schedule=_grid(suite, bond, current.schedule, proposed.schedule))


def check_amendable(suite: Suite, bond: Bond) -> None:
    """Raises ``TermsRefused`` where the terms let nobody change them."""
    figures = BondFigures(suite, bond)
    if not figures.terms_on(figures.today).rights.amendment_share:
        raise refusal(
            suite,
            bond,
            "ShareNotReached",
            f"the terms of {bond.isin} let no share of the holders change them",
            "They stay as they were sealed: the right would have to be in them.",
            action=0,
            elected=0,
            needed=0,
        )


def _grid(suite: Suite, bond: Bond, current: Schedule, proposed: Schedule) -> Schedule:
    """The grid in force with the proposed end, where both count the same days."""
    made = replace(current, periods=proposed.periods, maturity_day=proposed.maturity_day)
    if any(due_day(made, k) != due_day(proposed, k) for k in range(proposed.periods + 1)):
        _refuse(suite, bond, "schedule", "its due days are others than those in force")
    return made


def _refuse(suite: Suite, bond: Bond, term: str, why: str) -> None:
    raise refusal(
        suite,
        bond,
        "AmendmentRefused",
        f"the terms of {bond.isin} cannot be changed so: {why}",
        "Interest, the end of the term, provisions and rights can change, for periods to come.",
        term=term,
    )
