// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IMemberRegistry} from "../../../contracts/membership/interfaces/IMemberRegistry.sol";
import {Terms} from "../../../contracts/bond/libraries/TermsLib.sol";
import {Roles} from "../../../contracts/membership/libraries/Roles.sol";
import {IBondToken} from "../suite/IBondToken.sol";
import {Model} from "../suite/Model.sol";
import {Naive} from "../suite/Naive.sol";
import {Suite} from "../suite/Suite.sol";

/// @notice More holders than one word has marks: however they are batched, each is paid once, and to the last fen.
contract BatchesTest is Suite {
    uint256 private constant COUNT = 600;

    address[] private _accounts;
    IBondToken private _bond;
    Model private _model;

    function setUp() external {
        _deploySuite();
        IMemberRegistry.AccountAdmission[] memory admissions = new IMemberRegistry.AccountAdmission[](COUNT);
        uint64[] memory units = new uint64[](COUNT);
        for (uint160 i; i < COUNT; ++i) {
            _accounts.push(address(0xC0FFEE0000 + i));
            admissions[i] = IMemberRegistry.AccountAdmission(_leiOf(0), _accounts[i], Roles.HOLDER, FOREVER);
            units[i] = uint64(1 + i);
        }
        world.registry.enrolAccounts(admissions);
        _mint(world.payingAgent, 1e30);

        Terms memory terms = _terms(1);
        // Of small money, so that nearly every holder's amount is rounded.
        (terms.units, terms.faceValue) = (1_000_000, 77);
        terms.schedule = Naive.everyMonths(terms.schedule.issueDay, 1, 2);
        _bond = _register(terms);
        vm.prank(address(world.offering));
        _bond.issue(_accounts, units);
        _model = new Model();
        _model.addBond(address(_bond), terms);
    }

    function testFuzz_pay__anyBatches__eachOnce(uint256 seed, bool last) external {
        uint16 period = last ? 2 : 1;
        vm.warp(_model.periodOf(address(_bond), period).payTime);
        vm.prank(world.payingAgent);
        world.servicing.fund(_bond, period);
        uint256 funded = world.servicing.payment(_bond, period).funded;

        for (uint256 i; i < 6; ++i) {
            _pay(period, _batch(uint256(keccak256(abi.encode(seed, i)))));
        }
        _pay(period, _accounts);

        uint256 sum;
        for (uint256 i; i < COUNT; ++i) {
            uint256 amount = world.cash.balanceOf(_accounts[i]);
            assertEq(amount, _model.due(address(_bond), period, 1 + i), "MONEY-4: each is paid what is due, once");
            sum += amount;
        }
        uint256 residue = world.servicing.keptFor(_bond, world.payingAgent);
        assertEq(sum + residue, funded, "MONEY-5: payments and residue are what was funded");
        assertLe(residue, COUNT - 1, "ROUND-1: the residue is below one base unit a holder");
        assertEq(_bond.totalSupply(), last ? 0 : COUNT * (COUNT + 1) / 2, "REGISTER-1: redeemed with the last payment");
    }

    function _pay(uint16 period, address[] memory batch) private {
        bytes memory call = period == 1
            ? abi.encodeCall(world.servicing.pay, (_bond, period, batch))
            : abi.encodeCall(world.servicing.redeem, (_bond, batch));
        // Refused when all of the batch were paid before.
        (bool success,) = address(world.servicing).call(call);
        success;
    }

    /// @dev Jumps to and fro over all holders, and repeats some.
    function _batch(uint256 seed) private view returns (address[] memory batch) {
        batch = new address[](seed % 260);
        for (uint256 i; i < batch.length; ++i) {
            batch[i] = _accounts[uint256(keccak256(abi.encode(seed, i))) % COUNT];
        }
    }
}
