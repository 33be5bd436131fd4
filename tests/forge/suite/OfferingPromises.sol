// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {
    Basis,
    Book,
    Form,
    Proof,
    Stage as OfferingStage,
    TickBid,
    Underwriter
} from "../../../contracts/primary/interfaces/OfferingTypes.sol";
import {OfferingState} from "../handlers/offering/OfferingState.sol";
import {NaiveSeal} from "./NaiveSeal.sol";
import {NaiveTender} from "./NaiveTender.sol";
import {OfferingReplay} from "./OfferingReplay.sol";
import {Stage} from "./Stage.sol";

/// @notice The promises of the primary market that hold after every act; docs/invariants.md lists them by these ids.
abstract contract OfferingPromises is Stage {
    function _checkOfferings() internal view {
        uint256 count = world.offering.offeringCount();
        assertEq(count, offeringHandler.latest(), "OFFER-1: offerings are those that were mandated");
        uint256[] memory issued = new uint256[](model.bondCount());
        uint256 held;
        for (uint256 id = 1; id <= count; ++id) {
            OfferingState.Deal memory deal = offeringHandler.dealOf(id);
            _checkOffering(id, deal);
            held += offeringHandler.heldBy(id);
            uint256 place;
            while (model.bonds(place) != address(deal.bond)) ++place;
            issued[place] += deal.issued + deal.issuedLater + deal.issuedMore;
        }
        for (uint256 i; i < issued.length; ++i) {
            assertEq(model.issued(model.bonds(i)), issued[i], "ISSUE-1: units are issued against their price only");
        }
        _checkDeposits(held);
    }

    function _checkOffering(uint256 id, OfferingState.Deal memory deal) private view {
        Book memory book = world.offering.bookOf(id);
        assertTrue(book.stage == deal.stage, "OFFER-8: a stage is what the acts made it");
        assertEq(
            keccak256(abi.encode(book)),
            keccak256(abi.encode(replay.bookOf(id))),
            "EVENT-1: every field of a book follows from events"
        );
        OfferingState.Bidder[] memory bidders = new OfferingState.Bidder[](holders.length);
        for (uint256 i; i < bidders.length; ++i) {
            bidders[i] = offeringHandler.bidderOf(id, holders[i]);
            _checkBid(id, holders[i], bidders[i], deal.conditions.form);
            _checkUnderwriter(id, holders[i]);
        }
        if (book.stage <= OfferingStage.CLEARED) _checkBook(id, book, bidders);
        if (book.stage == OfferingStage.CLEARED) _checkProof(id, address(offeringHandler));
        if (book.stage == OfferingStage.CLEARED || book.stage == OfferingStage.PUBLISHED) _checkResult(book, deal);
        if (book.stage == OfferingStage.PUBLISHED) _checkPublished(id, book, deal);
    }

    /* MONEY */

    function _checkDeposits(uint256 held) private view {
        uint256 standing = _checkStanding(world.issuer);
        for (uint256 i; i < holders.length; ++i) {
            standing += _checkStanding(holders[i]);
        }
        assertEq(
            world.cash.balanceOf(address(world.offering)),
            standing + held,
            "DEPOSIT-1: the Offering has what stands ready and what living bids and underwriters hold"
        );
    }

    function _checkStanding(address account) private view returns (uint256 standing) {
        standing = world.offering.depositOf(address(world.cash), account);
        assertEq(
            standing, offeringHandler.standing(account), "DEPOSIT-2: a standing deposit moves by its owner and by rule"
        );
        assertEq(
            standing, replay.standing(address(world.cash), account), "EVENT-1: standing deposits follow from events"
        );
    }

    /* BOOK AND BIDS */

    function _checkBook(uint256 id, Book memory book, OfferingState.Bidder[] memory bidders) private view {
        uint256[] memory wanted = new uint256[](book.levels);
        uint256 unquoted = _countBids(book, bidders, wanted);
        uint256 sum;
        uint256 weighted;
        for (uint16 level; level < book.levels; ++level) {
            uint256 units = world.offering.unitsAt(id, level);
            assertEq(units, wanted[level], "BID-4: a level has the units of the opened bids at its quote");
            assertEq(units, replay.unitsAt(id, level), "EVENT-1: levels follow from events");
            sum += units;
            weighted += units * level;
        }
        assertEq(world.offering.unitsAt(id, book.levels), 0, "BID-4: nothing is behind the last level");
        assertEq(book.bidUnits, sum, "BID-4: units with a quote sum up");
        assertEq(book.weighted, weighted, "BID-4: and so do units times level");
        assertEq(book.nonCompetitiveBid, unquoted, "BID-4: and units without a quote");
    }

    function _countBids(Book memory book, OfferingState.Bidder[] memory bidders, uint256[] memory levels)
        private
        pure
        returns (uint256 unquoted)
    {
        for (uint256 i; i < bidders.length; ++i) {
            if (!bidders[i].opened) continue;
            TickBid[] memory bids = bidders[i].bids;
            for (uint256 j; j < bids.length; ++j) {
                if (bids[j].quote == NaiveTender.UNQUOTED) {
                    unquoted += bids[j].units;
                    continue;
                }
                uint256 level;
                while (_quote(book, level) != bids[j].quote) ++level;
                levels[level] += bids[j].units;
            }
        }
    }

    function _checkBid(uint256 id, address account, OfferingState.Bidder memory bidder, Form form) private view {
        bytes32 wanted;
        if (bidder.mark == OfferingState.Mark.SEALED) {
            bytes32 hash = form == Form.SEALED ? bytes32(0) : keccak256(bidder.ciphertext);
            wanted = NaiveSeal.sealedWord(bidder.commitment, hash);
        } else if (bidder.mark == OfferingState.Mark.OPENED) {
            wanted = NaiveSeal.openedWord(bidder.bids);
        }
        bytes32 found = world.offering.bidOf(id, account);
        assertEq(found, wanted, "BID-5: the book holds a seal, then what was opened, then nothing");
        assertEq(found, replay.wordOfBid(id, account), "EVENT-1: bids follow from events");
        assertEq(world.offering.additionalOf(id, account), bidder.additional, "REST-5: units are added by their winner");
    }

    function _checkUnderwriter(uint256 id, address account) private view {
        Underwriter memory found = world.offering.underwriterOf(id, account);
        OfferingState.Member memory wanted = offeringHandler.memberOf(id, account);
        assertTrue(
            found.class == wanted.class && found.joined == wanted.joined && found.deposit == wanted.held
                && found.tookUp == wanted.tookUp && found.tookUpLater == wanted.tookUpLater
                && found.commitment == wanted.commitment,
            "OFFER-3: a member of the syndicate is what he agreed to"
        );
        assertEq(
            keccak256(abi.encode(found)),
            keccak256(abi.encode(replay.underwriterOf(id, account))),
            "EVENT-1: the syndicate follows from events"
        );
    }

    function _checkProof(uint256 id, address prover) private view {
        Proof memory found = world.offering.proofOf(id, prover);
        assertEq(
            keccak256(abi.encode(found)), keccak256(abi.encode(replay.proofOf(id, prover))), "EVENT-1: so do proofs"
        );
    }

    /* RESULT */

    function _checkResult(Book memory book, OfferingState.Deal memory deal) private pure {
        uint256 available = deal.conditions.offered + deal.overAllotted;
        NaiveTender.Result memory wanted = deal.result;
        assertEq(book.competitive, wanted.competitive, "CLEAR-2: the result is that of going from bid to bid");
        assertEq(book.nonCompetitiveShare, wanted.unquoted, "CLEAR-2: units without a quote");
        assertEq(book.takeUp, wanted.takeUp, "REST-1: the syndicate takes up the rest, as far as it committed");
        assertEq(book.marginalBid, wanted.marginalBid, "CLEAR-2: units bid at the margin");
        assertEq(book.marginalShare, wanted.marginalShare, "CLEAR-2: units won at the margin");
        assertEq(_quote(book, book.marginalLevel), wanted.marginalQuote, "CLEAR-2: the marginal quote");
        assertEq(_quote(book, book.averageLevel), wanted.averageQuote, "CLEAR-2: the average quote");
        assertLe(
            uint256(book.competitive) + book.nonCompetitiveShare + book.takeUp,
            available,
            "CLEAR-1: no more is allotted than offered"
        );
    }

    function _checkPublished(uint256 id, Book memory book, OfferingState.Deal memory deal) private view {
        OfferingReplay.Result memory told = replay.resultOf(id);
        assertEq(book.issueRate, deal.issueRate, "PRICE-5: the coupon is that of the result");
        assertEq(book.issuePrice, deal.issuePrice, "PRICE-5: the issue price is that of the result");
        assertEq(deal.bond.terms().couponRate, book.issueRate, "PRICE-5: the bond pays it");
        assertEq(
            told.allotted + told.takeUp,
            deal.result.competitive + deal.result.unquoted + deal.result.takeUp,
            "CLEAR-1: what is published is what is allotted"
        );
        assertEq(told.offered, deal.conditions.offered + deal.overAllotted, "CLEAR-1: out of what was offered");
        assertTrue(
            told.marginalQuote == deal.result.marginalQuote && told.averageQuote == deal.result.averageQuote,
            "CLEAR-2: the result is published as it is"
        );
        assertEq(book.issued, deal.issued, "ISSUE-2: issued is what winners and underwriters paid for");
        assertEq(book.issuedLater, deal.issuedLater, "ISSUE-2: and what was taken up later");
        uint256 sold = uint256(book.competitive) + book.nonCompetitiveShare + book.takeUp;
        assertLe(book.issued + book.issuedLater, sold, "ISSUE-2: no more is issued than allotted and taken up");
        assertLe(deal.issuedMore, book.additional, "ISSUE-2: beside additional units");
        _checkParts(id, book, deal);
    }

    function _checkParts(uint256 id, Book memory book, OfferingState.Deal memory deal) private view {
        uint256 first;
        uint256 second;
        for (uint256 i; i < holders.length; ++i) {
            (uint256 one, uint256 other) = world.offering.takeUpOf(id, holders[i]);
            (uint256 wantedOne, uint256 wantedOther) = offeringHandler.partsOf(id, holders[i]);
            assertTrue(one == wantedOne && other == wantedOther, "REST-2: parts are by commitments, lot by lot");
            assertLe(one + other, offeringHandler.memberOf(id, holders[i]).commitment, "REST-3: no more than committed");
            (first, second) = (first + one, second + other);
        }
        if (book.commitments != 0) assertEq(first, book.takeUp, "REST-2: parts sum up to the rest");
        uint256 unpaid = uint256(book.competitive) + book.nonCompetitiveShare + book.takeUp - deal.issued;
        assertLe(second, unpaid, "REST-4: no more is taken up later than was not paid");
    }

    function _quote(Book memory book, uint256 level) private pure returns (uint256) {
        uint256 steps = book.basis == Basis.RATE ? level : book.levels - 1 - level;
        return book.lowest + steps * book.tick;
    }
}
