// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {RoundingLib} from "../../libraries/RoundingLib.sol";
import {IBondFactory} from "../interfaces/IBondFactory.sol";
import {Provisions} from "../interfaces/Provisions.sol";
import {CallRight, DefaultTerms, EventRight, Extension, PutRight, Rights, Sinking} from "../interfaces/Rights.sol";
import {Schedule, ScheduleLib} from "./ScheduleLib.sol";
import {TermsCheckLib} from "./TermsCheckLib.sol";
import {CouponKind, Terms, TermsLib} from "./TermsLib.sol";

/// @title RightsCheckLib
/// @notice What the rights of issuer and holders must keep so that each can be used, and means one thing.
library RightsCheckLib {
    using ScheduleLib for Schedule;

    uint64 internal constant MOST_PRICE = 10e9;
    uint24 internal constant LONGEST_ROLL = 31;

    function check(Terms memory terms, Provisions memory provisions, Rights memory rights) internal pure {
        // Products of face, factor, ratio and price then fit 256 bits.
        _check(terms.faceValue < 1 << 80, "faceValue");
        // A renewal moves maturity; what lies beyond the first cycle can be agreed from the start.
        uint24 end = provisions.renewal.periods == 0 ? terms.schedule.maturityDay : TermsCheckLib.LAST_DAY;
        bool isBullet = provisions.instalments.length == 0 && provisions.capitalisedUntil == 0
            && provisions.deferral.noticeDays == 0;
        _checkCalls(terms, rights.calls, isBullet, end);
        _checkPuts(terms, rights.puts, end);
        _checkEvents(rights.events);
        _checkSinking(terms, rights.sinking, isBullet);
        _checkExtension(terms, provisions, rights.extension, isBullet);

        DefaultTerms memory defaults = rights.defaults;
        _check(defaults.graceDays <= 366, "graceDays");
        _check(defaults.penaltyRate <= RoundingLib.RATE_SCALE, "penaltyRate");
        _check(defaults.accelerationShare <= RoundingLib.RATE_SCALE, "accelerationShare");
        // A minority must not change what is owed to the others.
        uint32 share = rights.amendmentShare;
        _check(share == 0 || (share > RoundingLib.RATE_SCALE / 2 && share <= RoundingLib.RATE_SCALE), "amendmentShare");
    }

    function _checkCalls(Terms memory terms, CallRight[] memory calls, bool isBullet, uint24 end) private pure {
        uint24 last = terms.schedule.issueDay;
        bool isIndexed = terms.kind == CouponKind.INFLATION || terms.kind == CouponKind.ZERO;
        for (uint256 i; i < calls.length; ++i) {
            CallRight memory right = calls[i];
            _check(right.firstDay > last && right.lastDay >= right.firstDay && right.lastDay < end, "calls");
            _check(_isNotice(right.noticeDays) && _isPrice(right.price), "calls");
            _check(!right.inPart || (isBullet && !isIndexed), "inPart");
            last = right.lastDay;
        }
    }

    function _checkPuts(Terms memory terms, PutRight[] memory puts, uint24 end) private pure {
        for (uint256 i; i < puts.length; ++i) {
            PutRight memory right = puts[i];
            _check(right.opensDay >= terms.schedule.issueDay, "puts");
            _check(right.closesDay >= right.opensDay && right.payDay > right.closesDay, "puts");
            // Later, the books may be closed by the time it is paid.
            _check(right.payDay + LONGEST_ROLL <= end && _isPrice(right.price), "puts");
        }
    }

    function _checkEvents(EventRight[] memory events) private pure {
        for (uint256 i; i < events.length; ++i) {
            EventRight memory right = events[i];
            _check(right.code != 0 && _isNotice(right.noticeDays) && _isPrice(right.price), "events");
            // Of two with one name the first would always be used; the issuer's and the holders' are two rights.
            for (uint256 j; j < i; ++j) {
                _check(events[j].code != right.code || events[j].byHolders != right.byHolders, "events");
            }
        }
    }

    function _checkSinking(Terms memory terms, Sinking[] memory sinking, bool isBullet) private pure {
        uint16 last;
        uint256 total;
        for (uint256 i; i < sinking.length; ++i) {
            _check(sinking[i].period > last && sinking[i].units != 0, "sinking");
            last = sinking[i].period;
            total += sinking[i].units;
        }
        _check(last < terms.schedule.periods && total <= terms.units, "sinking");
        _check(sinking.length == 0 || isBullet, "sinking");
    }

    function _checkExtension(
        Terms memory terms,
        Provisions memory provisions,
        Extension memory extension,
        bool isBullet
    ) private pure {
        if (extension.periods == 0) return;
        Schedule memory schedule = terms.schedule;
        bool isBearing = terms.kind != CouponKind.ZERO && terms.kind != CouponKind.INFLATION;
        _check(isBearing && isBullet && provisions.renewal.periods == 0, "extension");
        _check(extension.rate != TermsLib.TO_BE_FIXED, "extension");
        _check(terms.kind != CouponKind.FLOATING || extension.rate == 0, "extension");
        _check(extension.noticeDays <= TermsCheckLib.MOST_NOTICE, "extension");
        _check(extension.noticeDays >= TermsCheckLib.LEAST_NOTICE && extension.periods <= 1200, "extension");
        _check(schedule.endsRegularly(), "extension");
        int256 extended = int256(uint256(schedule.periods) + extension.periods);
        _check(schedule.regularDay(extended) <= TermsCheckLib.LAST_DAY, "extension");
    }

    function _isNotice(uint16 noticeDays) private pure returns (bool) {
        return noticeDays != 0 && noticeDays <= TermsCheckLib.MOST_NOTICE;
    }

    function _isPrice(uint64 price) private pure returns (bool) {
        return price != 0 && price <= MOST_PRICE;
    }

    function _check(bool ok, bytes32 term) private pure {
        require(ok, IBondFactory.BondTermInvalid(term));
    }
}
