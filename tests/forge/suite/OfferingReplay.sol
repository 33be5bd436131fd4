// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {Provisions} from "../../../contracts/bond/interfaces/Provisions.sol";
import {Rights} from "../../../contracts/bond/interfaces/Rights.sol";
import {Terms} from "../../../contracts/bond/libraries/TermsLib.sol";
import {IBondFactory} from "../../../contracts/bond/interfaces/IBondFactory.sol";
import {IOfferingEvents} from "../../../contracts/primary/interfaces/IOfferingEvents.sol";
import {
    Basis,
    Book,
    ClassRule,
    Conditions,
    Cuts,
    Form,
    Proof,
    Stage,
    TickBid,
    Underwriter
} from "../../../contracts/primary/interfaces/OfferingTypes.sol";
import {Vm} from "../Base.sol";
import {NaiveSeal} from "./NaiveSeal.sol";

/// @notice Offerings and deposits as their events tell them: every field of every book, every bid, every lock.
abstract contract OfferingReplay {
    struct Sealed {
        bytes32 commitment;
        bytes32 ciphertextHash;
        uint128 taken;
        uint128 balance;
    }

    /// @dev `BookCleared` without its topic.
    struct Cleared {
        uint16 firstLevel;
        uint16 lastLevel;
        uint16 marginalLevel;
        uint16 averageLevel;
        uint64 marginalBid;
        uint64 marginalShare;
        uint64 competitive;
        uint64 nonCompetitiveShare;
        uint64 takeUp;
        address actor;
    }

    /// @dev `ResultPublished` without its topics.
    struct Result {
        uint64 offered;
        uint64 bid;
        uint64 allotted;
        uint64 takeUp;
        uint32 bidders;
        uint32 issueRate;
        uint128 issuePrice;
        uint64 marginalQuote;
        uint64 averageQuote;
        uint256 bidMultiple;
        uint256 marginalMultiple;
        uint256 marginalRatio;
    }

    struct Paid {
        uint64 units;
        uint256 amount;
        uint256 taken;
        uint128 balance;
        bool later;
    }

    uint256 private constant UNQUOTED = type(uint64).max;

    mapping(uint256 offering => Book) internal _books;
    mapping(uint256 offering => Result) internal _results;
    mapping(uint256 offering => address[]) internal _invited;
    mapping(uint256 offering => mapping(address account => Underwriter)) internal _underwriters;
    mapping(uint256 offering => mapping(uint256 level => uint256)) public unitsAt;
    mapping(uint256 offering => mapping(address bidder => bytes32)) public wordOfBid;
    mapping(uint256 offering => mapping(address bidder => TickBid[])) internal _openedBids;
    mapping(uint256 offering => mapping(address bidder => uint64)) public additional;
    mapping(uint256 offering => mapping(address prover => Proof)) internal _proofs;
    mapping(address cash => mapping(address account => uint256)) public standing;
    mapping(address bond => Terms) internal _termsOf;
    mapping(address bond => uint256) public coupon;

    function bookOf(uint256 offering) external view returns (Book memory) {
        return _books[offering];
    }

    function resultOf(uint256 offering) external view returns (Result memory) {
        return _results[offering];
    }

    function underwriterOf(uint256 offering, address account) external view returns (Underwriter memory) {
        return _underwriters[offering][account];
    }

    function proofOf(uint256 offering, address prover) external view returns (Proof memory) {
        return _proofs[offering][prover];
    }

    function _readOffering(bytes32 kind, Vm.Log calldata log) internal returns (bool) {
        if (log.topics.length < 2) return false;
        uint256 id = uint256(log.topics[1]);
        address account = log.topics.length > 2 ? address(uint160(uint256(log.topics[2]))) : address(0);
        return _readStage(kind, id, account, log) || _readSyndicate(kind, id, account, log)
            || _readBid(kind, id, account, log) || _readResult(kind, id, account, log)
            || _readPayment(kind, id, account, log) || _readDeposit(kind, id, account, log);
    }

    /* MANDATE, STAGES, SYNDICATE */

    function _readStage(bytes32 kind, uint256 id, address account, Vm.Log calldata log) private returns (bool) {
        Book storage book = _books[id];
        if (kind == IBondFactory.BondRegistered.selector) {
            (, Terms memory terms,,) = abi.decode(log.data, (address, Terms, Provisions, Rights));
            (_termsOf[account], coupon[account]) = (terms, terms.couponRate);
        } else if (kind == IOfferingEvents.OfferingMandated.selector) {
            (address cash, Conditions memory given,) = abi.decode(log.data, (address, Conditions, ClassRule[]));
            _begin(book, cash, given);
            book.proceedsAccount = address(uint160(uint256(log.topics[3])));
        } else if (kind == IOfferingEvents.MandateAccepted.selector) {
            (book.stage, book.encryptionKey) = (Stage.ACCEPTED, abi.decode(log.data, (bytes32)));
        } else if (kind == IOfferingEvents.BookOpened.selector) {
            (book.commitments,) = abi.decode(log.data, (uint64, address));
            book.stage = Stage.OPEN;
            _order(id);
        } else if (kind == IOfferingEvents.BookClosed.selector) {
            book.stage = Stage.CLOSED;
        } else if (kind == IOfferingEvents.OverAllotmentDeclared.selector) {
            (book.overAllotted,) = abi.decode(log.data, (uint64, address));
            book.overAllotmentDeclared = true;
        } else if (kind == IOfferingEvents.OfferingFailed.selector) {
            book.stage = Stage.FAILED;
        } else if (kind == IOfferingEvents.OfferingCancelled.selector) {
            book.stage = Stage.CANCELLED;
        } else {
            return false;
        }
        return true;
    }

    function _readSyndicate(bytes32 kind, uint256 id, address account, Vm.Log calldata log) private returns (bool) {
        Underwriter storage member = _underwriters[id][account];
        if (kind == IOfferingEvents.UnderwriterInvited.selector) {
            if (member.class == 0) _invited[id].push(account);
            (member.class, member.commitment,) = abi.decode(log.data, (uint8, uint64, address));
        } else if (kind == IOfferingEvents.SyndicateJoined.selector) {
            (member.joined, member.deposit) = (true, _books[id].deposit != 0);
        } else if (kind == IOfferingEvents.UnderwriterDischarged.selector) {
            member.deposit = false;
        } else {
            return false;
        }
        return true;
    }

    /// @dev What the conditions say, and the terms of the bond.
    function _begin(Book storage book, address cash, Conditions memory given) private {
        Terms storage terms = _termsOf[address(given.bond)];
        (book.cash, book.bond, book.stage) = (cash, given.bond, Stage.MANDATED);
        (book.form, book.basis, book.pricing) = (given.form, given.basis, given.pricing);
        (book.lot, book.eligible) = (terms.minimumUnits, terms.eligible);
        (book.lowest, book.tick) = (given.lowest, given.tick);
        book.levels = uint16(1 + (given.highest - given.lowest) / given.tick);
        (book.minimumBid, book.maximumBid, book.deposit) = (given.minimumBid, given.maximumBid, given.deposit);
        (book.offered, book.overAllotment) = (given.offered, given.overAllotment);
        (book.minimumVolume, book.nonCompetitive) = (given.minimumVolume, given.nonCompetitive);
        (book.farOff, book.band, book.bookrunner) = (given.farOff, given.band, given.bookrunner);
        (book.opensAt, book.closesAt, book.revealsBy) = (given.opensAt, given.closesAt, given.revealsBy);
        (book.overAllotsBy, book.clearsBy) = (given.overAllotsBy, given.clearsBy);
        (book.settlesFrom, book.settlesBy, book.takesUpBy) = (given.settlesFrom, given.settlesBy, given.takesUpBy);
        book.additionalSeconds = given.additionalSeconds;
        uint256 day = uint256(int256(uint256(given.settlesFrom)) + int256(terms.utcOffset) * 60) / 1 days;
        if (day > terms.schedule.issueDay) book.accrualDay = uint24(day);
    }

    function _order(uint256 id) private {
        uint64 before;
        for (uint256 i; i < _invited[id].length; ++i) {
            Underwriter storage member = _underwriters[id][_invited[id][i]];
            if (!member.joined) continue;
            member.before = before;
            before += member.commitment;
        }
    }

    /* BIDS */

    function _readBid(bytes32 kind, uint256 id, address account, Vm.Log calldata log) private returns (bool) {
        Book storage book = _books[id];
        if (kind == IOfferingEvents.BidSealed.selector) {
            Sealed memory told = abi.decode(log.data, (Sealed));
            wordOfBid[id][account] = NaiveSeal.sealedWord(told.commitment, told.ciphertextHash);
            standing[book.cash][account] = told.balance;
        } else if (kind == IOfferingEvents.BidsOpened.selector) {
            (TickBid[] memory bids,) = abi.decode(log.data, (TickBid[], address));
            if (book.form == Form.OPEN && wordOfBid[id][account] != 0) _countOut(id, account);
            _countIn(id, account, bids);
            wordOfBid[id][account] = NaiveSeal.openedWord(bids);
        } else if (kind == IOfferingEvents.BidWithdrawn.selector) {
            if (book.form == Form.OPEN) _countOut(id, account);
            delete wordOfBid[id][account];
        } else if (kind == IOfferingEvents.BidEnded.selector || kind == IOfferingEvents.WinnerLapsed.selector) {
            delete wordOfBid[id][account];
        } else {
            return false;
        }
        return true;
    }

    function _countIn(uint256 id, address account, TickBid[] memory bids) private {
        Book storage book = _books[id];
        delete _openedBids[id][account];
        for (uint256 i; i < bids.length; ++i) {
            _openedBids[id][account].push(bids[i]);
            if (bids[i].quote == UNQUOTED) {
                book.nonCompetitiveBid += bids[i].units;
                continue;
            }
            uint256 level = _level(book, bids[i].quote);
            unitsAt[id][level] += bids[i].units;
            book.bidUnits += bids[i].units;
            book.weighted += uint96(bids[i].units * level);
        }
        ++book.bidders;
    }

    function _countOut(uint256 id, address account) private {
        Book storage book = _books[id];
        TickBid[] storage bids = _openedBids[id][account];
        for (uint256 i; i < bids.length; ++i) {
            if (bids[i].quote == UNQUOTED) {
                book.nonCompetitiveBid -= bids[i].units;
                continue;
            }
            uint256 level = _level(book, bids[i].quote);
            unitsAt[id][level] -= bids[i].units;
            book.bidUnits -= bids[i].units;
            book.weighted -= uint96(bids[i].units * level);
        }
        --book.bidders;
    }

    /* RESULT */

    function _readResult(bytes32 kind, uint256 id, address account, Vm.Log calldata log) private returns (bool) {
        Book storage book = _books[id];
        if (kind == IOfferingEvents.BookCleared.selector) {
            Cleared memory told = abi.decode(log.data, (Cleared));
            book.stage = Stage.CLEARED;
            (book.firstLevel, book.lastLevel) = (told.firstLevel, told.lastLevel);
            (book.marginalLevel, book.averageLevel) = (told.marginalLevel, told.averageLevel);
            (book.marginalBid, book.marginalShare) = (told.marginalBid, told.marginalShare);
            (book.competitive, book.nonCompetitiveShare) = (told.competitive, told.nonCompetitiveShare);
            book.takeUp = told.takeUp;
        } else if (kind == IOfferingEvents.AllocationContinued.selector) {
            _proofs[id][account] = abi.decode(log.data, (Proof));
        } else if (kind == IOfferingEvents.AllocationProved.selector) {
            (Cuts memory cuts, address actor) = abi.decode(log.data, (Cuts, address));
            (book.marginalCut, book.nonCompetitiveCut) = (cuts.marginal, cuts.nonCompetitive);
            delete _proofs[id][actor];
        } else if (kind == IOfferingEvents.ResultPublished.selector) {
            Result memory told = abi.decode(log.data, (Result));
            _results[id] = told;
            (book.stage, book.publishedAt) = (Stage.PUBLISHED, uint40(block.timestamp));
            (book.issueRate, book.issuePrice) = (told.issueRate, told.issuePrice);
        } else if (kind == IOfferingEvents.UnderwritingAdded.selector) {
            (additional[id][account], book.additional) = abi.decode(log.data, (uint64, uint64));
        } else {
            return false;
        }
        return true;
    }

    /* MONEY */

    function _readPayment(bytes32 kind, uint256 id, address account, Vm.Log calldata log) private returns (bool) {
        Book storage book = _books[id];
        if (kind == IOfferingEvents.WinnerSettled.selector) {
            (uint64 units,,, uint128 balance) = abi.decode(log.data, (uint64, uint256, uint256, uint128));
            book.issued += units - additional[id][account];
            standing[book.cash][account] = balance;
            delete wordOfBid[id][account];
        } else if (kind == IOfferingEvents.RestTakenUp.selector) {
            Paid memory told = abi.decode(log.data, (Paid));
            Underwriter storage member = _underwriters[id][account];
            if (told.later) (member.tookUpLater, book.issuedLater) = (true, book.issuedLater + told.units);
            else (member.tookUp, book.issued) = (true, book.issued + told.units);
            standing[book.cash][account] = told.balance;
        } else {
            return false;
        }
        return true;
    }

    function _readDeposit(bytes32 kind, uint256 id, address account, Vm.Log calldata log) private returns (bool) {
        if (kind == IOfferingEvents.DepositFunded.selector || kind == IOfferingEvents.DepositWithdrawn.selector) {
            (, uint128 balance) = abi.decode(log.data, (uint128, uint128));
            standing[address(uint160(id))][account] = balance;
        } else if (kind == IOfferingEvents.DepositHeld.selector || kind == IOfferingEvents.DepositReleased.selector) {
            (, uint128 balance) = abi.decode(log.data, (uint128, uint128));
            standing[_books[id].cash][account] = balance;
        } else {
            return false;
        }
        return true;
    }

    function _level(Book storage book, uint256 quote) private view returns (uint256) {
        uint256 steps = (quote - book.lowest) / book.tick;
        return book.basis == Basis.RATE ? steps : book.levels - 1 - steps;
    }
}
