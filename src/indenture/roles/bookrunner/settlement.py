"""Payment and issue, the rest, and what becomes of deposits."""

from __future__ import annotations

from indenture.primary import Stage
from indenture.results import BatchResult, FinishResult, SettlementResult, TakeUpResult
from indenture.roles import _settling as settling
from indenture.roles._books import existing, require_stage
from indenture.roles._checks import batch_size, now
from indenture.roles._client import Client
from indenture.roles._sending import Progress

#: Tick bids of winners in one transaction that settles them.
_SETTLEMENTS = 50
_RELEASES = 150
_LARGEST = 2_000


class Settlement(Client):
    """A bookrunner's acts after the result."""

    def settle(
        self, offering_id: int, *, batch: int = _SETTLEMENTS, progress: Progress | None = None
    ) -> SettlementResult:
        """Settles every winner who has not paid yet: money to the issuer, units to the winner, in one act.

        Who has not the money now, or may not hold the bond now, is skipped and named; he can be settled
        later, up to ``settles_by``.

        Args:
            offering_id: The offering.
            batch: Tick bids in one transaction.
            progress: Called with a step, how many transactions are sent, and how many there are.

        Raises:
            OfferingRefused: The result is not published, it is not yet time or no longer, or no winner is
                left.
        """
        return settling.settle(self.suite, self.sender, offering_id, batch_size(batch, 200), progress)

    def take_up(self, offering_id: int, *, batch: int = _SETTLEMENTS) -> TakeUpResult:
        """Lets the underwriters take up their parts: of the rest, or after ``settles_by`` of what lapsed."""
        return settling.take_up(self.suite, self.sender, offering_id, batch_size(batch, 200))

    def lapse_all(
        self, offering_id: int, *, batch: int = _RELEASES, progress: Progress | None = None
    ) -> BatchResult:
        """After ``settles_by``: winners who did not pay lose their units, and their deposit to the issuer."""
        return settling.lapse(self.suite, self.sender, offering_id, batch_size(batch, _LARGEST), progress)

    def release_all(
        self, offering_id: int, *, batch: int = _RELEASES, progress: Progress | None = None
    ) -> BatchResult:
        """Returns the deposits of bidders who won nothing, or of all where the offering came to nothing."""
        return settling.release(self.suite, self.sender, offering_id, batch_size(batch, _LARGEST), progress)

    def forfeit_all(
        self, offering_id: int, *, batch: int = _RELEASES, progress: Progress | None = None
    ) -> BatchResult:
        """After ``reveals_by``: bids that nobody opened lose their deposit to the issuer."""
        return settling.forfeit(self.suite, self.sender, offering_id, batch_size(batch, _LARGEST), progress)

    def discharge_all(self, offering_id: int, *, batch: int = _RELEASES) -> BatchResult:
        """After ``takes_up_by``: returns the deposits of underwriters; who did not his part loses it."""
        return settling.discharge(self.suite, self.sender, offering_id, batch_size(batch, _LARGEST))

    def finish(self, offering_id: int, *, progress: Progress | None = None) -> FinishResult:
        """Does all that the clock allows after the result: settle, take up, lapse, forfeit and so on.

        It can be called again and again; what is done already is passed over.

        Args:
            offering_id: The offering.
            progress: Called with a step, how many transactions are sent, and how many there are.

        Raises:
            OfferingRefused: There is no result yet.
        """
        state = existing(self.suite, offering_id)
        over = (Stage.FAILED, Stage.CANCELLED)
        require_stage(self.suite, offering_id, state, Stage.PUBLISHED, *over)
        nothing, time = BatchResult(0, ()), now(self.suite.chain)
        settled, taken_up, lapsed, discharged = None, None, nothing, nothing
        if state.stage is Stage.PUBLISHED:
            in_time = state.settles_from <= time <= state.settles_by
            if in_time and settling.has_winners(self.suite, offering_id, state):
                settled = self.settle(offering_id, progress=progress)
            if state.settles_from <= time <= state.takes_up_by:
                taken_up = self.take_up(offering_id)
            if time > state.settles_by:
                lapsed = self.lapse_all(offering_id, progress=progress)
        if state.stage in over or time > state.takes_up_by:
            discharged = self.discharge_all(offering_id)
        return FinishResult(
            settled=settled,
            taken_up=taken_up,
            lapsed=lapsed,
            forfeited=self.forfeit_all(offering_id, progress=progress),
            released=self.release_all(offering_id, progress=progress),
            discharged=discharged,
        )
