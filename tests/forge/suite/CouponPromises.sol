// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {BenchmarkKind} from "../../../contracts/benchmark/interfaces/IBenchmarks.sol";
import {Provisions} from "../../../contracts/bond/interfaces/Provisions.sol";
import {CouponKind, Terms} from "../../../contracts/bond/libraries/TermsLib.sol";
import {Fixing, Payment, UnitPayment} from "../../../contracts/servicing/interfaces/ServicingTypes.sol";
import {CleanHandler} from "../handlers/CleanHandler.sol";
import {InterestHandler} from "../handlers/InterestHandler.sol";
import {ServicingHandler} from "../handlers/ServicingHandler.sol";
import {IBondToken} from "./IBondToken.sol";
import {ModelTerms} from "./ModelTerms.sol";
import {Naive} from "./Naive.sol";
import {Promises} from "./Promises.sol";

/// @notice Bonds of several kinds, and the promises that hold of their interest after every act.
abstract contract CouponPromises is Promises {
    bytes8 internal constant TERM_RATE = "TERM";
    bytes8 internal constant NIGHTS = "NIGHTS";
    bytes8 internal constant PRICES = "PRICES";
    bytes8 internal constant FIGURE = "FIGURE";

    InterestHandler internal interestHandler;
    CleanHandler internal cleanHandler;

    /// @dev Benchmarks, with what is known of them before the first bond.
    /// @param decimals_ Of the money.
    function _setCoupons(uint8 decimals_) internal {
        decimals = decimals_;
        _setWorld(false);
        interestHandler = new InterestHandler(world, model, replay, holders);
        uint256[] memory keys = new uint256[](HOLDERS);
        for (uint256 i; i < HOLDERS; ++i) {
            keys[i] = _keyOf(i);
        }
        cleanHandler = new CleanHandler(world, model, replay, holders, keys);
        _define(TERM_RATE, BenchmarkKind.RATE, 0, 2 hours);
        _define(NIGHTS, BenchmarkKind.OVERNIGHT, 360, 0);
        _define(PRICES, BenchmarkKind.LEVEL, 0, 0);
        _define(FIGURE, BenchmarkKind.FIGURE, 0, 1 hours);
        uint256 today = START / 1 days;
        interestHandler.publishUpTo(TERM_RATE, today, 1);
        interestHandler.publishUpTo(NIGHTS, today, 2);
        for (uint256 i; i < 4; ++i) {
            uint256 day = Naive.addMonths(Naive.dayOf(2024, 10, 1), i);
            vm.prank(world.payingAgent);
            world.benchmarks.publish(PRICES, uint24(day), int64(uint64(100e9 + i * 3e8)));
            model.say(PRICES, day, int64(uint64(100e9 + i * 3e8)));
        }
    }

    function _define(bytes8 code, BenchmarkKind kind, uint16 basis, uint32 correctable) private {
        world.benchmarks.register(code, kind, world.payingAgent, MARKET, basis, correctable);
        interestHandler.addSeries(code, kind, basis, correctable);
    }

    /// @dev Without an offering; held by the first five.
    function _issueBond(Terms memory terms, Provisions memory provisions) internal returns (IBondToken bond) {
        vm.recordLogs();
        bond = _register(terms, provisions);
        model.addBond(address(bond), terms, provisions);
        address[] memory accounts = new address[](5);
        uint64[] memory units = new uint64[](5);
        for (uint256 i; i < 5; ++i) {
            (accounts[i], units[i]) = (holders[i], uint64(70 + 33 * i));
            model.move(address(bond), address(0), accounts[i], units[i]);
        }
        vm.prank(address(world.offering));
        bond.issue(accounts, units);
        replay.read(vm.getRecordedLogs());
    }

    function _targetCoupons() internal {
        _targetRegister();
        _targetMembers();
        bytes4[] memory acts = new bytes4[](6);
        (acts[0], acts[1]) = (ServicingHandler.fund.selector, ServicingHandler.pay.selector);
        (acts[2], acts[3]) = (ServicingHandler.redeem.selector, ServicingHandler.claim.selector);
        (acts[4], acts[5]) = (ServicingHandler.collect.selector, ServicingHandler.payClaims.selector);
        _target(address(servicingHandler), acts);
        acts = new bytes4[](4);
        (acts[0], acts[1]) = (InterestHandler.publish.selector, InterestHandler.fix.selector);
        (acts[2], acts[3]) = (InterestHandler.defer.selector, InterestHandler.renew.selector);
        _target(address(interestHandler), acts);
        acts = new bytes4[](2);
        (acts[0], acts[1]) = (CleanHandler.settleClean.selector, CleanHandler.settleLate.selector);
        _target(address(cleanHandler), acts);
    }

    /* PROMISES */

    function _checkCoupons() internal view {
        _checkBonds();
        for (uint256 i; i < model.bondCount(); ++i) {
            IBondToken bond = IBondToken(model.bonds(i));
            _checkProvisions(bond);
            _checkFixings(bond);
            _checkUnits(bond);
            _checkPrincipal(bond);
            _checkClaims(bond);
            _checkAccrued(bond);
        }
    }

    function _checkProvisions(IBondToken bond) private view {
        bytes32 found = keccak256(abi.encode(bond.provisions()));
        assertEq(found, model.provisionsHash(address(bond)), "TERMS-4: provisions are read back as registered");
        uint256 last = world.servicing.lastPeriod(bond);
        assertEq(last, model.lastOf(address(bond)), "RENEW-2: the last period is that of terms and renewals");
        uint256 told = replay.lastPeriod(address(bond));
        assertTrue(told == 0 || told == last, "EVENT-1: renewals follow from events");
    }

    function _checkFixings(IBondToken bond) private view {
        address key = address(bond);
        uint256 count = world.servicing.stateOf(bond).fixedPeriods;
        assertEq(count, model.fixedPeriods(key), "FIX-4: periods are fixed in order, none twice");
        uint256 last = model.lastOf(key);
        for (uint16 k = 1; k <= last; ++k) {
            Fixing memory found = world.servicing.fixing(bond, k);
            bytes32 print = keccak256(abi.encode(found));
            assertEq(
                print, keccak256(abi.encode(model.fixingOf(key, k))), "FIX-5: a fixing is what the terms say, for ever"
            );
            assertTrue((found.fixedAt != 0) == (k <= count), "FIX-4: and no period is left out");
            Fixing memory told = replay.fixingOf(key, k);
            told.fixedAt = found.fixedAt;
            assertEq(print, keccak256(abi.encode(told)), "EVENT-1: fixings follow from events");
            if (found.fixedAt != 0 && !found.isDeferred) {
                assertEq(found.arrears, 0, "DEFER-2: arrears are paid with the next coupon, all of them");
            }
        }
    }

    function _checkUnits(IBondToken bond) private view {
        address key = address(bond);
        uint256 last = model.lastOf(key);
        for (uint16 k = 1; k <= last; ++k) {
            Payment memory payment = world.servicing.payment(bond, k);
            if (!_isKnown(bond, k)) {
                assertEq(payment.fundedAt, 0, "FIX-6: nothing is funded that is not fixed");
                continue;
            }
            UnitPayment memory each = world.servicing.unitPayment(bond, k);
            ModelTerms.Unit memory unit = model.unitOf(key, k);
            assertTrue(
                _isSame(each.interestNumerator, each.interestDenominator, unit.interest, unit.interestOver),
                "INTEREST-1: interest of a unit is that of the formulae"
            );
            assertTrue(
                _isSame(each.principalNumerator, each.principalDenominator, unit.principal, unit.principalOver),
                "INTEREST-2: and so is its principal"
            );
            if (payment.fundedAt == 0) continue;
            assertEq(
                keccak256(abi.encode(payment.each)),
                keccak256(abi.encode(each)),
                "MONEY-10: what a unit is paid is a fact from the funding on"
            );
        }
    }

    /// @return Whether two fractions are equal; their products may pass 256 bits.
    function _isSame(uint256 a, uint256 over, uint256 b, uint256 otherOver) private pure returns (bool) {
        uint256 high = type(uint256).max; // the remainders by it and by 2^256 say all of a product
        unchecked {
            return a * otherOver == b * over && mulmod(a, otherOver, high) == mulmod(b, over, high);
        }
    }

    /// @dev A later factor hangs on the fixing before, where interest is capitalised.
    function _isKnown(IBondToken bond, uint256 period) private view returns (bool) {
        return model.isKnown(address(bond), period);
    }

    function _checkPrincipal(IBondToken bond) private view {
        address key = address(bond);
        Provisions memory provisions = model.provisionsOf(key);
        uint256 last = model.lastOf(key);
        uint256 sum;
        uint256 before = 1e18;
        for (uint16 k = 1; k <= last; ++k) {
            if (!_isKnown(bond, k)) return;
            uint256 factor = world.servicing.poolFactor(bond, k);
            if (provisions.capitalisedUntil != 0) {
                assertGe(factor, before, "FACTOR-1: what is capitalised only adds to the principal");
            } else {
                assertLe(factor, before, "FACTOR-1: what is repaid only lessens it");
            }
            before = factor;
            UnitPayment memory each = world.servicing.unitPayment(bond, k);
            sum += each.principalNumerator / each.principalDenominator;
        }
        Terms memory terms = model.termsOf(key);
        if (terms.kind == CouponKind.INFLATION) return;
        uint256 wanted = provisions.capitalisedUntil == 0 ? terms.faceValue : terms.faceValue * before / 1e18;
        assertEq(sum, wanted, "FACTOR-2: all payments together repay the principal, no more and no less");
    }

    function _checkClaims(IBondToken bond) private view {
        address key = address(bond);
        uint256 records = bond.book().records;
        for (uint16 k = 1; k <= records; ++k) {
            (uint256 given, uint256 owed) = (0, 0);
            for (uint256 i; i < holders.length; ++i) {
                address account = holders[i];
                uint256 claimed = world.servicing.claimedBy(bond, k, account);
                uint256 paid = world.servicing.claimsPaidTo(bond, k, account);
                uint256 sold = world.servicing.transferredBy(bond, k, account);
                assertEq(claimed, model.claimed(key, k, account), "CLAIM-2: a claim is what late delivery made it");
                assertLe(sold, bond.unitsAt(account, k), "CLAIM-1: nobody gives away more than was his");
                assertTrue(
                    claimed == replay.claimed(key, k, account) && paid == replay.claimsPaid(key, k, account)
                        && sold == replay.transferred(key, k, account),
                    "EVENT-1: claims follow from events"
                );
                (given, owed) = (given + sold, owed + claimed + paid);
            }
            assertEq(given, owed, "CLAIM-1: what sellers gave away is what buyers claim or were paid");
        }
    }

    /// @dev On some day of each period; from the whole coupon to what is left of it when the coupon goes to another.
    function _checkAccrued(IBondToken bond) private view {
        address key = address(bond);
        if (model.termsOf(key).kind == CouponKind.ZERO) return;
        uint256 last = model.lastOf(key);
        for (uint16 k = 1; k <= last; ++k) {
            if (!_isKnown(bond, k)) return;
            ModelTerms.Period memory period = model.periodOf(key, k);
            uint256 time = cheats.getBlockTimestamp();
            uint24 day = uint24(period.start + (time / 7) % (period.end - period.start));
            _checkRecordDate(bond, k, day);
            if (k > 1 && model.fixingOf(key, k - 1).arrears != 0) continue;
            (bool isThere, int256 numerator,) = _accrued(bond, uint24(period.start), k - 1);
            if (isThere) assertEq(numerator, int256(0), "ACCRUED-2: nothing has accrued when a period begins");
        }
    }

    function _checkRecordDate(IBondToken bond, uint16 k, uint24 day) private view {
        (bool isThere, int256 with, uint256 withOver) = _accrued(bond, day, k - 1);
        (bool isThereToo, int256 without, uint256 withoutOver) = _accrued(bond, day, k);
        if (!isThere || !isThereToo) return;
        UnitPayment memory each = world.servicing.unitPayment(bond, k);
        // with - without = coupon, in 1e-9 of a base unit, each of which is rounded once.
        int256 coupon = int256(each.interestNumerator * 1e9 / each.interestDenominator);
        int256 off = _scaled(with, withOver) - _scaled(without, withoutOver) - coupon;
        assertTrue(off >= -2 && off <= 2, "ACCRUED-1: at the record date, accrued interest falls by the coupon");
    }

    function _accrued(IBondToken bond, uint24 day, uint16 records) private view returns (bool, int256, uint256) {
        try world.servicing.accruedPerUnit(bond, day, records) returns (int256 numerator, uint256 denominator) {
            return (true, numerator, denominator);
        } catch {
            return (false, 0, 0);
        }
    }

    /// @dev Numerators have up to 230 bits here.
    function _scaled(int256 numerator, uint256 denominator) private pure returns (int256) {
        int256 whole = numerator / int256(denominator);
        int256 rest = numerator % int256(denominator);
        while (denominator > 1 << 200) (denominator, rest) = (denominator >> 8, rest >> 8);
        return whole * 1e9 + rest * 1e9 / int256(denominator);
    }
}
