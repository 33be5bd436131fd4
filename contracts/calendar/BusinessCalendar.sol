// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";

import {IBusinessCalendar, RollConvention} from "./interfaces/IBusinessCalendar.sol";
import {DateLib} from "../libraries/DateLib.sol";

/// @title BusinessCalendar
/// @notice Working days by market and year, versioned, with an end; what is past cannot be rewritten.
/// @dev Searches go day by day: the longest closure of a market bounds them, and an unpublished year ends them.
contract BusinessCalendar is IBusinessCalendar, AccessManaged {
    /// @dev UTC+14, in which a day begins first: a day that has begun anywhere can't be changed any more.
    uint256 internal constant EARLIEST_ZONE = 14 hours;

    mapping(bytes8 market => mapping(uint16 year => Year)) internal _years;

    constructor(address authority) AccessManaged(authority) {}

    /* PUBLICATION */

    /// @inheritdoc IBusinessCalendar
    function publish(bytes8 market, uint16 year, uint256 low, uint112 high) external restricted {
        require(market != 0, CalendarMarketInvalid(market));
        require(year >= 1970 && year <= 2400, CalendarYearInvalid(year));
        uint256 length = DateLib.isLeapYear(year) ? 366 : 365;
        require(high >> (length - 256) == 0 && (low | high) != 0, CalendarYearInvalid(year));

        Year storage entry = _years[market][year];
        uint32 version = entry.version + 1;
        if (version > 1) _checkFuture({market: market, year: year, low: entry.low ^ low, high: entry.high ^ high});
        (entry.low, entry.high, entry.version) = (low, high, version);

        emit YearPublished(market, year, low, high, version, msg.sender);
    }

    /* VIEWS */

    /// @inheritdoc IBusinessCalendar
    function yearOf(bytes8 market, uint16 year) external view returns (Year memory) {
        return _years[market][year];
    }

    /// @inheritdoc IBusinessCalendar
    function isBusinessDay(bytes8 market, uint24 day) external view returns (bool) {
        return _isBusinessDay(market, day);
    }

    /// @inheritdoc IBusinessCalendar
    function roll(bytes8 market, uint24 day, RollConvention convention) external view returns (uint24) {
        if (convention == RollConvention.UNADJUSTED) return day;
        bool forward = convention == RollConvention.FOLLOWING || convention == RollConvention.MODIFIED_FOLLOWING;
        bool modified =
            convention == RollConvention.MODIFIED_FOLLOWING || convention == RollConvention.MODIFIED_PRECEDING;

        uint24 rolled = _nearest(market, day, forward);
        if (modified && DateLib.monthOf(rolled) != DateLib.monthOf(day)) rolled = _nearest(market, day, !forward);
        return rolled;
    }

    /// @inheritdoc IBusinessCalendar
    function businessDaysBefore(bytes8 market, uint24 day, uint256 count) external view returns (uint24) {
        for (; count > 0; --count) {
            day = _nearest(market, day - 1, false);
        }
        return day;
    }

    /* INTERNAL */

    function _nearest(bytes8 market, uint24 day, bool forward) internal view returns (uint24) {
        while (!_isBusinessDay(market, day)) {
            day = forward ? day + 1 : day - 1;
        }
        return day;
    }

    function _isBusinessDay(bytes8 market, uint24 day) internal view returns (bool) {
        (uint16 year, uint256 index) = DateLib.yearAndDayOfYear(day);
        Year storage entry = _years[market][year];
        require(entry.version != 0, CalendarYearNotPublished(market, year));
        return (index < 256 ? entry.low >> index : uint256(entry.high) >> (index - 256)) & 1 == 1;
    }

    /// @dev `low` and `high` hold a set bit for each day that changes.
    function _checkFuture(bytes8 market, uint16 year, uint256 low, uint256 high) internal view {
        uint256 begun = (block.timestamp + EARLIEST_ZONE) / 1 days;
        uint256 first = DateLib.yearStart(year);
        if (begun < first) return;

        uint256 past = begun - first + 1;
        // Shifting left by 256 or more gives zero: the days of a word that are still to come fall out at its top.
        bool changed = past < 256 ? low << (256 - past) != 0 : low != 0 || high << (past < 512 ? 512 - past : 0) != 0;
        require(!changed, CalendarDayPast(market, uint24(begun)));
    }
}
