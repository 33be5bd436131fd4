// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {Opening, Stage, Unopened} from "../../../../contracts/primary/interfaces/OfferingTypes.sol";
import {PaymentActs} from "./PaymentActs.sol";

/// @notice Deposits end: released, lapsed, forfeited or discharged, each by its rule.
abstract contract EndActs is PaymentActs {
    /* WHAT FORGE CALLS */

    function finish(uint256 seed, uint256 batchSeed) external act(seed) {
        seed = _mix(seed);
        uint256 kind = (seed >> 40) % 4;
        if (kind == 0) _release(_pick(seed, _isDecided), _batch(batchSeed));
        else if (kind == 1) _lapse(_pick(seed, _isLapsing), _batch(batchSeed));
        else if (kind == 2) _forfeitAny(_pick(seed, _isForfeiting), _batch(batchSeed), seed >> 48);
        else _discharge(_pick(seed, _isDischarging), _batch(batchSeed));
    }

    /// @dev One of the things that are due, for all or for some.
    function _keepPaying(uint256 id, uint256 seed) internal {
        address[] memory batch = seed % 2 == 0 ? holders : _batch(seed >> 8);
        if (_isAdding(id) && _deals[id].conditions.additionalSeconds != 0) _underwriteAny(id, seed >> 16, seed >> 24);
        else if (_isSettling(id) && (seed >> 32) % 4 == 0) settle(id, batch, false);
        else if (_isTakingUp(id) && (seed >> 32) % 2 == 0) takeUp(id, batch);
        else if (_isLapsing(id)) _lapse(id, batch);
        else if (_isDecided(id)) _release(id, batch);
    }

    /* THE END OF DEPOSITS */

    function _release(uint256 id, address[] memory batch) private {
        Deal storage deal = _deals[id];
        bool over = deal.stage == Stage.FAILED || deal.stage == Stage.CANCELLED;
        (Opening[] memory openings, bool genuine) = _openings(id, batch, false);
        bool any;
        for (uint256 i; i < batch.length; ++i) {
            any = any || _isReleasable(id, batch[i], over);
        }
        bool expected = (over || deal.stage == Stage.PUBLISHED) && genuine && any;

        (bool success,) = address(world.offering).call(abi.encodeCall(world.offering.release, (id, openings)));

        _outcome("release", success, expected, "DEPOSIT-4: who won nothing has his deposit back");
        for (uint256 i; success && i < batch.length; ++i) {
            if (_isReleasable(id, batch[i], over)) _end(id, batch[i], false);
        }
    }

    function _lapse(uint256 id, address[] memory batch) private {
        Deal storage deal = _deals[id];
        (Opening[] memory openings, bool genuine) = _openings(id, batch, false);
        bool any;
        for (uint256 i; i < batch.length; ++i) {
            any = any || _isWinner(id, batch[i]);
        }
        bool expected = deal.stage == Stage.PUBLISHED && _now() > deal.conditions.settlesBy && genuine && any;

        (bool success,) = address(world.offering).call(abi.encodeCall(world.offering.lapse, (id, openings)));

        _outcome("lapse", success, expected, "DEPOSIT-4: who did not pay loses his deposit, unless he could not");
        if (!success) return;
        model.watch(address(deal.bond));
        for (uint256 i; i < batch.length; ++i) {
            if (!_isWinner(id, batch[i])) continue;
            _end(id, batch[i], _mayHold(id, batch[i]) && !model.paused(address(deal.bond)));
        }
    }

    function _forfeitAny(uint256 id, address[] memory batch, uint256 seed) private {
        Unopened[] memory unopened = new Unopened[](batch.length);
        bool any;
        bool genuine = true;
        for (uint256 i; i < batch.length; ++i) {
            // One who opened refuses the whole list, so that they are mostly left out.
            if (seed % 4 != 0 && _bidders[id][batch[i]].mark == Mark.OPENED) batch[i] = address(1);
            Bidder storage bidder = _bidders[id][batch[i]];
            bytes32 hash = bidder.ciphertext.length == 0 ? bytes32(0) : keccak256(bidder.ciphertext);
            unopened[i] = Unopened(batch[i], bidder.commitment, hash);
            any = any || bidder.mark == Mark.SEALED;
            genuine = genuine && bidder.mark != Mark.OPENED;
        }
        Deal storage deal = _deals[id];
        bool cancelled = deal.stage == Stage.CANCELLED;
        bool after_ = deal.stage == Stage.CLOSED || deal.stage == Stage.CLEARED || deal.stage == Stage.PUBLISHED
            || deal.stage == Stage.FAILED;
        bool expected = any && genuine && (cancelled || (after_ && _now() >= deal.conditions.revealsBy));

        (bool success,) = address(world.offering).call(abi.encodeCall(world.offering.forfeit, (id, unopened)));

        _outcome("forfeit", success, expected, "DEPOSIT-4: who does not open loses his deposit, and nobody else");
        for (uint256 i; success && i < batch.length; ++i) {
            if (_bidders[id][batch[i]].mark == Mark.SEALED) _end(id, batch[i], !cancelled);
        }
    }

    function _discharge(uint256 id, address[] memory batch) private {
        Deal storage deal = _deals[id];
        bool over = deal.stage == Stage.FAILED || deal.stage == Stage.CANCELLED;
        bool late = deal.stage == Stage.PUBLISHED && _now() > deal.conditions.takesUpBy;
        bool any;
        for (uint256 i; i < batch.length; ++i) {
            any = any || _members[id][batch[i]].held;
        }

        (bool success,) = address(world.offering).call(abi.encodeCall(world.offering.discharge, (id, batch)));

        _outcome(
            "discharge", success, any && (over || late), "DEPOSIT-5: who did not take up his part loses his deposit"
        );
        if (!success) return;
        if (late) model.watch(address(deal.bond));
        for (uint256 i; i < batch.length; ++i) {
            Member storage member = _members[id][batch[i]];
            if (!member.held) continue;
            (uint256 first, uint256 second) = partsOf(id, batch[i]);
            bool done = (first == 0 || member.tookUp) && (second == 0 || member.tookUpLater);
            bool could = _mayHold(id, batch[i]) && !model.paused(address(deal.bond));
            member.held = false;
            standing[!over && !done && could ? world.issuer : batch[i]] += deal.conditions.deposit;
        }
    }

    /// @dev A lost deposit is the issuer's.
    function _end(uint256 id, address account, bool lost) private {
        _bidders[id][account].mark = Mark.OVER;
        standing[lost ? world.issuer : account] += _deals[id].conditions.deposit;
    }

    /* WHICH ENDS */

    function _isReleasable(uint256 id, address account, bool over) private view returns (bool) {
        return _bidders[id][account].mark == Mark.OPENED && (over || !_isWinner(id, account));
    }

    function _isDecided(uint256 id) private view returns (bool) {
        if (!_isAt(id, Stage.PUBLISHED) && !_isAt(id, Stage.FAILED) && !_isAt(id, Stage.CANCELLED)) return false;
        for (uint256 i; i < holders.length; ++i) {
            if (_isReleasable(id, holders[i], !_isAt(id, Stage.PUBLISHED))) return true;
        }
        return false;
    }

    function _isLapsing(uint256 id) private view returns (bool) {
        if (!_isAt(id, Stage.PUBLISHED) || _now() <= _deals[id].conditions.settlesBy) return false;
        for (uint256 i; i < holders.length; ++i) {
            if (_isWinner(id, holders[i])) return true;
        }
        return false;
    }

    function _isForfeiting(uint256 id) private view returns (bool) {
        for (uint256 i; i < holders.length; ++i) {
            if (_bidders[id][holders[i]].mark == Mark.SEALED && !_isAt(id, Stage.OPEN)) return true;
        }
        return false;
    }

    function _isDischarging(uint256 id) private view returns (bool) {
        for (uint256 i; i < holders.length; ++i) {
            if (_members[id][holders[i]].held && !_isAt(id, Stage.ACCEPTED)) return true;
        }
        return false;
    }
}
