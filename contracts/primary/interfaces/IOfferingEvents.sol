// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IBond} from "../../bond/interfaces/IBond.sol";
import {ClassRule, Conditions, Cuts, Stage, TickBid} from "./OfferingTypes.sol";

/// @title IOfferingEvents
/// @notice What an offering tells, and why it refuses.
interface IOfferingEvents {
    /* DEPOSITS */

    /// @notice Money came into a standing deposit; `balance` is what stands there now, here and below.
    event DepositFunded(address indexed cash, address indexed account, uint128 amount, uint128 balance);
    event DepositWithdrawn(address indexed cash, address indexed account, uint128 amount, uint128 balance);
    /// @notice A bid in clear, or a place in the syndicate, holds its deposit now: `taken` of it came from the account, the rest
    /// from the standing deposit.
    event DepositHeld(uint256 indexed offeringId, address indexed account, uint128 taken, uint128 balance);
    /// @notice A held deposit went back to the standing deposit of its account.
    event DepositReleased(uint256 indexed offeringId, address indexed account, uint128 amount, uint128 balance);
    /// @notice A held deposit was lost to the issuer; `DepositFunded` says what stands there now.
    event DepositForfeited(uint256 indexed offeringId, address indexed account, uint128 amount);

    /* MANDATE AND SYNDICATE */

    event OfferingMandated(
        uint256 indexed offeringId,
        IBond indexed bond,
        address indexed issuerAccount,
        address cash,
        Conditions conditions,
        ClassRule[] classes
    );
    event MandateAccepted(uint256 indexed offeringId, address indexed bookrunner, bytes32 encryptionKey);
    event UnderwriterInvited(
        uint256 indexed offeringId, address indexed underwriter, uint8 class, uint64 commitment, address actor
    );
    event SyndicateJoined(uint256 indexed offeringId, address indexed underwriter, uint8 class, uint64 commitment);
    /// @notice An underwriter's place ended; its deposit was released or forfeited.
    event UnderwriterDischarged(uint256 indexed offeringId, address indexed underwriter);
    /// @notice The bond's documents as they were when the book opened.
    event DocumentsPinned(uint256 indexed offeringId, bytes32[] names, bytes32[] hashes);
    /// @param commitments Units of all who joined.
    event BookOpened(uint256 indexed offeringId, uint64 commitments, address actor);

    /* BIDS */

    /// @notice Bids were sealed; a later one of the same bidder replaces them. The first holds the deposit: `taken` of it came
    /// from the account, the rest from the standing deposit, where `balance` is left.
    /// @param ciphertextHash Keccak-256 of what `BidEncrypted` told just before; zero for form SEALED.
    event BidSealed(
        uint256 indexed offeringId,
        address indexed bidder,
        bytes32 commitment,
        bytes32 ciphertextHash,
        uint128 taken,
        uint128 balance
    );
    /// @notice The opening of the bids that are sealed next, for the bookrunner's eyes.
    event BidEncrypted(uint256 indexed offeringId, address indexed bidder, bytes ciphertext);
    /// @notice Bids are in the clear: opened, or placed in an OPEN book, where a later one replaces it.
    event BidsOpened(uint256 indexed offeringId, address indexed bidder, TickBid[] bids, address actor);
    event BidWithdrawn(uint256 indexed offeringId, address indexed bidder);
    /// @notice A bid that won nothing, or was not opened, ended; its deposit was released or forfeited.
    event BidEnded(uint256 indexed offeringId, address indexed bidder);

    /* STAGES */

