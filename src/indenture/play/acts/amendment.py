"""Terms that are changed with the consent of holders."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, ClassVar

from indenture.play.acts.base import Act, BondName, Rehearsal, Sends, TermsName
from indenture.play.acts.holders_events import EventAct, opened
from indenture.play.fields import Day, Instant, Text, digest_of
from indenture.termsheet import load_term_sheet

if TYPE_CHECKING:
    from indenture.play.stage import Stage


class ProposeTerms(Act):
    """The issuer puts new terms to the holders, who consent by electing.

    Attributes:
        bond: The bond.
        by: The issuer's account.
        terms: The whole term sheet as it is to be, a file of the case.
        effective_day: They apply from the first period that begins on it or later.
        closes: Until when holders may consent.
        clause: What is changed.
        resolution: The resolution; its hash goes on chain.
    """

    word: ClassVar[str] = "propose_terms"
    bond: BondName
    by: Sends
    terms: TermsName
    effective_day: Day
    closes: Instant
    clause: Text
    resolution: Text

    def check(self, scene: Rehearsal) -> Iterator[tuple[str, str, str]]:
        """Whether they are of the bond, which lets holders change its terms."""
        sheet, old = load_term_sheet(scene.case.folder / self.terms), scene.bonds[self.bond]
        if sheet.isin != old.isin:
            yield "terms", f"are of {sheet.isin}, the bond is {old.isin}", ""
        if not old.rights.amendment_share:
            yield "bond", "lets no share of the holders change its terms", "Leave the act out."
        if self.closes <= scene.clock:
            yield "closes", f"{self.closes:%Y-%m-%d %H:%M} UTC is over", ""
        scene.proposed[self.bond] = sheet

    def perform(self, stage: Stage) -> str:
        """Proposes them."""
        issuer = stage.issuer(stage.one(self.by))
        return opened(
            issuer.propose_terms(
                stage.bond(self.bond).bond,
                stage.case.folder / self.terms,
                effective_day=self.effective_day,
                closes=self.closes,
                clause=self.clause,
                resolution=digest_of(self.resolution),
            )
        )


class EnactTerms(EventAct):
    """Puts proposed terms into force, when enough holders have consented.

    Attributes:
        by: Who does it; anyone may.
    """

    word: ClassVar[str] = "enact_terms"
    by: Sends

    def check(self, scene: Rehearsal) -> Iterator[tuple[str, str, str]]:
        """Whether terms were proposed; their payments are the bond's from here on."""
        if self.bond not in scene.proposed:
            yield "bond", "has no terms proposed by now", "Put propose_terms before."
            return
        proposed = scene.proposed.pop(self.bond)
        scene.extended[self.bond] = proposed.period_count - scene.bonds[self.bond].period_count

    def perform(self, stage: Stage) -> str:
        """Enacts them."""
        done = stage.paying_agent(stage.one(self.by)).enact_terms(stage.bond(self.bond).bond, self.action)
        return f"version {done.version}, from period {done.from_period} on"
