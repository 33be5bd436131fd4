// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {AllocationLib} from "../../../contracts/primary/libraries/AllocationLib.sol";
import {Base} from "../Base.sol";

/// @notice Pro rata by largest remainder, against handing out one lot at a time.
contract AllocationTest is Base {
    uint256 private constant ORDERS = 9;

    function testFuzz_allotment__anyBook__sameAsBruteForce(uint64[9] memory asked, uint64 offered, uint8 scale)
        external
        pure
    {
        (uint64 ordered, uint64[9] memory wanted, uint64 cutRemainder, uint160 cutAccount) =
            _bruteForce(asked, offered = _fold(asked, offered, scale));

        uint256 sum;
        for (uint160 i; i < ORDERS; ++i) {
            uint64 found =
                AllocationLib.allotment(address(i + 1), asked[i], offered, ordered, cutRemainder, address(cutAccount));
            assertEq(found, wanted[i], "ALLOC-2: allotments are the largest remainders");
            assertLe(found, asked[i], "ALLOC-2: nobody gets more than he asked for");
            sum += found;
        }
        assertEq(sum, ordered < offered ? ordered : offered, "ALLOC-1: allotments sum up");
    }

    /// @dev Why the Offering may trust a sum: cuts that give away the same number of lots give them to the same orders.
    function testFuzz_allotment__otherCutWithSameSum__sameAllotments(
        uint64[9] memory asked,
        uint64 offered,
        uint8 scale,
        uint64 otherRemainder,
        uint8 otherAccount
    ) external pure {
        (uint64 ordered, uint64[9] memory wanted,,) = _bruteForce(asked, offered = _fold(asked, offered, scale));
        if (otherAccount % 2 == 0) {
            // Cuts at a remainder that exists are the interesting ones.
            otherRemainder = uint64(uint256(asked[otherRemainder % ORDERS]) * offered % ordered);
        }
        uint64[9] memory found;
        uint256 sum;
        for (uint160 i; i < ORDERS; ++i) {
            found[i] = AllocationLib.allotment(
                address(i + 1), asked[i], offered, ordered, otherRemainder, address(uint160(otherAccount % 11))
            );
            sum += found[i];
        }

        if (sum != (ordered < offered ? ordered : offered)) return;

        for (uint256 i; i < ORDERS; ++i) {
            assertEq(found[i], wanted[i], "ALLOC-4: the sum proves the allotments");
        }
    }

    /// @dev Small books have ties and remainders of zero, large ones try the width of the products.
    function _fold(uint64[9] memory asked, uint64 offered, uint8 scale) private pure returns (uint64) {
        uint64 most = scale % 3 == 0 ? 12 : scale % 3 == 1 ? 1_000_000 : type(uint64).max / 10;
        for (uint256 i; i < ORDERS; ++i) {
            asked[i] = uint64(bound(asked[i], 1, most));
        }
        return uint64(bound(offered, 1, uint256(most) * 8));
    }

    function _bruteForce(uint64[9] memory asked, uint64 offered)
        private
        pure
        returns (uint64 ordered, uint64[9] memory wanted, uint64 cutRemainder, uint160 cutAccount)
    {
        for (uint256 i; i < ORDERS; ++i) {
            ordered += asked[i];
        }
        if (ordered <= offered) return (ordered, asked, 0, 0);
        uint256[9] memory remainders;
        uint256 left = offered;
        for (uint256 i; i < ORDERS; ++i) {
            wanted[i] = uint64(uint256(asked[i]) * offered / ordered);
            remainders[i] = uint256(asked[i]) * offered % ordered;
            left -= wanted[i];
        }
        cutRemainder = ordered;
        for (; left > 0; --left) {
            uint256 best;
            for (uint256 i = 1; i < ORDERS; ++i) {
                if (remainders[i] > remainders[best]) best = i;
            }
            ++wanted[best];
            (cutRemainder, cutAccount) = (uint64(remainders[best]), uint160(best + 1));
            remainders[best] = 0;
        }
    }
}
