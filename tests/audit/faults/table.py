"""The table of docs/audit.md."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from tests.audit.faults.plants import Fault

_HEAD = ("fault", "contract", "what it does", "what the operator gains", "without the code, found by")

_REST = """In bold is what finds it first, in the order of the chain.
`two_faces` is found by its code alone: who is not the one that it deceives is told the truth.
`first_balance` leaves the release's code behind.
What created it gives it away (`CODE-3`), and so does the proof of the whole storage.
That proof alone finds `sleeper` as long as it waits: no event and no view names its account.
What comes through another contract hides who signed, and who called.
Then the code is all that speaks, and a notice tells of it (`NOTE-10`).
Each story is also played on the release, where it is refused or breaks no rule.
One of them: `pytest tests/audit/faults -k short_coupon`; the compiled contracts are kept in `build/faults`.
"""


def table(faults: Sequence[Fault]) -> str:
    """All faults, one a row."""
    rows = [_HEAD, ("---",) * len(_HEAD), *(tuple(_row(fault)) for fault in faults)]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows) + f"\n\n{_REST}"


def _row(fault: Fault) -> Iterator[str]:
    yield f"`{fault.name}`"
    yield f"`{fault.contract}`"
    yield fault.title
    yield fault.gain
    found_by = [f"**`{fault.found_by}`**"] if fault.found_by else ["nothing"]
    yield ", ".join([*found_by, *(f"`{kind}`" for kind in fault.also)])
