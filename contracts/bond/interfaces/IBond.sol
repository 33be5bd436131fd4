// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IAccessManager} from "@openzeppelin/contracts/access/manager/IAccessManager.sol";

import {IBusinessCalendar} from "../../calendar/interfaces/IBusinessCalendar.sol";
import {IMemberRegistry} from "../../membership/interfaces/IMemberRegistry.sol";
import {Terms} from "../libraries/TermsLib.sol";

/// @notice The contracts of the suite that a bond works with.
struct Suite {
    IAccessManager authority;
    IMemberRegistry registry;
    IBusinessCalendar calendar;
    address offering;
    address settlement;
    address servicing;
}

/// @notice What a transfer reads and writes of one account, one slot.
/// @param units Units held; once the last payment is marked, the units that it redeemed.
/// @param frozen Units that may not move; may be more than `units`; the largest value means «all, for ever».
/// @param pledged Units that are bound, by an election or as collateral: they stay his and count for payments, and cannot move.
/// @param cursor Number of record dates that had passed when `units` last changed.
/// @param checkpoint Record date of the latest checkpoint; 0 for none.
/// @param number Number of the holder, from 1; its bit in a payment's words says «paid». Given at the issue, else at the
/// first payment; 0 for none yet.
struct Entry {
    // Slot 0: 8 + 8 + 8 + 2 + 2 + 4 = 32 bytes
    uint64 units;
    uint64 frozen;
    uint64 pledged;
    uint16 cursor;
    uint16 checkpoint;
    uint32 number;
}

/// @notice What a transfer reads of the bond, one slot.
/// @param supply Units outstanding.
/// @param nextTime Unix time at which something is due: the next record date, or, when `announced` is false, the time from
/// which it can be announced. 0 before the first issue.
/// @param records Number of record dates that have passed.
/// @param cursor Number of record dates that had passed when `supply` last changed.
/// @param checkpoint Record date of the latest checkpoint of the supply.
/// @param announced Whether the days of the next payment are fixed.
/// @param paused Whether transfers are stopped.
/// @param closed Whether the last record date has passed; what is left is to be redeemed.
/// @param holders Holder numbers given so far.
/// @param last The last period, where it was moved: by a renewal, an extension, a call. 0: as sealed. 2**16 - 1: the bond is
/// in default, and record dates are those of recoveries.
/// @param maturityDay The day, unadjusted, on which the last period ends, where it was moved off the schedule; else 0. In default,
/// 1 while the record date of the final recovery is announced.
/// @param shut Whether nothing moves while a drawing by lot counts the holdings.
struct Book {
    // Slot 0: 8 + 5 + 2 + 2 + 2 + 1 + 1 + 1 + 4 + 2 + 3 + 1 = 32 bytes
    uint64 supply;
    uint40 nextTime;
    uint16 records;
    uint16 cursor;
    uint16 checkpoint;
    bool announced;
    bool paused;
    bool closed;
    uint32 holders;
    uint16 last;
    uint24 maturityDay;
    bool shut;
}

/// @notice Units of an account at the record dates from `since` + 1 up to the one under which this is stored.
struct Checkpoint {
    // Slot 0: 8 + 2 + 2 = 12 bytes
    uint64 units;
    uint16 since;
    uint16 previous;
}

/// @notice The days of one payment, fixed when it is announced.
/// @param recordTime Unix time at which the books close; who holds before it is paid.
/// @param payTime Unix time at which the payment day begins in the bond's zone.
struct PaymentDays {
    // Slot 0: 3 + 3 + 5 + 5 = 16 bytes
    uint24 recordDay;
    uint24 payDay;
    uint40 recordTime;
    uint40 payTime;
}

/// @title IBond
/// @notice The register of one bond. A unit is one denomination; there are no fractions.
/// @dev Payment and record date `k` belong to interest period `k`, from 1 to that of the sealed schedule
/// as moved. A bond answers more than this:
/// `IBondExtension`, `IBondEvents`, ERC-20 with its metadata and permit, ERC-7943, 1643, 5267 and 165.
interface IBond {
    /// @notice The days of a payment were fixed, at most 30 days before it is due.
    event PaymentAnnounced(
        uint16 indexed period, uint24 dueDay, uint24 recordDay, uint24 payDay, uint40 recordTime, uint40 payTime
    );
    /// @notice A record date has passed; who held at it is paid. With `Transfer` it tells every checkpoint.
    event RecordPassed(uint16 indexed period, uint40 recordTime, uint64 supply);
    event PauseSet(bool paused, address actor);
    /// @notice The coupon that an offering was to fix is fixed for ever, in billionths a year.
    event CouponFixed(uint32 rate);
    /// @notice The last period is now `last`; it ends on `maturityDay`, unadjusted, or as the schedule says where that is 0.
    event TermMoved(uint16 last, uint24 maturityDay);
    /// @notice The bond is in default: from now on record dates are those of recoveries.
    event DefaultEntered(uint16 records);
    /// @notice Of a holder, units are bound, in all.
    event UnitsBound(address indexed holder, uint64 bound);
    event BooksShut(bool shut);
    /// @notice A permit of the owner was used; its next nonce is one more. `Approval` follows.
    event PermitUsed(address indexed owner, uint256 nonce);
    /// @notice A power of the law was used: the event of ERC-7943 that follows or precedes says what changed.
    event StatutoryPowerUsed(bytes4 indexed power, address indexed account, uint256 units, address actor);
    /// @notice The last unit was redeemed.
    event BondRedeemed(uint16 indexed period);

