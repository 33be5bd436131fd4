// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {IBondToken} from "../suite/IBondToken.sol";
import {Model} from "../suite/Model.sol";
import {Replay} from "../suite/Replay.sol";
import {World} from "../suite/Suite.sol";
import {Handler} from "./Handler.sol";

/// @notice Payers fund, anyone pays and collects, holders claim, at good and at bad moments.
contract ServicingHandler is Handler {
    constructor(World memory world_, Model model_, Replay replay_, address[] memory holders_)
        Handler(world_, model_, replay_, holders_)
    {}

    function fund(uint256 seed, uint256 periodSeed) external act(seed) {
        seed = _mix(seed);
        IBondToken bond = _bond(seed);
        uint16 period = _period(bond, periodSeed, false);
        _fund(bond, period, seed % 4 == 0 ? _account(seed >> 8) : world.payingAgent);
    }

    function _fund(IBondToken bond, uint16 period, address payer) private {
        (bool expected, uint64 units, uint256 amount) = _foreseeFunding(bond, period, payer);

        vm.prank(payer);
        (bool success,) = address(world.servicing).call(abi.encodeCall(world.servicing.fund, (bond, period)));

        _outcome("fund", success, expected, "MONEY-6: a payment is funded once, after its record date, in full");
        if (!success) return;
        model.fund(address(bond), period, payer, units, amount);
        model.moveCash(payer, address(world.servicing), amount);
    }

    function pay(uint256 seed, uint256 periodSeed, uint256 batchSeed) external act(seed) {
        seed = _mix(seed);
        IBondToken bond = _bond(seed);
        uint16 period = _period(bond, periodSeed, true);
        _serve({
            what: "pay",
            bond: bond,
            period: period,
            caller: _account(seed >> 8),
            batch: _batch(batchSeed),
            data: "",
            lastIs: false
        });
    }

    function redeem(uint256 seed, uint256 batchSeed) external act(seed) {
        seed = _mix(seed);
        IBondToken bond = _bond(seed);
        _serve({
            what: "redeem",
            bond: bond,
            period: uint16(model.lastOf(address(bond))),
            caller: _account(seed >> 8),
            batch: _batch(batchSeed),
            data: "",
            lastIs: true
        });
    }

    function claim(uint256 seed, uint256 periodSeed, uint256 accountSeed) external act(seed) {
        seed = _mix(seed);
        IBondToken bond = _bond(seed);
        uint16 period = _period(bond, periodSeed, true);
        address[] memory batch = new address[](1);
        batch[0] = _account(accountSeed);
        _serve({
            what: "claim",
            bond: bond,
            period: period,
            caller: batch[0],
            batch: batch,
            data: abi.encodeCall(world.servicing.claim, (bond, period)),
            lastIs: period == model.lastOf(address(bond))
        });
    }

    /// @dev Buyers to whom payments of units went that were sold before a record date.
    function payClaims(uint256 seed, uint256 periodSeed, uint256 batchSeed) external act(seed) {
        seed = _mix(seed);
        IBondToken bond = _bond(seed);
        uint16 period = _claimedPeriod(bond, periodSeed);
        // What somebody waits for is funded first.
        if (_hasClaims(bond, period, holders) && !model.paymentOf(address(bond), period).funded) {
            _fund(bond, period, world.payingAgent);
            vm.recordLogs();
        }
        address[] memory batch = _batch(batchSeed);
        bool expected = model.paymentOf(address(bond), period).funded
            && _now() >= model.periodOf(address(bond), period).payTime && _hasClaims(bond, period, batch);

        vm.prank(world.outsider);
        (bool success,) =
            address(world.servicing).call(abi.encodeCall(world.servicing.payClaims, (bond, period, batch)));

        _outcome("payClaims", success, expected, "CLAIM-3: who has a claim is paid, whoever else is in the batch");
        if (!success) return;
        uint256 taxed;
        for (uint256 i; i < batch.length; ++i) {
            (uint256 sent, uint256 tax) = model.serveClaim(address(bond), period, batch[i]);
            model.moveCash(address(world.servicing), batch[i], sent);
            taxed += tax;
        }
        _sendTax(bond, taxed);
    }

    function collect(uint256 seed, uint256 accountSeed) external act(seed) {
        seed = _mix(seed);
        IBondToken bond = _bond(seed);
        address holder = seed % 4 == 0 ? world.payingAgent : _creditor(bond, accountSeed);
        uint256 amount = model.kept(address(bond), holder);
        bool expected = amount != 0 && model.frozen(address(bond), holder) == 0 && model.isActive(holder);

        vm.prank(world.outsider);
        (bool success,) = address(world.servicing).call(abi.encodeCall(world.servicing.collect, (bond, holder)));

        _outcome("collect", success, expected, "MONEY-7: what is kept for a holder is his, and only his, to collect");
        if (!success) return;
        model.collect(address(bond), holder);
        model.moveCash(address(world.servicing), holder, amount);
    }

    /* INTERNAL */

    function _calm() internal pure override returns (uint256) {
        return 3;
    }

    function _foreseeFunding(IBondToken bond, uint16 period, address payer)
        private
        view
        returns (bool expected, uint64 units, uint256 amount)
    {
        if (period == 0 || period > model.lastOf(address(bond))) return (false, 0, 0);
        // A bond that was never issued has no record dates, unless the Offering asked for them.
        bool passed = model.isWatched(address(bond)) && _now() >= model.periodOf(address(bond), period).recordTime;
        if (!passed || !model.isKnown(address(bond), period)) return (false, 0, 0);
        units = model.supplyAt(address(bond), period);
        amount = model.due(address(bond), period, units);
        bool first = !model.paymentOf(address(bond), period).funded;
        expected =
            first && model.paysAnything(address(bond), period) && model.cash(payer) >= amount && model.isActive(payer);
    }

    function _serve(
        bytes32 what,
        IBondToken bond,
        uint16 period,
        address caller,
        address[] memory batch,
        bytes memory data,
        bool lastIs
    ) private {
        bool expected = _isServable(bond, period, batch) && lastIs == (period == model.lastOf(address(bond)));
        if (data.length == 0) {
            data = lastIs
                ? abi.encodeCall(world.servicing.redeem, (bond, batch))
                : abi.encodeCall(world.servicing.pay, (bond, period, batch));
        }

        vm.prank(caller);
        (bool success,) = address(world.servicing).call(data);

        _outcome(what, success, expected, "MONEY-8: who is owed is served, whoever else is in the batch");
        if (!success) return;
        uint256 taxed;
        for (uint256 i; i < batch.length; ++i) {
            (uint256 sent, uint256 tax) = model.serve(address(bond), period, batch[i]);
            model.moveCash(address(world.servicing), batch[i], sent);
            taxed += tax;
        }
        _sendTax(bond, taxed);
    }

    function _sendTax(IBondToken bond, uint256 tax) private {
        if (tax == 0) return;
        (address account, uint256 taken) = model.sendTax(address(bond), tax);
        model.moveCash(address(world.servicing), account, taken);
    }

    function _isServable(IBondToken bond, uint16 period, address[] memory batch) private view returns (bool) {
        if (period == 0 || period > model.lastOf(address(bond))) return false;
        if (!model.paymentOf(address(bond), period).funded) return false;
        if (_now() < model.periodOf(address(bond), period).payTime) return false;
        for (uint256 i; i < batch.length; ++i) {
            if (model.timesPaid(address(bond), period, batch[i]) != 0) continue;
            uint256 units = model.unitsAt(address(bond), batch[i], period);
            if (units != model.transferred(address(bond), period, batch[i])) return true;
        }
        return false;
    }

    function _hasClaims(IBondToken bond, uint16 period, address[] memory batch) private view returns (bool) {
        for (uint256 i; i < batch.length; ++i) {
            if (model.claimed(address(bond), period, batch[i]) != 0) return true;
        }
        return false;
    }

    /// @dev Mostly one that can be funded, or is funded and can be paid; now and then any, or none.
    function _period(IBondToken bond, uint256 seed, bool funded) private view returns (uint16) {
        uint16 periods = uint16(model.lastOf(address(bond)));
        seed = _mix(seed);
        uint16 any = uint16((seed >> 8) % (periods + 2));
        if (seed % 4 == 0) return any;
        for (uint16 i; i < periods; ++i) {
            uint16 period = 1 + (any + i) % periods;
            if (_now() < model.periodOf(address(bond), period).recordTime) continue;
            Model.Payment memory payment = model.paymentOf(address(bond), period);
            if (payment.funded == funded && (!funded || payment.served < payment.units)) return period;
        }
        return any;
    }

    /// @dev Mostly one of whose payment somebody has a claim.
    function _claimedPeriod(IBondToken bond, uint256 seed) private view returns (uint16) {
        uint16 periods = uint16(model.lastOf(address(bond)));
        for (uint16 i; i < periods && _mix(seed) % 8 != 0; ++i) {
            uint16 period = uint16(1 + (seed % periods + i) % periods);
            if (_now() >= model.periodOf(address(bond), period).payTime && _hasClaims(bond, period, holders)) {
                return period;
            }
        }
        return _period(bond, seed, true);
    }

    /// @dev Mostly one for whom something is kept.
    function _creditor(IBondToken bond, uint256 seed) private view returns (address account) {
        seed = _mix(seed);
        if (seed % 8 == 0) return _account(seed >> 3);
        for (uint256 i; i < holders.length; ++i) {
            account = holders[((seed >> 3) + i) % holders.length];
            if (model.kept(address(bond), account) != 0) return account;
        }
    }
}
