// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IBond} from "../../bond/interfaces/IBond.sol";

/// @notice How bids reach the book.
/// OPEN: in clear, counted at once. SEALED: a commitment, opened by the bidder after the close. ENCRYPTED: a commitment with
/// the opening encrypted to the bookrunner's key; the bookrunner opens it after the close, or the bidder himself.
enum Form {
    OPEN,
    SEALED,
    ENCRYPTED
}

/// @notice What a bid quotes. RATE: the coupon, in billionths a year; the lowest is best. PRICE: base units of the currency
/// for one unit; the highest is best.
enum Basis {
    RATE,
    PRICE
}

/// @notice What a winner pays. UNIFORM: all the marginal quote. MULTIPLE: each his own quote. MIXED: who quoted the average or
/// better the average, the others their own quote, up to a band behind the average.
enum Pricing {
    UNIFORM,
    MULTIPLE,
    MIXED
}

/// @notice Where an offering stands. MANDATED by the issuer, ACCEPTED by the bookrunner (the syndicate is formed), OPEN for
/// bids in its hours, CLOSED (bids are opened), CLEARED (marginal bids wait for the proof of their shares), PUBLISHED (winners
/// pay and are issued), FAILED, CANCELLED by the issuer before the close.
enum Stage {
    NONE,
    MANDATED,
    ACCEPTED,
    OPEN,
    CLOSED,
    CLEARED,
    PUBLISHED,
    FAILED,
    CANCELLED
}

/// @notice What the issuer sets. Units are whole bonds, times Unix seconds.
/// @param offered Units on offer.
/// @param overAllotment Most units that the issuer may add before the clearing (greenshoe); 0 for none.
/// @param minimumVolume Units, taken-up ones included, below which the issue fails.
/// @param nonCompetitive Most units for bids without a quote; 0 for none.
/// @param minimumBid Least units of one tick bid.
/// @param maximumBid Most units of one tick bid.
/// @param lowest Lowest quote.
/// @param highest Highest quote; a multiple of `tick` above `lowest`, at most 4,095 ticks.
/// @param tick Step of a quote.
/// @param deposit Base units of the currency that each bidder, and each underwriter, gives and may lose; 0 for none.
/// @param farOff Ticks from the average quote of all bids beyond which a bid is void; 0 for no such rule.
/// @param band MIXED: ticks behind the average beyond which a bid loses.
/// @param additionalSeconds Seconds after the result in which entitled classes may underwrite more; 0 for none.
/// @param opensAt First second of the book.
/// @param closesAt First second at which the book is closed.
/// @param revealsBy First second at which bids can no longer be opened; OPEN: equals `closesAt`.
/// @param overAllotsBy First second at which the over-allotment can no longer be declared; equals `revealsBy` without one.
/// @param clearsBy Last second for clearing and its proof; then anyone may fail the offering.
/// @param settlesFrom First second of payment and issue; interest that has accrued by its day is paid with the price.
/// @param settlesBy Last second for winners; what is not paid then lapses.
/// @param takesUpBy Last second for underwriters to take up what lapsed.
struct Conditions {
    IBond bond;
    address bookrunner;
    Form form;
    Basis basis;
    Pricing pricing;
    uint64 offered;
    uint64 overAllotment;
    uint64 minimumVolume;
    uint64 nonCompetitive;
    uint64 minimumBid;
    uint64 maximumBid;
    uint64 lowest;
    uint64 highest;
    uint64 tick;
    uint128 deposit;
    uint16 farOff;
    uint16 band;
    uint24 additionalSeconds;
    uint40 opensAt;
    uint40 closesAt;
    uint40 revealsBy;
    uint40 overAllotsBy;
    uint40 clearsBy;
    uint40 settlesFrom;
    uint40 settlesBy;
    uint40 takesUpBy;
}

/// @notice What a class of bidders must and may do. Class 0 is everybody who is not in the syndicate.
/// @param minimum Least units of all bids of one bidder.
/// @param maximum Most units of all bids of one bidder; 0: this class may not bid.
/// @param additional Most units that he may underwrite after the result, in ten-thousandths of what he won.
struct ClassRule {
    // Slot 0: 8 + 8 + 2 = 18 bytes
    uint64 minimum;
    uint64 maximum;
    uint16 additional;
}

/// @notice One tick bid.
/// @param quote Rate or price; `NON_COMPETITIVE` (2**64 - 1) for a bid without a quote.
/// @param units Whole lots.
/// @param account Who gets the units: the bidder, or a client of his. The bidder pays.
struct TickBid {
    uint64 quote;
    uint64 units;
    address account;
}

/// @notice A bidder with his opened bids, as `BidsOpened` told them.
struct Opening {
    address bidder;
    TickBid[] bids;
}

/// @notice A sealed bid that nobody opened, as `BidSealed` told it.
struct Unopened {
    address bidder;
    bytes32 commitment;
    bytes32 ciphertextHash;
}

