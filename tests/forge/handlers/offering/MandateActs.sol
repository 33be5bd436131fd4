// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {Provisions} from "../../../../contracts/bond/interfaces/Provisions.sol";
import {Rights} from "../../../../contracts/bond/interfaces/Rights.sol";
import {Terms} from "../../../../contracts/bond/libraries/TermsLib.sol";
import {Roles} from "../../../../contracts/membership/libraries/Roles.sol";
import {
    Basis,
    ClassRule,
    Conditions,
    Form,
    Pricing,
    Stage
} from "../../../../contracts/primary/interfaces/OfferingTypes.sol";
import {IBondToken} from "../../suite/IBondToken.sol";
import {Naive} from "../../suite/Naive.sol";
import {NaivePrice} from "../../suite/NaivePrice.sol";
import {OfferingState} from "./OfferingState.sol";

/// @notice The issuer mandates and cancels, the bookrunner accepts, invites and opens the book, underwriters join.
abstract contract MandateActs is OfferingState {
    uint256 private constant MOST_BONDS = 6;
    uint32 private constant TO_BE_FIXED = type(uint32).max;

    /// @dev Terms that a new bond is made of; the set-up gives them.
    Terms internal _template;

    /* FOR THE SET-UP */

    function setTemplate(Terms calldata terms) external {
        _template = terms;
    }

    /// @dev Registers a bond, mandates and accepts.
    function arrange(Terms memory terms, Conditions memory conditions, ClassRule[] memory classes)
        public
        returns (uint256)
    {
        conditions.bond = _register(terms);
        _mandate(world.issuer, conditions, classes);
        acceptMandate(latest, world.bookrunner, false);
        return latest;
    }

    function enlist(uint256 id, address account, uint8 class, uint64 commitment) external {
        invite(id, world.bookrunner, account, class, commitment);
        join(id, account, class, commitment);
    }

    /* WHAT FORGE CALLS */

    /// @dev Takes the next step of an offering that is being prepared; mandates when there is none.
    function prepare(uint256 seed, uint256 accountSeed, uint256 more) external act(seed) {
        seed = _mix(seed);
        uint256 id = _pick(seed, _isPreparing);
        if (!_isPreparing(id) && (seed >> 32) % 8 != 0) {
            _mandateAny(_mix(more));
            return;
        }
        uint256 kind = (seed >> 40) % 16;
        address actor = _bookrunner(seed >> 48);
        if (kind == 0 && (seed >> 44) % 2 == 0) _cancel(id, (seed >> 56) % 4 == 0 ? world.bookrunner : world.issuer);
        else if (_isAt(id, Stage.MANDATED) || kind == 1) acceptMandate(id, actor, (seed >> 56) % 8 == 0);
        else if (kind < 6) _inviteAny(id, actor, accountSeed, more);
        else if (kind < 12) _joinAny(id, accountSeed, more);
        else openBook(id, actor);
    }

    /// @dev One of the things that are due before a book can open; the book itself as late as may be.
    function _keepPreparing(uint256 id, uint256 seed) internal {
        if (_isAt(id, Stage.MANDATED)) acceptMandate(id, world.bookrunner, false);
        if (!_isAt(id, Stage.ACCEPTED)) return;
        if (_now() > _deals[id].conditions.opensAt - 6 hours) openBook(id, world.bookrunner);
        else if (seed % 2 == 0) _inviteAny(id, world.bookrunner, seed >> 8, seed >> 16);
        else _joinAny(id, seed >> 8, seed >> 16);
    }

    /* MANDATE */

    function _mandateAny(uint256 seed) private {
        uint256 living;
        for (uint256 id = 1; id <= latest; ++id) {
            if (_deals[id].stage < Stage.FAILED && _now() <= _deals[id].conditions.takesUpBy) ++living;
        }
        // Fewer come further.
        if (living >= 4 && seed % 4 != 0) return;
        IBondToken bond = _freeBond(seed);
        if (address(bond) == address(0)) return;
        (Conditions memory conditions, ClassRule[] memory classes) = _conditions(bond, seed);
        if (conditions.offered == 0) return;
        _mandate(seed % 16 == 0 ? world.bookrunner : world.issuer, conditions, classes);
    }

    function _mandate(address actor, Conditions memory conditions, ClassRule[] memory classes) private {
        IBondToken bond = IBondToken(address(conditions.bond));
        bool expected = actor == world.issuer && _hasRole(actor, Roles.ISSUER) && _isFree(bond)
            && _hasRole(conditions.bookrunner, Roles.BOOKRUNNER);

        vm.prank(actor);
        (bool success,) = address(world.offering).call(abi.encodeCall(world.offering.mandate, (conditions, classes)));

        _outcome("mandate", success, expected, "OFFER-1: the issuer mandates, one living offering a bond");
        if (!success) return;
        Deal storage deal = _deals[++latest];
        (deal.bond, deal.conditions, deal.stage) = (bond, conditions, Stage.MANDATED);
        deal.lot = model.termsOf(address(bond)).minimumUnits;
        for (uint256 i; i < classes.length; ++i) {
            deal.classes.push(classes[i]);
        }
    }

    function acceptMandate(uint256 id, address actor, bool wrongKey) public {
        Deal storage deal = _deals[id];
        bool encrypted = deal.conditions.form == Form.ENCRYPTED;
        bytes32 key = encrypted != wrongKey ? keccak256("public key") : bytes32(0);
        bool expected = deal.stage == Stage.MANDATED && _isBookrunner(actor) && !wrongKey;

        vm.prank(actor);
        (bool success,) = address(world.offering).call(abi.encodeCall(world.offering.acceptMandate, (id, key)));

        _outcome("accept", success, expected, "OFFER-1: the bookrunner accepts, with a key where bids are encrypted");
        if (success) deal.stage = Stage.ACCEPTED;
    }

    function _cancel(uint256 id, address actor) private {
        Deal storage deal = _deals[id];
        bool young = deal.stage == Stage.MANDATED || deal.stage == Stage.ACCEPTED || deal.stage == Stage.OPEN;
        bool expected = actor == world.issuer && young && _now() < deal.conditions.closesAt;

        vm.prank(actor);
        (bool success,) = address(world.offering).call(abi.encodeCall(world.offering.cancel, (id, bytes32("reason"))));

        _outcome("cancel", success, expected, "OFFER-2: the issuer cancels, until the close");
        if (success) deal.stage = Stage.CANCELLED;
    }

    /* SYNDICATE */

    function _inviteAny(uint256 id, address actor, uint256 accountSeed, uint256 seed) private {
        seed = _mix(seed);
        uint8 class = seed % 8 == 0 ? uint8((seed >> 8) % 4) : 1;
        uint256 lots = _deals[id].conditions.offered / _deals[id].lot;
        uint256 commitment = (seed >> 16) % 4 == 0 ? 0 : (seed >> 24) % (lots + 2) * _deals[id].lot;
        if ((seed >> 56) % 16 == 0) ++commitment;
        invite(id, actor, _account(accountSeed), class, uint64(commitment));
    }

    function invite(uint256 id, address actor, address account, uint8 class, uint64 commitment) public {
        Deal storage deal = _deals[id];
        Member storage member = _members[id][account];
        uint256 most = uint256(deal.conditions.offered) + deal.conditions.overAllotment;
        bool expected = deal.stage == Stage.ACCEPTED && _isBookrunner(actor) && !member.joined && class != 0
            && class < deal.classes.length && commitment <= most && commitment % deal.lot == 0;

        vm.prank(actor);
        (bool success,) =
            address(world.offering).call(abi.encodeCall(world.offering.invite, (id, account, class, commitment)));

        _outcome("invite", success, expected, "OFFER-3: the bookrunner invites, while the syndicate is formed");
        if (!success) return;
        if (!member.invited) deal.syndicate.push(account);
        (member.invited, member.class, member.commitment) = (true, class, commitment);
    }

    function _joinAny(uint256 id, uint256 accountSeed, uint256 seed) private {
        seed = _mix(seed);
        address account = _account(accountSeed);
        uint256 count = _deals[id].syndicate.length;
        if (seed % 8 != 0 && count != 0) account = _deals[id].syndicate[(seed >> 8) % count];
        Member storage member = _members[id][account];
        uint8 class = (seed >> 16) % 16 == 0 ? 2 : member.class;
        uint64 commitment = uint64(member.commitment);
        if ((seed >> 24) % 16 == 0) commitment += uint64(_deals[id].lot);
        join(id, account, class, commitment);
    }

    function join(uint256 id, address account, uint8 class, uint64 commitment) public {
        Deal storage deal = _deals[id];
        Member storage member = _members[id][account];
        uint256 deposit = deal.conditions.deposit;
        bool expected = deal.stage == Stage.ACCEPTED && member.invited && !member.joined && class == member.class
            && commitment == member.commitment && _hasRole(account, Roles.UNDERWRITER) && _canPay(account, deposit, 0)
            && _mayHoldUntil(id, account, deal.conditions.takesUpBy);

        vm.prank(account);
        (bool success,) =
            address(world.offering).call(abi.encodeCall(world.offering.joinSyndicate, (id, class, commitment)));

        _outcome("join", success, expected, "OFFER-3: who is invited joins, on the terms of the invitation");
        if (!success) return;
        (member.joined, member.held) = (true, deposit != 0);
        _pay(account, deposit, 0);
    }

    function openBook(uint256 id, address actor) public {
        Deal storage deal = _deals[id];
        bool expected = deal.stage == Stage.ACCEPTED && _isBookrunner(actor) && _now() <= deal.conditions.opensAt;

        vm.prank(actor);
        (bool success,) = address(world.offering).call(abi.encodeCall(world.offering.openBook, (id)));

        _outcome("openBook", success, expected, "OFFER-2: the bookrunner opens the book, before its hours begin");
        if (success) deal.stage = Stage.OPEN;
    }

    /* CHOICES */

    function _isPreparing(uint256 id) private view returns (bool) {
        return _isAt(id, Stage.MANDATED) || _isAt(id, Stage.ACCEPTED);
    }

    function _bookrunner(uint256 seed) private view returns (address) {
        return seed % 16 == 0 ? _account(seed >> 4) : world.bookrunner;
    }

    function _isBookrunner(address actor) private view returns (bool) {
        return actor == world.bookrunner && _hasRole(actor, Roles.BOOKRUNNER);
    }

    /// @return Whether nothing can be issued any more by an earlier offering of the bond.
    function _isFree(IBondToken bond) private view returns (bool) {
        for (uint256 id = 1; id <= latest; ++id) {
            Deal storage deal = _deals[id];
            if (address(deal.bond) != address(bond) || deal.stage == Stage.FAILED || deal.stage == Stage.CANCELLED) {
                continue;
            }
            if (deal.stage != Stage.PUBLISHED || _now() <= deal.conditions.takesUpBy) return false;
        }
        return true;
    }

    /// @dev Mostly one that no offering is about; a new one when there is none; sometimes one that has one.
    function _freeBond(uint256 seed) private returns (IBondToken) {
        uint256 count = model.bondCount();
        for (uint256 i; i < count; ++i) {
            IBondToken bond = IBondToken(model.bonds((seed + i) % count));
            if (_isFree(bond) != ((seed >> 8) % 16 == 0)) return bond;
        }
        if (count == MOST_BONDS || !model.isActive(world.issuer)) return IBondToken(address(0));
        Terms memory terms = _template;
        terms.isin = Naive.isin(count + 1);
        terms.minimumUnits = (seed >> 16) % 2 == 0 ? 1 : 5;
        if ((seed >> 24) % 2 == 0) terms.couponRate = TO_BE_FIXED;
        if ((seed >> 32) % 2 == 0) terms.faceValue = 40_000_000_000; // a few of these, and money is short
        // Interest runs from a day before, within or after the days of settlement.
        uint256 issueDay = _now() / 1 days + (seed >> 40) % 12 - ((seed >> 48) % 2) * 24;
        terms.schedule = Naive.everyMonths(issueDay, (seed >> 72) % 2 == 0 ? 1 : 3, 3 + (seed >> 56) % 3);
        terms.recordBusinessDays = uint8((seed >> 64) % 4);
        return _register(terms);
    }

    function _register(Terms memory terms) private returns (IBondToken bond) {
        Provisions memory none;
        Rights memory noRights;
        vm.prank(world.issuer);
        bond = IBondToken(world.factory.register(terms, none, noRights));
        replay.read(vm.getRecordedLogs());
        model.addBond(address(bond), terms);
    }

    /* CONDITIONS */

    /// @return conditions That agree; none offered when the bond has no units or no time left.
    function _conditions(IBondToken bond, uint256 seed)
        private
        view
        returns (Conditions memory conditions, ClassRule[] memory classes)
    {
        seed = _mix(seed ^ 4);
        Terms memory terms = model.termsOf(address(bond));
        (conditions.bond, conditions.bookrunner) = (bond, world.bookrunner);
        conditions.form = Form(seed % 3);
        _setTimes(conditions, _mix(seed ^ 5));
        uint256 period = 1;
        uint256 day = conditions.settlesFrom / 1 days;
        // The period that runs at the first payment; near its ends the earlier one, which is the narrower.
        if (day > terms.schedule.issueDay) period = NaivePrice.periodOf(terms, day - 1);
        period = period < terms.schedule.periods ? period + 1 : terms.schedule.periods;
        uint256 end = model.periodOf(address(bond), period).dueDay * 1 days;
        uint256 left = (terms.units - (model.issued(address(bond)) - model.burned(address(bond)))) / terms.minimumUnits;
        if (left == 0 || uint256(conditions.takesUpBy) + 31 days >= end) return (conditions, classes);
        _setQuotes(conditions, terms, _mix(seed ^ 6));
        _setUnits(conditions, terms.minimumUnits, left, _mix(seed ^ 7));
        classes = _classes(conditions, terms.minimumUnits, left * terms.minimumUnits, _mix(seed ^ 8));
    }

    function _setTimes(Conditions memory given, uint256 seed) private view {
        uint256 time = _now();
        time = given.opensAt = uint40(time + 1 days + (seed % 2) * 1 hours);
        time = given.closesAt = uint40(time + 1 days + (seed >> 8) % 3 days);
        if (given.form != Form.OPEN) time += 6 hours;
        given.revealsBy = uint40(time);
        if ((seed >> 16) % 2 == 0) time += 3 hours;
        given.overAllotsBy = uint40(time);
        time = given.clearsBy = uint40(time + 1 days);
        if ((seed >> 24) % 2 == 0) {
            given.additionalSeconds = 6 hours;
            time = given.settlesFrom = uint40(time + 6 hours + 1 + (seed >> 32) % 30 days);
        } else {
            given.settlesFrom = uint40(given.closesAt + (seed >> 32) % 30 days);
            if (given.settlesFrom > time) time = given.settlesFrom;
        }
        time = given.settlesBy = uint40(time + 1 + (seed >> 40) % 2 days);
        given.takesUpBy = uint40(time + ((seed >> 48) % 4) * 1 days);
    }

    function _setQuotes(Conditions memory given, Terms memory terms, uint256 seed) private pure {
        bool byRate = terms.couponRate == TO_BE_FIXED;
        given.basis = byRate ? Basis.RATE : Basis.PRICE;
        uint256 levels = seed % 6 == 0 ? 1 : 2 + (seed >> 8) % 20;
        uint256 middle = byRate ? 30_000_000 : terms.faceValue;
        given.tick = uint64(1 + (seed >> 16) % (1 + middle / 500));
        given.lowest = uint64(middle - middle / 50 - (levels > middle / 100 ? 0 : (seed >> 80) % (middle / 100)));
        if (given.lowest == 0) given.lowest = 1;
        given.highest = uint64(given.lowest + (levels - 1) * given.tick);
        uint256[3] memory deposits = [uint256(0), 1_000, 300_000_000_000];
        given.deposit = uint128(deposits[(seed >> 96) % 3]);
        if (levels == 1) return;
        given.pricing = Pricing((seed >> 104) % 3);
        if ((seed >> 112) % 2 == 0) given.farOff = uint16(1 + (seed >> 120) % 8);
        if (given.pricing == Pricing.MIXED) given.band = uint16((seed >> 128) % 4);
    }

    function _setUnits(Conditions memory given, uint256 lot, uint256 left, uint256 seed) private pure {
        uint256 lots = 1 + seed % (left < 60 ? left : 60);
        given.offered = uint64(lots * lot);
        if (given.overAllotsBy != given.revealsBy) {
            // Where nothing is left, an over-allotment is not what was meant.
            if (left == lots) given.overAllotsBy = given.revealsBy;
            else given.overAllotment = uint64((1 + (seed >> 8) % (left - lots)) * lot);
        }
        if ((seed >> 16) % 3 == 0) given.minimumVolume = uint64((seed >> 24) % (given.offered + 1));
        if ((seed >> 32) % 2 == 0 && given.lowest != given.highest) {
            given.nonCompetitive = uint64((seed >> 40) % lots * lot);
        }
        given.minimumBid = uint64(lot);
        given.maximumBid = given.offered;
    }

    function _classes(Conditions memory given, uint256 lot, uint256 left, uint256 seed)
        private
        pure
        returns (ClassRule[] memory classes)
    {
        uint256 available = uint256(given.offered) + given.overAllotment;
        classes = new ClassRule[](2);
        classes[0].maximum = seed % 8 == 0 ? 0 : uint64(available);
        classes[1] = ClassRule(uint64(lot), uint64(available), 0);
        uint256 most = (left - available) * 10_000 / available;
        if (given.additionalSeconds != 0 && most != 0) {
            classes[1].additional = uint16(1 + (seed >> 8) % (most < 10_000 ? most : 10_000));
        }
    }
}
