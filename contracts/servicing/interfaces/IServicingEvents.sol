// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IBond} from "../../bond/interfaces/IBond.sol";
import {Provisions} from "../../bond/interfaces/Provisions.sol";
import {Rights} from "../../bond/interfaces/Rights.sol";
import {Terms} from "../../bond/libraries/TermsLib.sol";
import {Amendment} from "./IServicingVersions.sol";
import {Action, FixingSource} from "./ServicingTypes.sol";

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

    /// @notice Part of a payment is interest for being late.
    /// @param rate Billionths of each amount.
    /// @param amount Base units, beside those of `PaymentFunded`.
    event PenaltyFunded(IBond indexed bond, uint16 indexed period, uint64 rate, uint256 amount);

    /* TERM */

    /// @notice The issuer redeems the whole bond early: its last period is `last`, which ends on `day`, unadjusted.
    /// @param price Billionths of the principal.
    /// @param code The stated event; zero for a call.
    event BondCalled(
        IBond indexed bond, uint16 last, uint24 day, uint64 price, bytes8 code, bytes32 document, address actor
    );
    /// @notice The issuer redeems a part of every unit with a payment.
    /// @param share Billionths of the face.
    event BondCalledInPart(IBond indexed bond, uint16 indexed period, uint64 share, uint64 price, address actor);
    /// @notice The issuer extended the maturity: the last period is now `last`, the rate from then on `rate`.
    event MaturityExtended(IBond indexed bond, uint16 last, uint32 rate, address actor);
    /// @notice The issuer cancelled units of his own.
    /// @param credit Units that count towards the sinking fund now.
    event UnitsCancelled(IBond indexed bond, address indexed holder, uint64 units, uint64 credit);

    /* EVENTS OF HOLDERS */

    /// @notice An event began in which holders take part. Source of truth for its terms.
    /// @param code The stated event that opened a put; else zero.
    event ActionOpened(IBond indexed bond, uint16 indexed number, Action action, bytes8 code, address actor);
    /// @param elected Units that the holder has elected now.
    event UnitsElected(IBond indexed bond, uint16 indexed action, address indexed holder, uint64 units, uint64 elected);
    event ElectionWithdrawn(
        IBond indexed bond, uint16 indexed action, address indexed holder, uint64 units, uint64 elected
    );
    /// @notice Units are free again: the event took none of them, or no more.
    event ElectionReleased(IBond indexed bond, uint16 indexed action, address indexed holder, uint64 units);
    event ElectionAnnulled(
        IBond indexed bond, uint16 indexed action, address indexed holder, uint64 units, bytes32 document, address actor
    );
    /// @notice A drawing began: the books are shut.
    /// @param units Units among which it is drawn.
    event DrawingBegun(IBond indexed bond, uint16 indexed action, uint64 units);
    /// @notice Holders were put into the row, in this order, each with all his units that are not bound. With no holders, once the
    /// row is complete: the block after this one decides anew where the sample starts.
    /// @param counted Units in the row so far.
    event HoldersCounted(IBond indexed bond, uint16 indexed action, address[] holders, uint64 counted);
    /// @notice Where the sample starts.
    event DrawingSeeded(IBond indexed bond, uint16 indexed action, uint64 seed);
    /// @notice Of each holder, so many units are drawn.
    event UnitsDrawn(IBond indexed bond, uint16 indexed action, address[] holders, uint64[] drawn);
    /// @notice A drawing is complete: the books are open.
    event DrawingCompleted(IBond indexed bond, uint16 indexed action, uint64 drawn);
    /// @notice A sinking fund needs no drawing, as enough was cancelled.
    event SinkingSatisfied(IBond indexed bond, uint16 indexed period, uint64 units);
    /// @notice The price of an event was escrowed: interest, principal and penalty, for `units` units at most.
    event ActionFunded(
        IBond indexed bond,
        uint16 indexed action,
        address indexed payer,
        uint256 interest,
        uint256 principal,
        uint256 penalty,
        uint64 units
    );
    /// @notice Those of `holders` who had elected were settled: `taken` units in all were burned, and `amount` is due on them.
    event ActionSettled(
        IBond indexed bond, uint16 indexed action, address[] holders, uint64 taken, uint256 amount, address actor
    );
    /// @notice Every election is settled. The residue is kept for the payer.
    event ActionCompleted(IBond indexed bond, uint16 indexed action, uint256 residue, address payer);

    /* DEFAULT */

    /// @notice A default was noticed, of this bond or by another one's.
    event DefaultNoticed(
        IBond indexed bond, uint16 indexed action, IBond cause, uint16 period, uint16 redemption, address actor
    );
    /// @notice The bond was made due: every unit has one claim, for what is owed up to `period`, whose interest ends on `day`.
    /// @param action The event in which notice was given; 0 where the last payment was missed.
    event BondMadeDue(IBond indexed bond, uint16 indexed action, uint16 period, uint24 day, address actor);
    /// @notice The claim of a unit was set, base units times 1e18.
    event ClaimSet(IBond indexed bond, uint256 principal, uint256 interest, uint24 day);
    /// @notice A recovery was escrowed, for those who will hold at record date `record`.
    /// @param principal Of a unit's claim after it, base units times 1e18.
    /// @param interest Of a unit's claim after it.
    event RecoveryFunded(
        IBond indexed bond,
        uint16 indexed record,
        address indexed payer,
        uint256 amount,
        uint64 units,
        uint256 principal,
        uint256 interest,
        bytes32 document
    );
    /// @notice The recovery that was funded is the last: what a unit is owed beyond it is lost.
    event DefaultClosed(IBond indexed bond, uint16 indexed record, uint256 principal, uint256 interest, address actor);

    /* VERSIONS */

    /// @notice New terms were put to the holders; they are in the code of `source`.
    event TermsProposed(
        IBond indexed bond,
        uint16 indexed action,
        address source,
        Terms terms,
        Provisions provisions,
        Rights rights,
        Amendment amendment
    );
    /// @notice A version of the terms applies from period `from` on.
    event TermsEnacted(
        IBond indexed bond, uint16 indexed version, uint16 indexed action, address source, uint16 from, address actor
    );

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

    /// @notice Thrown when a bond is called for a day on which no right of the terms lies, or that was called already.
    error CallRefused(address bond, uint256 day);
    /// @notice Thrown when a part is called that is not whole base units of a unit, leaves nothing, or that the terms do not provide for.
    error PartialCallRefused(address bond, uint256 period, uint256 share);
    /// @notice Thrown when the terms state no such event.
    error EventNotStated(address bond, bytes8 code);
    /// @notice Thrown when the maturity is extended without a right, twice, or after a call.
    error ExtensionRefused(address bond);
    /// @notice Thrown when there is no such event of holders, or it is of another kind than this act needs.
    error ActionUnknown(address bond, uint256 action);
    /// @notice Thrown when a term of an event is out of range.
    error ActionTermInvalid(bytes32 term);
    /// @notice Thrown when a right has been opened already.
    error ActionAlreadyOpen(address bond, uint256 action);
    /// @notice Thrown before or after the time in which holders elect, or units are drawn.
    error ActionNotOpen(address bond, uint256 action, uint256 opensAt, uint256 closesAt, uint256 time);
    /// @notice Thrown when units are to be released that the event may still take.
    error ActionNotOver(address bond, uint256 action);
    /// @notice Thrown when an event is paid or carried twice.
    error ActionDecided(address bond, uint256 action);
    /// @notice Thrown when holders are to be settled whom nobody has paid in for.
    error ActionNotFunded(address bond, uint256 action);
    /// @notice Thrown when an event is funded that has no units, lapsed, or is not drawn to the end.
    error ActionNotPayable(address bond, uint256 action);
    /// @notice Thrown before the payment day of an event.
    error ActionNotDue(address bond, uint256 action, uint256 payTime, uint256 time);
    /// @notice Thrown when zero units are elected, units of the issuer, or what is no multiple of an exchange's `oldUnits`.
    error ElectionRefused(address bond, uint256 action, address holder, uint256 units);
    /// @notice Thrown when more is withdrawn than was elected, or an election cannot be taken back.
    error ElectionNotWithdrawable(address bond, uint256 action, address holder, uint256 elected);
    /// @notice Thrown when an account has not the power that an act needs.
    error PowerMissing(address account, bytes4 act);
    /// @notice Thrown when a holder of a drawing was served already, holds nothing that could be drawn, or does not stand in the row.
    error DrawingHolderWrong(address bond, uint256 action, address holder);
    /// @notice Thrown when units are drawn before the row is complete, or before the second block after.
    error DrawingNotCounted(address bond, uint256 action, uint256 counted, uint256 units);
    /// @notice Thrown when the terms have no sinking fund with a payment, or it is not time to draw it.
    error SinkingRefused(address bond, uint256 period);
    /// @notice Thrown when no default is there, it was cured, or it is none of this bond by its terms.
    error DefaultNotFound(address bond, address cause, uint256 period, uint256 redemption);
    /// @notice Thrown when holders of too few units consent or give notice; `needed` is zero where the terms give no such right.
    error ShareNotReached(address bond, uint256 action, uint256 elected, uint256 needed);
    /// @notice Thrown when a bond is to be paid, called or changed that was made due.
    error BondDueAlready(address bond);
    /// @notice Thrown when a recovery is paid for a bond that was not made due, or was closed.
    error RecoveryRefused(address bond);
    /// @notice Thrown when a recovery comes to nothing, or to more than is owed.
    error RecoveryAmountWrong(address bond, uint256 amount, uint256 owed);
    /// @notice Thrown when the record day of a recovery is no business day after today, or more than 31 days off.
    error RecoveryDayWrong(address bond, uint256 recordDay, uint256 today);
    /// @notice Thrown when a change touches what stays for ever, or a period that has begun.
    error AmendmentRefused(address bond, bytes32 term);
}
