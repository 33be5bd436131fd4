// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Clones} from "@openzeppelin/contracts/proxy/Clones.sol";

import {RollConvention} from "../../../contracts/calendar/interfaces/IBusinessCalendar.sol";
import {Terms, TermsLib} from "../../../contracts/bond/libraries/TermsLib.sol";
import {DayCount} from "../../../contracts/libraries/DayCountLib.sol";
import {Base} from "../Base.sol";

/// @notice Reads sealed terms from its own code, as a bond does.
contract TermsReader {
    function all() external view returns (Terms memory) {
        return TermsLib.unseal();
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

    function testFuzz_seal__anyTerms__readBack(uint256 seed, bytes memory text, uint8 nameLength, uint8 symbolLength)
        external
    {
        Terms memory terms = _terms(seed);
        terms.name = _cut(text, nameLength % 65, 0);
        terms.symbol = _cut(text, symbolLength % 65, 7);

        TermsReader bond = TermsReader(Clones.cloneWithImmutableArgs(address(_reader), TermsLib.seal(terms)));

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
                && isin == terms.isin && issuerAccount == terms.issuerAccount && periods == terms.periods
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
        (terms.eligible, terms.issueDay, terms.periods, terms.monthsPerPeriod, terms.couponRate) =
        (uint24(numbers), uint24(numbers >> 24), uint16(numbers >> 48), uint8(numbers >> 64), uint32(numbers >> 72));
        terms.dayCount = DayCount((numbers >> 104) % (uint256(type(DayCount).max) + 1));
        terms.roll = RollConvention((numbers >> 112) % (uint256(type(RollConvention).max) + 1));
        (terms.recordBusinessDays, terms.cutOff, terms.utcOffset, terms.prescriptionYears) =
        (uint8(numbers >> 120), uint24(numbers >> 128), int16(uint16(numbers >> 152)), uint8(numbers >> 168));
        terms.calendar = bytes8(uint64(numbers >> 176));
        terms.termSheetHash = _word(seed, 7);
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
