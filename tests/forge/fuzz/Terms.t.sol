// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Clones} from "@openzeppelin/contracts/proxy/Clones.sol";

import {RollConvention} from "../../../contracts/calendar/interfaces/IBusinessCalendar.sol";
import {
    Deferral,
    Fallback,
    Floating,
    Instalment,
    KpiTest,
    Provisions,
    Renewal,
    Step,
    Withholding
} from "../../../contracts/bond/interfaces/Provisions.sol";
import {
    CallRight,
    DefaultTerms,
    EventRight,
    Extension,
    PutRight,
    Rights,
    Sinking
} from "../../../contracts/bond/interfaces/Rights.sol";
import {PeriodUnit} from "../../../contracts/bond/libraries/ScheduleLib.sol";
import {CouponKind, Rounding, Terms, TermsLib} from "../../../contracts/bond/libraries/TermsLib.sol";
import {DayCount} from "../../../contracts/libraries/DayCountLib.sol";
import {Base} from "../Base.sol";

/// @notice Reads sealed terms from its own code, as a bond does.
contract TermsReader {
    function all() external view returns (Terms memory) {
        return TermsLib.unseal();
    }

    function provisions() external view returns (bool, Provisions memory) {
        return (TermsLib.hasProvisions(address(this)), TermsLib.provisionsOf(address(this)));
    }

    function rights() external view returns (Rights memory) {
        return TermsLib.rightsOf(address(this));
    }

    function dueTime(uint256 period) external view returns (uint256) {
        return TermsLib.dueTime(period);
    }

    function parts() external view returns (uint256, uint256, address, bytes12, address, uint16, uint64) {
        (uint256 eligible, uint256 minimumUnits) = TermsLib.transferRules();
        return (
            eligible,
            minimumUnits,
            TermsLib.currency(),
            TermsLib.isin(),
            TermsLib.issuerAccount(),
            TermsLib.periods(),
            TermsLib.units()
        );
    }
}

