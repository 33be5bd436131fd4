// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Basis, Book, Pricing} from "../primary/interfaces/OfferingTypes.sol";
import {AllocationLib} from "../primary/libraries/AllocationLib.sol";
import {ClearingLib} from "../primary/libraries/ClearingLib.sol";
import {LevelLib} from "../primary/libraries/LevelLib.sol";
import {QuoteLib} from "../primary/libraries/QuoteLib.sol";

/// @title OfferingHarness
/// @notice Opens the libraries of the primary market to tests; never deployed by scripts.
contract OfferingHarness {
    /// @notice What the clearing reads of a book.
    struct Given {
        Basis basis;
        Pricing pricing;
        uint16 levels;
        uint16 farOff;
        uint16 band;
        uint64 offered;
        uint64 overAllotted;
        uint64 minimumVolume;
        uint64 nonCompetitive;
        uint64 nonCompetitiveBid;
        uint64 commitments;
    }

    /// @notice What the clearing writes into a book.
    struct Cleared {
        bool isPriced;
        uint16 firstLevel;
        uint16 lastLevel;
        uint16 marginalLevel;
        uint16 averageLevel;
        uint64 marginalBid;
        uint64 marginalShare;
        uint64 competitive;
        uint64 nonCompetitiveShare;
        uint64 takeUp;
    }

    uint256 internal _count;
    mapping(uint256 number => LevelLib.Levels) internal _books;

    /* CLEARING */

    /// @param levels The level of each bid; `units` goes with it.
    /// @return found The result, with the gas of the clearing alone.
    function clear(Given calldata given, uint16[] calldata levels, uint64[] calldata units)
        external
        returns (Cleared memory found, uint256 used)
    {
        LevelLib.Levels storage counted = _books[++_count];
        Book memory book;
        for (uint256 i; i < levels.length; ++i) {
            uint256 index = levels[i] >> 2;
            counted.words[index] = LevelLib.plus(counted.words[index], levels[i], units[i]);
            book.bidUnits += units[i];
            book.weighted += uint96(units[i]) * levels[i];
        }
        (book.basis, book.pricing, book.levels) = (given.basis, given.pricing, given.levels);
        (book.farOff, book.band) = (given.farOff, given.band);
        (book.offered, book.overAllotted) = (given.offered, given.overAllotted);
        (book.minimumVolume, book.commitments) = (given.minimumVolume, given.commitments);
        (book.nonCompetitive, book.nonCompetitiveBid) = (given.nonCompetitive, given.nonCompetitiveBid);

        used = gasleft();
        found.isPriced = ClearingLib.clear(book, counted);
        used -= gasleft();

        (found.firstLevel, found.lastLevel) = (book.firstLevel, book.lastLevel);
        (found.marginalLevel, found.averageLevel) = (book.marginalLevel, book.averageLevel);
        (found.marginalBid, found.marginalShare) = (book.marginalBid, book.marginalShare);
        (found.competitive, found.nonCompetitiveShare) = (book.competitive, book.nonCompetitiveShare);
        found.takeUp = book.takeUp;
    }

    /* LEVELS */

    function unitsIn(uint256 word, uint256 level) external pure returns (uint64) {
        return LevelLib.unitsIn(word, level);
    }

    function plus(uint256 word, uint256 level, uint64 units) external pure returns (uint256) {
        return LevelLib.plus(word, level, units);
    }

    function minus(uint256 word, uint256 level, uint64 units) external pure returns (uint256) {
        return LevelLib.minus(word, level, units);
    }

    /* ALLOCATION */

    function shareOf(uint64 asked, uint64 share, uint64 bid, uint192 key, uint256 cut) external pure returns (uint64) {
        return AllocationLib.shareOf(asked, share, bid, key, cut);
    }

    function keyOf(uint256 offeringId, address bidder, address account) external pure returns (uint192) {
        return AllocationLib.keyOf(offeringId, bidder, account);
    }

    function partOf(uint64 rest, uint64 before, uint64 commitment, uint64 total) external pure returns (uint64) {
        return AllocationLib.partOf(rest, before, commitment, total);
    }

    /* QUOTES */

    function quoteOf(Basis basis, uint64 lowest, uint64 tick, uint16 levels, uint256 level)
        external
        pure
        returns (uint64)
    {
        return QuoteLib.quoteOf(basis, lowest, tick, levels, level);
    }

    function averageLevel(Basis basis, uint256 weighted, uint256 sum) external pure returns (uint256) {
        return QuoteLib.averageLevel(basis, weighted, sum);
    }

    function priceAt(uint128 faceValue, uint32 coupon, uint32 rate, uint16 periods, uint256 perYear)
        external
        pure
        returns (uint256)
    {
        return QuoteLib.priceAt(faceValue, coupon, rate, periods, perYear);
    }
}
