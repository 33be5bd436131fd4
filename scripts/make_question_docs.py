"""Writes docs/questions.md: each worked question with its SQL, and its answer on bonds of all kinds.

python scripts/make_question_docs.py            play the chain, ask, write
python scripts/make_question_docs.py --check    play nothing; fail when a question or its SQL is stale

The chain is that of `indenture play lives`.  The answers are what it gave when the page was written;
questions and SQL are those of the files, as a test makes sure.
"""

from __future__ import annotations

import re
import sys
from decimal import Decimal
from pathlib import Path
from typing import Any

from indenture.chain import AnvilNode
from indenture.ledger import Ledger, ingest
from indenture.ledger.engines import DuckEngine
from indenture.ledger.questions import Answer, questions
from indenture.ledger.views import VIEWS, about
from indenture.play import load_lives, play_lives

ROOT = Path(__file__).resolve().parent.parent
FILE = ROOT / "docs" / "questions.md"
MARK = "<!-- What follows is written by scripts/make_question_docs.py; do not edit. -->\n"
ROWS = 6
LONG = 14

# What is asked; a query where an address, a day or a block is looked up.
BOUND = "SELECT min(from_block) FROM positions JOIN bonds USING (bond) WHERE isin = '{}' AND bound > 0"
GIVEN = {
    "holders": {"isin": "CND1000LOT14", "block": BOUND.format("CND1000LOT14")},
    "concentration": {"isin": "CND1000DEFA0", "block": "SELECT min(due_block) FROM defaults"},
    "income": {
        "account": "SELECT account FROM payouts WHERE tax > 0 GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 1"
    },
    "movable": {"isin": "CND1000RES03", "block": BOUND.format("CND1000RES03")},
    "trades": {"day": "SELECT CAST(min(time) AS DATE) FROM trades"},
    "history": {
        "isin": "CND1000LOT14",
        "account": "SELECT holder FROM positions WHERE bound > 0 ORDER BY holder LIMIT 1",
    },
    "entitlements": {"isin": "CND1000TAX99", "period": "1"},
    "accounts": {"role": "bookrunner"},
    "allotments": {"offering": "1"},
    "fixings": {"isin": "CND1000FLC06"},
}

ANSWER = re.compile(r"<!-- answer: (\w+) -->\n(.*?)<!-- end -->\n", re.DOTALL)


def main() -> int:
    text = FILE.read_text(encoding="utf-8")
    answers = dict(ANSWER.findall(text)) if "--check" in sys.argv[1:] else asked()
    fresh = text.partition(MARK)[0] + MARK + page(answers)
    if "--check" not in sys.argv[1:]:
        FILE.write_text(fresh, encoding="utf-8")
        return 0
    if text != fresh:
        print(f"{FILE.name} is stale: run python scripts/make_question_docs.py", file=sys.stderr)
        return 1
    return 0


def page(answers: dict[str, str]) -> str:
    """All after the mark."""
    parts = ["\n## The views\n\n| view | what it holds |\n|---|---|\n"]
    parts += [f"| `{name}` | {' '.join(about(name).split())} |\n" for name in VIEWS]
    parts.append("\n## The questions\n")
    for question in questions():
        said = re.sub(r"(?<=\.) (?=[A-Z])", "\n", question.answer)
        parts.append(f"\n### {question.number}. {question.title}\n\n{said}\n\n")
        sql = "\n".join(line for line in question.sql.splitlines() if not line.startswith("--"))
        parts.append(f"<!-- answer: {question.name} -->\n{answers.get(question.name, '')}<!-- end -->\n")
        parts.append(f"\n```sql\n{sql.strip()}\n```\n")
    return "".join(parts)


def asked() -> dict[str, str]:
    """Plays the chain, and asks everything of it."""
    lives = load_lives()
    with AnvilNode(timestamp=lives.case.genesis) as node:
        chain = node.connect()
        deployment = play_lives(lives, narrator=_Silent(), chain=chain).deployment
        with Ledger.open(None, deployment) as ledger:
            ingest(ledger, chain, to=chain.block_stamp())
            return answers_of(DuckEngine(ledger.con))


def answers_of(engine: DuckEngine) -> dict[str, str]:
    """Each answer with the command that gives it, in Markdown."""
    parts = {}
    for question in questions():
        given = {name: found(engine, value) for name, value in GIVEN.get(question.name, {}).items()}
        typed = "".join(f" {name}={value}" for name, value in given.items())
        answer = engine.run(question.sql, question.bind(given, engine.head))
        command = f"indenture ledger ask lives.duckdb {question.name}{typed}"
        parts[question.name] = f"```\n{command}\n```\n\n{table(answer)}"
    return parts


def found(engine: DuckEngine, value: str) -> str:
    """A parameter as it stands, or what a query finds for it."""
    return str(engine.run(value).rows[0][0]) if value.startswith("SELECT") else value


def table(answer: Answer) -> str:
    """The first rows, addresses and hashes cut short."""
    if not answer.rows:
        return "No row: there was none on this chain.\n"
    head = f"| {' | '.join(answer.columns)} |\n|{'---|' * len(answer.columns)}\n"
    rows = "".join(f"| {' | '.join(map(cell, row))} |\n" for row in answer.rows[:ROWS])
    left = len(answer.rows) - ROWS
    return head + rows + (f"\nand {left:,} more rows\n" if left > 0 else "")


def cell(value: Any) -> str:
    """A value as the page shows it."""
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case int():
            return f"{value:,}"
        case Decimal():
            return f"{value:,f}"
        case str() if value.startswith("0x") and len(value) > LONG:
            return f"`{value[:8]}…`"
        case _:
            return str(value)


class _Silent:
    """Hears a play, and says nothing."""

    def begin(self, number: int, total: int, title: str) -> None:
        """An act begins."""

    def progress(self, step: str, done: int, total: int) -> None:
        """A part of the act is done."""

    def end(self, day: str, title: str, said: str, seconds: float) -> None:
        """The act is over."""


if __name__ == "__main__":
    sys.exit(main())
