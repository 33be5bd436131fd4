// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IBond} from "../../bond/interfaces/IBond.sol";

/// @notice How the book is built. Sealed methods come later; each has its own way from orders to allocations.
enum Method {
    FIXED_RATE
}

/// @notice Where an offering stands. Whether the book is open follows from time.
enum Stage {
    NONE,
    OPEN,
    CLOSED,
    ALLOCATED,
    FAILED
}

/// @title IOffering
/// @notice The primary market: orders against money, pro-rata allocation, payment and issue in one act, refunds by pull.
/// @dev Units are whole bonds; amounts are base units of the bond's currency; times are Unix seconds.
interface IOffering {
    /// @notice What the issuer sets when it opens an offering.
    /// @param offered Units on offer.
    /// @param minimumVolume Units ordered below which the issue fails and everybody gets his money back.
    /// @param minimumOrder Least units of an order.
    /// @param maximumOrder Most units of an order.
    /// @param price Base units of the currency for one unit.
    /// @param opensAt First second of the book.
    /// @param closesAt First second at which the book is closed.
    /// @param settlesBy Last second at which winners pay and get their units; what is left then lapses.
    /// @param bookrunner Account that keeps the book; has role BOOKRUNNER.
    struct Conditions {
        IBond bond;
        uint64 offered;
        uint64 minimumVolume;
        uint64 minimumOrder;
        uint64 maximumOrder;
        uint128 price;
        uint40 opensAt;
        uint40 closesAt;
        uint40 settlesBy;
        address bookrunner;
    }

    /// @notice An offering.
    /// @param ordered Units of all living orders.
    /// @param allotted Units given to orders; at most `offered`.
    /// @param lot Units of the bond's minimum denomination: orders and allotments are whole lots.
    /// @param cutRemainder With `cutAccount`: which orders got one unit of the residue, see `allocate`.
    struct Book {
        // Slot 0: 20 + 5 + 5 + 1 + 1 = 32 bytes
        IBond bond;
        uint40 opensAt;
        uint40 closesAt;
        Method method;
        Stage stage;
        // Slot 1: 16 + 8 + 8 = 32 bytes
        uint128 price;
        uint64 offered;
        uint64 minimumVolume;
        // Slot 2: 8 + 8 + 8 + 8 = 32 bytes
        uint64 minimumOrder;
        uint64 maximumOrder;
        uint64 ordered;
        uint64 allotted;
        // Slot 3: 20 + 5 = 25 bytes
        address cash;
        uint40 settlesBy;
        // Slot 4: 20 + 8 = 28 bytes
        address proceedsAccount;
        uint64 lot;
        // Slot 5: 20 + 8 = 28 bytes
        address cutAccount;
        uint64 cutRemainder;
    }

    /// @notice An order.
    /// @param units Units asked for; zero when withdrawn.
    /// @param deposit Base units of the currency held for it.
    /// @param settled Whether it was paid for and issued.
    struct Order {
        // Slot 0: 8 + 16 + 1 = 25 bytes
        uint64 units;
        uint128 deposit;
        bool settled;
    }

    /// @notice How far a prover has come with its pass over the orders.
    /// @param last Highest account proved; the next one is above it.
    struct Proof {
        // Slot 0: 20 + 8 = 28 bytes
        address last;
        uint64 cutRemainder;
        // Slot 1: 20 + 8 = 28 bytes
        address cutAccount;
        uint64 units;
        // Slot 2: 8 bytes
        uint64 allotted;
    }

    event OfferingOpened(
        uint256 indexed offeringId,
        IBond indexed bond,
        address indexed issuerAccount,
        Method method,
        Conditions conditions,
        address cash
    );
    /// @notice An order was placed or replaced; `units` and `deposit` are its new values.
    event OrderPlaced(
        uint256 indexed offeringId, address indexed account, uint64 units, uint128 deposit, uint64 totalOrdered
    );
    event OrderWithdrawn(uint256 indexed offeringId, address indexed account, uint64 units, uint64 totalOrdered);
    event BookClosed(uint256 indexed offeringId, uint64 ordered, address actor);
    event OfferingFailed(uint256 indexed offeringId, uint64 ordered, uint64 minimumVolume, address actor);
    /// @notice A prover has come so far; its proof is forgotten when it ends, or starts anew with another cut.
    event AllocationContinued(
        uint256 indexed offeringId,
        address indexed prover,
        address last,
        uint64 units,
        uint64 allotted,
        uint64 cutRemainder,
        address cutAccount
    );
    /// @notice The allocation is proved. Every allotment follows from it and the orders, see `allotmentOf`.
    event AllocationProved(
        uint256 indexed offeringId,
        uint64 ordered,
        uint64 allotted,
        uint64 cutRemainder,
        address cutAccount,
        address actor
    );
    /// @notice Winners paid and got their units.
    event OrdersSettled(
        uint256 indexed offeringId, address[] accounts, uint64[] units, uint256 proceeds, address actor
    );
    /// @notice An order could not be settled, as its account may not hold the bond now. Its money stays its own.
    event OrderSkipped(uint256 indexed offeringId, address indexed account);
    event DepositRefunded(uint256 indexed offeringId, address indexed account, uint256 amount, address actor);

