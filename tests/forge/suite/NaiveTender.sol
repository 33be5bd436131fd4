// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

/// @notice A tender in the plainest way: quotes in place of levels, bids one by one, lots handed out one at a time.
/// @dev Shares no code with the contracts, so that a mistake has to be made twice to stay unseen.
library NaiveTender {
    enum Pays {
        UNIFORM,
        MULTIPLE,
        MIXED
    }

    uint256 internal constant UNQUOTED = type(uint64).max;

    struct Rules {
        uint256 offering;
        bool byRate;
        Pays pays;
        uint256 lot;
        uint256 lowest;
        uint256 highest;
        uint256 tick;
        uint256 farOff;
        uint256 band;
        uint256 available;
        uint256 unquotedMost;
        uint256 commitments;
        uint256 leastVolume;
    }

    struct Entry {
        address bidder;
        address account;
        uint256 quote;
        uint256 units;
        uint256 allotted;
        bool out; // void, or behind the band
    }

    struct Result {
        bool failed;
        uint256 competitive;
        uint256 unquoted;
        uint256 takeUp;
        uint256 marginalQuote;
        uint256 averageQuote;
        uint256 marginalBid;
        uint256 marginalShare;
        uint256 marginalCut;
        uint256 unquotedCut;
    }

    /// @notice Decides the tender, and writes what each entry gets.
    function clear(Rules memory rules, Entry[] memory entries) internal pure returns (Result memory result) {
        _dropFarOff(rules, entries);
        uint256 asked = _unitsAt(entries, UNQUOTED);
        uint256 unquoted = asked < rules.unquotedMost ? asked : rules.unquotedMost;
        do {
            _fill(rules, entries, rules.available - unquoted, result);
        } while (rules.pays == Pays.MIXED && _dropBehindBand(rules, entries, result));

        bool fixedQuote = rules.lowest == rules.highest;
        if (result.competitive == 0) {
            (result.marginalQuote, result.averageQuote) = (rules.lowest, rules.lowest);
            if (!fixedQuote) {
                result.failed = true;
                return result;
            }
        }
        result.unquoted = unquoted;
        uint256 rest = rules.available - unquoted - result.competitive;
        result.takeUp = rest < rules.commitments ? rest : rules.commitments;
        uint256 volume = result.competitive + unquoted + result.takeUp;
        result.failed = volume == 0 || volume < rules.leastVolume;
        if (!result.failed) _allot(rules, entries, result);
    }

    /// @dev Ticks by which a quote is worse for the issuer than another; negative when it is better.
    function behind(Rules memory rules, uint256 quote, uint256 other) internal pure returns (int256) {
        int256 difference = int256(quote) - int256(other);
        return (rules.byRate ? difference : -difference) / int256(rules.tick);
    }

    /// @return The quote of the grid next to an average; of two as near the higher one.
    function nearestQuote(Rules memory rules, uint256 weighted, uint256 units) internal pure returns (uint256) {
        for (uint256 quote = rules.highest; quote > rules.lowest; quote -= rules.tick) {
            // At or above the middle between this quote and the one below.
            if (2 * weighted >= (2 * quote - rules.tick) * units) return quote;
        }
        return rules.lowest;
    }

    /// @notice Hands a share out by largest remainder, one lot at a time.
    /// @return cut The lowest score that got a lot of the residue.
    function share(Rules memory rules, Entry[] memory entries, uint256 quote, uint256 units)
        internal
        pure
        returns (uint256 cut)
    {
        uint256 asked = _unitsAt(entries, quote) / rules.lot;
        uint256 left = units / rules.lot;
        uint256[] memory scores = new uint256[](entries.length);
        cut = type(uint256).max;
        if (asked == left) {
            for (uint256 i; i < entries.length; ++i) {
                if (entries[i].quote == quote) entries[i].allotted = entries[i].units;
            }
            return cut;
        }
        uint256 lots = left;
        for (uint256 i; i < entries.length; ++i) {
            Entry memory each = entries[i];
            if (each.quote != quote) continue;
            uint256 whole = each.units / rules.lot * lots / asked;
            uint256 remainder = each.units / rules.lot * lots - whole * asked;
            each.allotted = whole * rules.lot;
            left -= whole;
            bytes32 hash = keccak256(abi.encode(rules.offering, each.bidder, each.account));
            scores[i] = remainder * 2 ** 192 + uint256(hash) % 2 ** 192;
        }
        for (; left > 0; --left) {
            uint256 best;
            for (uint256 i = 1; i < entries.length; ++i) {
                if (scores[i] > scores[best]) best = i;
            }
            entries[best].allotted += rules.lot;
            cut = scores[best];
            scores[best] = 0;
        }
    }

    /* INTERNAL */

    /// @dev The distance is measured from the average of all bids with a quote, taken once.
    function _dropFarOff(Rules memory rules, Entry[] memory entries) private pure {
        if (rules.farOff == 0) return;
        uint256 units;
        uint256 weighted;
        for (uint256 i; i < entries.length; ++i) {
            if (entries[i].quote == UNQUOTED) continue;
            units += entries[i].units;
            weighted += entries[i].units * entries[i].quote;
        }
        for (uint256 i; i < entries.length; ++i) {
            if (entries[i].quote == UNQUOTED) continue;
            uint256 scaled = entries[i].quote * units;
            uint256 distance = scaled > weighted ? scaled - weighted : weighted - scaled;
            entries[i].out = distance > rules.farOff * rules.tick * units;
        }
    }

    /// @dev Best quote first, until nothing is left.
    function _fill(Rules memory rules, Entry[] memory entries, uint256 left, Result memory result) private pure {
        (result.competitive, result.marginalBid, result.marginalShare) = (0, 0, 0);
        uint256 weighted;
        uint256 quote = _best(rules, entries, UNQUOTED);
        while (left > 0 && quote != UNQUOTED) {
            uint256 bid = _unitsAt(entries, quote);
            uint256 given = bid < left ? bid : left;
            left -= given;
            weighted += given * quote;
            result.competitive += given;
            (result.marginalQuote, result.marginalBid, result.marginalShare) = (quote, bid, given);
            quote = _best(rules, entries, quote);
        }
        if (result.competitive != 0) result.averageQuote = nearestQuote(rules, weighted, result.competitive);
    }

    /// @return Whether one that had won is dropped, so that the average must be taken again.
    function _dropBehindBand(Rules memory rules, Entry[] memory entries, Result memory result)
        private
        pure
        returns (bool)
    {
        if (result.competitive == 0) return false;
        for (uint256 i; i < entries.length; ++i) {
            if (entries[i].quote == UNQUOTED) continue;
            if (behind(rules, entries[i].quote, result.averageQuote) > int256(rules.band)) entries[i].out = true;
        }
        return behind(rules, result.marginalQuote, result.averageQuote) > int256(rules.band);
    }

    function _allot(Rules memory rules, Entry[] memory entries, Result memory result) private pure {
        for (uint256 i; i < entries.length; ++i) {
            Entry memory each = entries[i];
            if (each.quote == UNQUOTED || each.out) continue;
            if (behind(rules, each.quote, result.marginalQuote) < 0) each.allotted = each.units;
        }
        result.marginalCut = result.marginalBid == 0
            ? type(uint256).max
            : share(rules, entries, result.marginalQuote, result.marginalShare);
        result.unquotedCut = result.unquoted == 0 ? type(uint256).max : share(rules, entries, UNQUOTED, result.unquoted);
    }

    /// @return best The best quote that is worse than `last`; UNQUOTED for none. With `last` UNQUOTED: the best of all.
    function _best(Rules memory rules, Entry[] memory entries, uint256 last) private pure returns (uint256 best) {
        best = UNQUOTED;
        for (uint256 i; i < entries.length; ++i) {
            Entry memory each = entries[i];
            if (each.quote == UNQUOTED || each.out) continue;
            if (last != UNQUOTED && behind(rules, each.quote, last) <= 0) continue;
            if (best == UNQUOTED || behind(rules, each.quote, best) < 0) best = each.quote;
        }
    }

    function _unitsAt(Entry[] memory entries, uint256 quote) private pure returns (uint256 units) {
        for (uint256 i; i < entries.length; ++i) {
            if (entries[i].quote == quote) units += entries[i].units;
        }
    }
}
