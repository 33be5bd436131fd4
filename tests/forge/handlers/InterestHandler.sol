// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {BenchmarkKind} from "../../../contracts/benchmark/interfaces/IBenchmarks.sol";
import {Fixing} from "../../../contracts/servicing/interfaces/ServicingTypes.sol";
import {IBondToken} from "../suite/IBondToken.sol";
import {Model} from "../suite/Model.sol";
import {Naive} from "../suite/Naive.sol";
import {Replay} from "../suite/Replay.sol";
import {World} from "../suite/Suite.sol";
import {Handler} from "./Handler.sol";

/// @notice Values are published, or not; periods are fixed, at good and at bad moments; the issuer defers and renews.
contract InterestHandler is Handler {
    bytes8[] internal codes;
    uint256[] internal figureDays;

    constructor(World memory world_, Model model_, Replay replay_, address[] memory holders_)
        Handler(world_, model_, replay_, holders_)
    {}

    /// @dev Days on which figures are published.
    function setFigureDays(uint256[] calldata days_) external {
        figureDays = days_;
    }

    function addSeries(bytes8 code, BenchmarkKind kind, uint16 basis, uint32 correctable) external {
        codes.push(code);
        model.addSeries(code, kind, basis, correctable);
    }

    function publish(uint256 seed) external act(seed) {
        seed = _mix(seed);
        bytes8 code = codes[seed % codes.length];
        publishUpTo(code, _now() / 1 days, seed);
        _count("publish", true);
    }

    /// @dev All that is due up to a day; of term rates and figures, now and then one is left out.
    function publishUpTo(bytes8 code, uint256 last, uint256 seed) public {
        (BenchmarkKind kind,,, uint256 day) = model.series(code);
        if (day == 0) day = _now() / 1 days - 5;
        for (++day; day <= last; ++day) {
            seed = _mix(seed);
            if (!_isDue(kind, day)) continue;
            bool isLeftOut = seed % 8 == 0;
            if (isLeftOut && kind != BenchmarkKind.OVERNIGHT) continue;
            if (seed % 64 == 0) return; // its administrator is late with all that follows
            _publish(code, day, _value(kind, seed >> 8));
            // Sometimes a value was wrong.
            if ((seed >> 72) % 8 == 0) _publish(code, day, _value(kind, seed >> 80));
        }
    }

    function fix(uint256 seed, uint256 bondSeed, uint256 periodSeed) external act(seed) {
        IBondToken bond = _bond(bondSeed);
        uint256 next = model.fixedPeriods(address(bond)) + 1;
        uint16 period = uint16(_mix(periodSeed) % 8 == 0 ? periodSeed % (next + 2) : next);
        (bool expected, Fixing memory found) = model.foreseeFixing(address(bond), period);

        vm.prank(world.outsider);
        (bool success,) = address(world.servicing).call(abi.encodeCall(world.servicing.fix, (bond, period)));

        _outcome("fix", success, expected, "FIX-3: anyone fixes the next period, once what it takes is there");
        if (success) model.fix(address(bond), period, found);
    }

    function defer(uint256 seed, uint256 bondSeed, uint256 periodSeed) external act(seed) {
        seed = _mix(seed);
        IBondToken bond = _bond(bondSeed);
        address actor = seed % 8 == 0 ? _account(seed >> 8) : world.issuer;
        uint16 period = uint16(model.fixedPeriods(address(bond)) + _mix(periodSeed) % 2);
        bool expected = actor == world.issuer && model.mayDefer(address(bond), period);

        vm.prank(actor);
        (bool success,) = address(world.servicing).call(abi.encodeCall(world.servicing.deferInterest, (bond, period)));

        _outcome("defer", success, expected, "DEFER-1: the issuer defers, until notice, what is not the last");
        if (success) model.defer(address(bond), period);
    }

    function renew(uint256 seed, uint256 bondSeed) external act(seed) {
        seed = _mix(seed);
        IBondToken bond = _bond(bondSeed);
        address actor = seed % 8 == 0 ? _account(seed >> 8) : world.issuer;
        bool expected = actor == world.issuer && model.mayRenew(address(bond));

        vm.prank(actor);
        (bool success,) = address(world.servicing).call(abi.encodeCall(world.servicing.renew, (bond)));

        _outcome("renew", success, expected, "RENEW-1: the issuer renews, in the last cycle, until notice");
        if (success) model.renew(address(bond));
    }

    function _calm() internal pure override returns (uint256) {
        return 5;
    }

    function _publish(bytes8 code, uint256 day, int64 value) private {
        vm.prank(world.payingAgent);
        (bool success,) =
            address(world.benchmarks).call(abi.encodeCall(world.benchmarks.publish, (code, uint24(day), value)));
        if (success) model.say(code, day, value);
    }

    function _isDue(BenchmarkKind kind, uint256 day) private view returns (bool) {
        if (kind == BenchmarkKind.RATE || kind == BenchmarkKind.OVERNIGHT) return Naive.isBusinessDay(day);
        if (kind == BenchmarkKind.LEVEL) {
            (,, uint256 dayOfMonth) = Naive.civil(day);
            return dayOfMonth == 1;
        }
        for (uint256 i; i < figureDays.length; ++i) {
            if (figureDays[i] == day) return true;
        }
        return false;
    }

    /// @dev Rates from minus one to four percent, price levels around a hundred, figures to two hundred.
    function _value(BenchmarkKind kind, uint256 seed) private pure returns (int64) {
        if (kind == BenchmarkKind.LEVEL) return int64(uint64(95e9 + seed % 10e9));
        if (kind == BenchmarkKind.FIGURE) return int64(uint64(seed % 200e9));
        return int64(int256(seed % 50_000_000) - 10_000_000);
    }
}
