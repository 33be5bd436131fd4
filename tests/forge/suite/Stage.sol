// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {RollConvention} from "../../../contracts/calendar/interfaces/IBusinessCalendar.sol";
import {Terms} from "../../../contracts/bond/libraries/TermsLib.sol";
import {DayCount} from "../../../contracts/libraries/DayCountLib.sol";
import {AccountWord} from "../../../contracts/membership/libraries/AccountWordLib.sol";
import {
    Basis,
    ClassRule,
    Conditions,
    Form,
    Pricing,
    TickBid
} from "../../../contracts/primary/interfaces/OfferingTypes.sol";
import {MemberHandler} from "../handlers/MemberHandler.sol";
import {OfferingHandler} from "../handlers/OfferingHandler.sol";
import {BidActs} from "../handlers/offering/BidActs.sol";
import {ClearingActs} from "../handlers/offering/ClearingActs.sol";
import {EndActs} from "../handlers/offering/EndActs.sol";
import {MandateActs} from "../handlers/offering/MandateActs.sol";
import {PaymentActs} from "../handlers/offering/PaymentActs.sol";
import {RegisterHandler} from "../handlers/RegisterHandler.sol";
import {ServicingHandler} from "../handlers/ServicingHandler.sol";
import {SettlementHandler} from "../handlers/SettlementHandler.sol";
import {Model} from "./Model.sol";
import {Naive} from "./Naive.sol";
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

    /// @param hasOfferings Whether there are offerings, or bonds that are issued without.
    function _setWorld(bool hasOfferings) internal {
        vm.recordLogs();
        _deploySuite();
        model = new Model();
        replay = new Replay();
        uint256[] memory keys = new uint256[](HOLDERS);
        for (uint256 i; i < HOLDERS; ++i) {
            keys[i] = _keyOf(i);
            holders.push(_holder(i));
            _present(holders[i], i == 5 ? OTHER_CLASS : ELIGIBLE_CLASS, _money(CASH_EACH));
        }
        _present(world.issuer, 3, 0);
        _present(world.bookrunner, 3, 0);
        _present(world.payingAgent, 3, _money(1000 * CASH_EACH));
        _present(world.cashIssuer, 3, _money(CASH_EACH));
        _present(address(world.offering), 0, 0);
        _present(address(world.servicing), 0, 0);

        registerHandler = new RegisterHandler(world, model, replay, holders);
        memberHandler = new MemberHandler(world, model, replay, holders);
        servicingHandler = new ServicingHandler(world, model, replay, holders);
        settlementHandler = new SettlementHandler(world, model, replay, holders, keys);
        if (hasOfferings) {
            offeringHandler = new OfferingHandler(world, model, replay, holders);
            offeringHandler.setTemplate(_terms(1));
        }
        replay.read(vm.getRecordedLogs());
    }

    function _setStage() internal {
        _setWorld(true);
        _issueFirstBond();
        _openSecondBook();
        _openThirdBook();
    }

    /// @dev A fixed price, bids in clear; over-subscribed, so that the allocation has a residue.
    function _issueFirstBond() private {
        Conditions memory conditions = _conditions(1_000, 1, START + 1 days);
        (conditions.basis, conditions.lowest, conditions.highest) = (Basis.PRICE, 99_87, 99_87);
        uint256 id = offeringHandler.arrange(_terms(1), conditions, _classes(0, 1_000, 0));
        offeringHandler.openBook(id, world.bookrunner);
        for (uint256 i; i < 5; ++i) {
            offeringHandler.placeBid(id, holders[i], _oneBid(99_87, uint64(300 + 7 * i), holders[i]), false);
        }
        vm.warp(START + 1 days);
        offeringHandler.closeBook(id);
        offeringHandler.clear(id);
        offeringHandler.prove(id, 2);
        offeringHandler.settle(id, holders, false);
    }

    /// @dev Prices within a band of their average, under seal, with a syndicate behind it.
    function _openSecondBook() private {
        Conditions memory conditions = _conditions(500, 5, START + 4 days);
        (conditions.form, conditions.basis, conditions.pricing) = (Form.SEALED, Basis.PRICE, Pricing.MIXED);
        (conditions.lowest, conditions.highest, conditions.tick) = (3, 11, 1);
        (conditions.band, conditions.farOff, conditions.deposit) = (1, 4, 1_000);
        conditions.revealsBy += 6 hours;
        conditions.overAllotsBy = conditions.revealsBy;
        (conditions.nonCompetitive, conditions.minimumVolume) = (100, 300);
        uint256 id = offeringHandler.arrange(_secondTerms(), conditions, _classes(5, 500, 0));
        offeringHandler.enlist(id, holders[1], 1, 150);
        offeringHandler.enlist(id, holders[2], 1, 70);
        offeringHandler.openBook(id, world.bookrunner);
        for (uint256 i; i < 4; ++i) {
            TickBid[] memory bids = new TickBid[](2);
            bids[0] = TickBid(uint64(6 + i), uint64(60 + 35 * i), holders[i]);
            bids[1] = TickBid(uint64(8 + i), 45, holders[(i + 1) % 4]);
            offeringHandler.sealBid(id, holders[i], bids, bytes32(i));
        }
    }

    /// @dev A coupon to be found, bids encrypted to the bookrunner; more may be offered, and more underwritten.
    function _openThirdBook() private {
        Conditions memory conditions = _conditions(40, 1, START + 5 days);
        (conditions.form, conditions.pricing, conditions.deposit) = (Form.ENCRYPTED, Pricing.MULTIPLE, 5_000_000);
        (conditions.lowest, conditions.highest, conditions.tick) = (20_000_000, 30_000_000, 500_000);
        conditions.revealsBy += 6 hours;
        (conditions.overAllotment, conditions.overAllotsBy) = (5, conditions.revealsBy + 1 hours);
        (conditions.additionalSeconds, conditions.settlesFrom) = (3 hours, conditions.clearsBy + 4 hours);
        uint256 id = offeringHandler.arrange(_thirdTerms(), conditions, _classes(3, 45, 3_000));
        offeringHandler.enlist(id, holders[0], 1, 6);
        offeringHandler.enlist(id, holders[3], 1, 10);
        offeringHandler.openBook(id, world.bookrunner);
        for (uint256 i; i < 4; ++i) {
            TickBid[] memory bids = new TickBid[](2);
            bids[0] = TickBid(uint64(22_500_000 + 500_000 * i), uint64(5 + i), holders[i]);
            bids[1] = TickBid(25_000_000, uint64(7 - i), holders[i]);
            offeringHandler.sealBid(id, holders[i], bids, bytes32(i));
        }
    }

    /// @dev Two periods with actual days, money so small that rounding shows, lots of five, days that roll.
    function _secondTerms() private view returns (Terms memory terms) {
        terms = _terms(2);
        (terms.faceValue, terms.couponRate, terms.dayCount) = (7, 333_333_333, DayCount.ACT_360);
        (terms.units, terms.minimumUnits) = (500, 5);
        (terms.recordBusinessDays, terms.roll) = (3, RollConvention.MODIFIED_FOLLOWING);
        terms.schedule = Naive.everyMonths(terms.schedule.issueDay + 16, 1, 2);
        (terms.utcOffset, terms.cutOff) = (-300, 0);
    }

    /// @dev Quarterly, of a face that no day count divides.
    function _thirdTerms() private view returns (Terms memory terms) {
        terms = _terms(3);
        (terms.faceValue, terms.dayCount) = (12_345_677, DayCount.THIRTY_E_360);
        terms.units = 60;
        terms.schedule = Naive.everyMonths(terms.schedule.issueDay, 3, 2);
        (terms.recordBusinessDays, terms.roll) = (0, RollConvention.PRECEDING);
        (terms.utcOffset, terms.cutOff) = (840, 1 days);
        terms.couponRate = type(uint32).max; // to be found by the offering
    }

    /// @dev By rate, in clear, at one price for all, until a set-up changes it.
    function _conditions(uint64 offered, uint64 minimumBid, uint256 closesAt)
        private
        view
        returns (Conditions memory conditions)
    {
        (conditions.offered, conditions.minimumBid, conditions.maximumBid) = (offered, minimumBid, offered);
        (conditions.bookrunner, conditions.tick) = (world.bookrunner, 1);
        (conditions.opensAt, conditions.closesAt) = (uint40(cheats.getBlockTimestamp()), uint40(closesAt));
        (conditions.revealsBy, conditions.overAllotsBy) = (uint40(closesAt), uint40(closesAt));
        conditions.clearsBy = uint40(closesAt + 1 days);
        conditions.settlesFrom = uint40(closesAt);
        (conditions.settlesBy, conditions.takesUpBy) = (uint40(closesAt + 8 days), uint40(closesAt + 10 days));
    }

    /// @dev Everybody, and the syndicate.
    function _classes(uint64 minimum, uint64 maximum, uint16 additional)
        private
        pure
        returns (ClassRule[] memory classes)
    {
        classes = new ClassRule[](2);
        (classes[0].maximum, classes[1]) = (maximum, ClassRule(minimum, maximum, additional));
    }

    function _oneBid(uint64 quote, uint64 units, address account) private pure returns (TickBid[] memory bids) {
        bids = new TickBid[](1);
        bids[0] = TickBid(quote, units, account);
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
        (acts[0], acts[1]) = (MandateActs.prepare.selector, BidActs.bid.selector);
        (acts[2], acts[3]) = (BidActs.deposit.selector, ClearingActs.advance.selector);
        (acts[4], acts[5]) = (PaymentActs.pay.selector, EndActs.finish.selector);
        _target(address(offeringHandler), acts);
    }
}
