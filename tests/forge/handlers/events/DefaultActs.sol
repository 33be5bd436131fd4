// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {Rights} from "../../../../contracts/bond/interfaces/Rights.sol";
import {Action, ActionKind, Drawing, Payment} from "../../../../contracts/servicing/interfaces/ServicingTypes.sol";
import {IBondToken} from "../../suite/IBondToken.sol";
import {RecoveryActs} from "./RecoveryActs.sol";

/// @notice Payments are made, or not; and the bond is made due.
abstract contract DefaultActs is RecoveryActs {
    /// @notice What somebody has when he is paid, and for how many units.
    struct Share {
        address holder;
        uint256 units;
        uint256 wealth;
    }

    function setForgetful(uint256 ofFour) external {
        _forgetful = ofFour;
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
        Share[] memory shares = _shares(bond, period, batch);

        if (!_serve("pay", world.outsider, abi.encodeCall(world.servicing.pay, (bond, period, batch)))) return;

        _checkPaid(bond, period, before, shares);
    }

    function _redeem(IBondToken bond, address[] memory batch) internal {
        bond.advance();
        uint16 last = bond.book().records;
        uint256 before = world.servicing.payment(bond, last).paid;
        Share[] memory shares = _shares(bond, last, batch);

        if (!_serve("redeem", world.outsider, abi.encodeCall(world.servicing.redeem, (bond, batch)))) return;

        _checkPaid(bond, last, before, shares);
        for (uint256 i; i < batch.length; ++i) {
            if (bond.balanceOf(batch[i]) == 0) _moved(bond, batch[i], address(0), unitsOf[bond][batch[i]]);
        }
    }

    function _checkPaid(IBondToken bond, uint16 period, uint256 before, Share[] memory shares) private {
        Payment memory escrow = world.servicing.payment(bond, period);
        bool isRecovery = _entitled[bond][period] != 0;
        Due memory sum;
        for (uint256 i; i < shares.length; ++i) {
            if (shares[i].units == 0) continue;
            Due memory due = _dueOn(bond, escrow, shares[i].units);
            if (isRecovery) {
                due = Due(shares[i].units * _recovered[bond][period] / _entitled[bond][period], 0);
            }
            uint256 gained = _wealth(bond, shares[i].holder) - shares[i].wealth;
            _demand(
                gained == due.gross - due.tax, "PAID-5: each gets what his units of record come to, rounded down once"
            );
            sum.gross += due.gross;
        }
        _demand(escrow.paid - before == sum.gross, "PAID-1: what is paid is what holders got, and tax");
        _demand(escrow.paid <= escrow.funded, "PAID-2: no payment is more than was escrowed");
    }

    /// @return shares Of those in a batch who were not paid yet.
    function _shares(IBondToken bond, uint16 period, address[] memory batch)
        private
        view
        returns (Share[] memory shares)
    {
        shares = new Share[](batch.length);
        uint256 recordTime = bond.paymentDays(period).recordTime;
        for (uint256 i; i < batch.length; ++i) {
            if (_isRepeated(batch, i) || bond.isPaid(batch[i], period)) continue;
            uint256 units = unitsBefore(bond, batch[i], recordTime);
            shares[i] = Share({holder: batch[i], units: units, wealth: _wealth(bond, batch[i])});
        }
    }

    /* DEFAULT */

    function _notice(IBondToken bond, IBondToken cause, uint256 seed) private {
        uint16 records = cause.book().records;
        uint16 period = _missedPeriod(cause, records == 0 ? 1 : uint16(1 + seed % records));
        uint16 redemption = (seed >> 8) % 4 == 0 ? _electedAction(cause, seed >> 16) : 0;
        if (redemption != 0) period = 0;
        bytes memory data = abi.encodeCall(world.servicing.noticeDefault, (bond, cause, period, redemption));

        if (seed % 2 == 1) _leaveOpen(bond, seed >> 40);
        bool isOpen = _hasLiveNotice(bond);

        if (!_serve("notice", world.outsider, data)) return;

        _demand(!isOpen, "DUE-7: holders gather for one notice at a time");
        (,, Rights memory rights) = world.servicing.termsAt(bond, _versionToday(bond));
        _demand(
            cause == bond || rights.defaults.crossDefault, "DUE-9: another bond's default counts where the terms say so"
        );
        cause.advance(); // its days may not have been noticed yet

        _demand(
            _isDue(cause) || _isMissed(cause, period, redemption),
            "DUE-3: a default is by time alone: not paid when the grace is over"
        );
        uint16 number = world.servicing.actionCount(bond);
        if (seed % 3 != 0) _electTogether(bond, number, ALL);
        if (seed % 4 == 1) _call(bond, seed >> 32);
        if (seed % 6 < 3) _accelerate(bond, number);
    }

    function _accelerate(IBondToken bond, uint16 number) internal {
        // What was paid in before is still settled after.
        _fundAction(bond, _payableAction(bond, number, false), world.payingAgent);
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
        _demand(_now() < action.opensAt + 90 days, "DUE-4: within ninety days of the notice");
        _demand(world.servicing.stateOf(bond).price == 0, "DUE-8: a call that has not come to its day is overtaken");
        IBondToken cause = IBondToken(action.target);
        cause.advance();
        _demand(
            _isDue(cause) || _isMissed(cause, action.period, action.redemption), "DUE-4: while the default is not cured"
        );
        _checkDue(bond);
        // What was elected and not paid for is let go.
        for (uint16 k = 1; k < number; ++k) {
            if (_hasElected(bond, k, people)) _release(bond, k, people[0], 0);
        }
    }

    /// @dev An offer in which somebody has a unit when the bond is made due.
    function _leaveOpen(IBondToken bond, uint256 seed) private {
        _tender(bond, seed);
        _electUnits(bond, world.servicing.actionCount(bond), people[seed % people.length], 1);
    }

    function _hasLiveNotice(IBondToken bond) private returns (bool) {
        for (uint16 k = world.servicing.actionCount(bond); k != 0; --k) {
            Action memory action = world.servicing.actionOf(bond, k);
            if (action.kind != ActionKind.ACCELERATION || _now() >= action.closesAt) continue;
            IBondToken cause = IBondToken(action.target);
            cause.advance();
            if (!_isDue(cause) && _isMissed(cause, action.period, action.redemption)) return true;
        }
        return false;
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
            if (payTime == 0 || _now() < payTime + 3 days || bond.supplyAt(period) == 0) return false;
            return world.servicing.payment(bond, period).fundedAt == 0;
        }
        Action memory action = world.servicing.actionOf(bond, redemption);
        Drawing memory drawing = world.servicing.drawingOf(bond, redemption);
        if (!_isPromised(action) || drawing.passed != drawing.units || action.elected == 0 || action.isDecided) {
            return false;
        }
        // Who was drawn late is paid late.
        uint256 from = action.payTime > action.closesAt ? action.payTime : action.closesAt;
        return !bond.book().closed && _now() >= from + 3 days;
    }
}
