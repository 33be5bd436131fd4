// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {IBondToken} from "./IBondToken.sol";
import {Book, PaymentDays} from "../../../contracts/bond/interfaces/IBond.sol";
import {Terms} from "../../../contracts/bond/libraries/TermsLib.sol";
import {AccountWord} from "../../../contracts/membership/libraries/AccountWordLib.sol";
import {Payment} from "../../../contracts/servicing/interfaces/ServicingTypes.sol";
import {Model} from "./Model.sol";
import {ModelTerms} from "./ModelTerms.sol";
import {OfferingPromises} from "./OfferingPromises.sol";
import {Replay} from "./Replay.sol";

/// @notice The promises that hold after every act; docs/invariants.md lists them by these ids.
abstract contract Promises is OfferingPromises {
    function _checkAll() internal view {
        _checkBonds();
        _checkOfferings();
    }

    /// @dev All but the primary market.
    function _checkBonds() internal view {
        string memory broken = model.broken();
        assertTrue(bytes(broken).length == 0, broken);
        for (uint256 i; i < model.bondCount(); ++i) {
            IBondToken bond = IBondToken(model.bonds(i));
            _checkRegister(bond);
            _checkRecords(bond);
            _checkPayments(bond);
            _checkTerms(bond);
        }
        _checkEscrow();
        _checkMembersAndCash();
    }

    /* REGISTER */

    function _checkRegister(IBondToken bond) private view {
        address key = address(bond);
        Terms memory terms = model.termsOf(key);
        uint256 supply = bond.totalSupply();
        uint256 sum;
        for (uint256 i; i < holders.length; ++i) {
            address holder = holders[i];
            uint256 units = bond.balanceOf(holder);
            sum += units;
            assertEq(units, model.unitsOf(key, holder), "REGISTER-2: units are what the acts made them");
            assertEq(units, replay.balance(key, holder), "EVENT-1: units follow from events");
            uint256 frozen = bond.getFrozenTokens(holder);
            assertEq(frozen, model.frozen(key, holder), "REGISTER-3: a freeze changes by the desk's acts only");
            assertEq(frozen, replay.frozen(key, holder), "EVENT-1: freezes follow from events");
            _checkAllowances(bond, holder);
            bool whole = units == 0 || units >= terms.minimumUnits;
            assertTrue(whole || model.broughtBelow(key, holder), "REGISTER-5: no holding below the minimum");
        }
        assertEq(sum, supply, "REGISTER-1: the entries sum up to the supply");
        assertEq(supply, model.issued(key) - model.burned(key), "REGISTER-1: the supply is issued less burned");
        assertEq(supply, replay.supply(key), "EVENT-1: the supply follows from events");
        assertLe(model.issued(key), terms.units, "REGISTER-4: never more than authorised");
        assertEq(bond.balanceOf(world.outsider), 0, "REGISTER-6: a stranger holds nothing");
        assertTrue(bond.book().paused == model.paused(key), "POWER-1: paused by the desk only");
        assertTrue(model.paused(key) == replay.paused(key), "EVENT-1: pauses follow from events");
    }

    function _checkAllowances(IBondToken bond, address owner) private view {
        for (uint256 i; i < holders.length; ++i) {
            uint256 allowed = bond.allowance(owner, holders[i]);
            assertEq(
                allowed,
                model.allowance(address(bond), owner, holders[i]),
                "REGISTER-9: allowed by the owner, less spent"
            );
            assertEq(
                allowed, replay.allowance(address(bond), owner, holders[i]), "EVENT-1: allowances follow from events"
            );
        }
    }

    /* RECORD DATES */

    function _checkRecords(IBondToken bond) private view {
        address key = address(bond);
        Book memory book = bond.book();
        assertEq(book.records, replay.records(key), "EVENT-1: record dates follow from events");
        for (uint16 k = 1; k <= book.records; ++k) {
            Model.Period memory period = model.periodOf(key, k);
            assertLe(period.recordTime, cheats.getBlockTimestamp(), "RECORD-4: no record date before its time");
            uint256 sum;
            for (uint256 i; i < holders.length; ++i) {
                uint256 units = bond.unitsAt(holders[i], k);
                sum += units;
                assertEq(
                    units, model.unitsAt(key, holders[i], k), "RECORD-1: units at a record date stay what they were"
                );
            }
            assertEq(bond.supplyAt(k), sum, "RECORD-2: the supply at a record date is the sum of the units at it");
        }
        // The next one, too, when it is announced.
        uint256 announced = book.announced ? book.records + 1 : book.records;
        for (uint16 k = 1; k <= announced; ++k) {
            PaymentDays memory found = bond.paymentDays(k);
            Model.Period memory period = model.periodOf(key, k);
            assertEq(found.payDay, period.payDay, "RECORD-5: pay day by roll convention and calendar");
            assertEq(found.recordDay, period.recordDay, "RECORD-5: record day by business days");
            assertEq(found.payTime, period.payTime, "RECORD-5: pay time in the bond's zone");
            assertEq(found.recordTime, period.recordTime, "RECORD-5: record time in the bond's zone");
        }
    }

    /* MONEY */

    function _checkPayments(IBondToken bond) private view {
        address key = address(bond);
        uint256 periods = model.lastOf(key);
        for (uint16 k = 1; k <= periods; ++k) {
            Payment memory found = world.servicing.payment(bond, k);
            Model.Payment memory wanted = model.paymentOf(key, k);
            assertTrue((found.fundedAt != 0) == wanted.funded, "MONEY-6: funded when the payer funded");
            if (!wanted.funded) continue;
            assertEq(found.funded, wanted.amount, "MONEY-6: funded is what the terms say");
            assertEq(found.paid, wanted.named, "MONEY-4: paid is what each holder of record is due, once");
            assertLe(found.paid, found.funded, "MONEY-1: paid <= funded");
            assertLe(found.unitsPaid, found.units, "MONEY-1: units served <= units of record");
            assertEq(found.unitsPaid, wanted.served, "MONEY-4: units served");
            assertEq(wanted.sent + wanted.taxed + wanted.kept, found.paid, "MONEY-3: sent + withheld + kept = paid");
            assertEq(wanted.taxed, replay.taxed(key, k), "EVENT-1: what is withheld follows from events");
            assertEq(found.funded, replay.funded(key, k), "EVENT-1: funding follows from events");
            assertEq(found.paid, replay.paid(key, k), "EVENT-1: payments follow from events");
            for (uint256 i; i < holders.length; ++i) {
                bool paid = bond.isPaid(holders[i], k);
                assertTrue(paid == (model.timesPaid(key, k, holders[i]) == 1), "MONEY-4: marked once paid");
                bool told = replay.isServed(key, k, holders[i]) && bond.unitsAt(holders[i], k) != 0;
                assertTrue(paid == told, "EVENT-1: marks follow from events");
            }
            if (found.unitsPaid != found.units || found.units == 0) continue;
            // Interest and principal are rounded each; principal of a bond that repays it whole is exact.
            ModelTerms.Unit memory unit = model.unitOf(key, k);
            uint256 parts = unit.principal % unit.principalOver == 0 ? 1 : 2;
            assertLe(
                found.funded - found.paid + 1,
                wanted.receivers * parts,
                "ROUND-1: residue below one base unit a holder and part"
            );
        }
    }

    function _checkEscrow() private view {
        uint256 owed;
        for (uint256 i; i < model.bondCount(); ++i) {
            IBondToken bond = IBondToken(model.bonds(i));
            uint256 periods = model.lastOf(address(bond));
            for (uint16 k = 1; k <= periods; ++k) {
                Payment memory each = world.servicing.payment(bond, k);
                // A completed payment's residue is kept for its payer.
                if (each.unitsPaid != each.units) owed += each.funded - each.paid;
            }
            for (uint256 j; j < model.accountCount(); ++j) {
                address account = model.accounts(j);
                uint256 kept = world.servicing.keptFor(bond, account);
                owed += kept;
                assertEq(kept, model.kept(address(bond), account), "MONEY-7: kept is what could not be sent");
                assertEq(kept, replay.kept(address(bond), account), "EVENT-1: kept amounts follow from events");
            }
        }
        assertEq(world.cash.balanceOf(address(world.servicing)), owed, "MONEY-2: the escrow holds exactly what is owed");
    }

    /* TERMS */

    function _checkTerms(IBondToken bond) private view {
        Terms memory terms = bond.terms();
        assertEq(keccak256(abi.encode(terms)), model.sealedHash(address(bond)), "TERMS-1: terms are sealed");
        assertEq(terms.couponRate, replay.coupon(address(bond)), "EVENT-1: a coupon follows from events");
        assertEq(world.factory.bondOf(terms.isin), address(bond), "TERMS-3: one bond an ISIN");
    }

    /* MEMBERS AND CASH */

    function _checkMembersAndCash() private view {
        uint256 sum;
        for (uint256 i; i < model.accountCount(); ++i) {
            address account = model.accounts(i);
            Model.Account memory wanted = model.accountOf(account);
            uint256 standing =
                1 + (wanted.suspended ? 2 : 0) + (wanted.memberSuspended ? 4 : 0) + (wanted.removed ? 8 : 0);
            uint256 verdicts = wanted.removed ? 0 : uint256(1) << wanted.class;
            uint256 word = uint256(uint160(wanted.lei)) * 2 ** 96 + standing * 2 ** 88 + verdicts * 2 ** 64
                + uint256(wanted.roles) * 2 ** 40 + wanted.until;
            uint256 found = AccountWord.unwrap(world.registry.wordOf(account));
            assertEq(found, word, "MEMBER-1: an account's word is what the acts made it");
            Replay.Word memory told = replay.wordOf(account);
            assertTrue(
                told.lei == wanted.lei && told.standing == standing && told.verdicts == verdicts
                    && told.roles == wanted.roles && told.until == wanted.until,
                "EVENT-1: words follow from events"
            );
            uint256 money = world.cash.balanceOf(account);
            sum += money;
            assertEq(money, model.cash(account), "CASH-2: money is where the acts moved it");
            assertEq(money, replay.balance(address(world.cash), account), "EVENT-1: money follows from events");
        }
        assertEq(world.cash.totalSupply(), model.cashSupply(), "CASH-1: the cash issuer alone makes money");
        assertEq(sum, model.cashSupply(), "CASH-1: balances sum up to the supply");
        for (uint256 i; i < model.bondCount(); ++i) {
            IBondToken bond = IBondToken(model.bonds(i));
            for (uint256 j; j < holders.length; ++j) {
                bool wanted = model.mayHold(address(bond), holders[j]);
                assertTrue(
                    bond.canReceive(holders[j]) == wanted, "MEMBER-2: eligible by standing, role, class and time"
                );
            }
        }
    }
}
