// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IBond} from "../../bond/interfaces/IBond.sol";
import {FixingSource} from "./ServicingTypes.sol";

/// @title IServicingEvents
/// @notice What servicing says, and why it refuses. Amounts are base units of the bond's currency.
interface IServicingEvents {
    /// @notice A payment was escrowed. `interest` + `principal` is what was taken from the payer.
    event PaymentFunded(
        IBond indexed bond,
        uint16 indexed period,
        address indexed payer,
        uint256 interest,
        uint256 principal,
        uint64 units
    );
    /// @notice Those of `holders` who were owed this payment and had not been served are served now: source of truth for
    /// who was paid. What each got is in the cash token's `Transfer`, in `AmountKept` and `TaxWithheld` of the same transaction,
    /// and follows from the units at the record date; two lists of numbers more would cost a holder 512 gas.
    /// @param units Units served by this batch.
    /// @param amount What is due on them: sent, withheld or kept.
    event HoldersPaid(
        IBond indexed bond, uint16 indexed period, address[] holders, uint64 units, uint256 amount, address actor
    );
    /// @notice The same for buyers of units that were sold before the record date and delivered after it.
    event ClaimsPaid(
        IBond indexed bond, uint16 indexed period, address[] buyers, uint64 units, uint256 amount, address actor
    );
    /// @notice Of what is due to a holder, tax was taken off the interest.
    /// @param gross Interest before tax.
    event TaxWithheld(
        IBond indexed bond, uint16 indexed period, address indexed holder, uint256 gross, uint256 tax, uint256 net
    );
    /// @notice Part or all of a holder's amount could not be sent, or is due on frozen units, and is kept for him.
    event AmountKept(IBond indexed bond, uint16 indexed period, address indexed holder, uint256 amount);
    /// @notice A kept amount was collected.
    event AmountCollected(IBond indexed bond, address indexed holder, uint256 amount, address actor);
    /// @notice All holders are served. The residue is kept for the payer.
    event PaymentCompleted(IBond indexed bond, uint16 indexed period, uint256 residue, address payer);
    /// @notice A payment of `units` units goes to the buyer in the seller's place: they were sold before the record date and
    /// delivered after it.
    event ClaimTransferred(
        IBond indexed bond, uint16 indexed period, address indexed seller, address buyer, uint64 units
    );
    /// @notice The same, where the seller had the money already: `amount`, after tax, is owed to the buyer and taken off what he pays.
    event ClaimSettled(
        IBond indexed bond, uint16 indexed period, address indexed seller, address buyer, uint64 units, uint256 amount
    );
    /// @notice The figures of a period are fixed; fields as in `Fixing`.
    event PeriodFixed(
        IBond indexed bond,
        uint16 indexed period,
        uint32 rate,
        FixingSource source,
        int64 value,
        uint24 day,
        uint64 indexRatio,
        uint128 factor,
        uint128 arrears,
        address actor
    );
    /// @notice The issuer deferred the interest of a period.
    /// @param arrears Of a unit after the period, 1e18 = the face, where it was fixed before; else 0, and `PeriodFixed` will say.
    event InterestDeferred(IBond indexed bond, uint16 indexed period, uint128 arrears, address actor);
    /// @notice The issuer renewed the bond: its last period is now `lastPeriod`.
    event BondRenewed(IBond indexed bond, uint16 lastPeriod, address actor);

