"""Where an offering stands: at, just before and just after each moment of it."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from tests.cli.builders import OPENS, book_of, rules_of

from indenture.cli._clock import Local, distance, span
from indenture.cli._standing import standing_of
from indenture.cli._steps import Left, steps_of
from indenture.primary import Form, Stage

pytestmark = pytest.mark.unit

RULES = rules_of()
SECOND = timedelta(seconds=1)
NOTHING_LEFT = Left()
ALL_LEFT = Left(sealed=2, winners=3, losers=1, takers=1, bound=1)


def commands(stage: Stage, now: datetime, left: Left = NOTHING_LEFT, **changes: Any) -> list[str]:
    return [step.command for step in steps_of(book_of(stage, **changes), now, left)]


def who(stage: Stage, now: datetime, left: Left = NOTHING_LEFT, **changes: Any) -> list[str]:
    return [step.who for step in steps_of(book_of(stage, **changes), now, left)]


def test_steps__mandated__the_bookrunner_must_accept() -> None:
    assert commands(Stage.MANDATED, OPENS) == ["offer accept", "offer cancel"]
    assert who(Stage.MANDATED, OPENS) == ["bookrunner", "issuer"]
    assert commands(Stage.MANDATED, RULES.opens_at) == ["offer accept", "offer cancel"]
    assert commands(Stage.MANDATED, RULES.opens_at + SECOND) == ["offer cancel", "offer fail"]
    assert commands(Stage.MANDATED, RULES.closes_at) == ["offer fail"]


def test_steps__accepted__a_syndicate_is_formed_where_there_are_classes() -> None:
    alone = book_of(Stage.ACCEPTED).classes[:1]

    assert commands(Stage.ACCEPTED, OPENS) == [
        "syndicate invite", "syndicate join", "offer open", "offer cancel",
    ]  # fmt: skip
    assert commands(Stage.ACCEPTED, OPENS, classes=alone) == ["offer open", "offer cancel"]


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        (RULES.opens_at - SECOND, ["offer cancel"]),
        (RULES.opens_at, ["bid place", "offer cancel"]),
        (RULES.closes_at - SECOND, ["bid place", "offer cancel"]),
        (RULES.closes_at, ["offer close"]),
        (RULES.reveals_by - SECOND, ["offer close"]),
        (RULES.reveals_by, []),
        (RULES.clears_by, []),
        (RULES.clears_by + SECOND, ["offer fail"]),
    ],
)
def test_steps__open__by_the_clock(now: datetime, expected: list[str]) -> None:
    assert commands(Stage.OPEN, now) == expected


def test_steps__open_form__can_be_closed_until_it_is_to_be_cleared() -> None:
    rules = rules_of(form=Form.OPEN, reveals_by=RULES.closes_at, over_allots_by=RULES.closes_at)

    assert commands(Stage.OPEN, RULES.clears_by, rules=rules) == ["offer close"]


@pytest.mark.parametrize(
    ("form", "now", "left", "expected"),
    [
        (Form.SEALED, RULES.closes_at, ALL_LEFT, ["bid open"]),
        (Form.ENCRYPTED, RULES.closes_at, ALL_LEFT, ["offer open-bids", "bid open"]),
        (Form.SEALED, RULES.closes_at, NOTHING_LEFT, []),
        (Form.SEALED, RULES.reveals_by - SECOND, ALL_LEFT, ["bid open"]),
        (Form.SEALED, RULES.reveals_by, ALL_LEFT, ["offer clear", "offer forfeit"]),
        (Form.SEALED, RULES.clears_by, NOTHING_LEFT, ["offer clear"]),
        (Form.SEALED, RULES.clears_by + SECOND, NOTHING_LEFT, ["offer fail"]),
    ],
)
def test_steps__closed__by_the_clock(form: Form, now: datetime, left: Left, expected: list[str]) -> None:
    assert commands(Stage.CLOSED, now, left, rules=rules_of(form=form)) == expected


def test_steps__over_allotment__is_the_issuers_until_he_decides() -> None:
    later = RULES.reveals_by + timedelta(minutes=30)
    rules = rules_of(over_allotment=100, over_allots_by=later)

    assert commands(Stage.CLOSED, RULES.reveals_by, rules=rules) == ["offer over-allot"]
    decided = commands(Stage.CLOSED, RULES.reveals_by, rules=rules, over_allotment_declared=True)
    assert decided == ["offer clear"]
    assert commands(Stage.CLOSED, later, rules=rules) == ["offer clear"]


@pytest.mark.parametrize(
    ("now", "left", "expected"),
    [
        (RULES.clears_by, Left(winners=1), ["bid show"]),
        (RULES.settles_from, ALL_LEFT, ["offer settle", "offer take-up", "offer refunds", "offer forfeit"]),
        (RULES.settles_by, Left(winners=1), ["offer settle"]),
        (RULES.settles_by + SECOND, Left(winners=1, takers=1), ["offer lapse", "offer take-up"]),
        (RULES.takes_up_by, Left(takers=1, bound=1), ["offer take-up"]),
        (RULES.takes_up_by + SECOND, Left(takers=1, bound=1), ["offer discharge"]),
        (RULES.takes_up_by + SECOND, NOTHING_LEFT, []),
    ],
)
def test_steps__published__by_the_clock(now: datetime, left: Left, expected: list[str]) -> None:
    assert commands(Stage.PUBLISHED, now, left) == expected


def test_steps__additional_underwriting__lasts_its_seconds() -> None:
    rules = rules_of(additional_seconds=900)
    until = RULES.clears_by + timedelta(seconds=900)

    assert commands(Stage.PUBLISHED, until, rules=rules, published_at=RULES.clears_by) == [
        "syndicate underwrite-more"
    ]
    assert commands(Stage.PUBLISHED, until + SECOND, rules=rules, published_at=RULES.clears_by) == []


def test_steps__come_to_nothing__deposits_are_unlocked() -> None:
    assert commands(Stage.FAILED, OPENS, ALL_LEFT) == ["offer refunds", "offer discharge"]
    assert commands(Stage.FAILED, RULES.reveals_by, ALL_LEFT)[-1] == "offer forfeit"
    assert commands(Stage.CANCELLED, OPENS, ALL_LEFT)[-1] == "offer forfeit"
    without = book_of(Stage.FAILED).currency.money(0)
    assert commands(Stage.FAILED, OPENS, ALL_LEFT, deposit=without) == []


def test_standing__of_every_stage_at_every_moment__has_words_and_a_deadline_ahead() -> None:
    names = ("opens_at", "closes_at", "reveals_by", "clears_by", "settles_from", "settles_by", "takes_up_by")
    moments = [getattr(RULES, name) for name in names]
    for stage in list(Stage)[1:]:
        for now in [each + shift for each in moments for shift in (-SECOND, timedelta(0), SECOND)]:
            for left in (NOTHING_LEFT, ALL_LEFT):
                found = standing_of(book_of(stage), now, left)
                assert found.words
                assert found.deadline is None or found.deadline >= now
                assert bool(found.then) == (found.deadline is not None)


def test_standing__deadlines_of_a_life__come_in_order() -> None:
    """Each stage's deadline is the moment at which the next one's begins."""
    life = [
        (Stage.MANDATED, OPENS - timedelta(hours=1), RULES.opens_at),
        (Stage.OPEN, RULES.opens_at, RULES.closes_at),
        (Stage.CLOSED, RULES.closes_at, RULES.reveals_by),
        (Stage.CLOSED, RULES.reveals_by, RULES.clears_by),
        (Stage.PUBLISHED, RULES.clears_by, RULES.settles_from),
        (Stage.PUBLISHED, RULES.settles_from, RULES.settles_by),
        (Stage.PUBLISHED, RULES.settles_by + SECOND, RULES.takes_up_by),
        (Stage.PUBLISHED, RULES.takes_up_by + SECOND, None),
    ]
    found = [standing_of(book_of(stage), now, Left(winners=1)).deadline for stage, now, _ in life]

    assert found == [deadline for _, _, deadline in life]
    assert all(a < b for a, b in pairwise(found[:-1]) if a and b)


def test_standing__all_paid__says_so_before_the_time_is_over() -> None:
    found = standing_of(book_of(Stage.PUBLISHED), RULES.settles_from, Left(bound=1))

    assert found.words == "all that was won is issued"
    assert (found.deadline, found.then) == (RULES.takes_up_by, "underwriters are discharged")


# Clocks


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "0 seconds"),
        (1, "1 second"),
        (59, "59 seconds"),
        (61, "1 minute 1 second"),
        (3_599, "59 minutes 59 seconds"),
        (3_600, "1 hour"),
        (8_069, "2 hours 14 minutes"),
        (8_071, "2 hours 15 minutes"),
        (86_399, "1 day"),
        (90_000, "1 day 1 hour"),
        (10 * 86_400 + 1_000, "10 days"),
    ],
)
def test_span__of_time__in_two_units(seconds: int, words: str) -> None:
    assert span(timedelta(seconds=seconds)) == words


def test_distance__of_a_moment__says_its_direction() -> None:
    assert distance(OPENS + timedelta(hours=2), OPENS) == "in 2 hours"
    assert distance(OPENS, OPENS + timedelta(days=1)) == "1 day ago"
    assert distance(OPENS, OPENS) == "now"


@pytest.mark.parametrize(
    ("offset", "text"),
    [
        (480, "2019-12-03 09:00 +08:00"),
        (0, "2019-12-03 01:00 +00:00"),
        (-210, "2019-12-02 21:30 -03:30"),
    ],
)
def test_local__by_the_markets_clocks(offset: int, text: str) -> None:
    assert str(Local(OPENS, offset)) == text
    assert str(Local(OPENS + SECOND, offset)) == text[:16] + ":01" + text[16:]
