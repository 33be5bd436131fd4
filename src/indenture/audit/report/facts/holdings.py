"""Who holds a bond: each holder with what is frozen and bound, the classes, and how few hold most."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from indenture.audit.model import text
from indenture.audit.replay import World
from indenture.audit.replay.register import Register
from indenture.audit.report.facts.members import class_name

Facts = dict[str, Any]

_FEW = 10


def holding_facts(world: World, register: Register) -> Facts:
    """The register, the largest holders first: by what they hold, or held at the last record date."""
    records = list(range(1, register.records + 1))
    rows: list[Facts] = []
    for account, entry in register.entries.items():
        at = [entry.units_at(record) for record in records]
        now = register.units_of(account)
        if now or any(at) or entry.frozen:
            rows.append(
                {
                    "account": account,
                    "lei": text(world.members.of(account).lei),
                    "at_record": at,
                    "now": now,
                    "frozen": min(entry.frozen, entry.units),
                    "bound": entry.pledged,
                }
            )
    rows.sort(key=lambda row: (-row["now"], *(-units for units in row["at_record"][-1:]), row["account"]))
    return {
        "records": records,
        "totals": [register.supply.units_at(record) for record in records],
        "outstanding": register.supply.units,
        "holders": sum(1 for row in rows if row["now"]),
        "frozen": sum(row["frozen"] for row in rows),
        "bound": register.bound,
        **_concentration([row["now"] for row in rows]),
        "classes": _classes(world, rows),
        "rows": rows,
    }


def _concentration(units: Sequence[int]) -> Facts:
    """The share of the largest holder, and of the ten largest."""
    held, total = sorted(units, reverse=True), sum(units)

    def share(most: int) -> str | None:
        return f"{Decimal(100 * sum(held[:most])) / total:.2f}" if total else None

    return {"largest_percent": share(1), "ten_largest_percent": share(_FEW)}


def _classes(world: World, rows: Sequence[Facts]) -> list[Facts]:
    """Units by class of member, the largest first."""
    units: defaultdict[str, int] = defaultdict(int)
    holders: defaultdict[str, int] = defaultdict(int)
    for row in rows:
        if row["now"]:
            member = world.members.members.get(world.members.of(row["account"]).lei)
            name = class_name(member.class_) if member else "no member"
            units[name] += row["now"]
            holders[name] += 1
    return [
        {"class": name, "holders": holders[name], "units": held}
        for name, held in sorted(units.items(), key=lambda each: (-each[1], each[0]))
    ]