    event BookClosed(uint256 indexed offeringId, address actor);
    event OverAllotmentDeclared(uint256 indexed offeringId, uint64 units, address actor);
    /// @notice The book is cleared. Levels count from the best quote.
    /// @param marginalBid Units bid at the marginal level, of which `marginalShare` are allotted.
    /// @param competitive Units allotted to bids with a quote.
    event BookCleared(
        uint256 indexed offeringId,
        uint16 firstLevel,
        uint16 lastLevel,
        uint16 marginalLevel,
        uint16 averageLevel,
        uint64 marginalBid,
        uint64 marginalShare,
        uint64 competitive,
        uint64 nonCompetitiveShare,
        uint64 takeUp,
        address actor
    );
    /// @notice A prover has come so far; its pass is forgotten when it ends, or starts anew with other cuts.
    event AllocationContinued(
        uint256 indexed offeringId,
        address indexed prover,
        address last,
        Cuts cuts,
        uint64 marginalBid,
        uint64 marginalShare,
        uint64 nonCompetitiveBid,
        uint64 nonCompetitiveShare
    );
    /// @notice The shares of bids at unfilled levels are proved. Every allotment follows from the bids, the clearing and this.
    event AllocationProved(uint256 indexed offeringId, Cuts cuts, address actor);
    /// @notice The result, as a tender result is published.
    /// @param offered Units on offer, over-allotment included.
    /// @param allotted Units allotted to bids.
    /// @param takeUp Units that fall to the underwriters.
    /// @param issueRate Coupon, billionths a year.
    /// @param issuePrice Base units of the currency for one unit.
    /// @param marginalQuote The last quote that won.
    /// @param averageQuote Weighted average of what won with a quote, rounded half up to the tick.
    /// @param bidMultiple All units bid over `offered`, in ten-thousandths, rounded down.
    /// @param marginalMultiple Units bid at the marginal quote over those allotted there, in ten-thousandths, rounded down.
    /// @param marginalRatio Units allotted at the marginal quote over those bid, in millionths, rounded down.
    event ResultPublished(
        uint256 indexed offeringId,
        IBond indexed bond,
        uint64 offered,
        uint64 bid,
        uint64 allotted,
        uint64 takeUp,
        uint32 bidders,
        uint32 issueRate,
        uint128 issuePrice,
        uint64 marginalQuote,
        uint64 averageQuote,
        uint256 bidMultiple,
        uint256 marginalMultiple,
        uint256 marginalRatio
    );
    event UnderwritingAdded(uint256 indexed offeringId, address indexed bidder, uint64 units, uint64 totalAdditional);
    event OfferingFailed(uint256 indexed offeringId, Stage stage, uint64 volume, address actor);
    event OfferingCancelled(uint256 indexed offeringId, bytes32 reason, address actor);

    /* PAYMENT AND ISSUE */

    /// @notice A winner paid and was issued to.
    /// @param amount Base units that he paid: the deposit that his bid held, then his standing deposit, where `balance` is left
    /// (or what the deposit was too much), then `taken` from his account.
    event WinnerSettled(
        uint256 indexed offeringId, address indexed bidder, uint64 units, uint256 amount, uint256 taken, uint128 balance
    );
    /// @notice A winner or underwriter could not be settled: he, or `account`, may not hold the bond, or the money is not
    /// there (`account` is zero).
    event WinnerSkipped(uint256 indexed offeringId, address indexed bidder, address account);
    /// @notice The proceeds of a batch went to the issuer; `paid` is false where they went to its standing deposit, because its
    /// account could not receive.
    event ProceedsPaid(
        uint256 indexed offeringId,
        address indexed issuerAccount,
        uint64 units,
        uint256 amount,
        bool paid,
        address actor
    );
    /// @notice An underwriter took up his part of the rest; `later` says that it was after `settlesBy`.
    event RestTakenUp(
        uint256 indexed offeringId,
        address indexed underwriter,
        uint64 units,
        uint256 amount,
        uint256 taken,
        uint128 balance,
        bool later
    );
    /// @notice A winner did not pay in time: his units go to the rest. `DepositForfeited` or `DepositReleased` follows.
    event WinnerLapsed(uint256 indexed offeringId, address indexed bidder, uint64 units);

    /* REFUSALS */

