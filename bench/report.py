"""What was measured, as tables for people and as one JSON object."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rich.console import Console
from rich.table import Table

from bench.books import LargeBook
from bench.figures import FIGURES, PEER_SIZES, PEERS, SIZE_LIMIT, Figure
from bench.scale import Grown
from bench.schedules import Speed
from bench.throughput import Throughput

_WIDTH = 168
#: Gas of clearing and proof a tick bid, at most, in a book of a thousand.
CLEARING_REACH = 12_000


@dataclass(frozen=True, slots=True)
class Bench:
    """All that one run has measured.

    Attributes:
        client: The node.
        gas: Gas of each scenario.
        plain: Gas of each act on a plain ERC-20, and its size.
        grown: One bond with few and with many holders.
        grown_seconds: How long the many took to set up and measure.
        sizes: Runtime bytes by contract.
        throughput: Acts per second.
        books: Large sealed books, from the seal to the result.
        schedules: Schedules built and priced per second.
    """

    client: str
    gas: Mapping[str, int]
    plain: Mapping[str, int]
    grown: Grown
    grown_seconds: float
    sizes: Mapping[str, int]
    throughput: Sequence[Throughput]
    books: Sequence[LargeBook]
    schedules: Sequence[Speed]

    def as_json(self) -> dict[str, Any]:
        """The content of ``build/bench/gas.json``."""
        return {
            "client": self.client,
            "hardfork": "cancun",
            "figures": [self._figure(figure) for figure in FIGURES],
            "holders": {
                "gas_by_holders": {
                    act: {str(holders): gas for holders, gas in each.items()}
                    for act, each in self.grown.acts.items()
                },
                "everybody": [
                    {
                        "work": each.work,
                        "holders": each.holders,
                        "transactions": each.transactions,
                        "gas_per_holder": round(each.gas_per_holder, 1),
                        "seconds": round(each.seconds, 1),
                    }
                    for each in self.grown.everybody
                ],
                "seconds": round(self.grown_seconds, 1),
            },
            "sizes": dict(self.sizes),
            "throughput": [
                {
                    "work": each.work,
                    "sdk_per_second": round(each.sdk, 1),
                    "web3_per_second": round(each.web3, 1),
                    "web3_eager_per_second": round(each.web3_eager, 1),
                    "ratio": round(each.ratio, 1),
                }
                for each in self.throughput
            ],
            "books": [
                {
                    "tick_bids": book.tick_bids,
                    "bidders": book.bidders,
                    "bidders_at_the_margin": book.at_the_margin,
                    "seconds": {step: round(took, 1) for step, took in book.seconds.items()},
                    "gas_per_tick_bid": round(book.gas_per_tick_bid, 1),
                    "transactions": book.transactions,
                }
                for book in self.books
            ],
            "schedules": [
                {
                    "work": each.work,
                    "ours_per_second": round(each.ours),
                    "quantlib_per_second": round(each.quantlib),
                    "ratio": round(each.ratio, 2),
                }
                for each in self.schedules
            ],
            "scenarios": dict(self.gas),
            "plain_erc20": dict(self.plain),
        }

    def print(self, console: Console) -> None:
        """The tables."""
        tables = (
            self._targets(),
            self._against_peers(),
            self._grown(),
            self._everybody(),
            self._sizes(),
            self._speeds(),
            self._books(),
            self._schedules(),
        )
        for table in tables:
            console.print(table)
            console.print()

    def _figure(self, figure: Figure) -> dict[str, Any]:
        return {
            "operation": figure.operation,
            "gas": round(figure.value(self.gas), 1),
            "reach": figure.reach,
            "goal": figure.goal,
            "missed_by": round(max(0.0, figure.missed_by(self.gas)), 1) if figure.reach else None,
            "floor": figure.floor or None,
            "plain_erc20": self._plain(figure) or None,
            "peers_thousands": dict(zip(PEERS, figure.peers, strict=False)),
        }

    def _plain(self, figure: Figure) -> str:
        return f"{self.plain[figure.plain]:,}" if figure.plain in self.plain else figure.plain

    def _targets(self) -> Table:
        table = _table("Gas by receipts, against the project's own targets")
        for heading in ("gas", "to reach now", "", "goal later", "floor", "plain OZ ERC-20"):
            table.add_column(heading, justify="left" if not heading else "right")
        for figure in FIGURES:
            table.add_row(
                figure.operation,
                _gas(figure.value(self.gas)),
                _number(figure.reach),
                _mark(figure.missed_by(self.gas), figure.reach),
                _number(figure.goal),
                figure.floor,
                self._plain(figure),
            )
        return table

    def _against_peers(self) -> Table:
        table = _table("The same in thousand gas, beside the open peers")
        for heading in ("Indenture", "plain OZ ERC-20", *PEERS):
            table.add_column(heading, justify="right")
        for figure in FIGURES:
            if any(figure.peers):
                ours = f"[bold]{figure.value(self.gas) / 1000:,.1f}[/]"
                table.add_row(figure.operation, ours, self._plain_thousands(figure), *figure.peers)
        size = f"[bold]{self.sizes['Bond']:,}[/]"
        table.add_row("runtime bytes of the bond", size, f"{self.plain['size']:,}", *PEER_SIZES)
        return table

    def _plain_thousands(self, figure: Figure) -> str:
        if figure.plain in self.plain:
            return f"{self.plain[figure.plain] / 1000:,.1f}"
        return figure.plain.split("k,")[0]

    def _grown(self) -> Table:
        few, *_, many = sorted(next(iter(self.grown.acts.values())))
        table = _table("Gas of acts that concern every holder, none of which may grow with their number")
        for heading in (f"{few:,} holders", f"{many:,} holders", "more", ""):
            table.add_column(heading, justify="right")
        for act, gas in self.grown.acts.items():
            more = gas[many] - gas[few]
            table.add_row(act, _number(gas[few]), _number(gas[many]), _number(more), _mark(more, 0))
        return table

    def _everybody(self) -> Table:
        table = _table("Work for each of them, who have neither a holder number nor money yet")
        for heading in ("holders", "transactions", "gas a holder", "seconds"):
            table.add_column(heading, justify="right")
        for each in self.grown.everybody:
            numbers = f"{each.holders:,}", f"{each.transactions:,}"
            table.add_row(each.work, *numbers, _gas(each.gas_per_holder), f"{each.seconds:,.1f}")
        return table

    def _sizes(self) -> Table:
        table = _table(f"Runtime bytes, of {SIZE_LIMIT:,} allowed")
        table.add_column("bytes", justify="right")
        table.add_column("")
        for name, size in sorted(self.sizes.items(), key=lambda each: -each[1]):
            table.add_row(name, f"{size:,}", _mark(size - SIZE_LIMIT, SIZE_LIMIT))
        return table

    def _speeds(self) -> Table:
        table = _table("Acts per second on this machine, all of it on one Anvil")
        for heading in ("SDK, in bulk", "web3.py, one by one", "ratio", "web3.py, polling without pause"):
            table.add_column(heading, justify="right")
        for each in self.throughput:
            speeds = f"{each.sdk:,.0f}", f"{each.web3:,.1f}", f"{each.ratio:,.1f}", f"{each.web3_eager:,.1f}"
            table.add_row(each.work, *speeds)
        return table

    def _books(self) -> Table:
        table = _table("Large sealed books through the SDK, seconds by step, on one Anvil")
        steps = list(dict.fromkeys(step for book in self.books for step in book.seconds))
        for heading in (
            "bidders",
            "at the margin",
            *steps,
            "gas of clearing and proof a tick bid",
            "",
            "transactions",
        ):
            table.add_column(heading, justify="right")
        for book in self.books:
            table.add_row(
                f"{book.tick_bids:,} tick bids",
                f"{book.bidders:,}",
                f"{book.at_the_margin:,}",
                *(f"{book.seconds[step]:,.1f}" for step in steps),
                _gas(book.gas_per_tick_bid),
                _mark(book.gas_per_tick_bid - CLEARING_REACH, CLEARING_REACH),
                f"{book.transactions:,}",
            )
        return table

    def _schedules(self) -> Table:
        table = _table("Schedules per second in one process, random bonds of one to ten years")
        for heading in ("Indenture, exact", "QuantLib, from Python", "ratio"):
            table.add_column(heading, justify="right")
        for each in self.schedules:
            table.add_row(each.work, f"{each.ours:,.0f}", f"{each.quantlib:,.0f}", f"{each.ratio:,.2f}")
        return table


def markdown(gas: Mapping[str, int]) -> str:
    """The figures as ``docs/gas.md`` has them: what follows from the gas of the scenarios alone."""
    targets = [
        (
            figure.operation,
            _gas(figure.value(gas)),
            _number(figure.reach),
            _plain_mark(figure.missed_by(gas), figure.reach),
            _number(figure.goal),
            figure.floor,
        )
        for figure in FIGURES
    ]
    peers = [
        (figure.operation, f"{figure.value(gas) / 1000:,.1f}", *figure.peers)
        for figure in FIGURES
        if any(figure.peers)
    ]
    return "\n".join(
        [
            *_markdown_table(("operation", "gas", "to reach now", "", "goal later", "floor"), targets),
            "",
            "In thousand gas, beside the open peers:",
            "",
            *_markdown_table(("operation", "Indenture", *PEERS), peers),
        ]
    )


def _markdown_table(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    rule = ("---", *("---:" for _ in headings[1:]))
    escaped = ([cell.replace("|", "\\|") for cell in row] for row in (headings, rule, *rows))
    return [f"| {' | '.join(row)} |" for row in escaped]


def console() -> Console:
    """Wide enough for the tables, also where the output is no terminal."""
    plain = Console()
    return plain if plain.is_terminal and plain.width >= _WIDTH else Console(width=_WIDTH)


def _table(title: str) -> Table:
    table = Table(title=title, title_justify="left", title_style="bold")
    table.add_column("")
    return table


def _gas(value: float) -> str:
    return f"{value:,.0f}"


def _number(value: int | None) -> str:
    return "" if value is None else f"{value:,}"


def _mark(missed_by: float, reach: int | None) -> str:
    colour = "green" if missed_by <= 0 else "red"
    words = _plain_mark(missed_by, reach)
    return f"[{colour}]{words}[/]" if words else ""


def _plain_mark(missed_by: float, reach: int | None) -> str:
    if reach is None:
        return ""
    return "reached" if missed_by <= 0 else f"{missed_by:,.0f} above"
