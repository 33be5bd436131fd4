"""Changes of the terms: proposed, consented to, put into force from a period on."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from eth_utils.crypto import keccak
from tests.sdk.bonds import DAY, EACH, UNITS, administrator, define, figures, issue, pay, sheet_of
from tests.sdk.world import ISIN, World

from indenture.errors import AccessRefused, InputError, InvalidDate, TermsRefused
from indenture.figures import FlowState
from indenture.identifiers import isin_from_body
from indenture.interest import BenchmarkKind
from indenture.money import CNY
from indenture.provisions import CouponKind
from indenture.results import ActionResult
from indenture.rights import ActionKind
from indenture.roles import Issuer
from indenture.termsheet import TermSheet

pytestmark = pytest.mark.integration

AMENDABLE = "rights: {amendment_share: 75}"
TWO_PERCENT = "coupon: {rate: 2, frequency: annual, day_count: ACT/ACT ICMA}"
FLOATING = (
    "coupon: {kind: floating, frequency: annual, day_count: ACT/365F, floating: {benchmark: SHIBOR1Y, "
    "observation: term, lag: 1, spread: 0.5, places: 4, fallback: fixed-rate, fallback_rate: 3}}"
)
FOLLOWING = f"{AMENDABLE}\nfallback_days: 5"
EFFECTIVE = date(2020, 12, 5)
CLOSES = datetime(2020, 6, 30, 9, tzinfo=UTC)
RESOLUTION = b"the resolution"


def amended(**changes: str) -> TermSheet:
    fields = {"coupon": TWO_PERCENT, "extra": AMENDABLE} | changes
    return sheet_of(fields.pop("coupon"), **fields)  # type: ignore[arg-type]


def propose(world: World, sheet: TermSheet | None = None, **changes: object) -> ActionResult:
    proposal: dict[str, object] = {
        "effective_day": EFFECTIVE,
        "closes": CLOSES,
        "clause": "coupon",
        "resolution": RESOLUTION,
    }
    return world.issuer.propose_terms(ISIN, sheet or amended(), **(proposal | changes))  # type: ignore[arg-type]


def consent(world: World, number: int | None, holders: int = 4) -> int:
    assert number is not None
    for i in range(holders):
        world.investor(i).elect(ISIN, number, EACH)
    return number


@pytest.fixture
def issued(world: World) -> World:
    issue(world, sheet_of(extra=AMENDABLE))
    return world


def test_propose_terms__enough_consent__apply_from_the_next_period(issued: World) -> None:
    number = consent(issued, propose(issued).action)
    action = figures(issued).action(number)
    assert (action.kind, action.period, action.redemption) == (ActionKind.RESOLUTION, 2, 0)
    assert (action.pay_day, action.document, action.pay_time) == (EFFECTIVE, keccak(RESOLUTION), None)

    result = issued.paying_agent.enact_terms(ISIN, number)

    assert (result.version, result.from_period) == (1, 2)
    sealed, new = figures(issued).versions()
    assert (sealed.number, sealed.from_period, sealed.source) == (0, 0, issued.bond.address)
    assert (new.number, new.from_period, new.action) == (1, 2, number)
    assert (new.clause, new.resolution, new.effective_day) == ("coupon", keccak(RESOLUTION), EFFECTIVE)
    assert (sealed.terms.coupon_rate, new.terms.coupon_rate) == (32_500_000, 20_000_000)
    assert figures(issued).bond_state().versions == 1
    assert [flow.interest for flow in issued.investor(4).cash_flows(ISIN)] == [
        CNY.money(650_000),
        CNY.money(400_000),
    ]
    assert issued.investor(0).release(ISIN, number).units == EACH


def test_propose_terms__rights_too__are_those_of_the_day(issued: World) -> None:
    extra = "rights: {amendment_share: 90, defaults: {grace_days: 7}}"
    number = consent(issued, propose(issued, amended(extra=extra)).action)
    issued.paying_agent.enact_terms(ISIN, number)

    before = figures(issued).rights()
    issued.at(datetime(2020, 12, 6, tzinfo=UTC))
    after = figures(issued).rights()

    assert (before.amendment_share, after.amendment_share) == (750_000_000, 900_000_000)
    assert (before, after) == (figures(issued).rights(0), figures(issued).rights(1))
    assert after.defaults.grace_days == 7
    with pytest.raises(InputError, match="has no version 2 of its terms"):
        figures(issued).rights(2)


def test_propose_terms__a_later_end__moves_the_term(issued: World) -> None:
    number = consent(issued, propose(issued, amended(maturity="2022-12-05")).action)

    issued.paying_agent.enact_terms(ISIN, number)

    state = figures(issued).bond_state()
    assert (state.last_period, state.maturity_day) == (3, date(2022, 12, 5))
    flows = issued.investor(4).cash_flows(ISIN)
    assert [flow.due for flow in flows] == [date(2020 + k, 12, 5) for k in range(3)]
    assert [flow.interest for flow in flows] == [CNY.money(n) for n in (650_000, 400_000, 400_000)]


def test_propose_terms__a_floating_rate__is_fixed_from_then_on(issued: World) -> None:
    define(issued, "SHIBOR1Y", BenchmarkKind.RATE)
    number = consent(issued, propose(issued, amended(coupon=FLOATING, extra=FOLLOWING)).action)
    issued.paying_agent.enact_terms(ISIN, number)
    assert figures(issued).needs_fixing
    assert [flow.state for flow in issued.investor(4).cash_flows(ISIN)] == [FlowState.FIXED, FlowState.OPEN]
    assert pay(issued, 1).amount == CNY.money(3_250_000)
    waiting = figures(issued).next_fixing()
    assert waiting is not None
    assert waiting.period == 2
    administrator(issued).publish("SHIBOR1Y", date(2020, 12, 4), "2.8")

    (fixing,) = issued.paying_agent.fix(ISIN).fixings

    assert (fixing.period, fixing.rate) == (2, Decimal("3.3"))
    assert figures(issued).next_fixing() is None
    assert pay(issued, 2).amount == CNY.money(3_300_000 + 100 * UNITS)


def test_propose_terms__from_terms_or_a_file__the_same(issued: World, tmp_path: Path) -> None:
    changed = replace(issued.bond.terms, coupon_rate=20_000_000)

    assert propose(issued, changed).action == 1  # type: ignore[arg-type]
    with pytest.raises(InputError):
        propose(issued, tmp_path / "none.yaml")  # type: ignore[arg-type]


def test_enact_terms__too_few_consent__says_how_many_are_needed(issued: World) -> None:
    number = consent(issued, propose(issued).action, 3)

    with pytest.raises(TermsRefused, match="600,000 units, and 750,000 of 1,000,000 are needed") as refused:
        issued.paying_agent.enact_terms(ISIN, number)

    assert refused.value.name == "ShareNotReached"


def test_enact_terms__twice_late_or_overtaken__refused(issued: World) -> None:
    first = consent(issued, propose(issued).action)
    second = propose(issued, amended(coupon=TWO_PERCENT.replace("2,", "1,"))).action
    issued.paying_agent.enact_terms(ISIN, first)
    with pytest.raises(TermsRefused, match="event 1 of CND1000BOC15 was carried already") as twice:
        issued.paying_agent.enact_terms(ISIN, first)
    for i in range(4):
        issued.investor(i).release(ISIN, first)
    consent(issued, second)

    with pytest.raises(TermsRefused, match="changes version 0, 1 is in force") as overtaken:
        issued.paying_agent.enact_terms(ISIN, second or 0)
    issued.at(CLOSES)
    with pytest.raises(TermsRefused, match=r"takes consents from .* to 2020-06-30 09:00 UTC") as late:
        issued.paying_agent.enact_terms(ISIN, second or 0)

    assert [each.value.name for each in (twice, overtaken, late)] == [
        "ActionDecided",
        "AmendmentRefused",
        "ActionNotOpen",
    ]


def test_propose_terms__what_stays_for_ever__is_named(issued: World) -> None:
    with pytest.raises(TermsRefused, match="the calendar stays for ever: it is CN-IB, not T2") as refused:
        propose(issued, amended(calendar="T2"))
    other = amended().model_copy(update={"name": "Another name"})
    with pytest.raises(TermsRefused, match="the name stays for ever"):
        propose(issued, other)
    zero = replace(issued.bond.terms, coupon_rate=None)
    with pytest.raises(TermsRefused, match="its coupon is to be fixed by an offering"):
        propose(issued, zero)  # type: ignore[arg-type]
    indexed = replace(issued.bond.terms, kind=CouponKind.ZERO)
    with pytest.raises(TermsRefused, match="cannot change from fixed to zero"):
        propose(issued, indexed)  # type: ignore[arg-type]
    with pytest.raises(InputError, match="the term sheet is of CND1000NEW1"):
        propose(issued, amended().model_copy(update={"isin": isin_from_body("CND1000NEW1")}))
    with pytest.raises(TermsRefused, match="its due days are others"):
        propose(issued, amended(coupon=TWO_PERCENT.replace("annual", "semi-annual")))

    assert refused.value.name == "AmendmentRefused"


def test_propose_terms__by_another_late_or_without_right__refused(issued: World) -> None:
    stranger = Issuer(issued.suite, issued.senders["bookrunner"])
    with pytest.raises(AccessRefused, match="did not register"):
        stranger.propose_terms(
            ISIN, amended(), effective_day=EFFECTIVE, closes=CLOSES, clause="x", resolution=b"x"
        )
    with pytest.raises(InvalidDate, match="the time to consent ends at"):
        propose(issued, closes=datetime(2019, 12, 5, tzinfo=UTC))
    with pytest.raises(InputError, match="there is no benchmark SHIBOR1Y"):
        propose(issued, amended(coupon=FLOATING, extra=FOLLOWING))
    issued.at(datetime(2020, 12, 6, tzinfo=UTC) + DAY)
    with pytest.raises(TermsRefused) as begun:
        propose(issued, closes=datetime(2021, 6, 30, tzinfo=UTC))

    assert begun.value.name == "AmendmentRefused"


def test_propose_terms__nobody_may_change_them__refused(world: World) -> None:
    issue(world, sheet_of())

    with pytest.raises(TermsRefused, match="let no share of the holders change them") as refused:
        propose(world)

    assert refused.value.name == "ShareNotReached"
