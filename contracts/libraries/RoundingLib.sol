// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

/// @title RoundingLib
/// @notice Division with its direction in the name.
/// @dev Money owed to holders is rounded down, so that what is paid never exceeds what was funded; money asked from
/// somebody is rounded up. Products are of 512 bits: an overflow of the result reverts, an intermediate one cannot
/// happen.
library RoundingLib {
    /// @dev Rates are whole billionths: 1,000,000,000 is 100 %.
    uint256 internal constant RATE_SCALE = 1e9;

    /// @notice `a * b / denominator`, rounded towards zero.
    function mulDivDown(uint256 a, uint256 b, uint256 denominator) internal pure returns (uint256) {
        return Math.mulDiv(a, b, denominator);
    }

    /// @notice `a * b / denominator`, rounded away from zero.
    function mulDivUp(uint256 a, uint256 b, uint256 denominator) internal pure returns (uint256) {
        return Math.mulDiv(a, b, denominator, Math.Rounding.Ceil);
    }

    /// @notice `units * numerator / denominator`, rounded towards zero, where the product is known to fit 256 bits.
    /// @dev The line that rounds every payment. Units have 64 bits and the interest of one unit at most 184 (face value 128,
    /// rate 32, days 24), so that nothing can overflow; 512 bits would cost each holder of a batch 150 gas more.
    /// @param units Below 2**64.
    /// @param numerator Below 2**192.
    function scaleDown(uint256 units, uint256 numerator, uint256 denominator) internal pure returns (uint256) {
        unchecked {
            return units * numerator / denominator;
        }
    }
}
