"""A case with a mistake is refused before anything is started, at its file, line and field."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from indenture.errors import CaseError, InputError
from indenture.play import available_cases, load_case

pytestmark = pytest.mark.unit


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(available_cases()["boc-2019"], tmp_path / "copy"))


def change(folder: Path, file: str, old: str, new: str) -> int:
    """Changes the first place of a file, and returns its line."""
    path = folder / file
    text = path.read_text(encoding="utf-8")
    before, found, after = text.partition(old)
    assert found
    path.write_text(before + new + after, encoding="utf-8")
    return before.count("\n") + 1


@pytest.mark.parametrize("name", available_cases())
def test_load_case__of_the_package__is_right(name: str) -> None:
    case = load_case(name)

    assert case.name == name
    assert case.steps[-1].act.word == "audit"


def test_load_case__boc_2019__has_the_parties_of_the_story() -> None:
    case = load_case("boc-2019")

    assert len([party for party in case.parties if "underwriter" in party.names]) == 12
    assert len([party for party in case.parties if "investors" in party.names]) == 40
    assert {len(party.accounts) for party in case.parties} == {1, 2}
    assert [party.id for party in case.parties if party.wallet == "contract"] == ["vault"]
    assert len({party.lei for party in case.parties}) == len(case.parties)


def test_load_case__unknown__lists_those_that_there_are() -> None:
    with pytest.raises(InputError) as error:
        load_case("boc-2020")

    assert "boc-2019" in error.value.hint


@pytest.mark.parametrize(
    ("file", "old", "new", "field", "reason"),
    [
        ("case.yaml", "DEMO00DEPOSITORY0068", "DEMO00DEPOSITORY0069", "depository.lei", "expected 68"),
        ("case.yaml", "class: official", "class: offical", "members.cash-issuer.class", "is not known"),
        ("case.yaml", "issuer: cash-issuer", "issuer: cash-isuer", "cash.0.issuer", "is nobody in this case"),
        ("case.yaml", "count: 4", "count: 0", "members.finance.count", "is not above zero"),
        ("case.yaml", "genesis: 2019-11-25 09:00", "genesis: 2019-11-31 09:00", "genesis", "is not a date"),
        ("acts.yaml", "by: issuer}", "by: isuer}", "acts.4.register.by", "'isuer' is nobody in this case"),
        ("acts.yaml", "- close: {bond: boc", "- clse: {bond: boc", "acts.18.clse", "is not an act"),
        ("acts.yaml", "count: 36", "count: 3.5", "acts.32.trades.count", "is not a whole number"),
        ("acts.yaml", "members: all", "members: all, fee: 1", "acts.0.admit.fee", "is not a field here"),
        (
            "acts.yaml",
            "at: 2019-12-03 14:00",
            "at: 2019-12-02 14:00",
            "acts.13.advance_to.at",
            "is not after",
        ),
        ("acts.yaml", "low: 99.90", "low: 199.90", "acts.32.trades.price.low", "is above high"),
        ("acts.yaml", "period: 2, by", "period: 3, by", "acts.56.fund.period", "is after the last, 2"),
        ("acts.yaml", "years: [2021]", "years: [2031]", "acts.41.publish_calendar.years", "no working days"),
        (
            "acts.yaml",
            "1_300_000_000}",
            "1.001}",
            "acts.54.issue_cash.to.issuer",
            "whole number of base units",
        ),
        (
            "acts.yaml",
            "- fund: {bond: boc,",
            "- fund: {bond: bco,",
            "acts.44.fund.bond",
            "no bond is registered",
        ),
        ("acts.yaml", "1, by: paying-agent}", "1, by: fund}", "acts.44.fund.by", "names 24 accounts"),
        ("acts.yaml", "1, by: paying-agent}", "1, by: vault}", "acts.44.fund.by", "is a wallet contract"),
    ],
)
def test_load_case__wrong_field__is_named_with_its_line(
    folder: Path, file: str, old: str, new: str, field: str, reason: str
) -> None:
    line = change(folder, file, old, new)

    with pytest.raises(CaseError) as error:
        load_case(folder)

    assert error.value.field == field
    assert reason in error.value.reason
    assert error.value.path == f"copy/{file}"
    assert error.value.line == line


def test_load_case__term_sheet_of_another_issuer__is_refused(folder: Path) -> None:
    change(folder, "boc-2019.yaml", "issuer: 54930053HGCFWVHYZX42", "issuer: DEMO00DEPOSITORY0068")

    with pytest.raises(CaseError, match="the term sheet names DEMO00DEPOSITORY0068"):
        load_case(folder)


def test_load_case__without_an_audit__is_refused(folder: Path) -> None:
    change(folder, "acts.yaml", "  - audit:", "")

    with pytest.raises(CaseError, match="must end with an audit"):
        load_case(folder)


def test_load_case__several_mistakes__are_told_together(folder: Path) -> None:
    change(folder, "acts.yaml", "count: 36", "count: x")
    change(folder, "acts.yaml", "- claim:", "- clam:")

    with pytest.raises(CaseError) as error:
        load_case(folder)

    assert len(error.value.problems) == 2


def test_load_case__acts_missing__is_refused(folder: Path) -> None:
    (folder / "acts.yaml").unlink()

    with pytest.raises(CaseError, match=r"copy/acts\.yaml: \(file\): cannot be read"):
        load_case(folder)


def test_accounts__of_a_member_a_group_and_an_account__are_told_apart() -> None:
    case = load_case("boc-2019")

    assert case.accounts("issuer") == ("issuer/main",)
    assert case.accounts("fund-02") == ("fund-02/growth", "fund-02/income")
    assert case.accounts("fund-02/income") == ("fund-02/income",)
    assert len(case.accounts("underwriter/clients")) == 12
    assert len(case.accounts("investors")) == 52
    with pytest.raises(KeyError):
        case.accounts("fund-02/main")
