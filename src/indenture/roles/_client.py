"""What the clients of all accounts share: the contracts, and who sends."""

from __future__ import annotations

from indenture.chain import Sender
from indenture.contracts import Bond, Suite
from indenture.roles._checks import require_one_chain
from indenture.roles.bond_figures import BondFigures


class Client:
    """A client of an account.

    Args:
        suite: The contracts.
        sender: The account.
    """

    def __init__(self, suite: Suite, sender: Sender) -> None:
        require_one_chain(suite, sender)
        self.suite = suite
        self.sender = sender

    def figures(self, bond: Bond | str) -> BondFigures:
        """What a bond pays and is worth, and what became of it."""
        return BondFigures(self.suite, bond)
