// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

/// @notice The cheat codes that these tests use; forge answers them at a fixed address.
interface Vm {
    struct Log {
        bytes32[] topics;
        bytes data;
        address emitter;
    }

    function warp(uint256 time) external;
    function roll(uint256 number) external;
    function deal(address account, uint256 amount) external;
    function prank(address sender) external;
    function startPrank(address sender) external;
    function stopPrank() external;
    function assume(bool condition) external pure;
    function expectRevert() external;
    function expectRevert(bytes4 selector) external;
    function expectRevert(bytes calldata data) external;
    function addr(uint256 key) external pure returns (address account);
    function sign(uint256 key, bytes32 digest) external pure returns (uint8 v, bytes32 r, bytes32 s);
    function recordLogs() external;
    function getRecordedLogs() external returns (Log[] memory logs);
    function load(address account, bytes32 slot) external view returns (bytes32 value);
    function store(address account, bytes32 slot, bytes32 value) external;
    function etch(address account, bytes calldata code) external;
    function label(address account, string calldata name) external;
    function snapshotState() external returns (uint256 id);
    function revertToState(uint256 id) external returns (bool done);
    function toString(uint256 value) external pure returns (string memory text);
    function toString(int256 value) external pure returns (string memory text);
    function toString(address value) external pure returns (string memory text);
    function toString(bytes32 value) external pure returns (string memory text);
}

/// @notice What a forge test stands on, since forge-std is not published to npm.
/// @dev An invariant test names its handlers with `_target`: forge asks `targetContracts` and `targetSelectors`.
/// A handler's own asserts are lost when `fail_on_revert` is off, so that a handler records a broken promise in its
/// storage and the invariant reads it.
abstract contract Base {
    struct FuzzSelector {
        address addr;
        bytes4[] selectors;
    }

    error AssertionFailed(string what, string found, string wanted);

    Vm internal constant vm = Vm(address(uint160(uint256(keccak256("hevm cheat code")))));

    address[] private _targets;
    FuzzSelector[] private _selectors;

    function targetContracts() public view returns (address[] memory) {
        return _targets;
    }

    function targetSelectors() public view returns (FuzzSelector[] memory) {
        return _selectors;
    }

    function _target(address handler, bytes4[] memory selectors) internal {
        _targets.push(handler);
        _selectors.push(FuzzSelector({addr: handler, selectors: selectors}));
    }

    function assertTrue(bool found, string memory what) internal pure {
        if (!found) revert AssertionFailed(what, "false", "true");
    }

    function assertEq(uint256 found, uint256 wanted, string memory what) internal pure {
        if (found != wanted) revert AssertionFailed(what, vm.toString(found), vm.toString(wanted));
    }

    function assertEq(int256 found, int256 wanted, string memory what) internal pure {
        if (found != wanted) revert AssertionFailed(what, vm.toString(found), vm.toString(wanted));
    }

    function assertEq(address found, address wanted, string memory what) internal pure {
        if (found != wanted) revert AssertionFailed(what, vm.toString(found), vm.toString(wanted));
    }

    function assertEq(bytes32 found, bytes32 wanted, string memory what) internal pure {
        if (found != wanted) revert AssertionFailed(what, vm.toString(found), vm.toString(wanted));
    }

    function assertLe(uint256 found, uint256 most, string memory what) internal pure {
        if (found > most) revert AssertionFailed(what, vm.toString(found), vm.toString(most));
    }

    function assertGe(uint256 found, uint256 least, string memory what) internal pure {
        if (found < least) revert AssertionFailed(what, vm.toString(found), vm.toString(least));
    }

    /// @notice Folds a fuzzed value into a range; the ends of the range come up more often than by chance.
    function bound(uint256 value, uint256 least, uint256 most) internal pure returns (uint256) {
        uint256 size = most - least + 1; // zero when the range is everything
        if (size == 0 || (value >= least && value <= most)) return value;
        // Fuzzers love the two ends of uint256, so these map to the ends of the range.
        if (value <= 3 && size > value) return least + value;
        if (value >= type(uint256).max - 3 && size > type(uint256).max - value) {
            return most - (type(uint256).max - value);
        }
        return least + value % size;
    }
}
