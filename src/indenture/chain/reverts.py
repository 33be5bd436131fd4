"""Revert data into ``ContractRevert``: one selector table, merged from the ABIs of every contract.

A callee's error is not in the caller's ABI, so no single ABI is enough.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from functools import cache
from string import Formatter
from typing import Any

from indenture.chain import artifacts
from indenture.chain.abi import AbiError
from indenture.chain.contract import ContractCall
from indenture.chain.node_words import Meaning, meaning
from indenture.chain.revert_messages import MESSAGES
from indenture.errors import ContractRevert, NodeError, NodeRefused

_BUILT_IN = (
    AbiError("Error", ({"name": "reason", "type": "string"},)),
    AbiError("Panic", ({"name": "code", "type": "uint256"},)),
)

_PANICS = {
    0x00: "a panic that the compiler inserted",
    0x01: "an assertion failed",
    0x11: "a sum or difference left its range",
    0x12: "a division by zero",
    0x21: "a number that names no case of an enumeration",
    0x22: "a storage array that is badly encoded",
    0x31: "the last entry taken from an empty list",
    0x32: "an index beyond the end of a list",
    0x41: "too much memory was asked for",
    0x51: "a call to a function that was never set",
}

_HEX = re.compile(r"0x[0-9a-fA-F]*")
# Of an offering, by number.
_STAGES = (
    "not there",
    "mandated",
    "accepted",
    "open for bids",
    "closed",
    "cleared",
    "published",
    "failed",
    "cancelled",
)
_EPOCH = date(1970, 1, 1)
_RATE_ONE = 10**9


@cache
def selectors() -> dict[bytes, AbiError]:
    """Every custom error of every contract of the package, by selector.

    Raises:
        ValueError: Two different errors share a selector, so a client could not tell who refused.
    """
    table: dict[bytes, AbiError] = {}
    for error in (*_BUILT_IN, *_declared()):
        first = table.setdefault(error.selector, error)
        if first.signature != error.signature:
            raise ValueError(f"{first.signature} and {error.signature} share a selector")
    return table


def _declared() -> Iterator[AbiError]:
    for name in artifacts.names():
        yield from artifacts.abi(name).errors


def decode_revert(
    data: bytes, *, call: ContractCall | None = None, tx_hash: str | None = None, probably: bool = False
) -> ContractRevert:
    """Turns revert data into the error to raise.

    Args:
        data: What the contract gave back.
        call: The call that was refused.
        tx_hash: The mined transaction, where there is one.
        probably: Whether the data come from calling again rather than from the transaction itself.
    """
    name, args, message, hint, family = "Unknown", {}, "", "", ContractRevert
    error = selectors().get(data[:4])
    decoded = _arguments(error, data[4:]) if error else None
    if error is not None and decoded is not None:
        name, args = error.name, decoded
    if name == "Error":
        message = f"it says: {args['reason']}"
    elif name == "Panic":
        code = int(str(args["code"]))
        message = f"{_PANICS.get(code, 'an unknown panic')} (panic 0x{code:02x})"
        hint = "This is a fault in the contract, or an input far out of range; please report it."
    elif name == "Unknown":
        message = (
            f"it gave a reason that no known contract declares: 0x{data.hex()}"
            if data
            else "it gave no reason"
        )
        hint = "The contract that refused may not belong to this deployment, or to another version of it."
    elif text := MESSAGES.get(name):
        family = text.family
        message, hint = fill(text.message, args), fill(text.hint, args)
    else:
        message = f"{name}({', '.join(f'{k}={_show(v)}' for k, v in args.items())})"
    lead = f"{call.what} " if call and call.what else "the contract "
    return family(
        name,
        args,
        message=f"{lead}{'was probably' if probably else 'was'} refused: {message}",
        hint=hint,
        contract=call.to if call else None,
        tx_hash=tx_hash,
        raw="0x" + data.hex(),
        what=call.what if call else "",
    )


def refusal(refused: NodeRefused, call: ContractCall) -> NodeError | ContractRevert:
    """The error for a call or gas estimate that a node refused: a contract's no, or the node's own."""
    data = revert_data(refused)
    why = meaning(refused)
    if data or why is Meaning.REVERT:
        return decode_revert(data, call=call)
    if why is Meaning.HALT:
        return ContractRevert(
            "Halt",
            {},
            message=f"{call.what} was refused: the execution broke off ({refused.reason})",
            hint="Often the gas limit was too low; else the contract has no such function.",
            contract=call.to,
            what=call.what,
        )
    return refused


def revert_data(refused: NodeRefused) -> bytes:
    """Revert data in a node's error: plain hex, hex behind a word, or nested in an object."""
    data: Any = refused.data
    while isinstance(data, dict):
        data = data.get("data") or data.get("output") or data.get("result")
    if not isinstance(data, str):
        return b""
    found = _HEX.search(data)
    text = found.group()[2:] if found else ""
    return bytes.fromhex(text) if len(text) % 2 == 0 else b""


def fill(template: str, args: dict[str, object]) -> str:
    """Fills a message's arguments in; how ``{x:day}`` and the like are shown, ``revert_messages`` says."""
    return _Filler().vformat(template, (), args)


class _Filler(Formatter):
    def get_value(self, key: int | str, args: Any, kwargs: Any) -> Any:  # noqa: ARG002 (signature of the base)
        return kwargs.get(str(key), "?")  # an error must never fail for its message

    def format_field(self, value: Any, format_spec: str) -> str:
        show = _SHOWN.get(format_spec)
        try:
            return show(value) if show else _show(value)
        except (TypeError, ValueError, OverflowError):
            return _show(value)


def _show(value: object) -> str:
    if isinstance(value, bytes):
        return "0x" + value.hex()
    if isinstance(value, int) and not isinstance(value, bool):
        return f"{value:,}"
    return str(value)


def _day(value: int) -> str:
    return (_EPOCH + timedelta(days=value)).isoformat()


def _time(value: int) -> str:
    return datetime.fromtimestamp(value, UTC).strftime("%Y-%m-%d %H:%M:%S UTC")


def _rate(value: int) -> str:
    percent, rest = divmod(value * 100, _RATE_ONE)
    return f"{percent}.{rest:09d}".rstrip("0").rstrip(".") + " %"


def _text(value: bytes) -> str:
    text = value.rstrip(b"\0").decode("ascii")
    if not text.isprintable():
        raise ValueError(text)
    return text


def _stage(value: int) -> str:
    return _STAGES[value] if 0 <= value < len(_STAGES) else str(value)


def _selector(value: bytes) -> str:
    for name in artifacts.names():
        for function in artifacts.abi(name).functions:
            if function.selector == value:
                return f"{name}.{function.name}"
    return _show(value)


_SHOWN: dict[str, Callable[[Any], str]] = {
    "day": _day,
    "time": _time,
    "rate": _rate,
    "text": _text,
    "plain": str,
    "selector": _selector,
    "hex": bytes.hex,
    "stage": _stage,
}


def _arguments(error: AbiError, data: bytes) -> dict[str, object] | None:
    try:
        values = error.codec.decode(data)
    except ValueError:
        return None  # same selector by chance, or a contract of another version
    names = [str(p.get("name") or f"value{i}") for i, p in enumerate(error.inputs)]
    return dict(zip(names, values, strict=True))
