// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {
    Basis,
    Conditions,
    Cuts,
    Form,
    Opening,
    Pricing,
    Stage,
    TickBid
} from "../../../../contracts/primary/interfaces/OfferingTypes.sol";
import {NaiveTender} from "../../suite/NaiveTender.sol";
import {OfferingState} from "./OfferingState.sol";

/// @notice Anyone closes, opens what was sealed, clears and proves; the issuer adds units; some of it late, or wrong.
abstract contract ClearingActs is OfferingState {
    bytes32 private constant NO_CIPHERTEXT = bytes32(0);

    /* WHAT FORGE CALLS */

    /// @dev One act of any kind, in its time or not.
    function advance(uint256 seed, uint256 accountSeed, uint256 more) external act(seed) {
        seed = _mix(seed);
        uint256 kind = (seed >> 40) % 8;
        uint256 id = _pick(seed, kind < 3 ? _isRevealing : _isUnderWay);
        if (kind < 3) _openWrong(id, accountSeed, _mix(more));
        else if (kind == 3) closeBook(id);
        else if (kind == 4) _declare(id, _mix(more));
        else if (kind == 5) clear(id);
        else if (kind == 6) _proveWrong(id, _mix(more));
        else fail(id);
    }

    /// @dev What good members do when it is time. Some never open what they sealed.
    function _keepUp(uint256 id, uint256 seed) internal {
        Deal storage deal = _deals[id];
        Conditions storage given = deal.conditions;
        bool over = _now() >= given.closesAt && _now() <= given.clearsBy;
        if (deal.stage == Stage.OPEN && over && (seed >> 32) % 4 != 0) closeBook(id);
        bool opening = deal.stage == Stage.OPEN || deal.stage == Stage.CLOSED;
        if (opening && over && _now() < given.revealsBy) _openAll(id);
        if (deal.stage == Stage.CLOSED && _isDeclaring(id) && seed % 2 == 0) _declare(id, seed >> 1);
        if (deal.stage == Stage.CLOSED && _isClearable(id)) clear(id);
        if (deal.stage == Stage.CLEARED && (seed >> 8) % 4 != 0) prove(id, (seed >> 16) % 4);
        bool stuck = deal.stage == Stage.OPEN || deal.stage == Stage.CLOSED || deal.stage == Stage.CLEARED;
        bool young = deal.stage == Stage.MANDATED || deal.stage == Stage.ACCEPTED;
        bool late = (stuck && _now() > given.clearsBy) || (young && _now() > given.opensAt);
        if (late && (seed >> 24) % 4 == 0) fail(id);
    }

    /* THE CLOSE */

    function closeBook(uint256 id) public {
        Deal storage deal = _deals[id];
        Conditions storage given = deal.conditions;
        bool inTime = given.form == Form.OPEN || _now() < given.revealsBy;
        bool expected = deal.stage == Stage.OPEN && _now() >= given.closesAt && inTime;

        (bool success,) = address(world.offering).call(abi.encodeCall(world.offering.closeBook, (id)));

        _outcome("closeBook", success, expected, "OFFER-4: anyone closes the book, while bids can be opened");
        if (success) deal.stage = Stage.CLOSED;
    }

    function _openAll(uint256 id) private {
        for (uint256 i; i < holders.length; ++i) {
            // One in six sealed bids is forgotten by its bidder.
            if (_mix(uint256(uint160(holders[i])) ^ (id << 160)) % 6 == 0) continue;
            Bidder storage bidder = _bidders[id][holders[i]];
            bool right = bidder.isHis && _areValid(id, holders[i], bidder.bids);
            if (right && bidder.mark == Mark.SEALED) {
                openBid(id, id, holders[i], bidder.bids, bidder.salt, _cipherHash(bidder));
            }
        }
    }

    /// @dev Whose opening it is must be told apart from who is said to have made it, and for which book.
    function openBid(
        uint256 id,
        uint256 sealedFor,
        address account,
        TickBid[] memory bids,
        bytes32 salt,
        bytes32 ciphertextHash
    ) public {
        Deal storage deal = _deals[id];
        Bidder storage bidder = _bidders[id][account];
        bool same = id == sealedFor && bidder.isHis && salt == bidder.salt && ciphertextHash == _cipherHash(bidder)
            && keccak256(abi.encode(bids)) == keccak256(abi.encode(bidder.bids));
        // The first to open a bid closes the book, if nobody did.
        bool closed = deal.stage == Stage.CLOSED || (deal.stage == Stage.OPEN && _now() >= deal.conditions.closesAt);
        bool expected = closed && _now() < deal.conditions.revealsBy && bidder.mark == Mark.SEALED && same
            && _areValid(id, account, bids);
        bytes memory call = abi.encodeCall(world.offering.openBid, (id, account, bids, salt, ciphertextHash));

        (bool success,) = address(world.offering).call(call);

        _outcome("openBid", success, expected, "BID-3: a seal is opened once, as it was sealed, by its rules, in time");
        if (success) (deal.stage, bidder.mark, bidder.opened) = (Stage.CLOSED, Mark.OPENED, true);
    }

    /// @dev Sometimes nothing is wrong with it.
    function _openWrong(uint256 id, uint256 accountSeed, uint256 seed) private {
        address account = _bidder(id, accountSeed, Mark.SEALED);
        Bidder memory bidder = _bidders[id][account];
        (uint256 sealedFor, TickBid[] memory bids) = (id, bidder.bids);
        bytes32 ciphertextHash = bidder.ciphertext.length == 0 ? NO_CIPHERTEXT : keccak256(bidder.ciphertext);
        uint256 kind = seed % 8;
        if (kind == 0) account = holders[(seed >> 8) % holders.length]; // his opening, another's name
        else if (kind == 1) id = 1 + (seed >> 8) % latest; // the same in another book
        else if (kind == 2) bidder.salt = bytes32(seed);
        else if (kind == 3) ciphertextHash = bytes32(seed);
        else if (kind == 4 && bids.length != 0) bids[0].units += uint64(_deals[id].lot);
        else if (kind == 5 && bids.length != 0) bids[0].account = holders[(seed >> 8) % holders.length];
        openBid(id, sealedFor, account, bids, bidder.salt, ciphertextHash);
    }

    function _declare(uint256 id, uint256 seed) private {
        Deal storage deal = _deals[id];
        uint256 cap = deal.conditions.overAllotment;
        uint256 units = (seed >> 8) % (cap / deal.lot + 1) * deal.lot;
        if (seed % 16 == 0) units += deal.lot == 1 ? cap : 1;
        address actor = seed % 16 == 1 ? world.bookrunner : world.issuer;
        bool expected = actor == world.issuer && _isDeclaring(id) && units <= cap && units % deal.lot == 0;

        vm.prank(actor);
        (bool success,) =
            address(world.offering).call(abi.encodeCall(world.offering.declareOverAllotment, (id, uint64(units))));

        _outcome(
            "declare", success, expected, "OFFER-5: the issuer adds units once, up to the cap, before the clearing"
        );
        if (success) (deal.declared, deal.overAllotted) = (true, units);
    }

    /* RESULT */

    function clear(uint256 id) public {
        Deal storage deal = _deals[id];
        bool expected = _isClearable(id);

        (bool success,) = address(world.offering).call(abi.encodeCall(world.offering.clear, (id)));

        _outcome("clear", success, expected, "OFFER-6: anyone clears, when all that may change the book is over");
        if (!success) return;
        NaiveTender.Entry[] memory entries = _entries(id);
        deal.result = NaiveTender.clear(_rulesOf(id), entries);
        if (deal.result.failed) {
            deal.stage = Stage.FAILED;
            return;
        }
        for (uint256 i; i < entries.length; ++i) {
            _bidders[id][entries[i].bidder].allotted.push(entries[i].allotted);
        }
        uint256 unquoted = unitsAt(id, UNQUOTED);
        bool full = deal.result.marginalShare == deal.result.marginalBid && deal.result.unquoted == unquoted;
        if (full) _published(id);
        else deal.stage = Stage.CLEARED;
    }

    /// @dev In two batches, split after the first few; between them somebody else proves something else.
    function prove(uint256 id, uint256 split) public {
        Deal storage deal = _deals[id];
        bool expected = deal.stage == Stage.CLEARED && _now() <= deal.conditions.clearsBy;
        Opening[] memory openings = _ascending(id);
        if (split > openings.length) split = openings.length;
        Cuts memory cuts = Cuts(deal.result.marginalCut, deal.result.unquotedCut);
        (bool success, bool proved) = _allocate(id, address(this), cuts, _part(openings, 0, split));
        if (success && !proved && split != 0) {
            // Where the share leaves no residue, another's cut may be right as well.
            (, proved) = _allocate(id, world.outsider, Cuts(cuts.nonCompetitive, 1), openings);
        }
        if (success && !proved) {
            (success, proved) = _allocate(id, address(this), cuts, _part(openings, split, openings.length));
        }

        _outcome("allocate", proved, expected, "ALLOC-3: the right cut can always be proved");
        if (proved) _published(id);
    }

    /// @dev Any cut, any list; what is accepted must give what the right one gives.
    function _proveWrong(uint256 id, uint256 seed) private {
        Deal storage deal = _deals[id];
        Opening[] memory openings = _ascending(id);
        Cuts memory cuts = Cuts(deal.result.marginalCut, deal.result.unquotedCut);
        uint256 wanted = deal.result.marginalBid / (deal.lot == 0 ? 1 : deal.lot) + 1;
        if (seed % 3 == 0) cuts.marginal = (seed >> 8) % wanted * 2 ** 192 + (seed >> 64);
        else if (seed % 3 == 1) cuts.nonCompetitive = (seed >> 8) % 9 * 2 ** 192 + (seed >> 64);
        if ((seed >> 16) % 4 == 0 && openings.length != 0) openings[0] = openings[openings.length - 1];
        if ((seed >> 20) % 4 == 0) openings = _part(openings, 1, openings.length);

        (bool success, bool proved) = _allocate(id, holders[(seed >> 24) % holders.length], cuts, openings);

        _count("proveWrong", success);
        if (success && proved) _published(id);
    }

    function fail(uint256 id) public {
        Deal storage deal = _deals[id];
        Conditions storage given = deal.conditions;
        Stage stage = deal.stage;
        bool expected = false;
        if (stage == Stage.MANDATED || stage == Stage.ACCEPTED) expected = _now() > given.opensAt;
        if (stage == Stage.OPEN || stage == Stage.CLOSED || stage == Stage.CLEARED) expected = _now() > given.clearsBy;

        (bool success,) = address(world.offering).call(abi.encodeCall(world.offering.fail, (id)));

        _outcome("fail", success, expected, "OFFER-7: anyone ends what was not done in time");
        // Where nobody closed the book, nobody could open a bid, and nobody is to blame.
        if (success) deal.stage = stage == Stage.OPEN ? Stage.CANCELLED : Stage.FAILED;
    }

    /* INTERNAL */

    function _allocate(uint256 id, address prover, Cuts memory cuts, Opening[] memory openings)
        private
        returns (bool success, bool proved)
    {
        vm.prank(prover);
        (success,) = address(world.offering).call(abi.encodeCall(world.offering.allocate, (id, cuts, openings)));
        proved = success && world.offering.bookOf(id).stage == Stage.PUBLISHED;
    }

    /// @dev The terms of the issue, as rule 9 has them; and every allotment once more, as the contract tells it.
    function _published(uint256 id) private {
        Deal storage deal = _deals[id];
        Pricing pricing = deal.conditions.pricing;
        uint256 quote = pricing == Pricing.UNIFORM ? deal.result.marginalQuote : deal.result.averageQuote;
        (deal.stage, deal.publishedAt) = (Stage.PUBLISHED, _now());
        address bond = address(deal.bond);
        if (deal.conditions.basis == Basis.RATE) {
            model.fixCoupon(bond, uint32(quote));
            (deal.issueRate, deal.issuePrice) = (quote, model.termsOf(bond).faceValue);
        } else {
            (deal.issueRate, deal.issuePrice) = (model.termsOf(bond).couponRate, quote);
        }
        for (uint256 i; i < holders.length; ++i) {
            if (_bidders[id][holders[i]].mark == Mark.OPENED) _demandAllotments(id, holders[i]);
        }
    }

    function _demandAllotments(uint256 id, address account) private {
        uint256[] storage wanted = _bidders[id][account].allotted;
        (uint64[] memory found,) = world.offering.allotmentOf(id, openingOf(id, account));
        for (uint256 i; i < found.length; ++i) {
            model.demand(found[i] == wanted[i], "ALLOC-2: allotments are the largest remainders");
        }
    }

    function _entries(uint256 id) private view returns (NaiveTender.Entry[] memory entries) {
        uint256 count;
        for (uint256 i; i < holders.length; ++i) {
            Bidder storage each = _bidders[id][holders[i]];
            if (each.opened) count += each.bids.length;
        }
        entries = new NaiveTender.Entry[](count);
        count = 0;
        for (uint256 i; i < holders.length; ++i) {
            Bidder storage each = _bidders[id][holders[i]];
            for (uint256 j; each.opened && j < each.bids.length; ++j) {
                TickBid memory one = each.bids[j];
                entries[count++] = NaiveTender.Entry(holders[i], one.account, one.quote, one.units, 0, false);
            }
        }
    }

    /// @return openings Of all whose bids are open, by ascending address.
    function _ascending(uint256 id) private view returns (Opening[] memory openings) {
        uint256 count;
        for (uint256 i; i < holders.length; ++i) {
            if (_bidders[id][holders[i]].mark == Mark.OPENED) ++count;
        }
        openings = new Opening[](count);
        address last;
        for (uint256 i; i < count; ++i) {
            address next = address(type(uint160).max);
            for (uint256 j; j < holders.length; ++j) {
                bool counts = _bidders[id][holders[j]].mark == Mark.OPENED && holders[j] > last;
                if (counts && holders[j] < next) next = holders[j];
            }
            last = next;
            openings[i] = openingOf(id, next);
        }
    }

    function _part(Opening[] memory openings, uint256 from, uint256 to) private pure returns (Opening[] memory part) {
        part = new Opening[](to < from ? 0 : to - from);
        for (uint256 i; i < part.length; ++i) {
            part[i] = openings[from + i];
        }
    }

    function _cipherHash(Bidder storage bidder) internal view returns (bytes32) {
        return bidder.ciphertext.length == 0 ? NO_CIPHERTEXT : keccak256(bidder.ciphertext);
    }

    function _isUnderWay(uint256 id) private view returns (bool) {
        return _isAt(id, Stage.OPEN) || _isAt(id, Stage.CLOSED) || _isAt(id, Stage.CLEARED);
    }

    function _isRevealing(uint256 id) private view returns (bool) {
        return _isAt(id, Stage.CLOSED) && _now() < _deals[id].conditions.revealsBy;
    }

    function _isDeclaring(uint256 id) private view returns (bool) {
        Conditions storage given = _deals[id].conditions;
        return
            _isAt(id, Stage.CLOSED) && !_deals[id].declared && _now() >= given.revealsBy && _now() < given.overAllotsBy;
    }

    function _isClearable(uint256 id) private view returns (bool) {
        Conditions storage given = _deals[id].conditions;
        uint256 from = _deals[id].declared ? given.revealsBy : given.overAllotsBy;
        return _isAt(id, Stage.CLOSED) && _now() >= from && _now() <= given.clearsBy;
    }
}
