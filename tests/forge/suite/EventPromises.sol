// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {Book, PaymentDays} from "../../../contracts/bond/interfaces/IBond.sol";
import {
    Action,
    ActionKind,
    Drawing,
    Payment,
    PaymentStatus,
    State
} from "../../../contracts/servicing/interfaces/ServicingTypes.sol";
import {EventHandler} from "../handlers/EventHandler.sol";
import {EventState} from "../handlers/events/EventState.sol";
import {IBondToken} from "./IBondToken.sol";
import {Suite} from "./Suite.sol";

/// @notice What holds of bonds with events after every act; docs/invariants.md lists the promises by these ids.
abstract contract EventPromises is Suite {
    EventHandler internal handler;
    /// @dev Those who hold, one whose class may not, and the issuer.
    address[] internal people;

    function _checkEvents() internal view {
        string memory broken = handler.broken();
        assertTrue(bytes(broken).length == 0, broken);
        uint256 owed;
        for (uint256 i; i < handler.bondCount(); ++i) {
            IBondToken bond = handler.bondAt(i);
            _checkUnits(bond);
            _checkRecords(bond);
            _checkBound(bond);
            _checkFates(bond);
            _checkBooks(bond);
            _checkStatus(bond);
            owed += _escrowed(bond);
        }
        uint256 held = world.cash.balanceOf(address(world.servicing));
        assertEq(held, owed, "PAID-3: what is paid in is paid out, kept by name, or still there");
    }

    /* UNITS */

    function _checkUnits(IBondToken bond) private view {
        uint256 sum;
        for (uint256 i; i < people.length; ++i) {
            uint256 units = bond.balanceOf(people[i]);
            sum += units;
            assertEq(units, handler.unitsOf(bond, people[i]), "BURN-1: units go in the act that pays for them only");
        }
        assertEq(sum, bond.totalSupply(), "SUPPLY-1: the supply is the sum of the balances");
        assertEq(sum, handler.supplyOf(bond), "SUPPLY-2: what was issued, less what was paid for or cancelled");
    }

    /// @dev Through puts, offers, drawings and recoveries.
    function _checkRecords(IBondToken bond) private view {
        uint16 records = bond.book().records;
        for (uint16 k = 1; k <= records; ++k) {
            PaymentDays memory days_ = bond.paymentDays(k);
            uint256 sum;
            for (uint256 i; i < people.length; ++i) {
                uint256 units = handler.unitsBefore(bond, people[i], days_.recordTime);
                assertEq(bond.unitsAt(people[i], k), units, "RECORD-1: units at a record date stay what they were");
                sum += units;
            }
            assertEq(bond.supplyAt(k), sum, "RECORD-2: the supply at a record date is the sum of the units at it");
        }
    }

    /// @dev After the last payment a bond keeps no account of what was bound.
    function _checkBound(IBondToken bond) private view {
        uint256 sum;
        uint16 actions = world.servicing.actionCount(bond);
        for (uint256 i; i < people.length; ++i) {
            uint256 elected;
            for (uint16 k = 1; k <= actions; ++k) {
                uint64 each = world.servicing.electedBy(bond, k, people[i]);
                assertEq(
                    each, handler.electedBy(bond, k, people[i]), "ACTION-7: an election is what its holder made it"
                );
                elected += each;
            }
            uint256 bound = bond.entryOf(people[i]).pledged;
            assertEq(bound, elected, "BOUND-1: bound is what is elected or drawn, of each holder");
            assertLe(bound, bond.entryOf(people[i]).units, "BOUND-3: never more than he holds");
            sum += bound;
        }
        assertEq(bond.boundUnits(), sum, "BOUND-1: and of all");
    }

    /* EVENTS */

    function _checkFates(IBondToken bond) private view {
        uint16 actions = world.servicing.actionCount(bond);
        for (uint16 k = 1; k <= actions; ++k) {
            EventState.Fate memory fate = handler.fateOf(bond, k);
            uint256 standing;
            for (uint256 i; i < people.length; ++i) {
                standing += world.servicing.electedBy(bond, k, people[i]);
            }
            uint256 ended = fate.withdrawn + fate.released + fate.annulled + fate.settled;
            assertEq(
                fate.elected,
                standing + ended,
                "ACTION-8: an election stands, or was settled, withdrawn, released, annulled"
            );
            Action memory action = world.servicing.actionOf(bond, k);
            assertEq(action.elected - action.settled, standing, "ACTION-9: an event knows what is elected in it");
            Payment memory escrow = world.servicing.actionPayment(bond, k);
            assertLe(escrow.paid, escrow.funded, "PAID-2: no event pays more than was escrowed");
            assertLe(escrow.unitsPaid, escrow.units, "PAID-4: nor for more units");
            assertTrue(escrow.fundedAt == 0 || action.isDecided, "ACTION-10: funded is decided");
        }
    }

    /// @return owed What the Servicing holds of a bond's escrows, and by name.
    function _escrowed(IBondToken bond) private view returns (uint256 owed) {
        uint16 records = bond.book().records;
        for (uint16 k = 1; k <= records + 1; ++k) {
            Payment memory escrow = world.servicing.payment(bond, k);
            if (escrow.unitsPaid != escrow.units) owed += escrow.funded - escrow.paid;
        }
        uint16 actions = world.servicing.actionCount(bond);
        for (uint16 k = 1; k <= actions; ++k) {
            Action memory action = world.servicing.actionOf(bond, k);
            Payment memory escrow = world.servicing.actionPayment(bond, k);
            if (action.settled != action.elected) owed += escrow.funded - escrow.paid;
        }
        for (uint256 i; i < people.length; ++i) {
            owed += world.servicing.keptFor(bond, people[i]);
        }
        owed += world.servicing.keptFor(bond, world.payingAgent) + world.servicing.keptFor(bond, world.bookrunner)
        + world.servicing.keptFor(bond, world.desk) + world.servicing.keptFor(bond, world.cashIssuer);
    }

    /* BOOKS, DEFAULT */

    function _checkBooks(IBondToken bond) private view {
        Book memory book = bond.book();
        State memory state = world.servicing.stateOf(bond);
        bool isCounting;
        uint16 actions = world.servicing.actionCount(bond);
        for (uint16 k = 1; k <= actions; ++k) {
            Drawing memory drawing = world.servicing.drawingOf(bond, k);
            if (drawing.units != 0 && drawing.passed != drawing.units) isCounting = true;
        }
        assertTrue(!book.shut || isCounting, "DRAW-6: books are shut while a drawing counts only");
        bool isOver = book.closed || state.duePeriod != 0;
        assertTrue(book.shut || !isCounting || isOver, "DRAW-6: and as long as it does");
        assertTrue(!book.shut || !book.closed, "BOOK-1: closed books are not shut");
        if (state.duePeriod != 0) {
            assertTrue(
                !book.closed || world.servicing.claimOf(bond).isClosed,
                "BOOK-2: in default, books close for the last recovery"
            );
            assertGe(book.records, state.recordsAtDue, "BOOK-3: record dates never go back");
        }
    }

    /// @dev From time alone: the day after the payment day, and three days later.
    function _checkStatus(IBondToken bond) private view {
        State memory state = world.servicing.stateOf(bond);
        uint256 now_ = cheats.getBlockTimestamp();
        uint16 records = state.duePeriod == 0 ? bond.book().records : state.recordsAtDue;
        for (uint16 k = 1; k <= records; ++k) {
            (PaymentStatus status,) = world.servicing.paymentStatus(bond, k);
            uint256 payTime = bond.paymentDays(k).payTime;
            PaymentStatus wanted = PaymentStatus.MISSED;
            if (world.servicing.payment(bond, k).fundedAt != 0) wanted = PaymentStatus.FUNDED;
            else if (state.duePeriod != 0) wanted = PaymentStatus.MERGED;
            else if (now_ < payTime + 1 days) wanted = PaymentStatus.NOT_DUE;
            else if (now_ < payTime + 3 days) wanted = PaymentStatus.OVERDUE;
            if (status == PaymentStatus.NOTHING_DUE && bond.supplyAt(k) == 0) continue;
            assertEq(uint256(status), uint256(wanted), "DUE-6: the status of a payment is that of clock and escrow");
        }
    }
}
