"""What all acts on a bond's offering share: that there is one, and that it is their time."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from indenture.play.acts.base import Act, BondName, PlannedOffering, Rehearsal
from indenture.play.fields import clock_text
from indenture.primary import Form

#: The times of an offering between which an act is possible, by name; None for no such bound.
Window = tuple[str | None, str | None]


class OfferingAct(Act):
    """An act on a bond's offering.

    Attributes:
        bond: The bond.
    """

    window: ClassVar[Window] = (None, None)
    #: Whether the act has no meaning in an open book.
    for_sealed: ClassVar[bool] = False
    bond: BondName

    def check(self, scene: Rehearsal) -> Iterator[tuple[str, str, str]]:
        """Whether there is an offering by now, and the act is in time."""
        offering = scene.offerings.get(self.bond)
        if offering is None:
            yield "bond", f"no offering of {self.bond!r} is mandated by now", "Put mandate before."
            return
        if self.for_sealed and offering.rules.form is Form.OPEN:
            yield "bond", "has an open book: its bids are in the clear", "Leave the act out."
            return
        first, last = (getattr(offering.rules, name) if name else None for name in self.window)
        if (first and scene.clock < first) or (last and scene.clock >= last):
            bounds = [f"from {clock_text(first)}"] if first else []
            bounds += [f"until {clock_text(last)}"] if last else []
            yield (
                "bond",
                f"the clock is at {clock_text(scene.clock)}, the act is possible {' '.join(bounds)}",
                "Change the clock with advance_to, or the times of the offering sheet.",
            )
            return
        yield from self.check_offering(scene, offering)

    def check_offering(self, scene: Rehearsal, offering: PlannedOffering) -> Iterator[tuple[str, str, str]]:
        """What is wrong with fields against the offering: field, reason, what to do."""
        del scene, offering
        yield from ()
