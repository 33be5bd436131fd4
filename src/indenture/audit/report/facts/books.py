"""What a report takes from the ledger's tables: sums, counts and series, never one object an event.

Every question ends at the last block of the audit, for a ledger may reach further.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import duckdb

from indenture.chain import checksum

ZERO = "0x" + "0" * 40

Row = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Trade:
    """One trade, as it was settled; addresses are checksummed, ``time`` is in unix seconds."""

    block: int
    time: int
    tx_hash: str
    seller: str
    buyer: str
    cash: str
    units: int
    amount: int


class Books:
    """The tables of a ledger, up to a block.

    Args:
        con: The ledger's connection.
        last: The last block.
    """

    def __init__(self, con: duckdb.DuckDBPyConnection, last: int) -> None:
        self._con = con
        self._last = last

    def rows(self, query: str, **values: Any) -> list[Row]:
        """Answers of a query that asks for blocks up to ``$last``; addresses in it are lower-case."""
        return self._con.execute(query, {"last": self._last, **values}).fetchall()

    def figures(self) -> tuple[int, int, int]:
        """Logs, transactions and blocks that hold any."""
        ((logs, transactions, blocks),) = self.rows(
            """
            SELECT count(*), count(DISTINCT (block << 24) | tx_index), count(DISTINCT block)
            FROM log WHERE block <= $last
            """
        )
        return int(logs), int(transactions), int(blocks)

    def genesis(self) -> str | None:
        """Hash of the chain's first block, if the ledger knows it."""
        found = self._con.execute("SELECT value FROM meta WHERE key = 'genesis'").fetchall()
        return str(found[0][0]) if found and found[0][0] else None

    def hashes(self, most: int) -> dict[int, str]:
        """Hashes of some blocks with events: the first, and all whose number a power of two divides.

        The power is the smallest that leaves no more than ``most``. So two reports of one chain share blocks,
        however far each of them reaches.
        """
        step = 1
        while self._count(step) > most:
            step *= 2
        found = self.rows(
            """
            SELECT number, hash FROM block
            WHERE number <= $last
              AND (number % $step = 0 OR number = (SELECT min(number) FROM block))
            ORDER BY number
            """,
            step=step,
        )
        return {int(number): str(hash_) for number, hash_ in found}

    def _count(self, step: int) -> int:
        ((count,),) = self.rows(
            "SELECT count(*) FROM block WHERE number <= $last AND number % $step = 0", step=step
        )
        return int(count)

    def supply(self, table: str, contract: str, minutes: int = 0) -> list[tuple[date, int, int]]:
        """What was issued and redeemed of a token, day by day.

        Args:
            table: Its transfers: ``bond_transfer`` or ``cash_token_transfer``.
            contract: The token.
            minutes: Offset of the days from UTC.
        """
        found = self.rows(
            f"""
            SELECT CAST(time + to_minutes($minutes) AS DATE) AS day,
                   sum(CASE WHEN from_ = $zero THEN value ELSE 0 END),
                   sum(CASE WHEN to_ = $zero THEN value ELSE 0 END)
            FROM {table}
            WHERE contract = $contract AND block <= $last AND time IS NOT NULL
              AND (from_ = $zero OR to_ = $zero)
            GROUP BY day ORDER BY day
            """,  # noqa: S608 (one of two names of this module's callers)
            contract=contract.lower(),
            minutes=minutes,
            zero=ZERO,
        )
        return [(day, int(issued), int(redeemed)) for day, issued, redeemed in found]

    def moved(self, table: str, contract: str) -> tuple[int, int]:
        """How often a token moved, issues and redemptions too, and how much of it between accounts."""
        ((count, units),) = self.rows(
            f"""
            SELECT count(*), sum(CASE WHEN from_ <> $zero AND to_ <> $zero THEN value ELSE 0 END)
            FROM {table} WHERE contract = $contract AND block <= $last
            """,  # noqa: S608 (one of two names of this module's callers)
            contract=contract.lower(),
            zero=ZERO,
        )
        return int(count), int(units or 0)

    def proceeds(self, offerings: list[int], minutes: int) -> list[tuple[date, int]]:
        """What offerings brought in, day by day."""
        found = self.rows(
            """
            SELECT CAST(time + to_minutes($minutes) AS DATE) AS day, sum(amount)
            FROM offering_proceeds_paid
            WHERE offering_id IN (SELECT unnest($offerings)) AND block <= $last AND time IS NOT NULL
            GROUP BY day ORDER BY day
            """,
            offerings=offerings,
            minutes=minutes,
        )
        return [(day, int(amount)) for day, amount in found]

    def paid(self, bond: str, minutes: int) -> list[tuple[date, int, int, int, int]]:
        """What holders and buyers were paid: day, period, units and amount of a batch, its number."""
        found = self.rows(
            """
            SELECT CAST(time + to_minutes($minutes) AS DATE) AS day, period, units, amount, count(*)
            FROM (
                SELECT time, block, bond, period, units, amount FROM servicing_holders_paid
                UNION ALL
                SELECT time, block, bond, period, units, amount FROM servicing_claims_paid
            )
            WHERE bond = $bond AND block <= $last AND time IS NOT NULL
            GROUP BY ALL ORDER BY ALL
            """,
            bond=bond.lower(),
            minutes=minutes,
        )
        return [
            (day, int(period), int(units), int(amount), int(n)) for day, period, units, amount, n in found
        ]

    def settled(self, bond: str, minutes: int) -> list[tuple[date, int]]:
        """What events of holders paid, day by day."""
        found = self.rows(
            """
            SELECT CAST(time + to_minutes($minutes) AS DATE) AS day, sum(amount)
            FROM servicing_action_settled WHERE bond = $bond AND block <= $last AND time IS NOT NULL
            GROUP BY day ORDER BY day
            """,
            bond=bond.lower(),
            minutes=minutes,
        )
        return [(day, int(amount)) for day, amount in found]

    def taxes(self, bond: str) -> dict[int, int]:
        """Tax withheld of each payment."""
        found = self.rows(
            """
            SELECT period, sum(tax) FROM servicing_tax_withheld
            WHERE bond = $bond AND block <= $last GROUP BY period
            """,
            bond=bond.lower(),
        )
        return {int(period): int(tax or 0) for period, tax in found}

    def traded(self, bond: str) -> tuple[int, int]:
        """Number of trades, and units in all of them."""
        ((count, units),) = self.rows(
            "SELECT count(*), sum(units) FROM settlement_trade_settled WHERE bond = $bond AND block <= $last",
            bond=bond.lower(),
        )
        return int(count), int(units or 0)

    def trades(self, bond: str, most: int) -> list[Trade]:
        """The latest trades, in chain order."""
        found = self.rows(
            """
            WITH latest AS (
                SELECT * FROM settlement_trade_settled WHERE bond = $bond AND block <= $last
                ORDER BY block DESC, log_index DESC LIMIT $most
            )
            SELECT t.block, epoch(t.time), l.tx_hash, t.seller, t.buyer, t.cash, t.units, t.amount
            FROM latest t JOIN log l USING (block, log_index)
            ORDER BY t.block, t.log_index
            """,
            bond=bond.lower(),
            most=most,
        )
        return [
            Trade(int(b), int(at or 0), tx, checksum(s), checksum(p), checksum(c), int(units), int(amount))
            for b, at, tx, s, p, c, units, amount in found
        ]

    def total(self, table: str, contract: str) -> int:
        """Sum of the amounts of a contract's events of one name."""
        ((amount,),) = self.rows(
            f"SELECT sum(amount) FROM {table} WHERE contract = $contract AND block <= $last",  # noqa: S608
            contract=contract.lower(),
        )
        return int(amount or 0)
