"""Standing deposits: money of an account that stands ready, by currency; what bids hold is not in them."""

from __future__ import annotations

from collections import defaultdict

from indenture.audit.events import Event
from indenture.audit.replay.touched import Touched


class Deposits:
    """Every standing deposit, by currency and account, in base units."""

    def __init__(self, touched: Touched) -> None:
        self.standing: defaultdict[tuple[str, str], int] = defaultdict(int)
        self._all: defaultdict[str, int] = defaultdict(int)
        self._touched = touched

    def of(self, cash: str, account: str) -> int:
        """What stands ready for an account."""
        return self.standing.get((cash, account), 0)

    def all(self, cash: str) -> int:
        """All of a currency that stands ready."""
        return self._all.get(cash, 0)

    def apply(self, event: Event, cash: str) -> None:
        """Takes in an event that tells what stands there now."""
        account = payer_of(event)
        self._all[cash] += event["balance"] - self.standing[cash, account]
        self.standing[cash, account] = event["balance"]
        self._touched.add("deposit", cash, account)


def payer_of(event: Event) -> str:
    """Whose deposit an event is about."""
    names = ("bidder", "underwriter", "account")
    return str(next(event[name] for name in names if name in event.args))
