// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {IBondToken} from "../suite/IBondToken.sol";
import {Model} from "../suite/Model.sol";
import {Replay} from "../suite/Replay.sol";
import {World} from "../suite/Suite.sol";
import {Handler} from "./Handler.sol";

/// @notice Holders move units; the statutory desk freezes, forces and pauses; strangers try the same.
contract RegisterHandler is Handler {
    constructor(World memory world_, Model model_, Replay replay_, address[] memory holders_)
        Handler(world_, model_, replay_, holders_)
    {}

    function transfer(uint256 seed, uint256 fromSeed, uint256 toSeed, uint256 units) external act(seed) {
        seed = _mix(seed);
        IBondToken bond = _bond(seed);
        (address from, address to) = (_owner(bond, fromSeed), _receiver(bond, toSeed));
        units = _amount(units, model.unitsOf(address(bond), from));
        bool expected = model.mayTransfer(address(bond), from, to, units);
        (bool foreseen, bytes memory foreseenReason) = _check(bond, from, to, units);
        bytes32 before = _print(bond);

        vm.prank(from);
        (bool success, bytes memory reason) = address(bond).call(abi.encodeCall(bond.transfer, (to, units)));

        _outcome("transfer", success, expected, "REGISTER-6: a transfer succeeds just when the rules allow it");
        model.demand(success == foreseen, "REGISTER-7: the check before a transfer says what the transfer does");
        if (success) {
            model.move(address(bond), from, to, uint64(units));
        } else {
            model.demand(keccak256(reason) == keccak256(foreseenReason), "REGISTER-7: for the same reason");
            model.demand(before == _print(bond), "REGISTER-8: a refused act changes nothing");
        }
    }

    function transferFrom(uint256 seed, uint256 fromSeed, uint256 toSeed, uint256 units) external act(seed) {
        seed = _mix(seed);
        IBondToken bond = _bond(seed);
        (address from, address to, address spender) =
            (_owner(bond, fromSeed), _receiver(bond, toSeed), _account(seed >> 8));
        units = _amount(units, model.unitsOf(address(bond), from));
        if (seed % 4 != 0) _approve(bond, from, spender, seed % 4 == 1 ? type(uint256).max : units);
        uint256 allowed = model.allowance(address(bond), from, spender);
        bool expected = model.mayTransfer(address(bond), from, to, units) && allowed >= units;

        vm.prank(spender);
        (bool success,) = address(bond).call(abi.encodeCall(bond.transferFrom, (from, to, units)));

        _outcome("transferFrom", success, expected, "REGISTER-6: a spender moves what holder and rules allow");
        if (!success) return;
        model.move(address(bond), from, to, uint64(units));
        if (allowed != type(uint256).max) model.setAllowance(address(bond), from, spender, allowed - units);
    }

    function _approveAny(uint256 seed, uint256 ownerSeed, uint256 spenderSeed, uint256 units) private {
        IBondToken bond = _bond(seed);
        address owner = _owner(bond, ownerSeed);
        _approve(bond, owner, _account(spenderSeed), _amount(units, model.unitsOf(address(bond), owner)));
    }

    function _approve(IBondToken bond, address owner, address spender, uint256 units) private {
        uint256 bound = model.frozen(address(bond), owner);
        bool expected = units == 0
            || (!model.paused(address(bond))
                && model.mayHold(address(bond), owner)
                && (bound == 0 || _entryUnits(bond, owner) > bound));

        vm.prank(owner);
        (bool success,) = address(bond).call(abi.encodeCall(bond.approve, (spender, units)));

        _outcome("approve", success, expected, "REGISTER-9: who cannot send cannot approve, save to take back");
        if (success) model.setAllowance(address(bond), owner, spender, units);
    }

    function _advance(uint256 seed) private {
        IBondToken bond = _bond(seed);
        bytes32 before = _print(bond);

        bond.advance();

        _count("advance", true);
        model.demand(before == _print(bond), "RECORD-3: a record date that passes writes no holder's slot");
    }

    /* POWERS */

    /// @dev One act for all of these, so that most acts of a run are those of the market.
    function power(uint256 seed, uint256 accountSeed, uint256 toSeed, uint256 units) external act(seed) {
        seed = _mix(seed);
        uint256 kind = (seed >> 32) % 8;
        if (kind < 3) _freeze(seed, accountSeed, units);
        else if (kind < 5) _force(seed, accountSeed, toSeed, units);
        else if (kind == 5) _pause(seed);
        else if (kind == 6) _intrude(seed, accountSeed, units);
        else if (seed % 2 == 0) _advance(seed);
        else _approveAny(seed, accountSeed, toSeed, units);
    }

    function _freeze(uint256 seed, uint256 accountSeed, uint256 units) private {
        IBondToken bond = _bond(seed);
        address account = _owner(bond, accountSeed);
        address actor = _desk(seed >> 8);
        // Half of the freezes are lifted again, or nothing would move for long.
        units = seed % 2 == 0 ? 0 : _amount(units, model.unitsOf(address(bond), account));

        vm.prank(actor);
        (bool success,) = address(bond).call(abi.encodeCall(bond.setFrozenTokens, (account, units)));

        _outcome("freeze", success, actor == world.desk, "POWER-1: only the statutory desk freezes");
        if (success) {
            model.setFrozen(address(bond), account, units < type(uint64).max ? units : type(uint256).max);
        }
    }

    function _force(uint256 seed, uint256 fromSeed, uint256 toSeed, uint256 units) private {
        IBondToken bond = _bond(seed);
        (address from, address to, address actor) = (_owner(bond, fromSeed), _receiver(bond, toSeed), _desk(seed >> 8));
        units = _amount(units, model.unitsOf(address(bond), from));
        bool expected = actor == world.desk && model.mayForce(address(bond), from, to, units);

        vm.prank(actor);
        (bool success,) = address(bond).call(abi.encodeCall(bond.forcedTransfer, (from, to, units)));

        _outcome("force", success, expected, "POWER-2: force lifts pause, freeze and the sender's standing only");
        if (success) model.force(address(bond), from, to, uint64(units));
    }

    function _pause(uint256 seed) private {
        IBondToken bond = _bond(seed);
        address actor = _desk(seed >> 8);
        bool on = (seed >> 16) % 3 == 0;

        vm.prank(actor);
        (bool success,) = address(bond).call(abi.encodeCall(bond.setPaused, (on)));

        _outcome("pause", success, actor == world.desk, "POWER-1: only the statutory desk pauses");
        if (success) model.setPaused(address(bond), on);
    }

    /// @dev Nobody but the suite's own contracts issues, delivers or marks.
    function _intrude(uint256 seed, uint256 accountSeed, uint256 units) private {
        IBondToken bond = _bond(seed);
        (address actor, address to) = (_desk(seed >> 8), _account(accountSeed));
        address[] memory targets = new address[](1);
        uint64[] memory amounts = new uint64[](1);
        (targets[0], amounts[0]) = (to, uint64(units));
        bytes memory data = abi.encodeCall(bond.issue, (targets, amounts));
        if (seed % 3 == 1) data = abi.encodeCall(bond.bookTransfer, (holders[0], to, units));
        if (seed % 3 == 2) data = abi.encodeCall(bond.markPaid, (1, targets));

        vm.prank(actor);
        (bool success,) = address(bond).call(data);

        _outcome("intrude", success, false, "POWER-3: only the suite's contracts issue, deliver and mark");
    }

    function _calm() internal pure override returns (uint256) {
        return 6;
    }

    function _desk(uint256 seed) private view returns (address) {
        return seed % 8 == 0 ? _account(seed >> 3) : world.desk;
    }

    function _check(IBondToken bond, address from, address to, uint256 units)
        private
        view
        returns (bool, bytes memory)
    {
        return address(bond).staticcall(abi.encodeCall(bond.checkTransfer, (from, to, units)));
    }

    /// @dev A redeemed holder's entry keeps what was redeemed.
    function _entryUnits(IBondToken bond, address account) private view returns (uint256) {
        return bond.entryOf(account).units;
    }
}
