"""Powers of the law over events of holders."""

from __future__ import annotations

from indenture.contracts import Bond
from indenture.contracts._base import checksum_address
from indenture.errors import UnitsRefused
from indenture.results import ActionResult, ElectionResult, TxResult
from indenture.roles._actions import ELECTIVE, PAID, opened_result, require_action
from indenture.roles._calls import event_right
from indenture.roles._client import Client
from indenture.roles._documents import Document, document_digest
from indenture.roles._notice import check_not_due, refusal


class EventPowers(Client):
    """A statutory desk's acts on events of holders."""

    def annul_election(
        self, bond: Bond | str, action: int, holder: str, document: Document
    ) -> ElectionResult:
        """Undoes an election by the power of the law, so that units which a court wants are in its reach.

        Args:
            bond: The bond.
            action: Number of the event.
            holder: Whose election.
            document: The court's order: its hash, bytes, or the path of its file.

        Raises:
            TermsRefused: There is no such event, or it is funded: the money goes to the holder, who can be
                frozen.
            UnitsRefused: The holder has no units in it.
        """
        target, account = self.suite.bond(bond), checksum_address(holder, "holder")
        digest = document_digest(document)
        state = require_action(self.suite, target, action, ELECTIVE)
        units = self.figures(target).elected(action, account)
        if not units:
            raise UnitsRefused(
                "ElectionRefused",
                {"bond": target.address, "action": action, "holder": account, "units": 0},
                message=f"{account} has no units in event {action} of {target.isin}",
                hint="Nothing is left to undo.",
                contract=self.suite.servicing.address,
            )
        if state.is_decided and state.kind in PAID:
            raise refusal(
                self.suite,
                target,
                "ActionDecided",
                f"event {action} of {target.isin} is funded: the money for the units is there",
                "Freeze the holder: what is due on his units is kept.",
                action=action,
            )
        call = self.suite.servicing.annul_election(target.address, action, account, digest)
        done = TxResult.of(self.sender.transact(call))
        return ElectionResult(done.tx_hash, done.block, done.gas_used, action, units, 0)

    def declare_event(self, bond: Bond | str, code: str, document: Document) -> ActionResult:
        """Says that a stated event has happened, in the issuer's place; holders can put their units then.

        Args:
            bond: The bond.
            code: The event, as the terms name it.
            document: What shows that it has happened: its hash, bytes, or the path of its file.

        Raises:
            TermsRefused: The terms state no such event for the holders, or the bond was made due.
        """
        target = self.suite.bond(bond)
        digest = document_digest(document)
        check_not_due(self.suite, target)
        event_right(self.suite, target, code, by_holders=True)
        receipt = self.sender.transact(self.suite.servicing.declare_event(target.address, code, digest))
        return opened_result(self.suite, target, receipt)
