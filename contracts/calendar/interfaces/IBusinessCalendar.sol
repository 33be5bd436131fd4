// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

/// @notice How a date that is not a business day is moved (ISDA 2021 Definitions 2.3; ISO 20022 BusinessDayConvention).
enum RollConvention {
    UNADJUSTED,
    FOLLOWING,
    MODIFIED_FOLLOWING,
    PRECEDING,
    MODIFIED_PRECEDING
}

/// @title IBusinessCalendar
/// @notice The working days of markets, year by year, as published by the depository.
/// @dev A day is a number of civil days since 1970-01-01. A year is a bitmap: bit `i` is day `i` of the year, 0-based; set
/// when it is a business day. A market is a code of at most 8 ASCII characters, such as "CN-IB".
interface IBusinessCalendar {
    /// @notice A published year, two slots.
    /// @param low Bits of the first 256 days.
    /// @param high Bits of the days from the 257th on.
    /// @param version 1 at the first publication, one more at each change; 0 when the year is not published.
    struct Year {
        // Slot 0: 32 bytes
        uint256 low;
        // Slot 1: 14 + 4 = 18 bytes
        uint112 high;
        uint32 version;
    }

    /// @notice A year was published, or its future days changed. Source of truth for business days.
    event YearPublished(
        bytes8 indexed market, uint16 indexed year, uint256 low, uint112 high, uint32 version, address actor
    );

    /// @notice A market was defined as several ones: its business days are those of all its parts.
    event MarketsJoined(bytes8 indexed market, bytes8[] parts, address actor);

    /// @notice Thrown when a date falls in a year that is not published.
    error CalendarYearNotPublished(bytes8 market, uint16 year);
    /// @notice Thrown when a change touches a day that is today or past.
    error CalendarDayPast(bytes8 market, uint24 day);
    /// @notice Thrown when a year is out of 1970 to 2400, has bits beyond its last day, or no business day at all.
    error CalendarYearInvalid(uint16 year);
    /// @notice Thrown when a joint market has other than two to four parts, or one that has no published year of its own.
    error CalendarPartsInvalid(bytes8 market);
    /// @notice Thrown when the market code is empty, or names a market of the other sort: joint, or with days of its own.
    error CalendarMarketInvalid(bytes8 market);

    /// @notice Publishes a year, or changes days of it that are still to come (after today in UTC+14, the earliest zone).
    function publish(bytes8 market, uint16 year, uint256 low, uint112 high) external;

    /// @notice Defines a joint market, once and for ever: a business day of it is one of all its parts.
    /// @param market A code of its own, with no days of its own.
    /// @param parts Two to four markets of which a year has been published.
    function join(bytes8 market, bytes8[] calldata parts) external;

    /// @return The parts of a joint market; none for any other.
    function partsOf(bytes8 market) external view returns (bytes8[] memory);

    /// @return The bits and version of a year; version 0 when it is not published. Of a joint market, the common days and the sum
    /// of the versions.
    function yearOf(bytes8 market, uint16 year) external view returns (Year memory);

    /// @return Whether a day is a business day. Reverts when its year is not published.
    function isBusinessDay(bytes8 market, uint24 day) external view returns (bool);

    /// @return The day rolled by the convention.
    function roll(bytes8 market, uint24 day, RollConvention convention) external view returns (uint24);

    /// @return Number of business days from `start` (included) to `end` (excluded). Reverts when a year of them is not published.
    function businessDaysBetween(bytes8 market, uint24 start, uint24 end) external view returns (uint256);

    /// @return The business day that is `count` business days before `day`; `day` itself need not be one.
    function businessDaysBefore(bytes8 market, uint24 day, uint256 count) external view returns (uint24);
}
