// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IBondFactory} from "../bond/interfaces/IBondFactory.sol";
import {Terms} from "../bond/libraries/TermsLib.sol";
import {IMemberRegistry} from "../membership/interfaces/IMemberRegistry.sol";
import {OfferingBase} from "./OfferingBase.sol";
import {IOfferingClearing} from "./interfaces/IOfferingClearing.sol";
import {Basis, Book, Cuts, Form, Opening, Pricing, Proof, Stage, TickBid} from "./interfaces/OfferingTypes.sol";
import {ClearingLib} from "./libraries/ClearingLib.sol";
import {LevelLib} from "./libraries/LevelLib.sol";
import {QuoteLib} from "./libraries/QuoteLib.sol";

/// @title OfferingClearing
/// @notice The part of `Offering` from the close of the book to its result.
/// @dev LIVENESS
/// - A deadline ends each wait, and anyone may take the next step; a proof is kept by prover, so that nobody can disturb
///   another's.
contract OfferingClearing is OfferingBase, IOfferingClearing {
    constructor(IBondFactory factory, IMemberRegistry registry, address next) OfferingBase(factory, registry, next) {}

    /// @inheritdoc IOfferingClearing
    function cancel(uint256 offeringId, bytes32 reason) external {
        Book storage book = _books[offeringId];
        require(msg.sender == book.proceedsAccount, OfferingIssuerRefused(msg.sender));
        Stage stage = book.stage;
        require(
            stage == Stage.MANDATED || stage == Stage.ACCEPTED || stage == Stage.OPEN,
            OfferingStageWrong(offeringId, stage)
        );
        _checkUntil(offeringId, book.closesAt - 1);

        book.stage = Stage.CANCELLED;

        emit OfferingCancelled(offeringId, reason, msg.sender);
    }

    /// @inheritdoc IOfferingClearing
    function closeBook(uint256 offeringId) external {
        Book storage book = _books[offeringId];
        _checkStage(offeringId, book.stage, Stage.OPEN);
        _checkFrom(offeringId, book.closesAt);
        if (book.form != Form.OPEN) _checkUntil(offeringId, book.revealsBy - 1);

        book.stage = Stage.CLOSED;

        emit BookClosed(offeringId, msg.sender);
    }

    /// @inheritdoc IOfferingClearing
    function declareOverAllotment(uint256 offeringId, uint64 units) external {
        Book storage book = _books[offeringId];
        require(msg.sender == book.proceedsAccount, OfferingIssuerRefused(msg.sender));
        _checkStage(offeringId, book.stage, Stage.CLOSED);
        _checkFrom(offeringId, book.revealsBy);
        require(
            units <= book.overAllotment && units % book.lot == 0 && !book.overAllotmentDeclared,
            OverAllotmentInvalid(units, book.overAllotmentDeclared ? 0 : book.overAllotment)
        );
        _checkUntil(offeringId, uint256(book.overAllotsBy) - 1);

        (book.overAllotted, book.overAllotmentDeclared) = (units, true);

        emit OverAllotmentDeclared(offeringId, units, msg.sender);
    }

    /// @inheritdoc IOfferingClearing
    function clear(uint256 offeringId) external {
        Book memory book = _load(offeringId);
        _checkStage(offeringId, book.stage, Stage.CLOSED);
        _checkFrom(offeringId, book.overAllotmentDeclared ? book.revealsBy : book.overAllotsBy);
        _checkUntil(offeringId, book.clearsBy);

        bool isPriced = ClearingLib.clear(book, _levels[offeringId]);

        if (!isPriced) {
            _fail(offeringId, uint64(book.competitive + book.nonCompetitiveShare + book.takeUp));
            return;
        }
        emit BookCleared(
            offeringId,
            book.firstLevel,
            book.lastLevel,
            book.marginalLevel,
            book.averageLevel,
            book.marginalBid,
            book.marginalShare,
            book.competitive,
            book.nonCompetitiveShare,
            book.takeUp,
            msg.sender
        );
        bool isFilled = book.marginalShare == book.marginalBid && book.nonCompetitiveShare == book.nonCompetitiveBid;
        if (isFilled) _publish(offeringId, book);
        else book.stage = Stage.CLEARED;
        _save(offeringId, book);
    }

    /// @inheritdoc IOfferingClearing
    function allocate(uint256 offeringId, Cuts calldata cuts, Opening[] calldata openings) external {
        Book memory book = _load(offeringId);
        _checkStage(offeringId, book.stage, Stage.CLEARED);
        _checkUntil(offeringId, book.clearsBy);
        (book.marginalCut, book.nonCompetitiveCut) = (cuts.marginal, cuts.nonCompetitive);
        Proof memory proof = _proofs[offeringId][msg.sender];
        if (proof.cuts.marginal != cuts.marginal || proof.cuts.nonCompetitive != cuts.nonCompetitive) {
            delete proof;
            proof.cuts = cuts;
        }

        for (uint256 i; i < openings.length; ++i) {
            _prove(offeringId, book, proof, openings[i]);
        }

        if (!_isWhole(book, proof)) {
            _proofs[offeringId][msg.sender] = proof;
            emit AllocationContinued(
                offeringId,
                msg.sender,
                proof.last,
                cuts,
                proof.marginalBid,
                proof.marginalShare,
                proof.nonCompetitiveBid,
                proof.nonCompetitiveShare
            );
            return;
        }
        require(
            book.marginalShare == book.marginalBid || proof.marginalShare == book.marginalShare,
            AllocationCutWrong(proof.marginalShare, book.marginalShare)
        );
        require(
            book.nonCompetitiveShare == book.nonCompetitiveBid || proof.nonCompetitiveShare == book.nonCompetitiveShare,
            AllocationCutWrong(proof.nonCompetitiveShare, book.nonCompetitiveShare)
        );
        delete _proofs[offeringId][msg.sender];

        emit AllocationProved(offeringId, cuts, msg.sender);
        _publish(offeringId, book);
        _save(offeringId, book);
    }

    /// @inheritdoc IOfferingClearing
    function fail(uint256 offeringId) external {
        Book storage book = _books[offeringId];
        Stage stage = book.stage;
        if (stage == Stage.MANDATED || stage == Stage.ACCEPTED) {
            _checkFrom(offeringId, uint256(book.opensAt) + 1);
        } else {
            require(
                stage == Stage.OPEN || stage == Stage.CLOSED || stage == Stage.CLEARED,
                OfferingStageWrong(offeringId, stage)
            );
            _checkFrom(offeringId, uint256(book.clearsBy) + 1);
        }
        if (stage == Stage.OPEN) {
            // Nobody closed the book, so no bid could be opened: that is not the bidders' fault.
            book.stage = Stage.CANCELLED;
            emit OfferingCancelled(offeringId, "never closed", msg.sender);
            return;
        }
        _fail(offeringId, 0);
    }

    /* VIEWS */

    /// @inheritdoc IOfferingClearing
    function bookOf(uint256 offeringId) external view returns (Book memory) {
        return _load(offeringId);
    }

    /// @inheritdoc IOfferingClearing
    function unitsAt(uint256 offeringId, uint16 level) external view returns (uint64) {
        return LevelLib.unitsIn(_levels[offeringId].words[level >> 2], level);
    }

    /// @inheritdoc IOfferingClearing
    function proofOf(uint256 offeringId, address prover) external view returns (Proof memory) {
        return _proofs[offeringId][prover];
    }

    /* INTERNAL */

    function _save(uint256 offeringId, Book memory book) internal {
        _books[offeringId] = book;
    }

    /// @dev A step of the pass over the bidders of unfilled levels.
    function _prove(uint256 offeringId, Book memory book, Proof memory proof, Opening calldata opening) internal view {
        address bidder = opening.bidder;
        require(bidder > proof.last, AllocationOrderWrong(proof.last, bidder));
        require(_isOpened(offeringId, opening), BidUnknown(offeringId, bidder));
        proof.last = bidder;
        for (uint256 i; i < opening.bids.length; ++i) {
            TickBid calldata bid = opening.bids[i];
            if (bid.quote == QuoteLib.NON_COMPETITIVE) {
                proof.nonCompetitiveBid += bid.units;
                proof.nonCompetitiveShare += _allotment(offeringId, book, bidder, bid);
            } else if (_levelOf(book, bid.quote) == book.marginalLevel) {
                proof.marginalBid += bid.units;
                proof.marginalShare += _allotment(offeringId, book, bidder, bid);
            }
        }
    }

    /// @return Whether every unit of the unfilled levels has been proved.
    function _isWhole(Book memory book, Proof memory proof) internal pure returns (bool) {
        return (book.marginalShare == book.marginalBid || proof.marginalBid == book.marginalBid)
            && (book.nonCompetitiveShare == book.nonCompetitiveBid || proof.nonCompetitiveBid == book.nonCompetitiveBid);
    }

    /// @dev Fixes what the result decides, and tells it as a tender result is told.
    function _publish(uint256 offeringId, Book memory book) internal {
        uint64 marginal = _quoteAt(book, book.marginalLevel);
        uint64 average = _quoteAt(book, book.averageLevel);
        uint64 quote = book.pricing == Pricing.UNIFORM ? marginal : average;
        (book.stage, book.publishedAt) = (Stage.PUBLISHED, uint40(block.timestamp));
        if (book.basis == Basis.RATE) {
            Terms memory terms = book.bond.terms();
            (book.issueRate, book.issuePrice) = (uint32(quote), terms.faceValue);
            book.bond.fixCouponRate(book.issueRate);
        } else {
            (book.issueRate, book.issuePrice) = (book.bond.terms().couponRate, quote);
        }

        uint256 offered = uint256(book.offered) + book.overAllotted;
        uint256 bid = uint256(book.bidUnits) + book.nonCompetitiveBid;
        (uint256 marginalBid, uint256 marginalShare) = (book.marginalBid, book.marginalShare);
        emit ResultPublished(
            offeringId,
            book.bond,
            uint64(offered),
            uint64(bid),
            book.competitive + book.nonCompetitiveShare,
            book.takeUp,
            book.bidders,
            book.issueRate,
            book.issuePrice,
            marginal,
            average,
            bid * 1e4 / offered,
            marginalShare == 0 ? 0 : marginalBid * 1e4 / marginalShare,
            marginalBid == 0 ? 0 : marginalShare * 1e6 / marginalBid
        );
    }

    function _fail(uint256 offeringId, uint64 volume) internal {
        emit OfferingFailed(offeringId, _books[offeringId].stage, volume, msg.sender);
        _books[offeringId].stage = Stage.FAILED;
    }
}
