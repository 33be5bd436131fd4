// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {BenchmarkKind} from "../../../contracts/benchmark/interfaces/IBenchmarks.sol";
import {Floating} from "../../../contracts/bond/interfaces/Provisions.sol";
import {Fixing, FixingSource} from "../../../contracts/servicing/interfaces/ServicingTypes.sol";
import {FixingLib, Lookup} from "../../../contracts/servicing/libraries/FixingLib.sol";
import {Naive} from "../suite/Naive.sol";
import {Suite} from "../suite/Suite.sol";

/// @notice Published values: who may publish what and when, what is found of it, and what nights compound to.
contract BenchmarksTest is Suite {
    bytes8 private constant NIGHTLY = "NIGHT";
    uint256 private constant FINE = 1e40;

    struct Said {
        int64 value;
        uint256 finalAt;
    }

    /// @dev Nights from `first` to `last`, and what a unit became in them.
    struct Nights {
        uint256 basis;
        uint256 first;
        uint256 last;
        uint256 product;
    }

    address private _administrator = address(0xAD);
    mapping(uint256 day => Said) private _said;
    uint256 private _lastDay;

    function setUp() external {
        _deploySuite();
        vm.warp(Naive.dayOf(2027, 6, 1) * 1 days + 12 hours);
    }

    /// @dev The index after many nights beside the product of all of them, with more digits.
    /// forge-config: default.fuzz.runs = 256
    function testFuzz_compounded__anyNights__sameAsProduct(uint256 seed, uint8 nights, uint8 places, bool by365)
        external
    {
        uint256 basis = by365 ? 365 : 360;
        Nights memory each;
        each.basis = by365 ? 365 : 360;
        each.first = _businessDay(Naive.dayOf(FIRST_YEAR, 2, 1) + seed % 500);
        (each.last, each.product) = (each.first, FINE);
        world.benchmarks.register(NIGHTLY, BenchmarkKind.OVERNIGHT, _administrator, MARKET, uint16(each.basis), 0);
        uint256 count = 1 + nights % 100;
        for (uint256 i; i < count; ++i) {
            seed = uint256(keccak256(abi.encode(seed)));
            // From minus one to four percent; now and then wild.
            int256 rate = int256(seed % 50_000_000) - 10_000_000;
            if (seed >> 252 == 0) rate = int256(seed % 1_000_000_000) - 400_000_000;
            _addNight(each, rate);
        }

        (bool isFound, bool isComplete, uint256 index) = world.benchmarks.indexOn(NIGHTLY, uint24(each.last));

        assertTrue(isFound && isComplete, "BENCH-4: an index is complete when every night has its rate");
        uint256 wanted = each.product / (FINE / 1e18);
        assertLe(index, wanted, "BENCH-5: compounding is rounded down");
        // A night loses less than 1e-18, and what it lost grows at most as the index did.
        assertGe(index + 1 + count * (1 + 4 * wanted / 1e18), wanted, "BENCH-5: by less than 1e-18 a night");
        _checkRate(each, places % 8);
    }

    function _addNight(Nights memory each, int256 rate) private {
        vm.prank(_administrator);
        world.benchmarks.publish(NIGHTLY, uint24(each.last), int64(rate));
        uint256 next = _businessDay(each.last + 1);
        int256 factor = int256(each.basis * 1e9) + rate * int256(next - each.last);
        (each.product, each.last) = (each.product * uint256(factor) / (each.basis * 1e9), next);
    }

    /// @dev The rate of the same nights, rounded once.
    function _checkRate(Nights memory each, uint8 places) private view {
        Floating memory floating;
        (floating.benchmark, floating.compounded, floating.lag, floating.places) = (NIGHTLY, true, 1, places);
        floating.cap = type(uint32).max;
        Fixing memory found;
        Lookup memory look = Lookup(world.benchmarks, world.calendar, false);

        bool isFound = FixingLib.compounded(look, found, floating, uint24(each.first), uint24(each.last), 0, true);

        assertTrue(isFound && found.source == FixingSource.PUBLISHED && found.day == each.last, "FIX-1: found");
        int256 step = int256(10 ** (7 - uint256(places)));
        // Thousandths of a billionth, rounded down.
        int256 exact = (int256(each.product) - int256(FINE)) * int256(each.basis) / int256(each.last - each.first);
        int256 off = 2 * (int256(found.value) * 1_000 - exact / int256(FINE / 1e12));
        assertTrue(
            off <= step * 1_000 + 4 && off >= -step * 1_000 - 4, "FIX-2: the rate is that of the product, to its places"
        );
        assertEq(int256(found.value) % step, 0, "FIX-2: a whole number of them");
        assertEq(found.rate, found.value < 0 ? 0 : uint256(uint64(found.value)), "FIX-2: and not below its floor");
    }

    /// @dev Any publications, in any order and by anybody, beside a list of what was said.
    /// forge-config: default.fuzz.runs = 256
    function testFuzz_publish__anyOrder__byTheRules(uint256 seed, uint8 kind, bool isCorrectable) external {
        BenchmarkKind each = BenchmarkKind(kind % 4);
        uint256 correctable = isCorrectable ? 2 hours : 0;
        uint16 basis = each == BenchmarkKind.OVERNIGHT ? 360 : 0;
        world.benchmarks.register(NIGHTLY, each, _administrator, MARKET, basis, uint32(correctable));
        vm.warp(Naive.dayOf(2026, 3, 1) * 1 days);
        for (uint256 i; i < 40; ++i) {
            seed = uint256(keccak256(abi.encode(seed)));
            vm.warp(cheats.getBlockTimestamp() + (seed % 5 == 0 ? 40 days : seed % 3 hours));
            _publish(each, seed, correctable);
            _checkFound(each, seed);
        }
    }

    function _publish(BenchmarkKind kind, uint256 seed, uint256 correctable) private {
        uint256 time = cheats.getBlockTimestamp();
        uint256 today = time / 1 days;
        uint256 day = _lastDay == 0 ? today : _lastDay;
        // Mostly the next that is due; else a day near it.
        if (kind == BenchmarkKind.OVERNIGHT && (seed >> 8) % 4 != 0) {
            day = _businessDay(day + 1);
        } else if (kind == BenchmarkKind.LEVEL && (seed >> 8) % 4 != 0) {
            day = Naive.addMonths(day - (_dayOfMonth(day) - 1), 1);
        } else {
            day = day + (seed >> 8) % 6 - 2;
        }
        int64 value = int64(int256((seed >> 32) % 3e9) - 1.2e9);
        if ((seed >> 120) % 2 == 0) value = int64(uint64(1 + (seed >> 32) % 1e9));
        address caller = (seed >> 16) % 8 == 0 ? world.outsider : _administrator;
        bool expected = caller == _administrator && _isPublishable(kind, day, value);

        vm.prank(caller);
        (bool success,) =
            address(world.benchmarks).call(abi.encodeCall(world.benchmarks.publish, (NIGHTLY, uint24(day), value)));

        assertTrue(
            success == expected, "BENCH-1: its administrator publishes, each day once, in order, when it has begun"
        );
        if (!success) return;
        uint256 finalAt = _said[day].finalAt == 0 ? time + correctable : _said[day].finalAt;
        _said[day] = Said(value, finalAt);
        if (day > _lastDay) _lastDay = day;
    }

    function _isPublishable(BenchmarkKind kind, uint256 day, int64 value) private view returns (bool) {
        uint256 time = cheats.getBlockTimestamp();
        if (day * 1 days > time + 14 hours) return false;
        if (kind == BenchmarkKind.LEVEL && value <= 0) return false;
        if ((kind == BenchmarkKind.RATE || kind == BenchmarkKind.OVERNIGHT) && (value <= -1e9 || value > 1e9)) {
            return false;
        }
        if (_said[day].finalAt != 0) return time < _said[day].finalAt;
        if (day <= _lastDay) return false;
        if (kind == BenchmarkKind.LEVEL) return _dayOfMonth(day) == 1;
        if (kind != BenchmarkKind.OVERNIGHT) return true;
        if (!Naive.isBusinessDay(day)) return false;
        return _lastDay == 0 || (_businessDay(_lastDay + 1) == day && _counts(_lastDay));
    }

    function _checkFound(BenchmarkKind kind, uint256 seed) private view {
        uint256 day = _lastDay + (seed >> 200) % 40;
        if (day < 20_000) return;
        (bool isFound, int64 value) = world.benchmarks.valueOn(NIGHTLY, uint24(day));
        assertTrue(isFound == _counts(day), "BENCH-2: a value counts when it cannot be corrected any more");
        if (isFound) assertEq(int256(value), int256(_said[day].value), "BENCH-2: and is what was published last");

        uint24 foundOn;
        (isFound, value, foundOn) = world.benchmarks.lastValue(NIGHTLY, uint24(day), 31);
        if (kind != BenchmarkKind.LEVEL) {
            uint256 last = day;
            while (!_counts(last) && last + 31 > day) --last;
            assertTrue(isFound == _counts(last), "BENCH-3: the last value of thirty-one days");
            if (isFound) assertTrue(foundOn == last && value == _said[last].value, "BENCH-3: with its day");
        }
        if (isFound) assertEq(int256(value), int256(_said[foundOn].value), "BENCH-3: is one that was published");
    }

    function _counts(uint256 day) private view returns (bool) {
        return _said[day].finalAt != 0 && cheats.getBlockTimestamp() >= _said[day].finalAt;
    }

    function _dayOfMonth(uint256 day) private pure returns (uint256 dayOfMonth) {
        (,, dayOfMonth) = Naive.civil(day);
    }

    /// @return The day, or the next that is one.
    function _businessDay(uint256 day) private pure returns (uint256) {
        while (!Naive.isBusinessDay(day)) ++day;
        return day;
    }
}
