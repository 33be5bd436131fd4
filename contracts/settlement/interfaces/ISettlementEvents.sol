// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

/// @title ISettlementEvents
/// @notice What the Settlement says, and why it refuses.
interface ISettlementEvents {
    /// @notice How the amount of a trade at a clean price came about; `TradeSettled` follows.
    /// @param accrued Accrued interest, base units; below zero where the next coupon stays with the seller.
    /// @param received What the seller had received already of payments that are the buyer's, base units.
    /// @param records Record dates that had passed when it was agreed.
    event TradePriced(
        bytes32 indexed id, uint128 cleanAmount, int256 accrued, uint256 received, uint40 tradedAt, uint16 records
    );
    /// @notice A trade was settled.
    /// @param id EIP-712 hash that both sides signed.
    /// @param amount What the buyer paid; where the seller paid him, at a clean price, zero.
    event TradeSettled(
        bytes32 indexed id,
        address indexed seller,
        address indexed buyer,
        address bond,
        address cash,
        uint64 units,
        uint128 amount,
        uint256 sellerNonce,
        uint256 buyerNonce,
        address actor
    );
    /// @notice Nonces were withdrawn by their owner: bits of `mask` in word `word`.
    event NoncesCancelled(address indexed account, uint256 indexed word, uint256 mask);

    /// @notice Thrown when seller and buyer are the same.
    error TradeSelf(address account);
    /// @notice Thrown when no units are to be delivered.
    error TradeUnitsZero();
    /// @notice Thrown when a trade says that it was agreed later than now.
    error TradeAhead(uint256 tradedAt, uint256 time);
    /// @notice Thrown when a trade at a clean price is to be paid in another currency than the bond pays in.
    error TradeCashWrong(address cash, address currency);
    /// @notice Thrown when accrued interest and received payments come to more than both sides signed.
    error TradeAccruedExceeds(int256 accrued, uint256 received, uint256 most);
    /// @notice Thrown before the settlement date that was agreed.
    error TradeTooEarly(uint256 validFrom, uint256 time);
    /// @notice Thrown after the deadline.
    error TradeExpired(uint256 deadline, uint256 time);
    /// @notice Thrown when a nonce was used or cancelled.
    error TradeNonceUsed(address account, uint256 nonce);
    /// @notice Thrown when a signature is not that of the side: another signer, chain, contract or content.
    error TradeSignatureInvalid(address signer, bytes32 id);
    /// @notice Thrown when a cash token moved another amount than it was told to.
    error TradeCashMismatch(address cash, uint256 expected, uint256 moved);
    /// @notice Thrown at deployment when the next part is no contract.
    error SettlementPartMissing(address part);
}
