// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Promises} from "./suite/Promises.sol";

/// @notice A bond in life: traded, frozen, suspended, paid, redeemed.
contract RegisterInvariants is Promises {
    function setUp() external {
        _setStage();
        _targetRegister();
        _targetMembers();
        _targetSettlement();
        _targetServicing();
    }

    function invariant_promises__issuedBond__kept() external view {
        _checkBonds();
    }
}

/// @notice Books, allocations, payment and issue, beside members who come and go.
contract OfferingInvariants is Promises {
    function setUp() external {
        _setStage();
        _targetOffering();
        _targetMembers();
    }

    function invariant_promises__openBooks__kept() external view {
        _checkAll();
    }
}
