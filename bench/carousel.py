"""Wallets without a compiler, and what moves a token among them thousands of times in one transaction.

A carousel makes its wallets with ``CREATE2``, so that the address of each follows from its number; a wallet
calls for the carousel that made it, and for nobody else.
"""

from __future__ import annotations

from dataclasses import dataclass

from eth_utils.crypto import keccak

from bench.evm import assemble, creation
from indenture.chain import ContractCall, checksum, load_abi

_ADDRESS_MASK = 2**160 - 1
_WORD = 32
_OWNER = 2**256 - 1  # a place for the word of the owner: as long as any

#: Word 0 of its call data is whom to call, the rest is what to call him with.
_WALLET = assemble(f"""
    {_OWNER} CALLER XOR @refused JUMPI
    32 CALLDATASIZE SUB DUP1 32 0 CALLDATACOPY          ; size
    0 0 DUP3 0 0 0 CALLDATALOAD GAS CALL ISZERO @refused JUMPI STOP
    refused: RETURNDATASIZE DUP1 0 0 RETURNDATACOPY 0 REVERT
""")
_PROLOGUE = f"{len(_WALLET)} DUP1 %d 0 CODECOPY CALLER 1 MSTORE 0 RETURN"


def _wallet_creation() -> bytes:
    """The wallet's code with its maker's address in it, in the place that is kept for it."""
    size = len(assemble(_PROLOGUE % 0xFF))
    return assemble(_PROLOGUE % size) + _WALLET


WALLET = _wallet_creation()

# Words of the call data.
_TOKEN, _WALLETS, _FROM, _FROM_STEP, _TO, _TO_STEP, _COUNT, _AMOUNT, _SPREAD = (_WORD * n for n in range(9))
# Memory: 85 bytes that an address is hashed from; then a call of a wallet: token, selector, receiver, amount.
_SALT, _HASH, _HASHED = 21, 53, 85
_CALL, _SELECTOR, _RECEIVER, _UNITS, _CALL_BYTES = 0x80, 0xA0, 0xA4, 0xC4, 100


def _wallet(first: int, step: int, depth: int) -> str:
    """Pushes the address of wallet ``(first + step * i) mod wallets``; ``i`` lies at a depth of the stack."""
    number = f"{_WALLETS} CALLDATALOAD DUP{depth + 1} {step} CALLDATALOAD MUL {first} CALLDATALOAD ADD MOD"
    return f"{number} {_SALT} MSTORE {_HASHED} 0 KECCAK256"


def _runtime() -> bytes:
    program = f"""
        {_TOKEN} CALLDATALOAD @move JUMPI
        {len(WALLET)} DUP1 CODESIZE SUB {len(WALLET)} SWAP1 0 CODECOPY POP
        0                                               ; i: wallets are made
        make: DUP1 {_COUNT} CALLDATALOAD EQ @end JUMPI
        DUP1 {_FROM} CALLDATALOAD ADD {len(WALLET)} 0 0 CREATE2 ISZERO @fail JUMPI
        1 ADD @make JUMP
        move:
        ADDRESS 88 SHL {0xFF << 248} OR 0 MSTORE
        {int.from_bytes(keccak(WALLET), "big")} {_HASH} MSTORE
        {_TOKEN} CALLDATALOAD {_CALL} MSTORE
        {int.from_bytes(load_abi("CashToken").function("transfer").selector, "big") << 224} {_SELECTOR} MSTORE
        0                                               ; i: units or money are moved
        loop: DUP1 {_COUNT} CALLDATALOAD EQ @end JUMPI
        {_wallet(_TO, _TO_STEP, 1)} {_ADDRESS_MASK} AND {_RECEIVER} MSTORE
        DUP1 {_SPREAD} CALLDATALOAD AND {_AMOUNT} CALLDATALOAD ADD {_UNITS} MSTORE
        0 0 {_CALL_BYTES} {_CALL} 0 {_wallet(_FROM, _FROM_STEP, 6)} GAS CALL ISZERO @fail JUMPI
        1 ADD @loop JUMP
        end: STOP
        fail: RETURNDATASIZE DUP1 0 0 RETURNDATACOPY 0 REVERT
    """
    return assemble(program) + WALLET


@dataclass(frozen=True, slots=True)
class Carousel:
    """A carousel and how many wallets it has."""

    address: str
    wallets: int

    @staticmethod
    def deployment() -> ContractCall:
        """Deploys one."""
        return ContractCall(None, creation(_runtime()))

    def wallet(self, number: int) -> str:
        """Where a wallet is, or will be."""
        salt = number.to_bytes(_WORD, "big")
        packed = b"\xff" + bytes.fromhex(self.address[2:]) + salt + keccak(WALLET)
        return checksum("0x" + keccak(packed)[-20:].hex())

    def make(self, first: int, count: int) -> ContractCall:
        """Makes wallets."""
        return self._call(token=0, first=first, count=count)

    def move(
        self,
        token: str,
        count: int,
        amount: int,
        *,
        first: int = 0,
        from_step: int = 1,
        to: int = 1,
        to_step: int = 1,
        spread: int = 0,
    ) -> ContractCall:
        """Moves a token so often.

        Args:
            token: A bond or a cash token.
            count: How often.
            amount: Units or base units each time; the lowest bits of the number of the movement are added,
                as many as ``spread`` has.
            first: The wallet that moves first.
            from_step: How far on the next wallet that gives is; 0 for the same.
            to: The wallet that receives first.
            to_step: As ``from_step``, for who receives.
            spread: A number of ones: 0, 1, 3, 7...
        """
        return self._call(
            token=int(token, 16),
            first=first,
            from_step=from_step,
            to=to,
            to_step=to_step,
            count=count,
            amount=amount,
            spread=spread,
        )

    def _call(
        self,
        *,
        token: int,
        first: int,
        count: int,
        from_step: int = 0,
        to: int = 0,
        to_step: int = 0,
        amount: int = 0,
        spread: int = 0,
    ) -> ContractCall:
        words = (token, self.wallets, first, from_step, to, to_step, count, amount, spread)
        return ContractCall(self.address, b"".join(word.to_bytes(_WORD, "big") for word in words))
