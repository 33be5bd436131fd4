"""Drawings by lot: of a sinking fund, and of units that the issuer called."""

from __future__ import annotations

from datetime import timedelta

from indenture.chain import Receipt
from indenture.contracts import Bond
from indenture.contracts._base import topic_of
from indenture.contracts.servicing_state import ActionState
from indenture.dates import instant, to_timestamp
from indenture.errors import InputError
from indenture.results import ActionResult, BatchResult, DrawResult
from indenture.rights import ActionKind
from indenture.roles._actions import opened_result, require_action, told
from indenture.roles._checks import batch_size, is_whole, now
from indenture.roles._client import Client
from indenture.roles._notice import check_not_due, refusal, shown
from indenture.roles._sending import Progress

#: Holders counted in one transaction.
_HOLDERS = 200
_MOST_HOLDERS = 400
#: A sinking fund is announced no longer than so before its payment.
_ANNOUNCED_BEFORE = timedelta(days=60)
#: In place of an event, where a sinking fund needed none.
_SATISFIED = 2**16 - 1


class Drawings(Client):
    """A paying agent's acts on drawings by lot."""

    def draw_sinking(self, bond: Bond | str, period: int) -> ActionResult:
        """Announces the drawing of a sinking fund, less what was cancelled before; anyone may.

        Args:
            bond: The bond.
            period: The payment with which the units are redeemed.

        Returns:
            The event; its ``action`` is None where enough was cancelled, and nothing is drawn.

        Raises:
            InputError: There is no such payment.
            TermsRefused: The terms have no sinking fund with it, it was announced before, or it is not time.
        """
        target = self.suite.bond(bond)
        check_not_due(self.suite, target)
        self._check_sinking(target, period)
        receipt = self.sender.transact(self.suite.servicing.draw_sinking(target.address, period))
        return opened_result(self.suite, target, receipt)

    def draw(
        self,
        bond: Bond | str,
        action: int,
        *,
        batch: int = _HOLDERS,
        progress: Progress | None = None,
    ) -> DrawResult:
        """Puts all holders into a row, and draws from each of them once the lot is cast.

        The lot is the hash of the block after the one that completes the row, which nobody knows before.
        Nothing of the bond moves from the first transaction to the last.  What was done before a failure is
        passed over when it is done again.

        Args:
            bond: The bond.
            action: Number of the drawing.
            batch: Holders in one transaction.
            progress: Called with a step, how many units are done, and how many there are.

        Raises:
            TermsRefused: There is no such drawing, it is complete, it is not time, or the bond was made due.
        """
        target = self.suite.bond(bond)
        state = require_action(self.suite, target, action, [ActionKind.DRAWING])
        batch_size(batch, _MOST_HOLDERS)
        check_not_due(self.suite, target)
        self._check_drawable(target, action, state)
        receipts = self._count(target, action, batch, progress)
        made, drawn, holders = self._draw(target, action, batch, progress)
        done = BatchResult.of(holders, [*receipts, *made])
        return DrawResult(
            count=done.count,
            transactions=done.transactions,
            action=action,
            drawn=drawn,
            completed=self.suite.servicing.drawing(target.address, action).is_complete,
        )

    def _count(self, bond: Bond, number: int, batch: int, progress: Progress | None) -> list[Receipt]:
        """Puts everybody into the row who does not stand in it; one by one, as the first shuts the books."""
        servicing, receipts = self.suite.servicing, []
        while not (drawing := servicing.drawing(bond.address, number)).counted_in:
            part = self._uncounted(bond, number)[:batch]
            receipts.append(self.sender.transact(servicing.count(bond.address, number, part)))
            if progress:
                drawing = servicing.drawing(bond.address, number)
                progress("count units", drawing.counted, drawing.units)
        return receipts

    def _draw(
        self, bond: Bond, number: int, batch: int, progress: Progress | None
    ) -> tuple[list[Receipt], dict[str, int], int]:
        """Draws from everybody in the row; a lot that was left so long that it is forgotten is cast anew."""
        servicing = self.suite.servicing
        receipts: list[Receipt] = []
        drawn: dict[str, int] = {}
        holders = 0
        while not (drawing := servicing.drawing(bond.address, number)).is_complete:
            if not drawing.is_seeded:
                receipts += self._wait_for_lot(bond, drawing.counted_in)
            part = self._undrawn(bond, number)[:batch]
            receipt = self.sender.transact(servicing.draw(bond.address, number, part))
            receipts.append(receipt)
            for event in told(self.suite, receipt, "UnitsDrawn"):
                holders += len(event["holders"])
                pairs = zip(event["holders"], event["drawn"], strict=True)
                drawn |= {holder: units for holder, units in pairs if units}
            if progress:
                progress("draw units", servicing.drawing(bond.address, number).passed, drawing.units)
        return receipts, drawn, holders

    def _wait_for_lot(self, bond: Bond, counted_in: int) -> list[Receipt]:
        """Lets two blocks pass; small transactions make them also where blocks are made on demand."""
        receipts = []
        while self.suite.chain.block_stamp().number <= counted_in + 1:
            receipts.append(self.sender.transact(bond.advance()))
        return receipts

    def _check_sinking(self, bond: Bond, period: int) -> None:
        figures, servicing = self.figures(bond), self.suite.servicing
        last = figures.last_period
        if not is_whole(period) or not 1 <= period <= last:
            raise InputError(
                f"{bond.isin} has no payment {period!r}", hint=f"They are numbered from 1 to {last}."
            )
        sinking = {each.period: each.units for each in figures.terms_of(period).rights.sinking}
        due = instant(bond.terms.due_day(period), 0, bond.terms.utc_offset)
        time, why, hint = now(self.suite.chain), "", ""
        if period not in sinking:
            why = "the terms have no sinking fund with it"
            known = ", ".join(str(each) for each in sinking)
            hint = f"They have one with payment {known}." if known else "They have none at all."
        elif found := servicing.sinking_of(bond.address, period):
            is_satisfied = found == _SATISFIED
            why = "cancelled units cover it" if is_satisfied else f"it is event {found} already"
            hint = "Nothing is drawn." if is_satisfied else "Draw that one (draw)."
        elif period == last:
            why, hint = "it is the last one, and repays all", "Redeem the bond."
        elif time < due - _ANNOUNCED_BEFORE:
            why, hint = "it is too early", f"Come from {shown(due - _ANNOUNCED_BEFORE)} on."
        if why:
            message = f"the sinking fund of {bond.isin} cannot be drawn for payment {period}: {why}"
            raise refusal(self.suite, bond, "SinkingRefused", message, hint, period=period)

    def _check_drawable(self, bond: Bond, number: int, action: ActionState) -> None:
        time = now(self.suite.chain)
        if time < action.opens_at:
            raise refusal(
                self.suite,
                bond,
                "ActionNotOpen",
                f"event {number} of {bond.isin} is drawn from {shown(action.opens_at)} on, "
                f"and it is {shown(time)}",
                "Holders trade until then.",
                action=number,
                opensAt=to_timestamp(action.opens_at),
                closesAt=to_timestamp(action.closes_at),
                time=to_timestamp(time),
            )
        if self.suite.servicing.drawing(bond.address, number).is_complete:
            raise refusal(
                self.suite,
                bond,
                "ActionDecided",
                f"event {number} of {bond.isin} is drawn: {action.elected:,} units",
                "Fund it on its payment day (fund_action).",
                action=number,
            )

    def _uncounted(self, bond: Bond, number: int) -> list[str]:
        """Who is still to be put into the row, in ascending order: all with units that are not bound."""
        counted = self._named(bond, number, "HoldersCounted")
        accounts = sorted((each for each in bond.holders() if each not in counted), key=_address)
        entries = self.suite.chain.call_many([bond.call("entryOf", account) for account in accounts])
        pairs = zip(accounts, entries, strict=True)
        return [account for account, entry in pairs if entry.units > entry.pledged]

    def _undrawn(self, bond: Bond, number: int) -> list[str]:
        """Who stands in the row, and it was not drawn from him."""
        drawn = self._named(bond, number, "UnitsDrawn")
        return [each for each in self._named(bond, number, "HoldersCounted") if each not in drawn]

    def _named(self, bond: Bond, number: int, event: str) -> dict[str, None]:
        """Holders that the events of a drawing name, in their order."""
        where = [topic_of(bond.address), topic_of(number)]
        told_of = self.suite.servicing.events(event, indexed=where)
        return dict.fromkeys(holder for each in told_of for holder in each["holders"])


def _address(account: str) -> int:
    return int(account, 16)
