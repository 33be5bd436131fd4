"""The depository's acts: who is a member, and which days are business days."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, ClassVar

from pydantic import Field

from indenture.calendars import joint_code
from indenture.errors import IndentureError, InputError
from indenture.play.acts.base import Act, Rehearsal, Several
from indenture.play.fields import Text, Whole, counted
from indenture.play.working_days import working_days

if TYPE_CHECKING:
    from indenture.calendars import Calendar
    from indenture.play.case import Case
    from indenture.play.stage import Stage


class Admit(Act):
    """Admits members with all their accounts, and gives them their roles.

    Attributes:
        members: Who is admitted.
    """

    word: ClassVar[str] = "admit"
    members: Several

    def title(self) -> str:
        """What is about to happen."""
        return "Admit members"

    def perform(self, stage: Stage) -> str:
        """Puts the wallet contracts of those who have one on chain, then admits all in batches."""
        accounts = stage.case.accounts(*self.members)
        stage.create_wallets(accounts)
        parties = list(
            {stage.case.party(account).id: stage.case.party(account) for account in accounts}.values()
        )
        first = [party.accounts[0] for party in parties]
        stage.depository.admit_members([stage.admission(account) for account in first])
        further = [account for account in accounts if account not in first]
        if further:
            stage.depository.admit_accounts([stage.further_admission(account) for account in further])
        return f"{counted(len(parties), 'member')} with {counted(len(accounts), 'account')}"


class PublishCalendar(Act):
    """Publishes the working days of a market.

    Attributes:
        calendar: Code of the market.
        years: Years to publish.
        file: A file of the case that has them; without one, they are those of the package.
    """

    word: ClassVar[str] = "publish_calendar"
    calendar: Text
    years: Annotated[tuple[Whole, ...], Field(min_length=1)]
    file: Text | None = None

    def title(self) -> str:
        """What is about to happen."""
        return "Publish calendar"

    def check(self, scene: Rehearsal) -> Iterator[tuple[str, str, str]]:
        """Whether the file, or the package, has these years."""
        try:
            known = self._working_days(scene.case).years
        except IndentureError as error:
            yield "file" if self.file else "calendar", error.message, error.hint
            return
        for year in self.years:
            if year not in known:
                listed = ", ".join(map(str, sorted(known)))
                yield "years", f"{self.calendar} has no working days of {year}", f"It has {listed}."

    def perform(self, stage: Stage) -> str:
        """Publishes them as they are known."""
        stage.depository.publish_calendar(self._working_days(stage.case), list(self.years))
        return f"{self.calendar} {', '.join(map(str, self.years))}"

    def _working_days(self, case: Case) -> Calendar:
        return working_days(self.calendar, case.folder / self.file if self.file else None)


class JoinCalendars(Act):
    """Defines the joint market of some markets: a working day of it is one of all of them.

    Attributes:
        calendars: Codes of the markets.
    """

    word: ClassVar[str] = "join_calendars"
    calendars: Annotated[tuple[Text, ...], Field(min_length=2, max_length=4)]

    def check(self, scene: Rehearsal) -> Iterator[tuple[str, str, str]]:
        """Whether they can be joined."""
        del scene
        try:
            joint_code(self.calendars)
        except InputError as error:
            yield "calendars", error.message, error.hint

    def perform(self, stage: Stage) -> str:
        """Defines it under the code that term sheets use."""
        code = joint_code(self.calendars)
        stage.depository.join_markets(self.calendars, code)
        return f"{code}: working days of {' and '.join(self.calendars)}"
