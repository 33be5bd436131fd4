// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {
    Fallback,
    Floating,
    Inflation,
    Instalment,
    KpiTest,
    Provisions,
    Renewal,
    Step,
    Withholding
} from "../../contracts/bond/interfaces/Provisions.sol";
import {CouponKind, Rounding, Terms} from "../../contracts/bond/libraries/TermsLib.sol";
import {RollConvention} from "../../contracts/calendar/interfaces/IBusinessCalendar.sol";
import {DayCount} from "../../contracts/libraries/DayCountLib.sol";
import {Roles} from "../../contracts/membership/libraries/Roles.sol";
import {Fixing} from "../../contracts/servicing/interfaces/ServicingTypes.sol";
import {CouponPromises} from "./suite/CouponPromises.sol";
import {IBondToken} from "./suite/IBondToken.sol";
import {Model} from "./suite/Model.sol";
import {Naive} from "./suite/Naive.sol";

/// @notice Bonds of many kinds live together; and whatever happened, in the end every period is fixed and paid.
abstract contract Coupons is CouponPromises {
    uint256 internal constant AFTER_ALL = START + 1_400 days;

    /* TERMS */

    /// @dev Rates that step up, with tax by class; half a base unit counts as one.
    function _steps() internal view returns (Terms memory terms, Provisions memory provisions) {
        terms = _kind(1, CouponKind.STEP, 1, 4);
        (terms.dayCount, terms.rounding) = (DayCount.ACT_365F, Rounding.UNIT_HALF_UP);
        provisions.steps = new Step[](2);
        (provisions.steps[0], provisions.steps[1]) = (Step(2, 40_000_000), Step(4, 47_500_000));
        _withhold(provisions, 200_000_000);
    }

    /// @dev Repaid in instalments, after a long first period; taxed for all.
    function _amortising() internal view returns (Terms memory terms, Provisions memory provisions) {
        terms = _kind(2, CouponKind.FIXED, 1, 4);
        terms.schedule.issueDay -= 12;
        terms.schedule.anchorPeriod = 4;
        terms.schedule.anchorDay = terms.schedule.maturityDay;
        terms.dayCount = DayCount.THIRTY_360;
        provisions.instalments = new Instalment[](3);
        provisions.instalments[0] = Instalment(1, 150_000_000);
        provisions.instalments[1] = Instalment(3, 350_000_000);
        provisions.instalments[2] = Instalment(4, 500_000_000);
        _withhold(provisions, 77_777_777);
    }

    /// @dev A term rate, on periods that end on the day that is paid on.
    function _term() internal view returns (Terms memory terms, Provisions memory provisions) {
        terms = _kind(3, CouponKind.FLOATING, 1, 4);
        (terms.dayCount, terms.adjusted, terms.roll) = (DayCount.ACT_360, true, RollConvention.MODIFIED_FOLLOWING);
        provisions.floating =
            Floating(TERM_RATE, false, 2, 6_000_000, 1_000_000, 42_000_000, 3, Fallback.LAST_VALUE, 25_000_000);
        provisions.fallbackDays = 3;
    }

    /// @dev Nights compounded, every ten days, of a face that no day count divides.
    function _nights() internal view returns (Terms memory terms, Provisions memory provisions) {
        terms = _kind(4, CouponKind.FLOATING, 1, 3);
        (terms.dayCount, terms.faceValue, terms.rounding) = (DayCount.ACT_360, _money(77_777) | 1, Rounding.UNIT_DOWN);
        provisions.floating =
            Floating(NIGHTS, true, 2, -1_000_000, 0, type(uint32).max, 7, Fallback.PREVIOUS_RATE, 25_000_000);
        provisions.fallbackDays = 2;
    }

    function _inflation() internal view returns (Terms memory terms, Provisions memory provisions) {
        terms = _kind(5, CouponKind.INFLATION, 1, 4);
        (terms.dayCount, terms.couponRate) = (DayCount.ACT_ACT_ISDA, 15_000_000);
        provisions.inflation =
            Inflation({benchmark: PRICES, lagMonths: 2, interpolated: true, floored: true, places: 5, base: 100e9});
        provisions.fallbackDays = 4;
    }

    function _tested() internal view returns (Terms memory terms, Provisions memory provisions) {
        terms = _kind(6, CouponKind.KPI, 1, 4);
        terms.dayCount = DayCount.NL_365;
        provisions.tests = new KpiTest[](2);
        uint24 issueDay = terms.schedule.issueDay;
        provisions.tests[0] = KpiTest(FIGURE, issueDay + 20, 2, true, 100e9, 2_500_000);
        provisions.tests[1] = KpiTest(FIGURE, issueDay + 50, 3, false, 60e9, -1_500_000);
        provisions.fallbackDays = 5;
    }

    /// @dev Interest of half the term is added to the principal.
    function _capitalised() internal view returns (Terms memory terms, Provisions memory provisions) {
        terms = _kind(7, CouponKind.FIXED, 1, 4);
        (terms.couponRate, terms.faceValue) = (123_456_789, _money(1_234_567) | 1);
        provisions.capitalisedUntil = 2;
    }

    /// @dev Quarterly, so that there is time to give notice; arrears bear interest, and the term may be renewed.
    function _perpetual(bool bearsInterest) internal view returns (Terms memory terms, Provisions memory provisions) {
        terms = _kind(bearsInterest ? 8 : 9, CouponKind.FIXED, bearsInterest ? 3 : 2, 2);
        terms.dayCount = DayCount.ACT_ACT_ICMA;
        (provisions.deferral.noticeDays, provisions.deferral.bearsInterest) = (31, bearsInterest);
        provisions.renewal = Renewal(2, 35, TERM_RATE, 1, 12_000_000, 30_000_000);
        provisions.fallbackDays = 5;
        if (!bearsInterest) _withhold(provisions, 100_000_000);
    }

    function _zero() internal view returns (Terms memory terms, Provisions memory provisions) {
        terms = _kind(10, CouponKind.ZERO, 4, 1);
        terms.couponRate = 0;
        provisions.accretion.issuePrice = _money(97_00);
    }

    function _kind(uint256 number, CouponKind kind, uint256 months, uint256 periods)
        private
        view
        returns (Terms memory terms)
    {
        terms = _terms(number);
        terms.kind = kind;
        terms.schedule = Naive.everyMonths(START / 1 days + 10 + 3 * number, months, periods);
    }

    /// @dev The members' class pays, all others nothing; what is withheld goes to a holder, who may be suspended.
    function _withhold(Provisions memory provisions, uint32 rate) private view {
        provisions.taxAccount = holders[4];
        provisions.withholdings = new Withholding[](2);
        provisions.withholdings[0] = Withholding(uint24(1) << ELIGIBLE_CLASS, rate);
        provisions.withholdings[1] = Withholding(type(uint24).max, 0);
    }

    /* THE END */

    /// @dev Runs at the end of each sequence: fixes and pays everything, and looks at what is left.
    function afterInvariant() external {
        if (cheats.getBlockTimestamp() < AFTER_ALL) vm.warp(AFTER_ALL);
        for (uint256 i; i < holders.length; ++i) {
            _rehabilitate(holders[i]);
        }
        _mint(world.payingAgent, 1e30);
        for (uint256 i; i < model.bondCount(); ++i) {
            _endBond(IBondToken(model.bonds(i)));
        }
    }

    function _endBond(IBondToken bond) private {
        uint256 last = model.lastOf(address(bond));
        for (uint16 k = 1; k <= last; ++k) {
            if (!model.isKnown(address(bond), k)) {
                (bool isReady, Fixing memory found) = model.foreseeFixing(address(bond), k);
                assertTrue(isReady, "FIX-7: no silence holds up a payment");
                world.servicing.fix(bond, k);
                model.fix(address(bond), k, found);
            }
            if (!model.paysAnything(address(bond), k)) continue;
            if (world.servicing.payment(bond, k).fundedAt == 0) {
                vm.prank(world.payingAgent);
                world.servicing.fund(bond, k);
            }
            _payAll(bond, k, k == last);
            assertEq(
                world.servicing.payment(bond, k).unitsPaid,
                world.servicing.payment(bond, k).units,
                "MONEY-9: all served, holders of record and who bought from them"
            );
        }
        assertEq(bond.totalSupply(), 0, "MONEY-9: in the end all units are redeemed");
    }

    function _payAll(IBondToken bond, uint16 period, bool last) private {
        address[] memory one = new address[](1);
        for (uint256 i; i < holders.length; ++i) {
            one[0] = holders[i];
            if (world.servicing.claimedBy(bond, period, one[0]) != 0) world.servicing.payClaims(bond, period, one);
            uint256 units = bond.unitsAt(one[0], period) - world.servicing.transferredBy(bond, period, one[0]);
            if (units == 0 || bond.isPaid(one[0], period)) continue;
            if (last) world.servicing.redeem(bond, one);
            else world.servicing.pay(bond, period, one);
        }
    }

    /// @dev Removal is for good; everything else can be lifted.
    function _rehabilitate(address holder) private {
        Model.Account memory account = model.accountOf(holder);
        if (account.removed) return;
        address[] memory one = new address[](1);
        one[0] = holder;
        if (world.registry.member(account.lei).suspended) {
            world.registry.reinstateMember(account.lei, "settled", new address[](0));
        }
        world.registry.reinstateAccounts(one);
        world.registry.sync(one);
        world.registry.setRoles(holder, Roles.HOLDER, FOREVER);
    }

    function _issue(function() view returns (Terms memory, Provisions memory) make) internal {
        (Terms memory terms, Provisions memory provisions) = make();
        _issueBond(terms, provisions);
    }
}

