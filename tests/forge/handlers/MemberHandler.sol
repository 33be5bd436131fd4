// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {Roles} from "../../../contracts/membership/libraries/Roles.sol";
import {Model} from "../suite/Model.sol";
import {Replay} from "../suite/Replay.sol";
import {World} from "../suite/Suite.sol";
import {Handler} from "./Handler.sol";

/// @notice The registrar suspends, reinstates, reclassifies and removes; the cash issuer issues and redeems.
contract MemberHandler is Handler {
    constructor(World memory world_, Model model_, Replay replay_, address[] memory holders_)
        Handler(world_, model_, replay_, holders_)
    {}

    /// @dev One act for all standings, and one for all money, so that most acts of a run are those of the market. Trouble
    /// is lifted more often than it is made.
    function standing(uint256 seed, uint256 accountSeed, bool withAccount, uint256 time) external act(seed) {
        seed = _mix(seed);
        uint256 kind = (seed >> 40) % 16;
        if (kind < 5) _setMember(seed, accountSeed, withAccount, kind == 0);
        else if (kind < 9) _setAccount(seed, accountSeed, kind == 5);
        else if (kind < 12) _sync(accountSeed);
        else if (kind == 12) _remove(seed, accountSeed);
        else if (kind == 13) _reclassify(seed, accountSeed, withAccount);
        else _setRoles(seed, accountSeed, time);
    }

    function money(uint256 seed, uint256 fromSeed, uint256 toSeed, uint256 amount) external act(seed) {
        seed = _mix(seed);
        uint256 kind = (seed >> 40) % 4;
        if (kind == 0) _mint(seed, toSeed, amount);
        else if (kind == 1) _burn(seed, amount);
        else _pay(seed, fromSeed, toSeed, amount);
    }

    /* MEMBERS */

    function _sync(uint256 accountSeed) private {
        address account = _subject(accountSeed);
        Model.Account memory next = model.accountOf(account);
        bool expected = next.lei != 0 && !next.removed;

        vm.prank(world.outsider);
        (bool success,) = address(world.registry).call(abi.encodeCall(world.registry.sync, (_one(account))));

        _outcome("sync", success, expected, "MEMBER-3: anyone syncs a living account");
        if (success) _synced(account);
    }

    function _setRoles(uint256 seed, uint256 accountSeed, uint256 time) private {
        address account = _account(accountSeed);
        address actor = _registrar(seed);
        uint24 roles = uint24((seed >> 16) % 8 == 0 ? 0 : Roles.HOLDER);
        if ((seed >> 20) % 4 != 0) roles |= Roles.UNDERWRITER;
        if ((seed >> 24) % 8 == 0) roles |= Roles.REGISTRAR;
        uint40 until = uint40((seed >> 32) % 4 != 0 ? type(uint40).max : _now() - 10 + time % 20 days);
        Model.Account memory next = model.accountOf(account);
        bool expected = actor == world.registrar && next.lei != 0 && !next.removed && roles & Roles.REGISTRAR == 0
            && until >= _now();

        vm.prank(actor);
        (bool success,) = address(world.registry).call(abi.encodeCall(world.registry.setRoles, (account, roles, until)));

        _outcome("setRoles", success, expected, "MEMBER-4: a registrar sets roles, but makes no registrars");
        if (!success) return;
        (next.roles, next.until) = (roles, until);
        model.setAccount(account, next);
    }

    function _reclassify(uint256 seed, uint256 accountSeed, bool withAccount) private {
        address account = _account(accountSeed);
        address actor = _registrar(seed);
        Model.Account memory before = model.accountOf(account);
        uint8 class = (seed >> 16) % 4 == 0 ? 2 : 1;
        bool expected = actor == world.registrar && before.lei != 0 && !(before.removed && withAccount);
        address[] memory accounts = withAccount ? _one(account) : new address[](0);

        vm.prank(actor);
        (bool success,) = address(world.registry)
            .call(abi.encodeCall(world.registry.reclassifyMember, (before.lei, class, "CN", accounts)));

        _outcome("reclassify", success, expected, "MEMBER-4: a registrar reclassifies");
        if (!success) return;
        (,, bool suspended) = model.memberOf(before.lei);
        model.setMember(before.lei, class, suspended);
        if (withAccount) _synced(account);
    }

    function _remove(uint256 seed, uint256 accountSeed) private {
        if ((seed >> 16) % 4 != 0) return; // seldom, as it is for ever
        address account = _account(accountSeed);
        address actor = _registrar(seed);
        Model.Account memory next = model.accountOf(account);
        bool expected = actor == world.registrar && next.lei != 0 && !next.removed;

        vm.prank(actor);
        (bool success,) = address(world.registry).call(abi.encodeCall(world.registry.removeAccounts, (_one(account))));

        _outcome("remove", success, expected, "MEMBER-4: a registrar removes, once");
        if (!success) return;
        (next.removed, next.roles) = (true, 0);
        model.setAccount(account, next);
    }

    /* MONEY */

    function _mint(uint256 seed, uint256 accountSeed, uint256 amount) private {
        address account = _account(accountSeed);
        address actor = seed % 4 == 0 ? _account(seed >> 8) : world.cashIssuer;
        amount = amount % 1e12;
        bool expected = actor == world.cashIssuer && amount != 0 && model.isActive(account);

        vm.prank(actor);
        (bool success,) = address(world.cash).call(abi.encodeCall(world.cash.mint, (account, amount)));

        _outcome("mint", success, expected, "CASH-1: only the cash issuer issues, and to active members");
        if (success) model.moveCash(address(0), account, amount);
    }

    function _burn(uint256 seed, uint256 amount) private {
        address actor = seed % 4 == 0 ? _account(seed >> 8) : world.cashIssuer;
        uint256 held = model.cash(actor);
        amount = _amount(amount, held);
        bool expected = actor == world.cashIssuer && amount != 0 && amount <= held;

        vm.prank(actor);
        (bool success,) = address(world.cash).call(abi.encodeCall(world.cash.burn, (amount)));

        _outcome("burn", success, expected, "CASH-1: only the cash issuer redeems, and what he holds");
        if (success) model.moveCash(actor, address(0), amount);
    }

    function _pay(uint256 seed, uint256 fromSeed, uint256 toSeed, uint256 amount) private {
        (address from, address to) = (_account(fromSeed), seed % 8 == 0 ? world.cashIssuer : _account(toSeed));
        uint256 held = model.cash(from);
        amount = _amount(amount, held);
        // A tenth at most: a poor world is a quiet one.
        if (amount <= held) amount /= 10;
        bool expected = model.isActive(from) && model.isActive(to) && amount <= held;

        vm.prank(from);
        (bool success,) = address(world.cash).call(abi.encodeCall(world.cash.transfer, (to, amount)));

        _outcome("pay", success, expected, "CASH-2: money moves between active members only");
        if (success) model.moveCash(from, to, amount);
    }

    /* INTERNAL */

    function _calm() internal pure override returns (uint256) {
        return 16;
    }

    function _setMember(uint256 seed, uint256 accountSeed, bool withAccount, bool suspend) private {
        address account = _subject(accountSeed);
        address actor = _registrar(seed);
        Model.Account memory before = model.accountOf(account);
        (, uint8 class, bool suspended) = model.memberOf(before.lei);
        bool expected =
            actor == world.registrar && before.lei != 0 && suspended != suspend && !(before.removed && withAccount);
        address[] memory accounts = withAccount ? _one(account) : new address[](0);
        bytes memory data = suspend
            ? abi.encodeCall(world.registry.suspendMember, (before.lei, "reason", accounts))
            : abi.encodeCall(world.registry.reinstateMember, (before.lei, "reason", accounts));

        vm.prank(actor);
        (bool success,) = address(world.registry).call(data);

        _outcome("member", success, expected, "MEMBER-4: a registrar suspends and reinstates members");
        if (!success) return;
        model.setMember(before.lei, class, suspend);
        if (withAccount) _synced(account);
    }

    function _setAccount(uint256 seed, uint256 accountSeed, bool suspend) private {
        address account = _subject(accountSeed);
        address actor = _registrar(seed);
        Model.Account memory next = model.accountOf(account);
        bool expected = actor == world.registrar && next.lei != 0 && !next.removed;
        bytes memory data = suspend
            ? abi.encodeCall(world.registry.suspendAccounts, (_one(account)))
            : abi.encodeCall(world.registry.reinstateAccounts, (_one(account)));

        vm.prank(actor);
        (bool success,) = address(world.registry).call(data);

        _outcome("account", success, expected, "MEMBER-4: a registrar suspends and reinstates accounts");
        if (!success) return;
        next.suspended = suspend;
        model.setAccount(account, next);
    }

    function _synced(address account) private {
        Model.Account memory next = model.accountOf(account);
        (, uint8 class, bool suspended) = model.memberOf(next.lei);
        (next.class, next.memberSuspended) = (class, suspended);
        model.setAccount(account, next);
    }

    /// @dev One of the holders; now and then the issuer or the bookrunner, on whom offerings hang.
    function _subject(uint256 seed) private view returns (address) {
        uint256 pick = _mix(seed ^ 1) % 16;
        return pick == 0 ? world.issuer : pick == 1 ? world.bookrunner : _account(seed);
    }

    function _registrar(uint256 seed) private view returns (address) {
        return (seed >> 8) % 8 == 0 ? _account(seed >> 11) : world.registrar;
    }

    function _one(address account) private pure returns (address[] memory accounts) {
        accounts = new address[](1);
        accounts[0] = account;
    }
}
