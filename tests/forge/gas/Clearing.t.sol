// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Terms} from "../../../contracts/bond/libraries/TermsLib.sol";
import {Conditions, Stage, TickBid} from "../../../contracts/primary/interfaces/OfferingTypes.sol";
import {IBondToken} from "../suite/IBondToken.sol";
import {Market} from "../suite/Market.sol";

/// @notice A book is cleared in one transaction, whatever is in it: its work is that of its quotes, not of its bids.
contract ClearingWorkTest is Market {
    uint64 private constant MANY = 300;
    uint64 private constant FEW = 10;
    uint64 private constant UNITS = 1 << 20;
    /// @dev Of a block that a consortium chain takes, with room to spare.
    uint256 private constant MOST_GAS = 5_000_000;

    function setUp() external {
        _setMarket(MANY);
    }

    function test_clear__manyBids__costsTheSame() external {
        uint256 few = _gasOfClearing(1, FEW, 300);
        uint256 many = _gasOfClearing(2, MANY, 300);

        assertEq(many, few, "WORK-4: clearing costs the same for any number of bids");
    }

    /// @dev Every fourth of 4,096 levels has units, so that each slot of them is read; and so few that all are passed.
    function test_clear__allLevels__bounded() external {
        Conditions memory conditions = _book(1);
        (conditions.lowest, conditions.highest, conditions.tick) = (1, 4096, 1);
        uint256 id = _launch(conditions);
        for (uint64 i; i < 16; ++i) {
            TickBid[] memory bids = new TickBid[](64);
            for (uint64 j; j < 64; ++j) {
                bids[j] = TickBid(1 + i * 256 + j * 4, 1, bidders[i]);
            }
            _place(id, bidders[i], bids);
        }

        assertLe(_gasOf(id, conditions), MOST_GAS, "WORK-5: clearing the widest book is bounded work");
        assertTrue(world.offering.bookOf(id).stage == Stage.PUBLISHED, "WORK-5: and it is cleared");
    }

    /// @dev Three quotes, all of them bid for.
    function _gasOfClearing(uint256 number, uint64 count, uint64 units) private returns (uint256) {
        Conditions memory conditions = _book(number);
        uint256 id = _launch(conditions);
        for (uint64 i; i < count; ++i) {
            uint64 quote = i < 3 ? conditions.lowest + i * conditions.tick : conditions.lowest;
            _place(id, bidders[i], _one(quote, units / count, bidders[i]));
        }
        return _gasOf(id, conditions);
    }

    function _gasOf(uint256 id, Conditions memory conditions) private returns (uint256 used) {
        vm.warp(conditions.closesAt);
        world.offering.closeBook(id);
        cheats.cool(address(world.offering));
        cheats.cool(address(conditions.bond));

        used = gasleft();
        world.offering.clear(id);
        used -= gasleft();
        vm.warp(START);
    }

    function _book(uint256 number) private returns (Conditions memory conditions) {
        Terms memory terms = _terms(number);
        (terms.units, terms.faceValue) = (UNITS, 100);
        IBondToken bond = _register(terms);
        return _conditions(bond, UNITS);
    }
}