    /// @notice Thrown when the bond is not one of this depository.
    error OfferingBondUnknown(address bond);
    /// @notice Thrown when the caller did not register the bond, or has no issuer's role now.
    error OfferingIssuerRefused(address account);
    /// @notice Thrown when the caller is not the bookrunner, or the bookrunner has no such role now.
    error OfferingBookrunnerRefused(address account);
    /// @notice Thrown when a condition is out of range or contradicts another; `condition` is its name in `Conditions`.
    error OfferingConditionInvalid(bytes32 condition);
    /// @notice Thrown when the bond has a living offering.
    error OfferingAlreadyOpen(address bond, uint256 offeringId);
    /// @notice Thrown when an act does not belong to the stage in which the offering is.
    error OfferingStageWrong(uint256 offeringId, Stage stage);
    /// @notice Thrown before the first second of an act.
    error OfferingTooEarly(uint256 offeringId, uint256 from, uint256 time);
    /// @notice Thrown after the last second of an act.
    error OfferingTooLate(uint256 offeringId, uint256 until, uint256 time);
    /// @notice Thrown when an underwriter was not invited so, has joined already, has no underwriter's role, or may not hold the
    /// bond until the last second for taking up.
    error UnderwriterRefused(uint256 offeringId, address account);
    /// @notice Thrown when the bidder may not hold the bond now, or not until the last second of payment.
    error BidderRefused(address account);
    /// @notice Thrown when a bid comes in another form than the book takes; or a book key is missing, or too much.
    error BidFormWrong(uint256 offeringId);
    /// @notice Thrown when a ciphertext is empty, or above 4,096 bytes.
    error BidCiphertextInvalid(uint256 length);
    /// @notice Thrown when bid `index` is no whole lot, or below the least or above the most units of a bid.
    error BidUnitsInvalid(uint256 index, uint64 units, uint64 minimum, uint64 maximum, uint64 lot);
    /// @notice Thrown when bid `index` is outside the quotes, or between two ticks.
    error BidQuoteInvalid(uint256 index, uint64 quote, uint64 lowest, uint64 highest, uint64 tick);
    /// @notice Thrown when bids do not ascend by quote and account, or are none, or more than 64.
    error BidOrderWrong(uint256 index);
    /// @notice Thrown when all bids of a bidder are below the least or above the most of his class.
    error BidTotalInvalid(address bidder, uint256 units, uint64 minimum, uint64 maximum);
    /// @notice Thrown when a bidder has no bid in this book, or none any more.
    error BidUnknown(uint256 offeringId, address bidder);
    /// @notice Thrown when the bids were opened before.
    error BidAlreadyOpened(uint256 offeringId, address bidder);
    /// @notice Thrown when bids, salt or ciphertext are not those that were sealed, or bids not those that were opened.
    error BidMismatch(uint256 offeringId, address bidder);
    /// @notice Thrown when neither the standing deposit nor the account has the money.
    error DepositTooSmall(address account, uint256 missing);
    /// @notice Thrown when more is withdrawn than stands there, or nothing.
    error DepositInsufficient(address account, uint256 balance, uint256 amount);
    /// @notice Thrown when a cash token moved another amount than it was told to.
    error OfferingCashMismatch(address cash, uint256 expected, uint256 moved);
    /// @notice Thrown when over-allotted units are above the cap or no whole lots, or declared twice.
    error OverAllotmentInvalid(uint256 units, uint256 maximum);
    /// @notice Thrown when bidders of a proof are not strictly ascending, or repeat one of an earlier batch.
    error AllocationOrderWrong(address previous, address bidder);
    /// @notice Thrown when all is proved and a cut gives away more or less than there is.
    error AllocationCutWrong(uint256 allotted, uint256 share);
    /// @notice Thrown when an additional underwriting is above its maximum or no whole lots.
    error UnderwritingInvalid(uint256 units, uint256 maximum);
    /// @notice Thrown when a part of the Offering is built on one that is not there.
    error OfferingPartMissing(address part);
    /// @notice Thrown when no part of the Offering has this function.
    error OfferingActUnknown(bytes4 selector);
    /// @notice Thrown when a batch has nothing to do.
    error OfferingNothingToDo(uint256 offeringId);
}
