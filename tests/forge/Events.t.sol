// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Provisions, Withholding} from "../../contracts/bond/interfaces/Provisions.sol";
import {
    CallRight,
    DefaultTerms,
    EventRight,
    Extension,
    PutRight,
    Rights,
    Sinking
} from "../../contracts/bond/interfaces/Rights.sol";
import {Rounding, Terms} from "../../contracts/bond/libraries/TermsLib.sol";
import {DayCount} from "../../contracts/libraries/DayCountLib.sol";
import {Roles} from "../../contracts/membership/libraries/Roles.sol";
import {Action, ActionKind} from "../../contracts/servicing/interfaces/ServicingTypes.sol";
import {EventHandler} from "./handlers/EventHandler.sol";
import {DefaultActs} from "./handlers/events/DefaultActs.sol";
import {DrawingActs} from "./handlers/events/DrawingActs.sol";
import {ElectionActs} from "./handlers/events/ElectionActs.sol";
import {RedemptionActs} from "./handlers/events/RedemptionActs.sol";
import {TermActs} from "./handlers/events/TermActs.sol";
import {EventPromises} from "./suite/EventPromises.sol";
import {IBondToken} from "./suite/IBondToken.sol";
import {Naive} from "./suite/Naive.sol";

/// @notice Bonds of one issuer with every right that there is; and whatever happened, in the end nothing is bound or owed.
abstract contract Events is EventPromises {
    /// @param forgetful How many of four payments are never made.
    /// @param decimals_ Of the money.
    function _setEvents(uint256 forgetful, uint8 decimals_) internal {
        decimals = decimals_;
        _deploySuite();
        world.registry.setRoles(world.issuer, Roles.ISSUER | Roles.HOLDER, FOREVER);
        world.authority.grantRole(STATUTORY_POWER, world.bookrunner, 0); // and so says when a recovery is the last
        for (uint256 i; i < HOLDERS; ++i) {
            people.push(_holder(i));
        }
        people.push(world.issuer);
        _mint(world.payingAgent, _money(1e15));
        handler = new EventHandler(world, people);
        handler.setForgetful(forgetful);

        Terms memory terms = _eventTerms(1);
        Provisions memory provisions;
        _issueTo(terms, provisions);
        terms = _eventTerms(2);
        (terms.faceValue, terms.rounding, terms.dayCount) = (_money(77_700), Rounding.UNIT_DOWN, DayCount.ACT_360);
        provisions.taxAccount = world.bookrunner;
        provisions.withholdings = new Withholding[](1);
        provisions.withholdings[0] = Withholding(type(uint24).max, 77_777_777);
        Rights memory rights = _rights(terms);
        rights.defaults.crossDefault = false;
        _issueTo(terms, provisions, rights);
        if (forgetful == 0) return;
        // One that is soon over, and that nobody can make due before.
        terms = _eventTerms(3);
        terms.schedule = Naive.everyMonths(terms.schedule.issueDay, 1, 2);
        provisions.taxAccount = address(0);
        delete provisions.withholdings;
        delete rights;
        rights.defaults = DefaultTerms(2, 60_000_000, 0, false);
        _issueTo(terms, provisions, rights);
    }

    /// @dev Every month; those of the second bond some days later.
    function _eventTerms(uint256 number) private view returns (Terms memory terms) {
        terms = _terms(number);
        terms.schedule = Naive.everyMonths(START / 1 days + 4 + 5 * number, 1, 6);
        (terms.units, terms.eligible) = (1_000, (uint24(1) << ELIGIBLE_CLASS) | (uint24(1) << 3));
    }

    function _issueTo(Terms memory terms, Provisions memory provisions) private {
        _issueTo(terms, provisions, _rights(terms));
    }

    function _issueTo(Terms memory terms, Provisions memory provisions, Rights memory rights) private {
        IBondToken bond = _register(terms, provisions, rights);
        address[] memory accounts = new address[](6);
        uint64[] memory units = new uint64[](6);
        for (uint256 i; i < 6; ++i) {
            (accounts[i], units[i]) = (i == 5 ? world.issuer : _holder(i), uint64(70 + 33 * i));
        }
        vm.prank(address(world.offering));
        bond.issue(accounts, units);
        handler.addBond(bond, accounts, units);
    }

    function _rights(Terms memory terms) private pure returns (Rights memory rights) {
        uint24 first = terms.schedule.issueDay;
        rights.calls = new CallRight[](2);
        rights.calls[0] = CallRight(first + 30, first + 100, 5, 1_010_000_000, true);
        rights.calls[1] = CallRight(first + 101, terms.schedule.maturityDay - 1, 5, 1_000_000_000, true);
        rights.puts = new PutRight[](3);
        rights.puts[0] = PutRight(first + 10, first + 25, first + 40, 1_000_000_000, false);
        rights.puts[1] = PutRight(first + 50, first + 60, first + 70, 990_000_000, false);
        rights.puts[2] = PutRight(first + 100, first + 115, first + 130, 1_005_000_000, true);
        rights.events = new EventRight[](2);
        rights.events[0] = EventRight("TAX", false, 5, 1_000_000_000);
        rights.events[1] = EventRight("CTRL", true, 6, 1_010_000_000);
        rights.sinking = new Sinking[](3);
        rights.sinking[0] = Sinking(1, 40);
        rights.sinking[1] = Sinking(2, 300);
        rights.sinking[2] = Sinking(3, 25);
        rights.extension = Extension(2, 31, 45_000_000);
        rights.defaults = DefaultTerms(2, 60_000_000, 250_000_000, true);
        rights.amendmentShare = 510_000_000;
    }

    function _targetEvents() internal {
        bytes4[] memory acts = new bytes4[](10);
        (acts[0], acts[1]) = (EventHandler.trade.selector, EventHandler.power.selector);
        (acts[2], acts[3]) = (ElectionActs.open.selector, ElectionActs.undo.selector);
        (acts[4], acts[5]) = (ElectionActs.elect.selector, RedemptionActs.redemption.selector);
        (acts[6], acts[7]) = (DrawingActs.lot.selector, TermActs.term.selector);
        (acts[8], acts[9]) = (DefaultActs.payment.selector, DefaultActs.default_.selector);
        _target(address(handler), acts);
    }

    /* THE END */

    /// @dev Runs at the end of each sequence: lifts what can be lifted, and ends every event.
    function afterInvariant() external {
        vm.warp(cheats.getBlockTimestamp() + 120 days);
        world.registry.reinstateAccounts(people);
        for (uint256 i; i < handler.bondCount(); ++i) {
            handler.bondAt(i).advance();
            handler.finishDrawing(handler.bondAt(i));
        }
        for (uint256 i; i < handler.bondCount(); ++i) {
            IBondToken bond = handler.bondAt(i);
            for (uint16 k = 1; k <= world.servicing.actionCount(bond); ++k) {
                handler.finish(bond, k);
            }
            for (uint16 k = 1; k <= bond.book().records; ++k) {
                handler.finishPayment(bond, k);
            }
            _checkEvents();
            assertEq(bond.boundUnits(), 0, "ACTION-11: in the end nobody's election is lost: nothing is bound");
            assertTrue(!bond.book().shut, "DRAW-7: in the end no books are shut");
        }
    }
}

/// @notice Who owes pays: puts, offers, drawings, calls, extensions, resolutions.
contract RedemptionInvariants is Events {
    function setUp() external {
        _setEvents(0, 6);
        _targetEvents();
    }

    /// forge-config: default.invariant.runs = 32
    /// forge-config: deep.invariant.runs = 128
    function invariant_promises__eventsOfLife__kept() external view {
        _checkEvents();
    }
}

/// @notice Most payments are missed: penalties, notices, acceleration, recoveries, beside events that were open.
contract DefaultInvariants is Events {
    function setUp() external {
        _setEvents(2, 18);
        vm.warp(START + 48 days); // the first payments are missed
        _targetEvents();
    }

    /// forge-config: default.invariant.runs = 32
    /// forge-config: deep.invariant.runs = 128
    function invariant_promises__missedPayments__kept() external view {
        _checkEvents();
    }
}
