// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IBond} from "../../bond/interfaces/IBond.sol";
import {UnitPayment} from "./ServicingTypes.sol";

/// @title IServicingAccruals
/// @notice What lies between payments: accrued interest, prices, early redemption.
interface IServicingAccruals {
    /// @notice What a buyer pays a seller for interest of one unit, as an exact fraction of base units; below zero where the
    /// coupon of the period goes to another (ex-coupon).
    /// @param day Value day; before the issue day nothing has accrued, from maturity on it is the whole last coupon.
    /// @param records Record dates that have passed when the trade is agreed.
    /// @return numerator Base units times `denominator`.
    /// @return denominator Not zero.
    function accruedPerUnit(IBond bond, uint24 day, uint16 records)
        external
        view
        returns (int256 numerator, uint256 denominator);

    /// @notice The same for a holding, on the record dates that have passed by now, rounded towards zero once.
    /// @return Base units of the currency.
    function accruedOf(IBond bond, uint64 units, uint24 day) external view returns (int256);

    /// @notice What has accrued today for a trade that was agreed earlier: a payment whose record date passed since then is the
    /// buyer's, and counts as pending.
    /// @param tradedAt Unix time.
    /// @return accrued Base units, rounded towards zero once.
    /// @return records Record dates that had passed when it was agreed.
    function accruedAt(IBond bond, uint64 units, uint40 tradedAt) external view returns (int256 accrued, uint16 records);

    /// @return What the units of an account have accrued, base units.
    function accruedInterest(IBond bond, address holder, uint24 day) external view returns (int256);

    /// @notice The price that is paid for units at a clean price.
    /// @param cleanAmount Base units for all units, without accrued interest.
    /// @return Base units; zero at least.
    function dirtyAmount(IBond bond, uint64 units, uint256 cleanAmount, uint24 day) external view returns (uint256);

    /// @return What a unit of a bond without coupon is worth on a day by its terms, base units times 1e18.
    function accretedValue(IBond bond, uint24 day) external view returns (uint256);

    /// @notice What a unit is paid that is redeemed early on a day.
    /// @param price Billionths of the principal; 0 for none, where a price is agreed.
    /// @return each Interest that has accrued, on the record dates that have passed; where a coupon was recorded that the redeemed
    /// unit has not earned, it is taken off the principal, rounded up to whole base units.
    function redemptionTerms(IBond bond, uint24 day, uint256 price) external view returns (UnitPayment memory each);
}
