"""Rights of a bond as the struct of the chain, and back."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from indenture.contracts._base import bytes_of, text_of
from indenture.dates import from_day_number, to_day_number
from indenture.rights import CallRight, DefaultTerms, EventRight, Extension, PutRight, Rights, Sinking

_CODE_BYTES = 8


def encode_rights(rights: Rights) -> dict[str, Any]:
    """The struct of the chain."""
    return {
        "calls": [_encode_call(right) for right in rights.calls],
        "puts": [_encode_put(right) for right in rights.puts],
        "events": [_encode_event(right) for right in rights.events],
        "sinking": [asdict(each) for each in rights.sinking],
        "extension": {
            "periods": rights.extension.periods,
            "noticeDays": rights.extension.notice_days,
            "rate": rights.extension.rate,
        },
        "defaults": {
            "graceDays": rights.defaults.grace_days,
            "penaltyRate": rights.defaults.penalty_rate,
            "accelerationShare": rights.defaults.acceleration_share,
            "crossDefault": rights.defaults.cross_default,
        },
        "amendmentShare": rights.amendment_share,
    }


def rights_of(raw: Any) -> Rights:
    """Reads the struct of the chain."""
    return Rights(
        calls=tuple(_call_of(right) for right in raw.calls),
        puts=tuple(_put_of(right) for right in raw.puts),
        events=tuple(_event_of(right) for right in raw.events),
        sinking=tuple(Sinking(each.period, each.units) for each in raw.sinking),
        extension=Extension(raw.extension.periods, raw.extension.noticeDays, raw.extension.rate),
        defaults=DefaultTerms(
            grace_days=raw.defaults.graceDays,
            penalty_rate=raw.defaults.penaltyRate,
            acceleration_share=raw.defaults.accelerationShare,
            cross_default=raw.defaults.crossDefault,
        ),
        amendment_share=raw.amendmentShare,
    )


def event_code(code: str) -> bytes:
    """The code of a stated event, as on chain.

    Raises:
        InvalidIdentifier: It is not one to eight ASCII characters.
    """
    return bytes_of(code, _CODE_BYTES, "event code")


def _encode_call(right: CallRight) -> dict[str, Any]:
    return {
        "firstDay": to_day_number(right.first_day),
        "lastDay": to_day_number(right.last_day),
        "noticeDays": right.notice_days,
        "price": right.price,
        "inPart": right.in_part,
    }


def _call_of(raw: Any) -> CallRight:
    return CallRight(
        first_day=from_day_number(raw.firstDay),
        last_day=from_day_number(raw.lastDay),
        notice_days=raw.noticeDays,
        price=raw.price,
        in_part=raw.inPart,
    )


def _encode_put(right: PutRight) -> dict[str, Any]:
    return {
        "opensDay": to_day_number(right.opens_day),
        "closesDay": to_day_number(right.closes_day),
        "payDay": to_day_number(right.pay_day),
        "price": right.price,
        "withdrawable": right.withdrawable,
    }


def _put_of(raw: Any) -> PutRight:
    return PutRight(
        opens_day=from_day_number(raw.opensDay),
        closes_day=from_day_number(raw.closesDay),
        pay_day=from_day_number(raw.payDay),
        price=raw.price,
        withdrawable=raw.withdrawable,
    )


def _encode_event(right: EventRight) -> dict[str, Any]:
    return {
        "code": event_code(right.code),
        "byHolders": right.by_holders,
        "noticeDays": right.notice_days,
        "price": right.price,
    }


def _event_of(raw: Any) -> EventRight:
    return EventRight(text_of(raw.code), raw.byHolders, raw.noticeDays, raw.price)
