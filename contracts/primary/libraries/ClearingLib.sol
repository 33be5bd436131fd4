// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {Basis, Book, Pricing} from "../interfaces/OfferingTypes.sol";
import {LevelLib} from "./LevelLib.sol";
import {QuoteLib} from "./QuoteLib.sol";

/// @title ClearingLib
/// @notice Finds the marginal level in one pass over the levels, best first.
/// @dev Counting by level is a sort that is already done: nothing is proposed, and the work is bounded by the number of quotes
/// (at most 1,024 slots), not by the number of bids.
library ClearingLib {
    /// @notice Writes the result into the book: void bounds, marginal and average level, shares, rest for the underwriters.
    /// @dev MIXED: dropping the levels that are more than `band` behind the average lowers the average, and so on until none
    /// is dropped. What is left is a prefix of the levels; a smaller prefix has no worse average; so the repetition ends in the
    /// largest prefix whose last level is within the band of its own average, and that is the last for which the pass finds
    /// it so.
    /// @return Whether a price was found and the minimum volume is reached.
    function clear(Book memory book, LevelLib.Levels storage levels) internal view returns (bool) {
        uint256 available = uint256(book.offered) + book.overAllotted;
        uint64 withoutQuote =
            book.nonCompetitiveBid < book.nonCompetitive ? book.nonCompetitiveBid : book.nonCompetitive;
        (book.firstLevel, book.lastLevel) = _validLevels(book);

        _pass(book, levels, available - withoutQuote);

        if (book.competitive == 0 && book.levels != 1) return false; // no price was found
        book.nonCompetitiveShare = withoutQuote;
        uint256 rest = available - withoutQuote - book.competitive;
        book.takeUp = rest < book.commitments ? uint64(rest) : book.commitments;
        uint256 volume = uint256(book.competitive) + withoutQuote + book.takeUp;
        return volume != 0 && volume >= book.minimumVolume;
    }

    /// @dev Sums of units fit 64 bits, so products with a level fit 80, and nothing can overflow.
    function _pass(Book memory book, LevelLib.Levels storage levels, uint256 wanted) private view {
        (Basis basis, bool mixed, uint256 band) = (book.basis, book.pricing == Pricing.MIXED, book.band);
        uint256 last = book.lastLevel;
        uint256 sum;
        uint256 weighted;
        uint256 word;
        bool loaded;
        unchecked {
            for (uint256 level = book.firstLevel; level <= last && sum != wanted; ++level) {
                if (!loaded || level & 3 == 0) {
                    word = levels.words[level >> 2];
                    loaded = true;
                }
                uint256 bid = LevelLib.unitsIn(word, level);
                if (bid == 0) continue;
                uint256 share = bid < wanted - sum ? bid : wanted - sum;
                sum += share;
                weighted += share * level;
                uint256 average = QuoteLib.averageLevel(basis, weighted, sum);
                if (mixed && level > average + band) continue;
                (book.marginalLevel, book.averageLevel) = (uint16(level), uint16(average));
                (book.marginalBid, book.marginalShare) = (uint64(bid), uint64(share));
                book.competitive = uint64(sum);
            }
        }
    }

    /// @return first Levels before it are further from the average of all bids than the conditions allow.
    /// @return last And those after it. The average is exact: units * level are compared, nothing is divided.
    function _validLevels(Book memory book) private pure returns (uint16 first, uint16 last) {
        last = book.levels - 1;
        if (book.farOff == 0 || book.bidUnits == 0) return (0, last);
        uint256 units = book.bidUnits;
        uint256 reach = units * book.farOff;
        if (book.weighted > reach) first = uint16((book.weighted - reach + units - 1) / units);
        uint256 furthest = (book.weighted + reach) / units;
        if (furthest < last) last = uint16(furthest);
    }
}
