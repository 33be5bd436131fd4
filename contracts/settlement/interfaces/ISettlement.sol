// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

/// @title ISettlement
/// @notice Delivery versus payment: bonds and cash move in one transaction, or not at all.
/// @dev Delivery model 1 of the CPMI-IOSCO PFMI: gross, trade by trade, both legs at once.
interface ISettlement {
    /// @notice What both sides sign (EIP-712).
    /// @param bond The security.
    /// @param cash The ERC-20 of the payment.
    /// @param seller Delivers `units`, receives `amount`.
    /// @param buyer Receives `units`, pays `amount`.
    /// @param units Whole units of the bond.
    /// @param amount Base units of the cash token; zero for a delivery free of payment.
    /// @param validFrom First second at which it may settle: the settlement date that was agreed.
    /// @param deadline Last second at which it may settle.
    /// @param sellerNonce A number that the seller uses once; the low 8 bits pick a bit, the rest a word.
    /// @param buyerNonce A number that the buyer uses once.
    struct Instruction {
        address bond;
        address cash;
        address seller;
        address buyer;
        uint64 units;
        uint128 amount;
        uint40 validFrom;
        uint40 deadline;
        uint256 sellerNonce;
        uint256 buyerNonce;
    }

    /// @notice A trade was settled.
    /// @param id EIP-712 hash that both sides signed.
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

    /// @notice Settles a trade that both sides signed. Anyone may submit it.
    /// @return id EIP-712 hash that both sides signed.
    function settle(Instruction calldata instruction, bytes calldata sellerSignature, bytes calldata buyerSignature)
        external
        returns (bytes32 id);

    /// @notice Withdraws instructions of the caller that have not settled: those with these nonces.
    function cancel(uint256 word, uint256 mask) external;

    function hashOf(Instruction calldata instruction) external view returns (bytes32);

    function isNonceUsed(address account, uint256 nonce) external view returns (bool);

    /// @return Bits of the used nonces of a word.
    function nonceWord(address account, uint256 word) external view returns (uint256);
}
