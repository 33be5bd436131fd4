"""Sending many calls, and telling somebody how far it is."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from indenture.chain import ContractCall, Receipt, Sender, send_all, send_each
from indenture.errors import TransactionError

#: Called with a step, how much of it is done, and how much there is.
Progress = Callable[[str, int, int], None]

_PART = 256

Items = Sequence[tuple[Sender, ContractCall]]


def send_each_counted(items: Items, progress: Progress | None, step: str) -> list[Receipt | TransactionError]:
    """``send_each``, in parts where somebody wants to know how far it is."""
    if progress is None:
        return send_each(items)
    done: list[Receipt | TransactionError] = []
    progress(step, 0, len(items))
    for start in range(0, len(items), _PART):
        done += send_each(items[start : start + _PART])
        progress(step, len(done), len(items))
    return done


def send_all_counted(items: Items, progress: Progress | None, step: str) -> list[Receipt]:
    """``send_all``, in parts where somebody wants to know how far it is."""
    if progress is None:
        return send_all(items)
    done: list[Receipt] = []
    progress(step, 0, len(items))
    for start in range(0, len(items), _PART):
        done += send_all(items[start : start + _PART])
        progress(step, len(done), len(items))
    return done
