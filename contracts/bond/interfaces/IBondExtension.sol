// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {Checkpoint} from "./IBond.sol";
import {Provisions} from "./Provisions.sol";

/// @title IBondExtension
/// @notice What a bond does or is asked rarely, beside the standards.
interface IBondExtension {
    /* POWERS */

    function setPaused(bool paused) external;

    /* ALLOWANCES */

    /// @notice ERC-2612 for every signer: a key, or a contract wallet (ERC-1271).
    function permit(address owner, address spender, uint256 value, uint256 deadline, bytes calldata signature) external;

    /* VIEWS */

    /// @notice Reverts with the reason for which a transfer of these units by their owner would be refused, if any.
    function checkTransfer(address from, address to, uint256 units) external view;

    /// @return What the sealed terms provide for beyond a coupon and one redemption.
    function provisions() external view returns (Provisions memory);

    /// @return The day, unadjusted, on which the last period ends, as moved so far; in default, as it was sealed.
    function maturityDay() external view returns (uint24);

    /// @return Units of an account at a record date that has passed.
    function unitsAt(address account, uint16 record) external view returns (uint64);

    function checkpointAt(address account, uint16 record) external view returns (Checkpoint memory);

    /// @return Paid bits of the holders numbered 256 * `word` to 256 * `word` + 255.
    function paidWord(uint16 period, uint256 word) external view returns (uint256);
}
