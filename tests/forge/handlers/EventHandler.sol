// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {ActionKind} from "../../../contracts/servicing/interfaces/ServicingTypes.sol";
import {IBondToken} from "../suite/IBondToken.sol";
import {World} from "../suite/Suite.sol";
import {DefaultActs} from "./events/DefaultActs.sol";
import {EventState} from "./events/EventState.sol";

/// @notice Bonds with every right, in life: trade and powers beside events, calls, resolutions and default.
contract EventHandler is DefaultActs {
    /// @dev A freeze of this much is one of all that comes.
    uint256 private constant FOR_EVER = type(uint256).max;

    constructor(World memory world_, address[] memory people_) EventState(world_, people_) {}

    function trade(uint256 seed, uint256 bondSeed, uint256 units) external act(seed) {
        seed = _mix(seed);
        IBondToken bond = _bond(bondSeed);
        bool isForced = seed % 16 == 0;
        (address from, address to) =
            (isForced ? _boundHolder(bond, seed >> 8) : _person(seed >> 8), _person(seed >> 16));
        bond.advance();
        if (isForced && (seed >> 24) % 4 == 0) _freeze(bond, from, FOR_EVER);
        uint256 free = _freeUnits(bond, from);
        units = _amount(units, free);
        uint256 unbound = bond.balanceOf(from) - _boundOf(bond, from);
        bytes memory data = abi.encodeCall(bond.transfer, (to, units));
        if (isForced) {
            data = abi.encodeCall(bond.forcedTransfer, (from, to, units = _amount(units, bond.balanceOf(from))));
        }

        (bool success,) = _try("trade", isForced ? world.desk : from, address(bond), data);

        if (!success) return;
        _demand(units <= unbound, "BOUND-2: bound units never move, not even by force");
        _demand(isForced || units <= free, "BOUND-2: bound units never move");
        _demand(!bond.book().shut, "DRAW-5: nothing moves while a drawing counts");
        _moved(bond, from, to, units);
    }

    /// @dev Few freezes and suspensions, most of which are lifted again, or nobody could elect for long.
    function power(uint256 seed, uint256 bondSeed) external act(seed) {
        seed = _mix(seed);
        IBondToken bond = _bond(bondSeed);
        address holder = seed % 16 < 8 ? _boundHolder(bond, seed >> 8) : _person(seed >> 8);
        uint256 kind = seed % 8;
        if (kind < 2) {
            uint256 units = (seed >> 16) % 4 != 0 ? 0 : (seed >> 24) % 2 == 0 ? FOR_EVER : (seed >> 24) % 200;
            _freeze(bond, holder, units);
        } else if (kind < 4) {
            address[] memory one = new address[](1);
            one[0] = holder;
            bytes memory data = (seed >> 16) % 4 == 0
                ? abi.encodeCall(world.registry.suspendAccounts, (one))
                : abi.encodeCall(world.registry.reinstateAccounts, (one));
            _try("suspend", world.registrar, address(world.registry), data);
        }
    }

    function _freeze(IBondToken bond, address holder, uint256 units) private {
        _try("freeze", world.desk, address(bond), abi.encodeCall(bond.setFrozenTokens, (holder, units)));
    }

    /// @dev Bound units are still the holder's, save where they were redeemed with all others.
    function _boundOf(IBondToken bond, address holder) private view returns (uint256) {
        uint256 held = bond.balanceOf(holder);
        uint256 bound = bond.entryOf(holder).pledged;
        return bound < held ? bound : held;
    }

    /// @dev Mostly one who has elected, or was drawn.
    function _boundHolder(IBondToken bond, uint256 seed) private view returns (address holder) {
        for (uint256 i; i < people.length; ++i) {
            holder = people[((seed % 64) + i) % people.length];
            if (bond.entryOf(holder).pledged != 0) return holder;
        }
        return _person(seed);
    }

    /* THE END */

    /// @notice Whatever happened: draws, funds, settles and releases what is left of an event.
    function finish(IBondToken bond, uint16 number) external {
        // Too late.
        if (world.servicing.actionOf(bond, number).kind == ActionKind.ACCELERATION) _accelerate(bond, number);
        if (world.servicing.actionPayment(bond, number).fundedAt == 0) _fundAction(bond, number, world.payingAgent);
        if (_hasElected(bond, number, people)) _settle(bond, number, people);
        _release(bond, number, people[0], 0); // by anyone, where anyone may
        for (uint256 i; i < people.length; ++i) {
            if (electedBy[bond][number][people[i]] == 0) continue;
            address[] memory one = new address[](1);
            one[0] = people[i];
            bytes memory data = abi.encodeCall(world.servicing.release, (bond, number, one));
            if (_serve("release", people[i], data)) _released(bond, number, one);
        }
    }

    function finishDrawing(IBondToken bond) external {
        uint16 number = _openDrawing(bond);
        if (number == 0) return;
        for (uint256 i; i < 2 * people.length && _openDrawing(bond) == number; ++i) {
            vm.roll(cheats.getBlockNumber() + 2);
            _draw(bond, number, 0x103);
        }
    }

    function finishPayment(IBondToken bond, uint16 period) external {
        if (world.servicing.payment(bond, period).fundedAt == 0) {
            _serve("fund", world.payingAgent, abi.encodeCall(world.servicing.fund, (bond, period)));
        }
        for (uint256 i; i < people.length; ++i) {
            address[] memory one = new address[](1);
            one[0] = people[i];
            if (bond.book().closed && period == bond.book().records) _redeem(bond, one);
            else _pay(bond, period, one);
        }
    }
}
