// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IBond} from "../bond/interfaces/IBond.sol";
import {IBondExtension} from "../bond/interfaces/IBondExtension.sol";
import {IBondFactory} from "../bond/interfaces/IBondFactory.sol";
import {CallRight, EventRight, Extension, Rights} from "../bond/interfaces/Rights.sol";
import {TermsCheckLib} from "../bond/libraries/TermsCheckLib.sol";
import {Provisions, Renewal} from "../bond/interfaces/Provisions.sol";
import {Schedule, ScheduleLib} from "../bond/libraries/ScheduleLib.sol";
import {Terms, TermsLib} from "../bond/libraries/TermsLib.sol";
import {RoundingLib} from "../libraries/RoundingLib.sol";
import {ActionBase} from "./ActionBase.sol";
import {ServicingBase} from "./ServicingBase.sol";
import {IServicingTerm} from "./interfaces/IServicingTerm.sol";
import {PartialCall, State} from "./interfaces/ServicingTypes.sol";

/// @title ServicingTerm
/// @notice The part of the Servicing that moves the term of a bond: calls, early redemption, extension.
/// @dev ONE MECHANISM
/// - To redeem early is to let the term end earlier: the last payment has its own record date, escrow and burning, as at maturity,
///   and its interest ends on the day.
contract ServicingTerm is ActionBase, IServicingTerm {
    using ScheduleLib for Schedule;
    using TermsLib for Terms;

    uint256 internal constant MOST_PERIODS = 30_000;

    constructor(IBondFactory factory, address next) ServicingBase(factory, next) {}

    /// @inheritdoc IServicingTerm
    function call(IBond bond, uint24 day) external {
        _checkIssuer(bond);
        CallRight memory right = _callOn(bond, day, false);
        _checkNotice(bond, day, right.noticeDays);
        _redeem(bond, day, right.price, bytes8(0), bytes32(0));
    }

    /// @inheritdoc IServicingTerm
    function callInPart(IBond bond, uint16 period, uint64 share) external {
        _checkIssuer(bond);
        Terms memory terms = bond.terms();
        uint24 day = terms.schedule.dueDay(period);
        CallRight memory right = _callOn(bond, day, true);
        _checkNotice(bond, day, right.noticeDays);
        // A record date that nobody noticed has passed all the same.
        bond.advance();
        uint16 count = _states[bond].calls;
        uint256 called = share;
        for (uint256 i; i < count; ++i) {
            called += _partialCalls[bond][i].share;
        }
        Provisions memory latest = TermsLib.provisionsOf(_sourceAt(bond, type(uint16).max));
        require(
            latest.instalments.length == 0 && latest.capitalisedUntil == 0 && latest.deferral.noticeDays == 0,
            PartialCallRefused(address(bond), period, share)
        );
        bool isWhole = uint256(terms.faceValue) * share % RoundingLib.RATE_SCALE == 0;
        bool isNext = count == 0 || _partialCalls[bond][count - 1].period < period;
        require(
            share != 0 && isWhole && isNext && called < RoundingLib.RATE_SCALE && period > bond.book().records
                && period < _coupons().lastPeriod(bond),
            PartialCallRefused(address(bond), period, share)
        );
        _partialCalls[bond][count] = PartialCall({period: period, share: share, price: right.price});
        _states[bond].calls = count + 1;

        emit BondCalledInPart(bond, period, share, right.price, msg.sender);
    }

    /// @inheritdoc IServicingTerm
    function redeemOnEvent(IBond bond, bytes8 code, uint24 day, bytes32 document) external {
        _checkIssuer(bond);
        EventRight[] memory events = _rightsAt(bond, _periodNow(bond)).events;
        for (uint256 i; i < events.length; ++i) {
            if (events[i].code != code || events[i].byHolders) continue;
            _checkNotice(bond, day, events[i].noticeDays);
            return _redeem(bond, day, events[i].price, code, document);
        }
        revert EventNotStated(address(bond), code);
    }

    /// @inheritdoc IServicingTerm
    function extendMaturity(IBond bond) external {
        _checkIssuer(bond);
        State storage state = _states[bond];
        uint16 last = _coupons().lastPeriod(bond);
        Extension memory extension = _rightsAt(bond, last).extension;
        require(extension.periods != 0 && state.extendedFrom == 0 && state.price == 0, ExtensionRefused(address(bond)));
        // Periods beyond a stub would have no due day that the register and the Servicing share.
        Schedule memory schedule = bond.terms().schedule;
        require(schedule.endsRegularly(), ExtensionRefused(address(bond)));
        _checkNotice(bond, schedule.dueDay(last), extension.noticeDays);
        (state.extendedFrom, state.extendedRate) = (last + 1, extension.rate);

        emit MaturityExtended(bond, last + extension.periods, extension.rate, msg.sender);
        _eventsOf(bond).setTerm(last + extension.periods, 0);
    }

    /// @inheritdoc IServicingTerm
    function renew(IBond bond) external {
        _checkIssuer(bond);
        Renewal memory renewal = TermsLib.provisionsOf(address(bond)).renewal;
        require(renewal.periods != 0 && _states[bond].price == 0, RenewalRefused(address(bond)));
        Terms memory terms = bond.terms();
        uint16 now_ = _coupons().lastPeriod(bond);
        uint256 last = uint256(now_) + renewal.periods;
        // As many years as the chain can count; the check of the day itself follows.
        require(last <= MOST_PERIODS, RenewalRefused(address(bond)));
        // One cycle at a time: the last one has begun.
        bool isFirst = now_ == terms.schedule.periods || now_ <= renewal.periods;
        uint256 begun = isFirst ? 0 : now_ - renewal.periods;
        uint256 from = terms.instant(terms.schedule.dueDay(begun), 0);
        require(block.timestamp >= from, RenewalTooEarly(address(bond), from, block.timestamp));
        _checkNotice(bond, terms.schedule.dueDay(now_), renewal.noticeDays);
        require(terms.schedule.dueDay(last) <= TermsCheckLib.LAST_DAY, RenewalRefused(address(bond)));

        emit BondRenewed(bond, uint16(last), msg.sender);
        _eventsOf(bond).setTerm(uint16(last), 0);
    }

    /* VIEWS */

    /// @inheritdoc IServicingTerm
    function stateOf(IBond bond) external view returns (State memory) {
        return _states[bond];
    }

    /// @inheritdoc IServicingTerm
    function partialCall(IBond bond, uint16 number) external view returns (PartialCall memory) {
        return _partialCalls[bond][number];
    }

    /// @inheritdoc IServicingTerm
    function termsAt(IBond bond, uint16 number) external view returns (Terms memory, Provisions memory, Rights memory) {
        _checkBond(bond);
        address source = number == 0 ? address(bond) : _versions[bond][number].source;
        require(source != address(0), AmendmentRefused(address(bond), "version"));
        Terms memory terms = number == 0 ? bond.terms() : TermsLib.unsealFrom(source);
        return (terms, TermsLib.provisionsOf(source), TermsLib.rightsOf(source));
    }

    /* INTERNAL */

    function _callOn(IBond bond, uint24 day, bool inPart) internal view returns (CallRight memory right) {
        require(_states[bond].price == 0, CallRefused(address(bond), day));
        CallRight[] memory calls = _rightsAt(bond, _periodOn(bond, day)).calls;
        for (uint256 i; i < calls.length; ++i) {
            right = calls[i];
            if (day >= right.firstDay && day <= right.lastDay && (!inPart || right.inPart)) return right;
        }
        revert CallRefused(address(bond), day);
    }

    /// @dev Lets the term end on a day: with the period that ends on it, else with a short one.
    function _redeem(IBond bond, uint24 day, uint64 price, bytes8 code, bytes32 document) internal {
        require(_states[bond].price == 0, CallRefused(address(bond), day));
        Terms memory terms = bond.terms();
        uint24 end = IBondExtension(address(bond)).maturityDay();
        require(day > terms.schedule.issueDay && day < end, CallRefused(address(bond), day));
        uint256 period = terms.schedule.periodOf(day);
        bool isDueDay = period > 1 && terms.schedule.dueDay(period - 1) == day;
        uint16 last = uint16(isDueDay ? period - 1 : period);
        _states[bond].price = price;
        if (!isDueDay) _unfixEnd(bond, terms.kind, last);

        emit BondCalled(bond, last, day, price, code, document, msg.sender);
        _eventsOf(bond).setTerm(last, isDueDay ? 0 : day);
    }
}
