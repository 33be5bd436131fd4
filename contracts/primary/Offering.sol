// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";

import {IBondFactory} from "../bond/interfaces/IBondFactory.sol";
import {IMemberRegistry} from "../membership/interfaces/IMemberRegistry.sol";
import {CashLib} from "../libraries/CashLib.sol";
import {OfferingBase} from "./OfferingBase.sol";
import {IOfferingBook} from "./interfaces/IOfferingBook.sol";
import {Book, ClassRule, Form, Stage, TickBid} from "./interfaces/OfferingTypes.sol";
import {LevelLib} from "./libraries/LevelLib.sol";
import {QuoteLib} from "./libraries/QuoteLib.sol";
import {SealLib} from "./libraries/SealLib.sol";

/// @title Offering
/// @notice Offerings of all bonds. This part takes deposits and bids; the next ones do the rest in its name.
/// @dev LIVENESS
/// - After the mandate nothing waits for one party: a deadline ends each wait, and anyone may take the next step.
contract Offering is OfferingBase, IOfferingBook {
    using CashLib for IERC20;

    /// @dev Most tick bids of one bidder: what a transaction can open, settle and prove.
    uint256 internal constant MAXIMUM_BIDS = 64;
    /// @dev 64 bids with their salt are below 2,500 bytes; more would only burden those who read events.
    uint256 internal constant MAXIMUM_CIPHERTEXT = 4096;

    constructor(IBondFactory factory, IMemberRegistry registry, address next) OfferingBase(factory, registry, next) {}

    /* DEPOSITS */

    /// @inheritdoc IOfferingBook
    function fundDeposit(address cash, uint128 amount) external nonReentrant {
        uint128 balance = _deposits[cash][msg.sender] + amount;
        _deposits[cash][msg.sender] = balance;

        emit DepositFunded(cash, msg.sender, amount, balance);
        uint256 moved = IERC20(cash).pull(msg.sender, address(this), amount);
        require(moved == amount && amount != 0, OfferingCashMismatch(cash, amount, moved));
    }

    /// @inheritdoc IOfferingBook
    function withdrawDeposit(address cash, uint128 amount) external nonReentrant {
        uint128 balance = _deposits[cash][msg.sender];
        require(amount <= balance && amount != 0, DepositInsufficient(msg.sender, balance, amount));
        balance -= amount;
        _deposits[cash][msg.sender] = balance;

        emit DepositWithdrawn(cash, msg.sender, amount, balance);
        uint256 moved = IERC20(cash).push(msg.sender, amount);
        require(moved == amount, OfferingCashMismatch(cash, amount, moved));
    }

    /* BIDS */

    /// @inheritdoc IOfferingBook
    function sealBid(uint256 offeringId, bytes32 commitment) external {
        _seal(offeringId, Form.SEALED, commitment, 0);
    }

    /// @inheritdoc IOfferingBook
    function encryptBid(uint256 offeringId, bytes32 commitment, bytes calldata ciphertext) external {
        require(
            ciphertext.length != 0 && ciphertext.length <= MAXIMUM_CIPHERTEXT, BidCiphertextInvalid(ciphertext.length)
        );
        emit BidEncrypted(offeringId, msg.sender, ciphertext);
        _seal(offeringId, Form.ENCRYPTED, commitment, keccak256(ciphertext));
    }

    /// @inheritdoc IOfferingBook
    function placeBid(uint256 offeringId, TickBid[] calldata bids, TickBid[] calldata previous) external nonReentrant {
        Book storage book = _books[offeringId];
        _checkBidding(offeringId, book);
        _checkBidder(offeringId, book, Form.OPEN);

        bool isFirst = _bids[offeringId][msg.sender] == 0;
        _discount(offeringId, book, previous);
        _open(offeringId, book, msg.sender, bids, SealLib.hashOf(bids));
        if (isFirst) _hold(offeringId, book.cash, book.deposit);
    }

    /// @inheritdoc IOfferingBook
    function withdrawBid(uint256 offeringId, TickBid[] calldata previous) external nonReentrant {
        Book storage book = _books[offeringId];
        _checkBidding(offeringId, book);
        require(_bids[offeringId][msg.sender] != 0, BidUnknown(offeringId, msg.sender));
        if (book.form == Form.OPEN) _discount(offeringId, book, previous);
        delete _bids[offeringId][msg.sender];

        emit BidWithdrawn(offeringId, msg.sender);
        _return(offeringId, book.cash, msg.sender, book.deposit);
    }

    /// @inheritdoc IOfferingBook
    function openBid(uint256 offeringId, address bidder, TickBid[] calldata bids, bytes32 salt, bytes32 ciphertextHash)
        external
        nonReentrant
    {
        Book storage book = _books[offeringId];
        if (book.stage == Stage.OPEN && block.timestamp >= book.closesAt) {
            // Nobody has to wait for another to close the book.
            book.stage = Stage.CLOSED;
            emit BookClosed(offeringId, msg.sender);
        }
        _checkStage(offeringId, book.stage, Stage.CLOSED);
        _checkUntil(offeringId, book.revealsBy - 1);
        bytes32 bidsHash = SealLib.hashOf(bids);
        bytes32 commitment = _hashTypedDataV4(SealLib.structHash(offeringId, bidder, bidsHash, salt));
        bytes32 stored = _bids[offeringId][bidder];
        if (stored != SealLib.sealedWord(commitment, ciphertextHash)) {
            require(stored != 0, BidUnknown(offeringId, bidder));
            require(stored != SealLib.openedWord(bidsHash), BidAlreadyOpened(offeringId, bidder));
            revert BidMismatch(offeringId, bidder);
        }

        _open(offeringId, book, bidder, bids, bidsHash);
    }

    /* VIEWS */

    /// @inheritdoc IOfferingBook
    function depositOf(address cash, address account) external view returns (uint128) {
        return _deposits[cash][account];
    }

    /// @inheritdoc IOfferingBook
    function bidOf(uint256 offeringId, address bidder) external view returns (bytes32) {
        return _bids[offeringId][bidder];
    }

    /// @inheritdoc IOfferingBook
    function commitmentOf(uint256 offeringId, address bidder, TickBid[] calldata bids, bytes32 salt)
        external
        view
        returns (bytes32)
    {
        return _hashTypedDataV4(SealLib.structHash(offeringId, bidder, SealLib.hashOf(bids), salt));
    }

    /* INTERNAL */

    function _checkBidding(uint256 offeringId, Book storage book) internal view {
        _checkStage(offeringId, book.stage, Stage.OPEN);
        _checkFrom(offeringId, book.opensAt);
        _checkUntil(offeringId, book.closesAt - 1);
    }

    function _checkBidder(uint256 offeringId, Book storage book, Form form) internal view {
        require(book.form == form, BidFormWrong(offeringId));
        require(_mayHoldUntil(msg.sender, book.eligible, book.settlesBy), BidderRefused(msg.sender));
    }

    /// @dev Not guarded against being entered again: the only call, that of the cash, comes last.
    function _seal(uint256 offeringId, Form form, bytes32 commitment, bytes32 ciphertextHash) internal {
        Book storage book = _books[offeringId];
        _checkBidding(offeringId, book);
        _checkBidder(offeringId, book, form);
        mapping(address => bytes32) storage bids = _bids[offeringId];
        bool isFirst = bids[msg.sender] == 0;
        bids[msg.sender] = SealLib.sealedWord(commitment, ciphertextHash);
        address cash = book.cash;
        (uint128 taken, uint128 balance) = _reserve(cash, msg.sender, isFirst ? book.deposit : 0);

        emit BidSealed(offeringId, msg.sender, commitment, ciphertextHash, taken, balance);
        _take(cash, msg.sender, taken);
    }

    /// @dev Checks bids, counts them into their levels, and keeps their hash.
    function _open(uint256 offeringId, Book storage book, address bidder, TickBid[] calldata bids, bytes32 bidsHash)
        internal
    {
        Book memory rules = _rulesOf(book);
        uint256 total = _checkBids(rules, bids);
        ClassRule memory rule = _ruleOf(offeringId, bidder);
        require(
            total >= rule.minimum && total <= rule.maximum, BidTotalInvalid(bidder, total, rule.minimum, rule.maximum)
        );
        _count(offeringId, book, rules, bids, true);
        _bids[offeringId][bidder] = SealLib.openedWord(bidsHash);

        emit BidsOpened(offeringId, bidder, bids, msg.sender);
    }

    /// @dev Takes the bids of an OPEN book that are replaced or withdrawn out of their levels.
    function _discount(uint256 offeringId, Book storage book, TickBid[] calldata previous) internal {
        bytes32 stored = _bids[offeringId][msg.sender];
        bytes32 word = previous.length == 0 ? bytes32(0) : SealLib.openedWord(SealLib.hashOf(previous));
        require(stored == word, BidMismatch(offeringId, msg.sender));
        if (previous.length != 0) _count(offeringId, book, _rulesOf(book), previous, false);
    }

    /// @dev Only what bids are checked against: a whole book would be fifteen cold slots.
    function _rulesOf(Book storage book) internal view returns (Book memory rules) {
        (rules.lot, rules.levels, rules.basis) = (book.lot, book.levels, book.basis);
        (rules.lowest, rules.tick) = (book.lowest, book.tick);
        (rules.minimumBid, rules.maximumBid) = (book.minimumBid, book.maximumBid);
    }

    function _checkBids(Book memory rules, TickBid[] calldata bids) internal pure returns (uint256 total) {
        require(bids.length != 0 && bids.length <= MAXIMUM_BIDS, BidOrderWrong(bids.length));
        uint64 highest = rules.lowest + (rules.levels - 1) * rules.tick;
        for (uint256 i; i < bids.length; ++i) {
            (uint64 quote, uint64 units) = (bids[i].quote, bids[i].units);
            require(
                quote == QuoteLib.NON_COMPETITIVE
                    || (quote >= rules.lowest && quote <= highest && (quote - rules.lowest) % rules.tick == 0),
                BidQuoteInvalid(i, quote, rules.lowest, highest, rules.tick)
            );
            require(
                units >= rules.minimumBid && units <= rules.maximumBid && units % rules.lot == 0,
                BidUnitsInvalid(i, units, rules.minimumBid, rules.maximumBid, rules.lot)
            );
            if (i != 0) {
                TickBid calldata last = bids[i - 1];
                require(quote > last.quote || (quote == last.quote && bids[i].account > last.account), BidOrderWrong(i));
            }
            total += units;
        }
    }

    /// @dev Neighbouring levels share a slot, and bids come in the order of their quotes: each slot is written once.
    function _count(uint256 offeringId, Book storage book, Book memory rules, TickBid[] calldata bids, bool isAdded)
        internal
    {
        mapping(uint256 => uint256) storage words = _levels[offeringId].words;
        uint256 index = type(uint256).max;
        uint256 word;
        uint64 quoted;
        uint64 unquoted;
        uint96 weighted;
        for (uint256 i; i < bids.length; ++i) {
            uint64 units = bids[i].units;
            if (bids[i].quote == QuoteLib.NON_COMPETITIVE) {
                unquoted += units;
                continue;
            }
            uint256 level = _levelOf(rules, bids[i].quote);
            if (level >> 2 != index) {
                if (index != type(uint256).max) words[index] = word;
                index = level >> 2;
                word = words[index];
            }
            word = isAdded ? LevelLib.plus(word, level, units) : LevelLib.minus(word, level, units);
            quoted += units;
            weighted += uint96(units * level);
        }
        if (index != type(uint256).max) words[index] = word;
        if (isAdded) {
            (book.bidUnits, book.weighted) = (book.bidUnits + quoted, book.weighted + weighted);
            book.bidders += 1;
        } else {
            (book.bidUnits, book.weighted) = (book.bidUnits - quoted, book.weighted - weighted);
            book.bidders -= 1;
        }
        if (unquoted == 0) return;
        require(book.nonCompetitive != 0, BidQuoteInvalid(bids.length - 1, QuoteLib.NON_COMPETITIVE, 0, 0, 0));
        if (isAdded) book.nonCompetitiveBid += unquoted;
        else book.nonCompetitiveBid -= unquoted;
    }
}
