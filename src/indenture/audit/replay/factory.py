"""The factory: the current implementation, and the bonds by ISIN."""

from __future__ import annotations

from indenture.audit.events import Event
from indenture.audit.replay.cash import ZERO
from indenture.audit.replay.touched import Touched


class FactoryBook:
    """What the factory stores."""

    def __init__(self, touched: Touched) -> None:
        self.implementation = ZERO
        self.bonds: dict[bytes, str] = {}
        self._touched = touched

    def apply(self, event: Event) -> None:
        """Takes one event of the factory in."""
        if event.name == "ImplementationSet":
            self.implementation = event["newImplementation"]
            self._touched.add("implementation")
        elif event.name == "BondRegistered":
            self.bonds[event["isin"]] = event["bond"]
            self._touched.add("isin", event["isin"])
            self._touched.add("bond count")
