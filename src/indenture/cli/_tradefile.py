"""A trade as a file that goes from one side to the other: the instruction, and the signatures so far."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError, model_validator

from indenture.contracts import Suite
from indenture.errors import InputError, WrongChain
from indenture.models import CleanTrade, SignedCleanTrade, SignedTrade, Trade

Side = Literal["seller", "buyer"]
SIDES: tuple[Side, Side] = ("seller", "buyer")

_ADDRESS = r"^0x[0-9a-fA-F]{40}$"
_HEX = r"^0x([0-9a-fA-F]{2})+$"


class _Instruction(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    bond: str = Field(pattern=_ADDRESS)
    cash: str = Field(pattern=_ADDRESS)
    seller: str = Field(pattern=_ADDRESS)
    buyer: str = Field(pattern=_ADDRESS)
    units: int = Field(gt=0)
    amount: str | None = None
    clean_amount: str | None = None
    most_accrued: str | None = None
    traded_at: AwareDatetime | None = None
    valid_from: AwareDatetime
    deadline: AwareDatetime
    seller_nonce: str = Field(pattern=r"^\d+$")
    buyer_nonce: str = Field(pattern=r"^\d+$")

    @model_validator(mode="after")
    def _one_price(self) -> _Instruction:
        clean = [self.clean_amount, self.most_accrued, self.traded_at]
        missing = sum(each is None for each in clean)
        if missing not in (0, len(clean)) or (self.amount is None) == (missing > 0):
            raise ValueError("has amount, or clean_amount with most_accrued and traded_at")
        return self


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    chain_id: int
    settlement: str = Field(pattern=_ADDRESS)
    instruction: _Instruction
    seller_signature: str | None = Field(None, pattern=_HEX)
    buyer_signature: str | None = Field(None, pattern=_HEX)


@dataclass(frozen=True, slots=True)
class TradeFile:
    """A trade and whose signatures it has.

    Attributes:
        trade: What both sides sign.
        signatures: Signature by side.
    """

    trade: Trade | CleanTrade
    signatures: dict[Side, bytes]

    @property
    def signed(self) -> SignedTrade | SignedCleanTrade:
        """The trade with both signatures.

        Raises:
            InputError: A side has not signed yet.
        """
        for side in SIDES:
            if side not in self.signatures:
                raise InputError(
                    f"the {side} has not signed", hint=f"The {side} adds it: indenture trade sign FILE."
                )
        seller, buyer = self.signatures["seller"], self.signatures["buyer"]
        if isinstance(self.trade, CleanTrade):
            return SignedCleanTrade(self.trade, seller, buyer)
        return SignedTrade(self.trade, seller, buyer)

    def with_signature(self, side: Side, signature: bytes) -> TradeFile:
        """The same with a further signature."""
        return replace(self, signatures={**self.signatures, side: signature})


def read_trade(path: Path, suite: Suite) -> TradeFile:
    """Reads a trade, and checks that it is for this chain and this settlement.

    Raises:
        InputError: The file is not a trade, or for another depository.
        WrongChain: It is for another chain.
    """
    try:
        data = _File.model_validate_json(path.read_text("utf-8"))
    except OSError as fault:
        raise InputError(f"{path} cannot be read: {fault.strerror}", hint="Check the path.") from None
    except ValidationError as error:
        detail = error.errors()[0]
        where = ".".join(str(part) for part in detail["loc"]) or "file"
        reason = f"{path} is not a trade: {where}: {detail['msg']}"
        raise InputError(reason, hint="Is it the right file?") from None
    if data.chain_id != suite.chain.chain_id:
        raise WrongChain(data.chain_id, suite.chain.chain_id)
    if data.settlement.lower() != suite.settlement.address.lower():
        raise InputError(
            f"{path} is for settlement {data.settlement}, this depository has {suite.settlement.address}",
            hint="Name the deployment file of the other depository.",
        )
    trade = _trade(data.instruction, suite)
    found: dict[Side, str | None] = {"seller": data.seller_signature, "buyer": data.buyer_signature}
    return TradeFile(trade, {side: bytes.fromhex(text[2:]) for side, text in found.items() if text})


def _trade(given: _Instruction, suite: Suite) -> Trade | CleanTrade:
    money = suite.currency_at(given.cash).money
    shared: dict[str, Any] = {
        "bond": given.bond,
        "cash": given.cash,
        "seller": given.seller,
        "buyer": given.buyer,
        "units": given.units,
        "valid_from": given.valid_from,
        "deadline": given.deadline,
        "seller_nonce": int(given.seller_nonce),
        "buyer_nonce": int(given.buyer_nonce),
    }
    if given.clean_amount is None or given.most_accrued is None:
        return Trade(**shared, amount=money(given.amount or "0"))
    return CleanTrade(
        **shared,
        clean=money(given.clean_amount),
        most_accrued=money(given.most_accrued),
        traded_at=given.traded_at or given.valid_from,
    )


def write_trade(path: Path, file: TradeFile, suite: Suite) -> None:
    """Writes a trade; a reader sees the old file or the new one, never a half."""
    fresh = path.with_name(f".{path.name}.new")
    try:
        fresh.write_text(json.dumps(as_json(file, suite), indent=2) + "\n", encoding="utf-8")
        fresh.replace(path)
    except OSError as fault:
        raise InputError(
            f"{path} cannot be written: {fault.strerror}", hint="Choose a folder that you may write to."
        ) from None


def as_json(file: TradeFile, suite: Suite) -> dict[str, Any]:
    """The trade as its file has it; nonces as text, for they may be larger than a JSON reader's numbers."""
    trade = file.trade
    signatures = {
        f"{side}_signature": None if side not in file.signatures else "0x" + file.signatures[side].hex()
        for side in SIDES
    }
    return {
        "chain_id": suite.chain.chain_id,
        "settlement": suite.settlement.address,
        "instruction": {
            "bond": trade.bond,
            "cash": trade.cash,
            "seller": trade.seller,
            "buyer": trade.buyer,
            "units": trade.units,
            **_price(trade),
            "valid_from": _text(trade.valid_from),
            "deadline": _text(trade.deadline),
            "seller_nonce": str(trade.seller_nonce),
            "buyer_nonce": str(trade.buyer_nonce),
        },
        **signatures,
    }


def _price(trade: Trade | CleanTrade) -> dict[str, str]:
    if isinstance(trade, Trade):
        return {"amount": str(trade.amount.amount)}
    return {
        "clean_amount": str(trade.clean.amount),
        "most_accrued": str(trade.most_accrued.amount),
        "traded_at": _text(trade.traded_at),
    }


def _text(instant: datetime) -> str:
    return instant.isoformat().replace("+00:00", "Z")
