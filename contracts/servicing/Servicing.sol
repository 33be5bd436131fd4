// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";

import {IBond, PaymentDays} from "../bond/interfaces/IBond.sol";
import {IBondExtension} from "../bond/interfaces/IBondExtension.sol";
import {IBondFactory} from "../bond/interfaces/IBondFactory.sol";
import {Provisions, Withholding} from "../bond/interfaces/Provisions.sol";
import {TermsLib} from "../bond/libraries/TermsLib.sol";
import {CashLib} from "../libraries/CashLib.sol";
import {RoundingLib} from "../libraries/RoundingLib.sol";
import {IMemberRegistry} from "../membership/interfaces/IMemberRegistry.sol";
import {PayoutBase} from "./PayoutBase.sol";
import {ServicingBase} from "./ServicingBase.sol";
import {IServicingCoupons} from "./interfaces/IServicingCoupons.sol";
import {IServicingDefault} from "./interfaces/IServicingDefault.sol";
import {IServicingPayments} from "./interfaces/IServicingPayments.sol";
import {Payment, UnitPayment} from "./interfaces/ServicingTypes.sol";
import {BatchLib} from "./libraries/BatchLib.sol";
import {UnitPaymentLib} from "./libraries/UnitPaymentLib.sol";

/// @title Servicing
/// @notice Funding, payment, claims and redemption, for all bonds. This part holds the money; the next one computes.
/// @dev MONEY
/// - A payment is escrowed whole, then given out by record-date holdings. No function takes money out but to a holder of
///   record or who bought from him, to the tax account of the terms, or, as residue, to the payer once every unit is served.
/// - What one unit is paid is stored when the payment is funded: nothing that happens later changes it.
/// - A receiver that cannot be paid does not stop the others: his amount is kept in his name.
/// - What is due on frozen units is kept until nothing of the holder is frozen.
/// CASH
/// - Any ERC-20 that moves what it says. What moved is measured, in and out; another amount reverts the whole call.
contract Servicing is PayoutBase, IServicingPayments, ReentrancyGuardTransient {
    using CashLib for IERC20;
    using UnitPaymentLib for UnitPayment;

    /// @notice Holders that are served in one transaction.
    /// @param amounts Words of units and, above them, those of them that are frozen; then amounts to send.
    /// @param kept What is due on frozen units; empty where nothing is.
    /// @param served Units.
    /// @param total What is due on them: sent, withheld or kept.
    /// @param taxed Part of it that goes to the tax account.
    struct Batch {
        UnitPayment each;
        uint64 penalty;
        address[] holders;
        uint256[] amounts;
        uint256[] kept;
        uint64 served;
        uint256 total;
        uint256 taxed;
        address taxAccount;
    }

    constructor(IBondFactory factory, address next) ServicingBase(factory, next) {}

    /* FUNDING */

    /// @inheritdoc IServicingPayments
    function fund(IBond bond, uint16 period) external nonReentrant {
        _checkServed(bond);
        Payment storage escrow = _payments[bond][period];
        require(escrow.fundedAt == 0, PaymentAlreadyFunded(address(bond), period));
        require(_states[bond].duePeriod == 0, BondDueAlready(address(bond)));
        _checkPeriod(bond, period);
        bond.advance();
        PaymentDays memory days_ = bond.paymentDays(period);
        require(bond.book().records >= period, PaymentRecordPending(address(bond), period, days_.recordTime));

        (UnitPayment memory each, bool isLast, bool withholds) = _engine().paymentTerms(bond, period);
        require(each.interestNumerator | each.principalNumerator != 0, PaymentNothingDue(address(bond), period));
        uint64 units = bond.supplyAt(period);
        uint256 interest = each.interestOf(units);
        uint256 principal = each.principalOf(units);
        uint64 penalty = _penaltyOf(bond, period, days_);
        uint256 late = (interest + principal) * penalty / RoundingLib.RATE_SCALE;
        _payments[bond][period] = Payment({
            funded: SafeCast.toUint128(interest + principal + late),
            paid: 0,
            units: units,
            unitsPaid: 0,
            fundedAt: uint40(block.timestamp),
            payTime: days_.payTime,
            isLast: isLast,
            withholds: withholds,
            hasClaims: escrow.hasClaims,
            payer: msg.sender,
            penalty: penalty,
            each: each
        });

        emit PaymentFunded(bond, period, msg.sender, interest, principal, units);
        if (penalty != 0) emit PenaltyFunded(bond, period, penalty, late);
        _take(bond, period, interest + principal + late);
    }

    /* PAYMENT */

    /// @inheritdoc IServicingPayments
    function pay(IBond bond, uint16 period, address[] calldata holders) external nonReentrant {
        require(!_payments[bond][period].isLast, PaymentKindWrong(address(bond), period, period));
        require(_serve(bond, period, holders) != 0, PaymentNothingDue(address(bond), period));
    }

    /// @inheritdoc IServicingPayments
    function redeem(IBond bond, address[] calldata holders) external nonReentrant {
        _checkBond(bond);
        bond.advance();
        uint16 last = _engine().lastPeriod(bond);
        require(_serve(bond, last, holders) != 0, PaymentNothingDue(address(bond), last));
    }

    /// @inheritdoc IServicingPayments
    function claim(IBond bond, uint16 period) external nonReentrant {
        _checkBond(bond);
        require(!bond.isPaid(msg.sender, period), PaymentAlreadyMade(address(bond), period, msg.sender));
        address[] memory holders = new address[](1);
        holders[0] = msg.sender;
        require(_serve(bond, period, holders) != 0, PaymentNothingDue(address(bond), period));
    }

    /// @inheritdoc IServicingPayments
    function payClaims(IBond bond, uint16 period, address[] calldata buyers) external nonReentrant {
        Payment memory escrow = _dueEscrow(bond, period);
        Batch memory batch;
        (batch.holders, batch.amounts) = (buyers, new uint256[](buyers.length));
        for (uint256 i; i < buyers.length; ++i) {
            uint64 units = _claimed[bond][period][buyers[i]];
            if (units == 0) continue;
            delete _claimed[bond][period][buyers[i]];
            _claimsPaid[bond][period][buyers[i]] += units;
            batch.amounts[i] = _withFrozen(units, bond.entryOf(buyers[i]).frozen);
        }
        _price(bond, period, escrow, batch);
        require(batch.served != 0, PaymentNothingDue(address(bond), period));

        emit ClaimsPaid(bond, period, buyers, batch.served, batch.total, msg.sender);
        _payOut(bond, period, escrow, batch);
    }

    /// @inheritdoc IServicingPayments
    function collect(IBond bond, address holder) external nonReentrant {
        uint256 amount = _kept[bond][holder];
        require(amount != 0, KeptAmountNone(address(bond), holder));
        uint256 frozen = bond.entryOf(holder).frozen;
        require(frozen == 0, KeptAmountFrozen(address(bond), holder, frozen));

        _kept[bond][holder] = 0;

        emit AmountCollected(bond, holder, amount, msg.sender);
        IERC20 cash = IERC20(bond.currency());
        _checkMoved(cash, amount, cash.push(holder, amount));
    }

    /// @inheritdoc IServicingPayments
    function transferClaim(IBond bond, uint16 period, address seller, address buyer, uint64 units)
        external
        nonReentrant
        returns (uint256 due)
    {
        _checkBond(bond);
        require(msg.sender == bond.suite().settlement, ServicingCallerRefused(address(bond), msg.sender));
        Payment storage escrow = _payments[bond][period];

        // What the seller bought in the same way goes on first: what he still claims, then what he was paid for.
        uint64 claimed = _claimed[bond][period][seller];
        uint64 moved = claimed < units ? claimed : units;
        if (moved != 0) _claimed[bond][period][seller] = claimed - moved;
        uint64 repaid = _claimsPaid[bond][period][seller];
        if (repaid > units - moved) repaid = units - moved;
        if (repaid != 0) _claimsPaid[bond][period][seller] -= repaid;

        uint64 rest = units - moved - repaid;
        if (rest != 0) {
            uint64 given = _transferred[bond][period][seller] + rest;
            uint64 has = IBondExtension(address(bond)).unitsAt(seller, period);
            require(given <= has, ClaimExceedsUnits(address(bond), period, seller, has, given));
            _transferred[bond][period][seller] = given;
            if (bond.isPaid(seller, period)) {
                repaid += rest;
            } else {
                escrow.hasClaims = true;
                moved += rest;
            }
        }
        if (repaid != 0) {
            _claimsPaid[bond][period][buyer] += repaid;
            due = _owed(bond, escrow, seller, repaid);
        }
        if (moved != 0) {
            uint256 frozen = bond.entryOf(seller).frozen;
            require(frozen == 0, ClaimFrozen(address(bond), seller, frozen));
            _claimed[bond][period][buyer] += moved;
            emit ClaimTransferred(bond, period, seller, buyer, moved);
        }
        if (repaid != 0) emit ClaimSettled(bond, period, seller, buyer, repaid, due);
    }

    /* VIEWS */

    /// @inheritdoc IServicingPayments
    function payment(IBond bond, uint16 period) external view returns (Payment memory) {
        return _payments[bond][period];
    }

    /// @inheritdoc IServicingPayments
    function keptFor(IBond bond, address holder) external view returns (uint256) {
        return _kept[bond][holder];
    }

    /// @inheritdoc IServicingPayments
    function claimedBy(IBond bond, uint16 period, address buyer) external view returns (uint64) {
        return _claimed[bond][period][buyer];
    }

    /// @inheritdoc IServicingPayments
    function claimsPaidTo(IBond bond, uint16 period, address buyer) external view returns (uint64) {
        return _claimsPaid[bond][period][buyer];
    }

    /// @inheritdoc IServicingPayments
    function transferredBy(IBond bond, uint16 period, address seller) external view returns (uint64) {
        return _transferred[bond][period][seller];
    }

    /// @inheritdoc IServicingPayments
    function taxRatesOf(IBond bond, address[] memory accounts)
        public
        view
        returns (address taxAccount, uint32[] memory rates)
    {
        _checkBond(bond);
        rates = new uint32[](accounts.length);
        if (!TermsLib.hasProvisions(address(bond))) return (address(0), rates);
        Provisions memory provisions = TermsLib.provisionsOf(address(bond));
        taxAccount = provisions.taxAccount;
        IMemberRegistry registry = bond.suite().registry;
        for (uint256 i; i < accounts.length; ++i) {
            rates[i] = _taxRate(provisions.withholdings, registry.wordOf(accounts[i]).verdicts());
        }
    }

    /* INTERNAL */

    /// @dev The part that computes, at this same address.
    function _engine() internal view returns (IServicingCoupons) {
        return IServicingCoupons(address(this));
    }

    /// @return Billionths that are owed for funding a payment after its day.
    function _penaltyOf(IBond bond, uint16 period, PaymentDays memory days_) internal view returns (uint64) {
        // Most payments come in time, and need not know the terms of default.
        if (block.timestamp < uint256(days_.payTime) + 1 days) return 0;
        uint24 today = days_.payDay + uint24((block.timestamp - days_.payTime) / 1 days);
        return IServicingDefault(address(this)).penaltyOf(bond, period, days_.payDay, today);
    }

    /// @return Units of the holders that were served.
    function _serve(IBond bond, uint16 period, address[] memory holders) internal returns (uint64) {
        Payment memory escrow = _dueEscrow(bond, period);
        Batch memory batch;
        (batch.holders, batch.amounts) = (holders, BatchLib.markPaid(bond, period, holders));
        if (escrow.hasClaims) _leaveOutTransferred(bond, period, batch);
        _price(bond, period, escrow, batch);

        emit HoldersPaid(bond, period, holders, batch.served, batch.total, msg.sender);
        _payOut(bond, period, escrow, batch);
        return batch.served;
    }

    function _leaveOutTransferred(IBond bond, uint16 period, Batch memory batch) internal view {
        for (uint256 i; i < batch.amounts.length; ++i) {
            uint256 word = batch.amounts[i];
            if (word == 0) continue;
            uint256 units = uint64(word) - _transferred[bond][period][batch.holders[i]];
            batch.amounts[i] = _withFrozen(units, word >> 64);
        }
    }

    function _withFrozen(uint256 units, uint256 frozen) internal pure returns (uint256 word) {
        return units | ((frozen < units ? frozen : units) << 64);
    }

    /// @return escrow Of a payment that is funded and due.
    function _dueEscrow(IBond bond, uint16 period) internal view returns (Payment memory escrow) {
        escrow = _payments[bond][period];
        if (escrow.fundedAt == 0) {
            _checkBond(bond);
            _checkPeriod(bond, period);
            revert PaymentNotFunded(address(bond), period);
        }
        require(
            block.timestamp >= escrow.payTime, PaymentNotDue(address(bond), period, escrow.payTime, block.timestamp)
        );
    }

    /// @dev Turns words of units into amounts to send.
    function _price(IBond bond, uint16 period, Payment memory escrow, Batch memory batch) internal {
        (batch.each, batch.penalty) = (escrow.each, escrow.penalty);
        if (!escrow.withholds && escrow.penalty == 0 && batch.each.isSimple()) return _priceSimply(batch);
        uint32[] memory rates = new uint32[](batch.holders.length);
        if (escrow.withholds) {
            (batch.taxAccount, rates) = taxRatesOf(bond, batch.holders);
        }
        for (uint256 i; i < rates.length; ++i) {
            uint256 word = batch.amounts[i];
            if (word == 0) continue;
            uint256 units = uint64(word);
            batch.amounts[i] = batch.each.lateAmountOf(units, batch.penalty);
            batch.total += batch.amounts[i];
            batch.served += uint64(units);
            if (rates[i] != 0) {
                (uint256 gross, uint256 tax) = _withhold(batch, i, units, rates[i]);
                emit TaxWithheld(bond, period, batch.holders[i], gross, tax, gross - tax);
            }
            if (word != units) _keepBack(batch, i, units - (word >> 64), rates[i]);
        }
    }

    /// @dev The same for nearly every payment: no tax, whole principal.
    function _priceSimply(Batch memory batch) internal pure {
        uint256[] memory amounts = batch.amounts;
        uint256 numerator = batch.each.interestNumerator;
        uint256 denominator = batch.each.interestDenominator;
        uint256 principal = batch.each.principalNumerator;
        uint256 total;
        uint256 served;
        for (uint256 i; i < amounts.length;) {
            uint256 word = amounts[i];
            unchecked {
                if (word != 0) {
                    uint256 units = uint64(word);
                    // `isSimple` says that nothing overflows; sums are at most what was funded.
                    uint256 amount = units * numerator / denominator + units * principal;
                    total += amount;
                    served += units;
                    amounts[i] = amount;
                    if (word != units) _keepBack(batch, i, units - (word >> 64), 0);
                }
                ++i;
            }
        }
        (batch.total, batch.served) = (total, uint64(served)); // at most the supply
    }

    /// @dev Takes the tax on the interest out of an amount.
    function _withhold(Batch memory batch, uint256 i, uint256 units, uint256 rate)
        internal
        pure
        returns (uint256 gross, uint256 tax)
    {
        gross = batch.each.taxableOf(units, batch.penalty);
        tax = batch.amounts[i] - batch.each.netOf(units, rate, batch.penalty);
        batch.amounts[i] -= tax;
        batch.taxed += tax;
    }

    /// @dev Takes what is due on frozen units out of an amount.
    function _keepBack(Batch memory batch, uint256 i, uint256 free, uint256 rate) internal pure {
        if (batch.kept.length == 0) batch.kept = new uint256[](batch.amounts.length);
        uint256 amount = batch.each.netOf(free, rate, batch.penalty);
        batch.kept[i] = batch.amounts[i] - amount;
        batch.amounts[i] = amount;
    }

    function _payOut(IBond bond, uint16 period, Payment memory escrow, Batch memory batch) internal {
        escrow.paid += uint128(batch.total); // at most what was funded
        escrow.unitsPaid += batch.served;
        require(
            escrow.unitsPaid <= escrow.units && escrow.paid <= escrow.funded,
            PaymentUnderfunded(address(bond), period, escrow.funded, escrow.paid)
        );
        Payment storage stored = _payments[bond][period];
        (stored.paid, stored.unitsPaid) = (escrow.paid, escrow.unitsPaid);

        if (escrow.unitsPaid == escrow.units) _complete(bond, period, escrow);
        IERC20 cash = IERC20(bond.currency());
        _send({bond: bond, period: period, cash: cash, holders: batch.holders, amounts: batch.amounts});
        for (uint256 i; i < batch.kept.length; ++i) {
            if (batch.kept[i] != 0) _keep(bond, period, batch.holders[i], batch.kept[i]);
        }
        if (batch.taxed != 0 && !_trySend(cash, batch.taxAccount, batch.taxed)) {
            _keep(bond, period, batch.taxAccount, batch.taxed);
        }
    }

    /// @return What a seller got for units, after tax.
    function _owed(IBond bond, Payment memory escrow, address seller, uint64 units) internal view returns (uint256) {
        address[] memory sellers = new address[](1);
        sellers[0] = seller;
        (, uint32[] memory rates) = taxRatesOf(bond, sellers);
        return escrow.each.netOf(units, rates[0], escrow.penalty);
    }

    function _complete(IBond bond, uint16 period, Payment memory escrow) internal {
        uint256 residue = escrow.funded - escrow.paid;
        if (residue != 0) _kept[bond][escrow.payer] += residue;

        emit PaymentCompleted(bond, period, residue, escrow.payer);
    }

    function _taxRate(Withholding[] memory withholdings, uint24 classes) internal pure returns (uint32) {
        for (uint256 i; i < withholdings.length; ++i) {
            if (withholdings[i].classes & classes != 0) return withholdings[i].rate;
        }
        // The last entry is for all; an account that was never admitted has no class at all.
        return withholdings.length == 0 ? 0 : withholdings[withholdings.length - 1].rate;
    }

    function _checkPeriod(IBond bond, uint16 period) internal view {
        uint16 last = _engine().lastPeriod(bond);
        require(period != 0 && period <= last, PaymentPeriodUnknown(address(bond), period, last));
    }
}
