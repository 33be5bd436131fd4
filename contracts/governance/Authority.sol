// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {AccessManager} from "@openzeppelin/contracts/access/manager/AccessManager.sol";

/// @title Authority
/// @notice Who may call which function of which contract of the suite.
/// @dev OpenZeppelin's AccessManager as it is. The role ids of the suite are listed in docs/roles.md; the deployment sets
/// them and reads them back.
contract Authority is AccessManager {
    constructor(address initialAdmin) AccessManager(initialAdmin) {}
}
