// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IBond} from "../bond/interfaces/IBond.sol";
import {IBondFactory} from "../bond/interfaces/IBondFactory.sol";
import {EventRight, PutRight} from "../bond/interfaces/Rights.sol";
import {Terms, TermsLib} from "../bond/libraries/TermsLib.sol";
import {IBusinessCalendar, RollConvention} from "../calendar/interfaces/IBusinessCalendar.sol";
import {ActionBase} from "./ActionBase.sol";
import {ServicingBase} from "./ServicingBase.sol";
import {ExchangeTerms, IServicingActions, TenderTerms} from "./interfaces/IServicingActions.sol";
import {Action, ActionKind} from "./interfaces/ServicingTypes.sol";

/// @title ServicingActions
/// @notice The part of the Servicing in which holders take part in events: they elect, take back, and are released.
/// @dev BOUND UNITS
/// - An election binds units in the register. They leave it by `withdraw`, by `release` when the event is over without them, by
///   `annulElection`, or burned by the part that pays.
contract ServicingActions is ActionBase, IServicingActions {
    using TermsLib for Terms;

    /// @dev Civil days between the end of a put on a stated event and its payment.
    uint24 internal constant SETTLEMENT_DAYS = 7;
    uint40 internal constant OPENED_BEFORE = 30 days;
    uint40 internal constant LONGEST_WAIT = 60 days;

    constructor(IBondFactory factory, address next) ServicingBase(factory, next) {}

    /* OPENING */

    /// @inheritdoc IServicingActions
    function openPut(IBond bond, uint16 right) external returns (uint16 action) {
        _checkServed(bond);
        PutRight[] memory puts = _rightsAt(bond, _periodNow(bond)).puts;
        require(right < puts.length, ActionTermInvalid("right"));
        PutRight memory put = puts[right];
        uint256 key = _putKey(_versionNow(bond), right);
        require(_actionBy[bond][key] == 0, ActionAlreadyOpen(address(bond), _actionBy[bond][key]));

        Terms memory terms = bond.terms();
        Action memory fresh;
        fresh.kind = ActionKind.PUT;
        (fresh.withdrawable, fresh.price) = (put.withdrawable, put.price);
        fresh.opensAt = terms.instant(put.opensDay, 0);
        fresh.closesAt = terms.instant(put.closesDay + 1, 0);
        // Not long before: the pay day is rolled by the calendar as it stands.
        require(
            block.timestamp + OPENED_BEFORE >= fresh.opensAt,
            ActionNotOpen(address(bond), 0, fresh.opensAt - OPENED_BEFORE, fresh.closesAt, block.timestamp)
        );
        _setPayDay(bond, terms, fresh, put.payDay);
        action = _openFresh(bond, fresh, bytes8(0));
        _actionBy[bond][key] = action;
    }

    /// @inheritdoc IServicingActions
    function declareEvent(IBond bond, bytes8 code, bytes32 document) external returns (uint16 action) {
        _checkServed(bond);
        Terms memory terms = bond.terms();
        if (msg.sender != terms.issuerAccount) _checkPower(bond);
        uint24 today = terms.dayOf(block.timestamp);
        EventRight[] memory events = _rightsAt(bond, _periodOn(bond, today)).events;
        for (uint256 i; i < events.length; ++i) {
            EventRight memory right = events[i];
            if (right.code != code || !right.byHolders) continue;
            Action memory fresh;
            fresh.kind = ActionKind.PUT;
            (fresh.withdrawable, fresh.price, fresh.document) = (true, right.price, document);
            fresh.opensAt = uint40(block.timestamp);
            fresh.closesAt = terms.instant(today + right.noticeDays + 1, 0);
            _setPayDay(bond, terms, fresh, today + right.noticeDays + SETTLEMENT_DAYS);
            return _openFresh(bond, fresh, code);
        }
        revert EventNotStated(address(bond), code);
    }

    /// @inheritdoc IServicingActions
    function offerTender(IBond bond, TenderTerms calldata offer) external returns (uint16 action) {
        _checkIssuer(bond);
        require(offer.amount != 0, ActionTermInvalid("amount"));
        Action memory fresh;
        fresh.kind = ActionKind.TENDER;
        (fresh.withdrawable, fresh.most, fresh.amount) = (true, offer.most, offer.amount);
        (fresh.opensAt, fresh.closesAt, fresh.document) = (offer.opensAt, offer.closesAt, offer.document);
        _setPayDay(bond, bond.terms(), fresh, offer.payDay);
        return _openFresh(bond, fresh, bytes8(0));
    }

    /// @inheritdoc IServicingActions
    function offerExchange(IBond bond, ExchangeTerms calldata offer) external returns (uint16 action) {
        _checkIssuer(bond);
        Terms memory terms = bond.terms();
        _checkServed(offer.newBond);
        Terms memory newTerms = offer.newBond.terms();
        require(
            offer.newBond != bond && newTerms.issuerAccount == terms.issuerAccount
                && newTerms.currency == terms.currency && newTerms.couponRate != TermsLib.TO_BE_FIXED,
            ActionTermInvalid("newBond")
        );
        require(offer.newUnits != 0 && offer.oldUnits != 0, ActionTermInvalid("newUnits"));
        Action memory fresh;
        fresh.kind = ActionKind.EXCHANGE;
        (fresh.withdrawable, fresh.amount) = (true, offer.amount);
        (fresh.newUnits, fresh.oldUnits, fresh.target) = (offer.newUnits, offer.oldUnits, address(offer.newBond));
        (fresh.opensAt, fresh.closesAt, fresh.document) = (offer.opensAt, offer.closesAt, offer.document);
        _setPayDay(bond, terms, fresh, offer.payDay);
        return _openFresh(bond, fresh, bytes8(0));
    }

    /* ELECTIONS */

    /// @inheritdoc IServicingActions
    function elect(IBond bond, uint16 number, uint64 units) external {
        Action storage action = _actionOf(bond, number);
        ActionKind kind = action.kind;
        require(kind != ActionKind.DRAWING, ActionUnknown(address(bond), number));
        _checkElecting(bond, number, action);
        require(
            units != 0 && (kind != ActionKind.EXCHANGE || units % action.oldUnits == 0)
                && (kind < ActionKind.RESOLUTION || !_isIssuer(bond)),
            ElectionRefused(address(bond), number, msg.sender, units)
        );
        uint64 elected = _elections[bond][number][msg.sender].units + units;
        _elections[bond][number][msg.sender].units = elected;
        action.elected += units;

        emit UnitsElected(bond, number, msg.sender, units, elected);
        _eventsOf(bond).bindUnits(msg.sender, units);
    }

    /// @inheritdoc IServicingActions
    function withdraw(IBond bond, uint16 number, uint64 units) external {
        Action storage action = _actionOf(bond, number);
        _checkElecting(bond, number, action);
        uint64 elected = _elections[bond][number][msg.sender].units;
        require(
            action.withdrawable && action.kind != ActionKind.DRAWING && units != 0 && units <= elected
                && (action.kind != ActionKind.EXCHANGE || units % action.oldUnits == 0),
            ElectionNotWithdrawable(address(bond), number, msg.sender, elected)
        );
        _elections[bond][number][msg.sender].units = elected - units;
        action.elected -= units;

        emit ElectionWithdrawn(bond, number, msg.sender, units, elected - units);
        _eventsOf(bond).releaseUnits(msg.sender, units);
    }

    /// @inheritdoc IServicingActions
    function release(IBond bond, uint16 number, address[] calldata holders) external {
        Action storage action = _actionOf(bond, number);
        bool isOver = _isOver(bond, number, action);
        // Whose promised money does not come may wait for it, or go; nobody decides that for him.
        bool mayGo = _isStopped(bond, number, action) && holders.length == 1 && holders[0] == msg.sender;
        require(isOver || mayGo, ActionNotOver(address(bond), number));
        for (uint256 i; i < holders.length; ++i) {
            uint64 units = _elections[bond][number][holders[i]].units;
            if (units == 0) continue;
            _leave(bond, number, action, holders[i], units);

            emit ElectionReleased(bond, number, holders[i], units);
        }
    }

    /// @inheritdoc IServicingActions
    function annulElection(IBond bond, uint16 number, address holder, bytes32 document) external {
        Action storage action = _actionOf(bond, number);
        _checkServed(bond);
        _checkPower(bond);
        uint64 units = _elections[bond][number][holder].units;
        // Money that is there for the units goes to their holder, who is frozen where a court wants it.
        require(!action.isDecided, ActionDecided(address(bond), number));
        require(units != 0 && action.kind != ActionKind.DRAWING, ElectionRefused(address(bond), number, holder, units));
        _leave(bond, number, action, holder, units);

        emit ElectionAnnulled(bond, number, holder, units, document, msg.sender);
    }

    /* VIEWS */

    /// @inheritdoc IServicingActions
    function actionOf(IBond bond, uint16 number) external view returns (Action memory) {
        return _actions[bond][number];
    }

    /// @inheritdoc IServicingActions
    function actionCount(IBond bond) external view returns (uint16) {
        return _states[bond].actions;
    }

    /// @inheritdoc IServicingActions
    function electedBy(IBond bond, uint16 number, address holder) external view returns (uint64) {
        return _elections[bond][number][holder].units;
    }

    /// @inheritdoc IServicingActions
    function putOf(IBond bond, uint16 right) external view returns (uint16) {
        return _actionBy[bond][_putKey(_versionNow(bond), right)];
    }

    /* INTERNAL */

    function _openFresh(IBond bond, Action memory fresh, bytes8 code) internal returns (uint16) {
        require(_states[bond].duePeriod == 0, BondDueAlready(address(bond)));
        require(fresh.closesAt > fresh.opensAt && fresh.closesAt > block.timestamp, ActionTermInvalid("closesAt"));
        require(fresh.opensAt != 0, ActionTermInvalid("opensAt"));
        // Units are bound from the end of the elections until they are paid.
        bool isSoon = _isPromised(fresh.kind) || fresh.payTime <= fresh.closesAt + LONGEST_WAIT;
        require(fresh.payTime >= fresh.closesAt && isSoon, ActionTermInvalid("payDay"));
        return _open(bond, fresh, code);
    }

    function _setPayDay(IBond bond, Terms memory terms, Action memory fresh, uint24 day) internal view {
        IBusinessCalendar calendar = bond.suite().calendar;
        uint24 rolled = calendar.roll(terms.calendar, day, terms.roll);
        // A roll back must not end before the elections do.
        if (terms.instant(rolled, 0) < fresh.closesAt) {
            rolled = calendar.roll(terms.calendar, day, RollConvention.FOLLOWING);
        }
        fresh.payTime = terms.instant(rolled, 0);
        // What the terms promise bears no interest for the roll, unless all of the bond's does.
        fresh.payDay = _isPromised(fresh.kind) && !terms.adjusted ? day : rolled;
    }

    /// @dev An election leaves its event: it counts no longer.
    function _leave(IBond bond, uint16 number, Action storage action, address holder, uint64 units) internal {
        delete _elections[bond][number][holder];
        action.elected -= units;
        _eventsOf(bond).releaseUnits(holder, units);
        if (_isFunded(bond, number) && action.settled == action.elected) _complete(bond, number);
    }

    /// @return Whether the event can take nothing any more of what is elected.
    function _isOver(IBond bond, uint16 number, Action memory action) internal view returns (bool) {
        if (action.kind >= ActionKind.RESOLUTION) return action.isDecided || block.timestamp >= action.closesAt;
        // What was not taken by then is redeemed with all other units; money that was paid in goes back.
        if (bond.book().closed) return true;
        if (_isFunded(bond, number)) return false;
        if (_states[bond].duePeriod != 0) return true;
        return !_isPromised(action.kind) && block.timestamp >= uint256(action.payTime) + LONG_STOP;
    }

    /// @return Whether money that was promised has not come for long.
    function _isStopped(IBond bond, uint16 number, Action memory action) internal view returns (bool) {
        return
            _isPromised(action.kind) && !_isFunded(bond, number)
                && block.timestamp >= uint256(action.payTime) + LONG_STOP;
    }

    /// @return Whether the caller belongs to the issuer: his units have no vote.
    function _isIssuer(IBond bond) internal view returns (bool) {
        return bond.suite().registry.wordOf(msg.sender).lei() == bond.terms().issuer;
    }

    function _checkElecting(IBond bond, uint16 number, Action memory action) internal view {
        require(
            block.timestamp >= action.opensAt && block.timestamp < action.closesAt && !action.isDecided,
            ActionNotOpen(address(bond), number, action.opensAt, action.closesAt, block.timestamp)
        );
    }
}
