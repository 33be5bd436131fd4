// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Terms} from "../../../contracts/bond/libraries/TermsLib.sol";
import {
    Basis,
    Book,
    ClassRule,
    Conditions,
    Form,
    Pricing
} from "../../../contracts/primary/interfaces/OfferingTypes.sol";
import {IBondToken} from "../suite/IBondToken.sol";
import {Market} from "../suite/Market.sol";
import {Naive} from "../suite/Naive.sol";
import {NaivePrice} from "../suite/NaivePrice.sol";

/// @notice Conditions are taken just when they agree with each other and with the bond.
contract ConditionsTest is Market {
    uint64 private constant LOT = 5;
    uint256 private constant FIELDS = 24;

    IBondToken private _byPrice;
    IBondToken private _byRate;
    Terms private _priced;
    Terms private _rated;

    function setUp() external {
        _deploySuite();
        Terms memory terms = _terms(1);
        (terms.units, terms.minimumUnits) = (1_000, LOT);
        (_byPrice, _priced) = (_register(terms), terms);
        (terms.isin, terms.couponRate) = (_terms(2).isin, type(uint32).max);
        (_byRate, _rated) = (_register(terms), terms);
    }

    /// @dev Two fields of conditions that agree are changed, mostly to what is near another field.
    function testFuzz_mandate__anyConditions__takenWhenTheyAgree(uint256 seed) external {
        seed = uint256(keccak256(abi.encode(seed)));
        bool byRate = seed % 2 == 0;
        (Conditions memory given, ClassRule[] memory classes) = _agreed(byRate, seed >> 8);
        for (uint256 i; i < (seed >> 64) % 3; ++i) {
            _change(given, classes, uint256(keccak256(abi.encode(seed, i))));
        }
        bool wanted = _agree(given, classes, byRate ? _rated : _priced);

        vm.prank(world.issuer);
        (bool taken,) = address(world.offering).call(abi.encodeCall(world.offering.mandate, (given, classes)));

        assertTrue(taken == wanted, "OFFER-9: conditions are taken just when they agree");
        if (!taken) return;
        Book memory book = world.offering.bookOf(1);
        uint256 levels;
        for (uint256 quote = given.lowest; quote <= given.highest; quote += given.tick) {
            ++levels;
        }
        assertEq(book.levels, levels, "OFFER-9: a level for each quote");
        assertEq(world.offering.classesOf(1).length, classes.length, "OFFER-9: classes are kept");
    }

    /* WHAT AGREES */

    function _agree(Conditions memory given, ClassRule[] memory classes, Terms memory terms)
        private
        view
        returns (bool)
    {
        return _unitsAgree(given, classes, terms) && _quotesAgree(given, classes, terms) && _timesAgree(given, terms);
    }

    function _unitsAgree(Conditions memory given, ClassRule[] memory classes, Terms memory terms)
        private
        pure
        returns (bool)
    {
        uint256 available = uint256(given.offered) + given.overAllotment;
        if (given.offered == 0 || given.offered % LOT != 0 || given.overAllotment % LOT != 0) return false;
        if (given.minimumVolume > given.offered) return false;
        if (given.nonCompetitive >= given.offered || given.nonCompetitive % LOT != 0) return false;
        if (given.minimumBid < LOT || given.maximumBid < given.minimumBid || given.maximumBid > available) {
            return false;
        }
        if (classes.length == 0 || classes.length > 8) return false;
        for (uint256 i; i < classes.length; ++i) {
            ClassRule memory rule = classes[i];
            if (rule.minimum > rule.maximum || rule.maximum > available || rule.additional > 10_000) return false;
            if (rule.additional != 0 && (i == 0 || given.additionalSeconds == 0)) return false;
            if (available + available * rule.additional / 10_000 > terms.units) return false;
        }
        return available <= terms.units;
    }

    function _quotesAgree(Conditions memory given, ClassRule[] memory classes, Terms memory terms)
        private
        pure
        returns (bool)
    {
        bool open = terms.couponRate == type(uint32).max;
        if ((given.basis == Basis.RATE) != open || given.tick == 0 || given.highest < given.lowest) return false;
        uint256 width = given.highest - given.lowest;
        if (width % given.tick != 0 || width / given.tick >= 4096) return false;
        if (!open && given.lowest == 0) return false;
        // The largest number says that there is no quote, or that there is no coupon yet.
        if (given.highest >= (open ? uint256(type(uint32).max) : type(uint64).max)) return false;
        if (width == 0 && (given.pricing != Pricing.UNIFORM || given.nonCompetitive != 0 || given.farOff != 0)) {
            return false;
        }
        if (given.band != 0 && given.pricing != Pricing.MIXED) return false;
        uint256 most = uint256(given.offered) + given.overAllotment;
        uint256 more;
        for (uint256 i; i < classes.length; ++i) {
            if (most * classes[i].additional / 10_000 > more) more = most * classes[i].additional / 10_000;
        }
        // Undiscounted coupons are the most that a rate is worth; none of these tests comes near.
        return given.deposit < 2 ** 112 && (most + more) * given.highest < 2 ** 120;
    }

    function _timesAgree(Conditions memory given, Terms memory terms) private view returns (bool) {
        if (given.opensAt < block.timestamp || given.closesAt <= given.opensAt) return false;
        if (given.form == Form.OPEN ? given.revealsBy != given.closesAt : given.revealsBy <= given.closesAt) {
            return false;
        }
        bool more = given.overAllotment != 0;
        if (more ? given.overAllotsBy <= given.revealsBy : given.overAllotsBy != given.revealsBy) return false;
        if (given.clearsBy <= given.overAllotsBy || given.settlesFrom < given.closesAt) return false;
        bool adds = given.additionalSeconds != 0;
        if (adds && given.settlesFrom <= uint256(given.clearsBy) + given.additionalSeconds) return false;
        if (given.settlesBy <= given.clearsBy || given.settlesBy <= given.settlesFrom) return false;
        if (given.takesUpBy < given.settlesBy) return false;
        // One record date may pass before all have paid, not two.
        uint256 zone = uint256(uint16(terms.utcOffset)) * 60;
        uint256 day = (given.settlesFrom + zone) / 1 days;
        uint256 period = day > terms.schedule.issueDay ? NaivePrice.periodOf(terms, day) : 1;
        if (period < terms.schedule.periods) ++period;
        uint256 due = Naive.addMonths(terms.schedule.issueDay, period * terms.schedule.step);
        return given.takesUpBy + 30 days < due * 1 days - zone;
    }

    /* CASES */

    function _agreed(bool byRate, uint256 seed)
        private
        view
        returns (Conditions memory given, ClassRule[] memory classes)
    {
        given = _conditions(byRate ? _byRate : _byPrice, 400);
        given.basis = byRate ? Basis.RATE : Basis.PRICE;
        (given.minimumBid, given.pricing) = (LOT, Pricing(seed % 3));
        (given.minimumVolume, given.nonCompetitive, given.deposit) = (100, 50, 1_000);
        if (given.pricing == Pricing.MIXED) given.band = 3;
        given.form = Form((seed >> 8) % 3);
        if (given.form != Form.OPEN) given.revealsBy += 1 hours;
        given.overAllotsBy = given.revealsBy;
        if ((seed >> 16) % 2 == 0) (given.overAllotment, given.overAllotsBy) = (100, given.revealsBy + 1 hours);
        given.settlesFrom = given.clearsBy + 2 hours;
        if ((seed >> 24) % 2 == 0) given.additionalSeconds = 1 hours;
        classes = new ClassRule[](2);
        (classes[0].maximum, classes[1]) = (400, ClassRule(10, 400, given.additionalSeconds == 0 ? 0 : 5_000));
    }

    function _change(Conditions memory given, ClassRule[] memory classes, uint256 seed) private pure {
        uint256 field = seed % FIELDS;
        uint64 units = _units(given, seed >> 8);
        uint40 time = _time(given, seed >> 8);
        if (field == 0) given.offered = units;
        if (field == 1) given.overAllotment = units;
        if (field == 2) given.minimumVolume = units;
        if (field == 3) given.nonCompetitive = units;
        if (field == 4) given.minimumBid = units;
        if (field == 5) given.maximumBid = units;
        if (field == 6) classes[(seed >> 64) % 2].minimum = units;
        if (field == 7) classes[(seed >> 64) % 2].maximum = units;
        if (field == 8) classes[(seed >> 64) % 2].additional = uint16((seed >> 72) % 12_000);
        if (field == 9) given.lowest = given.highest - uint64((seed >> 64) % 3) * given.tick;
        if (field == 10 && given.lowest < 1 << 40) {
            given.highest = given.lowest + uint64(4094 + (seed >> 64) % 3) * given.tick;
        }
        if (field == 11) given.tick = uint64((seed >> 64) % 60);
        if (field == 12) given.band = uint16((seed >> 64) % 2);
        if (field == 13) given.farOff = uint16((seed >> 64) % 2);
        if (field == 14) given.deposit = uint128(2 ** 112 - 1 + (seed >> 64) % 2);
        if (field == 15) given.opensAt = time;
        if (field == 16) given.closesAt = time;
        if (field == 17) given.revealsBy = time;
        if (field == 18) given.overAllotsBy = time;
        if (field == 19) given.clearsBy = time;
        if (field == 20) given.settlesFrom = time;
        if (field == 21) given.settlesBy = time;
        if (field == 22) given.takesUpBy = time;
        if (field == 23) _changeMore(given, seed >> 64);
    }

    function _changeMore(Conditions memory given, uint256 seed) private pure {
        if (seed % 5 == 0) given.basis = Basis((seed >> 8) % 2);
        if (seed % 5 == 1) given.form = Form((seed >> 8) % 3);
        if (seed % 5 == 2) given.pricing = Pricing((seed >> 8) % 3);
        if (seed % 5 == 3) given.additionalSeconds = uint24((seed >> 8) % 2 * 2 hours);
        if (seed % 5 == 4) {
            // The last numbers of a quote.
            given.highest = type(uint64).max - uint64((seed >> 8) % 2);
            if ((seed >> 16) % 2 == 0) given.highest = type(uint32).max - uint64((seed >> 8) % 2);
            given.lowest = given.highest - 10;
            given.tick = 10;
        }
    }

    /// @dev Next to some other number of units.
    function _units(Conditions memory given, uint256 seed) private pure returns (uint64) {
        uint64[6] memory others = [0, given.offered, given.overAllotment, 1_000, given.minimumBid, given.nonCompetitive];
        uint64 one = others[seed % 6];
        uint256 step = (seed >> 8) % 5;
        if (step == 1) return one + 1;
        if (step == 2 && one != 0) return one - 1;
        if (step == 3) return one + LOT;
        if (step == 4 && one >= LOT) return one - LOT;
        return one;
    }

    /// @dev Next to some other time.
    function _time(Conditions memory given, uint256 seed) private pure returns (uint40) {
        uint40[8] memory others = [
            uint40(START),
            given.closesAt,
            given.revealsBy,
            given.overAllotsBy,
            given.clearsBy + given.additionalSeconds,
            given.settlesFrom,
            given.settlesBy,
            // The last moment for the syndicate: thirty days before the second due day, in the bond's zone.
            uint40(Naive.addMonths(START / 1 days + 10, 2) * 1 days - 480 * 60 - 30 days)
        ];
        return others[seed % 8] + uint40((seed >> 8) % 3) - 1;
    }
}
