// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

/// @notice What a benchmark's values are, in billionths.
/// RATE: a rate a year for a term, such as three months. OVERNIGHT: a rate a year for one night, compounded here. LEVEL: an
/// index of prices, by month. FIGURE: a verified figure.
enum BenchmarkKind {
    RATE,
    OVERNIGHT,
    LEVEL,
    FIGURE
}

/// @notice What is known of a benchmark.
/// @param administrator Who alone may publish its values.
/// @param market Market whose business days it is published on.
/// @param kind What its values are.
/// @param basis Days of a year in its day count, 360 or 365; only OVERNIGHT uses it.
/// @param correctableFor Seconds after a publication in which its administrator may correct it; it counts when they are over.
/// @param lastDay Latest day that is published; 0 for none.
struct Benchmark {
    // Slot 0: 20 + 8 + 1 + 2 = 31 bytes
    address administrator;
    bytes8 market;
    BenchmarkKind kind;
    uint16 basis;
    // Slot 1: 4 + 3 = 7 bytes
    uint32 correctableFor;
    uint24 lastDay;
}

/// @notice A value of a day.
/// @param value Billionths; 2.5 % a year is 25,000,000.
/// @param finalAt Unix time from which it counts, as it cannot be corrected any more; 0 when nothing is published.
/// @param index Compounded index at the start of the day, 1e18 on the first day; only OVERNIGHT has one.
struct Publication {
    // Slot 0: 8 + 5 + 16 = 29 bytes
    int64 value;
    uint40 finalAt;
    uint128 index;
}

/// @title IBenchmarks
/// @notice Reference rates, price indices and verified figures, published by their administrators for all bonds.
/// @dev Days are days since 1970-01-01 in the benchmark's own market; its code has at most 8 ASCII characters, "SHIBOR3M".
interface IBenchmarks {
    event BenchmarkDefined(
        bytes8 indexed code,
        BenchmarkKind kind,
        address administrator,
        bytes8 market,
        uint16 basis,
        uint32 correctableFor,
        address actor
    );
    /// @notice Another account publishes from now on.
    event AdministratorSet(bytes8 indexed code, address administrator, address actor);
    /// @notice A value was published, or corrected while it could be.
    event ValuePublished(
        bytes8 indexed code, uint24 indexed day, int64 value, uint40 finalAt, uint128 index, bool isCorrection
    );

    /// @notice Thrown when a benchmark with this code exists.
    error BenchmarkExists(bytes8 code);
    /// @notice Thrown when no benchmark has this code.
    error BenchmarkUnknown(bytes8 code);
    /// @notice Thrown when a definition is empty or contradicts itself.
    error BenchmarkInvalid(bytes8 code, bytes32 field);
    /// @notice Thrown when somebody else than the administrator publishes.
    error BenchmarkCallerRefused(bytes8 code, address caller, address administrator);
    /// @notice Thrown when a day is published that has not begun yet, even in the zone where days begin first.
    error BenchmarkDayAhead(bytes8 code, uint24 day);
    /// @notice Thrown when a day has been published and cannot be corrected any more.
    error BenchmarkPublished(bytes8 code, uint24 day);
    /// @notice Thrown when a day is out of order: one before the latest, for a price index no first of a month, for an overnight
    /// rate not the business day that follows the latest.
    error BenchmarkDayRefused(bytes8 code, uint24 day, uint24 lastDay);
    /// @notice Thrown when a value is out of what can be: an index not above zero, a rate beyond 100 % either way.
    error BenchmarkValueInvalid(bytes8 code, int64 value);

    /// @notice Defines a benchmark.
    /// @param market Market whose business days it is published on.
    /// @param basis 360 or 365 for OVERNIGHT, else 0.
    /// @param correctableFor At most a week; for OVERNIGHT less than a day.
    function register(
        bytes8 code,
        BenchmarkKind kind,
        address administrator,
        bytes8 market,
        uint16 basis,
        uint32 correctableFor
    ) external;

    /// @notice Gives the publication to another account.
    function setAdministrator(bytes8 code, address administrator) external;

    /// @notice Publishes the value of a day, once; again while it can be corrected. Caller: the administrator.
    function publish(bytes8 code, uint24 day, int64 value) external;

    /// @return What is known of a benchmark; all zero when there is none.
    function benchmarkOf(bytes8 code) external view returns (Benchmark memory);

    /// @return The publication of a day; all zero when there is none.
    function publicationOf(bytes8 code, uint24 day) external view returns (Publication memory);

    /// @return isFound Whether the day has a value that counts.
    /// @return value Billionths.
    function valueOn(bytes8 code, uint24 day) external view returns (bool isFound, int64 value);

    /// @notice The last value that counts, on the day or one of the `most` days before; for a price index, months before.
    /// @return isFound Whether there is one.
    /// @return value Billionths.
    /// @return found Its day.
    function lastValue(bytes8 code, uint24 day, uint256 most)
        external
        view
        returns (bool isFound, int64 value, uint24 found);

    /// @notice The compounded index at the start of a day: that of the last publication before, carried on at its rate.
    /// @return isFound Whether there is a publication that counts in the 31 days before.
    /// @return isComplete Whether every night before the day has its own rate.
    /// @return index 1e18 on the first day that was published.
    function indexOn(bytes8 code, uint24 day) external view returns (bool isFound, bool isComplete, uint256 index);
}
