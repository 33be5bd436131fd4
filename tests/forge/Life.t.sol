// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Roles} from "../../contracts/membership/libraries/Roles.sol";
import {Opening, Stage as OfferingStage, Unopened} from "../../contracts/primary/interfaces/OfferingTypes.sol";
import {OfferingState} from "./handlers/offering/OfferingState.sol";
import {IBondToken} from "./suite/IBondToken.sol";
import {Model} from "./suite/Model.sol";
import {Promises} from "./suite/Promises.sol";

/// @notice Everything at once; and whatever happened, in the end everybody has what he was owed.
contract LifeInvariants is Promises {
    uint256 private constant AFTER_ALL = START + 900 days;

    function setUp() external {
        _setStage();
        _targetRegister();
        _targetMembers();
        _targetServicing();
        _targetSettlement();
        _targetOffering();
    }

    function invariant_promises__wholeSuite__kept() external view {
        _checkAll();
    }

    /// @dev Runs at the end of each sequence: lifts what can be lifted, pays everything, and looks at what is left.
    function afterInvariant() external {
        if (cheats.getBlockTimestamp() < AFTER_ALL) vm.warp(AFTER_ALL);
        _rehabilitate(world.issuer, Roles.ISSUER);
        for (uint256 i; i < holders.length; ++i) {
            _rehabilitate(holders[i], Roles.HOLDER);
        }
        _mint(world.payingAgent, 1e30);
        for (uint256 i; i < model.bondCount(); ++i) {
            if (model.issued(model.bonds(i)) != 0) _payAll(IBondToken(model.bonds(i)));
        }
        _returnDeposits();
    }

    function _payAll(IBondToken bond) private {
        uint256 records = model.lastOf(address(bond));
        for (uint16 k = 1; k <= records; ++k) {
            if (world.servicing.payment(bond, k).fundedAt == 0) {
                vm.prank(world.payingAgent);
                world.servicing.fund(bond, k);
            }
            for (uint256 i; i < holders.length; ++i) {
                _payOne(bond, k, holders[i], k == records);
            }
        }
        uint256 kept;
        for (uint256 i; i < holders.length; ++i) {
            address holder = holders[i];
            vm.prank(world.desk);
            bond.setFrozenTokens(holder, 0);
            bool removed = model.accountOf(holder).removed;
            if (!removed && world.servicing.keptFor(bond, holder) != 0) world.servicing.collect(bond, holder);
            kept += world.servicing.keptFor(bond, holder);
            assertTrue(removed || world.servicing.keptFor(bond, holder) == 0, "MONEY-9: in the end all is collected");
        }
        assertEq(bond.totalSupply(), 0, "MONEY-9: in the end all units are redeemed");
        _checkFinalEscrow(bond, kept);
    }

    function _payOne(IBondToken bond, uint16 period, address holder, bool last) private {
        uint256 units = model.unitsAt(address(bond), holder, period);
        if (units == 0 || bond.isPaid(holder, period)) return;
        uint256 paid = world.servicing.payment(bond, period).paid;
        address[] memory one = new address[](1);
        one[0] = holder;
        if (last) world.servicing.redeem(bond, one);
        else world.servicing.pay(bond, period, one);
        uint256 amount = world.servicing.payment(bond, period).paid - paid;
        assertEq(
            amount, model.due(address(bond), period, units), "MONEY-9: whoever is owed can be paid at any time after"
        );
    }

    function _checkFinalEscrow(IBondToken bond, uint256 kept) private view {
        uint256 records = model.lastOf(address(bond));
        for (uint16 k = 1; k <= records; ++k) {
            assertEq(
                world.servicing.payment(bond, k).unitsPaid,
                world.servicing.payment(bond, k).units,
                "MONEY-9: all served"
            );
        }
        for (uint256 i = holders.length; i < model.accountCount(); ++i) {
            kept += world.servicing.keptFor(bond, model.accounts(i));
        }
        assertLe(kept, world.cash.balanceOf(address(world.servicing)), "MONEY-9: what is kept is there");
    }

    /// @dev All is late by now, so that anyone can end what is not ended.
    function _returnDeposits() private {
        for (uint256 id = 1; id <= world.offering.offeringCount(); ++id) {
            OfferingStage stage = world.offering.bookOf(id).stage;
            if (stage < OfferingStage.PUBLISHED) world.offering.fail(id);
            for (uint256 i; i < holders.length; ++i) {
                _endBid(id, holders[i]);
                _endPlace(id, holders[i]);
                assertEq(world.offering.bidOf(id, holders[i]), bytes32(0), "DEPOSIT-6: in the end no bid is left");
            }
        }
        uint256 left = _withdrawAll(world.issuer);
        for (uint256 i; i < holders.length; ++i) {
            left += _withdrawAll(holders[i]);
        }
        assertEq(world.cash.balanceOf(address(world.offering)), left, "DEPOSIT-6: and nothing else is left");
    }

    function _endBid(uint256 id, address account) private {
        OfferingState.Bidder memory bidder = offeringHandler.bidderOf(id, account);
        if (bidder.mark == OfferingState.Mark.SEALED) {
            Unopened[] memory unopened = new Unopened[](1);
            bytes32 hash = bidder.ciphertext.length == 0 ? bytes32(0) : keccak256(bidder.ciphertext);
            unopened[0] = Unopened(account, bidder.commitment, hash);
            world.offering.forfeit(id, unopened);
        } else if (bidder.mark == OfferingState.Mark.OPENED) {
            Opening[] memory openings = new Opening[](1);
            openings[0] = Opening(account, bidder.bids);
            (bool success,) = address(world.offering).call(abi.encodeCall(world.offering.release, (id, openings)));
            if (!success) world.offering.lapse(id, openings);
        }
    }

    function _endPlace(uint256 id, address account) private {
        address[] memory one = new address[](1);
        one[0] = account;
        if (world.offering.underwriterOf(id, account).deposit) world.offering.discharge(id, one);
    }

    /// @return left What waits for a removed account.
    function _withdrawAll(address account) private returns (uint256 left) {
        left = world.offering.depositOf(address(world.cash), account);
        if (left == 0 || model.accountOf(account).removed) return left;
        vm.prank(account);
        world.offering.withdrawDeposit(address(world.cash), uint128(left));
        return 0;
    }

    /// @dev Removal is for good; everything else can be lifted.
    function _rehabilitate(address holder, uint24 roles) private {
        Model.Account memory account = model.accountOf(holder);
        if (account.removed) return;
        address[] memory one = new address[](1);
        one[0] = holder;
        if (world.registry.member(account.lei).suspended) {
            world.registry.reinstateMember(account.lei, "settled", new address[](0));
        }
        world.registry.reinstateAccounts(one);
        world.registry.sync(one);
        world.registry.setRoles(holder, roles, FOREVER);
    }
}
