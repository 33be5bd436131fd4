// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {DateLib} from "../../libraries/DateLib.sol";

/// @notice Unit of a schedule's step: a week is 7 days, a year 12 months.
enum PeriodUnit {
    DAY,
    MONTH
}

/// @notice The due days of a bond, unadjusted: a grid of regular days from an anchor, cut at issue and maturity.
/// @param issueDay First day that bears interest, days since 1970-01-01.
/// @param maturityDay End of the last period.
/// @param anchorDay A regular due day, from which all others are counted.
/// @param anchorPeriod Number of the period that ends on it; 0 when it is the issue day.
/// @param periods Number of interest periods; the last one ends at maturity.
/// @param step Days or months of a regular period.
/// @param unit Unit of the step.
/// @param endOfMonth Whether every regular day is the last of its month.
struct Schedule {
    uint24 issueDay;
    uint24 maturityDay;
    uint24 anchorDay;
    uint16 anchorPeriod;
    uint16 periods;
    uint16 step;
    PeriodUnit unit;
    bool endOfMonth;
}

/// @title ScheduleLib
/// @notice Due days by rule: none is typed in, and a month's end is never lost, as all are counted from one anchor.
library ScheduleLib {
    /// @notice The regular day on which period `number` would end, were there neither issue nor maturity.
    /// @param number Below zero or above the last period for notional periods around a stub.
    function regularDay(Schedule memory self, int256 number) internal pure returns (uint24 day) {
        unchecked {
            // Factors of at most 17 bits each.
            number = (number - int256(uint256(self.anchorPeriod))) * int256(uint256(self.step));
        }
        if (self.unit == PeriodUnit.DAY) return DateLib.addDays(self.anchorDay, number);
        day = DateLib.addMonths(self.anchorDay, number);
        if (self.endOfMonth) day = DateLib.monthEnd(day);
    }

    /// @notice The day on which period `number` ends; period 0 gives the issue day. Periods after the last one that was
    /// sealed are those of a renewal, and regular.
    function dueDay(Schedule memory self, uint256 number) internal pure returns (uint24) {
        if (number == 0) return self.issueDay;
        if (number == self.periods) return self.maturityDay;
        return regularDay(self, int256(number));
    }

    /// @return Whether no period is a stub.
    function isRegular(Schedule memory self) internal pure returns (bool) {
        return self.issueDay == regularDay(self, 0) && endsRegularly(self);
    }

    /// @return Whether the last period is no stub: periods can follow whose due days all parts of the suite know.
    function endsRegularly(Schedule memory self) internal pure returns (bool) {
        return self.maturityDay == regularDay(self, int256(uint256(self.periods)));
    }

    /// @return number The notional period, from its first regular day to the day before the next, that a day lies in: it ends on
    /// regular day `number` + 1.
    function cellOf(Schedule memory self, uint24 day) internal pure returns (int256 number) {
        int256 step = int256(uint256(self.step));
        if (self.unit == PeriodUnit.DAY) {
            return int256(uint256(self.anchorPeriod))
                + _floorDiv(int256(uint256(day)) - int256(uint256(self.anchorDay)), step);
        }
        int256 months = int256(DateLib.monthIndex(day)) - int256(DateLib.monthIndex(self.anchorDay));
        number = int256(uint256(self.anchorPeriod)) + _floorDiv(months, step);
        // The month of the day may begin before the notional period does.
        if (regularDay(self, number) > day) --number;
    }

    /// @return The period that a day lies in, from 1. From maturity on, it is one that begins only if the bond is renewed.
    function periodOf(Schedule memory self, uint24 day) internal pure returns (uint256) {
        int256 number = cellOf(self, day) + 1;
        if (number < 1) return 1; // a long stub reaches back beyond one notional period
        if (day < self.maturityDay && number > int256(uint256(self.periods))) return self.periods;
        return uint256(number);
    }

    function _floorDiv(int256 a, int256 b) private pure returns (int256) {
        return a < 0 ? (a + 1) / b - 1 : a / b;
    }
}
