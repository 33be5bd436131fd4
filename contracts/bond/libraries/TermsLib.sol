// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {RollConvention} from "../../calendar/interfaces/IBusinessCalendar.sol";
import {DayCount} from "../../libraries/DayCountLib.sol";
import {Provisions} from "../interfaces/Provisions.sol";
import {Rights} from "../interfaces/Rights.sol";
import {PeriodUnit, Schedule, ScheduleLib} from "./ScheduleLib.sol";

/// @notice Where the rate of a period comes from.
enum CouponKind {
    FIXED,
    STEP,
    ZERO,
    FLOATING,
    INFLATION,
    KPI
}

/// @notice How interest becomes whole base units: of a holding, rounded down once; or of one unit, down or half up, times
/// the units (the calculation amount of the Eurobond market).
enum Rounding {
    HOLDING_DOWN,
    UNIT_DOWN,
    UNIT_HALF_UP
}

/// @notice The terms of a bond that every part reads, sealed in its code when it is registered.
/// @param isin ISO 6166, 12 ASCII characters.
/// @param issuer LEI of the issuer, ISO 17442, 20 ASCII characters.
/// @param issuerAccount Account that registered the bond; receives the proceeds.
/// @param currency ERC-20 in which the bond is paid for and pays.
/// @param faceValue Nominal of one unit, in base units of the currency.
/// @param units Most units that may ever be issued.
/// @param minimumUnits Minimum denomination, in units: no holding is below it, except zero.
/// @param eligible Verdicts of which a holder needs one.
/// @param schedule Due days, unadjusted.
/// @param kind Where the rate of a period comes from.
/// @param couponRate Per year, in billionths: 3.25 % is 32,500,000. 2**32 - 1: to be fixed by an offering, once.
/// @param dayCount Day-count convention of the interest.
/// @param rounding How interest becomes whole base units.
/// @param roll What happens to a payment day that is no business day.
/// @param adjusted Whether interest periods end on the rolled day; else interest takes no notice of the roll.
/// @param calendar Market whose business days count, ASCII.
/// @param recordBusinessDays Business days between record day and payment day, at most 10.
/// @param cutOff Seconds of the record day at which the books close, at most 86,400.
/// @param utcOffset Minutes by which the bond's time zone is ahead of UTC.
/// @param prescriptionYears Years after a payment day in which a holder may claim; 0 for without end.
/// @param termSheetHash Keccak-256 of the term sheet file that these terms came from.
/// @param name Name, at most 64 bytes.
/// @param symbol Short name (ISO 18774 or market usage), at most 35 bytes.
struct Terms {
    bytes12 isin;
    bytes20 issuer;
    address issuerAccount;
    address currency;
    uint128 faceValue;
    uint64 units;
    uint64 minimumUnits;
    uint24 eligible;
    Schedule schedule;
    CouponKind kind;
    uint32 couponRate;
    DayCount dayCount;
    Rounding rounding;
    RollConvention roll;
    bool adjusted;
    bytes8 calendar;
    uint8 recordBusinessDays;
    uint24 cutOff;
    int16 utcOffset;
    uint8 prescriptionYears;
    bytes32 termSheetHash;
    string name;
    string symbol;
}

