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
