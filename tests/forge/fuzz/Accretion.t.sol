// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Accretion} from "../../../contracts/bond/interfaces/Provisions.sol";
import {Terms} from "../../../contracts/bond/libraries/TermsLib.sol";
import {DayCount} from "../../../contracts/libraries/DayCountLib.sol";
import {AccretionLib} from "../../../contracts/servicing/libraries/AccretionLib.sol";
import {Naive} from "../suite/Naive.sol";
import {NaivePrice} from "../suite/NaivePrice.sol";
import {NaiveTime} from "../suite/NaiveTime.sol";
import {Suite} from "../suite/Suite.sol";

/// @notice How a bond without coupon grows to its face.
contract AccretionTest is Suite {
    uint256 private constant SCALE = 1e18;
    /// @dev More digits than the contract carries.
    uint256 private constant FINE = 1e30;

    function setUp() external {
        _deploySuite();
    }

    /// forge-config: default.fuzz.runs = 256
    function testFuzz_valueOn__straight__sameAsCounted(uint256 seed, uint256 pick) external view {
        (Terms memory terms, Accretion memory accretion) = _bond(seed, 0);
        uint24 day = uint24(bound(pick, terms.schedule.issueDay, terms.schedule.maturityDay));

        uint256 value = _valueOn(terms, accretion, day);

        (uint256 n, uint256 d) = NaiveTime.fraction(terms.dayCount, terms.schedule, terms.schedule.issueDay, day);
        (uint256 whole, uint256 over) =
            NaiveTime.fraction(terms.dayCount, terms.schedule, terms.schedule.issueDay, terms.schedule.maturityDay);
        uint256 gain = NaivePrice.mulDiv((terms.faceValue - accretion.issuePrice) * SCALE, n * over, d * whole);
        if (day < terms.schedule.maturityDay) {
            assertEq(value, accretion.issuePrice * SCALE + gain, "ACCRETION-1: in a straight line");
        }
        _checkRange(terms, accretion, day, value);
    }

    /// forge-config: default.fuzz.runs = 256
    function testFuzz_valueOn__compound__sameAsStepByStep(uint256 seed, uint256 pick) external view {
        (Terms memory terms, Accretion memory accretion) = _bond(seed, uint32(1 + (seed >> 32) % 500_000_000));
        uint24 day = uint24(bound(pick, terms.schedule.issueDay, terms.schedule.maturityDay));

        uint256 value = _valueOn(terms, accretion, day);

        uint256 wanted = _compounded(terms, accretion, day);
        uint256 face = terms.faceValue * SCALE;
        if (wanted > face) wanted = face;
        if (day < terms.schedule.maturityDay) {
            // Each of at most 20 products loses less than 1e-18 of what it is, and squaring doubles that.
            uint256 lost = wanted / SCALE * 2_000 + 2 * accretion.issuePrice;
            assertLe(value, wanted + 1, "ACCRETION-2: compounding is that of step by step");
            assertGe(value + lost, wanted, "ACCRETION-2: but for the digits that are carried");
        }
        _checkRange(terms, accretion, day, value);
    }

    /// forge-config: default.fuzz.runs = 256
    function testFuzz_valueOn__anyTwoDays__neverFalls(uint256 seed, uint256 pick, uint16 later) external view {
        (Terms memory terms, Accretion memory accretion) = _bond(seed, uint32((seed >> 32) % 500_000_000));
        uint24 day = uint24(bound(pick, terms.schedule.issueDay, terms.schedule.maturityDay - 1));
        uint24 next = day + 1 + (later % 3 == 0 ? later : 0);

        assertLe(
            _valueOn(terms, accretion, day), _valueOn(terms, accretion, next), "ACCRETION-3: what has accreted stays"
        );
    }

    function _checkRange(Terms memory terms, Accretion memory accretion, uint24 day, uint256 value) private view {
        uint256 face = terms.faceValue * SCALE;
        assertLe(value, face, "ACCRETION-4: never above the face");
        assertGe(value, accretion.issuePrice * SCALE, "ACCRETION-4: from the issue price");
        assertEq(
            _valueOn(terms, accretion, terms.schedule.issueDay),
            accretion.issuePrice * SCALE,
            "ACCRETION-4: on the issue day"
        );
        assertEq(_valueOn(terms, accretion, terms.schedule.maturityDay), face, "ACCRETION-4: to the face at maturity");
        if (day == terms.schedule.maturityDay) assertEq(value, face, "ACCRETION-4: exactly");
    }

    function _valueOn(Terms memory terms, Accretion memory accretion, uint24 day) private view returns (uint256) {
        return AccretionLib.valueOn(terms, accretion, world.calendar, day);
    }

    /// @dev One cell after another, with more digits.
    function _compounded(Terms memory terms, Accretion memory accretion, uint24 day) private pure returns (uint256) {
        uint256 months = accretion.monthsPerCompounding;
        uint256 growth = FINE;
        uint256 start = terms.schedule.issueDay;
        uint256 rate = FINE * accretion.yieldRate * months / 12e9;
        for (uint256 cell = 1;; ++cell) {
            uint256 end = Naive.addMonths(terms.schedule.issueDay, cell * months);
            if (end > day) {
                growth = growth * (FINE + rate * (day - start) / (end - start)) / FINE;
                break;
            }
            (start, growth) = (end, growth * (FINE + rate) / FINE);
            if (accretion.issuePrice * (growth / FINE) > terms.faceValue) break;
        }
        return NaivePrice.mulDiv(growth, uint256(accretion.issuePrice), 1e12);
    }

    function _bond(uint256 seed, uint32 yieldRate)
        private
        view
        returns (Terms memory terms, Accretion memory accretion)
    {
        seed = uint256(keccak256(abi.encode(seed)));
        terms = _terms(1);
        uint8[5] memory lengths = [1, 3, 6, 12, 60];
        terms.dayCount = DayCount(seed % (uint8(type(DayCount).max) + 1));
        bool isShort = terms.dayCount == DayCount.BUS_252;
        uint256 issueDay = isShort ? 20_100 + (seed >> 8) % 300 : 15_000 + (seed >> 8) % 20_000;
        terms.schedule = Naive.everyMonths(issueDay, isShort ? 1 + (seed >> 32) % 24 : 1 + (seed >> 32) % 600, 1);
        terms.faceValue = uint128(2 + (seed >> 64) % 1e15);
        accretion.issuePrice = uint128(1 + (seed >> 128) % (terms.faceValue - 1));
        if (yieldRate != 0) {
            (accretion.yieldRate, accretion.monthsPerCompounding) = (yieldRate, lengths[(seed >> 192) % 5]);
        }
    }
}
