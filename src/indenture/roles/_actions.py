"""Events of holders: looked up, and told from receipts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from indenture.chain import DecodedEvent, Receipt
from indenture.contracts import Bond, Suite
from indenture.contracts._base import topic_of
from indenture.contracts.servicing_state import ActionState
from indenture.dates import to_timestamp
from indenture.results import ActionResult, TxResult
from indenture.rights import ActionKind
from indenture.roles._checks import is_whole, now
from indenture.roles._notice import refusal, shown
from indenture.roles.bond_figures import BondFigures

#: What an offer that is not paid for lives after its payment day; who waits for promised money may go then.
LONG_STOP = timedelta(days=10)
#: Events whose money the terms, or a call, promise.
PROMISED = (ActionKind.PUT, ActionKind.DRAWING)
#: Events that take units for money.
PAID = (ActionKind.PUT, ActionKind.TENDER, ActionKind.EXCHANGE, ActionKind.DRAWING)
#: Events in which holders elect.
ELECTIVE = tuple(kind for kind in ActionKind if kind is not ActionKind.DRAWING)

_ANY = tuple(ActionKind)


def require_action(suite: Suite, bond: Bond, number: int, kinds: Sequence[ActionKind] = _ANY) -> ActionState:
    """An event of a bond, of one of some kinds.

    Raises:
        TermsRefused: There is none with this number, or it is of another kind.
    """
    found = suite.servicing.action(bond.address, number) if _is_number(number) else None
    if found is None:
        raise BondFigures(suite, bond).unknown_action(number)
    if found.kind not in kinds:
        wanted = " or ".join(_with_article(kind) for kind in kinds)
        raise refusal(
            suite,
            bond,
            "ActionUnknown",
            f"event {number} of {bond.isin} is {_with_article(found.kind)}, not {wanted}",
            "List the events of the bond, and take another one.",
            action=number,
        )
    return found


def check_open(suite: Suite, bond: Bond, number: int, action: ActionState, what: str = "is open") -> None:
    """Raises ``TermsRefused`` before and after the time of an event."""
    time = now(suite.chain)
    if action.opens_at <= time < action.closes_at and not action.is_decided:
        return
    is_over = time >= action.opens_at
    decided = " and is decided" if action.is_decided else ""
    raise refusal(
        suite,
        bond,
        "ActionNotOpen",
        f"event {number} of {bond.isin} {what} from {shown(action.opens_at)} to {shown(action.closes_at)}"
        f"{decided}, and it is {shown(time)}",
        "It is too late for this event." if is_over else "Come in that time.",
        action=number,
        opensAt=to_timestamp(action.opens_at),
        closesAt=to_timestamp(action.closes_at),
        time=to_timestamp(time),
    )


def holders_of(suite: Suite, bond: Bond, number: int) -> list[str]:
    """Everybody who has units in an event that are not settled or released yet, from its events."""
    where = [topic_of(bond.address), topic_of(number)]
    accounts: dict[str, None] = {}
    for event in suite.servicing.events("UnitsElected", "UnitsDrawn", indexed=where):
        named = event["holders"] if event.name == "UnitsDrawn" else [event["holder"]]
        accounts |= dict.fromkeys(named)
    units = suite.servicing.elected_by(bond.address, number, list(accounts))
    return [account for account, held in zip(accounts, units, strict=True) if held]


def told(suite: Suite, receipt: Receipt, name: str) -> list[DecodedEvent]:
    """What the servicing said in a transaction."""
    events = receipt.events(suite.servicing.abi, suite.servicing.address)
    return [event for event in events if event.name == name]


def opened_result(suite: Suite, bond: Bond, receipt: Receipt) -> ActionResult:
    """The event that a transaction opened; none where a sinking fund needed no drawing."""
    done, opened = TxResult.of(receipt), told(suite, receipt, "ActionOpened")
    if not opened:
        return ActionResult(done.tx_hash, done.block, done.gas_used, None, None, None, None)
    number = int(opened[0]["number"])
    action = require_action(suite, bond, number)
    return ActionResult(
        done.tx_hash,
        done.block,
        done.gas_used,
        action=number,
        opens_at=action.opens_at,
        closes_at=action.closes_at,
        pay_time=action.pay_time,
    )


def _is_number(number: object) -> bool:
    return is_whole(number) and 0 < number < 1 << 16


def _with_article(kind: ActionKind) -> str:
    name = kind.name.lower()
    return f"an {name}" if name[0] in "ae" else f"a {name}"
