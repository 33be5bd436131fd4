// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IBond} from "../../bond/interfaces/IBond.sol";

/// @title IServicing
/// @notice Pays what bonds owe: money is escrowed payment by payment, and belongs to the holders of record.
/// @dev Amounts are base units of the bond's currency. A holder's amount is rounded down; what is left when all holders are
/// paid is the residue, less than one base unit a holder and part (interest, principal), and goes back to the payer.
interface IServicing {
    /// @notice The escrow of one payment.
    /// @param funded What the payer paid in.
    /// @param paid What was sent to holders, or is kept for them by name.
    /// @param units Units outstanding at the record date.
    /// @param unitsPaid Units of the holders that were served.
    /// @param fundedAt Unix time of the funding; 0 when not funded.
    /// @param payer Who paid in, and gets the residue.
    struct Payment {
        // Slot 0: 16 + 16 = 32 bytes
        uint128 funded;
        uint128 paid;
        // Slot 1: 8 + 8 + 5 = 21 bytes
        uint64 units;
        uint64 unitsPaid;
        uint40 fundedAt;
        // Slot 2: 20 bytes
        address payer;
    }

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
    /// who was paid. What each got is in the cash token's `Transfer` and in `AmountKept` of the same transaction, and
    /// follows from the units at the record date; two lists of numbers more would cost a holder 512 gas.
    /// @param units Units served by this batch.
    /// @param amount What is due on them, sent or kept.
    event HoldersPaid(
        IBond indexed bond, uint16 indexed period, address[] holders, uint64 units, uint256 amount, address actor
    );
    /// @notice Part or all of a holder's amount could not be sent, or is due on frozen units, and is kept for him.
    event AmountKept(IBond indexed bond, uint16 indexed period, address indexed holder, uint256 amount);
    /// @notice A kept amount was collected.
    event AmountCollected(IBond indexed bond, address indexed holder, uint256 amount, address actor);
    /// @notice All holders are served. The residue is kept for the payer.
    event PaymentCompleted(IBond indexed bond, uint16 indexed period, uint256 residue, address payer);

    /// @notice Thrown when the address is not a bond of this depository.
    error ServicingBondUnknown(address bond);
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
    /// @notice Thrown when no holder of a batch, or not the claimant, is owed anything: served before, or no holder then.
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

    /// @notice Escrows a payment, from the caller; anybody may pay for the issuer. The same cost for any number of holders.
    function fund(IBond bond, uint16 period) external;

    /// @notice Pays a coupon to holders, in a batch whose size the caller picks; those already served are passed over.
    function pay(IBond bond, uint16 period, address[] calldata holders) external;

    /// @notice Pays the last coupon and the principal to holders, and burns their units.
    function redeem(IBond bond, address[] calldata holders) external;

    /// @notice Pays the caller what he is owed of a payment.
    function claim(IBond bond, uint16 period) external;

    /// @notice Sends a holder what was kept for him, once nothing of his is frozen. Anyone may call it.
    function collect(IBond bond, address holder) external;

    /* VIEWS */

    function payment(IBond bond, uint16 period) external view returns (Payment memory);

    function keptFor(IBond bond, address holder) external view returns (uint256);

    /// @notice What a payment comes to.
    /// @return interest For `units` units, rounded down.
    /// @return principal Zero but for the last period.
    function amountOf(IBond bond, uint16 period, uint64 units)
        external
        view
        returns (uint256 interest, uint256 principal);
}
