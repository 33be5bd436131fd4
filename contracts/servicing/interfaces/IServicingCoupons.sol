// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IBond} from "../../bond/interfaces/IBond.sol";
import {UnitPayment} from "./ServicingTypes.sol";

/// @title IServicingCoupons
/// @notice Computes what bonds pay, from their sealed terms and published values; nobody types in an amount.
interface IServicingCoupons {
    /// @return What one unit is paid for a period, rounded where the terms round per unit.
    function unitPayment(IBond bond, uint16 period) external view returns (UnitPayment memory);

    /// @notice What funding a payment needs to know.
    /// @return each What one unit is paid.
    /// @return isLast Whether it redeems the bond.
    /// @return withholds Whether tax is withheld.
    function paymentTerms(IBond bond, uint16 period)
        external
        view
        returns (UnitPayment memory each, bool isLast, bool withholds);

    /// @notice What a payment comes to.
    /// @return interest For `units` units, rounded down.
    /// @return principal For `units` units, rounded down.
    function amountOf(IBond bond, uint16 period, uint64 units)
        external
        view
        returns (uint256 interest, uint256 principal);

    /// @return Principal of a unit at the start of a period, 1e18 = the face.
    function poolFactor(IBond bond, uint16 period) external view returns (uint256);

    /// @notice The period in whose interest a day lies; from maturity on, the last one.
    /// @return From 1.
    function periodOn(IBond bond, uint24 day) external view returns (uint16);

    /// @return The day on which interest of a period ends; that of period 0 is the issue day.
    function periodEnd(IBond bond, uint16 period) external view returns (uint24);

    /// @return The last period, as moved; 2**16 - 1 in default.
    function lastPeriod(IBond bond) external view returns (uint16);
}
