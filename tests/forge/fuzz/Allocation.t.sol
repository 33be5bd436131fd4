// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {AllocationLib} from "../../../contracts/primary/libraries/AllocationLib.sol";
import {Base} from "../Base.sol";
import {NaiveTender} from "../suite/NaiveTender.sol";

/// @notice Pro rata by largest remainder, against handing out one lot at a time.
contract AllocationTest is Base {
    uint256 private constant BIDS = 9;
    uint256 private constant OFFERING = 3;
    uint64 private constant QUOTE = 1;

    function testFuzz_shareOf__anyBids__sameAsLotByLot(uint64[9] memory asked, uint64 share, bool small) external pure {
        share = _fold(asked, share, small ? 12 : 60_000);
        (NaiveTender.Entry[] memory entries, uint256 cut) = _lotByLot(asked, share);

        uint256 sum;
        for (uint256 i; i < BIDS; ++i) {
            uint64 found = _share(asked, share, i, cut);
            assertEq(found, entries[i].allotted, "ALLOC-2: shares are the largest remainders");
            assertLe(found, asked[i], "ALLOC-2: nobody gets more than he asked for");
            sum += found;
        }
        assertEq(sum, share, "ALLOC-1: shares sum up");
    }

    /// @dev Why the Offering may trust a sum: cuts that give away as many lots give them to the same bids.
    function testFuzz_shareOf__otherCutWithSameSum__sameShares(
        uint64[9] memory asked,
        uint64 share,
        bool small,
        uint256 otherCut
    ) external pure {
        share = _fold(asked, share, small ? 12 : type(uint64).max / 10);
        uint64 total = _sum(asked);
        // Cuts next to a score that exists are the interesting ones.
        if (otherCut % 8 != 0) {
            otherCut = _score(asked, share, total, (otherCut >> 8) % BIDS) + (otherCut >> 16) % 3 - 1;
        }
        uint256 cut = _cut(asked, share, total);
        uint256 sum;
        for (uint256 i; i < BIDS; ++i) {
            sum += _share(asked, share, i, otherCut);
        }

        if (sum != share) return;

        for (uint256 i; i < BIDS; ++i) {
            assertEq(
                _share(asked, share, i, otherCut), _share(asked, share, i, cut), "ALLOC-4: the sum proves the shares"
            );
        }
    }

    /// @dev Where nothing parts equals but who they are: it does not depend on who came first.
    function testFuzz_keyOf__anyIds__hashOfAllThree(uint256 offering, address bidder, address account) external pure {
        uint256 wanted = uint256(keccak256(abi.encode(offering, bidder, account))) % 2 ** 192;
        assertEq(AllocationLib.keyOf(offering, bidder, account), wanted, "ALLOC-2: equals are parted by who they are");
    }

    /* INTERNAL */

    /// @dev Small books have ties and remainders of zero, large ones try the width of the products.
    function _fold(uint64[9] memory asked, uint64 share, uint64 most) private pure returns (uint64) {
        for (uint256 i; i < BIDS; ++i) {
            asked[i] = uint64(bound(asked[i], 1, most));
        }
        return uint64(bound(share, 1, _sum(asked)));
    }

    function _sum(uint64[9] memory asked) private pure returns (uint64 sum) {
        for (uint256 i; i < BIDS; ++i) {
            sum += asked[i];
        }
    }

    function _share(uint64[9] memory asked, uint64 share, uint256 i, uint256 cut) private pure returns (uint64) {
        uint192 key = AllocationLib.keyOf(OFFERING, _bidder(i), _account(i));
        return AllocationLib.shareOf(asked[i], share, _sum(asked), key, cut);
    }

    function _score(uint64[9] memory asked, uint64 share, uint64 total, uint256 i) private pure returns (uint256) {
        uint256 hash = uint256(keccak256(abi.encode(OFFERING, _bidder(i), _account(i))));
        return (uint256(asked[i]) * share % total) * 2 ** 192 + hash % 2 ** 192;
    }

    /// @dev Of many lots the score of the last that gets one, counted from the highest.
    function _cut(uint64[9] memory asked, uint64 share, uint64 total) private pure returns (uint256 cut) {
        uint256 left = share;
        for (uint256 i; i < BIDS; ++i) {
            left -= uint256(asked[i]) * share / total;
        }
        cut = type(uint256).max;
        for (; left > 0; --left) {
            uint256 best;
            for (uint256 i; i < BIDS; ++i) {
                uint256 score = _score(asked, share, total, i);
                if (score < cut && score > best) best = score;
            }
            cut = best;
        }
    }

    function _lotByLot(uint64[9] memory asked, uint64 share)
        private
        pure
        returns (NaiveTender.Entry[] memory entries, uint256 cut)
    {
        entries = new NaiveTender.Entry[](BIDS);
        for (uint256 i; i < BIDS; ++i) {
            (entries[i].bidder, entries[i].account) = (_bidder(i), _account(i));
            (entries[i].quote, entries[i].units) = (QUOTE, asked[i]);
        }
        NaiveTender.Rules memory rules;
        (rules.offering, rules.lot) = (OFFERING, 1);
        cut = NaiveTender.share(rules, entries, QUOTE, share);
    }

    /// @dev Some bidders bid for several accounts.
    function _bidder(uint256 i) private pure returns (address) {
        return address(uint160(1 + i / 2));
    }

    function _account(uint256 i) private pure returns (address) {
        return address(uint160(1000 - i));
    }
}
