// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {Book} from "../../../../contracts/bond/interfaces/IBond.sol";
import {PutRight, Rights} from "../../../../contracts/bond/interfaces/Rights.sol";
import {ExchangeTerms, TenderTerms} from "../../../../contracts/servicing/interfaces/IServicingActions.sol";
import {Action, ActionKind} from "../../../../contracts/servicing/interfaces/ServicingTypes.sol";
import {IBondToken} from "../../suite/IBondToken.sol";
import {EventState} from "./EventState.sol";

/// @notice Events are opened; holders elect, take back and are released; the desk annuls.
abstract contract ElectionActs is EventState {
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
            _electUnits(bond, number, people[i], uint64(seed % 4 != 0 ? free : free / 2));
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
    }

    function _declare(IBondToken bond, uint256 seed) private {
        bytes memory data = abi.encodeCall(world.servicing.declareEvent, (bond, "CTRL", bytes32(seed | 1)));
        address actor = seed % 4 == 0 ? _person(seed >> 8) : seed % 4 == 1 ? world.desk : world.issuer;

        bool success = _serve("declareEvent", actor, data);

        _demand(!success || actor == world.issuer || actor == world.desk, "PUT-3: the issuer or the desk declares");
    }

    function _tender(IBondToken bond, uint256 seed) private {
        uint256 opens = _now() + seed % 2 days;
        uint256 closes = opens + 1 hours + (seed >> 16) % 10 days;
        TenderTerms memory offer = TenderTerms({
            most: uint64((seed >> 32) % 3 == 0 ? 0 : 1 + (seed >> 40) % 60),
            amount: uint128(1 + (seed >> 64) % 12_000),
            opensAt: uint40(opens),
            closesAt: uint40(closes),
            payDay: uint24(closes / 1 days + 1 + (seed >> 80) % 5),
            document: bytes32(seed | 1)
        });
        address actor = _issuer(seed >> 96);

        bool success = _serve("offerTender", actor, abi.encodeCall(world.servicing.offerTender, (bond, offer)));

        _demand(!success || (actor == world.issuer && !_isDue(bond)), "ACTION-1: the issuer offers, of a bond not due");
    }

    function _exchange(IBondToken bond, uint256 seed) private {
        uint256 opens = _now() + seed % 2 days;
        uint256 closes = opens + 1 hours + (seed >> 16) % 10 days;
        ExchangeTerms memory offer = ExchangeTerms({
            newBond: _bond(seed >> 24),
            newUnits: uint32(1 + (seed >> 32) % 3),
            oldUnits: uint32(1 + (seed >> 40) % 3),
            amount: uint128((seed >> 64) % 500),
            opensAt: uint40(opens),
            closesAt: uint40(closes),
            payDay: uint24(closes / 1 days + 1 + (seed >> 80) % 5),
            document: bytes32(seed | 1)
        });
        address actor = _issuer(seed >> 96);

        bool success = _serve("offerExchange", actor, abi.encodeCall(world.servicing.offerExchange, (bond, offer)));

        _demand(!success || (actor == world.issuer && !_isDue(bond)), "ACTION-1: the issuer offers, of a bond not due");
    }

    /* ELECTIONS */

    function _elect(IBondToken bond, uint16 number, address holder, uint256 seed) private {
        _electUnits(bond, number, holder, _amount(seed, _freeUnits(bond, holder)));
    }

    function _electUnits(IBondToken bond, uint16 number, address holder, uint64 units) private {
        bond.advance();
        uint256 free = _freeUnits(bond, holder);
        Action memory action = world.servicing.actionOf(bond, number);
        if (action.kind == ActionKind.EXCHANGE && action.oldUnits != 0) units -= units % action.oldUnits;
        bool expected = units != 0 && units <= free && number != 0 && _mayElect(bond, action, holder);
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
        uint64 units = _amount(seed, elected);
        Action memory action = world.servicing.actionOf(bond, number);
        bytes memory data = abi.encodeCall(world.servicing.withdraw, (bond, number, units));

        if (!_serve("withdraw", holder, data)) return;

        _demand(
            action.withdrawable && units != 0 && units <= elected && _isOpen(action)
                && action.kind != ActionKind.DRAWING,
            "ACTION-3: an election is taken back while the window is open, where the terms let it"
        );
        _left(bond, number, holder, units);
        _fates[bond][number].withdrawn += units;
    }

    /// @dev Alone, or in a batch.
    function _release(IBondToken bond, uint16 number, address holder, uint256 seed) private {
        address[] memory batch = seed % 2 == 0 ? _batch(seed >> 8) : new address[](1);
        if (seed % 2 != 0) batch[0] = holder;
        bytes memory data = abi.encodeCall(world.servicing.release, (bond, number, batch));

        if (_serve("release", seed % 4 == 1 ? holder : world.outsider, data)) _released(bond, number, batch);
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
        uint256 taken = bond.getFrozenTokens(holder) + bond.entryOf(holder).pledged;
        uint256 held = bond.balanceOf(holder);
        return held > taken && taken >= bond.entryOf(holder).pledged ? held - taken : 0;
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
