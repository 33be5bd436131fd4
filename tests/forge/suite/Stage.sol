// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {RollConvention} from "../../../contracts/calendar/interfaces/IBusinessCalendar.sol";
import {Terms} from "../../../contracts/bond/libraries/TermsLib.sol";
import {DayCount} from "../../../contracts/libraries/DayCountLib.sol";
import {AccountWord} from "../../../contracts/membership/libraries/AccountWordLib.sol";
import {IOffering} from "../../../contracts/primary/interfaces/IOffering.sol";
import {MemberHandler} from "../handlers/MemberHandler.sol";
import {OfferingHandler} from "../handlers/OfferingHandler.sol";
import {RegisterHandler} from "../handlers/RegisterHandler.sol";
import {ServicingHandler} from "../handlers/ServicingHandler.sol";
import {SettlementHandler} from "../handlers/SettlementHandler.sol";
import {Model} from "./Model.sol";
import {Replay} from "./Replay.sol";
import {Suite} from "./Suite.sol";

/// @notice The suite with its handlers, one bond that is issued and two whose books are open and over-subscribed.
abstract contract Stage is Suite {
    Model internal model;
    Replay internal replay;
    RegisterHandler internal registerHandler;
    MemberHandler internal memberHandler;
    ServicingHandler internal servicingHandler;
    SettlementHandler internal settlementHandler;
    OfferingHandler internal offeringHandler;
    address[] internal holders;

    function _setStage() internal {
        vm.recordLogs();
        _deploySuite();
        model = new Model();
        replay = new Replay();
        uint256[] memory keys = new uint256[](HOLDERS);
        for (uint256 i; i < HOLDERS; ++i) {
            keys[i] = _keyOf(i);
            holders.push(_holder(i));
            _present(holders[i], i == 5 ? OTHER_CLASS : ELIGIBLE_CLASS, CASH_EACH);
        }
        _present(world.issuer, 3, 0);
        _present(world.bookrunner, 3, 0);
        _present(world.payingAgent, 3, 1000 * CASH_EACH);
        _present(world.cashIssuer, 3, CASH_EACH);
        _present(address(world.offering), 0, 0);
        _present(address(world.servicing), 0, 0);

        registerHandler = new RegisterHandler(world, model, replay, holders);
        memberHandler = new MemberHandler(world, model, replay, holders);
        servicingHandler = new ServicingHandler(world, model, replay, holders);
        settlementHandler = new SettlementHandler(world, model, replay, holders, keys);
        offeringHandler = new OfferingHandler(world, model, replay, holders);
        _issueFirstBond();
        offeringHandler.open(_secondTerms(), _conditions(500, 0, 5, 3, START + 20 days));
        offeringHandler.open(_thirdTerms(), _conditions(60, 50, 1, 7_777, START + 25 days));
        for (uint256 i; i < 4; ++i) {
            offeringHandler.placeOrder(2, holders[i], uint64(130 + 35 * i));
            offeringHandler.placeOrder(3, holders[i], uint64(17 + i));
        }
        replay.read(vm.getRecordedLogs());
    }

    /// @dev Over-subscribed, so that the allocation has a residue.
    function _issueFirstBond() private {
        offeringHandler.open(_terms(1), _conditions(1_000, 0, 1, 99_87, START + 1 days));
        for (uint256 i; i < 5; ++i) {
            offeringHandler.placeOrder(1, holders[i], uint64(300 + 7 * i));
        }
        vm.warp(START + 1 days);
        offeringHandler.closeBook(1);
        offeringHandler.proveAllocation(1, 2);
        offeringHandler.settleOrders(1, holders);
    }

    /// @dev Two periods with actual days, money so small that rounding shows, lots of five, days that roll.
    function _secondTerms() private view returns (Terms memory terms) {
        terms = _terms(2);
        (terms.faceValue, terms.couponRate, terms.dayCount) = (7, 333_333_333, DayCount.ACT_360);
        (terms.units, terms.minimumUnits, terms.periods) = (500, 5, 2);
        (terms.recordBusinessDays, terms.roll) = (3, RollConvention.MODIFIED_FOLLOWING);
        (terms.issueDay, terms.utcOffset, terms.cutOff) = (terms.issueDay + 16, -300, 0);
    }

    /// @dev Quarterly, of a face that no day count divides.
    function _thirdTerms() private view returns (Terms memory terms) {
        terms = _terms(3);
        (terms.faceValue, terms.couponRate, terms.dayCount) = (12_345_677, 47_111_111, DayCount.THIRTY_E_360);
        (terms.units, terms.periods, terms.monthsPerPeriod) = (60, 2, 3);
        (terms.recordBusinessDays, terms.roll) = (0, RollConvention.PRECEDING);
        (terms.utcOffset, terms.cutOff) = (840, 1 days);
    }

    function _conditions(uint64 offered, uint64 minimumVolume, uint64 minimumOrder, uint128 price, uint256 closesAt)
        private
        view
        returns (IOffering.Conditions memory conditions)
    {
        (conditions.offered, conditions.minimumVolume) = (offered, minimumVolume);
        (conditions.minimumOrder, conditions.maximumOrder) = (minimumOrder, offered);
        (conditions.price, conditions.bookrunner) = (price, world.bookrunner);
        (conditions.opensAt, conditions.closesAt) = (uint40(START), uint40(closesAt));
        conditions.settlesBy = uint40(closesAt + 15 days);
    }

    function _present(address account, uint8 class, uint256 money) private {
        AccountWord word = world.registry.wordOf(account);
        model.addAccount(account, word.lei(), class, word.roles(), FOREVER, money);
        if (money != 0) _mint(account, money);
    }

    /* WHAT FORGE CALLS */

    function _targetRegister() internal {
        bytes4[] memory acts = new bytes4[](3);
        (acts[0], acts[1]) = (RegisterHandler.transfer.selector, RegisterHandler.transferFrom.selector);
        acts[2] = RegisterHandler.power.selector;
        _target(address(registerHandler), acts);
    }

    function _targetMembers() internal {
        bytes4[] memory acts = new bytes4[](2);
        (acts[0], acts[1]) = (MemberHandler.standing.selector, MemberHandler.money.selector);
        _target(address(memberHandler), acts);
    }

    function _targetServicing() internal {
        bytes4[] memory acts = new bytes4[](5);
        (acts[0], acts[1]) = (ServicingHandler.fund.selector, ServicingHandler.pay.selector);
        (acts[2], acts[3]) = (ServicingHandler.redeem.selector, ServicingHandler.claim.selector);
        acts[4] = ServicingHandler.collect.selector;
        _target(address(servicingHandler), acts);
    }

    function _targetSettlement() internal {
        bytes4[] memory acts = new bytes4[](2);
        (acts[0], acts[1]) = (SettlementHandler.settle.selector, SettlementHandler.cancel.selector);
        _target(address(settlementHandler), acts);
    }

    function _targetOffering() internal {
        bytes4[] memory acts = new bytes4[](6);
        (acts[0], acts[1]) = (OfferingHandler.order.selector, OfferingHandler.withdraw.selector);
        (acts[2], acts[3]) = (OfferingHandler.close.selector, OfferingHandler.allocate.selector);
        (acts[4], acts[5]) = (OfferingHandler.settle.selector, OfferingHandler.refund.selector);
        _target(address(offeringHandler), acts);
    }
}
