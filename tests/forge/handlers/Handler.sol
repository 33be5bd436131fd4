// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {IBondToken} from "../suite/IBondToken.sol";
import {Book} from "../../../contracts/bond/interfaces/IBond.sol";
import {Book as OfferingBook, Stage as OfferingStage} from "../../../contracts/primary/interfaces/OfferingTypes.sol";
import {Base, Vm} from "../Base.sol";
import {Model} from "../suite/Model.sol";
import {Replay} from "../suite/Replay.sol";
import {Cheats, World} from "../suite/Suite.sol";

/// @notice What all handlers share: the world, the model beside it, time that passes, and the acts' events.
/// @dev A handler never reverts (the invariants run with `fail_on_revert`), so that no act is lost without being seen. It
/// knows beforehand whether an act should succeed, and says so to the model.
abstract contract Handler is Base {
    Cheats internal constant cheats = Cheats(address(vm));

    World internal world;
    Model internal model;
    Replay internal replay;
    address[] internal holders;

    /// @notice Times that acts succeeded, and were refused, to see that a run does something.
    mapping(bytes32 act => uint256) public done;
    mapping(bytes32 act => uint256) public refused;

    constructor(World memory world_, Model model_, Replay replay_, address[] memory holders_) {
        (world, model, replay, holders) = (world_, model_, replay_, holders_);
    }

    /// @dev Lets some time pass, and records the events of the act.
    modifier act(uint256 seed) {
        _passTime(_mix(seed ^ _now()));
        vm.recordLogs();
        _before(_mix(seed ^ 9));
        _;
    }

    /// @dev What others do meanwhile.
    function _before(uint256 seed) internal virtual {}

    /* CHOICES */

    /// @dev Fuzzers love small numbers and repeat them; whatever picks is spread out first.
    function _mix(uint256 seed) internal pure returns (uint256) {
        return uint256(keccak256(abi.encode(seed)));
    }

    /// @dev One of the holders, or sometimes somebody who is no member.
    function _account(uint256 seed) internal view returns (address) {
        uint256 index = _mix(seed) % (holders.length * 2 + 1);
        return index == holders.length * 2 ? world.outsider : holders[index / 2];
    }

    /// @dev Mostly one who holds the bond, when there is one.
    function _owner(IBondToken bond, uint256 seed) internal view returns (address account) {
        seed = _mix(seed);
        if (seed % 8 == 0) return _account(seed >> 3);
        for (uint256 i; i < holders.length; ++i) {
            account = holders[((seed >> 3) + i) % holders.length];
            if (model.unitsOf(address(bond), account) != 0) return account;
        }
    }

    /// @dev Mostly one who may hold the bond, when there is one.
    function _receiver(IBondToken bond, uint256 seed) internal view returns (address account) {
        seed = _mix(seed);
        if (seed % 8 == 0) return _account(seed >> 3);
        for (uint256 i; i < holders.length; ++i) {
            account = holders[((seed >> 3) + i) % holders.length];
            if (model.mayHold(address(bond), account)) return account;
        }
    }

    /// @dev Mostly one that is issued.
    function _bond(uint256 seed) internal view returns (IBondToken bond) {
        seed = _mix(seed);
        uint256 count = model.bondCount();
        bond = IBondToken(model.bonds(seed % count));
        if (model.issued(address(bond)) == 0 && (seed >> 8) % 8 != 0) bond = IBondToken(model.bonds(0));
    }

    /// @dev Up to twice the number of holders, with repetitions.
    function _batch(uint256 seed) internal view returns (address[] memory batch) {
        batch = new address[](_mix(seed) % (holders.length * 2 + 1));
        for (uint256 i; i < batch.length; ++i) {
            batch[i] = _account(uint256(keccak256(abi.encode(seed, i))));
        }
    }

    /// @dev Amounts around what matters: nothing, one, all, all and one more; else anything up to all.
    function _amount(uint256 seed, uint256 all) internal pure returns (uint256) {
        seed = _mix(seed);
        uint256 kind = seed % 16;
        if (kind == 0) return 0;
        if (kind == 1) return all + 1;
        if (kind == 2) return type(uint256).max - (seed >> 250);
        if (kind <= 5) return all;
        return all == 0 ? 0 : 1 + (seed >> 8) % all;
    }

    /* TIME */

    function _now() internal view returns (uint256) {
        return cheats.getBlockTimestamp();
    }

    /// @dev How many acts it takes, about, until time has moved; each market has its own pace.
    function _calm() internal pure virtual returns (uint256);

    function _passTime(uint256 seed) internal {
        uint256 kind = seed % (4 * _calm());
        if (kind == 0) vm.warp(_now() + (seed >> 8) % 6 hours);
        else if (kind <= 2) vm.warp(_nextMilestone());
        else if (kind == 3) vm.warp(_nextMilestone() - 1);
    }

    /// @return The first moment to come at which something about a bond or an offering changes by itself.
    function _nextMilestone() internal view returns (uint256) {
        uint256 next = type(uint40).max;
        for (uint256 i; i < model.bondCount(); ++i) {
            IBondToken bond = IBondToken(model.bonds(i));
            uint256 periods = model.lastOf(address(bond));
            for (uint256 k = 1; k <= periods; ++k) {
                Model.Period memory period = model.periodOf(address(bond), k);
                next = _earlier(next, period.recordTime);
                next = _earlier(next, period.payTime);
            }
            next = _nextOf(world.offering.bookOf(world.offering.offeringOf(bond)), next);
        }
        return next == type(uint40).max ? _now() + 1 hours : next;
    }

    /// @dev Moments that no longer matter at the stage of an offering are left out.
    function _nextOf(OfferingBook memory book, uint256 next) private view returns (uint256) {
        if (book.stage == OfferingStage.FAILED || book.stage == OfferingStage.CANCELLED) return next;
        if (book.stage == OfferingStage.PUBLISHED) {
            next = _earlier(next, uint256(book.publishedAt) + book.additionalSeconds + 1);
            next = _earlier(next, book.settlesFrom);
            next = _earlier(next, book.settlesBy + 1);
            return _earlier(next, book.takesUpBy + 1);
        }
        next = _earlier(next, book.opensAt);
        next = _earlier(next, book.closesAt);
        next = _earlier(next, book.revealsBy);
        if (!book.overAllotmentDeclared) next = _earlier(next, book.overAllotsBy);
        return _earlier(next, book.clearsBy + 1);
    }

    function _earlier(uint256 next, uint256 time) private view returns (uint256) {
        return time > _now() && time < next ? time : next;
    }

    /* OUTCOMES */

    /// @dev Reads the events into the replay. Forge records what a call emits even when it reverts, so that those are dropped.
    function _count(bytes32 name, bool success) internal {
        Vm.Log[] memory logs = vm.getRecordedLogs();
        if (success) replay.read(logs);
        if (success) ++done[name];
        else ++refused[name];
    }

    /// @dev The act's outcome must be the expected one.
    function _outcome(bytes32 name, bool success, bool expected, string memory what) internal {
        _count(name, success);
        model.demand(success == expected, what);
    }

    /// @dev What a whole register looks like, to see that a refused act changed nothing.
    function _print(IBondToken bond) internal view returns (bytes32 print) {
        Book memory book = bond.book();
        print = keccak256(abi.encode(book.supply, book.paused));
        for (uint256 i; i < holders.length; ++i) {
            print = keccak256(abi.encode(print, bond.entryOf(holders[i]), world.cash.balanceOf(holders[i])));
        }
    }
}
