// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Entry, IBond} from "../bond/interfaces/IBond.sol";
import {IBondFactory} from "../bond/interfaces/IBondFactory.sol";
import {CallRight, Sinking} from "../bond/interfaces/Rights.sol";
import {Terms, TermsLib} from "../bond/libraries/TermsLib.sol";
import {Schedule, ScheduleLib} from "../bond/libraries/ScheduleLib.sol";
import {RoundingLib} from "../libraries/RoundingLib.sol";
import {ActionBase} from "./ActionBase.sol";
import {ServicingBase} from "./ServicingBase.sol";
import {IServicingDrawings} from "./interfaces/IServicingDrawings.sol";
import {Action, ActionKind, Drawing, Election} from "./interfaces/ServicingTypes.sol";

/// @title ServicingDrawings
/// @notice The part of the Servicing that draws units by lot, and cancels what the issuer bought back.
/// @dev FAIRNESS
/// - Holders stand in a row before anybody knows where the sample starts, and nobody is moved by more than one unit from his pro rata share:
///   who makes blocks can bend it that far and no further. Anyone may count, and draw from, whoever is left: nothing gets stuck.
contract ServicingDrawings is ActionBase, IServicingDrawings {
    using ScheduleLib for Schedule;
    using TermsLib for Terms;

    /// @dev Holders learn so long before the payment which units are drawn.
    uint40 internal constant DRAWN_BEFORE = 10 days;
    uint40 internal constant ANNOUNCED_BEFORE = 60 days;
    /// @dev In place of an event, where a sinking fund needed none.
    uint16 internal constant SATISFIED = type(uint16).max;

    constructor(IBondFactory factory, address next) ServicingBase(factory, next) {}

    /// @inheritdoc IServicingDrawings
    function callByLot(IBond bond, uint24 day, uint64 units) external returns (uint16 action) {
        _checkIssuer(bond);
        CallRight[] memory calls = _rightsAt(bond, _periodOn(bond, day)).calls;
        for (uint256 i; i < calls.length; ++i) {
            CallRight memory right = calls[i];
            if (day < right.firstDay || day > right.lastDay || !right.inPart) continue;
            require(_states[bond].price == 0, CallRefused(address(bond), day));
            _checkNotice(bond, day, right.noticeDays);
            require(units != 0 && units < bond.book().supply, PartialCallRefused(address(bond), 0, units));
            return _announce(bond, day, units, right.price, 0);
        }
        revert CallRefused(address(bond), day);
    }

    /// @inheritdoc IServicingDrawings
    function drawSinking(IBond bond, uint16 period) external returns (uint16 action) {
        _checkServed(bond);
        uint256 key = _sinkingKey(period);
        Terms memory terms = bond.terms();
        uint256 due = terms.instant(terms.schedule.dueDay(period), 0);
        bool isTime = block.timestamp + ANNOUNCED_BEFORE >= due;
        uint64 wanted = _sinkingUnits(bond, period);
        require(
            wanted != 0 && isTime && _actionBy[bond][key] == 0 && _states[bond].duePeriod == 0
                && period < _coupons().lastPeriod(bond),
            SinkingRefused(address(bond), period)
        );

        uint64 credit = _credits[bond];
        uint64 used = credit < wanted ? credit : wanted;
        _credits[bond] = credit - used;
        if (used == wanted) {
            _actionBy[bond][key] = SATISFIED;
            emit SinkingSatisfied(bond, period, wanted);
            return 0;
        }
        action = _announce(bond, terms.schedule.dueDay(period), wanted - used, uint64(RoundingLib.RATE_SCALE), period);
        _actionBy[bond][key] = action;
    }

    /// @inheritdoc IServicingDrawings
    function count(IBond bond, uint16 number, address[] calldata holders) external {
        Action storage action = _drawingAction(bond, number);
        require(
            block.timestamp >= action.opensAt,
            ActionNotOpen(address(bond), number, action.opensAt, action.closesAt, block.timestamp)
        );
        Drawing memory drawing = _drawings[bond][number];
        if (drawing.units == 0) _begin(bond, number, drawing);
        require(drawing.countedIn == 0, ActionDecided(address(bond), number));
        for (uint256 i; i < holders.length; ++i) {
            Election storage place = _elections[bond][number][holders[i]];
            uint64 units = _freeOf(bond, holders[i]);
            require(units != 0 && !place.isCounted, DrawingHolderWrong(address(bond), number, holders[i]));
            (place.start, place.isCounted) = (drawing.counted, true);
            drawing.counted += units;
        }
        if (drawing.counted == drawing.units) drawing.countedIn = uint64(block.number);
        _drawings[bond][number] = drawing;

        emit HoldersCounted(bond, number, holders, drawing.counted);
    }

    /// @inheritdoc IServicingDrawings
    function draw(IBond bond, uint16 number, address[] calldata holders) external {
        Action storage action = _drawingAction(bond, number);
        Drawing memory drawing = _drawings[bond][number];
        require(
            drawing.countedIn != 0 && block.number > drawing.countedIn + 1,
            DrawingNotCounted(address(bond), number, drawing.counted, drawing.units)
        );
        require(drawing.passed != drawing.units, ActionDecided(address(bond), number));
        if (!drawing.isSeeded && !_seed(bond, number, drawing)) return;

        uint64 most = action.most < drawing.units ? action.most : drawing.units;
        uint64[] memory drawn = new uint64[](holders.length);
        uint64 total;
        for (uint256 i; i < holders.length; ++i) {
            drawn[i] = _drawFrom(bond, number, drawing, holders[i], most);
            total += drawn[i];
            if (drawn[i] != 0) _eventsOf(bond).bindDrawn(holders[i], drawn[i]);
        }
        action.elected += total;
        _drawings[bond][number] = drawing;

        emit UnitsDrawn(bond, number, holders, drawn);
        if (drawing.passed != drawing.units) return;
        // Who draws late gives the payer his days of grace from here on.
        if (block.timestamp > action.closesAt) action.closesAt = uint40(block.timestamp);
        emit DrawingCompleted(bond, number, action.elected);
        _eventsOf(bond).setShut(false);
    }

    /// @inheritdoc IServicingDrawings
    function cancelUnits(IBond bond, uint64 units) external {
        _checkIssuer(bond);
        require(units != 0, PartialCallRefused(address(bond), 0, 0));
        uint64 credit = _credits[bond] + units;
        _credits[bond] = credit;

        emit UnitsCancelled(bond, msg.sender, units, credit);
        _eventsOf(bond).bindUnits(msg.sender, units);
        _eventsOf(bond).retire(msg.sender, units);
    }

    /* VIEWS */

    /// @inheritdoc IServicingDrawings
    function drawingOf(IBond bond, uint16 number) external view returns (Drawing memory) {
        return _drawings[bond][number];
    }

    /// @inheritdoc IServicingDrawings
    function sinkingCredit(IBond bond) external view returns (uint64) {
        return _credits[bond];
    }

    /// @inheritdoc IServicingDrawings
    function sinkingOf(IBond bond, uint16 period) external view returns (uint16) {
        return _actionBy[bond][_sinkingKey(period)];
    }

    /* INTERNAL */

    function _announce(IBond bond, uint24 day, uint64 units, uint64 price, uint16 period) internal returns (uint16) {
        Terms memory terms = bond.terms();
        Action memory fresh;
        fresh.kind = ActionKind.DRAWING;
        (fresh.most, fresh.price, fresh.period) = (units, price, period);
        uint24 rolled = bond.suite().calendar.roll(terms.calendar, day, terms.roll);
        fresh.payTime = terms.instant(rolled, 0);
        fresh.payDay = terms.adjusted ? rolled : day;
        (fresh.opensAt, fresh.closesAt) = (fresh.payTime - DRAWN_BEFORE, fresh.payTime);
        return _open(bond, fresh, bytes8(0));
    }

    /// @dev Nothing moves from here on until it is drawn from every holder.
    function _begin(IBond bond, uint16 number, Drawing memory drawing) internal {
        require(!bond.book().shut, ActionNotPayable(address(bond), number));
        _eventsOf(bond).setShut(true);
        drawing.units = bond.book().supply - _eventsOf(bond).boundUnits();
        require(drawing.units != 0, ActionNotPayable(address(bond), number));

        emit DrawingBegun(bond, number, drawing.units);
    }

    /// @dev By the block after the one in which the row was complete: who laid the row did not know it, and who draws cannot pick another.
    /// @return Whether the chain still knows that block; if it does not, that after the present one counts.
    function _seed(IBond bond, uint16 number, Drawing memory drawing) internal returns (bool) {
        bytes32 later = blockhash(drawing.countedIn + 1);
        if (later == 0) {
            _drawings[bond][number].countedIn = uint64(block.number);
            emit HoldersCounted(bond, number, new address[](0), drawing.counted);
            return false;
        }
        uint256 random = uint256(keccak256(abi.encode(later, bond, number)));
        (drawing.seed, drawing.isSeeded) = (uint64(random % drawing.units), true);

        emit DrawingSeeded(bond, number, drawing.seed);
        return true;
    }

    /// @return drawn Units of a holder: multiples of `units / most`, from the start, that fall into his part of the row.
    function _drawFrom(IBond bond, uint16 number, Drawing memory drawing, address holder, uint64 most)
        internal
        returns (uint64 drawn)
    {
        Election memory place = _elections[bond][number][holder];
        require(place.isCounted && !place.isDrawn, DrawingHolderWrong(address(bond), number, holder));
        uint64 units = _freeOf(bond, holder);
        drawing.passed += units;
        uint256 from = (uint256(place.start) * most + drawing.seed) / drawing.units;
        drawn = uint64(((uint256(place.start) + units) * most + drawing.seed) / drawing.units - from);
        (place.units, place.isDrawn) = (drawn, true);
        _elections[bond][number][holder] = place;
    }

    /// @return Units of a holder that are not bound; frozen ones are drawn as well.
    function _freeOf(IBond bond, address holder) internal view returns (uint64) {
        Entry memory entry = bond.entryOf(holder);
        return entry.units - entry.pledged;
    }

    function _drawingAction(IBond bond, uint16 number) internal view returns (Action storage action) {
        action = _actionOf(bond, number);
        require(action.kind == ActionKind.DRAWING, ActionUnknown(address(bond), number));
        require(_states[bond].duePeriod == 0, BondDueAlready(address(bond)));
        require(!bond.book().closed, IBond.BondBooksClosed());
    }

    function _sinkingUnits(IBond bond, uint16 period) internal view returns (uint64) {
        Sinking[] memory sinking = _rightsAt(bond, period).sinking;
        for (uint256 i; i < sinking.length; ++i) {
            if (sinking[i].period == period) return sinking[i].units;
        }
        return 0;
    }
}
