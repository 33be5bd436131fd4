// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {IAccessManager} from "@openzeppelin/contracts/access/manager/IAccessManager.sol";

import {Suite as BondSuite} from "../../../contracts/bond/interfaces/IBond.sol";
import {IBondExtension} from "../../../contracts/bond/interfaces/IBondExtension.sol";
import {IBondFactory} from "../../../contracts/bond/interfaces/IBondFactory.sol";
import {IERC7943Fungible} from "../../../contracts/bond/interfaces/IERC7943Fungible.sol";
import {Provisions} from "../../../contracts/bond/interfaces/Provisions.sol";
import {Rights} from "../../../contracts/bond/interfaces/Rights.sol";
import {CouponKind, Rounding, Terms} from "../../../contracts/bond/libraries/TermsLib.sol";
import {IBenchmarks} from "../../../contracts/benchmark/interfaces/IBenchmarks.sol";
import {IBusinessCalendar, RollConvention} from "../../../contracts/calendar/interfaces/IBusinessCalendar.sol";
import {ICashToken} from "../../../contracts/cash/interfaces/ICashToken.sol";
import {DayCount} from "../../../contracts/libraries/DayCountLib.sol";
import {IMemberRegistry} from "../../../contracts/membership/interfaces/IMemberRegistry.sol";
import {Roles} from "../../../contracts/membership/libraries/Roles.sol";
import {IOffering} from "../../../contracts/primary/interfaces/IOffering.sol";
import {IServicing} from "../../../contracts/servicing/interfaces/IServicing.sol";
import {IServicingActions} from "../../../contracts/servicing/interfaces/IServicingActions.sol";
import {IServicingDefault} from "../../../contracts/servicing/interfaces/IServicingDefault.sol";
import {ISettlement} from "../../../contracts/settlement/interfaces/ISettlement.sol";
import {Base, Vm} from "../Base.sol";
import {IBondToken} from "./IBondToken.sol";
import {Naive} from "./Naive.sol";

/// @notice Cheat codes that only the tests of the whole suite need.
interface Cheats is Vm {
    /// @dev From the build's artefacts: a test that said `new` would compile the contract into itself once more.
    function deployCode(string calldata artifact, bytes calldata arguments) external returns (address deployed);
    /// @dev The optimizer takes the block for constant in a function, although `warp` and `roll` change it.
    function getBlockTimestamp() external view returns (uint256 time);
    function getBlockNumber() external view returns (uint256 number);
    function cool(address account) external;
}

/// @notice The suite, and the accounts that act on it.
struct World {
    IAccessManager authority;
    IMemberRegistry registry;
    IBusinessCalendar calendar;
    IBenchmarks benchmarks;
    ICashToken cash;
    IBondFactory factory;
    IOffering offering;
    ISettlement settlement;
    IServicing servicing;
    address implementation;
    address depository;
    address issuer;
    address bookrunner;
    address payingAgent;
    address cashIssuer;
    address registrar;
    address desk;
    address outsider;
}

