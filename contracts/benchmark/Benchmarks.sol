// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";

import {IBusinessCalendar} from "../calendar/interfaces/IBusinessCalendar.sol";
import {DateLib} from "../libraries/DateLib.sol";
import {Benchmark, BenchmarkKind, IBenchmarks, Publication} from "./interfaces/IBenchmarks.sol";

/// @title Benchmarks
/// @notice Reference rates, price indices and verified figures, published once for all bonds.
/// @dev COMPOUNDING
/// - An overnight rate is compounded when the next one is published, so that a bond's rate for any number of nights is the ratio of
///   two indices, whatever their number (the method of the SOFR Index; ISDA 2021 Definitions 7.3).
/// CORRECTION
/// - Nothing reads a value that can still be corrected; and the next night cannot be published before the last one counts.
contract Benchmarks is IBenchmarks, AccessManaged {
    /// @dev UTC+14, in which a day begins first.
    uint256 internal constant EARLIEST_ZONE = 14 hours;
    uint256 internal constant INDEX_SCALE = 1e18;
    int64 internal constant WHOLE = 1e9;
    /// @dev How far back a last publication is looked for: longer than any closure of a market.
    uint256 internal constant LONGEST_GAP = 31;

    IBusinessCalendar public immutable CALENDAR;

    mapping(bytes8 code => Benchmark) internal _benchmarks;
    mapping(bytes8 code => mapping(uint24 day => Publication)) internal _publications;

    constructor(address authority, IBusinessCalendar calendar) AccessManaged(authority) {
        CALENDAR = calendar;
    }

    /// @inheritdoc IBenchmarks
    function register(
        bytes8 code,
        BenchmarkKind kind,
        address administrator,
        bytes8 market,
        uint16 basis,
        uint32 correctableFor
    ) external restricted {
        require(code != 0, BenchmarkInvalid(code, "code"));
        require(_benchmarks[code].administrator == address(0), BenchmarkExists(code));
        require(administrator != address(0), BenchmarkInvalid(code, "administrator"));
        require(market != 0, BenchmarkInvalid(code, "market"));
        require(
            kind == BenchmarkKind.OVERNIGHT ? basis == 360 || basis == 365 : basis == 0, BenchmarkInvalid(code, "basis")
        );
        // A night is published only when the one before counts: what could be corrected for longer would fall behind.
        uint256 most = kind == BenchmarkKind.OVERNIGHT ? 1 days - 1 : 1 weeks;
        require(correctableFor <= most, BenchmarkInvalid(code, "correctableFor"));

        _benchmarks[code] = Benchmark({
            administrator: administrator,
            market: market,
            kind: kind,
            basis: basis,
            correctableFor: correctableFor,
            lastDay: 0
        });

        emit BenchmarkDefined(code, kind, administrator, market, basis, correctableFor, msg.sender);
    }

    /// @inheritdoc IBenchmarks
    function setAdministrator(bytes8 code, address administrator) external restricted {
        require(_benchmarks[code].administrator != address(0), BenchmarkUnknown(code));
        require(administrator != address(0), BenchmarkInvalid(code, "administrator"));

        _benchmarks[code].administrator = administrator;

        emit AdministratorSet(code, administrator, msg.sender);
    }

    /// @inheritdoc IBenchmarks
    function publish(bytes8 code, uint24 day, int64 value) external {
        Benchmark memory benchmark = _benchmarks[code];
        require(benchmark.administrator != address(0), BenchmarkUnknown(code));
        require(
            msg.sender == benchmark.administrator, BenchmarkCallerRefused(code, msg.sender, benchmark.administrator)
        );
        require(day <= (block.timestamp + EARLIEST_ZONE) / 1 days, BenchmarkDayAhead(code, day));
        _checkValue(code, benchmark.kind, value);

        Publication memory current = _publications[code][day];
        bool isCorrection = current.finalAt != 0;
        if (isCorrection) {
            require(block.timestamp < current.finalAt, BenchmarkPublished(code, day));
        } else {
            require(day > benchmark.lastDay, BenchmarkDayRefused(code, day, benchmark.lastDay));
            current.index = _nextIndex(code, benchmark, day);
            current.finalAt = uint40(block.timestamp + benchmark.correctableFor);
            _benchmarks[code].lastDay = day;
        }
        current.value = value;
        _publications[code][day] = current;

        emit ValuePublished(code, day, value, current.finalAt, current.index, isCorrection);
    }

    /* VIEWS */

    /// @inheritdoc IBenchmarks
    function benchmarkOf(bytes8 code) external view returns (Benchmark memory) {
        return _benchmarks[code];
    }

    /// @inheritdoc IBenchmarks
    function publicationOf(bytes8 code, uint24 day) external view returns (Publication memory) {
        return _publications[code][day];
    }

    /// @inheritdoc IBenchmarks
    function valueOn(bytes8 code, uint24 day) external view returns (bool isFound, int64 value) {
        Publication memory found = _publications[code][day];
        return _counts(found) ? (true, found.value) : (false, int64(0));
    }

    /// @inheritdoc IBenchmarks
    function lastValue(bytes8 code, uint24 day, uint256 most)
        external
        view
        returns (bool isFound, int64 value, uint24 found)
    {
        bool isMonthly = _benchmarks[code].kind == BenchmarkKind.LEVEL;
        found = day;
        for (uint256 i; i <= most; ++i) {
            Publication memory publication = _publications[code][found];
            if (_counts(publication)) return (true, publication.value, found);
            found = isMonthly ? DateLib.addMonths(found, -1) : found - 1;
        }
        return (false, 0, 0);
    }

    /// @inheritdoc IBenchmarks
    function indexOn(bytes8 code, uint24 day) external view returns (bool isFound, bool isComplete, uint256 index) {
        Benchmark memory benchmark = _benchmarks[code];
        if (benchmark.kind != BenchmarkKind.OVERNIGHT) return (false, false, 0);
        for (uint24 last = day; last + LONGEST_GAP >= day; --last) {
            Publication memory found = _publications[code][last];
            if (!_counts(found)) continue;
            if (last == day) return (true, true, found.index);
            // No business day after the one that was published lies before the day asked for.
            isComplete = CALENDAR.businessDaysBetween(benchmark.market, last + 1, day) == 0;
            return (true, isComplete, _carried(found, benchmark.basis, day - last));
        }
        return (false, false, 0);
    }

    /* INTERNAL */

    function _counts(Publication memory publication) internal view returns (bool) {
        return publication.finalAt != 0 && block.timestamp >= publication.finalAt;
    }

    function _checkValue(bytes8 code, BenchmarkKind kind, int64 value) internal pure {
        if (kind == BenchmarkKind.FIGURE) return;
        bool isValid = kind == BenchmarkKind.LEVEL ? value > 0 : value > -WHOLE && value <= WHOLE;
        require(isValid, BenchmarkValueInvalid(code, value));
    }

    /// @return The compounded index at the start of a day that is to be published.
    function _nextIndex(bytes8 code, Benchmark memory benchmark, uint24 day) internal view returns (uint128) {
        uint24 last = benchmark.lastDay;
        if (benchmark.kind == BenchmarkKind.LEVEL) {
            (,, uint256 dayOfMonth) = DateLib.toCivil(day);
            require(dayOfMonth == 1, BenchmarkDayRefused(code, day, last));
        }
        if (benchmark.kind != BenchmarkKind.OVERNIGHT) return 0;
        require(CALENDAR.isBusinessDay(benchmark.market, day), BenchmarkDayRefused(code, day, last));
        if (last == 0) return uint128(INDEX_SCALE);

        Publication memory previous = _publications[code][last];
        require(
            CALENDAR.businessDaysBefore(benchmark.market, day, 1) == last && _counts(previous),
            BenchmarkDayRefused(code, day, last)
        );
        return uint128(_carried(previous, benchmark.basis, day - last));
    }

    /// @return The index some nights after a publication, at its rate, rounded down to 1e-18.
    function _carried(Publication memory from, uint256 basis, uint256 nights) internal pure returns (uint256) {
        uint256 scale = basis * uint64(WHOLE);
        // Rates are above -100 %, and nights of one rate far below a year.
        uint256 growth = uint256(int256(scale) + int256(from.value) * int256(nights));
        return uint256(from.index) * growth / scale;
    }
}