    /// @notice Thrown when the address is not a bond of this depository that obeys this Servicing.
    error ServicingBondUnknown(address bond);
    /// @notice Thrown when no part of the contract knows a function.
    error ServicingActUnknown(bytes4 selector);
    /// @notice Thrown at deployment when the next part is no contract.
    error ServicingPartMissing(address part);
    /// @notice Thrown when the caller is not the one that this act belongs to: the issuer, or the suite's own contract.
    error ServicingCallerRefused(address bond, address caller);
    /// @notice Thrown when a period is 0 or after the last.
    error PaymentPeriodUnknown(address bond, uint256 period, uint256 periods);
    /// @notice Thrown when a payment is funded before its record date, as what is owed is not known yet.
    error PaymentRecordPending(address bond, uint256 period, uint256 recordTime);
    /// @notice Thrown when a payment is funded twice.
    error PaymentAlreadyFunded(address bond, uint256 period);
    /// @notice Thrown when the payer has less than what the payment needs.
    error PaymentUnderfunded(address bond, uint256 period, uint256 available, uint256 needed);
    /// @notice Thrown when a payment is to be made that nobody has funded.
    error PaymentNotFunded(address bond, uint256 period);
    /// @notice Thrown before the payment day.
    error PaymentNotDue(address bond, uint256 period, uint256 payTime, uint256 time);
    /// @notice Thrown when no holder of a batch, or not the claimant, is owed anything: served before, or no holder then; or when
    /// nothing is paid for a period, as its interest is capitalised or deferred.
    error PaymentNothingDue(address bond, uint256 period);
    /// @notice Thrown when a holder claims what he has been paid.
    error PaymentAlreadyMade(address bond, uint256 period, address holder);
    /// @notice Thrown when redemption is asked for a period that is not the last, or the last is paid as a coupon.
    error PaymentKindWrong(address bond, uint256 period, uint256 lastPeriod);
    /// @notice Thrown when a cash token moved another amount than it was told to.
    error PaymentCashMismatch(address currency, uint256 expected, uint256 moved);
    /// @notice Thrown when nothing is kept for a holder.
    error KeptAmountNone(address bond, address holder);
    /// @notice Thrown when a kept amount is asked for while units of the holder are frozen.
    error KeptAmountFrozen(address bond, address holder, uint256 frozen);
    /// @notice Thrown when a seller gives away payments while units of his are frozen: what is due on them is kept.
    error ClaimFrozen(address bond, address seller, uint256 frozen);
    /// @notice Thrown when a seller gives away the payment of more units than it is his for.
    error ClaimExceedsUnits(address bond, uint256 period, address seller, uint256 has, uint256 units);

    /// @notice Thrown when the terms of a bond leave nothing to fix.
    error FixingNotNeeded(address bond);
    /// @notice Thrown when a period is fixed twice, or before the one before it.
    error FixingOutOfOrder(address bond, uint256 period, uint256 next);
    /// @notice Thrown when a period is to be fixed before the day that it is fixed from.
    error FixingTooEarly(address bond, uint256 period, uint256 day, uint256 today);
    /// @notice Thrown when the value of a day is not published, or can still be corrected, and no fallback applies yet.
    error FixingNotPublished(address bond, uint256 period, bytes8 benchmark, uint256 day, uint256 fallbackDay);
    /// @notice Thrown when amounts of a period are asked for that is not fixed yet.
    error PeriodNotFixed(address bond, uint256 period);
    /// @notice Thrown when interest is deferred that may not be: the terms give no such right, it is the last payment, it is
    /// deferred already, or the period is neither the one that was fixed last nor the next.
    error DeferralRefused(address bond, uint256 period);
    /// @notice Thrown when a right is used after its notice date.
    error NoticeTooLate(address bond, uint256 until, uint256 time);
    /// @notice Thrown when a bond is renewed whose terms give no such right, or beyond the year 2299.
    error RenewalRefused(address bond);
    /// @notice Thrown when a bond is renewed before the cycle has begun after which it would be.
    error RenewalTooEarly(address bond, uint256 from, uint256 time);
    /// @notice Thrown when accrued interest is asked for a day from maturity on, with the books closed.
    error AccrualDayInvalid(address bond, uint256 day);
    /// @notice Thrown when accrued interest is asked where more than one payment is pending.
    error AccrualRecordsInvalid(address bond, uint256 day, uint256 records);
}