/// @notice What is sealed in a bond's code is what was registered, to the last byte.
contract TermsTest is Base {
    TermsReader private _reader = new TermsReader();

    function testFuzz_seal__anyTerms__readBack(
        uint256 seed,
        bytes memory text,
        uint8 nameLength,
        uint8 symbolLength,
        bool hasMore
    ) external {
        Terms memory terms = _terms(seed);
        terms.name = _cut(text, nameLength % 65, 0);
        terms.symbol = _cut(text, symbolLength % 65, 7);

        TermsReader bond = _sealed(terms, seed, hasMore);

        _checkDueTime(bond, terms, seed);

        assertEq(keccak256(abi.encode(bond.all())), keccak256(abi.encode(terms)), "TERMS-2: sealed and read back");
        (
            uint256 eligible,
            uint256 minimumUnits,
            address currency,
            bytes12 isin,
            address issuerAccount,
            uint16 periods,
            uint64 units
        ) = bond.parts();
        assertTrue(
            eligible == terms.eligible && minimumUnits == terms.minimumUnits && currency == terms.currency
                && isin == terms.isin && issuerAccount == terms.issuerAccount && periods == terms.schedule.periods
                && units == terms.units,
            "TERMS-2: each alone, as all together"
        );
    }

    /// @dev Every bit of every field may be set.
    function _terms(uint256 seed) private pure returns (Terms memory terms) {
        terms.isin = bytes12(_word(seed, 1));
        terms.issuer = bytes20(_word(seed, 2));
        terms.issuerAccount = address(uint160(uint256(_word(seed, 3))));
        terms.currency = address(uint160(uint256(_word(seed, 4))));
        uint256 numbers = uint256(_word(seed, 5));
        (terms.faceValue, terms.units, terms.minimumUnits) =
        (uint128(numbers), uint64(numbers >> 128), uint64(numbers >> 192));
        numbers = uint256(_word(seed, 6));
        (terms.eligible, terms.schedule.issueDay, terms.schedule.periods, terms.schedule.step, terms.couponRate) =
        (uint24(numbers), uint24(numbers >> 24), uint16(numbers >> 48), uint16(numbers >> 56), uint32(numbers >> 72));
        uint256 more = uint256(_word(seed, 8));
        (terms.schedule.maturityDay, terms.schedule.anchorDay, terms.schedule.anchorPeriod) =
        (uint24(more), uint24(more >> 24), uint16(more >> 48));
        (terms.schedule.unit, terms.schedule.endOfMonth) = (PeriodUnit((more >> 64) % 2), (more >> 72) % 2 == 0);
        (terms.kind, terms.rounding, terms.adjusted) =
        (CouponKind((more >> 80) % 6), Rounding((more >> 88) % 3), (more >> 96) % 2 == 0);
        terms.dayCount = DayCount((numbers >> 104) % (uint256(type(DayCount).max) + 1));
        terms.roll = RollConvention((numbers >> 112) % (uint256(type(RollConvention).max) + 1));
        (terms.recordBusinessDays, terms.cutOff, terms.utcOffset, terms.prescriptionYears) =
        (uint8(numbers >> 120), uint24(numbers >> 128), int16(uint16(numbers >> 152)), uint8(numbers >> 168));
        terms.calendar = bytes8(uint64(numbers >> 176));
        terms.termSheetHash = _word(seed, 7);
    }

    /// @dev Lists of any length, among them none.
    function _provisions(uint256 seed) private pure returns (Provisions memory provisions) {
        uint256 lengths = uint256(_word(seed, 9));
        provisions.steps = new Step[](lengths % 5);
        provisions.instalments = new Instalment[]((lengths >> 8) % 5);
        provisions.tests = new KpiTest[]((lengths >> 16) % 5);
        provisions.withholdings = new Withholding[]((lengths >> 24) % 5);
        for (uint256 i; i < 5; ++i) {
            uint256 word = uint256(_word(seed, 10 + i));
            if (i < provisions.steps.length) provisions.steps[i] = Step(uint16(word), uint32(word >> 16));
            if (i < provisions.instalments.length) {
                provisions.instalments[i] = Instalment(uint16(word), uint64(word >> 16));
            }
            if (i < provisions.withholdings.length) {
                provisions.withholdings[i] = Withholding(uint24(word), uint32(word >> 24));
            }
            if (i >= provisions.tests.length) continue;
            provisions.tests[i] = KpiTest(
                bytes8(uint64(word)),
                uint24(word >> 64),
                uint16(word >> 88),
                (word >> 104) % 2 == 0,
                int64(uint64(word >> 112)),
                int32(uint32(word >> 176))
            );
        }
        uint256 more = uint256(_word(seed, 20));
        provisions.floating = Floating(
            bytes8(uint64(more)),
            (more >> 64) % 2 == 0,
            uint8(more >> 72),
            int32(uint32(more >> 80)),
            uint32(more >> 112),
            uint32(more >> 144),
            uint8(more >> 176),
            Fallback((more >> 184) % 3),
            uint32(more >> 192)
        );
        provisions.renewal = Renewal(
            uint16(more),
            uint16(more >> 16),
            bytes8(uint64(more >> 32)),
            uint8(more),
            int32(uint32(more)),
            int32(uint32(more))
        );
        provisions.deferral = Deferral(uint16(more >> 40), (more >> 56) % 2 == 0);
        (provisions.capitalisedUntil, provisions.fallbackDays) = (uint16(more >> 60), uint16(more >> 76));
        provisions.taxAccount = address(uint160(more));
    }

    /// @dev Lists of any length, as well.
    function _rights(uint256 seed) private pure returns (Rights memory rights) {
        uint256 lengths = uint256(_word(seed, 30));
        rights.calls = new CallRight[](lengths % 4);
        rights.puts = new PutRight[]((lengths >> 8) % 4);
        rights.events = new EventRight[]((lengths >> 16) % 4);
        rights.sinking = new Sinking[]((lengths >> 24) % 4);
        for (uint256 i; i < 4; ++i) {
            uint256 word = uint256(_word(seed, 31 + i));
            (uint24 a, uint24 b, uint64 price) = (uint24(word), uint24(word >> 24), uint64(word >> 48));
            if (i < rights.calls.length) {
                rights.calls[i] = CallRight(a, b, uint16(word >> 112), price, word >> 255 == 1);
            }
            if (i < rights.puts.length) rights.puts[i] = PutRight(a, b, uint24(word >> 112), price, word >> 255 == 1);
            if (i < rights.sinking.length) rights.sinking[i] = Sinking(uint16(word >> 112), price);
            if (i >= rights.events.length) continue;
            rights.events[i] = EventRight(bytes8(uint64(word >> 128)), word >> 255 == 1, uint16(word >> 112), price);
        }
        rights.extension = Extension(uint16(lengths >> 32), uint16(lengths >> 48), uint32(lengths >> 64));
        rights.defaults =
            DefaultTerms(uint16(lengths >> 96), uint32(lengths >> 112), uint32(lengths >> 144), lengths >> 255 == 1);
        rights.amendmentShare = uint32(lengths >> 176);
    }

    /// @dev With provisions or rights or both or none, of which each is read back.
    function _sealed(Terms memory terms, uint256 seed, bool hasMore) private returns (TermsReader bond) {
        bytes memory more = hasMore ? abi.encode(_provisions(seed)) : bytes("");
        bytes memory rights = (seed >> 16) % 2 == 0 ? abi.encode(_rights(seed)) : bytes("");

        bytes memory args = TermsLib.seal(terms, more, rights);
        bond = TermsReader(Clones.cloneWithImmutableArgs(address(_reader), args));

        (bool has, Provisions memory found) = bond.provisions();
        assertTrue(has == hasMore, "TERMS-4: a plain bond has no provisions");
        Provisions memory none;
        Rights memory noRights;
        if (!hasMore) more = abi.encode(none);
        if (rights.length == 0) rights = abi.encode(noRights);
        assertEq(keccak256(abi.encode(found)), keccak256(more), "TERMS-4: provisions are read back as registered");
        assertEq(keccak256(abi.encode(bond.rights())), keccak256(rights), "TERMS-5: rights are read back as registered");
    }

    /// @dev Of what is read for a record date alone.
    function _checkDueTime(TermsReader bond, Terms memory terms, uint256 seed) private view {
        uint256 period = seed % 3 == 0 ? 0 : terms.schedule.periods;
        uint256 day = period == 0 ? terms.schedule.issueDay : terms.schedule.maturityDay;
        if (int256(day) * 86_400 < int256(terms.utcOffset) * 60) return;
        uint256 wanted = uint256(int256(day) * 86_400 - int256(terms.utcOffset) * 60);
        assertEq(bond.dueTime(period), wanted, "TERMS-2: when a period ends, in the zone of the bond");
    }

    function _word(uint256 seed, uint256 field) private pure returns (bytes32) {
        bytes32 word = keccak256(abi.encode(seed, field));
        // Fields of only ones and only zeros, too.
        return uint256(word) % 8 == 0 ? bytes32(0) : uint256(word) % 8 == 1 ? bytes32(type(uint256).max) : word;
    }

    /// @dev Any bytes, multi-byte characters cut in the middle among them.
    function _cut(bytes memory text, uint256 length, uint256 offset) private pure returns (string memory) {
        bytes memory part = new bytes(length);
        for (uint256 i; i < length; ++i) {
            part[i] = text.length == 0 ? bytes1(uint8(i)) : text[(i + offset) % text.length];
        }
        return string(part);
    }
}
