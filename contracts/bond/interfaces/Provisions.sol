// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

/// @notice What a floating rate becomes when no fixing is published in time.
/// LAST_VALUE: the last value of the 31 days before. PREVIOUS_RATE: the rate of the period before. FIXED_RATE: a stated rate.
enum Fallback {
    LAST_VALUE,
    PREVIOUS_RATE,
    FIXED_RATE
}

/// @notice A rate from a period on.
/// @param rate Billionths a year.
struct Step {
    uint16 period;
    uint32 rate;
}

/// @notice A part of the principal that is repaid with a payment.
/// @param share Billionths of the face.
struct Instalment {
    uint16 period;
    uint64 share;
}

/// @notice A verified figure that moves the rate when it is missed (ICMA Sustainability-Linked Bond Principles).
/// @param benchmark Code of the figure in `Benchmarks`.
/// @param day Day for which the figure is published.
/// @param period First period at the moved rate.
/// @param atMost Whether the figure must not be above the target; else not below it.
/// @param target Billionths.
/// @param step What a miss adds to the rate, billionths a year; may be negative.
struct KpiTest {
    bytes8 benchmark;
    uint24 day;
    uint16 period;
    bool atMost;
    int64 target;
    int32 step;
}

/// @notice A rate that follows a benchmark (ISDA 2021 Definitions, section 6 and 7).
/// @param benchmark Code in `Benchmarks`; zero when the rate does not float.
/// @param compounded Compounded in arrears from an overnight rate, with an observation shift; else a term rate in advance.
/// @param lag Business days of the benchmark's market between observation and period; at least 1 where compounded.
/// @param spread Billionths a year, added after rounding; may be negative.
/// @param floor Lowest rate, billionths a year.
/// @param cap Highest rate, billionths a year; 2**32 - 1 for none.
/// @param places Decimal places of a percent to which the benchmark's rate is rounded, half up; at most 7.
/// @param fallbackRule What applies when no fixing is published in time.
/// @param fallbackRate Billionths a year, all in.
struct Floating {
    bytes8 benchmark;
    bool compounded;
    uint8 lag;
    int32 spread;
    uint32 floor;
    uint32 cap;
    uint8 places;
    Fallback fallbackRule;
    uint32 fallbackRate;
}

/// @notice Principal and interest that follow a price index.
/// @param benchmark Code in `Benchmarks`, published for the first day of each month; zero when there is none.
/// @param lagMonths Months between a day and the month whose index it uses.
/// @param interpolated Whether days of a month are interpolated to the next month's index (the Canadian model).
/// @param floored Whether principal is never repaid below the face.
/// @param places Decimal places of the index ratio, rounded half up; at most 9.
/// @param base Reference index of the issue day, billionths.
struct Inflation {
    bytes8 benchmark;
    uint8 lagMonths;
    bool interpolated;
    bool floored;
    uint8 places;
    uint64 base;
}

/// @notice How a bond without coupon grows from its issue price to its face.
/// @param issuePrice Base units of the currency for one unit.
/// @param yieldRate Billionths a year; zero for a straight line.
/// @param monthsPerCompounding Months of a compounding cell, counted from the issue day; zero for a straight line.
struct Accretion {
    uint128 issuePrice;
    uint32 yieldRate;
    uint8 monthsPerCompounding;
}

/// @notice The issuer's right to renew the bond at the end of each cycle, at a new rate: a perpetual in the Chinese form.
/// @param periods Interest periods of a cycle; zero when there is no such right.
/// @param noticeDays Civil days before the end of the cycle until which he may.
/// @param benchmark Code of the rate that the new one is made from.
/// @param lag Business days of its market between observation and cycle.
/// @param spread Initial spread, billionths a year.
/// @param stepUp What a renewal adds, billionths a year; once, not cumulated.
struct Renewal {
    uint16 periods;
    uint16 noticeDays;
    bytes8 benchmark;
    uint8 lag;
    int32 spread;
    int32 stepUp;
}

/// @notice The issuer's right to defer interest.
/// @param noticeDays Civil days before the due day until which he may; zero when there is no such right.
/// @param bearsInterest Whether arrears bear interest, at the rate of the period.
struct Deferral {
    uint16 noticeDays;
    bool bearsInterest;
}

/// @notice Tax on the interest of holders of some classes.
/// @param classes Verdicts; the first entry that shares one with the holder applies.
/// @param rate Billionths of the interest.
struct Withholding {
    uint24 classes;
    uint32 rate;
}

/// @notice What the terms of a bond provide for beyond a coupon and one redemption.
/// @param capitalisedUntil Last period whose interest is added to the principal; zero for none.
/// @param fallbackDays Civil days after the day that is observed from which a fallback applies.
/// @param taxAccount Receives what is withheld; zero when nothing is.
struct Provisions {
    Step[] steps;
    Instalment[] instalments;
    KpiTest[] tests;
    Floating floating;
    Inflation inflation;
    Accretion accretion;
    Renewal renewal;
    Deferral deferral;
    uint16 capitalisedUntil;
    uint16 fallbackDays;
    address taxAccount;
    Withholding[] withholdings;
}
