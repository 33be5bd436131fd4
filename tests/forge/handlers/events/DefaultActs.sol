// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {Terms} from "../../../../contracts/bond/libraries/TermsLib.sol";
import {Rights} from "../../../../contracts/bond/interfaces/Rights.sol";
import {
    Action,
    ActionKind,
    Claim,
    Payment,
    PaymentStatus,
    State,
    UnitPayment
} from "../../../../contracts/servicing/interfaces/ServicingTypes.sol";
import {IBondToken} from "../../suite/IBondToken.sol";
import {Naive} from "../../suite/Naive.sol";
import {TermActs} from "./TermActs.sol";

/// @notice Payments are made, or not; the bond is made due, and money is recovered.
abstract contract DefaultActs is TermActs {
    /// @notice What a unit was owed at first, what interest was added, what it got: base units times 1e18.
    struct Owed {
        uint256 first;
        uint256 grown;
        uint256 recovered;
        uint24 day;
    }

    mapping(IBondToken bond => Owed) internal _owed;
    mapping(IBondToken bond => uint256) private _principal;

    function setForgetful(uint256 ofFour) external {
        _forgetful = ofFour;
    }

    function owedOf(IBondToken bond) external view returns (Owed memory) {
        return _owed[bond];
    }

    function payment(uint256 seed, uint256 bondSeed, uint256 batchSeed) external act(seed) {
        seed = _mix(seed);
        IBondToken bond = _bond(bondSeed);
        uint16 records = bond.book().records;
        uint16 period = records == 0 ? 1 : uint16(1 + (seed >> 8) % records);
        uint256 kind = seed % 8;
        if (kind < 3) _fund(bond, period);
        else if (kind < 7) _pay(bond, period, _batch(batchSeed));
        else _redeem(bond, _batch(batchSeed));
    }

    function default_(uint256 seed, uint256 bondSeed) external act(seed) {
        seed = _mix(seed);
        IBondToken bond = _bond(bondSeed);
        uint256 kind = _isDue(bond) && (seed >> 128) % 4 != 0 ? 7 : seed % 8;
        if (kind < 2) _notice(bond, _bond(seed >> 8), seed >> 16);
        else if (kind < 4) _accelerate(bond, _noticedAction(bond, seed >> 8));
        else if (kind == 4) _declareOverdue(bond);
        else _recover(bond, seed >> 8);
    }

    /* PAYMENTS */

    /// @dev Who forgets one payment of a bond forgets it always.
    function _fund(IBondToken bond, uint16 period) internal {
        bool isDue = _isDue(bond);
        if (!isDue && uint256(keccak256(abi.encode(bond, period, _forgetful))) % 4 < _forgetful) return;
        uint256 before = world.cash.balanceOf(world.payingAgent);

        if (!_serve("fund", world.payingAgent, abi.encodeCall(world.servicing.fund, (bond, period)))) return;

        _demand(!isDue, "DUE-1: nothing but recoveries is funded once the bond is due");
        uint256 paidIn = before - world.cash.balanceOf(world.payingAgent);
        _demand(paidIn == world.servicing.payment(bond, period).funded, "MONEY-6: a payment is funded in full");
        Payment memory escrow = world.servicing.payment(bond, period);
        uint256 late = _now() < uint256(escrow.payTime) + 1 days ? 0 : (_now() - escrow.payTime) / 1 days;
        _demand(
            escrow.penalty == _penaltyRate(bond, period) * late / 365,
            "DUE-2: who pays late pays interest for each day, and none who pays in time"
        );
    }

    function _pay(IBondToken bond, uint16 period, address[] memory batch) internal {
        uint256 before = world.servicing.payment(bond, period).paid;
        uint256[] memory wealth = _wealths(bond, batch);

        if (!_serve("pay", world.outsider, abi.encodeCall(world.servicing.pay, (bond, period, batch)))) return;

        _checkPaid(bond, period, before, batch, wealth);
    }

    function _redeem(IBondToken bond, address[] memory batch) internal {
        uint16 last = bond.book().records;
        uint256 before = world.servicing.payment(bond, last).paid;
        uint256[] memory wealth = _wealths(bond, batch);

        if (!_serve("redeem", world.outsider, abi.encodeCall(world.servicing.redeem, (bond, batch)))) return;

        _checkPaid(bond, last, before, batch, wealth);
        for (uint256 i; i < batch.length; ++i) {
            if (bond.balanceOf(batch[i]) == 0) _moved(bond, batch[i], address(0), unitsOf[bond][batch[i]]);
        }
    }

    function _checkPaid(IBondToken bond, uint16 period, uint256 before, address[] memory batch, uint256[] memory wealth)
        private
    {
        Payment memory escrow = world.servicing.payment(bond, period);
        uint256 gained;
        for (uint256 i; i < batch.length; ++i) {
            if (!_isRepeated(batch, i)) gained += _wealth(bond, batch[i]) - wealth[i];
        }
        _demand(escrow.paid <= escrow.funded, "PAID-2: no payment is more than was escrowed");
        if (_taxRate(bond) == 0) _demand(gained == escrow.paid - before, "PAID-1: what is paid is what holders got");
    }

    function _wealths(IBondToken bond, address[] memory batch) private view returns (uint256[] memory wealth) {
        wealth = new uint256[](batch.length);
        for (uint256 i; i < batch.length; ++i) {
            wealth[i] = _wealth(bond, batch[i]);
        }
    }

    /* DEFAULT */

    function _notice(IBondToken bond, IBondToken cause, uint256 seed) private {
        uint16 records = cause.book().records;
        uint16 period = _missedPeriod(cause, records == 0 ? 1 : uint16(1 + seed % records));
        uint16 redemption = (seed >> 8) % 4 == 0 ? _electedAction(cause, seed >> 16) : 0;
        if (redemption != 0) period = 0;
        bytes memory data = abi.encodeCall(world.servicing.noticeDefault, (bond, cause, period, redemption));

        if (!_serve("notice", world.outsider, data)) return;
        cause.advance(); // its days may not have been noticed yet

        _demand(
            _isDue(cause) || _isMissed(cause, period, redemption),
            "DUE-3: a default is by time alone: not paid when the grace is over"
        );
        if (seed % 3 != 0) _electTogether(bond, world.servicing.actionCount(bond), seed >> 24);
    }

    function _accelerate(IBondToken bond, uint16 number) private {
        Action memory action = world.servicing.actionOf(bond, number);
        bool isDue = _isDue(bond);
        uint256 supply = bond.book().supply;
        (,, Rights memory rights) = world.servicing.termsAt(bond, _versionToday(bond));

        if (!_serve("accelerate", world.outsider, abi.encodeCall(world.servicing.accelerate, (bond, number)))) return;

        uint256 share = rights.defaults.accelerationShare;
        _demand(
            !isDue && action.kind == ActionKind.ACCELERATION && share != 0
                && uint256(action.elected) * BILLION >= share * supply,
            "DUE-4: holders of the stated share make a bond due, once"
        );
        IBondToken cause = IBondToken(action.target);
        cause.advance();
        _demand(
            _isDue(cause) || _isMissed(cause, action.period, action.redemption), "DUE-4: while the default is not cured"
        );
        _checkDue(bond);
    }

    /// @return The first that is missed, else another.
    function _missedPeriod(IBondToken bond, uint16 other) private view returns (uint16) {
        for (uint16 k = 1; k <= bond.book().records; ++k) {
            if (_isMissed(bond, k, 0)) return k;
        }
        return other;
    }

    function _noticedAction(IBondToken bond, uint256 seed) private view returns (uint16) {
        for (uint16 k = world.servicing.actionCount(bond); k != 0; --k) {
            if (world.servicing.actionOf(bond, k).kind == ActionKind.ACCELERATION) return k;
        }
        return _electedAction(bond, seed);
    }

    function _declareOverdue(IBondToken bond) private {
        if (_isDue(bond)) return;
        uint16 last = world.servicing.lastPeriod(bond);

        if (!_serve("overdue", world.outsider, abi.encodeCall(world.servicing.declareOverdue, (bond)))) return;

        _demand(_isMissed(bond, last, 0), "DUE-3: a default is by time alone: not paid when the grace is over");
        _checkDue(bond);
    }

    function _checkDue(IBondToken bond) private {
        _demand(!bond.book().closed && !bond.book().shut, "DUE-5: the books of a bond that is due are open");
        uint24 today = uint24((_now() + 8 hours) / 1 days);
        _demand(world.servicing.accruedOf(bond, 1_000, today) == 0, "DUE-5: and it trades flat");
    }

    function _isMissed(IBondToken bond, uint16 period, uint16 redemption) private view returns (bool) {
        uint256 payTime = bond.paymentDays(period).payTime;
        if (redemption == 0) {
            return payTime != 0 && world.servicing.payment(bond, period).fundedAt == 0 && _now() >= payTime + 3 days;
        }
        Action memory action = world.servicing.actionOf(bond, redemption);
        bool isPromised = action.kind == ActionKind.PUT || action.kind == ActionKind.DRAWING;
        return isPromised && action.elected != 0 && !action.isDecided && _now() >= uint256(action.payTime) + 3 days;
    }

    /* RECOVERY */

    function _recover(IBondToken bond, uint256 seed) internal {
        if (!_isDue(bond)) return;
        bond.advance();
        uint24 today = uint24((_now() + 8 hours) / 1 days);
        Claim memory before = world.servicing.claimOn(bond, today);
        uint256 units = bond.book().supply;
        uint256 whole = (before.principal + before.interest) * units / CLAIM;
        uint256 amount = _recovery(seed, whole);
        uint24 recordDay = today + uint24(1 + (seed >> 16) % 6);
        bool isFinal = (seed >> 24) % 3 == 0;
        address actor = (seed >> 32) % 3 == 0 ? world.bookrunner : world.payingAgent;
        if (actor == world.bookrunner && amount != 0) _give(actor, amount);
        bytes memory data =
            abi.encodeCall(world.servicing.fundRecovery, (bond, amount, recordDay, isFinal, bytes32(seed | 1)));

        if (!_serve("recovery", actor, data)) return;

        _demand(amount != 0 && amount <= whole, "RECOVERY-1: no more is recovered than is owed");
        _demand(
            !isFinal || actor == world.bookrunner || amount == whole,
            "RECOVERY-2: who has the power alone gives up the rest"
        );
        _demand(Naive.isBusinessDay(recordDay) && recordDay > today, "RECOVERY-3: for holders at a day to come");
        _account(bond, before, today, amount * CLAIM / units);
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

    function _give(address to, uint256 amount) private {
        vm.prank(world.cashIssuer);
        world.cash.mint(to, amount);
    }
}
