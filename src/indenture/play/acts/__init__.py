"""The acts that a case can be made of, by the word that names each in a file."""

from __future__ import annotations

import inspect
import pkgutil
from importlib import import_module

from indenture.play.acts.base import Act


def _collect() -> dict[str, type[Act]]:
    acts: dict[str, type[Act]] = {}
    for module in pkgutil.iter_modules(__path__):
        for _, member in inspect.getmembers(import_module(f"{__name__}.{module.name}"), inspect.isclass):
            if issubclass(member, Act) and "word" in vars(member):
                acts[member.word] = member
    return acts


ACTS = _collect()

__all__ = ["ACTS", "Act"]
