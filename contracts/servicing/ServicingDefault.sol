// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";

import {Book, IBond, PaymentDays} from "../bond/interfaces/IBond.sol";
import {IBondExtension} from "../bond/interfaces/IBondExtension.sol";
import {IBondFactory} from "../bond/interfaces/IBondFactory.sol";
import {Schedule, ScheduleLib} from "../bond/libraries/ScheduleLib.sol";
import {CouponKind, Terms, TermsLib} from "../bond/libraries/TermsLib.sol";
import {IBusinessCalendar, RollConvention} from "../calendar/interfaces/IBusinessCalendar.sol";
import {RoundingLib} from "../libraries/RoundingLib.sol";
import {ActionBase} from "./ActionBase.sol";
import {PayoutBase} from "./PayoutBase.sol";
import {ServicingBase} from "./ServicingBase.sol";
import {IServicingDefault} from "./interfaces/IServicingDefault.sol";
import {
    Action,
    ActionKind,
    Claim,
    Drawing,
    Payment,
    PaymentStatus,
    State,
    UnitPayment
} from "./interfaces/ServicingTypes.sol";

/// @title ServicingDefault
/// @notice The part of the Servicing for payments that were missed: default, acceleration, recoveries.
/// @dev ONE CLAIM
/// - A bond that is made due ends on that day like one that is called; but its last payment has no record date: together with every
///   payment that was missed it is the claim of each unit, whoever held it then. Recoveries lower it, the same for every unit.
contract ServicingDefault is ActionBase, PayoutBase, IServicingDefault, ReentrancyGuardTransient {
    using ScheduleLib for Schedule;
    using TermsLib for Terms;

    uint256 internal constant CLAIM_SCALE = 1e18;
    uint256 internal constant YEAR = 365;
    /// @dev Civil days between a recovery and its record day: the next one waits for it.
    uint24 internal constant LONGEST_NOTICE = 31;
    /// @dev Holders gather notices for so long.
    uint40 internal constant NOTICE_PERIOD = 90 days;
    /// @dev Interest for being late stops to grow at a hundred times the amount: beyond any claim, and within every type.
    uint256 internal constant MOST_PENALTY = 100 * RoundingLib.RATE_SCALE;

    constructor(IBondFactory factory, address next) ServicingBase(factory, next) {}

    /* DEFAULT */

    /// @inheritdoc IServicingDefault
    function noticeDefault(IBond bond, IBond cause, uint16 period, uint16 redemption) external returns (uint16 number) {
        _checkServed(bond);
        require(_states[bond].duePeriod == 0, BondDueAlready(address(bond)));
        require(
            _isCause(bond, cause) && _isMissed(cause, period, redemption),
            DefaultNotFound(address(bond), address(cause), period, redemption)
        );
        uint32 share = _rightsAt(bond, _periodNow(bond)).defaults.accelerationShare;
        require(share != 0, ShareNotReached(address(bond), 0, 0, 0));
        uint16 open = _actionBy[bond][_accelerationKey()];
        require(open == 0 || !_isLive(_actions[bond][open]), ActionAlreadyOpen(address(bond), open));

        Action memory fresh;
        (fresh.kind, fresh.withdrawable) = (ActionKind.ACCELERATION, true);
        (fresh.opensAt, fresh.closesAt) = (uint40(block.timestamp), uint40(block.timestamp) + NOTICE_PERIOD);
        (fresh.period, fresh.redemption, fresh.target) = (period, redemption, address(cause));
        number = _open(bond, fresh, bytes8(0));
        _actionBy[bond][_accelerationKey()] = number;

        emit DefaultNoticed(bond, number, cause, period, redemption, msg.sender);
    }

    /// @inheritdoc IServicingDefault
    function accelerate(IBond bond, uint16 number) external {
        _checkServed(bond);
        require(_states[bond].duePeriod == 0, BondDueAlready(address(bond)));
        Action storage action = _actionOf(bond, number);
        require(action.kind == ActionKind.ACCELERATION, ActionUnknown(address(bond), number));
        require(
            block.timestamp < action.closesAt,
            ActionNotOpen(address(bond), number, action.opensAt, action.closesAt, block.timestamp)
        );
        require(
            _isMissed(IBond(action.target), action.period, action.redemption),
            DefaultNotFound(address(bond), action.target, action.period, action.redemption)
        );
        _checkShare(bond, number, action.elected, _rightsAt(bond, _periodNow(bond)).defaults.accelerationShare);
        action.isDecided = true;

        bond.advance();
        Terms memory terms = bond.terms();
        Book memory book = bond.book();
        require(!book.closed, IBond.BondBooksClosed());
        uint24 today = terms.dayOf(block.timestamp);
        uint16 period = _periodOn(bond, today);
        // What is recorded for a payment has it as its own, or missed it: the claim goes on from there.
        if (period <= book.records) period = book.records + 1;
        uint24 start = _endOf(bond, period - 1);
        _makeDue(bond, number, period, today > start ? today : start);
    }

    /// @inheritdoc IServicingDefault
    function declareOverdue(IBond bond) external {
        _checkServed(bond);
        require(_states[bond].duePeriod == 0, BondDueAlready(address(bond)));
        bond.advance();
        uint16 last = _coupons().lastPeriod(bond);
        (PaymentStatus status,) = paymentStatus(bond, last);
        require(
            status == PaymentStatus.MISSED && bond.book().closed, DefaultNotFound(address(bond), address(bond), last, 0)
        );
        _makeDue(bond, 0, last, _endOf(bond, last));
    }

    /* RECOVERY */

    /// @inheritdoc IServicingDefault
    function fundRecovery(IBond bond, uint256 amount, uint24 recordDay, bool isFinal, bytes32 document)
        external
        nonReentrant
        returns (uint16 record)
    {
        _checkServed(bond);
        require(_states[bond].duePeriod != 0 && !_claims[bond].isClosed, RecoveryRefused(address(bond)));
        bond.advance();
        Terms memory terms = bond.terms();
        // Who pays in a little could hold up the next recovery until it is paid: strangers may not.
        if (!_isAgent(bond)) _checkPower(bond);
        uint64 units = bond.book().supply;
        Claim memory owed = claimOn(bond, terms.dayOf(block.timestamp));
        if (_claims[bond].day == 0) emit ClaimSet(bond, owed.principal, owed.interest, owed.day);
        bool isWhole = _reduce(bond, owed, amount, units);
        if (isFinal && !isWhole) _checkPower(bond);
        owed.isClosed = isFinal || isWhole;
        _claims[bond] = owed;

        PaymentDays memory days_ = _recoveryDays(bond, terms, recordDay);
        record = _eventsOf(bond).setRecordDate(days_, owed.isClosed);
        Payment storage escrow = _payments[bond][record];
        escrow.funded = SafeCast.toUint128(amount);
        (escrow.units, escrow.fundedAt, escrow.payTime) = (units, uint40(block.timestamp), days_.payTime);
        (escrow.isLast, escrow.payer) = (owed.isClosed, msg.sender);
        escrow.each = UnitPayment({
            interestNumerator: 0, interestDenominator: 1, principalNumerator: amount, principalDenominator: units
        });

        emit RecoveryFunded(bond, record, msg.sender, amount, units, owed.principal, owed.interest, document);
        if (owed.isClosed) emit DefaultClosed(bond, record, owed.principal, owed.interest, msg.sender);
        _take(bond, record, amount);
    }

    /* VIEWS */

    /// @inheritdoc IServicingDefault
    function paymentStatus(IBond bond, uint16 period) public view returns (PaymentStatus status, uint40 until) {
        _checkBond(bond);
        State memory state = _states[bond];
        uint16 last = state.duePeriod == 0 ? _coupons().lastPeriod(bond) : state.duePeriod;
        require(period != 0 && period <= last, PaymentPeriodUnknown(address(bond), period, last));
        // What is funded under a number that came after is a recovery.
        bool isPayment = state.duePeriod == 0 || period <= state.recordsAtDue;
        if (isPayment && _payments[bond][period].fundedAt != 0) return (PaymentStatus.FUNDED, 0);
        if (state.duePeriod != 0) return (PaymentStatus.MERGED, 0);

        (uint40 payTime, uint16 grace) = _graceOf(bond, period, last);
        until = payTime + (uint40(grace) + 1) * 1 days;
        if (block.timestamp < payTime) return (PaymentStatus.NOT_DUE, until);
        if (!_isOwed(bond, period)) return (PaymentStatus.NOTHING_DUE, 0);
        if (block.timestamp < uint256(payTime) + 1 days) return (PaymentStatus.NOT_DUE, until);
        return (block.timestamp < until ? PaymentStatus.OVERDUE : PaymentStatus.MISSED, until);
    }

    /// @inheritdoc IServicingDefault
    function claimOf(IBond bond) external view returns (Claim memory) {
        return _claims[bond];
    }

    /// @inheritdoc IServicingDefault
    function claimOn(IBond bond, uint24 day) public view returns (Claim memory owed) {
        State memory state = _states[bond];
        require(state.duePeriod != 0, RecoveryRefused(address(bond)));
        owed = _claims[bond];
        if (owed.day == 0) return _firstClaim(bond, state, day);
        if (day <= owed.day) return owed;
        owed.interest += owed.principal * penaltyOf(bond, state.duePeriod, owed.day, day) / RoundingLib.RATE_SCALE;
        owed.day = day;
    }

    /// @inheritdoc IServicingDefault
    function penaltyOf(IBond bond, uint16 period, uint24 from, uint24 to) public view returns (uint64) {
        if (to <= from) return 0;
        uint256 rate = _rightsAt(bond, period).defaults.penaltyRate;
        uint256 penalty = rate * (to - from) / YEAR;
        return uint64(penalty < MOST_PENALTY ? penalty : MOST_PENALTY);
    }

    /* INTERNAL */

    function _makeDue(IBond bond, uint16 number, uint16 period, uint24 day) internal {
        State storage state = _states[bond];
        if (number != 0) {
            // A call that has not come to its day is overtaken: the claim is for par, or for what the bond has grown to.
            CouponKind kind = bond.terms().kind;
            state.price = kind == CouponKind.ZERO ? uint64(RoundingLib.RATE_SCALE) : 0;
            _unfixEnd(bond, kind, period);
        }
        (state.duePeriod, state.dueDay, state.recordsAtDue) = (period, day, bond.book().records);

        emit BondMadeDue(bond, number, period, day, msg.sender);
        _eventsOf(bond).enterDefault();
    }

    /// @return owed Every payment that was not funded, with interest from its day on, per unit.
    function _firstClaim(IBond bond, State memory state, uint24 day) internal view returns (Claim memory owed) {
        uint16 records = state.recordsAtDue;
        for (uint16 period = 1; period <= state.duePeriod; ++period) {
            bool isRecorded = period <= records;
            if (isRecorded && _payments[bond][period].fundedAt != 0) continue;
            UnitPayment memory each = _coupons().unitPayment(bond, period);
            uint256 amount = RoundingLib.mulDivDown(each.interestNumerator, CLAIM_SCALE, each.interestDenominator)
                + RoundingLib.mulDivDown(each.principalNumerator, CLAIM_SCALE, each.principalDenominator);
            uint24 from = isRecorded ? bond.paymentDays(period).payDay : state.dueDay;
            owed.principal += amount;
            owed.interest += amount * penaltyOf(bond, period, from, day) / RoundingLib.RATE_SCALE;
        }
        owed.day = day;
    }

    /// @dev Takes a recovery off the claim of a unit, interest first, rounded down.
    /// @return isWhole Whether nothing is left that could be paid.
    function _reduce(IBond bond, Claim memory owed, uint256 amount, uint64 units) internal pure returns (bool isWhole) {
        uint256 claim = owed.principal + owed.interest;
        uint256 total = RoundingLib.mulDivDown(claim, units, CLAIM_SCALE);
        require(amount != 0 && amount <= total, RecoveryAmountWrong(address(bond), amount, total));
        uint256 each = RoundingLib.mulDivDown(amount, CLAIM_SCALE, units);
        uint256 interest = each < owed.interest ? each : owed.interest;
        owed.interest -= interest;
        owed.principal -= each - interest;
        isWhole = amount == total;
        if (isWhole) (owed.principal, owed.interest) = (0, 0);
    }

    /// @dev Paid on the business day after the record day.
    function _recoveryDays(IBond bond, Terms memory terms, uint24 recordDay)
        internal
        view
        returns (PaymentDays memory days_)
    {
        IBusinessCalendar calendar = bond.suite().calendar;
        uint24 today = terms.dayOf(block.timestamp);
        require(
            recordDay > today && recordDay <= today + LONGEST_NOTICE
                && calendar.isBusinessDay(terms.calendar, recordDay),
            RecoveryDayWrong(address(bond), recordDay, today)
        );
        days_.recordDay = recordDay;
        days_.payDay = calendar.roll(terms.calendar, recordDay + 1, RollConvention.FOLLOWING);
        days_.recordTime = terms.instant(recordDay, terms.cutOff);
        days_.payTime = terms.instant(days_.payDay, 0);
    }

    /// @return Whether a default of `cause` is one of the bond.
    function _isCause(IBond bond, IBond cause) internal view returns (bool) {
        if (cause == bond) return true;
        if (!FACTORY.isBond(address(cause)) || cause.suite().servicing != address(this)) return false;
        return _rightsAt(bond, _periodNow(bond)).defaults.crossDefault && cause.terms().issuer == bond.terms().issuer;
    }

    /// @return Whether notices that were opened can still carry.
    function _isLive(Action memory action) internal view returns (bool) {
        return block.timestamp < action.closesAt && _isMissed(IBond(action.target), action.period, action.redemption);
    }

    /// @return Whether a payment or a redemption is missed, or the bond was made due and what it owed is not paid.
    function _isMissed(IBond bond, uint16 period, uint16 redemption) internal view returns (bool) {
        if (_states[bond].duePeriod != 0) {
            return bond.book().supply != 0 && (!_claims[bond].isClosed || _claims[bond].principal != 0);
        }
        if (redemption != 0) {
            Action memory action = _actionOf(bond, redemption);
            // A drawing that is not drawn to the end takes nothing yet.
            Drawing memory drawing = _drawings[bond][redemption];
            if (action.kind == ActionKind.DRAWING && drawing.passed != drawing.units) return false;
            return _isPromised(action.kind) && action.elected != 0 && !_isFunded(bond, redemption)
                && !bond.book().closed && block.timestamp >= _graceOf(bond, action);
        }
        if (period == 0) return false;
        (PaymentStatus status,) = paymentStatus(bond, period);
        return status == PaymentStatus.MISSED;
    }

    /// @return payTime Of a payment: as announced, or as the calendar stands.
    /// @return grace Civil days after it.
    function _graceOf(IBond bond, uint16 period, uint16 last) internal view returns (uint40 payTime, uint16 grace) {
        payTime = bond.paymentDays(period).payTime;
        grace = _rightsAt(bond, period).defaults.graceDays;
        if (payTime != 0) return (payTime, grace);
        Terms memory terms = bond.terms();
        uint24 day = period == last ? IBondExtension(address(bond)).maturityDay() : terms.schedule.dueDay(period);
        // Far off, the calendar need not be published.
        payTime = terms.instant(day, 0);
        if (payTime > block.timestamp + uint256(LONGEST_NOTICE) * 1 days) return (payTime, grace);
        day = bond.suite().calendar.roll(terms.calendar, day, terms.roll);
        return (terms.instant(day, 0), grace);
    }

    /// @return Whether something is due with a payment, as far as can be said.
    function _isOwed(IBond bond, uint16 period) internal view returns (bool) {
        uint64 units = period <= bond.book().records ? bond.supplyAt(period) : bond.book().supply;
        if (units == 0) return false;
        try _coupons().unitPayment(bond, period) returns (UnitPayment memory each) {
            return each.interestNumerator | each.principalNumerator != 0;
        } catch {
            // Not fixed yet: what the terms or the issuer said before decides.
            address source = _sourceAt(bond, period);
            if (_fixings[bond][period].isDeferred || !TermsLib.hasProvisions(source)) return false;
            return period > TermsLib.provisionsOf(source).capitalisedUntil;
        }
    }

    function _endOf(IBond bond, uint16 period) internal view returns (uint24) {
        return _coupons().periodEnd(bond, period);
    }
}
