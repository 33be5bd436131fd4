// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {Provisions} from "../../../../contracts/bond/interfaces/Provisions.sol";
import {Rights} from "../../../../contracts/bond/interfaces/Rights.sol";
import {Terms} from "../../../../contracts/bond/libraries/TermsLib.sol";
import {Amendment} from "../../../../contracts/servicing/interfaces/IServicingVersions.sol";
import {Action, ActionKind, State, UnitPayment} from "../../../../contracts/servicing/interfaces/ServicingTypes.sol";
import {IBondToken} from "../../suite/IBondToken.sol";
import {Naive} from "../../suite/Naive.sol";
import {RedemptionActs} from "./RedemptionActs.sol";

/// @notice The issuer moves the term, and puts new terms to the holders.
abstract contract TermActs is RedemptionActs {
    /// @dev What periods paid that had begun when terms were changed.
    mapping(IBondToken bond => mapping(uint16 period => bytes32)) internal _begun;
    /// @dev The version and the term on which a proposal was made.
    mapping(IBondToken bond => mapping(uint16 action => bytes32)) private _basis;

    function term(uint256 seed, uint256 bondSeed) external act(seed) {
        seed = _mix(seed);
        IBondToken bond = _bond(bondSeed);
        uint256 kind = seed % 16;
        // A call ends most of what can happen.
        if (kind == 0 && (seed >> 4) % 2 == 0) _call(bond, seed >> 8);
        else if (kind == 1 && (seed >> 4) % 4 == 0) _redeemOnEvent(bond, seed >> 8);
        else if (kind < 4) _callInPart(bond, seed >> 8);
        else if (kind < 5) _extend(bond, seed >> 8);
        else if (kind < 8) _propose(bond, seed >> 8);
        else _enact(bond, seed >> 8);
    }

    /* CALLS */

    function _call(IBondToken bond, uint256 seed) internal {
        uint24 day = _dayToCome(seed);
        address actor = _issuer(seed >> 16);
        State memory before = world.servicing.stateOf(bond);
        (, uint24 end) = _termOf(bond);

        if (!_serve("call", actor, abi.encodeCall(world.servicing.call, (bond, day)))) return;

        _demand(actor == world.issuer && before.duePeriod == 0, "CALL-1: the issuer calls, where he may");
        _demand(before.price == 0 && day < end, "CALL-2: a bond is called once, for a day before its end");
        _checkCalled(bond, day);
    }

    function _redeemOnEvent(IBondToken bond, uint256 seed) private {
        uint24 day = _dayToCome(seed);
        address actor = _issuer(seed >> 16);
        State memory before = world.servicing.stateOf(bond);
        bytes memory data = abi.encodeCall(world.servicing.redeemOnEvent, (bond, "TAX", day, bytes32(seed | 1)));

        if (!_serve("redeemOnEvent", actor, data)) return;

        _demand(actor == world.issuer && before.duePeriod == 0, "CALL-1: the issuer calls, where he may");
        _demand(before.price == 0, "CALL-2: a bond is called once, for a day before its end");
        _checkCalled(bond, day);
    }

    /// @dev By notice of five days; the term ends on the day, and the books of the last payment are still open.
    function _checkCalled(IBondToken bond, uint24 day) private {
        (uint16 last, uint24 end) = _termOf(bond);
        _demand(end == day, "CALL-3: the term ends on the day of the call");
        _demand(last > bond.book().records, "CALL-3: and the last record date is still to come");
        _demand(_now() + 5 days + 8 hours <= uint256(day) * 1 days, "CALL-4: notice is given in time");
    }

    function _callInPart(IBondToken bond, uint256 seed) private {
        uint16 period = uint16(1 + bond.book().records + seed % 3);
        uint64 share = uint64(50_000_000 * (1 + (seed >> 8) % 8));
        address actor = _issuer(seed >> 16);
        bool isBefore = !_isDue(bond) && period < world.servicing.lastPeriod(bond);
        uint256 before = isBefore ? world.servicing.poolFactor(bond, period + 1) : 0;

        if (!_serve("callInPart", actor, abi.encodeCall(world.servicing.callInPart, (bond, period, share)))) return;

        _demand(actor == world.issuer && !_isDue(bond), "CALL-1: the issuer calls, where he may");
        _demand(isBefore, "CALL-5: with a payment to come, before the last");
        if (!isBefore) return;
        uint256 later = world.servicing.poolFactor(bond, period + 1);
        _demand(before - later == uint256(share) * 1e9 && later != 0, "CALL-5: of every unit the same part is called");
        _demand(world.servicing.payment(bond, period).fundedAt == 0, "CALL-5: with a payment to come, before the last");
    }

    function _extend(IBondToken bond, uint256 seed) private {
        address actor = _issuer(seed);
        State memory before = world.servicing.stateOf(bond);
        (uint16 last,) = _termOf(bond);

        if (!_serve("extend", actor, abi.encodeCall(world.servicing.extendMaturity, (bond)))) return;

        (uint16 later,) = _termOf(bond);
        _demand(
            actor == world.issuer && before.extendedFrom == 0 && before.price == 0 && before.duePeriod == 0,
            "EXTEND-1: the issuer extends, once, what is neither called nor due"
        );
        _demand(later == last + 2, "EXTEND-2: by the periods of the right");
    }

    /* VERSIONS */

    function _propose(IBondToken bond, uint256 seed) private {
        (Terms memory terms, Provisions memory provisions, Rights memory rights) =
            world.servicing.termsAt(bond, world.servicing.stateOf(bond).versions);
        terms.couponRate = uint32(10_000_000 + (seed >> 8) % 50_000_000);
        terms.termSheetHash = keccak256(abi.encode(seed));
        rights.defaults.penaltyRate = uint32((seed >> 40) % 90_000_000);
        // The term as it is in force, or a period more.
        if (!_isDue(bond)) (terms.schedule.periods, terms.schedule.maturityDay) = _termOf(bond);
        if (seed % 4 == 0) {
            ++terms.schedule.periods;
            uint256 months = uint256(terms.schedule.step) * terms.schedule.periods;
            terms.schedule.maturityDay = uint24(Naive.addMonths(terms.schedule.issueDay, months));
        }
        Amendment memory amendment = Amendment({
            effectiveDay: uint24(_now() / 1 days + 2 + (seed >> 80) % 12),
            closesAt: uint40(_now() + 20 days + (seed >> 96) % 20 days),
            clause: "5.1",
            resolution: bytes32(seed | 1)
        });
        bool isKept = (seed >> 120) % 8 != 0 || !_disturb(terms, provisions, seed >> 128);
        address actor = _issuer(seed >> 112);
        bytes memory data = abi.encodeCall(world.servicing.proposeTerms, (bond, terms, provisions, rights, amendment));

        if (!_serve("propose", actor, data)) return;

        _demand(actor == world.issuer && !_isDue(bond), "VERSION-1: the issuer proposes");
        _demand(isKept, "VERSION-5: what the bond is, who may hold it, its days and its tax stay");
        uint16 number = world.servicing.actionCount(bond);
        _basis[bond][number] = _basisOf(bond);
        if (seed % 3 != 0) _electTogether(bond, number, ALL);
        if (seed % 3 == 1) _enact(bond, seed >> 144);
    }

    /// @return Whether something is changed now that must stay.
    function _disturb(Terms memory terms, Provisions memory provisions, uint256 seed) private pure returns (bool) {
        uint256 kind = seed % 8;
        if (kind == 0) terms.faceValue += 1;
        else if (kind == 1) terms.minimumUnits += 1;
        else if (kind == 2) terms.eligible |= 1 << 5;
        else if (kind == 3) terms.recordBusinessDays += 1;
        else if (kind == 4) terms.units += 1;
        else if (kind == 5) terms.utcOffset -= 60;
        else if (provisions.withholdings.length == 0) return false;
        else if (kind == 6) provisions.withholdings[0].rate += 1;
        else provisions.taxAccount = address(uint160(provisions.taxAccount) + 1);
        return true;
    }

    function _basisOf(IBondToken bond) private view returns (bytes32) {
        (uint16 last, uint24 end) = _termOf(bond);
        return keccak256(abi.encode(world.servicing.stateOf(bond).versions, last, end));
    }

    function _enact(IBondToken bond, uint256 seed) private {
        uint16 number = _proposal(bond, seed);
        Action memory action = world.servicing.actionOf(bond, number);
        uint16 versions = world.servicing.stateOf(bond).versions;
        uint256 share = _amendmentShare(bond);
        if (seed % 4 == 0 && number != 0) _extend(bond, seed >> 8);
        bytes32 basis = _basisOf(bond);
        if (!_isDue(bond)) _keepBegun(bond);

        if (!_serve("enact", world.outsider, abi.encodeCall(world.servicing.enactTerms, (bond, number)))) return;

        _demand(
            uint256(action.elected) * BILLION >= share * bond.book().supply && share != 0 && _now() < action.closesAt,
            "VERSION-2: holders of the stated share carry it, in time"
        );
        uint16 from = world.servicing.version(bond, versions + 1).from;
        uint24 start = world.servicing.periodEnd(bond, from - 1);
        _demand(
            _now() + 8 hours < uint256(start) * 1 days && from > bond.book().records,
            "VERSION-3: it applies to periods that have not begun"
        );
        _checkBegun(bond, from);
        _demand(_basis[bond][number] == basis, "VERSION-6: a version follows on the terms for which it was proposed");
        if (seed % 2 == 1) _passOver(bond, number);
    }

    /// @dev Who carried one proposal turns to one that was made beside it.
    function _passOver(IBondToken bond, uint16 number) private {
        bytes memory data = abi.encodeCall(world.servicing.release, (bond, number, people));
        if (_serve("release", world.outsider, data)) _released(bond, number, people);
        for (uint16 k = number - 1; k != 0; --k) {
            Action memory action = world.servicing.actionOf(bond, k);
            if (action.kind != ActionKind.RESOLUTION || action.isDecided || !_isOpen(action)) continue;
            _electTogether(bond, k, ALL);
            bool success = _serve("enact", world.outsider, abi.encodeCall(world.servicing.enactTerms, (bond, k)));
            return _demand(!success, "VERSION-6: a version follows on the terms for which it was proposed");
        }
    }

    function _proposal(IBondToken bond, uint256 seed) private view returns (uint16) {
        for (uint16 k = world.servicing.actionCount(bond); k != 0; --k) {
            if (world.servicing.actionOf(bond, k).kind == ActionKind.RESOLUTION) return k;
        }
        return _electedAction(bond, seed);
    }

    /// @dev What every period pays, before terms change.
    function _keepBegun(IBondToken bond) private {
        (uint16 last,) = _termOf(bond);
        for (uint16 k = 1; k < last; ++k) {
            _begun[bond][k] = _printOf(bond, k);
        }
    }

    /// @dev The last payment before the change may no longer be the one that redeems.
    function _checkBegun(IBondToken bond, uint16 from) private {
        for (uint16 k = 1; k < from; ++k) {
            if (_begun[bond][k] == 0) continue;
            _demand(_begun[bond][k] == _printOf(bond, k), "VERSION-4: what was before it pays what it did");
            _demand(
                world.servicing.versionAt(bond, k) < world.servicing.versionAt(bond, from), "VERSION-4: by its terms"
            );
        }
    }

    function _printOf(IBondToken bond, uint16 period) private view returns (bytes32) {
        UnitPayment memory each = world.servicing.unitPayment(bond, period);
        // As values: another scale says the same.
        return keccak256(
            abi.encode(
                each.interestNumerator * 1e6 / each.interestDenominator,
                each.principalNumerator * 1e6 / each.principalDenominator
            )
        );
    }

    function _amendmentShare(IBondToken bond) private view returns (uint256) {
        (,, Rights memory rights) = world.servicing.termsAt(bond, _versionToday(bond));
        return rights.amendmentShare;
    }

    /* INTERNAL */

    /// @return last The last period.
    /// @return end Its end, unadjusted.
    function _termOf(IBondToken bond) internal view returns (uint16 last, uint24 end) {
        return (world.servicing.lastPeriod(bond), bond.maturityDay());
    }

    function _dayToCome(uint256 seed) private view returns (uint24) {
        return uint24(_now() / 1 days + 3 + seed % 12);
    }
}