    /// @notice Thrown when zero units are to be moved.
    error BondUnitsZero();
    /// @notice Thrown when sender and receiver are the same.
    error BondSelfTransfer(address account);
    /// @notice Thrown when the bond is paused.
    error BondPaused();
    /// @notice Thrown while a drawing by lot counts the holdings.
    error BondBooksShut();
    /// @notice Thrown when the term is moved so that a record date that has passed would lie after its end, or the next one
    /// before now.
    error BondTermTooLate(uint256 last, uint256 maturityDay, uint256 records);
    /// @notice Thrown when a bond that is in default is to be called, issued or changed, or one that is not is to recover.
    error BondDefaulted(bool isInDefault);
    /// @notice Thrown when more units of a holder are to be released or redeemed than are bound.
    error BondBelowBound(address holder, uint256 bound, uint256 units);
    /// @notice Thrown after the last record date: what is left is to be redeemed.
    error BondBooksClosed();
    /// @notice Thrown when a holding would be above zero but below the minimum denomination.
    error BondBelowMinimumDenomination(address account, uint256 units, uint256 minimum);
    /// @notice Thrown when an issue would pass the authorised units.
    error BondUnitsExceedAuthorised(uint256 units, uint256 authorised);
    /// @notice Thrown when the caller is not the contract of the suite that this act belongs to.
    error BondCallerRefused(address caller);
    /// @notice Thrown when a holder whose units are all frozen approves somebody.
    error BondHolderFrozen(address account);
    /// @notice Thrown when a permit is used after its deadline.
    error BondPermitExpired(uint256 deadline);
    /// @notice Thrown when a permit is not signed by the owner, for this bond, this chain and the owner's next nonce.
    error BondPermitSignatureInvalid(address owner);
    /// @notice Thrown when a record date has not passed, or has not been noticed yet; `advance` notices.
    error BondRecordPending(uint256 record, uint256 passed);

    /// @notice Thrown when the coupon is sealed in the terms, or was fixed before.
    error BondCouponFixed(uint32 rate);

    /// @notice Thrown when a bond is built on an extension that is not there, or that obeys another suite.
    error BondExtensionInvalid(address extension);
    /// @notice Thrown when no part of the bond has this function.
    error BondActUnknown(bytes4 selector);

    /* ISSUE, DELIVERY, PAYMENT: the suite's own contracts */

    /// @notice Fixes the coupon of a bond whose terms leave it to an offering. Caller: the Offering.
    /// @dev The name has a selector above that of `transfer`: solc compares them one by one from the lowest, 22 gas each.
    /// @param rate Billionths a year.
    function fixCouponRate(uint32 rate) external;

    /// @notice Issues units to subscribers, or to holders who exchange another bond. Caller: the Offering, the Servicing.
    function issue(address[] calldata holders, uint64[] calldata units) external;

    /// @notice Moves units that their owner sold under a signature. Caller: the Settlement.
    /// @dev The name has a low selector, and solc compares them one by one from the lowest, 22 gas each.
    function bookTransfer(address from, address to, uint256 units) external;

    /// @notice Marks a payment as made to holders, once each, and burns their units at the last one. Caller: the Servicing.
    /// @return due For each holder the units at the record date in the low 64 bits, 0 when it was already paid; in the next
    /// 64 bits how many of them are frozen now: what is due on those is to be kept for the holder.
    function markPaid(uint16 period, address[] calldata holders) external returns (uint256[] memory due);

    /* RECORD DATES */

    /// @notice Notices every announcement and record date that is due. Anyone may call it; transfers do it by themselves.
    /// @dev Does nothing before the first issue: a record date without holders is noticed with it, or by the Offering before it,
    /// which prices by it.
    function advance() external;

    /* VIEWS */

    /// @return The sealed terms, with the coupon as an offering fixed it.
    function terms() external view returns (Terms memory);

    /// @return The contracts that this bond obeys, fixed in its implementation.
    function suite() external view returns (Suite memory);

    function isin() external view returns (bytes12);

    function currency() external view returns (address);

    function book() external view returns (Book memory);

    function entryOf(address account) external view returns (Entry memory);

    /// @return Units outstanding at a record date that has passed.
    function supplyAt(uint16 record) external view returns (uint64);

    /// @return Zeros while the payment is not announced.
    function paymentDays(uint16 period) external view returns (PaymentDays memory);

    /// @return Whether the payment was made to the holder.
    function isPaid(address holder, uint16 period) external view returns (bool);
}
