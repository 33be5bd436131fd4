// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IBond} from "../../../contracts/bond/interfaces/IBond.sol";
import {IBondExtension} from "../../../contracts/bond/interfaces/IBondExtension.sol";
import {IBondFactory} from "../../../contracts/bond/interfaces/IBondFactory.sol";
import {IERC7943Fungible} from "../../../contracts/bond/interfaces/IERC7943Fungible.sol";
import {IBusinessCalendar} from "../../../contracts/calendar/interfaces/IBusinessCalendar.sol";
import {ICashToken} from "../../../contracts/cash/interfaces/ICashToken.sol";
import {IMemberRegistry} from "../../../contracts/membership/interfaces/IMemberRegistry.sol";
import {Roles} from "../../../contracts/membership/libraries/Roles.sol";
import {IBondToken} from "../suite/IBondToken.sol";
import {Suite} from "../suite/Suite.sol";

/// @notice Whoever calls: a power answers to its holder only.
contract PowersTest is Suite {
    IBondToken private _bond;

    function setUp() external {
        _deploySuite();
        _bond = _register(_terms(1));
    }

    function testFuzz_power__anyCaller__refused(address caller, uint256 pick, uint256 argument) external {
        address[8] memory members = [
            world.issuer,
            world.bookrunner,
            world.payingAgent,
            world.cashIssuer,
            world.registrar,
            world.desk,
            _holder(0),
            address(world.servicing)
        ];
        if (argument % 4 != 0) caller = members[argument % 8];
        (address target, bytes memory call, address owner) = _power(pick % 18, argument);
        vm.assume(caller != owner && caller != world.depository);
        // Units that are exchanged are issued by the Servicing.
        vm.assume(pick % 18 != 3 || caller != address(world.servicing));

        vm.prank(caller);
        (bool success,) = target.call(call);

        assertTrue(!success, "POWER-1: a power answers to its holder only");
    }

    /// @dev A registrar is made by the Authority's administrator, by no path of admission.
    function testFuzz_registrar__byRegistrar__refused(uint24 roles, address account) external {
        roles |= Roles.REGISTRAR;
        vm.assume(account != address(0) && world.registry.wordOf(account).lei() == 0);

        vm.prank(world.registrar);
        (bool admitted,) = address(world.registry)
            .call(
                abi.encodeCall(
                    IMemberRegistry.enrolAccount, (IMemberRegistry.AccountAdmission(_leiOf(0), account, roles, FOREVER))
                )
            );
        vm.prank(world.registrar);
        (bool set,) =
            address(world.registry).call(abi.encodeCall(IMemberRegistry.setRoles, (_holder(0), roles, FOREVER)));

        assertTrue(!admitted && !set, "MEMBER-4: no registrar makes another");
    }

    /// @return target Contract that has the power.
    /// @return call The call.
    /// @return owner Who may make it, besides the depository.
    function _power(uint256 pick, uint256 argument)
        private
        view
        returns (address target, bytes memory call, address owner)
    {
        address account = _holder(argument % HOLDERS);
        address[] memory one = new address[](1);
        one[0] = account;
        uint64[] memory units = new uint64[](1);
        units[0] = uint64(argument);
        if (pick < 6) {
            target = address(_bond);
            owner = world.desk;
            if (pick == 0) call = abi.encodeCall(IERC7943Fungible.setFrozenTokens, (account, argument));
            if (pick == 1) call = abi.encodeCall(IERC7943Fungible.forcedTransfer, (account, _holder(1), argument));
            if (pick == 2) call = abi.encodeCall(IBondExtension.setPaused, (argument % 2 == 0));
            if (pick == 3) (call, owner) = (abi.encodeCall(IBond.issue, (one, units)), address(world.offering));
            if (pick == 4) {
                (call, owner) =
                (abi.encodeCall(IBond.bookTransfer, (account, _holder(1), argument)), address(world.settlement));
            }
            if (pick == 5) (call, owner) = (abi.encodeCall(IBond.markPaid, (1, one)), address(world.servicing));
        } else if (pick < 10) {
            (target, owner) = (address(world.cash), world.cashIssuer);
            if (pick == 6) call = abi.encodeCall(ICashToken.mint, (account, argument));
            if (pick == 7) call = abi.encodeCall(ICashToken.burn, (argument));
            if (pick == 8) (call, owner) = (abi.encodeCall(ICashToken.setSupplyLimit, (argument)), address(0));
            if (pick == 9) {
                (call, owner) = (abi.encodeCall(ICashToken.setTrustedSystem, (account, true)), address(0));
            }
        } else if (pick < 15) {
            (target, owner) = (address(world.registry), world.registrar);
            if (pick == 10) call = abi.encodeCall(IMemberRegistry.suspendMember, (_leiOf(0), "reason", one));
            if (pick == 11) call = abi.encodeCall(IMemberRegistry.removeAccounts, (one));
            if (pick == 12) call = abi.encodeCall(IMemberRegistry.suspendAccounts, (one));
            if (pick == 13) call = abi.encodeCall(IMemberRegistry.setRoles, (account, 1, FOREVER));
            if (pick == 14) call = abi.encodeCall(IMemberRegistry.reclassifyMember, (_leiOf(0), 1, "CN", one));
        } else if (pick == 15) {
            target = address(world.factory);
            call = abi.encodeCall(IBondFactory.setImplementation, (address(world.cash)));
        } else if (pick == 16) {
            (target, owner) = (address(_bond), address(world.offering));
            call = abi.encodeCall(IBond.fixCouponRate, (uint32(argument)));
        } else {
            target = address(world.calendar);
            call = abi.encodeCall(IBusinessCalendar.publish, (MARKET, 2029, argument, 1));
        }
    }
}
