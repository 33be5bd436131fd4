// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {Withholding} from "../../../../contracts/bond/interfaces/Provisions.sol";
import {Rights} from "../../../../contracts/bond/interfaces/Rights.sol";
import {
    Action,
    ActionKind,
    Drawing,
    Payment,
    UnitPayment
} from "../../../../contracts/servicing/interfaces/ServicingTypes.sol";
import {IBondToken} from "../../suite/IBondToken.sol";
import {ElectionActs} from "./ElectionActs.sol";

/// @notice Units are drawn by lot, cancelled, paid for and burned.
abstract contract RedemptionActs is ElectionActs {
    /// @notice What a settlement should do to a holder.
    struct Wanted {
        address holder;
        uint64 units;
        uint256 held;
        uint256 wealth;
        uint256 other;
    }

    /// @notice What is due, and what of it is withheld.
    struct Due {
        uint256 gross;
        uint256 tax;
    }

    /// @dev Holdings among which an event draws, as they stood when the books were shut.
    mapping(IBondToken bond => mapping(uint16 action => mapping(address holder => uint256))) internal _drawable;
    /// @dev One for those along whom it was drawn.
    mapping(IBondToken bond => mapping(uint16 action => mapping(address holder => uint256))) internal _drawnOf;

    function redemption(uint256 seed, uint256 bondSeed, uint256 batchSeed) external act(seed) {
        seed = _mix(seed);
        IBondToken bond = _bond(bondSeed);
        uint256 kind = seed % 8;
        if (kind < 4) {
            uint16 number = _payableAction(bond, seed >> 8, false);
            _fundAction(bond, number);
            if (kind < 2) _settle(bond, number, _batch(batchSeed));
        } else if (kind < 7) {
            _settle(bond, _payableAction(bond, seed >> 8, true), _batch(batchSeed));
        } else {
            _cancel(bond, seed >> 8);
        }
    }

    function lot(uint256 seed, uint256 bondSeed) external act(seed) {
        seed = _mix(seed);
        IBondToken bond = _bond(bondSeed);
        uint16 number = _openDrawing(bond);
        if (number != 0 && seed % 8 != 0) return _draw(bond, number, seed >> 8);
        if (seed % 16 < 4) _callByLot(bond, seed >> 8);
        else _drawSinking(bond, seed >> 8);
    }

    /* DRAWING */

    function _callByLot(IBondToken bond, uint256 seed) private {
        uint24 day = uint24(_now() / 1 days + 6 + seed % 20);
        uint64 units = uint64(1 + (seed >> 16) % 60);
        bytes memory data = abi.encodeCall(world.servicing.callByLot, (bond, day, units));

        address actor = _issuer(seed >> 32);
        bool success = _serve("callByLot", actor, data);

        _demand(!success || (actor == world.issuer && !_isDue(bond)), "CALL-1: the issuer calls, where he may");
    }

    function _drawSinking(IBondToken bond, uint256 seed) private {
        uint16 period = uint16(1 + seed % 4);
        bool isKnown = world.servicing.sinkingOf(bond, period) != 0;

        bytes memory data = abi.encodeCall(world.servicing.drawSinking, (bond, period));
        bool success = _serve("drawSinking", world.payingAgent, data);

        _demand(!success || !isKnown, "DRAW-1: a sinking fund draws once a payment");
    }

    /// @dev First everybody is counted into a row, then it is drawn along it: few or all at a time, in any order. Now and then
    /// one is among them who was there before, which is refused.
    function _draw(IBondToken bond, uint16 number, uint256 seed) internal {
        Drawing memory before = world.servicing.drawingOf(bond, number);
        mapping(address holder => uint256) storage seen =
            before.countedIn == 0 ? _drawable[bond][number] : _drawnOf[bond][number];
        address[] memory batch = _next(bond, number, before.countedIn != 0, seed >> 8, 1 + seed % 4);
        if (batch.length != 0 && (seed >> 8) % 8 == 0) batch[batch.length - 1] = _person(seed >> 16);
        bool isWrong = _seesTwice(seen, batch);
        bytes memory data = before.countedIn == 0
            ? abi.encodeCall(world.servicing.count, (bond, number, batch))
            : abi.encodeCall(world.servicing.draw, (bond, number, batch));

        if (!_serve(before.countedIn == 0 ? bytes32("count") : bytes32("draw"), world.payingAgent, data)) return;

        _demand(!isWrong, "DRAW-2: nobody is counted or drawn twice");
        _demand(
            before.countedIn < cheats.getBlockNumber(), "DRAW-8: the row is complete a block before the sample begins"
        );
        for (uint256 i; i < batch.length; ++i) {
            if (before.countedIn == 0) seen[batch[i]] = bond.entryOf(batch[i]).units - bond.entryOf(batch[i]).pledged;
            else _drawn(bond, number, batch[i]);
        }
        before = world.servicing.drawingOf(bond, number);
        if (before.countedIn != 0 && before.passed == before.units) _checkDrawing(bond, number, before.units);
    }

    function _drawn(IBondToken bond, uint16 number, address holder) private {
        uint64 units = world.servicing.electedBy(bond, number, holder);
        _drawnOf[bond][number][holder] = 1;
        electedBy[bond][number][holder] = units;
        _fates[bond][number].elected += units;
    }

    function _seesTwice(mapping(address holder => uint256) storage seen, address[] memory batch)
        private
        view
        returns (bool)
    {
        for (uint256 i; i < batch.length; ++i) {
            if (seen[batch[i]] != 0 || _isRepeated(batch, i)) return true;
        }
        return false;
    }

    /// @dev As many as were to be drawn, and of nobody a unit more or less than his part of them.
    function _checkDrawing(IBondToken bond, uint16 number, uint256 all) private {
        uint256 most = world.servicing.actionOf(bond, number).most;
        if (most > all) most = all;
        uint256 sum;
        uint256 counted;
        for (uint256 i; i < people.length; ++i) {
            uint256 drawn = electedBy[bond][number][people[i]] * all;
            uint256 share = _drawable[bond][number][people[i]] * most;
            _demand(
                drawn < share + all && share < drawn + all, "DRAW-4: everybody is drawn within one unit of pro rata"
            );
            sum += electedBy[bond][number][people[i]];
            counted += _drawable[bond][number][people[i]];
        }
        _demand(sum == most && counted == all, "DRAW-3: all that was to be drawn is, among all who hold");
    }

    /// @return batch Up to `most` who hold units that are not bound and were not counted; then, of those, who were not drawn.
    function _next(IBondToken bond, uint16 number, bool isCounted, uint256 seed, uint256 most)
        private
        view
        returns (address[] memory batch)
    {
        mapping(address holder => uint256) storage counted = _drawable[bond][number];
        address[] memory row = new address[](people.length);
        uint256 count;
        for (uint256 i; i < people.length && count < most; ++i) {
            address next = people[(seed % 64 + i) % people.length];
            if ((isCounted ? _drawnOf[bond][number][next] : counted[next]) != 0) continue;
            bool isFree = bond.entryOf(next).units > bond.entryOf(next).pledged;
            if (isCounted ? counted[next] != 0 : isFree) row[count++] = next;
        }
        batch = new address[](count);
        for (uint256 i; i < count; ++i) {
            batch[i] = row[i];
        }
    }

    /// @return open One that is under way, else one whose time has come; 0 for none.
    function _openDrawing(IBondToken bond) internal view returns (uint16 open) {
        for (uint16 k = world.servicing.actionCount(bond); k != 0; --k) {
            Action memory action = world.servicing.actionOf(bond, k);
            if (action.kind != ActionKind.DRAWING || _now() < action.opensAt) continue;
            Drawing memory drawing = world.servicing.drawingOf(bond, k);
            if (drawing.units != 0 && drawing.passed != drawing.units) return k;
            if (drawing.units == 0) open = k;
        }
    }

    /* MONEY */

    /// @dev Mostly one whose day has come, which is funded, or is not.
    function _payableAction(IBondToken bond, uint256 seed, bool isFunded) private view returns (uint16) {
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

    function _fundAction(IBondToken bond, uint16 number) internal {
        Action memory action = world.servicing.actionOf(bond, number);
        bool isDue = _isDue(bond);
        uint256 before = world.cash.balanceOf(world.payingAgent);

        bytes memory data = abi.encodeCall(world.servicing.fundAction, (bond, number));
        if (!_serve("fundAction", world.payingAgent, data)) return;

        Payment memory escrow = world.servicing.actionPayment(bond, number);
        _demand(!isDue, "DUE-1: nothing but recoveries is funded once the bond is due");
        _demand(
            !action.isDecided && action.payTime != 0 && _now() >= action.payTime,
            "ACTION-4: an event is funded once, on its day or later"
        );
        _demand(before - world.cash.balanceOf(world.payingAgent) == escrow.funded, "ACTION-4: with what it comes to");
        _demand(escrow.penalty == _penaltyOn(bond, action), "DUE-2: what was promised and comes late bears interest");
    }

    /// @dev In the bond's zone; an offer that is not paid in time only lapses.
    function _penaltyOn(IBondToken bond, Action memory action) private view returns (uint256) {
        if (action.kind != ActionKind.PUT && action.kind != ActionKind.DRAWING) return 0;
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
        // A new bond whose last record date has passed says so only when it is noticed.
        if (action.kind == ActionKind.EXCHANGE) IBondToken(action.target).advance();
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
        for (uint256 i; i < batch.length; ++i) {
            if (_isRepeated(batch, i)) continue;
            address holder = batch[i];
            wanted[i] = Wanted({
                holder: holder,
                units: electedBy[bond][number][holder],
                held: bond.balanceOf(holder),
                wealth: _wealth(bond, holder),
                other: action.kind == ActionKind.EXCHANGE ? IBondToken(action.target).balanceOf(holder) : 0
            });
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
        if (action.kind == ActionKind.EXCHANGE) {
            // Who may not have the new units keeps the old ones.
            _demand(burned == 0 || burned == wanted.units, "EXCHANGE-1: all or nothing of a holder is exchanged");
            _exchanged(bond, action, burned, wanted);
        } else {
            bool isReleased = _isDue(bond) && burned == 0;
            _demand(
                isReleased || burned == _taken(action, wanted.units), "ACTION-6: all is taken, or the pro rata part"
            );
        }
        Due memory due = _dueOn(bond, escrow, burned);
        _demand(
            _wealth(bond, wanted.holder) - wanted.wealth == due.gross - due.tax,
            "BURN-1: units are burned in the act that pays for them, and paid in full"
        );
        (sum.gross, sum.tax) = (sum.gross + due.gross, sum.tax + due.tax);
        _moved(bond, wanted.holder, address(0), burned);
        electedBy[bond][number][wanted.holder] = 0;
        _fates[bond][number].settled += wanted.units;
    }

    /// @return due Interest and principal, each rounded down, and interest on both for being late.
    function _dueOn(IBondToken bond, Payment memory escrow, uint256 units) private view returns (Due memory due) {
        uint256 interest = units * escrow.each.interestNumerator / escrow.each.interestDenominator;
        due.gross = interest + units * escrow.each.principalNumerator / escrow.each.principalDenominator;
        uint256 late = due.gross * escrow.penalty / BILLION;
        due.tax = (interest + late) * _taxRate(bond) / BILLION;
        due.gross += late;
    }

    function _exchanged(IBondToken bond, Action memory action, uint256 burned, Wanted memory wanted) private {
        IBondToken target = IBondToken(action.target);
        uint256 issued = target.balanceOf(wanted.holder) - wanted.other;
        _demand(
            address(target) != address(bond) && issued == burned / action.oldUnits * action.newUnits,
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
