// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IMemberRegistry} from "../../../contracts/membership/interfaces/IMemberRegistry.sol";
import {Terms} from "../../../contracts/bond/libraries/TermsLib.sol";
import {Roles} from "../../../contracts/membership/libraries/Roles.sol";
import {IBondToken} from "../suite/IBondToken.sol";
import {Model} from "../suite/Model.sol";
import {Suite} from "../suite/Suite.sol";

/// @notice Work does not grow with the number of holders: two bonds alike, one with few holders, one with many.
/// @dev A first bond meets the slots that are shared by all bonds and still empty.
contract WorkTest is Suite {
    uint256 private constant FEW = 10;
    uint256 private constant MANY = 1_000;
    uint64 private constant UNITS_EACH = 100;

    address[] private _accounts;
    IBondToken private _first;
    IBondToken private _few;
    IBondToken private _many;
    uint256 private _recordTime;
    uint256 private _payTime;

    function setUp() external {
        _deploySuite();
        for (uint160 i; i < MANY; ++i) {
            _accounts.push(address(0xC0FFEE0000 + i));
        }
        IMemberRegistry.AccountAdmission[] memory admissions = new IMemberRegistry.AccountAdmission[](MANY);
        for (uint256 i; i < MANY; ++i) {
            admissions[i] = IMemberRegistry.AccountAdmission(_leiOf(0), _accounts[i], Roles.HOLDER, FOREVER);
        }
        world.registry.enrolAccounts(admissions);
        _mint(world.payingAgent, 1e30);
        _first = _issue(3, FEW);
        _few = _issue(1, FEW);
        _many = _issue(2, MANY);

        Model model = new Model();
        model.addBond(address(_few), _workTerms(1));
        _recordTime = model.periodOf(address(_few), 1).recordTime;
        _payTime = model.periodOf(address(_few), 1).payTime;
    }

    function test_fund__manyHolders__costsTheSame() external {
        vm.warp(_recordTime);

        _gasOfFunding(_first);
        uint256 few = _gasOfFunding(_few);
        uint256 many = _gasOfFunding(_many);

        assertEq(many, few, "WORK-1: a payment costs the same to fund for any number of holders");
    }

    function test_transfer__manyHolders__costsTheSame() external {
        _gasOfTransfer(_first);
        uint256 few = _gasOfTransfer(_few);
        uint256 many = _gasOfTransfer(_many);

        assertEq(many, few, "WORK-2: a transfer costs the same among any number of holders");
    }

    function test_pay__manyHolders__batchCostsTheSame() external {
        vm.warp(_recordTime);
        _gasOfFunding(_first);
        _gasOfFunding(_few);
        _gasOfFunding(_many);
        vm.warp(_payTime);

        _gasOfPaying(_first);
        uint256 few = _gasOfPaying(_few);
        uint256 many = _gasOfPaying(_many);

        assertLe(many, few + 100, "WORK-3: a batch costs what its size says, among any number of holders");
    }

    /// @dev The last batch of the few completes their payment, so that nine of ten are paid.
    function _gasOfPaying(IBondToken bond) private returns (uint256 used) {
        address[] memory batch = new address[](FEW - 1);
        for (uint256 i; i < batch.length; ++i) {
            batch[i] = _accounts[i];
        }
        // Money balances that exist already, so that both batches find the same.
        for (uint256 i; i < batch.length; ++i) {
            _mint(batch[i], 1);
        }
        _coolAll(bond);

        used = gasleft();
        world.servicing.pay(bond, 1, batch);
        used -= gasleft();
    }

    function _gasOfFunding(IBondToken bond) private returns (uint256 used) {
        _coolAll(bond);
        vm.prank(world.payingAgent);

        used = gasleft();
        world.servicing.fund(bond, 1);
        used -= gasleft();
    }

    function _gasOfTransfer(IBondToken bond) private returns (uint256 used) {
        _coolAll(bond);
        vm.prank(_accounts[0]);

        used = gasleft();
        bond.transfer(_accounts[1], 1);
        used -= gasleft();
    }

    /// @dev As at the start of a transaction.
    function _coolAll(IBondToken bond) private {
        cheats.cool(address(bond));
        cheats.cool(address(world.servicing));
        cheats.cool(address(world.registry));
        cheats.cool(address(world.cash));
        cheats.cool(address(world.factory));
        cheats.cool(address(world.calendar));
        cheats.cool(world.implementation);
    }

    function _issue(uint256 number, uint256 holders) private returns (IBondToken bond) {
        bond = _register(_workTerms(number));
        address[] memory accounts = new address[](holders);
        uint64[] memory units = new uint64[](holders);
        for (uint256 i; i < holders; ++i) {
            (accounts[i], units[i]) = (_accounts[i], UNITS_EACH);
        }
        vm.prank(address(world.offering));
        bond.issue(accounts, units);
    }

    function _workTerms(uint256 number) private view returns (Terms memory terms) {
        terms = _terms(number);
        terms.units = uint64(MANY * UNITS_EACH);
    }
}
