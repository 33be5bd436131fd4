// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {Claim, State, UnitPayment} from "../../../../contracts/servicing/interfaces/ServicingTypes.sol";
import {IBondToken} from "../../suite/IBondToken.sol";
import {Naive} from "../../suite/Naive.sol";
import {TermActs} from "./TermActs.sol";

/// @notice Of a bond that was made due, money is recovered.
abstract contract RecoveryActs is TermActs {
    /// @notice What a unit was owed at first, what interest was added, what it got: base units times 1e18.
    struct Owed {
        uint256 first;
        uint256 grown;
        uint256 recovered;
        uint24 day;
    }

    mapping(IBondToken bond => Owed) internal _owed;
    /// @dev What was recovered for a record date, and for how many units.
    mapping(IBondToken bond => mapping(uint16 record => uint256)) internal _recovered;
    mapping(IBondToken bond => mapping(uint16 record => uint256)) internal _entitled;
    mapping(IBondToken bond => uint256) private _principal;

    function owedOf(IBondToken bond) external view returns (Owed memory) {
        return _owed[bond];
    }

    function _recover(IBondToken bond, uint256 seed) internal {
        if (!_isDue(bond)) return;
        // The next recovery waits for the record date of the last.
        if (seed % 4 != 0) _awaitRecord(bond);
        bond.advance();
        uint24 today = uint24((_now() + 8 hours) / 1 days);
        Claim memory before = world.servicing.claimOn(bond, today);
        uint256 units = bond.book().supply;
        uint256 whole = (before.principal + before.interest) * units / CLAIM;
        uint256 amount = _recovery(seed, whole);
        uint24 recordDay = today + uint24((seed >> 20) % 16 == 0 ? 30 + (seed >> 16) % 6 : 1 + (seed >> 16) % 6);
        bool isFinal = (seed >> 24) % 3 == 0;
        address actor = (seed >> 32) % 3 == 0 ? world.bookrunner : world.payingAgent;
        if ((seed >> 40) % 16 == 0) actor = _stranger();
        if (actor != world.payingAgent) _give(actor, amount);
        bytes memory data =
            abi.encodeCall(world.servicing.fundRecovery, (bond, amount, recordDay, isFinal, bytes32(seed | 1)));

        if (!_serve("recovery", actor, data)) return;

        _demand(actor != _stranger(), "RECOVERY-2: no stranger pays a recovery");
        _demand(amount != 0 && amount <= whole, "RECOVERY-1: no more is recovered than is owed");
        _demand(
            !isFinal || actor == world.bookrunner || amount == whole,
            "RECOVERY-2: who has the power alone gives up the rest"
        );
        _demand(
            Naive.isBusinessDay(recordDay) && recordDay > today && recordDay <= today + 31,
            "RECOVERY-3: for holders at a business day of the month to come"
        );
        _demand(
            world.servicing.claimOf(bond).isClosed == (isFinal || amount == whole),
            "RECOVERY-7: a claim is closed when it is paid, or given up, and then only"
        );
        _keepRecovery(bond, amount, units);
        _account(bond, before, today, amount * CLAIM / units);
    }

    function _awaitRecord(IBondToken bond) private {
        uint256 next = bond.book().nextTime;
        if (bond.book().announced && next > _now()) vm.warp(next);
    }

    function _keepRecovery(IBondToken bond, uint256 amount, uint256 units) private {
        uint16 record = bond.book().records + 1;
        (_recovered[bond][record], _entitled[bond][record]) = (amount, units);
    }

    /// @dev What is owed in the first place, and grows, is what was recovered and what is still owed.
    function _account(IBondToken bond, Claim memory before, uint24 today, uint256 each) private {
        Owed storage owed = _owed[bond];
        if (owed.day == 0) {
            owed.first = _firstClaim(bond, today);
        } else {
            owed.grown += _principal[bond] * _penalty(bond, owed.day, today) / BILLION;
        }
        if (owed.first + owed.grown < owed.recovered + each) {
            return _demand(false, "RECOVERY-1: no more is recovered than owed");
        }
        _demand(
            owed.first + owed.grown - owed.recovered == before.principal + before.interest,
            "RECOVERY-4: recoveries and what is left are what was owed, with interest"
        );
        (owed.day, owed.recovered) = (today, owed.recovered + each);
        Claim memory later = world.servicing.claimOf(bond);
        _demand(
            later.principal <= before.principal && later.interest <= before.interest,
            "RECOVERY-5: a recovery never adds to a claim"
        );
        uint256 left = owed.first + owed.grown - owed.recovered;
        // What is covered is closed: less than a base unit of all units together is nothing.
        bool isCovered = later.principal + later.interest == 0 && left * bond.book().supply < CLAIM + bond.book().supply;
        _demand(
            isCovered || left == later.principal + later.interest,
            "RECOVERY-4: recoveries and what is left are what was owed, with interest"
        );
        _demand(
            later.interest == 0 || later.principal == before.principal,
            "RECOVERY-6: interest is recovered before principal"
        );
        _principal[bond] = later.principal;
    }

    /// @return sum Each payment that was recorded and not funded, and what the bond came to when it was made due.
    function _firstClaim(IBondToken bond, uint24 today) private view returns (uint256 sum) {
        State memory state = world.servicing.stateOf(bond);
        for (uint16 k = 1; k <= state.duePeriod; ++k) {
            bool isRecorded = k <= state.recordsAtDue;
            if (isRecorded && world.servicing.payment(bond, k).fundedAt != 0) continue;
            UnitPayment memory each = world.servicing.unitPayment(bond, k);
            uint256 amount = each.interestNumerator * CLAIM / each.interestDenominator + each.principalNumerator * CLAIM
                / each.principalDenominator;
            uint24 from = isRecorded ? bond.paymentDays(k).payDay : state.dueDay;
            uint256 days_ = today > from ? today - from : 0;
            sum += amount + amount * (_penaltyRate(bond, k) * days_ / 365) / BILLION;
        }
    }

    function _penalty(IBondToken bond, uint24 from, uint24 to) private view returns (uint256) {
        return _penaltyRate(bond, world.servicing.stateOf(bond).duePeriod) * (to - from) / 365;
    }

    function _recovery(uint256 seed, uint256 whole) private pure returns (uint256) {
        uint256 kind = seed % 16;
        if (kind == 0) return whole;
        if (kind == 1 || kind == 3) return whole + 1 + (seed >> 64) % 1e6;
        if (kind == 2) return 0;
        return whole == 0 ? 0 : 1 + (seed >> 64) % (1 + whole / 2);
    }
}