    /// @notice Thrown when the bond is not one of this depository.
    error OfferingBondUnknown(address bond);
    /// @notice Thrown when the caller did not register the bond, or has no issuer's role now.
    error OfferingIssuerRefused(address account);
    /// @notice Thrown when the bookrunner has no such role now.
    error OfferingBookrunnerRefused(address account);
    /// @notice Thrown when a condition is out of range or contradicts another; `condition` is its name in `Conditions`.
    error OfferingConditionInvalid(bytes32 condition);
    /// @notice Thrown when the bond has an offering that has not failed.
    error OfferingAlreadyOpen(address bond, uint256 offeringId);
    /// @notice Thrown when an act does not belong to the stage in which the offering is.
    error OfferingStageWrong(uint256 offeringId, Stage stage);
    /// @notice Thrown before the book opens.
    error OfferingNotOpen(uint256 offeringId, uint256 opensAt, uint256 time);
    /// @notice Thrown when the book has closed.
    error OfferingClosed(uint256 offeringId, uint256 closesAt, uint256 time);
    /// @notice Thrown when the book is to be closed before its time.
    error OfferingStillOpen(uint256 offeringId, uint256 closesAt, uint256 time);
    /// @notice Thrown when the account may not hold the bond.
    error OrderAccountRefused(address account);
    /// @notice Thrown when an order is zero, below the least, above the most that one order may be, or no whole lots.
    error OrderUnitsInvalid(uint256 units, uint256 minimum, uint256 maximum, uint256 lot);
    /// @notice Thrown when there is no order of this account.
    error OrderUnknown(uint256 offeringId, address account);
    /// @notice Thrown when a cash token moved another amount than it was told to.
    error OrderCashMismatch(address cash, uint256 expected, uint256 moved);
    /// @notice Thrown when accounts of a proof are not strictly ascending, or repeat one of an earlier batch.
    error AllocationOrderWrong(address previous, address account);
    /// @notice Thrown when the last account is proved and the cut gives away more or less than there is.
    error AllocationCutWrong(uint256 allotted, uint256 offered);
    /// @notice Thrown when nothing is left to settle in a batch.
    error OrderNothingToSettle(uint256 offeringId);
    /// @notice Thrown after the last second for payment: what is not settled has lapsed.
    error OfferingSettlementLapsed(uint256 offeringId, uint256 settlesBy, uint256 time);
    /// @notice Thrown when nothing of a deposit is free.
    error RefundNone(uint256 offeringId, address account);

    /* STAGES */

    /// @notice Opens an offering of a bond. Caller: the account that registered the bond.
    function open(Conditions calldata conditions) external returns (uint256 offeringId);

    /// @notice Places or replaces the caller's order and takes the money for it.
    function order(uint256 offeringId, uint64 units) external;

    /// @notice Withdraws the caller's order and returns the money. Until the book closes.
    function withdraw(uint256 offeringId) external;

    /// @notice Closes the book once its time has come; fails the offering when too little was ordered. Anyone may call it.
    function close(uint256 offeringId) external;

    /// @notice Proves the allocation in one pass over all orders, in batches, by ascending account. Anyone may call it.
    /// @dev Counted in lots. An order of `u` out of `ordered` gets floor(u * offered / ordered). The lots left over go one
    /// each to the orders with the largest remainder u * offered mod ordered, the lower account first among equals
    /// (largest-remainder method). `cutRemainder` and `cutAccount` are the last that gets one: an order gets one when its
    /// remainder is above the cut, or equal and its account is not above `cutAccount`. The pass checks that nobody is left
    /// out (the units sum up), nobody is repeated (accounts ascend) and the sum is what is offered: only one set of orders
    /// can do that.
    function allocate(uint256 offeringId, uint64 cutRemainder, address cutAccount, address[] calldata accounts) external;

    /// @notice Settles winners: their money to the issuer, the units to them, in one act. Anyone may call it.
    function settle(uint256 offeringId, address[] calldata accounts) external;

    /// @notice Returns what is free of a deposit to its account. Anyone may call it.
    function refund(uint256 offeringId, address account) external;

    /* VIEWS */

    function bookOf(uint256 offeringId) external view returns (Book memory);

    function orderOf(uint256 offeringId, address account) external view returns (Order memory);

    /// @return The latest offering of a bond; zero when there was none.
    function offeringOf(IBond bond) external view returns (uint256);

    /// @return Units that an order was given; zero before the allocation is proved.
    function allotmentOf(uint256 offeringId, address account) external view returns (uint64);

    /// @return Zeros when the prover has no pass under way.
    function proofOf(uint256 offeringId, address prover) external view returns (Proof memory);

    /// @return What `refund` would return now.
    function refundable(uint256 offeringId, address account) external view returns (uint256);

    function offeringCount() external view returns (uint256);
}
