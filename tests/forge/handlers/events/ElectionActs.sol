// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {Book} from "../../../../contracts/bond/interfaces/IBond.sol";
import {EventRight, PutRight, Rights} from "../../../../contracts/bond/interfaces/Rights.sol";
import {ExchangeTerms, TenderTerms} from "../../../../contracts/servicing/interfaces/IServicingActions.sol";
import {Action, ActionKind} from "../../../../contracts/servicing/interfaces/ServicingTypes.sol";
import {IBondToken} from "../../suite/IBondToken.sol";
import {Naive} from "../../suite/Naive.sol";
import {EventState} from "./EventState.sol";

/// @notice Events are opened; holders elect, take back and are released; the desk annuls.
abstract contract ElectionActs is EventState {
    /// @dev For `_electTogether`.
    uint256 internal constant ALL = 1;

    function open(uint256 seed, uint256 bondSeed) external act(seed) {
        seed = _mix(seed);
        IBondToken bond = _bond(bondSeed);
        uint256 kind = seed % 8;
        if (kind < 3) _openPut(bond, seed >> 8);
        else if (kind == 3) _declare(bond, seed >> 8);
        else if (kind < 6) _tender(bond, seed >> 8);
        else _exchange(bond, seed >> 8);
    }

    function elect(uint256 seed, uint256 bondSeed, uint256 units) external act(seed) {
        seed = _mix(seed);
        IBondToken bond = _bond(bondSeed);
        uint16 number = _openAction(bond, seed >> 8);
        if (number == 0 && seed % 4 == 0) return _tender(bond, seed >> 16);
        _elect(bond, number, _person(seed >> 16), units);
    }

    /// @dev Everybody who can, with half of what he has, or all.
    function _electTogether(IBondToken bond, uint16 number, uint256 seed) internal {
        for (uint256 i; i < people.length; ++i) {
            uint256 free = _freeUnits(bond, people[i]);
            _electUnits(bond, number, people[i], _multiple(bond, number, uint64(seed % 4 != 0 ? free : free / 2)));
        }
    }

    function undo(uint256 seed, uint256 bondSeed, uint256 units) external act(seed) {
        seed = _mix(seed);
        IBondToken bond = _bond(bondSeed);
        uint256 kind = seed % 8;
        uint16 number = kind < 4 ? _openElected(bond, seed >> 8) : _electedAction(bond, seed >> 8);
        address holder = _electedHolder(bond, number, seed >> 16);
        if (kind < 4) _withdraw(bond, number, holder, units);
        else if (kind < 7) _release(bond, number, holder, seed >> 24);
        else _annul(bond, number, holder, seed >> 24);
    }

    /* OPENING */

    function _openPut(IBondToken bond, uint256 seed) private {
        uint16 right = uint16(seed % 4);
        uint16 known = world.servicing.putOf(bond, right);
        bytes memory data = abi.encodeCall(world.servicing.openPut, (bond, right));

        if (!_serve("openPut", _person(seed >> 8), data)) return;

        _demand(known == 0, "PUT-1: a right is opened once");
        Action memory action = world.servicing.actionOf(bond, world.servicing.actionCount(bond));
        // By the version of today; a window that lies in the bond's zone, eight hours ahead.
        (,, Rights memory rights) = world.servicing.termsAt(bond, _versionToday(bond));
        PutRight memory put = rights.puts[right];
        _demand(
            action.opensAt == uint256(put.opensDay) * 1 days - 8 hours
                && action.closesAt == (uint256(put.closesDay) + 1) * 1 days - 8 hours && action.price == put.price
                && action.withdrawable == put.withdrawable,
            "PUT-2: its window and price are those of the terms"
        );
        _demand(_now() + 30 days >= action.opensAt, "PUT-2: and it is opened when its window is near");
    }

    function _declare(IBondToken bond, uint256 seed) private {
        bytes memory data = abi.encodeCall(world.servicing.declareEvent, (bond, "CTRL", bytes32(seed | 1)));
        address actor = seed % 4 == 0 ? _person(seed >> 8) : seed % 4 == 1 ? world.desk : world.issuer;

        bool success = _serve("declareEvent", actor, data);

        _demand(!success || actor == world.issuer || actor == world.desk, "PUT-3: the issuer or the desk declares");
        if (!success) return;
        Action memory action = world.servicing.actionOf(bond, world.servicing.actionCount(bond));
        (,, Rights memory rights) = world.servicing.termsAt(bond, _versionToday(bond));
        EventRight memory right = rights.events[1];
        uint256 closes = ((_now() + 8 hours) / 1 days + right.noticeDays + 1) * 1 days - 8 hours;
        _demand(
            action.opensAt == _now() && action.closesAt == closes && action.price == right.price,
            "PUT-4: after a stated event its window and price are those of the terms"
        );
    }

    function _tender(IBondToken bond, uint256 seed) internal {
        (uint256 opens, uint256 closes) = _window(seed);
        TenderTerms memory offer = TenderTerms({
            most: uint64((seed >> 32) % 3 == 0 ? 0 : 1 + (seed >> 40) % 60),
            amount: uint128(1 + (seed >> 64) % (uint256(bond.terms().faceValue) * 6 / 5)),
            opensAt: uint40(opens),
            closesAt: uint40(closes),
            payDay: _payDay(closes, seed >> 80),
            document: bytes32(seed | 1)
        });
        address actor = _issuer(seed >> 96);

        if (!_serve("offerTender", actor, abi.encodeCall(world.servicing.offerTender, (bond, offer)))) return;

        _offered(bond, actor, offer.payDay);
        if ((seed >> 112) % 2 == 0) _electTogether(bond, world.servicing.actionCount(bond), seed >> 120);
    }

    /// @dev Half of them are open at once.
    function _window(uint256 seed) private view returns (uint256 opens, uint256 closes) {
        opens = _now() + (seed % 2 == 0 ? 0 : seed % 2 days);
        closes = opens + 1 hours + (seed >> 16) % 10 days;
    }

    /// @dev Soon after the window, now and then too late.
    function _payDay(uint256 closes, uint256 seed) private pure returns (uint24) {
        return uint24(closes / 1 days + (seed % 16 == 0 ? 50 + seed % 20 : 1 + seed % 5));
    }

    function _offered(IBondToken bond, address actor, uint24 payDay) private {
        _demand(actor == world.issuer && !_isDue(bond), "ACTION-1: the issuer offers, of a bond not due");
        Action memory action = world.servicing.actionOf(bond, world.servicing.actionCount(bond));
        uint24 day = uint24((action.payTime + 8 hours) / 1 days);
        _demand(
            day == Naive.roll(payDay, bond.terms().roll) && action.payTime >= action.closesAt
                && action.payTime <= action.closesAt + 60 days,
            "ACTION-12: an offer is settled on a business day, within sixty days of its window"
        );
    }

    function _exchange(IBondToken bond, uint256 seed) private {
        (uint256 opens, uint256 closes) = _window(seed);
        ExchangeTerms memory offer = ExchangeTerms({
            newBond: _bond(seed >> 24),
            newUnits: uint32(1 + (seed >> 32) % 3),
            oldUnits: uint32(1 + (seed >> 40) % 3),
            amount: uint128((seed >> 64) % (uint256(bond.terms().faceValue) / 20)),
            opensAt: uint40(opens),
            closesAt: uint40(closes),
            payDay: _payDay(closes, seed >> 80),
            document: bytes32(seed | 1)
        });
        address actor = _issuer(seed >> 96);

        if (!_serve("offerExchange", actor, abi.encodeCall(world.servicing.offerExchange, (bond, offer)))) return;

        _offered(bond, actor, offer.payDay);
        uint16 number = world.servicing.actionCount(bond);
        _electUnits(bond, number, people[0], 1); // a part, but where one is given for one
        if ((seed >> 112) % 4 != 0) _electTogether(bond, number, seed >> 120);
        _withdraw(bond, number, people[1], 0);
    }

    /* ELECTIONS */

    function _elect(IBondToken bond, uint16 number, address holder, uint256 seed) private {
        uint64 units = _amount(seed, _freeUnits(bond, holder));
        // Now and then a part of a multiple.
        _electUnits(bond, number, holder, seed % 8 == 0 ? units : _multiple(bond, number, units));
    }

    /// @return Of units, what an exchange takes.
    function _multiple(IBondToken bond, uint16 number, uint64 units) private view returns (uint64) {
        uint32 oldUnits = world.servicing.actionOf(bond, number).oldUnits;
        return oldUnits == 0 ? units : units - units % oldUnits;
    }

    function _electUnits(IBondToken bond, uint16 number, address holder, uint64 units) internal {
        bond.advance();
        uint256 free = _freeUnits(bond, holder);
        Action memory action = world.servicing.actionOf(bond, number);
        bool isMultiple = action.oldUnits == 0 || units % action.oldUnits == 0;
        bool expected = units != 0 && units <= free && isMultiple && number != 0 && _mayElect(bond, action, holder);
        bytes memory data = abi.encodeCall(world.servicing.elect, (bond, number, units));

        bool success = _serve("elect", holder, data);

        _demand(
            success == expected, "ACTION-2: who may hold elects free units, in the window, while the books are open"
        );
        if (!success) return;
        electedBy[bond][number][holder] += units;
        _fates[bond][number].elected += units;
    }

    function _withdraw(IBondToken bond, uint16 number, address holder, uint256 seed) private {
        uint64 elected = electedBy[bond][number][holder];
        Action memory action = world.servicing.actionOf(bond, number);
        // One unit is a part of a multiple.
        uint64 units = action.oldUnits > 1 && seed % 2 == 0 ? 1 : _amount(seed, elected);
        bytes memory data = abi.encodeCall(world.servicing.withdraw, (bond, number, units));

        if (!_serve("withdraw", holder, data)) return;

        _demand(
            action.withdrawable && units != 0 && units <= elected && _isOpen(action)
                && action.kind != ActionKind.DRAWING,
            "ACTION-3: an election is taken back while the window is open, where the terms let it"
        );
        _demand(
            action.oldUnits == 0 || units % action.oldUnits == 0,
            "EXCHANGE-3: by multiples of what is given for the new"
        );
        _left(bond, number, holder, units);
        _fates[bond][number].withdrawn += units;
    }

    /// @dev Alone, or in a batch.
    function _release(IBondToken bond, uint16 number, address holder, uint256 seed) internal {
        address[] memory batch = seed % 2 == 0 ? _batch(seed >> 8) : new address[](1);
        if (seed % 2 != 0) batch[0] = holder;
        address actor = seed % 4 == 1 ? holder : world.outsider;
        bool expected = _mayRelease(bond, number, actor, batch);
        bytes memory data = abi.encodeCall(world.servicing.release, (bond, number, batch));

        bool success = _serve("release", actor, data);

        _demand(success == expected, "ACTION-13: whose election can take nothing any more is let go by anyone, at once");
        if (success) _released(bond, number, batch);
    }

    /// @dev Whose money was promised may wait for it or go, after ten days: he alone decides.
    function _mayRelease(IBondToken bond, uint16 number, address actor, address[] memory batch)
        private
        view
        returns (bool)
    {
        Action memory action = world.servicing.actionOf(bond, number);
        if (action.opensAt == 0) return false;
        // Nothing is unbound while a drawing counts.
        if (bond.book().shut && _hasElected(bond, number, batch)) return false;
        if (action.kind >= ActionKind.RESOLUTION) return action.isDecided || _now() >= action.closesAt;
        if (bond.book().closed) return true;
        if (action.isDecided) return false;
        if (_isDue(bond)) return true;
        if (_now() < uint256(action.payTime) + 10 days) return false;
        bool isPromised = action.kind == ActionKind.PUT || action.kind == ActionKind.DRAWING;
        return !isPromised || (batch.length == 1 && batch[0] == actor);
    }

    function _released(IBondToken bond, uint16 number, address[] memory batch) internal {
        for (uint256 i; i < batch.length; ++i) {
            uint64 units = electedBy[bond][number][batch[i]];
            if (units == 0) continue;
            _left(bond, number, batch[i], units);
            _fates[bond][number].released += units;
        }
    }

    function _annul(IBondToken bond, uint16 number, address holder, uint256 seed) private {
        address actor = seed % 4 == 0 ? _person(seed >> 8) : world.desk;
        uint64 units = electedBy[bond][number][holder];
        bytes memory data = abi.encodeCall(world.servicing.annulElection, (bond, number, holder, bytes32(seed | 1)));

        if (!_serve("annul", actor, data)) return;

        _demand(actor == world.desk, "POWER-1: only the statutory desk annuls");
        _left(bond, number, holder, units);
        _fates[bond][number].annulled += units;
    }

    function _left(IBondToken bond, uint16 number, address holder, uint64 units) private {
        if (electedBy[bond][number][holder] < units) {
            return _demand(false, "ACTION-7: no more is taken back than elected");
        }
        electedBy[bond][number][holder] -= units;
    }

    /* CONDITIONS */

    function _freeUnits(IBondToken bond, address holder) internal view returns (uint256) {
        uint256 frozen = bond.getFrozenTokens(holder);
        uint256 bound = bond.entryOf(holder).pledged;
        uint256 held = bond.balanceOf(holder);
        return held > bound && held - bound > frozen ? held - bound - frozen : 0;
    }

    function _mayElect(IBondToken bond, Action memory action, address holder) private view returns (bool) {
        if (action.opensAt == 0 || action.kind == ActionKind.DRAWING || !_isOpen(action) || action.isDecided) {
            return false;
        }
        if (action.kind >= ActionKind.RESOLUTION && holder == world.issuer) return false;
        return _areBooksOpen(bond) && bond.canSend(holder);
    }

    function _areBooksOpen(IBondToken bond) internal view returns (bool) {
        Book memory book = bond.book();
        return !book.closed && !book.shut && !book.paused;
    }

    function _isOpen(Action memory action) internal view returns (bool) {
        return _now() >= action.opensAt && _now() < action.closesAt;
    }

    /// @return The version whose period holds today, in the bond's zone.
    function _versionToday(IBondToken bond) internal view returns (uint16) {
        uint24 today = uint24((_now() + 8 hours) / 1 days);
        return world.servicing.versionAt(bond, world.servicing.periodOn(bond, today));
    }

    /* CHOICES */

    /// @dev Mostly one whose window is open; 0 where none is.
    function _openAction(IBondToken bond, uint256 seed) private view returns (uint16) {
        uint16 count = world.servicing.actionCount(bond);
        seed = _mix(seed);
        if (seed % 8 == 0) return uint16((seed >> 8) % (uint256(count) + 2));
        for (uint16 i; i < count; ++i) {
            uint16 number = uint16(1 + ((seed >> 8) + i) % count);
            Action memory action = world.servicing.actionOf(bond, number);
            if (_isOpen(action) && action.kind != ActionKind.DRAWING) return number;
        }
        return 0;
    }

    /// @dev Mostly one in which somebody has elected, and whose window is open.
    function _openElected(IBondToken bond, uint256 seed) private view returns (uint16) {
        uint16 count = world.servicing.actionCount(bond);
        for (uint16 i; i < count; ++i) {
            uint16 number = uint16(1 + (seed % 64 + i) % count);
            if (_isOpen(world.servicing.actionOf(bond, number)) && _hasElected(bond, number, people)) return number;
        }
        return _electedAction(bond, seed);
    }

    /// @dev Mostly one in which somebody has elected.
    function _electedAction(IBondToken bond, uint256 seed) internal view returns (uint16) {
        uint16 count = world.servicing.actionCount(bond);
        seed = _mix(seed);
        if (count == 0) return 1;
        for (uint16 i; i < count; ++i) {
            uint16 number = uint16(1 + ((seed >> 8) + i) % count);
            if (_hasElected(bond, number, people)) return number;
        }
        return 1;
    }

    function _electedHolder(IBondToken bond, uint16 number, uint256 seed) private view returns (address holder) {
        seed = _mix(seed);
        if (seed % 16 == 0) return _person(seed >> 8);
        for (uint256 i; i < people.length; ++i) {
            holder = people[((seed >> 8) + i) % people.length];
            if (electedBy[bond][number][holder] != 0) return holder;
        }
    }
}
