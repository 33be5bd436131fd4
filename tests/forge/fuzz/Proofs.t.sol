// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Terms} from "../../../contracts/bond/libraries/TermsLib.sol";
import {IOffering, Stage as OfferingStage} from "../../../contracts/primary/interfaces/IOffering.sol";
import {IBondToken} from "../suite/IBondToken.sol";
import {Suite} from "../suite/Suite.sol";

/// @notice What no list may prove, and no issue may pass.
contract ProofsTest is Suite {
    uint64 private constant ORDERED_EACH = 7;
    uint64 private constant OFFERED = 17;

    IBondToken private _bond;
    uint256 private _offering;

    /// @dev Three orders alike, and two lots of residue: repeating one who got a lot would look like the sum.
    function setUp() external {
        _deploySuite();
        Terms memory terms = _terms(1);
        terms.units = OFFERED;
        _bond = _register(terms);
        IOffering.Conditions memory conditions;
        (conditions.bond, conditions.bookrunner, conditions.price) = (_bond, world.bookrunner, 1);
        (conditions.offered, conditions.minimumOrder, conditions.maximumOrder) = (OFFERED, 1, OFFERED);
        (conditions.opensAt, conditions.closesAt) = (uint40(START), uint40(START + 1 days));
        conditions.settlesBy = uint40(START + 2 days);
        vm.prank(world.issuer);
        _offering = world.offering.open(conditions);
        for (uint256 i; i < 3; ++i) {
            _mint(_holder(i), ORDERED_EACH);
            vm.prank(_holder(i));
            world.offering.order(_offering, ORDERED_EACH);
        }
        vm.warp(START + 1 days);
        world.offering.close(_offering);
    }

    function testFuzz_allocate__anyList__provesOnlyWhatAddsUp(uint8[3] memory list, uint8 cut) external {
        address[] memory accounts = new address[](3);
        for (uint256 i; i < 3; ++i) {
            accounts[i] = _holder(list[i] % 3);
        }
        uint64 remainder = uint64(uint256(ORDERED_EACH) * OFFERED % (3 * ORDERED_EACH));

        (bool success,) = address(world.offering)
            .call(abi.encodeCall(IOffering.allocate, (_offering, remainder, _holder(cut % 3), accounts)));

        bool proved = world.offering.bookOf(_offering).stage == OfferingStage.ALLOCATED;
        assertTrue(success == proved, "ALLOC-5: a whole list is taken or refused");
        if (!proved) return;
        uint256 sum;
        for (uint256 i; i < 3; ++i) {
            sum += world.offering.allotmentOf(_offering, _holder(i));
        }
        assertEq(sum, OFFERED, "ALLOC-5: nobody counts twice in a proof");
    }

    function testFuzz_issue__anyUnits__neverMoreThanAuthorised(uint64[3] memory units) external {
        address[] memory holders = new address[](3);
        uint64[] memory amounts = new uint64[](3);
        uint256 sum;
        for (uint256 i; i < 3; ++i) {
            (holders[i], amounts[i]) = (_holder(i), i == 0 ? units[i] : uint64(bound(units[i], 1, OFFERED)));
            sum += amounts[i];
        }

        vm.prank(address(world.offering));
        (bool success,) = address(_bond).call(abi.encodeCall(_bond.issue, (holders, amounts)));

        assertTrue(success == (sum <= OFFERED && amounts[0] != 0), "REGISTER-4: never more than authorised");
        assertEq(_bond.totalSupply(), success ? sum : 0, "REGISTER-4: all or nothing");
    }
}
