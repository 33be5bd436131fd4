// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

/// @title Roles
/// @notice What an account may act as, one bit each, granted with an expiry by the registrar.
/// @dev Powers over contracts (configuration, freeze, minting) are not here: they live in the Authority.
library Roles {
    uint24 internal constant HOLDER = 1 << 0;
    uint24 internal constant ISSUER = 1 << 1;
    uint24 internal constant BOOKRUNNER = 1 << 2;
    uint24 internal constant UNDERWRITER = 1 << 3;
    uint24 internal constant PAYING_AGENT = 1 << 4;
    uint24 internal constant CALCULATION_AGENT = 1 << 5;
    uint24 internal constant CASH_ISSUER = 1 << 6;
    uint24 internal constant SUPERVISOR = 1 << 7;
    uint24 internal constant REGISTRAR = 1 << 8;
    uint24 internal constant CUSTODIAN = 1 << 9;
    uint24 internal constant DEALER = 1 << 10;
    uint24 internal constant TRUSTEE = 1 << 11;
}
