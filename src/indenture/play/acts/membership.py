"""The depository's acts: who is a member, and which days are business days."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, ClassVar

from pydantic import Field

from indenture.calendars import available_calendars, load_calendar
from indenture.play.acts.base import Act, Rehearsal, Several
from indenture.play.fields import Text, Whole

if TYPE_CHECKING:
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
        return f"{len(parties)} members with {len(accounts)} accounts"


class PublishCalendar(Act):
    """Publishes the working days of a market.

    Attributes:
        calendar: Code of the market.
        years: Years to publish.
    """

    word: ClassVar[str] = "publish_calendar"
    calendar: Text
    years: Annotated[tuple[Whole, ...], Field(min_length=1)]

    def title(self) -> str:
        """What is about to happen."""
        return "Publish calendar"

    def check(self, scene: Rehearsal) -> Iterator[tuple[str, str, str]]:
        """Whether the package has these years."""
        del scene
        if self.calendar not in available_calendars():
            yield "calendar", f"{self.calendar!r} is not known", f"Known: {', '.join(available_calendars())}."
            return
        known = load_calendar(self.calendar).years
        for year in self.years:
            if year not in known:
                yield "years", f"{self.calendar} has no working days of {year}", f"It ends with {max(known)}."

    def perform(self, stage: Stage) -> str:
        """Publishes them as the package has them."""
        stage.depository.publish_calendar(load_calendar(self.calendar), list(self.years))
        return f"{self.calendar} {', '.join(map(str, self.years))}"