/// @notice Tax, steps, instalments, half base units.
contract FixedCouponInvariants is Coupons {
    function setUp() external {
        _setCoupons(0);
        _issue(_steps);
        _issue(_amortising);
        _issue(_zero);
        _targetCoupons();
    }

    /// forge-config: default.invariant.runs = 32
    /// forge-config: deep.invariant.runs = 128
    function invariant_promises__fixedCoupons__kept() external view {
        _checkCoupons();
    }
}

/// @notice Rates, nights, prices and figures that are published, late, or never.
contract FloatingCouponInvariants is Coupons {
    function setUp() external {
        _setCoupons(18);
        uint256[] memory figureDays = new uint256[](2);
        (Terms memory terms, Provisions memory provisions) = _tested();
        (figureDays[0], figureDays[1]) = (provisions.tests[0].day, provisions.tests[1].day);
        interestHandler.setFigureDays(figureDays);
        _issueBond(terms, provisions);
        _issue(_term);
        _issue(_nights);
        _issue(_inflation);
        _targetCoupons();
    }

    /// forge-config: default.invariant.runs = 32
    /// forge-config: deep.invariant.runs = 128
    function invariant_promises__floatingCoupons__kept() external view {
        _checkCoupons();
    }
}

/// @notice Interest that is added to the principal, or put off, and terms that are renewed.
contract DeferredCouponInvariants is Coupons {
    function setUp() external {
        _setCoupons(6);
        _issue(_capitalised);
        (Terms memory terms, Provisions memory provisions) = _perpetual(true);
        _issueBond(terms, provisions);
        (terms, provisions) = _perpetual(false);
        _issueBond(terms, provisions);
        _targetCoupons();
    }

    /// forge-config: default.invariant.runs = 32
    /// forge-config: deep.invariant.runs = 128
    function invariant_promises__deferredCoupons__kept() external view {
        _checkCoupons();
    }
}
