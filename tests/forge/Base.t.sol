// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Base} from "./Base.sol";

/// @notice Shows that forge, the compiler and the base of the tests work together.
contract BaseTest is Base {
    error Refused(address sender);

    function refuse() external view {
        revert Refused(msg.sender);
    }

    function test_cheatCodes__answered__asAsked() external {
        vm.warp(1_700_000_000);
        assertEq(block.timestamp, 1_700_000_000, "time");

        (uint8 v, bytes32 r, bytes32 s) = vm.sign(1, keccak256("message"));
        assertEq(ecrecover(keccak256("message"), v, r, s), vm.addr(1), "signer");

        vm.prank(vm.addr(1));
        vm.expectRevert(abi.encodeWithSelector(Refused.selector, vm.addr(1)));
        this.refuse();
    }

    function testFuzz_bound__anyValue__insideTheRange(uint256 value, uint128 least, uint128 size) external pure {
        uint256 most = uint256(least) + size;

        uint256 found = bound(value, least, most);

        assertGe(found, least, "BASE-1: not below the range");
        assertLe(found, most, "BASE-1: not above the range");
    }
}

contract Counter {
    uint256 public steps;
    uint256 public sum;

    function add(uint256 value) external {
        steps += 1;
        sum += value % 10;
    }
}

contract BaseInvariantTest is Base {
    Counter internal counter;

    function setUp() external {
        counter = new Counter();
        bytes4[] memory selectors = new bytes4[](1);
        selectors[0] = Counter.add.selector;
        _target(address(counter), selectors);
    }

    function invariant_sum__anyCalls__bounded() external view {
        assertLe(counter.sum(), counter.steps() * 9, "BASE-2: each step adds a digit");
    }
}
