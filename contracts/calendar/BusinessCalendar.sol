// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";

import {IBusinessCalendar, RollConvention} from "./interfaces/IBusinessCalendar.sol";
import {DateLib} from "../libraries/DateLib.sol";

/// @title BusinessCalendar
/// @notice Working days by market and year, versioned, with an end; what is past cannot be rewritten.
/// @dev Searches go day by day: the longest closure of a market bounds them, and an unpublished year ends them.
/// JOINT MARKETS
/// - A joint market has no days of its own: they are read from its parts each time, so that a change of a part is one of it.
contract BusinessCalendar is IBusinessCalendar, AccessManaged {
    /// @dev UTC+14, in which a day begins first: a day that has begun anywhere can't be changed any more.
    uint256 internal constant EARLIEST_ZONE = 14 hours;

    uint256 internal constant MOST_PARTS = 4;

    mapping(bytes8 market => mapping(uint16 year => Year)) internal _years;
    /// @dev Codes of the parts of a joint market, from the top, 8 bytes each.
    mapping(bytes8 market => bytes32) internal _parts;
    /// @dev Markets of which a year was published; only they can be joined, and none of them can become a joint market.
    mapping(bytes8 market => bool) internal _isKnown;

    constructor(address authority) AccessManaged(authority) {}

    /* PUBLICATION */

    /// @inheritdoc IBusinessCalendar
    function publish(bytes8 market, uint16 year, uint256 low, uint112 high) external restricted {
        require(market != 0 && _parts[market] == 0, CalendarMarketInvalid(market));
        require(year >= 1970 && year <= 2400, CalendarYearInvalid(year));
        uint256 length = DateLib.isLeapYear(year) ? 366 : 365;
        require(high >> (length - 256) == 0 && (low | high) != 0, CalendarYearInvalid(year));

        Year storage entry = _years[market][year];
        uint32 version = entry.version + 1;
        if (version > 1) _checkFuture({market: market, year: year, low: entry.low ^ low, high: entry.high ^ high});
        (entry.low, entry.high, entry.version) = (low, high, version);

        _isKnown[market] = true;

        emit YearPublished(market, year, low, high, version, msg.sender);
    }

    /// @inheritdoc IBusinessCalendar
    function join(bytes8 market, bytes8[] calldata parts) external restricted {
        require(market != 0 && _parts[market] == 0 && !_isKnown[market], CalendarMarketInvalid(market));
        require(parts.length >= 2 && parts.length <= MOST_PARTS, CalendarPartsInvalid(market));
        bytes32 joined;
        for (uint256 i; i < parts.length; ++i) {
            require(_isKnown[parts[i]], CalendarPartsInvalid(market));
            joined |= bytes32(parts[i]) >> (64 * i);
        }
        _parts[market] = joined;

        emit MarketsJoined(market, parts, msg.sender);
    }

    /* VIEWS */

    /// @inheritdoc IBusinessCalendar
    function yearOf(bytes8 market, uint16 year) public view returns (Year memory joint) {
        bytes32 parts = _parts[market];
        if (parts == 0) return _years[market][year];
        joint = _years[bytes8(parts)][year];
        while ((parts <<= 64) != 0) {
            Year memory part = _years[bytes8(parts)][year];
            joint.low &= part.low;
            joint.high &= part.high;
            joint.version = joint.version == 0 || part.version == 0 ? 0 : joint.version + part.version;
        }
    }

    /// @inheritdoc IBusinessCalendar
    function partsOf(bytes8 market) external view returns (bytes8[] memory parts) {
        bytes32 joined = _parts[market];
        uint256 count;
        while (count < MOST_PARTS && bytes8(joined << (64 * count)) != 0) {
            ++count;
        }
        parts = new bytes8[](count);
        for (uint256 i; i < count; ++i) {
            parts[i] = bytes8(joined << (64 * i));
        }
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

    /// @inheritdoc IBusinessCalendar
    function businessDaysBetween(bytes8 market, uint24 start, uint24 end) external view returns (uint256 count) {
        while (start < end) {
            (uint16 year, uint256 first) = DateLib.yearAndDayOfYear(start);
            uint24 next = DateLib.yearStart(uint256(year) + 1);
            uint256 length = (next < end ? next : end) - start;
            (uint256 low, uint256 high) = _bitsOf(market, year);
            // Bits of a year as one row: those before the first day fall out at the bottom, those after the last at the top.
            if (first >= 256) (low, high) = (high >> (first - 256), 0);
            else if (first != 0) (low, high) = ((low >> first) | (high << (256 - first)), high >> first);
            count += length < 256
                ? _count(low << (256 - length))
                : _count(low) + (length == 256 ? 0 : _count(high << (512 - length)));
            start = next;
        }
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
        (uint256 low, uint256 high) = _bitsOf(market, year);
        return (index < 256 ? low >> index : high >> (index - 256)) & 1 == 1;
    }

    /// @return low Bits of the first 256 days of a year that is published.
    /// @return high Bits of the days after.
    function _bitsOf(bytes8 market, uint16 year) internal view returns (uint256 low, uint256 high) {
        Year memory entry = yearOf(market, year);
        require(entry.version != 0, CalendarYearNotPublished(market, year));
        return (entry.low, entry.high);
    }

    /// @dev Number of bits that are set, summed in halves of growing width.
    function _count(uint256 word) internal pure returns (uint256) {
        unchecked {
            word -= (word >> 1) & (type(uint256).max / 3);
            word = (word & (type(uint256).max / 5)) + ((word >> 2) & (type(uint256).max / 5));
            word = (word + (word >> 4)) & (type(uint256).max / 17);
            // Sums of bytes, up to 256: they need two.
            word = (word & (type(uint256).max / 257)) + ((word >> 8) & (type(uint256).max / 257));
            return (word * (type(uint256).max / 65_535)) >> 240;
        }
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
