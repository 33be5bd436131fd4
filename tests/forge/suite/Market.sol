// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {IMemberRegistry} from "../../../contracts/membership/interfaces/IMemberRegistry.sol";
import {Roles} from "../../../contracts/membership/libraries/Roles.sol";
import {Basis, ClassRule, Conditions, TickBid} from "../../../contracts/primary/interfaces/OfferingTypes.sol";
import {IBondToken} from "./IBondToken.sol";
import {Suite} from "./Suite.sol";

/// @notice The suite with bidders, for tests of one offering.
abstract contract Market is Suite {
    address[] internal bidders;

    function _setMarket(uint160 count) internal {
        _deploySuite();
        IMemberRegistry.AccountAdmission[] memory admissions = new IMemberRegistry.AccountAdmission[](count);
        for (uint160 i; i < count; ++i) {
            bidders.push(address(0xB1DDE60000 + i));
            admissions[i] = IMemberRegistry.AccountAdmission(_leiOf(0), bidders[i], Roles.HOLDER, FOREVER);
        }
        world.registry.enrolAccounts(admissions);
    }

    /// @return conditions By price, from half to twice the face, in clear, for a day; all pay the same. No deposit.
    function _conditions(IBondToken bond, uint64 offered) internal view returns (Conditions memory conditions) {
        (conditions.bond, conditions.bookrunner, conditions.basis) = (bond, world.bookrunner, Basis.PRICE);
        (conditions.offered, conditions.minimumBid, conditions.maximumBid) = (offered, 1, offered);
        (conditions.lowest, conditions.highest, conditions.tick) = (50_00, 200_00, 50);
        (conditions.opensAt, conditions.closesAt) = (uint40(START), uint40(START + 1 days));
        (conditions.revealsBy, conditions.overAllotsBy) = (conditions.closesAt, conditions.closesAt);
        (conditions.clearsBy, conditions.settlesFrom) = (uint40(START + 2 days), conditions.closesAt);
        (conditions.settlesBy, conditions.takesUpBy) = (uint40(START + 3 days), uint40(START + 4 days));
    }

    function _everybody(Conditions memory conditions) internal pure returns (ClassRule[] memory classes) {
        classes = new ClassRule[](1);
        classes[0].maximum = conditions.offered + conditions.overAllotment;
    }

    function _mandate(Conditions memory conditions, ClassRule[] memory classes) internal returns (uint256 id) {
        vm.prank(world.issuer);
        return world.offering.mandate(conditions, classes);
    }

    /// @return id Of an offering whose book is open.
    function _launch(Conditions memory conditions) internal returns (uint256 id) {
        id = _mandate(conditions, _everybody(conditions));
        vm.prank(world.bookrunner);
        world.offering.acceptMandate(id, bytes32(0));
        vm.prank(world.bookrunner);
        world.offering.openBook(id);
    }

    function _place(uint256 id, address bidder, TickBid[] memory bids) internal {
        vm.prank(bidder);
        world.offering.placeBid(id, bids, new TickBid[](0));
    }

    function _one(uint64 quote, uint64 units, address account) internal pure returns (TickBid[] memory bids) {
        bids = new TickBid[](1);
        bids[0] = TickBid(quote, units, account);
    }
}