/// @title TermsLib
/// @notice Packs terms into the immutable arguments of a clone, and reads them back from its code.
/// @dev A byte of code costs 200 gas once; a cold slot costs 2,100 at each read. What a transfer needs is in the first word,
/// what a record date needs in the tail.
///
///     word 0   eligible 3, minimumUnits 8, currency 20, layout version 1
///     word 1   isin 12, issuer 20
///     word 2   faceValue 16, units 8, couponRate 4, kind 1, dayCount 1, rounding 1, adjusted 1
///     word 3   issuerAccount 20, calendar 8, roll 1, recordBusinessDays 1, prescriptionYears 1, name length 1
///     word 4   termSheetHash 32
///     tail     issueDay 3, maturityDay 3, anchorDay 3, anchorPeriod 2, periods 2, step 2, unit 1, endOfMonth 1,
///              cutOff 3, utcOffset 2, symbol length 1, provisions length 2
///     then     name, symbol, the provisions and the rights, ABI-encoded, each if there are any
///
/// A later version of the terms is sealed in the same way, behind as many bytes, in code that only stops.
library TermsLib {
    using ScheduleLib for Schedule;

    /// @dev Length of the code that OpenZeppelin's Clones puts before the immutable arguments.
    uint256 private constant PREFIX = 0x2d;
    uint8 private constant LAYOUT = 3;
    /// @dev Coupon rate of a bond whose coupon an offering fixes. As a rate it would be 429 %.
    uint32 internal constant TO_BE_FIXED = type(uint32).max;
    uint256 private constant TAIL = 160;
    uint256 private constant TEXT = TAIL + 25;

    /// @return Unix time of second `second` of a civil day in the bond's zone.
    function instant(Terms memory terms, uint24 day, uint24 second) internal pure returns (uint40) {
        return uint40(uint256(int256(uint256(day)) * 1 days + int256(uint256(second)) - int256(terms.utcOffset) * 60));
    }

    /// @return The civil day of an instant in the bond's zone.
    function dayOf(Terms memory terms, uint256 time) internal pure returns (uint24) {
        return uint24(uint256(int256(time) + int256(terms.utcOffset) * 60) / 1 days);
    }

    /// @return The immutable arguments of the clone.
    function seal(Terms memory terms, bytes memory provisions, bytes memory rights)
        internal
        pure
        returns (bytes memory)
    {
        Schedule memory schedule = terms.schedule;
        return bytes.concat(
            abi.encodePacked(
                terms.eligible, terms.minimumUnits, terms.currency, LAYOUT, terms.isin, terms.issuer, terms.faceValue
            ),
            abi.encodePacked(terms.units, terms.couponRate, terms.kind, terms.dayCount, terms.rounding, terms.adjusted),
            abi.encodePacked(
                terms.issuerAccount,
                terms.calendar,
                terms.roll,
                terms.recordBusinessDays,
                terms.prescriptionYears,
                uint8(bytes(terms.name).length),
                terms.termSheetHash
            ),
            abi.encodePacked(
                schedule.issueDay,
                schedule.maturityDay,
                schedule.anchorDay,
                schedule.anchorPeriod,
                schedule.periods,
                schedule.step,
                schedule.unit,
                schedule.endOfMonth
            ),
            abi.encodePacked(
                terms.cutOff, terms.utcOffset, uint8(bytes(terms.symbol).length), uint16(provisions.length)
            ),
            abi.encodePacked(terms.name, terms.symbol, provisions, rights)
        );
    }

    /// @return Code in which sealed bytes are found where those of a bond are.
    function asVersion(bytes memory args) internal pure returns (bytes memory) {
        return bytes.concat(new bytes(PREFIX), args);
    }

    /// @return eligible Verdicts of which a holder needs one.
    /// @return minimumUnits Minimum denomination, in units.
    function transferRules() internal view returns (uint256 eligible, uint256 minimumUnits) {
        uint256 word = _word(0);
        return (word >> 232, uint64(word >> 168));
    }

    /// @return terms All terms, as sealed in the code of the clone that runs.
    function unseal() internal view returns (Terms memory) {
        return unsealFrom(address(this));
    }

    /// @param source A bond of the factory, or a version of its terms.
    /// @return terms All terms, as sealed in its code.
    function unsealFrom(address source) internal view returns (Terms memory terms) {
        bytes memory args = _from(source, 0, source.code.length - PREFIX);
        uint256 word = _at(args, 0);
        terms.eligible = uint24(word >> 232);
        terms.minimumUnits = uint64(word >> 168);
        terms.currency = address(uint160(word >> 8));
        word = _at(args, 32);
        terms.isin = bytes12(uint96(word >> 160));
        terms.issuer = bytes20(uint160(word));
        word = _at(args, 64);
        terms.faceValue = uint128(word >> 128);
        terms.units = uint64(word >> 64);
        terms.couponRate = uint32(word >> 32);
        terms.kind = CouponKind(uint8(word >> 24));
        terms.dayCount = DayCount(uint8(word >> 16));
        terms.rounding = Rounding(uint8(word >> 8));
        terms.adjusted = uint8(word) != 0;
        word = _at(args, 96);
        terms.issuerAccount = address(uint160(word >> 96));
        terms.calendar = bytes8(uint64(word >> 32));
        terms.roll = RollConvention(uint8(word >> 24));
        terms.recordBusinessDays = uint8(word >> 16);
        terms.prescriptionYears = uint8(word >> 8);
        uint256 length = uint8(word);
        terms.termSheetHash = bytes32(_at(args, 128));
        word = _at(args, TAIL);
        terms.schedule = _schedule(word);
        terms.cutOff = uint24(word >> 96);
        terms.utcOffset = int16(uint16(word >> 80));
        terms.name = string(_slice(args, TEXT, length));
        terms.symbol = string(_slice(args, TEXT + length, uint8(word >> 72)));
    }

    /// @notice The provisions that are sealed; empty where there are none.
    /// @param source A bond of the factory, or a version of its terms.
    function provisionsOf(address source) internal view returns (Provisions memory provisions) {
        (uint256 offset, uint256 length) = _provisionsAt(source);
        if (length == 0) return provisions;
        return abi.decode(_from(source, offset, length), (Provisions));
    }

    /// @return Whether a bond of the factory, or a version of its terms, has provisions.
    function hasProvisions(address source) internal view returns (bool) {
        (, uint256 length) = _provisionsAt(source);
        return length != 0;
    }

    /// @notice The rights that are sealed; empty where there are none.
    /// @param source A bond of the factory, or a version of its terms.
    function rightsOf(address source) internal view returns (Rights memory rights) {
        (uint256 offset, uint256 length) = _provisionsAt(source);
        offset += length;
        length = source.code.length - PREFIX - offset;
        if (length == 0) return rights;
        return abi.decode(_from(source, offset, length), (Rights));
    }

    function currency() internal view returns (address) {
        return address(uint160(_word(0) >> 8));
    }

    function isin() internal view returns (bytes12) {
        return bytes12(uint96(_word(32) >> 160));
    }

    function issuerAccount() internal view returns (address) {
        return address(uint160(_word(96) >> 96));
    }

    /// @return The number of interest periods that was sealed; a renewal adds to it.
    function periods() internal view returns (uint16) {
        return uint16(_word(TAIL) >> 152);
    }

    /// @return Unix time at which the day begins, in the bond's zone, on which a period ends, unadjusted.
    function dueTime(uint256 period) internal view returns (uint256) {
        return timeOf(_schedule(_word(TAIL)).dueDay(period));
    }

    /// @return Unix time at which a day begins, in the bond's zone.
    function timeOf(uint24 day) internal view returns (uint256) {
        return uint256(int256(uint256(day)) * 1 days - int256(int16(uint16(_word(TAIL) >> 80))) * 60);
    }

    function units() internal view returns (uint64) {
        return uint64(_word(64) >> 64);
    }

    function _schedule(uint256 word) private pure returns (Schedule memory) {
        return Schedule({
            issueDay: uint24(word >> 232),
            maturityDay: uint24(word >> 208),
            anchorDay: uint24(word >> 184),
            anchorPeriod: uint16(word >> 168),
            periods: uint16(word >> 152),
            step: uint16(word >> 136),
            unit: PeriodUnit(uint8(word >> 128)),
            endOfMonth: uint8(word >> 120) != 0
        });
    }

    function _word(uint256 offset) private view returns (uint256 word) {
        return _wordOf(address(this), offset);
    }

    function _wordOf(address bond, uint256 offset) private view returns (uint256 word) {
        assembly ("memory-safe") {
            extcodecopy(bond, 0, add(PREFIX, offset), 32)
            word := mload(0)
        }
    }

    /// @return offset Of the provisions in what is sealed.
    /// @return length Zero where there are none.
    function _provisionsAt(address source) private view returns (uint256 offset, uint256 length) {
        uint256 word = _wordOf(source, TAIL);
        return (TEXT + uint8(_wordOf(source, 96)) + uint8(word >> 72), uint16(word >> 56));
    }

    /// @return args `size` sealed bytes from an offset on.
    function _from(address source, uint256 offset, uint256 size) private view returns (bytes memory args) {
        assembly ("memory-safe") {
            args := mload(0x40)
            // Rounded up, plus one word, so that reading a word near the end stays inside.
            mstore(0x40, add(args, and(add(size, 0x5f), not(0x1f))))
            mstore(args, size)
            extcodecopy(source, add(args, 32), add(PREFIX, offset), size)
        }
    }

    function _at(bytes memory data, uint256 offset) private pure returns (uint256 word) {
        assembly ("memory-safe") {
            word := mload(add(add(data, 32), offset))
        }
    }

    function _slice(bytes memory data, uint256 offset, uint256 length) private pure returns (bytes memory part) {
        part = new bytes(length);
        assembly ("memory-safe") {
            mcopy(add(part, 32), add(add(data, 32), offset), length)
        }
    }
}
