"""What views make of the events is what the auditor's replay makes of them, at the end and on the way."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal
from typing import Any

import pytest
from eth_utils.crypto import keccak
from tests.ledger import deployments
from tests.ledger.sql.told import Told

from indenture.audit.replay.servicing import Payment
from indenture.errors import InputError
from indenture.ledger import Ledger
from indenture.ledger.engines import DuckEngine
from indenture.ledger.questions import run
from indenture.ledger.views import VIEWS, about, files, text_of
from indenture.membership import MemberClass, Role

pytestmark = pytest.mark.integration


# --- holdings and cash


def test_positions__as_of_blocks__are_those_of_the_replay(told: Told) -> None:
    for look in told.looks:
        rows = told.rows(
            "SELECT bond, holder, units, frozen, bound FROM positions "
            f"WHERE from_block <= {look.block} AND (to_block IS NULL OR to_block > {look.block}) "
            "AND (units <> 0 OR frozen <> 0 OR bound <> 0)"
        )
        assert {(row[0], row[1]): row[2:] for row in rows} == look.held


def test_cash_balances__as_of_blocks__are_those_of_the_replay(told: Told) -> None:
    for look in told.looks:
        rows = told.rows(
            "SELECT cash, account, balance FROM cash_balances "
            f"WHERE from_block <= {look.block} AND (to_block IS NULL OR to_block > {look.block}) "
            "AND balance <> 0"
        )
        assert {row[:2]: row[2] for row in rows} == look.cash


def test_views__as_of_a_block__hold_nothing_later(told: Told) -> None:
    look = told.looks[len(told.looks) // 2]
    with Ledger.read(told.path) as ledger:
        engine = DuckEngine(ledger.con, until=look.block)
        current = "FROM positions WHERE to_block IS NULL AND (units <> 0 OR frozen <> 0 OR bound <> 0)"
        rows = engine.run(f"SELECT bond, holder, units, frozen, bound {current}").rows

        assert {(row[0], row[1]): row[2:] for row in rows} == look.held
        assert engine.run("SELECT max(number) FROM block").rows[0][0] <= look.block
        assert engine.run(
            "SELECT count(*) FROM cash_balances WHERE from_block > $b", {"b": look.block}
        ).rows == [(0,)]


def test_record_holdings__every_record_date__are_those_of_the_replay(told: Told) -> None:
    found: dict[tuple[str, int], dict[str, int]] = defaultdict(dict)
    for bond, period, holder, units in told.rows("SELECT bond, period, holder, units FROM record_holdings"):
        found[bond, period][holder] = units
    expected = {
        (address.lower(), period): units
        for address, register in told.world.bonds.items()
        for period in range(1, register.records + 1)
        if (units := {a.lower(): n for a, e in register.entries.items() if (n := e.units_at(period))})
    }

    assert found == expected


def test_unit_movements__by_force__are_told_by_name(all_told: dict[str, Told]) -> None:
    story = all_told["story"]
    forced = story.rows(
        "SELECT bond, sender, receiver, units FROM unit_movements WHERE kind = 'forced' ORDER BY block"
    )

    assert len(forced) == 2
    assert forced == story.rows(
        "SELECT contract, from_, to_, amount FROM bond_forced_transfer ORDER BY block"
    )


# --- payments


def test_payments__every_one__is_that_of_the_replay(told: Told) -> None:
    rows = told.rows("SELECT bond, period, funded, paid, units, units_paid, payer, residue FROM payments")
    expected = {
        (bond.lower(), period): _facts(payment)
        for (bond, period), payment in told.world.servicing.payments.items()
    }

    assert {row[:2]: row[2:] for row in rows} == expected


def test_actions__what_was_funded_and_paid__is_that_of_the_replay(told: Told) -> None:
    rows = told.rows("SELECT bond, number, funded, paid, funded_units, taken, residue FROM actions")
    expected = {}
    for address, register in told.world.bonds.items():
        for number in register.life.actions:
            payment = told.world.servicing.actions.get((address, number))
            facts = (None, 0, None, 0, None) if payment is None else _facts(payment)
            expected[address.lower(), number] = facts[:4] + facts[-1:]

    assert {row[:2]: row[2:] for row in rows} == expected


def test_actions__units_elected__are_those_of_the_replay(told: Told) -> None:
    rows = told.rows("SELECT bond, number, elected FROM actions")

    assert {row[:2]: row[2] for row in rows} == {
        (address.lower(), number): action.elected
        for address, register in told.world.bonds.items()
        for number, action in register.life.actions.items()
    }


def test_kept_amounts__at_the_end__are_those_of_the_replay(told: Told) -> None:
    rows = told.rows("SELECT bond, account, kept FROM kept_amounts WHERE to_block IS NULL AND kept <> 0")

    assert {row[:2]: row[2] for row in rows} == {
        (bond.lower(), holder.lower()): amount
        for (bond, holder), amount in told.world.servicing.kept.items()
        if amount
    }


def test_payouts__every_batch__add_up_to_what_it_says(told: Told) -> None:
    parts = told.rows(
        "SELECT b.block, b.log_index, max(b.amount), coalesce(sum(p.sent + p.kept), 0), "
        "sum(CASE WHEN p.kind <> 'tax' THEN p.due ELSE 0 END) "
        "FROM payout_batches AS b LEFT JOIN payouts AS p ON p.block = b.block AND p.log_index = b.log_index "
        "GROUP BY b.block, b.log_index"
    )

    assert parts
    for block, index, amount, given, due in parts:
        assert (given, due) == (amount, amount), (block, index)


def test_payouts__tax__goes_to_the_tax_account(told: Told) -> None:
    withheld, passed_on, told_of = told.rows(
        "SELECT coalesce(sum(tax), 0), coalesce(sum(CASE WHEN kind = 'tax' THEN sent + kept END), 0), "
        "(SELECT coalesce(sum(tax), 0) FROM servicing_tax_withheld) FROM payouts"
    )[0]

    assert withheld == passed_on == told_of
    assert (withheld > 0) == (told.name != "story")


def test_payouts__payments_of_record_holders__go_to_who_held_then(told: Told) -> None:
    """Whoever is paid as a holder held units at the record date."""
    strangers = told.rows(
        "SELECT p.* FROM payouts AS p LEFT JOIN record_holdings AS h "
        "ON h.bond = p.bond AND h.period = p.number AND h.holder = p.account "
        "WHERE p.kind IN ('payment', 'recovery') AND h.units IS NULL"
    )

    assert strangers == []


# --- members, powers, documents


def test_accounts__at_the_end__are_those_of_the_replay(told: Told) -> None:
    rows = told.rows("SELECT account, lei, verdicts, roles, standing FROM accounts WHERE to_block IS NULL")
    standings = {1: "active", 3: "suspended"}

    assert {row[0]: row[1:] for row in rows} == {
        address.lower(): (
            account.lei.rstrip(b"\0").decode(),
            account.verdicts,
            account.roles,
            "removed" if account.standing & 8 else standings.get(account.standing, "member suspended"),
        )
        for address, account in told.world.members.accounts.items()
    }


def test_members__at_the_end__are_those_of_the_replay(told: Told) -> None:
    rows = told.rows("SELECT lei, class, jurisdiction, is_suspended FROM members WHERE to_block IS NULL")

    assert {row[0]: row[1:] for row in rows} == {
        lei.rstrip(b"\0").decode(): (
            MemberClass(member.class_).label,
            member.jurisdiction.decode(),
            member.suspended,
        )
        for lei, member in told.world.members.members.items()
    }


def test_grants__at_the_end__are_those_of_the_replay(told: Told) -> None:
    rows = told.rows("SELECT role, account FROM grants WHERE to_block IS NULL")

    assert set(rows) == {(role, account.lower()) for role, account in told.world.authority.grants}


def test_power_functions__at_the_end__are_those_of_the_replay(told: Told) -> None:
    rows = told.rows("SELECT target, selector, role FROM power_functions WHERE to_block IS NULL")

    assert {row[:2]: row[2] for row in rows} == {
        (target.lower(), "0x" + selector.hex()): role
        for (target, selector), role in told.world.authority.functions.items()
    }


def test_trades__every_one__is_that_of_the_replay(told: Told) -> None:
    rows = told.rows("SELECT id, seller, buyer, units, amount FROM trades ORDER BY block, log_index")

    assert rows == [
        ("0x" + e["id"].hex(), e["seller"].lower(), e["buyer"].lower(), e["units"], e["amount"])
        for e in told.world.settlement.trades
    ]


def test_documents__removed__are_in_force_until_then(all_told: dict[str, Told]) -> None:
    rows = all_told["story"].rows("SELECT name, uri, to_block IS NULL FROM documents ORDER BY name")

    assert [row[0] for row in rows] == ["notice", "prospectus", "rating"]
    assert [row[1] for row in rows] == ["ipfs://notice", "ipfs://prospectus", "ipfs://rating"]
    assert sorted(row[2] for row in rows) == [False, True, True]


# --- the files themselves


def test_views__every_file__is_installed_and_says_what_it_holds() -> None:
    assert sorted(VIEWS) == files("views")
    assert all(about(name) for name in VIEWS)


def test_powers_used__selectors__are_those_of_the_functions() -> None:
    text = text_of("views", "powers_used")

    for signature in ("setFrozenTokens(address,uint256)", "forcedTransfer(address,address,uint256)"):
        name = signature.partition("(")[0]
        assert f"WHEN '0x{keccak(text=signature)[:4].hex()}' THEN '{name}'" in text


def test_accounts__every_class_and_role__has_its_name() -> None:
    with Ledger.open(None, deployments.suite(), threads=1) as ledger:
        for member_class in MemberClass:
            _insert(
                ledger,
                "member_registry_member_admitted",
                int(member_class),
                lei=str(member_class),
                **_class(member_class),
            )
            account = {"lei": str(member_class), "account": f"0x{int(member_class):040x}", "roles": 4095}
            _insert(
                ledger,
                "member_registry_account_admitted",
                100 + int(member_class),
                until=2**40 - 1,
                **account,
            )
        engine = DuckEngine(ledger.con)
        rows = engine.run("SELECT class, role_names, valid_until FROM accounts ORDER BY account").rows
        members = engine.run("SELECT class FROM members ORDER BY from_block").rows

    names = ", ".join((role.name or "").lower().replace("_", "-") for role in Role)
    assert rows == [(member_class.label, names, None) for member_class in MemberClass]
    assert members == [(member_class.label,) for member_class in MemberClass]


def test_amount__too_large_for_a_decimal__is_an_error_not_a_gap() -> None:
    with Ledger.open(None, deployments.suite(), threads=1) as ledger:
        cash = ledger.con.execute("SELECT address FROM contract WHERE kind = 'CashToken'").fetchall()[0][0]
        moved = {
            "contract": cash,
            "from_": "0x" + "0" * 40,
            "to_": "0x" + "1" * 40,
            "value_hex": "0x" + "f" * 64,
        }
        _insert(ledger, "cash_token_transfer", 1, **moved)
        engine = DuckEngine(ledger.con)

        with pytest.raises(InputError, match="too large for a decimal: 0xffff"):
            engine.run("SELECT balance FROM cash_balances")


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("quotient(CAST('99999999999999999999999999999999999999' AS DECIMAL(38,0)), 7)", (10**38 - 1) // 7),
        ("ratio(200001, 21)", Decimal("9523.857142")),
        ("ratio(2, 3)", Decimal("0.666666")),
        ("ratio(CAST('10000000000000000000000000' AS DECIMAL(38,0)), 3)", Decimal("3" * 25 + ".333333")),
    ],
)
def test_division__of_whole_numbers__is_rounded_down_and_exact(expression: str, expected: Decimal) -> None:
    with Ledger.open(None, deployments.suite(), threads=1) as ledger:
        DuckEngine(ledger.con)

        assert run(ledger.con, f"SELECT {expression}").rows == [(expected,)]


def _facts(payment: Payment) -> tuple[Any, ...]:
    return (
        payment.funded,
        payment.paid,
        payment.units,
        payment.units_paid,
        payment.payer.lower(),
        payment.residue,
    )


def _class(member_class: MemberClass) -> dict[str, Any]:
    return {"class": int(member_class), "jurisdiction": "CN"}


def _insert(ledger: Ledger, table: str, place: int, **values: Any) -> None:
    row = {"block": place, "log_index": 0, "contract": "0x" + "0" * 40, **values}
    marks = ", ".join(f"${name}" for name in row)
    ledger.con.execute(f"INSERT INTO {table} ({', '.join(row)}) VALUES ({marks})", row)
