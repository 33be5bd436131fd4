// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IAccessManager} from "@openzeppelin/contracts/access/manager/IAccessManager.sol";

import {IBond} from "../bond/interfaces/IBond.sol";
import {IBondEvents} from "../bond/interfaces/IBondEvents.sol";
import {DefaultTerms, Rights} from "../bond/interfaces/Rights.sol";
import {CouponKind, Terms, TermsLib} from "../bond/libraries/TermsLib.sol";
import {Roles} from "../membership/libraries/Roles.sol";
import {RoundingLib} from "../libraries/RoundingLib.sol";
import {ServicingBase} from "./ServicingBase.sol";
import {IServicingAccruals} from "./interfaces/IServicingAccruals.sol";
import {IServicingCoupons} from "./interfaces/IServicingCoupons.sol";
import {Action, ActionKind, Payment, State} from "./interfaces/ServicingTypes.sol";

/// @title ActionBase
/// @notice What the parts share that let issuer and holders act.
abstract contract ActionBase is ServicingBase {
    using TermsLib for Terms;

    /// @dev After so long without money, who elected may go; what the issuer offered has lapsed.
    uint40 internal constant LONG_STOP = 10 days;
    uint16 internal constant MOST_ACTIONS = 60_000;

    function _coupons() internal view returns (IServicingCoupons) {
        return IServicingCoupons(address(this));
    }

    function _accruals() internal view returns (IServicingAccruals) {
        return IServicingAccruals(address(this));
    }

    /// @return The period in which today lies, in the bond's zone.
    function _periodNow(IBond bond) internal view returns (uint16) {
        return _periodOn(bond, bond.terms().dayOf(block.timestamp));
    }

    function _periodOn(IBond bond, uint24 day) internal view returns (uint16) {
        return _coupons().periodOn(bond, day);
    }

    function _rightsAt(IBond bond, uint16 period) internal view returns (Rights memory) {
        return TermsLib.rightsOf(_sourceAt(bond, period));
    }

    /// @return number Of a new event, which is stored and said.
    function _open(IBond bond, Action memory action, bytes8 code) internal returns (uint16 number) {
        number = ++_states[bond].actions;
        // However many offers the issuer makes, holders can give notice.
        require(number < MOST_ACTIONS || action.kind == ActionKind.ACCELERATION, ActionTermInvalid("action"));
        _actions[bond][number] = action;

        emit ActionOpened(bond, number, action, code, msg.sender);
    }

    function _actionOf(IBond bond, uint16 number) internal view returns (Action storage action) {
        action = _actions[bond][number];
        require(action.opensAt != 0, ActionUnknown(address(bond), number));
    }

    /// @dev An index that was fixed for the regular end of a period is not that of the day on which the term ends now.
    function _unfixEnd(IBond bond, CouponKind kind, uint16 last) internal {
        State storage state = _states[bond];
        if (kind != CouponKind.INFLATION || state.fixedPeriods < last) return;
        state.fixedPeriods = last - 1;
        delete _fixings[bond][last];
    }

    /// @return number Of the version that is in force in the period of today.
    function _versionNow(IBond bond) internal view returns (uint16 number) {
        uint16 period = _periodNow(bond);
        number = _states[bond].versions;
        while (number != 0 && _versions[bond][number].from > period) {
            --number;
        }
    }

    /// @dev Every election is settled: what is left of the money is the payer's.
    function _complete(IBond bond, uint16 number) internal {
        Payment storage escrow = _payments[bond][_escrowKey(number)];
        uint256 residue = escrow.funded - escrow.paid;
        if (residue != 0) _kept[bond][escrow.payer] += residue;

        emit ActionCompleted(bond, number, residue, escrow.payer);
    }

    /// @return Unix time from which an unfunded redemption is missed.
    function _graceOf(IBond bond, Action memory action) internal view returns (uint256) {
        DefaultTerms memory defaults = _rightsAt(bond, _periodOn(bond, action.payDay)).defaults;
        uint256 from = action.payTime > action.closesAt ? action.payTime : action.closesAt;
        return from + (uint256(defaults.graceDays) + 1) * 1 days;
    }

    /// @return Whether an event takes units for money that the terms, or a call, promise: the holder has a claim when it fails.
    function _isPromised(ActionKind kind) internal pure returns (bool) {
        return kind == ActionKind.PUT || kind == ActionKind.DRAWING;
    }

    function _isFunded(IBond bond, uint16 number) internal view returns (bool) {
        return _payments[bond][_escrowKey(number)].fundedAt != 0;
    }

    function _eventsOf(IBond bond) internal pure returns (IBondEvents) {
        return IBondEvents(address(bond));
    }

    /// @return Where the escrow of an event is kept: beyond every payment.
    function _escrowKey(uint16 number) internal pure returns (uint256) {
        return (1 << 16) | uint256(number);
    }

    function _putKey(uint16 version, uint16 right) internal pure returns (uint256) {
        return (uint256(version) << 16) | right;
    }

    function _sinkingKey(uint16 period) internal pure returns (uint256) {
        return (1 << 32) | uint256(period);
    }

    function _accelerationKey() internal pure returns (uint256) {
        return 1 << 33;
    }

    /// @return Whether the caller is the issuer's account or a paying agent.
    function _isAgent(IBond bond) internal view returns (bool) {
        return
            msg.sender == bond.terms().issuerAccount || bond.suite().registry.hasRoles(msg.sender, Roles.PAYING_AGENT);
    }

    function _checkIssuer(IBond bond) internal view {
        _checkServed(bond);
        require(msg.sender == bond.terms().issuerAccount, ServicingCallerRefused(address(bond), msg.sender));
        require(_states[bond].duePeriod == 0, BondDueAlready(address(bond)));
    }

    /// @dev Through the Authority, with this address as target.
    function _checkPower(IBond bond) internal view {
        IAccessManager authority = bond.suite().authority;
        (bool allowed,) = authority.canCall(msg.sender, address(this), msg.sig);
        require(allowed, PowerMissing(msg.sender, msg.sig));
    }

    /// @param day Day, unadjusted, for which a right is used.
    function _checkNotice(IBond bond, uint24 day, uint16 noticeDays) internal view {
        uint256 until = bond.terms().instant(day, 0) - uint256(noticeDays) * 1 days;
        require(block.timestamp <= until, NoticeTooLate(address(bond), until, block.timestamp));
    }

    /// @param share Billionths of the supply.
    function _checkShare(IBond bond, uint16 number, uint64 elected, uint32 share) internal view {
        uint256 needed = RoundingLib.mulDivUp(bond.book().supply, share, RoundingLib.RATE_SCALE);
        require(
            share != 0 && elected != 0 && elected >= needed, ShareNotReached(address(bond), number, elected, needed)
        );
    }
}