/// @notice An offering.
struct Book {
    // Slot 0: 20 + 5 + 5 + 1 + 1 = 32 bytes: what every bid reads
    address cash;
    uint40 opensAt;
    uint40 closesAt;
    Stage stage;
    Form form;
    // Slot 1: 16 + 5 + 3 + 2 + 1 + 1 = 28 bytes: with it
    uint128 deposit;
    uint40 settlesBy;
    uint24 eligible; // verdicts of which a bidder needs one
    uint16 levels; // number of quotes, best first: level 0 is the best
    Basis basis;
    Pricing pricing;
    // Slot 2: 8 + 8 + 8 + 8 = 32 bytes: what every opening reads
    uint64 lowest;
    uint64 tick;
    uint64 minimumBid;
    uint64 maximumBid;
    // Slot 3: 8 + 12 + 4 + 8 = 32 bytes: sums of the opened bids; the lot keeps it from being empty when the first comes
    uint64 bidUnits; // with a quote
    uint96 weighted; // sum of units * level
    uint32 bidders;
    uint64 lot; // units of the bond's minimum denomination: bids and allotments are whole lots
    // Slot 4: 20 + 5 + 5 + 2 = 32 bytes
    IBond bond;
    uint40 revealsBy;
    uint40 overAllotsBy;
    uint16 farOff;
    // Slot 5: 8 + 8 + 8 + 8 = 32 bytes
    uint64 offered;
    uint64 overAllotment;
    uint64 overAllotted;
    uint64 minimumVolume;
    // Slot 6: 20 + 5 + 3 + 3 + 1 = 32 bytes
    address proceedsAccount;
    uint40 clearsBy;
    uint24 additionalSeconds;
    uint24 accrualDay; // day of `settlesFrom` in the bond's zone, when interest has accrued by then; else 0
    bool overAllotmentDeclared;
    // Slot 7: 20 + 5 + 2 = 27 bytes
    address bookrunner;
    uint40 settlesFrom;
    uint16 band;
    // Slot 8: 8 + 8 + 5 + 5 + 4 + 2 = 32 bytes; with the next two the result
    uint64 nonCompetitive;
    uint64 commitments; // of the underwriters who joined
    uint40 takesUpBy;
    uint40 publishedAt;
    uint32 issueRate; // billionths a year
    uint16 marginalLevel; // the last level that wins
    // Slot 9: 2 + 2 + 2 + 8 + 8 + 8 = 30 bytes
    uint16 averageLevel; // of what was won with a quote, rounded to the tick, half up in the quote
    uint16 firstLevel; // levels outside first and last are void
    uint16 lastLevel;
    uint64 marginalBid; // units bid at the marginal level
    uint64 marginalShare; // units allotted there
    uint64 competitive; // units allotted to bids with a quote
    // Slot 10: 8 + 8 + 8 + 8 = 32 bytes
    uint64 nonCompetitiveShare; // units allotted to bids without a quote
    uint64 takeUp; // units for the underwriters
    uint64 issued; // by `settle`, and by `takeUp` up to `settlesBy`; without additional units
    uint64 issuedLater; // by `takeUp` after `settlesBy`
    // Slot 11: 16 + 8 + 8 = 32 bytes
    uint128 issuePrice; // base units of the currency for one unit
    uint64 additional; // units underwritten after the result
    uint64 nonCompetitiveBid; // units of opened bids without a quote
    // Slots 12 and 13
    uint256 marginalCut; // scores from here on get a lot of the residue, see `allocate`
    uint256 nonCompetitiveCut;
    // Slot 14
    bytes32 encryptionKey; // X25519 public key of the bookrunner for this book
}

/// @notice A member of the syndicate.
/// @param before Commitments of the joined ones invited before him.
/// @param deposit Whether his deposit is held.
/// @param tookUp Whether he took up his part up to `settlesBy`; `tookUpLater` after it.
struct Underwriter {
    // Slot 0: 1 + 1 + 1 + 1 + 1 + 8 + 8 = 21 bytes
    uint8 class;
    bool joined;
    bool deposit;
    bool tookUp;
    bool tookUpLater;
    uint64 commitment;
    uint64 before;
}

/// @notice Scores from which on an entry gets one lot of the residue, at the margin and among bids without a quote.
struct Cuts {
    uint256 marginal;
    uint256 nonCompetitive;
}

/// @notice How far a prover has come with its pass over the openings.
/// @param last Highest bidder proved; the next one is above it.
struct Proof {
    // Slot 0: 20 bytes
    address last;
    // Slots 1 and 2
    Cuts cuts;
    // Slot 3: 8 + 8 + 8 + 8 = 32 bytes
    uint64 marginalBid;
    uint64 marginalShare;
    uint64 nonCompetitiveBid;
    uint64 nonCompetitiveShare;
}
