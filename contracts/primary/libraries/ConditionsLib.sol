// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {Terms, TermsLib} from "../../bond/libraries/TermsLib.sol";
import {RoundingLib} from "../../libraries/RoundingLib.sol";
import {PeriodUnit, Schedule, ScheduleLib} from "../../bond/libraries/ScheduleLib.sol";
import {IOfferingEvents} from "../interfaces/IOfferingEvents.sol";
import {Basis, Book, ClassRule, Conditions, Form, Pricing, Stage} from "../interfaces/OfferingTypes.sol";
import {QuoteLib} from "./QuoteLib.sol";

/// @title ConditionsLib
/// @notice Whether the conditions of an offering agree with each other and with the bond, and the book that they make.
library ConditionsLib {
    using ScheduleLib for Schedule;
    using TermsLib for Terms;

    uint256 private constant SHARE_SCALE = 10_000;
    /// @dev Sums of units stay below 2**64 for a million bidders who each bid for all.
    uint256 private constant MOST_UNITS = 1 << 44;
    uint256 private constant MOST_LEVELS = 4096;

    /// @notice Reverts with the name of the first condition that is out of range or contradicts another.
    /// @param supply Units issued before.
    /// @param last The last period of the bond, as renewed so far.
    function check(
        Conditions calldata given,
        ClassRule[] calldata classes,
        Terms memory terms,
        uint256 supply,
        uint256 last
    ) internal view {
        uint256 lot = terms.minimumUnits;
        uint256 available = uint256(given.offered) + given.overAllotment;
        _check(given.offered != 0 && given.offered % lot == 0 && available < MOST_UNITS, "offered");
        _check(given.overAllotment % lot == 0, "overAllotment");
        _check(given.minimumVolume <= given.offered, "minimumVolume");
        _check(given.nonCompetitive < given.offered && given.nonCompetitive % lot == 0, "nonCompetitive");
        _check(given.minimumBid >= lot, "minimumBid");
        _check(given.maximumBid >= given.minimumBid && given.maximumBid <= available, "maximumBid");
        uint256 additional = _checkClasses(given, classes, available);
        _check(supply + available + available * additional / SHARE_SCALE <= terms.units, "offered");
        _checkQuotes(given, terms, available, additional);
        _checkTimes(given, terms, last);
    }

    /// @return book The book of checked conditions, before anything is bid.
    function bookOf(Conditions calldata given, Terms memory terms) internal pure returns (Book memory book) {
        (book.cash, book.opensAt, book.closesAt) = (terms.currency, given.opensAt, given.closesAt);
        (book.stage, book.form, book.basis, book.pricing) = (Stage.MANDATED, given.form, given.basis, given.pricing);
        (book.deposit, book.lot, book.eligible) = (given.deposit, terms.minimumUnits, terms.eligible);
        book.levels = uint16((given.highest - given.lowest) / given.tick + 1);
        (book.lowest, book.tick) = (given.lowest, given.tick);
        (book.minimumBid, book.maximumBid) = (given.minimumBid, given.maximumBid);
        (book.bond, book.revealsBy, book.overAllotsBy) = (given.bond, given.revealsBy, given.overAllotsBy);
        (book.farOff, book.band) = (given.farOff, given.band);
        (book.offered, book.overAllotment) = (given.offered, given.overAllotment);
        (book.minimumVolume, book.nonCompetitive) = (given.minimumVolume, given.nonCompetitive);
        (book.proceedsAccount, book.bookrunner) = (terms.issuerAccount, given.bookrunner);
        (book.clearsBy, book.additionalSeconds) = (given.clearsBy, given.additionalSeconds);
        (book.settlesFrom, book.settlesBy) = (given.settlesFrom, given.settlesBy);
        book.takesUpBy = given.takesUpBy;
        uint24 day = terms.dayOf(given.settlesFrom);
        book.accrualDay = day > terms.schedule.issueDay ? day : 0;
    }

    /// @return additional The largest share that a class may underwrite after the result.
    function _checkClasses(Conditions calldata given, ClassRule[] calldata classes, uint256 available)
        private
        pure
        returns (uint256 additional)
    {
        _check(classes.length != 0 && classes.length <= 8, "classes");
        for (uint256 i; i < classes.length; ++i) {
            ClassRule calldata rule = classes[i];
            _check(rule.maximum >= rule.minimum && rule.maximum <= available, "classes");
            _check(rule.additional == 0 || (given.additionalSeconds != 0 && i != 0), "additional");
            _check(rule.additional <= SHARE_SCALE, "additional");
            if (rule.additional > additional) additional = rule.additional;
        }
    }

    function _checkQuotes(Conditions calldata given, Terms memory terms, uint256 available, uint256 additional)
        private
        pure
    {
        bool byRate = given.basis == Basis.RATE;
        _check(byRate == (terms.couponRate == TermsLib.TO_BE_FIXED), "basis");
        _check(given.tick != 0, "tick");
        _check(
            given.highest >= given.lowest && (given.highest - given.lowest) % given.tick == 0
                && (given.highest - given.lowest) / given.tick < MOST_LEVELS,
            "highest"
        );
        _check(byRate || given.lowest != 0, "lowest");
        _check(given.highest < (byRate ? TermsLib.TO_BE_FIXED : QuoteLib.NON_COMPETITIVE), "highest");
        // With nothing to compete on, nobody can stand aside; and all pay the same.
        bool isFixed = given.lowest == given.highest;
        _check(!isFixed || (given.nonCompetitive == 0 && given.farOff == 0), "nonCompetitive");
        _check(!isFixed || given.pricing == Pricing.UNIFORM, "pricing");
        _check(given.band == 0 || given.pricing == Pricing.MIXED, "band");
        // What all pay fits 120 bits. No rate is worth more than face and coupons of a bond that is not discounted.
        uint256 price = given.highest;
        if (byRate) {
            Schedule memory schedule = terms.schedule;
            // A yield is turned into a price by the formula of regular periods that divide a year.
            _check(schedule.unit == PeriodUnit.MONTH && 12 % schedule.step == 0 && schedule.isRegular(), "basis");
            uint256 scale = 12 / schedule.step * RoundingLib.RATE_SCALE;
            price = uint256(terms.faceValue) * (scale + uint256(given.highest) * schedule.periods) / scale + 1;
        }
        _check((available + available * additional / SHARE_SCALE) * price < 1 << 120, "highest");
        _check(given.deposit < 1 << 112, "deposit");
    }

    function _checkTimes(Conditions calldata given, Terms memory terms, uint256 last) private view {
        _check(given.opensAt >= block.timestamp, "opensAt");
        _check(given.closesAt > given.opensAt, "closesAt");
        _check(
            given.form == Form.OPEN ? given.revealsBy == given.closesAt : given.revealsBy > given.closesAt, "revealsBy"
        );
        _check(
            given.overAllotment == 0 ? given.overAllotsBy == given.revealsBy : given.overAllotsBy > given.revealsBy,
            "overAllotsBy"
        );
        _check(given.clearsBy > given.overAllotsBy, "clearsBy");
        // Additional units are known before anybody pays.
        _check(
            given.settlesFrom >= given.closesAt
                && (given.additionalSeconds == 0
                    || given.settlesFrom > uint256(given.clearsBy) + given.additionalSeconds),
            "settlesFrom"
        );
        _check(given.settlesBy > given.clearsBy && given.settlesBy > given.settlesFrom, "settlesBy");
        _check(given.takesUpBy >= given.settlesBy, "takesUpBy");
        // Units can be issued only while a record date is to come; the last one may be announced 30 days before maturity. And
        // of those to come at most one may pass before all have paid: accrued interest speaks of one period.
        uint24 day = terms.dayOf(given.settlesFrom);
        Schedule memory schedule = terms.schedule;
        uint256 period = day > schedule.issueDay ? schedule.periodOf(day) : 1;
        period = period < last ? period + 1 : last;
        _check(uint256(given.takesUpBy) + 30 days < terms.instant(schedule.dueDay(period), 0), "takesUpBy");
    }

    function _check(bool ok, bytes32 condition) private pure {
        require(ok, IOfferingEvents.OfferingConditionInvalid(condition));
    }
}
