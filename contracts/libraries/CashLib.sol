// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";

/// @title CashLib
/// @notice Movements of money that tell what the receiver really got.
/// @dev For tokens that take a fee, return nothing, or lie: what counts is the receiver's balance before and after.
library CashLib {
    using SafeERC20 for IERC20;

    /// @notice Moves money of `from`, by trust or allowance.
    /// @return received What the receiver got, base units.
    function pull(IERC20 cash, address from, address to, uint256 amount) internal returns (uint256 received) {
        uint256 before = cash.balanceOf(to);
        cash.safeTransferFrom(from, to, amount);
        return cash.balanceOf(to) - before;
    }

    /// @notice Moves money of `from`, by trust or allowance, if the token lets it.
    /// @return done Whether the token said that it moved.
    /// @return received What the receiver got, base units.
    function tryPull(IERC20 cash, address from, address to, uint256 amount)
        internal
        returns (bool done, uint256 received)
    {
        uint256 before = cash.balanceOf(to);
        done = cash.trySafeTransferFrom(from, to, amount);
        received = cash.balanceOf(to) - before;
    }

    /// @notice Moves money of this contract.
    /// @return received What the receiver got, base units.
    function push(IERC20 cash, address to, uint256 amount) internal returns (uint256 received) {
        uint256 before = cash.balanceOf(to);
        cash.safeTransfer(to, amount);
        return cash.balanceOf(to) - before;
    }

    /// @notice Moves money of this contract, if the token lets it.
    /// @return done Whether the token said that it moved.
    /// @return received What the receiver got, base units.
    function tryPush(IERC20 cash, address to, uint256 amount) internal returns (bool done, uint256 received) {
        uint256 before = cash.balanceOf(to);
        done = cash.trySafeTransfer(to, amount);
        received = cash.balanceOf(to) - before;
    }
}
