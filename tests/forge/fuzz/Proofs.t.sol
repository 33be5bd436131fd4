// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Terms} from "../../../contracts/bond/libraries/TermsLib.sol";
import {Conditions, Cuts, Opening, Stage} from "../../../contracts/primary/interfaces/OfferingTypes.sol";
import {IBondToken} from "../suite/IBondToken.sol";
import {Market} from "../suite/Market.sol";

/// @notice What no list may prove, and no issue may pass.
contract ProofsTest is Market {
    uint64 private constant BID_EACH = 7;
    uint64 private constant OFFERED = 17;
    uint64 private constant QUOTE = 100_00;

    IBondToken private _bond;
    uint256 private _offering;

    /// @dev Three bids alike, and two lots of residue: repeating one who got a lot would look like the sum.
    function setUp() external {
        _setMarket(3);
        Terms memory terms = _terms(1);
        terms.units = OFFERED;
        _bond = _register(terms);
        Conditions memory conditions = _conditions(_bond, OFFERED);
        _offering = _launch(conditions);
        for (uint256 i; i < 3; ++i) {
            _place(_offering, bidders[i], _one(QUOTE, BID_EACH, bidders[i]));
        }
        vm.warp(conditions.closesAt);
        world.offering.closeBook(_offering);
        world.offering.clear(_offering);
    }

    function testFuzz_allocate__anyList__provesOnlyWhatAddsUp(uint8[3] memory list, uint8 near, uint256 cut) external {
        Opening[] memory openings = new Opening[](3);
        for (uint256 i; i < 3; ++i) {
            openings[i] = Opening(bidders[list[i] % 3], _one(QUOTE, BID_EACH, bidders[list[i] % 3]));
        }
        // Cuts near a score are the interesting ones.
        if (near % 4 != 0) cut = _score(bidders[near % 3]) + near % 2;

        (bool success,) =
            address(world.offering).call(abi.encodeCall(world.offering.allocate, (_offering, Cuts(cut, cut), openings)));

        bool proved = world.offering.bookOf(_offering).stage == Stage.PUBLISHED;
        assertTrue(success == proved, "ALLOC-5: a whole list is taken or refused");
        if (!proved) return;
        uint256 sum;
        for (uint256 i; i < 3; ++i) {
            (uint64[] memory units,) =
                world.offering.allotmentOf(_offering, Opening(bidders[i], _one(QUOTE, BID_EACH, bidders[i])));
            sum += units[0];
        }
        assertEq(sum, OFFERED, "ALLOC-5: nobody counts twice in a proof");
    }

    /// @dev In batches, with others proving beside; only the last one finds the sum.
    function testFuzz_allocate__anySplit__sameResult(uint8 first, uint8 other, uint256 wrong) external {
        Cuts memory right = Cuts(_second(), type(uint256).max);
        uint256 split = first % 4;
        if (split != 0) _allocate(world.outsider, right, 0, split);
        if (other % 4 != 0) {
            vm.prank(bidders[0]);
            (bool done,) = address(world.offering)
                .call(abi.encodeCall(world.offering.allocate, (_offering, Cuts(wrong, 0), _openings(0, other % 3))));
            done;
        }
        if (world.offering.bookOf(_offering).stage == Stage.CLEARED) _allocate(world.outsider, right, split, 3);

        assertTrue(world.offering.bookOf(_offering).stage == Stage.PUBLISHED, "ALLOC-3: nobody disturbs a proof");
        assertEq(
            world.offering.bookOf(_offering).marginalCut, right.marginal, "ALLOC-4: and no other cut is found right"
        );
    }

    function testFuzz_issue__anyUnits__neverMoreThanAuthorised(uint64[3] memory units) external {
        address[] memory holders = new address[](3);
        uint64[] memory amounts = new uint64[](3);
        uint256 sum;
        for (uint256 i; i < 3; ++i) {
            (holders[i], amounts[i]) = (bidders[i], i == 0 ? units[i] : uint64(bound(units[i], 1, OFFERED)));
            sum += amounts[i];
        }

        vm.prank(address(world.offering));
        (bool success,) = address(_bond).call(abi.encodeCall(_bond.issue, (holders, amounts)));

        assertTrue(success == (sum <= OFFERED && amounts[0] != 0), "REGISTER-4: never more than authorised");
        assertEq(_bond.totalSupply(), success ? sum : 0, "REGISTER-4: all or nothing");
    }

    function _allocate(address prover, Cuts memory cuts, uint256 from, uint256 to) private {
        vm.prank(prover);
        world.offering.allocate(_offering, cuts, _openings(from, to));
    }

    function _openings(uint256 from, uint256 to) private view returns (Opening[] memory openings) {
        openings = new Opening[](to - from);
        for (uint256 i; i < openings.length; ++i) {
            openings[i] = Opening(bidders[from + i], _one(QUOTE, BID_EACH, bidders[from + i]));
        }
    }

    /// @dev Equal bids have equal remainders: 7 * 17 mod 21.
    function _score(address bidder) private view returns (uint256) {
        return 14 * 2 ** 192 + uint256(keccak256(abi.encode(_offering, bidder, bidder))) % 2 ** 192;
    }

    /// @return second The second highest score: there are two lots of residue.
    function _second() private view returns (uint256 second) {
        uint256 highest;
        for (uint256 i; i < 3; ++i) {
            uint256 score = _score(bidders[i]);
            if (score > highest) (highest, second) = (score, highest);
            else if (score > second) second = score;
        }
    }
}