/// @notice Deploys the suite as scripts do, and admits its members.
abstract contract Suite is Base {
    uint64 internal constant CASH_ISSUER_POWER = 1;
    uint64 internal constant STATUTORY_POWER = 2;

    bytes8 internal constant MARKET = "TEST";
    uint8 internal constant ELIGIBLE_CLASS = 1;
    uint8 internal constant OTHER_CLASS = 2;
    uint40 internal constant FOREVER = type(uint40).max;
    uint256 internal constant START = 1_736_150_400; // 2025-01-06 08:00 UTC, a Monday
    uint256 internal constant FIRST_YEAR = 2025;
    uint256 internal constant LAST_YEAR = 2028;
    uint256 internal constant HOLDERS = 6;
    uint256 internal constant CASH_EACH = 1e12;

    Cheats internal constant cheats = Cheats(address(vm));

    World internal world;
    /// @dev Of the money; set before the suite is deployed.
    uint8 internal decimals = 2;

    /* DEPLOYMENT */

    function _deploySuite() internal {
        vm.warp(START);
        world.depository = address(this);
        world.issuer = vm.addr(0xA1);
        world.bookrunner = vm.addr(0xA2);
        world.payingAgent = vm.addr(0xA3);
        world.cashIssuer = vm.addr(0xA4);
        world.registrar = vm.addr(0xA5);
        world.desk = vm.addr(0xA6);
        world.outsider = vm.addr(0xA7);

        world.authority = IAccessManager(cheats.deployCode("Authority.sol:Authority", abi.encode(address(this))));
        bytes memory authority = abi.encode(world.authority);
        world.registry = IMemberRegistry(cheats.deployCode("MemberRegistry.sol:MemberRegistry", authority));
        world.calendar = IBusinessCalendar(cheats.deployCode("BusinessCalendar.sol:BusinessCalendar", authority));
        address clean = cheats.deployCode("SettlementClean.sol:SettlementClean", "");
        world.settlement = ISettlement(cheats.deployCode("Settlement.sol:Settlement", abi.encode(clean)));
        bytes memory cash = abi.encode(
            world.authority, world.registry, world.settlement, "Tokenised yuan", "CNY", decimals, type(uint128).max
        );
        world.cash = ICashToken(cheats.deployCode("CashToken.sol:CashToken", cash));
        world.factory =
            IBondFactory(cheats.deployCode("BondFactory.sol:BondFactory", abi.encode(world.authority, world.registry)));
        world.offering = IOffering(_deployOffering());
        bytes memory benchmarks = abi.encode(world.authority, world.calendar);
        world.benchmarks = IBenchmarks(cheats.deployCode("Benchmarks.sol:Benchmarks", benchmarks));
        world.servicing = IServicing(_deployServicing());
        world.implementation = _deployBond();
        world.factory.setImplementation(world.implementation);
        _grantPowers();
        _publishCalendar();
        _admitMembers();
    }

    /// @dev In four parts, each of which hands on what it does not know.
    function _deployOffering() private returns (address part) {
        part = cheats.deployCode("OfferingMandate.sol:OfferingMandate", abi.encode(world.factory, world.registry));
        bytes memory arguments = abi.encode(world.factory, world.registry, part);
        arguments = abi.encode(
            world.factory, world.registry, cheats.deployCode("OfferingClearing.sol:OfferingClearing", arguments)
        );
        arguments = abi.encode(
            world.factory, world.registry, cheats.deployCode("OfferingPayment.sol:OfferingPayment", arguments)
        );
        return cheats.deployCode("Offering.sol:Offering", arguments);
    }

    /// @dev From the last part, which is asked most rarely, to the first, which holds the money.
    function _deployServicing() private returns (address part) {
        part = cheats.deployCode("ServicingVersions.sol:ServicingVersions", abi.encode(world.factory));
        part = _before(part, "ServicingDefault.sol:ServicingDefault");
        part = _before(part, "ServicingTerm.sol:ServicingTerm");
        part = _before(part, "ServicingDrawings.sol:ServicingDrawings");
        part = _before(part, "ServicingActionPayments.sol:ServicingActionPayments");
        part = _before(part, "ServicingActions.sol:ServicingActions");
        part = _computing(part, "ServicingFixings.sol:ServicingFixings");
        part = _computing(part, "ServicingAccruals.sol:ServicingAccruals");
        part = _computing(part, "ServicingCoupons.sol:ServicingCoupons");
        return _before(part, "Servicing.sol:Servicing");
    }

    function _before(address next, string memory artifact) private returns (address) {
        return cheats.deployCode(artifact, abi.encode(world.factory, next));
    }

    /// @dev Those parts read published values.
    function _computing(address next, string memory artifact) private returns (address) {
        return cheats.deployCode(artifact, abi.encode(world.factory, world.benchmarks, next));
    }

    /// @dev In three parts, each of which hands on what it does not know.
    function _deployBond() private returns (address) {
        BondSuite memory parts = BondSuite({
            authority: world.authority,
            registry: world.registry,
            calendar: world.calendar,
            offering: address(world.offering),
            settlement: address(world.settlement),
            servicing: address(world.servicing)
        });
        address events = cheats.deployCode("BondEvents.sol:BondEvents", abi.encode(parts));
        address extension = cheats.deployCode("BondExtension.sol:BondExtension", abi.encode(parts, events));
        return cheats.deployCode("Bond.sol:Bond", abi.encode(parts, extension));
    }

    function _grantPowers() private {
        bytes4[] memory powers = new bytes4[](3);
        (powers[0], powers[1], powers[2]) =
        (
            IERC7943Fungible.setFrozenTokens.selector,
            IERC7943Fungible.forcedTransfer.selector,
            IBondExtension.setPaused.selector
        );
        world.authority.setTargetFunctionRole(world.implementation, powers, STATUTORY_POWER);
        (powers[0], powers[1], powers[2]) =
        (
            IServicingActions.declareEvent.selector,
            IServicingActions.annulElection.selector,
            IServicingDefault.fundRecovery.selector
        );
        world.authority.setTargetFunctionRole(address(world.servicing), powers, STATUTORY_POWER);
        world.authority.grantRole(STATUTORY_POWER, world.desk, 0);

        (powers[0], powers[1], powers[2]) =
        (ICashToken.mint.selector, ICashToken.mintBatch.selector, ICashToken.burn.selector);
        world.authority.setTargetFunctionRole(address(world.cash), powers, CASH_ISSUER_POWER);
        world.authority.grantRole(CASH_ISSUER_POWER, world.cashIssuer, 0);

        world.cash.setTrustedSystem(address(world.offering), true);
        world.cash.setTrustedSystem(address(world.servicing), true);
    }

    function _publishCalendar() private {
        for (uint256 year = FIRST_YEAR; year <= LAST_YEAR; ++year) {
            uint256 first = Naive.dayOf(year, 1, 1);
            (uint256 low, uint256 high) = (0, 0);
            for (uint256 i; i < (Naive.isLeap(year) ? 366 : 365); ++i) {
                if (!Naive.isBusinessDay(first + i)) continue;
                if (i < 256) low |= 1 << i;
                else high |= 1 << (i - 256);
            }
            world.calendar.publish(MARKET, uint16(year), low, uint112(high));
        }
    }

    function _admitMembers() private {
        // The depository's own accounts: the contracts that hold members' money for a while.
        _admit(Naive.lei(1), 0, address(world.offering), 0);
        _admitFurther(Naive.lei(1), address(world.servicing), 0);
        _admitFurther(Naive.lei(1), world.registrar, Roles.REGISTRAR);
        _admit(Naive.lei(2), 3, world.issuer, Roles.ISSUER);
        _admit(Naive.lei(3), 3, world.bookrunner, Roles.BOOKRUNNER);
        _admit(Naive.lei(4), 3, world.payingAgent, Roles.PAYING_AGENT);
        _admit(Naive.lei(5), 3, world.cashIssuer, Roles.CASH_ISSUER);
        for (uint256 i; i < HOLDERS; ++i) {
            if (i == 4) {
                _admitFurther(_leiOf(4), _holder(4), Roles.HOLDER);
            } else {
                _admit(_leiOf(i), i == 5 ? OTHER_CLASS : ELIGIBLE_CLASS, _holder(i), Roles.HOLDER | Roles.UNDERWRITER);
            }
        }
    }

    function _admit(bytes20 lei, uint8 class, address account, uint24 roles) internal {
        world.registry
            .admitMember(
                IMemberRegistry.MemberAdmission({
                    lei: lei, class: class, jurisdiction: "CN", account: account, roles: roles, until: FOREVER
                })
            );
    }

    function _admitFurther(bytes20 lei, address account, uint24 roles) internal {
        world.registry
            .enrolAccount(IMemberRegistry.AccountAdmission({lei: lei, account: account, roles: roles, until: FOREVER}));
    }

    /* WHO AND WHAT */

    /// @dev Holder 4 is a second account of holder 0's member, and no underwriter; holder 5 is of a class that may not
    /// hold the bonds.
    function _holder(uint256 index) internal pure returns (address) {
        return vm.addr(_keyOf(index));
    }

    function _keyOf(uint256 index) internal pure returns (uint256) {
        return 0xB0 + index;
    }

    function _leiOf(uint256 index) internal pure returns (bytes20) {
        return Naive.lei(100 + (index == 4 ? 0 : index));
    }

    /// @return Base units of so many fen.
    function _money(uint256 fen) internal view returns (uint128) {
        return uint128(fen * 10 ** decimals / 100);
    }

    /// @return Terms of a bond with three monthly periods; tests change what they are about.
    function _terms(uint256 number) internal view returns (Terms memory) {
        return Terms({
            isin: Naive.isin(number),
            issuer: Naive.lei(2),
            issuerAccount: world.issuer,
            currency: address(world.cash),
            faceValue: _money(100_00),
            units: 1_000,
            minimumUnits: 1,
            eligible: uint24(1) << ELIGIBLE_CLASS,
            schedule: Naive.everyMonths(START / 1 days + 10, 1, 3),
            kind: CouponKind.FIXED,
            couponRate: 32_500_000,
            dayCount: DayCount.ACT_ACT_ICMA,
            rounding: Rounding.HOLDING_DOWN,
            roll: RollConvention.FOLLOWING,
            adjusted: false,
            calendar: MARKET,
            recordBusinessDays: 1,
            cutOff: 17 hours,
            utcOffset: 480,
            prescriptionYears: 0,
            termSheetHash: keccak256("term sheet"),
            name: "Test bond",
            symbol: "TB"
        });
    }

    function _register(Terms memory terms) internal returns (IBondToken) {
        Provisions memory none;
        return _register(terms, none);
    }

    function _register(Terms memory terms, Provisions memory provisions) internal returns (IBondToken) {
        Rights memory none;
        return _register(terms, provisions, none);
    }

    function _register(Terms memory terms, Provisions memory provisions, Rights memory rights)
        internal
        returns (IBondToken)
    {
        vm.prank(terms.issuerAccount);
        return IBondToken(world.factory.register(terms, provisions, rights));
    }

    function _mint(address to, uint256 amount) internal {
        vm.prank(world.cashIssuer);
        world.cash.mint(to, amount);
    }
}
