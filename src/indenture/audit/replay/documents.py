"""The documents of one bond."""

from __future__ import annotations

from dataclasses import dataclass

from indenture.audit.events import Event
from indenture.audit.replay.touched import Touched


@dataclass(frozen=True, slots=True)
class Document:
    """The present version of a document."""

    uri: str
    hash: bytes
    modified: int


class Documents:
    """Documents by name, and the order in which the contract lists them."""

    def __init__(self, bond: str, touched: Touched) -> None:
        self.by_name: dict[bytes, Document] = {}
        self.names: list[bytes] = []
        self._bond = bond
        self._touched = touched

    def apply(self, event: Event) -> None:
        """Takes one event of the bond in."""
        if event.name not in ("DocumentUpdated", "DocumentRemoved"):
            return
        name = event["name"]
        self._touched.add("document", self._bond, name)
        self._touched.add("documents", self._bond)
        if event.name == "DocumentUpdated":
            if name not in self.by_name:
                self.names.append(name)
            self.by_name[name] = Document(event["uri"], event["documentHash"], event.time)
        elif name in self.by_name:
            # The contract fills the gap with the last name.
            del self.by_name[name]
            self.names[self.names.index(name)] = self.names[-1]
            self.names.pop()
