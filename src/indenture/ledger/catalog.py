"""What a ledger holds: views, tables, their rows and columns."""

from __future__ import annotations

from dataclasses import dataclass

from indenture.errors import InputError
from indenture.ledger import views
from indenture.ledger.engines import Engine
from indenture.ledger.tables import EVENT_TABLES


@dataclass(frozen=True, slots=True)
class Listed:
    """A view or a table; ``about`` is empty for the table of an event."""

    name: str
    rows: int
    about: str


def names() -> list[str]:
    """Views first, then tables."""
    return [*views.VIEWS, *views.RAW, *(table.name for table in EVENT_TABLES)]


def listed(engine: Engine) -> list[Listed]:
    """All of them, with their rows."""
    counts = (f"SELECT {place}, '{name}', count(*) FROM {name}" for place, name in enumerate(names()))
    found = engine.run(f"{' UNION ALL '.join(counts)} ORDER BY 1")
    return [Listed(name, count, about(name).split(". ")[0].rstrip(".")) for _, name, count in found.rows]


def columns(engine: Engine, name: str) -> list[tuple[str, str]]:
    """Names and types of the columns of one.

    Raises:
        InputError: There is none of this name.
    """
    if name not in names():
        raise InputError(f"there is no table {name}", hint="`indenture ledger tables LEDGER` names them all.")
    return [(row[0], row[1]) for row in engine.run(f"DESCRIBE SELECT * FROM {name}").rows]


def about(name: str) -> str:
    """What a view holds, in one line; nothing for a table."""
    return " ".join(views.about(name).split()) if name in views.VIEWS else ""
