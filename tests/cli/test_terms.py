"""Changes of the terms by commands: proposed, consented to, enacted, shown."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.cli.desk import Desk
from tests.cli.lives import BOND, rights_sheet

pytestmark = pytest.mark.integration

HASH = "0x" + "22" * 32
WHEN = ("--effective", "2020-06-05", "--closes", "2020-05-20T17:00+08:00")
WHAT = ("--clause", "5.1", "--resolution", HASH)


def amended(folder: Path, **changes: str) -> Path:
    """The bond's sheet with other figures."""
    words = {
        "rate": "rate: 3.25",
        "maturity_date": "maturity_date: 2021-12-05",
        "name": "name: Bank of China 2019",
    }
    return rights_sheet(folder, BOND, {words[each]: text for each, text in changes.items()})


def test_terms__proposed_consented_and_enacted__apply_to_periods_to_come(lives: Desk, tmp_path: Path) -> None:
    lives.at("2020-03-02T09:00")
    proposed = lives("issuer", "terms", "propose", BOND, amended(tmp_path, rate="rate: 4.50"), *WHEN, *WHAT)
    shown = lives("outsider", "action", "show", BOND, 1)
    lives("investor", "terms", "consent", BOND, 1, 500)
    own = lives.tried("issuer", "terms", "consent", BOND, 1, 50)
    few = lives.tried("outsider", "terms", "enact", BOND, 1)
    lives("other_investor", "terms", "consent", BOND, 1, 250)
    enacted = lives("outsider", "terms", "enact", BOND, 1)
    freed = lives("investor", "action", "release", BOND, 1)
    after = lives("outsider", "terms", "show", BOND)
    lives.at("2020-12-05T12:00")
    first = lives("paying_agent", "coupon", "fund", BOND, 1)
    second = lives("paying_agent", "coupon", "fund", BOND, 2)

    assert (proposed["event"], proposed["clause"]) == (1, "5.1")
    assert (shown["kind"], shown["first_period"]) == ("resolution", 2)
    assert {"term": "coupon.rate", "before": "3.25", "after": "4.5"} in shown["changes"]
    assert (own.code, few.code) == (7, 7)
    assert "750" in few.err
    assert (enacted["version"], enacted["from_period"]) == (1, 2)
    assert freed["units"] == 500
    assert [(row["version"], row["from_period"], row["clause"]) for row in after["history"]] == [
        (0, 1, None),
        (1, 2, "5.1"),
    ]
    assert after["to_change_them"] == "consent of 75 % of the units"
    assert [row["term"] for row in after["changes"]] == ["coupon.rate"]
    assert (first["interest"], second["interest"]) == ("1625.00", "2250.00")


def test_terms__with_another_maturity__move_the_end(lives: Desk, tmp_path: Path) -> None:
    lives.at("2020-03-02T09:00")
    sheet = amended(tmp_path, maturity_date="maturity_date: 2022-12-05")
    lives("issuer", "terms", "propose", BOND, sheet, *WHEN, *WHAT)
    lives("investor", "terms", "consent", BOND, 1, 500)
    lives("other_investor", "terms", "consent", BOND, 1, 300)

    lives("outsider", "terms", "enact", BOND, 1)
    after = lives("outsider", "terms", "show", BOND)
    schedule = lives("outsider", "schedule", BOND, "--units", 1)

    assert (after["last_period"], after["maturity_day"]) == (6, "2022-12-05")
    assert len(schedule["payments"]) == 6


@pytest.mark.parametrize(
    ("changes", "when", "named"),
    [
        ({"name": "name: Bank of Elsewhere"}, WHEN, "stays"),
        ({"rate": "rate: 4.50"}, ("--effective", "2019-12-05", "--closes", "2020-05-20T17:00+08:00"), ""),
        ({"rate": "rate: 4.50"}, ("--effective", "2020-06-05", "--closes", "2019-05-20T17:00+08:00"), ""),
    ],
)
def test_terms__that_cannot_change_so__are_refused(
    changes: dict[str, str], when: tuple[str, ...], named: str, lives: Desk, tmp_path: Path
) -> None:
    lives.at("2020-03-02T09:00")

    refused = lives.tried("issuer", "terms", "propose", BOND, amended(tmp_path, **changes), *when, *WHAT)

    assert refused.code in (2, 7)
    assert named in refused.err
    assert len(refused.lines) >= 2


def test_terms__of_a_bond_never_changed__are_those_of_the_issue(lives: Desk) -> None:
    shown = lives("outsider", "terms", "show", BOND)

    assert (shown["versions"], shown["changes"]) == (0, [])
    assert lives.tried("outsider", "terms", "enact", BOND, 1).code == 7
