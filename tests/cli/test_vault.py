"""The vault at the command line: wrong, missing, new, or without what is needed."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from tests.cli.desk import ENCRYPTED, SEALED, Desk

pytestmark = pytest.mark.integration


def test_vault__wrong_passphrase__opens_nothing(market: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    market("investor", "bid", "place", SEALED, "--bid", "3.20%:300")
    market.at("2019-12-03T16:00")
    monkeypatch.setenv("INDENTURE_VAULT_PASSPHRASE", "wrong")

    outcome = market.tried("investor", "bid", "open", SEALED)

    assert outcome.code == 3
    assert outcome.lines[-2].startswith("Error: the passphrase does not open the vault")


def test_vault__no_passphrase_and_nobody_to_ask__says_where_to_put_it(
    market: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("INDENTURE_VAULT_PASSPHRASE")

    outcome = market.tried("investor", "bid", "place", SEALED, "--bid", "3.20%:300")

    assert outcome.code == 3
    assert outcome.lines[-1] == "Put it into the environment as INDENTURE_VAULT_PASSPHRASE."


def test_vault__missing_when_bids_are_opened__is_not_made_anew(market: Desk, tmp_path: Path) -> None:
    market("investor", "bid", "place", SEALED, "--bid", "3.20%:300")
    market.at("2019-12-03T16:00")
    elsewhere = tmp_path / "elsewhere"

    outcome = market.tried("investor", "bid", "open", SEALED, "--vault", elsewhere)

    assert outcome.code == 3
    assert f"there is no vault {elsewhere}" in outcome.lines[-2]
    assert not elsewhere.exists()


@pytest.mark.parametrize("name", ["elsewhere", "other"])
def test_vault__without_the_salt__is_said_loudly_with_its_cost(
    market: Desk, tmp_path: Path, name: str
) -> None:
    """No vault at all, or one of another bidder: either way the bids cannot be opened from here."""
    market("investor", "bid", "place", SEALED, "--bid", "3.20%:300")
    market("other_investor", "bid", "place", SEALED, "--bid", "3.20%:300", "--vault", tmp_path / "other")

    table = market.tried("investor", "bid", "show", SEALED, "--vault", tmp_path / name)
    told = market.tried("investor", "bid", "show", SEALED, "--vault", tmp_path / name, "--json")

    assert (table.code, told.code) == (3, 3)
    assert "WHAT OPENS THESE BIDS IS MISSING" in table.out
    assert "the deposit, CNY 500.00, and the bids" in table.out
    assert "unless opened by 2019-12-03 17:00 +08:00, in 7 hours" in table.out
    assert "seal again by 2019-12-03 16:00 +08:00" in table.out
    assert f"indenture bid replace {SEALED}" in table.out
    assert "Error: the vault does not hold what opens these bids" in table.err
    assert told.json["missing"] is True
    assert told.json["bids"] == []


def test_vault__replaced_bids__shows_those_that_are_in_the_book(market: Desk) -> None:
    market("investor", "bid", "place", SEALED, "--bid", "3.20%:300")
    market("investor", "bid", "replace", SEALED, "--bid", "3.30%:200")

    shown = market("investor", "bid", "show", SEALED)

    assert [(row["quote"], row["units"]) for row in shown["bids"]] == [("3.30 %", 200)]
    assert shown["missing"] is False


def test_vault__key_of_the_book_missing__tells_the_bookrunner(market: Desk, tmp_path: Path) -> None:
    market("investor", "bid", "place", ENCRYPTED, "--bid", "3.20%:300")
    market("other_investor", "bid", "place", SEALED, "--bid", "3.20%:300", "--vault", tmp_path / "other")
    market.at("2019-12-03T16:00")

    outcome = market.tried("bookrunner", "offer", "open-bids", ENCRYPTED, "--vault", tmp_path / "other")

    assert outcome.code == 3
    assert "holds no key for the book of offering 3" in outcome.lines[-2]


class Person(io.StringIO):
    """Somebody at a terminal."""

    def isatty(self) -> bool:
        return True


def test_vault__new_one_at_a_terminal__asks_twice(
    market: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("INDENTURE_VAULT_PASSPHRASE")
    monkeypatch.setattr("sys.stdin", Person())
    answers = iter(["one", "another", "one", "one", "one"])
    asked: list[str] = []

    def answer(question: str) -> str:
        asked.append(question)
        return next(answers)

    monkeypatch.setattr("getpass.getpass", answer)
    fresh = ("--vault", tmp_path / "fresh")
    bid = ("bid", "place", SEALED, "--bid", "3.20%:300", *fresh)

    differ = market.tried("investor", *bid)
    made = market.tried("investor", *bid)
    shown = market.tried("investor", "bid", "show", SEALED, *fresh)

    assert differ.code == 3
    assert "the two passphrases differ" in differ.err
    assert made.code == 0
    assert f"A new vault is at {tmp_path / 'fresh'}" in made.err
    assert shown.code == 0
    assert [question.startswith("Again") for question in asked] == [False, True, False, True, False]
