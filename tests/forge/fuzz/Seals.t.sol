// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Conditions, Form, TickBid} from "../../../contracts/primary/interfaces/OfferingTypes.sol";
import {IBondToken} from "../suite/IBondToken.sol";
import {Market} from "../suite/Market.sol";
import {NaiveSeal} from "../suite/NaiveSeal.sol";

/// @notice What a seal binds: the book, the bidder, each bid to the last bit, and the salt.
contract SealsTest is Market {
    uint64 private constant OFFERED = 100;

    uint256 private _offering;
    uint256 private _other;

    function setUp() external {
        _setMarket(3);
        _offering = _sealedBook(_register(_terms(1)));
        _other = _sealedBook(_register(_terms(2)));
    }

    function testFuzz_commitmentOf__anyBids__asTypedData(
        uint256 id,
        address bidder,
        TickBid[] memory bids,
        bytes32 salt
    ) external view {
        assertEq(
            world.offering.commitmentOf(id, bidder, bids, salt),
            NaiveSeal.commitment(address(world.offering), id, bidder, bids, salt),
            "BID-6: a commitment is the EIP-712 hash of all that is bid"
        );
    }

    /// @dev One thing is changed, or nothing; two bidders hold the same commitment, and it is one's own.
    function testFuzz_openBid__anyChange__refused(uint256 seed, bytes32 salt, uint8 field) external {
        TickBid[] memory bids = _bids(seed);
        bytes32 commitment = NaiveSeal.commitment(address(world.offering), _offering, bidders[0], bids, salt);
        for (uint256 i; i < 2; ++i) {
            vm.prank(bidders[i]);
            world.offering.sealBid(_offering, commitment);
            vm.prank(bidders[i]);
            world.offering.sealBid(_other, commitment);
        }
        vm.warp(START + 1 days);
        world.offering.closeBook(_offering);
        world.offering.closeBook(_other);

        uint256 id = field % 12 == 1 ? _other : _offering;
        address bidder = field % 12 == 2 ? bidders[1] : bidders[0];
        bytes32 ciphertextHash = field % 12 == 3 ? keccak256("") : bytes32(0);
        if (field % 12 == 4) salt ^= bytes32(1 << (seed % 256));
        if (field % 12 == 5) bids[0].quote += 50;
        if (field % 12 == 6) bids[1].units -= 1;
        if (field % 12 == 7) bids[1].account = bidders[2];
        if (field % 12 == 8) bids = _one(bids[0].quote, bids[0].units, bids[0].account);
        if (field % 12 == 9) (bids[0], bids[1]) = (bids[1], bids[0]);
        bool changed = field % 12 != 0 && field % 12 <= 9;
        bytes memory call = abi.encodeCall(world.offering.openBid, (id, bidder, bids, salt, ciphertextHash));

        (bool opened,) = address(world.offering).call(call);
        (bool again,) = address(world.offering).call(call);

        assertTrue(opened != changed, "BID-3: a seal counts for its book, its bidder and its bids alone");
        assertTrue(!again, "BID-3: and once");
        uint64 units = world.offering.bookOf(_offering).bidUnits;
        assertEq(units, opened ? bids[0].units + bids[1].units : 0, "BID-4: and what it opens is counted");
    }

    function _sealedBook(IBondToken bond) private returns (uint256) {
        Conditions memory conditions = _conditions(bond, OFFERED);
        conditions.form = Form.SEALED;
        (conditions.revealsBy, conditions.overAllotsBy) = (uint40(START + 30 hours), uint40(START + 30 hours));
        return _launch(conditions);
    }

    function _bids(uint256 seed) private view returns (TickBid[] memory bids) {
        bids = new TickBid[](2);
        bids[0] = TickBid(uint64(50_00 + seed % 100 * 50), uint64(1 + (seed >> 8) % 40), bidders[seed % 2]);
        bids[1] = TickBid(uint64(150_00 + (seed >> 16) % 100 * 50), uint64(2 + (seed >> 24) % 40), bidders[0]);
    }
}
