// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

/// @title ISettlementClean
/// @notice Delivery versus payment at a clean price: the interest is what has accrued when it settles.
interface ISettlementClean {
    /// @notice What both sides sign (EIP-712); fields as in `Instruction`.
    /// @param cleanAmount Base units for all units, without accrued interest.
    /// @param mostAccrued Most by which accrued interest and received payments may move the amount either way, base units: what
    /// is signed bounds what is paid, whatever the bond says.
    /// @param tradedAt Unix time at which it was agreed: who buys before a record time gets that payment, whenever it settles.
    struct CleanInstruction {
        address bond;
        address cash;
        address seller;
        address buyer;
        uint64 units;
        uint128 cleanAmount;
        uint128 mostAccrued;
        uint40 tradedAt;
        uint40 validFrom;
        uint40 deadline;
        uint256 sellerNonce;
        uint256 buyerNonce;
    }

    /// @notice Settles a trade at a clean price, on the day it is called: the buyer pays what has accrued on top, and a payment
    /// whose record date passed since the trade was agreed goes to him, at once or when it is made. Anyone may submit it.
    /// @return id EIP-712 hash that both sides signed.
    function settleClean(
        CleanInstruction calldata instruction,
        bytes calldata sellerSignature,
        bytes calldata buyerSignature
    ) external returns (bytes32 id);

    function hashOfClean(CleanInstruction calldata instruction) external view returns (bytes32);
}
