// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";

import {Book, IBond} from "../bond/interfaces/IBond.sol";
import {IBondExtension} from "../bond/interfaces/IBondExtension.sol";
import {IERC7943Fungible} from "../bond/interfaces/IERC7943Fungible.sol";
import {IBondFactory} from "../bond/interfaces/IBondFactory.sol";
import {Terms, TermsLib} from "../bond/libraries/TermsLib.sol";
import {CashLib} from "../libraries/CashLib.sol";
import {RoundingLib} from "../libraries/RoundingLib.sol";
import {ActionBase} from "./ActionBase.sol";
import {PayoutBase} from "./PayoutBase.sol";
import {ServicingBase} from "./ServicingBase.sol";
import {IServicingActionPayments} from "./interfaces/IServicingActionPayments.sol";
import {IServicingDefault} from "./interfaces/IServicingDefault.sol";
import {IServicingPayments} from "./interfaces/IServicingPayments.sol";
import {Action, ActionKind, Payment, State, UnitPayment} from "./interfaces/ServicingTypes.sol";
import {UnitPaymentLib} from "./libraries/UnitPaymentLib.sol";

/// @title ServicingActionPayments
/// @notice The part of the Servicing that pays for units which holders put, tendered or exchanged, or which were drawn.
/// @dev MONEY FIRST
/// - The price of every unit that can be taken is escrowed whole. Units are burned in the call that pays for them; those of an
///   exchange become units of the new bond in that same call.
contract ServicingActionPayments is ActionBase, PayoutBase, IServicingActionPayments, ReentrancyGuardTransient {
    using CashLib for IERC20;
    using TermsLib for Terms;
    using UnitPaymentLib for UnitPayment;

    /// @notice Holders that are settled in one transaction.
    struct Settled {
        uint256[] amounts;
        uint256[] kept;
        bool isGone;
        uint64 taken;
        uint64 units;
        uint256 total;
        uint256 taxed;
        address taxAccount;
        uint32[] rates;
    }

    constructor(IBondFactory factory, address next) ServicingBase(factory, next) {}

    /// @inheritdoc IServicingActionPayments
    function fundAction(IBond bond, uint16 number) external nonReentrant {
        _checkServed(bond);
        Action memory action = _actionOf(bond, number);
        require(!action.isDecided, ActionDecided(address(bond), number));
        require(
            action.payTime != 0 && block.timestamp >= action.payTime,
            ActionNotDue(address(bond), number, action.payTime, block.timestamp)
        );
        // New units are the issuer's to give.
        bool isExchange = action.kind == ActionKind.EXCHANGE;
        require(!isExchange || _isAgent(bond), ServicingCallerRefused(address(bond), msg.sender));
        bond.advance();
        require(_isPayable(bond, number, action), ActionNotPayable(address(bond), number));
        require(action.price != 0 || action.amount >= _rebateOf(bond, action.payDay), ActionTermInvalid("amount"));

        (UnitPayment memory each, uint64 units) = actionTerms(bond, number);
        uint64 penalty = _penaltyOf(bond, action);
        uint256 interest = each.interestOf(units);
        uint256 principal = each.principalOf(units);
        uint256 late = (interest + principal) * penalty / RoundingLib.RATE_SCALE;
        Payment storage escrow = _payments[bond][_escrowKey(number)];
        escrow.funded = SafeCast.toUint128(interest + principal + late);
        (escrow.units, escrow.fundedAt, escrow.payTime) = (units, uint40(block.timestamp), action.payTime);
        (escrow.payer, escrow.penalty, escrow.each) = (msg.sender, penalty, each);
        Action storage stored = _actions[bond][number];
        (stored.isDecided, stored.redemption) = (true, bond.book().records);

        emit ActionFunded(bond, number, msg.sender, interest, principal, late, units);
        _take(bond, 0, interest + principal + late);
    }

    /// @inheritdoc IServicingActionPayments
    function settleAction(IBond bond, uint16 number, address[] calldata holders) external nonReentrant {
        Action storage action = _actionOf(bond, number);
        Payment memory escrow = _payments[bond][_escrowKey(number)];
        require(escrow.fundedAt != 0, ActionNotFunded(address(bond), number));
        // What was recorded since for a payment is had from there: it is taken off, and goes back to the payer.
        bond.advance();
        State memory state = _states[bond];
        uint16 records = bond.book().records;
        bool isDue = state.duePeriod != 0;
        if (records != action.redemption && !isDue) {
            (UnitPayment memory each,) = actionTerms(bond, number);
            // What was escrowed is the most that there is.
            if (each.amountOf(escrow.units) < escrow.each.amountOf(escrow.units)) escrow.each = each;
        }
        Settled memory batch;
        // In default, who was recorded for anything since keeps his unit, and its claim.
        // So does everybody where the new bond takes no units any more.
        batch.isGone = (isDue && records != action.redemption)
            || (action.kind == ActionKind.EXCHANGE && _isClosed(IBond(action.target)));
        batch.amounts = new uint256[](holders.length);
        batch.kept = new uint256[](holders.length);
        (batch.taxAccount, batch.rates) = IServicingPayments(address(this)).taxRatesOf(bond, holders);
        for (uint256 i; i < holders.length; ++i) {
            _settle(bond, number, action, escrow, batch, holders[i], i);
        }
        require(batch.units != 0, PaymentNothingDue(address(bond), 0));
        action.settled += batch.units;
        Payment storage stored = _payments[bond][_escrowKey(number)];
        stored.paid += SafeCast.toUint128(batch.total);
        stored.unitsPaid += batch.taken;
        require(stored.paid <= stored.funded, PaymentUnderfunded(address(bond), 0, stored.funded, stored.paid));

        emit ActionSettled(bond, number, holders, batch.taken, batch.total, msg.sender);
        if (action.settled == action.elected) _complete(bond, number);
        IERC20 cash = IERC20(bond.currency());
        _send({bond: bond, period: 0, cash: cash, holders: holders, amounts: batch.amounts});
        for (uint256 i; i < holders.length; ++i) {
            if (batch.kept[i] != 0) _keep(bond, 0, holders[i], batch.kept[i]);
        }
        if (batch.taxed != 0 && !_trySend(cash, batch.taxAccount, batch.taxed)) {
            _keep(bond, 0, batch.taxAccount, batch.taxed);
        }
    }

    /* VIEWS */

    /// @inheritdoc IServicingActionPayments
    function actionPayment(IBond bond, uint16 number) external view returns (Payment memory) {
        return _payments[bond][_escrowKey(number)];
    }

    /// @inheritdoc IServicingActionPayments
    function actionTerms(IBond bond, uint16 number) public view returns (UnitPayment memory each, uint64 units) {
        Action memory action = _actionOf(bond, number);
        units = takenOf(bond, number, action.elected);
        // A put or a drawing has a price of the principal; an offer an amount, which takes what a coupon is too much.
        each = _accruals().redemptionTerms(bond, action.payDay, action.price);
        if (action.price != 0) return (each, units);
        uint256 rebate = _rebateOf(bond, action.payDay);
        (each.principalNumerator, each.principalDenominator) = (action.amount > rebate ? action.amount - rebate : 0, 1);
    }

    /// @inheritdoc IServicingActionPayments
    function takenOf(IBond bond, uint16 number, uint64 units) public view returns (uint64) {
        Action memory action = _actionOf(bond, number);
        bool isCut = action.kind == ActionKind.TENDER && action.most != 0 && action.elected > action.most;
        return isCut ? uint64(uint256(units) * action.most / action.elected) : units;
    }

    /* INTERNAL */

    function _settle(
        IBond bond,
        uint16 number,
        Action memory action,
        Payment memory escrow,
        Settled memory batch,
        address holder,
        uint256 i
    ) internal {
        uint64 units = _elections[bond][number][holder].units;
        if (units == 0) return;
        delete _elections[bond][number][holder];
        uint64 taken = takenOf(bond, number, units);
        uint64 issued = action.kind == ActionKind.EXCHANGE ? _exchanged(action, units) : 0;
        // Who may not hold the new bond keeps the old one, and does not stop the others.
        if (batch.isGone || (issued != 0 && !_canReceive(IBond(action.target), holder, issued))) taken = 0;
        batch.units += units;
        batch.taken += taken;
        if (taken != units) _eventsOf(bond).releaseUnits(holder, units - taken);
        if (taken == 0) return;

        uint256 amount = escrow.each.lateAmountOf(taken, escrow.penalty);
        uint256 net = escrow.each.netOf(taken, batch.rates[i], escrow.penalty);
        batch.total += amount;
        batch.taxed += amount - net;
        if (net != amount) {
            uint256 gross = escrow.each.taxableOf(taken, escrow.penalty);
            emit TaxWithheld(bond, 0, holder, gross, amount - net, gross - (amount - net));
        }
        // Nothing that is due to somebody who is frozen leaves his name.
        if (bond.entryOf(holder).frozen != 0) batch.kept[i] = net;
        else batch.amounts[i] = net;
        _eventsOf(bond).retire(holder, taken);
        if (issued == 0) return;
        (address[] memory receivers, uint64[] memory units_) = (new address[](1), new uint64[](1));
        (receivers[0], units_[0]) = (holder, issued);
        IBond(action.target).issue(receivers, units_);
    }

    /// @return New units for a multiple of the old ones.
    function _exchanged(Action memory action, uint64 units) internal pure returns (uint64) {
        return SafeCast.toUint64(uint256(units) / action.oldUnits * action.newUnits);
    }

    /// @return Whether the new bond can be issued to a holder, now or ever; a pause passes.
    function _canReceive(IBond bond, address holder, uint64 units) internal view returns (bool) {
        Terms memory terms = bond.terms();
        return IERC7943Fungible(address(bond)).canReceive(holder)
            && bond.entryOf(holder).units + units >= terms.minimumUnits && _states[bond].duePeriod == 0
            && uint256(bond.book().supply) + units <= terms.units;
    }

    /// @return Whether the books of a bond are closed, although nobody may have noticed it yet.
    function _isClosed(IBond bond) internal view returns (bool) {
        Book memory book = bond.book();
        if (block.timestamp < book.nextTime) return book.closed;
        // A bond that was never issued notices nothing by `advance`: it is asked what it foresees.
        try IBondExtension(address(bond)).checkTransfer(address(0), address(0), 0) {
            return false;
        } catch (bytes memory reason) {
            return bytes4(reason) == IBond.BondBooksClosed.selector;
        }
    }

    /// @return Base units of a unit, rounded up, that a recorded coupon is more than what has accrued.
    function _rebateOf(IBond bond, uint24 day) internal view returns (uint256) {
        (int256 numerator, uint256 denominator) = _accruals().accruedPerUnit(bond, day, bond.book().records);
        return numerator < 0 ? (uint256(-numerator) + denominator - 1) / denominator : 0;
    }

    /// @return Billionths that are owed for paying what was promised after its day.
    function _penaltyOf(IBond bond, Action memory action) internal view returns (uint64) {
        if (!_isPromised(action.kind) || block.timestamp < uint256(action.payTime) + 1 days) return 0;
        uint16 period = _periodOn(bond, action.payDay);
        Terms memory terms = bond.terms();
        uint24 today = terms.dayOf(block.timestamp);
        return IServicingDefault(address(this)).penaltyOf(bond, period, terms.dayOf(action.payTime), today);
    }

    function _isPayable(IBond bond, uint16 number, Action memory action) internal view returns (bool) {
        if (action.elected == 0 || action.kind >= ActionKind.RESOLUTION) return false;
        if (bond.book().closed || _states[bond].duePeriod != 0) return false;
        if (action.kind == ActionKind.DRAWING) {
            return _drawings[bond][number].units != 0 && _drawings[bond][number].passed == _drawings[bond][number].units;
        }
        return _isPromised(action.kind) || block.timestamp < uint256(action.payTime) + LONG_STOP;
    }
}
