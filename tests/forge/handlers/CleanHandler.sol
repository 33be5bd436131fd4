// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {ISettlementClean} from "../../../contracts/settlement/interfaces/ISettlementClean.sol";
import {IBondToken} from "../suite/IBondToken.sol";
import {Model} from "../suite/Model.sol";
import {Replay} from "../suite/Replay.sol";
import {World} from "../suite/Suite.sol";
import {SettlementHandler} from "./SettlementHandler.sol";

/// @notice Trades at a clean price, agreed some time before they settle: before and after record dates, payments, sales.
contract CleanHandler is SettlementHandler {
    /// @dev Just before a record date, see `_tradedAt`.
    uint256 private constant LATE = 4;

    constructor(World memory world_, Model model_, Replay replay_, address[] memory holders_, uint256[] memory keys_)
        SettlementHandler(world_, model_, replay_, holders_, keys_)
    {
        nextNonce = 1 << 32; // its own, beside those of trades at a price
    }

    function settleClean(uint256 seed, uint256 sellerSeed, uint256 buyerSeed, uint256 units, uint256 ago)
        external
        act(seed)
    {
        _trade(seed, sellerSeed, buyerSeed, units, _mix(ago));
    }

    /// @dev Agreed just before the last record date, so that a claim goes with the units.
    function settleLate(uint256 seed, uint256 sellerSeed, uint256 buyerSeed, uint256 units) external act(seed) {
        _trade(seed, sellerSeed, buyerSeed, units, LATE);
    }

    function _trade(uint256 seed, uint256 sellerSeed, uint256 buyerSeed, uint256 units, uint256 ago) private {
        seed = _mix(seed);
        IBondToken bond = _bond(seed);
        bond.advance();
        ISettlementClean.CleanInstruction memory trade;
        (trade.bond, trade.cash) = (address(bond), address(world.cash));
        (trade.seller, trade.buyer) = (_member(_seller(bond, sellerSeed)), _member(_receiver(bond, buyerSeed)));
        if ((seed >> 72) % 8 < 2) _freezeOne(bond, (seed >> 72) % 8 == 0 ? trade.seller : trade.buyer);
        // These events stay, whatever becomes of the trade.
        replay.read(vm.getRecordedLogs());
        vm.recordLogs();
        trade.units = uint64(_amount(units, model.unitsOf(trade.bond, trade.seller)));
        uint256 face = model.termsOf(trade.bond).faceValue;
        trade.cleanAmount = uint128((seed >> 8) % (100 * face));
        trade.mostAccrued = (seed >> 40) % 8 == 0 ? uint128((seed >> 48) % (face / 4)) : type(uint128).max;
        trade.tradedAt = _tradedAt(bond, ago);
        (trade.validFrom, trade.deadline) = (uint40(_now()), uint40(_now()));
        (trade.sellerNonce, trade.buyerNonce) = (nextNonce, nextNonce);
        ++nextNonce;
        _settleClean(bond, trade);
    }

    /// @dev Half of them have been paid for the last record date, where somebody has.
    function _seller(IBondToken bond, uint256 seed) private view returns (address holder) {
        uint256 records = _recordsAt(address(bond), _now());
        for (uint256 i; i < holders.length && records != 0 && _mix(seed) % 2 == 0; ++i) {
            holder = holders[((seed % 64) + i) % holders.length];
            bool isPaid = model.timesPaid(address(bond), records, holder) != 0;
            if (isPaid && model.unitsOf(address(bond), holder) != 0) return holder;
        }
        return _owner(bond, seed);
    }

    /// @dev Who has one frozen unit may sell the others, but gives no claim away; and is not sent what is due on it.
    function _freezeOne(IBondToken bond, address holder) private {
        vm.prank(world.desk);
        bond.setFrozenTokens(holder, 1);
        model.setFrozen(address(bond), holder, 1);
    }

    function _settleClean(IBondToken bond, ISettlementClean.CleanInstruction memory trade) private {
        ISettlementClean settlement = ISettlementClean(address(world.settlement));
        bytes32 id = settlement.hashOfClean(trade);
        (bool expected, int256 amount) = _foresee(bond, trade);
        bytes32 before = _print(bond);
        bytes memory call =
            abi.encodeCall(settlement.settleClean, (trade, _sign(trade.seller, id), _sign(trade.buyer, id)));

        vm.prank(world.outsider);
        (bool success,) = address(settlement).call(call);

        _outcome("settleClean", success, expected, "CLEAN-1: settles just when units, claims and money are there");
        if (!success) {
            model.demand(before == _print(bond), "DVP-1: both legs or neither");
            return;
        }
        _handOn(trade);
        model.move(trade.bond, trade.seller, trade.buyer, trade.units);
        if (amount > 0) model.moveCash(trade.buyer, trade.seller, uint256(amount));
        if (amount < 0) model.moveCash(trade.seller, trade.buyer, uint256(-amount));
    }

    /// @dev What was recorded since the trade was agreed goes with the units.
    function _handOn(ISettlementClean.CleanInstruction memory trade) private {
        uint256 passed = model.recordsOver(trade.bond);
        for (uint256 k = _recordsAt(trade.bond, trade.tradedAt) + 1; k <= passed; ++k) {
            uint64 before = model.claimed(trade.bond, k, trade.buyer);
            model.transferClaim(trade.bond, k, trade.seller, trade.buyer, trade.units);
            if (model.claimed(trade.bond, k, trade.buyer) != before) ++done["claim"];
        }
    }

    /// @return expected Whether it should settle.
    /// @return amount What the buyer pays, or is paid.
    function _foresee(IBondToken bond, ISettlementClean.CleanInstruction memory trade)
        private
        view
        returns (bool expected, int256 amount)
    {
        if (!model.mayTransfer(trade.bond, trade.seller, trade.buyer, trade.units)) return (false, 0);
        if (trade.tradedAt > _now()) return (false, 0);
        uint256 records = _recordsAt(trade.bond, trade.tradedAt);
        try world.servicing.accruedAt(bond, trade.units, trade.tradedAt) returns (int256 accrued, uint16 found) {
            if (found != records) return (false, 0);
            amount = accrued;
        } catch {
            return (false, 0);
        }
        uint256 passed = model.recordsOver(trade.bond);
        for (uint256 k = records + 1; k <= passed; ++k) {
            if (!model.mayTransferClaim(trade.bond, k, trade.seller, trade.units)) return (false, 0);
            if (bond.entryOf(trade.seller).frozen != 0 && _givesAway(bond, k, trade)) return (false, 0);
            amount -= int256(model.receivedFor(trade.bond, k, trade.seller, trade.units));
        }
        if ((amount < 0 ? -amount : amount) > int256(uint256(trade.mostAccrued))) return (false, 0);
        amount += int256(uint256(trade.cleanAmount));
        if (amount > 0) return (uint256(amount) <= model.cash(trade.buyer), amount);
        return (uint256(-amount) <= model.cash(trade.seller), amount);
    }

    /// @return Whether a payment that was not made yet would go to the buyer.
    function _givesAway(IBondToken bond, uint256 record, ISettlementClean.CleanInstruction memory trade)
        private
        view
        returns (bool)
    {
        uint16 k = uint16(record);
        if (world.servicing.claimedBy(bond, k, trade.seller) != 0) return true;
        uint256 repaid = world.servicing.claimsPaidTo(bond, k, trade.seller);
        return repaid < trade.units && !bond.isPaid(trade.seller, k);
    }

    function _recordsAt(address bond, uint256 time) private view returns (uint256 count) {
        uint256 last = model.lastOf(bond);
        while (count < last && model.periodOf(bond, count + 1).recordTime <= time) ++count;
    }

    /// @dev Now, some days ago, or just before, at or after the last record date.
    function _tradedAt(IBondToken bond, uint256 seed) private view returns (uint40) {
        uint256 records = _recordsAt(address(bond), _now());
        uint256 kind = seed % 8;
        if (kind < 3) return uint40(_now());
        if (kind == 3) return uint40(_now() + (seed >> 8) % 2);
        if (kind < 7 && records != 0) {
            return uint40(model.periodOf(address(bond), records).recordTime + (seed >> 8) % 2 - 1);
        }
        return uint40(_now() - (seed >> 8) % 40 days);
    }
}
