// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IBond} from "../../bond/interfaces/IBond.sol";
import {Fixing} from "./ServicingTypes.sol";

/// @title IServicingFixings
/// @notice Fixes what the terms of a bond leave open, and what its issuer may choose.
interface IServicingFixings {
    /// @notice Fixes the figures of a period, from the terms and what is published: anyone, once, in order of the periods.
    function fix(IBond bond, uint16 period) external;

    /// @notice Defers the interest of the next period to be fixed. Caller: the issuer's account.
    function deferInterest(IBond bond, uint16 period) external;

    /* VIEWS */

    /// @return The figures of a period; `fixedAt` 0 while they are not fixed.
    function fixing(IBond bond, uint16 period) external view returns (Fixing memory);

    /// @return Periods that are fixed.
    function fixedPeriods(IBond bond) external view returns (uint16);
}
