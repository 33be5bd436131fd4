// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IBond} from "../bond/interfaces/IBond.sol";
import {IBondExtension} from "../bond/interfaces/IBondExtension.sol";
import {IBondFactory} from "../bond/interfaces/IBondFactory.sol";
import {Instalment, Provisions} from "../bond/interfaces/Provisions.sol";
import {Rights} from "../bond/interfaces/Rights.sol";
import {Schedule, ScheduleLib} from "../bond/libraries/ScheduleLib.sol";
import {CouponKind, Terms, TermsLib} from "../bond/libraries/TermsLib.sol";
import {CodeLib} from "../libraries/CodeLib.sol";
import {ActionBase} from "./ActionBase.sol";
import {ServicingBase} from "./ServicingBase.sol";
import {Amendment, IServicingVersions} from "./interfaces/IServicingVersions.sol";
import {Action, ActionKind, State, Version} from "./interfaces/ServicingTypes.sol";

/// @title ServicingVersions
/// @notice The part of the Servicing for changes of the terms: what the issuer proposes, holders carry, and periods to come obey.
/// @dev WHAT STAYS
/// - What identifies the bond, who may hold it, how its days are found, and tax. Of the past: every period that has begun.
contract ServicingVersions is ActionBase, IServicingVersions {
    using ScheduleLib for Schedule;
    using TermsLib for Terms;

    constructor(IBondFactory factory) ServicingBase(factory, address(0)) {}

    /// @inheritdoc IServicingVersions
    function proposeTerms(
        IBond bond,
        Terms calldata terms,
        Provisions calldata provisions,
        Rights calldata rights,
        Amendment calldata amendment
    ) external returns (uint16 number) {
        _checkIssuer(bond);
        State memory state = _states[bond];
        Action memory fresh;
        fresh.kind = ActionKind.RESOLUTION;
        (fresh.withdrawable, fresh.redemption) = (true, state.versions);
        (fresh.opensAt, fresh.closesAt) = (uint40(block.timestamp), amendment.closesAt);
        (fresh.payDay, fresh.document) = (amendment.effectiveDay, amendment.resolution);
        fresh.period = _periodFrom(bond, amendment.effectiveDay);
        (uint16 last, uint24 maturityDay) = _termOf(bond);
        fresh.most = _packed(last, maturityDay);
        require(amendment.closesAt > block.timestamp, ActionTermInvalid("closesAt"));
        require(amendment.clause != 0 && amendment.resolution != 0, ActionTermInvalid("clause"));
        _checkKept(bond, terms, state, fresh.period);
        _checkProvisions(bond, provisions, state, fresh.period);
        fresh.target = CodeLib.store(TermsLib.asVersion(FACTORY.sealTerms(terms, provisions, rights)));
        number = _open(bond, fresh, bytes8(0));

        emit TermsProposed(bond, number, fresh.target, terms, provisions, rights, amendment);
    }

    /// @inheritdoc IServicingVersions
    function enactTerms(IBond bond, uint16 number) external {
        _checkServed(bond);
        State storage state = _states[bond];
        Action storage action = _actionOf(bond, number);
        require(action.kind == ActionKind.RESOLUTION, ActionUnknown(address(bond), number));
        require(!action.isDecided, ActionDecided(address(bond), number));
        require(state.duePeriod == 0, BondDueAlready(address(bond)));
        require(
            block.timestamp < action.closesAt,
            ActionNotOpen(address(bond), number, action.opensAt, action.closesAt, block.timestamp)
        );
        _checkShare(bond, number, action.elected, _rightsAt(bond, _periodNow(bond)).amendmentShare);
        require(state.versions == action.redemption, AmendmentRefused(address(bond), "version"));
        bond.advance();
        // What was right when it was proposed may have been overtaken by a call, a renewal, or time.
        (uint16 last, uint24 maturityDay) = _termOf(bond);
        require(action.most == _packed(last, maturityDay), AmendmentRefused(address(bond), "maturityDay"));
        _checkProvisions(bond, TermsLib.provisionsOf(action.target), state, action.period);
        _checkBegins(bond, action.period, state.fixedPeriods);
        action.isDecided = true;
        uint16 count = state.versions + 1;
        state.versions = count;
        _versions[bond][count] = Version({source: action.target, from: action.period});

        emit TermsEnacted(bond, count, number, action.target, action.period, msg.sender);
        Schedule memory schedule = TermsLib.unsealFrom(action.target).schedule;
        if (schedule.periods == last && schedule.maturityDay == maturityDay) return;
        // A bond that was called or extended has its end from there.
        require(state.price == 0 && state.extendedFrom == 0, AmendmentRefused(address(bond), "maturityDay"));
        _eventsOf(bond).setTerm(schedule.periods, schedule.maturityDay);
    }

    /* VIEWS */

    /// @inheritdoc IServicingVersions
    function version(IBond bond, uint16 number) external view returns (Version memory) {
        return number == 0 ? Version({source: address(bond), from: 0}) : _versions[bond][number];
    }

    /// @inheritdoc IServicingVersions
    function versionAt(IBond bond, uint16 period) external view returns (uint16 number) {
        number = _states[bond].versions;
        while (number != 0 && _versions[bond][number].from > period) {
            --number;
        }
    }

    /* INTERNAL */

    /// @return period The first that begins on a day or later.
    function _periodFrom(IBond bond, uint24 day) internal view returns (uint16 period) {
        period = _coupons().periodOn(bond, day);
        if (bond.terms().schedule.dueDay(period - 1) < day) ++period;
        require(period <= _coupons().lastPeriod(bond), AmendmentRefused(address(bond), "effectiveDay"));
        _checkBegins(bond, period, _states[bond].fixedPeriods);
    }

    /// @dev A period to come: not begun, not recorded, not fixed, and after those of the version before.
    function _checkBegins(IBond bond, uint16 period, uint16 fixedPeriods) internal view {
        Terms memory terms = bond.terms();
        uint16 versions = _states[bond].versions;
        bool isFree = versions == 0 || _versions[bond][versions].from < period;
        require(
            period > 1 && isFree && terms.dayOf(block.timestamp) < terms.schedule.dueDay(period - 1)
                && period > fixedPeriods && period > bond.book().records,
            AmendmentRefused(address(bond), "effectiveDay")
        );
    }

    /// @dev All that may change is made equal first: what then differs must not.
    function _checkKept(IBond bond, Terms memory terms, State memory state, uint16 from) internal view {
        Terms memory now_ = _termsOf(bond, state.versions);
        require(
            terms.kind == now_.kind || (_isFree(terms.kind) && _isFree(now_.kind)),
            AmendmentRefused(address(bond), "kind")
        );
        require(terms.couponRate != TermsLib.TO_BE_FIXED, AmendmentRefused(address(bond), "couponRate"));
        uint24 end = terms.schedule.maturityDay;
        uint16 periods = terms.schedule.periods;
        (uint16 last, uint24 maturityDay) = _termOf(bond);
        bool isSameEnd = periods == last && end == maturityDay;
        // Periods beyond a stub would have no due day that the register and the Servicing share.
        Schedule memory first = bond.terms().schedule;
        bool isOpen = first.endsRegularly() || periods <= first.periods;
        require(
            isSameEnd || (terms.schedule.endsRegularly() && periods >= from && isOpen),
            AmendmentRefused(address(bond), "maturityDay")
        );

        (terms.kind, terms.couponRate, terms.dayCount) = (now_.kind, now_.couponRate, now_.dayCount);
        (terms.rounding, terms.termSheetHash) = (now_.rounding, now_.termSheetHash);
        (terms.schedule.periods, terms.schedule.maturityDay) = (now_.schedule.periods, now_.schedule.maturityDay);
        require(keccak256(abi.encode(terms)) == keccak256(abi.encode(now_)), AmendmentRefused(address(bond), "terms"));
    }

    /// @dev What was repaid, capitalised or deferred before the change stays as it was.
    function _checkProvisions(IBond bond, Provisions memory next, State memory state, uint16 from) internal view {
        address source = state.versions == 0 ? address(bond) : _versions[bond][state.versions].source;
        Provisions memory now_ = TermsLib.provisionsOf(source);
        _require(
            bond,
            abi.encode(next.taxAccount, next.withholdings),
            abi.encode(now_.taxAccount, now_.withholdings),
            "taxAccount"
        );
        _require(bond, abi.encode(next.renewal), abi.encode(now_.renewal), "renewal");
        _require(
            bond, abi.encode(next.inflation, next.accretion), abi.encode(now_.inflation, now_.accretion), "inflation"
        );
        (uint16 a, uint16 b) = (next.capitalisedUntil, now_.capitalisedUntil);
        require(a == b || (a + 1 >= from && b + 1 >= from), AmendmentRefused(address(bond), "capitalisedUntil"));
        require(
            now_.deferral.noticeDays == 0 || next.deferral.noticeDays != 0, AmendmentRefused(address(bond), "deferral")
        );
        _require(bond, _before(next.instalments, from), _before(now_.instalments, from), "instalments");
        bool isBullet = next.instalments.length == 0 && a == 0 && next.deferral.noticeDays == 0;
        require(state.calls == 0 || isBullet, AmendmentRefused(address(bond), "instalments"));
    }

    function _before(Instalment[] memory instalments, uint16 from) internal pure returns (bytes memory encoded) {
        for (uint256 i; i < instalments.length && instalments[i].period < from; ++i) {
            encoded = bytes.concat(encoded, abi.encode(instalments[i]));
        }
    }

    function _require(IBond bond, bytes memory next, bytes memory now_, bytes32 term) internal pure {
        require(keccak256(next) == keccak256(now_), AmendmentRefused(address(bond), term));
    }

    function _termsOf(IBond bond, uint16 versions) internal view returns (Terms memory) {
        return versions == 0 ? bond.terms() : TermsLib.unsealFrom(_versions[bond][versions].source);
    }

    /// @return last The last period, as moved.
    /// @return maturityDay Its end, unadjusted.
    function _termOf(IBond bond) internal view returns (uint16 last, uint24 maturityDay) {
        return (_coupons().lastPeriod(bond), IBondExtension(address(bond)).maturityDay());
    }

    function _packed(uint16 last, uint24 maturityDay) internal pure returns (uint64) {
        return (uint64(last) << 24) | maturityDay;
    }

    function _isFree(CouponKind kind) internal pure returns (bool) {
        return kind != CouponKind.ZERO && kind != CouponKind.INFLATION;
    }
}
