"""What an act is: fields that a file gives, checks before anything is sent, and the doing of it.

A new act is a class beside the others, with ``word`` as its name in the file; nothing else has to know it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, ClassVar, cast

from indenture.errors import IndentureError
from indenture.play.fields import Block, Name, Selector, Selectors, Text
from indenture.primary import ClassRule, Rules, load_offering_sheet
from indenture.termsheet import TermSheet, load_term_sheet

if TYPE_CHECKING:
    from indenture.interest import BenchmarkKind
    from indenture.play.case import Case
    from indenture.play.stage import Stage

#: What is wrong with a field, and what to do.
Problem = tuple[str, str]


@dataclass(frozen=True, slots=True)
class PlannedOffering:
    """An offering that a case mandates.

    Attributes:
        rules: Its rules, in the contract's units.
        classes: What each class of bidders must and may do.
        seats: Number of the class of each account that is invited to the syndicate.
    """

    rules: Rules
    classes: tuple[ClassRule, ...]
    seats: dict[str, int]

    def class_rule(self, account: str) -> ClassRule:
        """What an account must and may bid, once those who are invited have joined."""
        return self.classes[self.seats.get(account, 0)]


@dataclass(slots=True)
class Rehearsal:
    """What is known of a play before it is played, as the acts are read one after the other.

    Attributes:
        bonds: Term sheets, by label.
        offerings: The latest offering of each bond.
        benchmarks: What the values of each benchmark are.
        extended: Periods by which bonds were renewed, or otherwise made longer.
        proposed: Term sheets that were put to the holders of a bond.
        trades: Trades at a clean price that were agreed.
    """

    case: Case
    clock: datetime
    bonds: dict[str, TermSheet] = field(default_factory=dict)
    offerings: dict[str, PlannedOffering] = field(default_factory=dict)
    benchmarks: dict[str, BenchmarkKind] = field(default_factory=dict)
    extended: dict[str, int] = field(default_factory=dict)
    proposed: dict[str, TermSheet] = field(default_factory=dict)
    trades: set[str] = field(default_factory=set)

    def periods(self, bond: str) -> int:
        """Payments of a bond, as renewed by now."""
        return self.bonds[bond].period_count + self.extended.get(bond, 0)


@dataclass(frozen=True, slots=True)
class Accounts:
    """Marks a field that names accounts.

    Attributes:
        one: It must name exactly one.
        key: They must have a key of their own: only investors may be wallet contracts.
    """

    one: bool = False
    key: bool = False

    def check(self, value: object, scene: Rehearsal) -> Iterator[Problem]:
        """What is wrong with the names."""
        selectors = [value] if isinstance(value, str) else cast("tuple[str, ...]", value)
        try:
            accounts = scene.case.accounts(*selectors)
        except KeyError as unknown:
            known = sorted(
                {name for party in scene.case.parties for name in party.names if name[-1:].isalpha()}
            )
            yield f"{unknown.args[0]!r} is nobody in this case", f"Known: all, {', '.join(known)}."
            return
        if self.one and len(accounts) != 1:
            yield f"{value!r} names {len(accounts)} accounts, one is needed", "Write member/account."
        contracts = [a for a in accounts if scene.case.is_contract(a)]
        if self.key and contracts:
            yield (
                f"{contracts[0]} is a wallet contract, which acts as an investor only",
                "Name an account with a key.",
            )


@dataclass(frozen=True, slots=True)
class BondLabel:
    """Marks a field that names a bond which an earlier act registered."""

    def check(self, value: object, scene: Rehearsal) -> Iterator[Problem]:
        """Whether there is such a bond by now."""
        if value not in scene.bonds:
            yield (
                f"no bond is registered as {value!r} by now",
                f"Registered: {', '.join(scene.bonds) or 'none'}.",
            )


@dataclass(frozen=True, slots=True)
class TermsFile:
    """Marks a field that names a term sheet of the case's folder."""

    def check(self, value: object, scene: Rehearsal) -> Iterator[Problem]:
        """Whether the term sheet can be read and is right in itself."""
        try:
            load_term_sheet(scene.case.folder / str(value))
        except IndentureError as error:
            yield error.message, error.hint


@dataclass(frozen=True, slots=True)
class OfferingFile:
    """Marks a field that names an offering sheet of the case's folder."""

    def check(self, value: object, scene: Rehearsal) -> Iterator[Problem]:
        """Whether the offering sheet can be read."""
        try:
            load_offering_sheet(scene.case.folder / str(value))
        except IndentureError as error:
            yield error.message, error.hint


@dataclass(frozen=True, slots=True)
class Later:
    """Marks the instant to which an act takes the clock."""

    def check(self, value: object, scene: Rehearsal) -> Iterator[Problem]:
        """Whether it is after the one before it."""
        later = cast("datetime", value)
        if later <= scene.clock:
            yield (
                f"{later:%Y-%m-%d %H:%M} UTC is not after {scene.clock:%Y-%m-%d %H:%M}",
                "Time only goes forward.",
            )
        scene.clock = later


_MARKERS = (Accounts, BondLabel, TermsFile, OfferingFile, Later)

#: One account.
One = Annotated[Selector, Accounts(one=True)]
#: One account that sends by its own key.
Sends = Annotated[Selector, Accounts(one=True, key=True)]
#: Accounts that something is done to.
Several = Annotated[Selectors, Accounts()]
BondName = Annotated[Name, BondLabel()]
TermsName = Annotated[Text, TermsFile()]
OfferingName = Annotated[Text, OfferingFile()]

Progress = Callable[[str, int, int], None]


class Act(Block):
    """One thing that happens."""

    word: ClassVar[str]

    def title(self) -> str:
        """What is about to happen, in a few words; the word itself unless an act knows better."""
        return self.word.replace("_", " ").capitalize()

    def check(self, scene: Rehearsal) -> Iterator[tuple[str, str, str]]:
        """What is wrong with fields against each other or the case: field, reason, what to do."""
        del scene
        yield from ()

    def perform(self, stage: Stage) -> str:
        """Does it, on chain, and says what was done."""
        raise NotImplementedError

    def rehearse(self, scene: Rehearsal) -> Iterator[tuple[str, str, str]]:
        """Every problem that can be found before anything is sent: field, reason, what to do."""
        sound = True
        for name, info in type(self).model_fields.items():
            value = getattr(self, name)
            for marker in info.metadata:
                if value in (None, ()) or not isinstance(
                    marker, (Accounts, BondLabel, TermsFile, OfferingFile, Later)
                ):
                    continue
                for reason, hint in marker.check(value, scene):
                    sound = False
                    yield info.alias or name, reason, hint
        if sound:
            yield from self.check(scene)
