"""What is checked before anything is sent: what a person can put right, said in a person's words.

The contracts check all of it again.  An error that a contract would raise keeps its name here.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import TypeGuard

from eth_utils.crypto import keccak

from indenture.chain import Chain, Sender
from indenture.contracts import Suite
from indenture.contracts._base import FOREVER, checksum_address
from indenture.dates import to_timestamp
from indenture.errors import (
    InputError,
    InvalidAmount,
    InvalidDate,
    MembershipRefused,
    PaymentRefused,
    UnitsRefused,
)
from indenture.membership import MemberClass, Role
from indenture.models import Account, Standing
from indenture.money import Currency, Money

_MAX_UNITS = 2**64 - 1
_NO_ROLE = Role(0)


def require_one_chain(suite: Suite, sender: Sender) -> None:
    """A client reads and sends through one connection."""
    if suite.chain.rpc is not sender.chain.rpc:
        raise InputError("suite and sender use different connections", hint="Give both of them one Chain.")


def is_whole(value: object) -> TypeGuard[int]:
    """Whether it is a whole number; a bool is none."""
    return isinstance(value, int) and not isinstance(value, bool)


def whole_units(value: object, what: str = "units") -> int:
    """Units, above zero.

    Raises:
        InvalidAmount: It is no whole number, or out of range.
    """
    if not is_whole(value):
        raise InvalidAmount(
            f"{what}: {value!r} is not a whole number", hint="A unit is one bond; there are no parts."
        )
    if not 0 < value <= _MAX_UNITS:
        raise InvalidAmount(
            f"{what}: {value} is not above zero" if value <= 0 else f"{what}: {value} is too large"
        )
    return value


def money_in(currency: Currency, value: Money | Decimal | int | str) -> Money:
    """Money above zero, of one currency.

    Raises:
        InvalidAmount: It is of another currency, a float, negative, zero, or finer than a base unit.
    """
    if isinstance(value, Money):
        if value.currency != currency:
            raise InvalidAmount(
                f"{value} is not in {currency.code}", hint=f"Give an amount in {currency.code}."
            )
        money = value
    else:
        money = currency.money(value)
    if money.base <= 0:
        raise InvalidAmount(f"{money} is not above zero")
    return money


def seconds_of(value: datetime | None, what: str = "until") -> int:
    """Seconds of an aware instant; None is without end."""
    if value is None:
        return FOREVER
    try:
        return to_timestamp(value)
    except InvalidDate as fault:
        raise InvalidDate(f"{what}: {fault.message}", hint=fault.hint) from None


def batch_size(value: int, largest: int) -> int:
    """How many go into one transaction."""
    if not is_whole(value) or not 0 < value <= largest:
        raise InputError(f"a batch of {value} is not between 1 and {largest}")
    return value


def distinct(accounts: Sequence[str], what: str) -> None:
    """Raises ``InputError`` when an account is named twice."""
    seen: set[str] = set()
    for account in accounts:
        if account in seen:
            raise InputError(f"{what}: {account} is named twice")
        seen.add(account)


def named(accounts: Sequence[str], what: str) -> list[str]:
    """Addresses that the caller named, each once.

    Args:
        accounts: What was given.
        what: What one of them is, for the error.

    Raises:
        InputError: One is no address, or is named twice.
    """
    addresses = [checksum_address(account, what) for account in accounts]
    distinct(addresses, f"{what}s")
    return addresses


def require_members(
    suite: Suite, accounts: Sequence[str], *, roles: Role = _NO_ROLE, eligible: int | None = None
) -> list[Account]:
    """The accounts, all of them active and with what is asked for.

    Args:
        suite: Where they are members.
        accounts: Their addresses.
        roles: Roles that each must hold.
        eligible: Bit mask of verdicts of which each needs one, and role HOLDER; None for money, which any
            member holds.

    Raises:
        MembershipRefused: The first that is not, and why.
    """
    addresses = [checksum_address(account) for account in accounts]
    stamp = suite.chain.block_stamp()
    found = suite.registry.accounts(addresses)
    if eligible is not None:
        roles |= Role.HOLDER
    known: list[Account] = []
    for address, account in zip(addresses, found, strict=True):
        if account is None:
            raise _refused(suite, "AccountUnknown", address, "is not an account of a member", _ASK_ADMISSION)
        _require_active(suite, account, stamp.time)
        if missing := roles & ~account.roles:
            names = ", ".join(str(role.name) for role in missing)
            raise _refused(suite, "AccountRoleMissing", address, f"lacks the role {names}", _ASK_ROLE)
        if eligible is not None and not account.verdicts & eligible:
            raise _refused(suite, "AccountNotEligible", address, _class_words(account, eligible), _ASK_CLASS)
        known.append(account)
    return known


_ASK_ADMISSION = "The depository can admit it (indenture member admit)."
_ASK_ROLE = "The depository can grant it (indenture member roles)."
_ASK_REINSTATE = "The depository can reinstate it."
_ASK_CLASS = "The term sheet's eligible_classes say who may hold the bond."


def _require_active(suite: Suite, account: Account, now: datetime) -> None:
    address = account.address
    if account.standing & Standing.REMOVED:
        raise _refused(
            suite, "AccountIsRemoved", address, f"was removed from member {account.lei}", _ASK_ADMISSION
        )
    if account.standing & Standing.MEMBER_SUSPENDED:
        raise _refused(
            suite,
            "MemberIsSuspended",
            address,
            f"is of member {account.lei}, which is suspended",
            _ASK_REINSTATE,
        )
    if account.standing & Standing.ACCOUNT_SUSPENDED:
        raise _refused(suite, "AccountIsSuspended", address, "is suspended", _ASK_REINSTATE)
    if not account.is_active(now):
        until = account.until.isoformat(" ") if account.until else "never"
        raise _refused(suite, "AccountExpired", address, f"was admitted until {until} only", _ASK_ROLE)


def _class_words(account: Account, eligible: int) -> str:
    own = [c.label for c in MemberClass if account.verdicts >> c & 1]
    wanted = [c.label for c in MemberClass if eligible >> c & 1]
    return f"is of class {', '.join(own) or 'none'}; the bond is for {', '.join(wanted)}"


def _refused(suite: Suite, name: str, account: str, reason: str, hint: str) -> MembershipRefused:
    return MembershipRefused(
        name,
        {"account": account},
        message=f"account {account} {reason}",
        hint=hint,
        contract=suite.registry.address,
    )


def require_cash(suite: Suite, cash: str, account: str, needed: Money) -> None:
    """Raises ``PaymentRefused`` unless an account has the money."""
    require_balance(suite, cash, account, suite.cash_at(cash).balance_of(account), needed.base)


def require_balance(suite: Suite, cash: str, account: str, balance: int, needed: int) -> None:
    """As ``require_cash``, for a balance that was read already; both in base units."""
    if balance < needed:
        raise PaymentRefused(
            "ERC20InsufficientBalance",
            {"sender": account, "balance": balance, "needed": needed},
            message=f"{account} has {suite.money(cash, balance)}, {suite.money(cash, needed)} is needed",
            hint="Pay in the difference, or do less.",
            contract=cash,
        )


def require_units(bond: str, account: str, held: int, free: int, needed: int) -> None:
    """Raises ``UnitsRefused`` unless an account has the units, and they may move."""
    if held < needed:
        raise UnitsRefused(
            "ERC20InsufficientBalance",
            {"sender": account, "balance": held, "needed": needed},
            message=f"account {account} holds {held:,} units, {needed:,} are needed",
            hint="Move fewer units.",
            contract=bond,
        )
    if free < needed:
        raise UnitsRefused(
            "ERC7943InsufficientUnfrozenBalance",
            {"account": account, "amount": needed, "unfrozen": free},
            message=f"of the {held:,} units of account {account} {free:,} may move, {needed:,} are needed",
            hint="The rest is frozen or pledged.",
            contract=bond,
        )


def reason_digest(reason: str | bytes) -> bytes:
    """Hash of the document that says why; text is hashed.

    Raises:
        InputError: There is no reason, or its hash is not 32 bytes.
    """
    if isinstance(reason, str):
        if not reason.strip():
            raise InputError(
                "a reason is needed", hint="Give the text, or the hash, of the document that says why."
            )
        return bytes(keccak(text=reason))
    if len(reason) != 32:
        raise InputError(f"the hash of the reason has {len(reason)} bytes, 32 are needed")
    return reason


def now(chain: Chain) -> datetime:
    """The chain's time."""
    return chain.block_stamp().time
