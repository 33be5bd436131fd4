// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {Terms} from "../../../../contracts/bond/libraries/TermsLib.sol";
import {Withholding} from "../../../../contracts/bond/interfaces/Provisions.sol";
import {Rights} from "../../../../contracts/bond/interfaces/Rights.sol";
import {Action, ActionKind, Payment, UnitPayment} from "../../../../contracts/servicing/interfaces/ServicingTypes.sol";
import {IBondToken} from "../../suite/IBondToken.sol";
import {Naive} from "../../suite/Naive.sol";
import {DrawingActs} from "./DrawingActs.sol";

/// @notice Units are paid for and burned, or cancelled.
abstract contract RedemptionActs is DrawingActs {
    /// @notice What a settlement should do to a holder.
    struct Wanted {
        address holder;
        uint64 units;
        uint256 held;
        uint256 wealth;
        uint256 cash;
        uint256 other;
        uint256 issued;
    }

    /// @notice What is due, and what of it is withheld.
    struct Due {
        uint256 gross;
        uint256 tax;
    }

    function redemption(uint256 seed, uint256 bondSeed, uint256 batchSeed) external act(seed) {
        seed = _mix(seed);
        IBondToken bond = _bond(bondSeed);
        uint256 kind = seed % 8;
        if ((seed >> 32) % 4 == 0) _awaitElected(bond);
        if (kind < 4) {
            uint16 number = _payableAction(bond, seed >> 8, false);
            _fundAction(bond, number, (seed >> 16) % 4 == 0 ? _stranger() : world.payingAgent);
            if (kind < 2) _settle(bond, number, _batch(batchSeed));
        } else if (kind < 7) {
            _settle(bond, _payableAction(bond, seed >> 8, true), _batch(batchSeed));
        } else {
            _cancel(bond, seed >> 8);
        }
    }

    /* MONEY */

    /// @dev Mostly one whose day has come, which is funded, or is not.
    function _payableAction(IBondToken bond, uint256 seed, bool isFunded) internal view returns (uint16) {
        uint16 count = world.servicing.actionCount(bond);
        seed = _mix(seed);
        for (uint16 i; i < count; ++i) {
            uint16 number = uint16(1 + ((seed >> 8) + i) % count);
            Action memory action = world.servicing.actionOf(bond, number);
            bool isTime = action.payTime != 0 && _now() >= action.payTime && action.isDecided == isFunded;
            if (isTime && _hasElected(bond, number, people)) return number;
        }
        return _electedAction(bond, seed >> 16);
    }

    /// @dev Passes to the day on which something is paid that holders elected, or were drawn for.
    function _awaitElected(IBondToken bond) private {
        uint256 next = type(uint40).max;
        for (uint16 k = world.servicing.actionCount(bond); k != 0; --k) {
            Action memory action = world.servicing.actionOf(bond, k);
            if (!action.isDecided && _hasElected(bond, k, people)) next = _earlier(next, action.payTime);
        }
        if (next <= _now() + 20 days) vm.warp(next);
    }

    /// @dev Anybody may pay for all but new units.
    function _fundAction(IBondToken bond, uint16 number, address payer) internal {
        Action memory action = world.servicing.actionOf(bond, number);
        bool isDue = _isDue(bond);
        if (payer == _stranger()) _give(payer, 2 * uint256(bond.terms().faceValue) * bond.totalSupply());
        uint256 before = world.cash.balanceOf(payer);

        bytes memory data = abi.encodeCall(world.servicing.fundAction, (bond, number));
        if (!_serve("fundAction", payer, data)) return;

        Payment memory escrow = world.servicing.actionPayment(bond, number);
        _demand(
            action.kind != ActionKind.EXCHANGE || payer == world.payingAgent,
            "EXCHANGE-4: the issuer or a paying agent gives new units"
        );
        _checkPrice(bond, action, escrow);
        _demand(!isDue, "DUE-1: nothing but recoveries is funded once the bond is due");
        _demand(
            !action.isDecided && action.payTime != 0 && _now() >= action.payTime,
            "ACTION-4: an event is funded once, on its day or later"
        );
        _demand(_isPromised(action) || _now() < action.payTime + 10 days, "ACTION-4: an offer within ten days of it");
        _demand(before - world.cash.balanceOf(payer) == escrow.funded, "ACTION-4: with what it comes to");
        _demand(escrow.penalty == _penaltyOn(bond, action), "DUE-2: what was promised and comes late bears interest");
    }

    /// @dev An offer pays its amount and what has accrued: less than nothing where the coupon goes to another.
    function _checkPrice(IBondToken bond, Action memory action, Payment memory escrow) private {
        if (_isPromised(action)) return;
        (int256 accrued, uint256 over) = world.servicing.accruedPerUnit(bond, action.payDay, bond.book().records);
        uint256 each = escrow.each.interestNumerator * BILLION / escrow.each.interestDenominator
            + escrow.each.principalNumerator * BILLION / escrow.each.principalDenominator;
        int256 off = int256(each) - int256(uint256(action.amount) * BILLION) - accrued * int256(BILLION) / int256(over);
        // What is taken off is rounded up to a base unit.
        _demand(off > -int256(BILLION) - 2 && off < 2, "ACTION-14: an offer pays its amount and what has accrued");
    }

    function _isPromised(Action memory action) internal pure returns (bool) {
        return action.kind == ActionKind.PUT || action.kind == ActionKind.DRAWING;
    }

    /// @dev In the bond's zone; an offer that is not paid in time only lapses.
    function _penaltyOn(IBondToken bond, Action memory action) private view returns (uint256) {
        if (!_isPromised(action)) return 0;
        uint256 late = (_now() - action.payTime) / 1 days;
        uint16 period = world.servicing.periodOn(bond, action.payDay);
        return _penaltyRate(bond, period) * late / 365;
    }

    function _penaltyRate(IBondToken bond, uint16 period) internal view returns (uint256) {
        (,, Rights memory rights) = world.servicing.termsAt(bond, world.servicing.versionAt(bond, period));
        return rights.defaults.penaltyRate;
    }

    function _settle(IBondToken bond, uint16 number, address[] memory batch) internal {
        bond.advance();
        Action memory action = world.servicing.actionOf(bond, number);
        // Whether anybody noticed that a new bond is over makes no difference.
        if (action.kind == ActionKind.EXCHANGE && batch.length % 2 == 0) IBondToken(action.target).advance();
        Payment memory escrow = world.servicing.actionPayment(bond, number);
        _reprice(bond, number, action, escrow);
        bool expected = escrow.fundedAt != 0 && _hasElected(bond, number, batch) && _isLiving(bond, action);
        Wanted[] memory wanted = _wanted(bond, number, action, batch);
        uint256 tax = _wealth(bond, _taxAccount(bond));

        bytes memory data = abi.encodeCall(world.servicing.settleAction, (bond, number, batch));
        bool success = _serve("settleAction", world.outsider, data);

        _demand(success || !expected, "ACTION-5: who elected is settled, whoever else is in the batch");
        if (!success) return;
        _demand(escrow.fundedAt != 0, "BURN-2: money first");
        Due memory sum;
        for (uint256 i; i < wanted.length; ++i) {
            if (wanted[i].units != 0) _settled(bond, number, action, escrow, wanted[i], sum);
        }
        tax = _wealth(bond, _taxAccount(bond)) - tax;
        _demand(tax == sum.tax, "PAID-1: what is withheld goes to the tax account");
        Payment memory later = world.servicing.actionPayment(bond, number);
        _demand(later.paid - escrow.paid == sum.gross, "PAID-1: what is paid is what holders got, and tax");
        _demand(later.paid <= later.funded, "PAID-2: no event pays more than was escrowed");
    }

    /// @dev Of a coupon that was recorded since the funding, each holder has his part already: the price is less by it.
    function _reprice(IBondToken bond, uint16 number, Action memory action, Payment memory escrow) private view {
        if (escrow.fundedAt == 0 || _isDue(bond) || bond.book().closed) return;
        if (bond.book().records == action.redemption) return;
        (UnitPayment memory each,) = world.servicing.actionTerms(bond, number);
        uint256 before = escrow.each.interestNumerator * 1e18 / escrow.each.interestDenominator
            + escrow.each.principalNumerator * 1e18 / escrow.each.principalDenominator;
        uint256 later = each.interestNumerator * 1e18 / each.interestDenominator + each.principalNumerator * 1e18
            / each.principalDenominator;
        if (later < before) escrow.each = each;
    }

    function _wanted(IBondToken bond, uint16 number, Action memory action, address[] memory batch)
        private
        view
        returns (Wanted[] memory wanted)
    {
        wanted = new Wanted[](batch.length);
        uint256 room = action.kind == ActionKind.EXCHANGE ? _roomOf(IBondToken(action.target)) : 0;
        for (uint256 i; i < batch.length; ++i) {
            if (_isRepeated(batch, i)) continue;
            address holder = batch[i];
            wanted[i] = Wanted({
                holder: holder,
                units: electedBy[bond][number][holder],
                held: bond.balanceOf(holder),
                wealth: _wealth(bond, holder),
                cash: world.cash.balanceOf(holder),
                other: action.kind == ActionKind.EXCHANGE ? IBondToken(action.target).balanceOf(holder) : 0,
                issued: action.kind == ActionKind.EXCHANGE ? _newUnits(bond, action, batch[i], number, room) : 0
            });
            room -= wanted[i].issued;
        }
    }

    function _settled(
        IBondToken bond,
        uint16 number,
        Action memory action,
        Payment memory escrow,
        Wanted memory wanted,
        Due memory sum
    ) private {
        uint256 burned = wanted.held - bond.balanceOf(wanted.holder);
        // Once the bond is due, who was recorded for a recovery keeps his unit, and its claim.
        bool isGone = _isDue(bond) && bond.book().records != action.redemption;
        if (action.kind == ActionKind.EXCHANGE) {
            if (isGone) wanted.issued = 0;
            // Who may not have the new units keeps the old ones.
            _demand(
                burned == (wanted.issued == 0 ? 0 : wanted.units), "EXCHANGE-1: all or nothing of a holder is exchanged"
            );
            _exchanged(bond, action, wanted);
        } else {
            uint256 taken = isGone ? 0 : _taken(action, wanted.units);
            _demand(
                burned == taken, "ACTION-6: all is taken, or the pro rata part; or nothing, for who keeps his claim"
            );
        }
        Due memory due = _dueOn(bond, escrow, burned);
        _demand(
            _wealth(bond, wanted.holder) - wanted.wealth == due.gross - due.tax,
            "BURN-1: units are burned in the act that pays for them, and paid in full"
        );
        _demand(
            bond.getFrozenTokens(wanted.holder) == 0 || world.cash.balanceOf(wanted.holder) == wanted.cash,
            "MONEY-7: nothing that is due to who is frozen leaves his name"
        );
        (sum.gross, sum.tax) = (sum.gross + due.gross, sum.tax + due.tax);
        _moved(bond, wanted.holder, address(0), burned);
        electedBy[bond][number][wanted.holder] = 0;
        _fates[bond][number].settled += wanted.units;
    }

    /// @return due Interest and principal, each rounded down, and interest on both for being late.
    function _dueOn(IBondToken bond, Payment memory escrow, uint256 units) internal view returns (Due memory due) {
        uint256 interest = units * escrow.each.interestNumerator / escrow.each.interestDenominator;
        due.gross = interest + units * escrow.each.principalNumerator / escrow.each.principalDenominator;
        uint256 late = due.gross * escrow.penalty / BILLION;
        due.tax = (interest + late) * _taxRate(bond) / BILLION;
        due.gross += late;
    }

    /// @return How many units of a bond can still be issued.
    function _roomOf(IBondToken bond) private view returns (uint256) {
        if (bond.book().closed || _isDue(bond) || _now() >= _lastRecordTime(bond)) return 0;
        return bond.terms().units - bond.totalSupply();
    }

    /// @dev By calendar, cut-off and zone, whether it was announced or not.
    function _lastRecordTime(IBondToken bond) private view returns (uint256) {
        Terms memory terms = bond.terms();
        uint256 payDay = Naive.roll(bond.maturityDay(), terms.roll);
        return Naive.businessDaysBefore(payDay, terms.recordBusinessDays) * 1 days + terms.cutOff - 8 hours;
    }

    /// @return New units of a holder, none where he may not have them or there are not so many left.
    function _newUnits(IBondToken bond, Action memory action, address holder, uint16 number, uint256 room)
        private
        view
        returns (uint256)
    {
        uint256 units = uint256(electedBy[bond][number][holder]) / action.oldUnits * action.newUnits;
        return units > room || !IBondToken(action.target).canReceive(holder) ? 0 : units;
    }

    function _exchanged(IBondToken bond, Action memory action, Wanted memory wanted) private {
        IBondToken target = IBondToken(action.target);
        uint256 issued = target.balanceOf(wanted.holder) - wanted.other;
        _demand(
            address(target) != address(bond) && issued == wanted.issued,
            "EXCHANGE-2: new units come in the act that burns the old ones"
        );
        if (issued != 0) _moved(target, address(0), wanted.holder, issued);
    }

    function _cancel(IBondToken bond, uint256 seed) private {
        address actor = _issuer(seed);
        uint64 units = _amount(seed >> 8, _freeUnits(bond, actor));
        uint64 credit = world.servicing.sinkingCredit(bond);

        if (!_serve("cancel", actor, abi.encodeCall(world.servicing.cancelUnits, (bond, units)))) return;

        _demand(actor == world.issuer && units != 0, "CANCEL-1: the issuer cancels free units of his own");
        _demand(world.servicing.sinkingCredit(bond) == credit + units, "CANCEL-2: which count towards the sinking fund");
        _moved(bond, actor, address(0), units);
    }

    /* WHAT SHOULD BE */

    /// @dev Units cannot be burned, nor new ones issued, while a drawing counts.
    function _isLiving(IBondToken bond, Action memory action) private view returns (bool) {
        if (action.kind == ActionKind.EXCHANGE && IBondToken(action.target).book().shut) return false;
        return !bond.book().closed && !bond.book().shut && !_isDue(bond);
    }

    function _taken(Action memory action, uint256 units) private pure returns (uint256) {
        bool isCut = action.kind == ActionKind.TENDER && action.most != 0 && action.elected > action.most;
        return isCut ? units * action.most / action.elected : units;
    }

    function _taxAccount(IBondToken bond) internal view returns (address) {
        return bond.provisions().taxAccount;
    }

    /// @dev All pay the same.
    function _taxRate(IBondToken bond) internal view returns (uint256) {
        Withholding[] memory entries = bond.provisions().withholdings;
        return entries.length == 0 ? 0 : entries[0].rate;
    }
}
