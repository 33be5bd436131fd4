// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";

import {IBond} from "../bond/interfaces/IBond.sol";
import {IBondFactory} from "../bond/interfaces/IBondFactory.sol";
import {Terms} from "../bond/libraries/TermsLib.sol";
import {IMemberRegistry} from "../membership/interfaces/IMemberRegistry.sol";
import {AccountWord} from "../membership/libraries/AccountWordLib.sol";
import {CashLib} from "../libraries/CashLib.sol";
import {DelegateLib} from "../libraries/DelegateLib.sol";
import {RoundingLib} from "../libraries/RoundingLib.sol";
import {IServicing} from "../servicing/interfaces/IServicing.sol";
import {IOfferingEvents} from "./interfaces/IOfferingEvents.sol";
import {
    Basis,
    Book,
    ClassRule,
    Opening,
    Pricing,
    Proof,
    Stage,
    TickBid,
    Underwriter
} from "./interfaces/OfferingTypes.sol";
import {AllocationLib} from "./libraries/AllocationLib.sol";
import {LevelLib} from "./libraries/LevelLib.sol";
import {QuoteLib} from "./libraries/QuoteLib.sol";
import {SealLib} from "./libraries/SealLib.sol";

/// @title OfferingBase
/// @notice What an offering stores, and what its parts share.
/// @dev ONE ADDRESS, FOUR PARTS
/// - `Offering` takes deposits and bids. What it does not know it hands on, by delegatecall: to `OfferingPayment`, that one to
///   `OfferingClearing`, that one to `OfferingMandate`. What is done often comes first. All run in the storage of `Offering`,
///   inherit it from here and add none; a part that is called directly finds no bond that obeys it. None of it can be changed.
abstract contract OfferingBase is IOfferingEvents, EIP712, ReentrancyGuardTransient {
    using CashLib for IERC20;

    /// @notice What a batch needs to know of the bond to price it; all zero where the book knows all.
    /// @param accrued Interest of one unit, base units, times `accruedOver`.
    struct Sale {
        uint128 faceValue;
        uint32 coupon;
        uint16 periods;
        uint8 periodsPerYear;
        bool isEx;
        uint256 accrued;
        uint256 accruedOver;
    }

    IBondFactory public immutable FACTORY;
    IMemberRegistry public immutable REGISTRY;
    address public immutable NEXT;

    uint256 internal _offeringCount;
    mapping(IBond bond => uint256 offeringId) internal _offeringOf;
    mapping(uint256 offeringId => Book) internal _books;
    mapping(uint256 offeringId => ClassRule[]) internal _classes;
    mapping(uint256 offeringId => address[]) internal _syndicates;
    mapping(uint256 offeringId => mapping(address account => Underwriter)) internal _underwriters;
    mapping(uint256 offeringId => LevelLib.Levels) internal _levels;
    /// @dev One slot for the whole life of a bid: the hash of its seal, then of what was opened, then zero. The bids
    /// themselves are in the events; who acts on them shows them, and the hash proves them.
    mapping(uint256 offeringId => mapping(address bidder => bytes32)) internal _bids;
    mapping(uint256 offeringId => mapping(address bidder => uint64)) internal _additional;
    mapping(uint256 offeringId => mapping(address prover => Proof)) internal _proofs;
    /// @dev What stands ready; deposits that bids and underwriters hold are not in it.
    mapping(address cash => mapping(address account => uint128)) internal _deposits;

    /// @param next The part that does what this one does not know; none for the last.
    constructor(IBondFactory factory, IMemberRegistry registry, address next) EIP712("Indenture Offering", "1") {
        FACTORY = factory;
        REGISTRY = registry;
        require(next == address(0) || next.code.length != 0, OfferingPartMissing(next));
        NEXT = next;
    }

    /// @dev Runs the next part in this storage.
    fallback() external {
        address next = NEXT;
        require(next != address(0), OfferingActUnknown(msg.sig));
        DelegateLib.forward(next);
    }

    /// @dev One place for each, because solc reads and writes every field of it apart.
    function _load(uint256 offeringId) internal view returns (Book memory) {
        return _books[offeringId];
    }

    /* STAGES */

    function _checkStage(uint256 offeringId, Stage found, Stage wanted) internal pure {
        require(found == wanted, OfferingStageWrong(offeringId, found));
    }

    function _checkFrom(uint256 offeringId, uint256 first) internal view {
        require(block.timestamp >= first, OfferingTooEarly(offeringId, first, block.timestamp));
    }

    /// @param last Last second of the act.
    function _checkUntil(uint256 offeringId, uint256 last) internal view {
        require(block.timestamp <= last, OfferingTooLate(offeringId, last, block.timestamp));
    }

    function _mayHold(address account, uint24 eligible) internal view returns (bool) {
        return REGISTRY.wordOf(account).isEligible(eligible);
    }

    /// @dev Who could not hold the bond any more when he is to pay would bid for nothing, and lose nothing.
    function _mayHoldUntil(address account, uint24 eligible, uint40 until) internal view returns (bool) {
        AccountWord word = REGISTRY.wordOf(account);
        return word.isEligible(eligible) && word.until() >= until;
    }

    /* DEPOSITS */

    /// @dev Takes a deposit out of what stands ready.
    /// @return taken What that lacks, to be taken from the account by `_take` once the event is out: a cash token may call back.
    /// @return balance What is left there.
    function _reserve(address cash, address account, uint128 amount) internal returns (uint128 taken, uint128 balance) {
        balance = _deposits[cash][account];
        if (amount == 0) return (0, balance);
        uint128 used = balance < amount ? balance : amount;
        balance -= used;
        if (used != 0) _deposits[cash][account] = balance;
        taken = amount - used;
    }

    function _take(address cash, address account, uint128 amount) internal {
        if (amount == 0) return;
        (bool done, uint256 moved) = IERC20(cash).tryPull(account, address(this), amount);
        require(done, DepositTooSmall(account, amount));
        require(moved == amount, OfferingCashMismatch(cash, amount, moved));
    }

    /// @dev Holds a deposit, and tells it.
    function _hold(uint256 offeringId, address cash, uint128 amount) internal {
        if (amount == 0) return;
        (uint128 taken, uint128 balance) = _reserve(cash, msg.sender, amount);
        emit DepositHeld(offeringId, msg.sender, taken, balance);
        _take(cash, msg.sender, taken);
    }

    function _return(uint256 offeringId, address cash, address account, uint128 amount) internal {
        if (amount == 0) return;
        uint128 balance = _deposits[cash][account] + amount;
        _deposits[cash][account] = balance;
        emit DepositReleased(offeringId, account, amount, balance);
    }

    /// @dev A lost deposit is the issuer's from then on: it needs nobody's help to arrive.
    function _forfeit(uint256 offeringId, address cash, address issuer, address account, uint128 amount) internal {
        if (amount == 0) return;
        emit DepositForfeited(offeringId, account, amount);
        uint128 balance = _deposits[cash][issuer] + amount;
        _deposits[cash][issuer] = balance;
        emit DepositFunded(cash, issuer, amount, balance);
    }

    /* BIDS */

    /// @dev Reverts unless these are the opened bids of the bidder.
    /// @return Whether he has any: false once they are settled, released, lapsed.
    function _isOpened(uint256 offeringId, Opening calldata opening) internal view returns (bool) {
        bytes32 stored = _bids[offeringId][opening.bidder];
        if (stored == 0) return false;
        require(stored == SealLib.openedWord(SealLib.hashOf(opening.bids)), BidMismatch(offeringId, opening.bidder));
        return true;
    }

    /// @return The rule of a bidder's class: that of the syndicate if he joined it.
    function _ruleOf(uint256 offeringId, address bidder) internal view returns (ClassRule memory) {
        Underwriter storage member = _underwriters[offeringId][bidder];
        return _classes[offeringId][member.joined ? member.class : 0];
    }

    /// @dev For a quote of the range, as every opened one is.
    function _levelOf(Book memory book, uint256 quote) internal pure returns (uint256) {
        unchecked {
            uint256 steps = (quote - book.lowest) / book.tick;
            return book.basis == Basis.RATE ? steps : book.levels - 1 - steps;
        }
    }

    function _quoteAt(Book memory book, uint256 level) internal pure returns (uint64) {
        return QuoteLib.quoteOf(book.basis, book.lowest, book.tick, book.levels, level);
    }

    /* ALLOTMENT AND PRICE */

    /// @return Units allotted to a bid of a cleared book.
    function _allotment(uint256 offeringId, Book memory book, address bidder, TickBid calldata bid)
        internal
        pure
        returns (uint64)
    {
        uint64 quote = bid.quote;
        uint64 share = book.nonCompetitiveShare;
        uint64 total = book.nonCompetitiveBid;
        uint256 cut = book.nonCompetitiveCut;
        if (quote != QuoteLib.NON_COMPETITIVE) {
            uint256 level = _levelOf(book, quote);
            if (level < book.firstLevel || level > book.lastLevel || level > book.marginalLevel) return 0;
            if (level < book.marginalLevel) return bid.units;
            (share, total, cut) = (book.marginalShare, book.marginalBid, book.marginalCut);
        }
        if (share == total) return bid.units;
        uint64 lot = book.lot;
        uint192 key = AllocationLib.keyOf(offeringId, bidder, bid.account);
        unchecked {
            // All are whole lots, and a share is at most what was asked for.
            return AllocationLib.shareOf(bid.units / lot, share / lot, total / lot, key, cut) * lot;
        }
    }

    /// @dev The bond is asked for its terms only where a rate is turned into a price, interest has accrued, or a record date
    /// passed before anybody paid.
    function _saleOf(Book memory book) internal view returns (Sale memory sale) {
        bool byYield = book.basis == Basis.RATE && book.pricing != Pricing.UNIFORM;
        uint16 records = book.bond.book().records;
        bool hasAccrued = book.accrualDay != 0 || records != 0;
        if (!byYield && !hasAccrued) return sale;
        Terms memory terms = book.bond.terms();
        (sale.faceValue, sale.coupon) = (terms.faceValue, terms.couponRate);
        // A rate becomes a price only where periods are regular and divide a year, see `ConditionsLib`.
        if (byYield) (sale.periods, sale.periodsPerYear) = (terms.schedule.periods, uint8(12 / terms.schedule.step));
        if (hasAccrued) {
            uint24 day = book.accrualDay != 0 ? book.accrualDay : terms.schedule.issueDay;
            IServicing servicing = IServicing(book.bond.suite().servicing);
            (int256 accrued, uint256 over) = servicing.accruedPerUnit(book.bond, day, records);
            (sale.accrued, sale.accruedOver, sale.isEx) = (uint256(accrued < 0 ? -accrued : accrued), over, accrued < 0);
        }
    }

    /// @return Base units of the currency for one unit of a winning bid, without accrued interest.
    function _priceOf(Book memory book, Sale memory sale, TickBid calldata bid) internal pure returns (uint256) {
        if (book.pricing == Pricing.UNIFORM || bid.quote == QuoteLib.NON_COMPETITIVE) return book.issuePrice;
        if (book.pricing == Pricing.MIXED && _levelOf(book, bid.quote) <= book.averageLevel) return book.issuePrice;
        if (book.basis == Basis.PRICE) return bid.quote;
        return QuoteLib.priceAt({
            faceValue: sale.faceValue,
            coupon: sale.coupon,
            rate: uint32(bid.quote), // a rate of the range fits 32 bits
            periods: sale.periods,
            perYear: sale.periodsPerYear
        });
    }

    /// @return What is to be paid for units that cost `price`: with the interest that has accrued, rounded down once; or
    /// without what the period still earns, where its coupon goes to another.
    function _withAccrued(Sale memory sale, uint256 price, uint256 units) internal pure returns (uint256) {
        if (sale.accruedOver == 0) return price;
        uint256 interest = RoundingLib.mulDivDown(units, sale.accrued, sale.accruedOver);
        if (!sale.isEx) return price + interest;
        return interest < price ? price - interest : 0;
    }
}
