"""The events of the Servicing that change the life of a bond, taken in one by one."""

from __future__ import annotations

from indenture.audit.events import Event
from indenture.audit.findings import IMPOSSIBLE
from indenture.audit.model import Each, Terms, day_number
from indenture.audit.model.deal import RATE_ONE
from indenture.audit.model.terms import INFLATION, ZERO_COUPON
from indenture.audit.replay.amounts import action_each
from indenture.audit.replay.fixings import unfix
from indenture.audit.replay.life import Claim
from indenture.audit.replay.register import FINAL, Register
from indenture.audit.replay.rights import right_of
from indenture.audit.replay.servicing import ServicingBook

_TERM = ("BondCalled", "BondCalledInPart", "MaturityExtended", "UnitsCancelled")
_ELECTIONS = ("UnitsElected", "ElectionWithdrawn", "ElectionReleased", "ElectionAnnulled")
_DRAWINGS = (
    *("DrawingBegun", "HoldersCounted", "DrawingSeeded", "UnitsDrawn", "DrawingCompleted"),
    "SinkingSatisfied",
)
_MONEY = ("ActionFunded", "ActionSettled", "ActionCompleted")
_DEFAULT = ("BondMadeDue", "ClaimSet", "RecoveryFunded", "DefaultClosed")
_VERSIONS = ("TermsProposed", "TermsEnacted")

LIFE_EVENTS = (*_TERM, "ActionOpened", *_ELECTIONS, *_DRAWINGS, *_MONEY, *_DEFAULT, *_VERSIONS)
"""Names of all of them."""


def apply_life(servicing: ServicingBook, register: Register, event: Event) -> None:
    """Takes one of them in."""
    name, life = event.name, register.life
    if name in _ELECTIONS:
        life.elect(event)
    elif name in _TERM:
        _term(register, event)
    elif name in _MONEY:
        _money(servicing, register, event)
    elif name in _DEFAULT:
        _default(servicing, register, event)
    elif name in _VERSIONS:
        _version(register, event)
    elif name in _DRAWINGS:
        _drawing(register, event)
    else:
        life.open(event, right_of(register, event))


def _term(register: Register, event: Event) -> None:
    life = register.life
    match event.name:
        case "BondCalled":
            is_off = event["day"] != day_number(register.terms.due_date(event["last"]))
            life.call(event["price"])
            if is_off and register.terms.kind == INFLATION:
                unfix(register, event["last"])
        case "BondCalledInPart":
            life.call_in_part(event)
        case "MaturityExtended":
            life.extend(register.last + 1, event["rate"])
        case _:
            life.cancel(event)
    register.touch_term()


def _drawing(register: Register, event: Event) -> None:
    match event.name:
        case "DrawingBegun":
            register.life.begin(event)
        case "HoldersCounted":
            register.life.count(event, {holder: register.unbound_of(holder) for holder in event["holders"]})
        case "DrawingSeeded":
            register.life.seed(event)
        case "UnitsDrawn":
            register.life.draw(event)
        case "DrawingCompleted":
            register.life.complete_drawing(event)
        case _:
            register.life.satisfy(event)


def _money(servicing: ServicingBook, register: Register, event: Event) -> None:
    match event.name:
        case "ActionFunded":
            action = register.life.actions[event["action"]]
            try:
                each = action_each(register, action, event.time)
            except IMPOSSIBLE:
                each = Each()
            servicing.fund_action(event, each, action.raw.payTime)
            register.life.decide(action.number, register.records)
        case "ActionSettled":
            register.life.settle(event)
            servicing.apply(event)
        case _:
            servicing.apply(event)


def _default(servicing: ServicingBook, register: Register, event: Event) -> None:
    life = register.life
    match event.name:
        case "BondMadeDue":
            if event["action"]:
                # A call that has not come to its day is overtaken: par, or what the bond has grown to.
                life.call(RATE_ONE if register.terms.kind == ZERO_COUPON else 0)
                if register.terms.kind == INFLATION:
                    unfix(register, event["period"])
            life.make_due(event, register.records)
        case "ClaimSet":
            life.set_claim(Claim(event["principal"], event["interest"], event["day"]))
        case "RecoveryFunded":
            today = day_number(register.terms.today(event.time))
            day = max(life.claim.day, today)
            life.set_claim(Claim(event["principal"], event["interest"], day))
            servicing.fund_recovery(event, register.days.get(event["record"], (0, 0, 0, 0))[3])
        case _:
            life.set_claim(Claim(life.claim.principal, life.claim.interest, life.claim.day, closed=True))
            servicing.close(event)
            register.maturity_day = FINAL


def _version(register: Register, event: Event) -> None:
    if event.name == "TermsProposed":
        action = register.life.actions[event["action"]]
        action.proposed = Terms.from_event(event["terms"], event["provisions"], event["rights"])
    else:
        register.life.enact(event)
