// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IdentifierLib} from "../../../contracts/libraries/IdentifierLib.sol";
import {Base} from "../Base.sol";
import {Naive} from "../suite/Naive.sol";

/// @notice Check digits against the standards' own way, digit by digit.
contract IdentifiersTest is Base {
    bytes private constant ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";

    /// @dev One of the ten check digits is right.
    function testFuzz_isin__anyCharacters__sameAsDigitByDigit(uint256 seed) external pure {
        bytes memory text = _characters(seed, 12);
        if (seed % 8 != 0) (text[0], text[1]) = ("C", "N");
        for (uint8 check; check < 10; ++check) {
            text[11] = bytes1(48 + check);
            assertTrue(IdentifierLib.isValidIsin(bytes12(text)) == Naive.isIsin(text), "ID-1: ISIN, ISO 6166");
        }
    }

    function testFuzz_lei__anyCharacters__sameAsDigitByDigit(uint256 seed, uint8 check) external pure {
        bytes memory text = _characters(seed, 20);
        // From here some check digits are right: 97 in a row meet each remainder once.
        for (uint256 i; i < 12; ++i) {
            uint256 digits = (uint256(check) + i * 8) % 100;
            (text[18], text[19]) = (bytes1(uint8(48 + digits / 10)), bytes1(uint8(48 + digits % 10)));
            assertTrue(IdentifierLib.isValidLei(bytes20(text)) == Naive.isLei(text), "ID-2: LEI, ISO 17442");
        }
    }

    function testFuzz_identifiers__oneCharacterWrong__refused(uint256 number, uint8 place, bytes1 other) external pure {
        bytes12 isin = Naive.isin(number % 1e9);
        bytes20 lei = Naive.lei(number % 1e12);
        assertTrue(IdentifierLib.isValidIsin(isin) && IdentifierLib.isValidLei(lei), "ID-3: right ones are taken");

        bytes memory text = abi.encodePacked(isin);
        if (text[place % 12] != other) {
            text[place % 12] = other;
            assertTrue(IdentifierLib.isValidIsin(bytes12(text)) == Naive.isIsin(text), "ID-3: any byte in an ISIN");
        }
        text = abi.encodePacked(lei);
        if (text[place % 20] != other) {
            text[place % 20] = other;
            assertTrue(!IdentifierLib.isValidLei(bytes20(text)) || Naive.isLei(text), "ID-3: any byte in an LEI");
        }
    }

    function _characters(uint256 seed, uint256 length) private pure returns (bytes memory text) {
        text = new bytes(length);
        for (uint256 i; i < length; ++i) {
            text[i] = ALPHABET[uint256(keccak256(abi.encode(seed, i))) % 36];
        }
    }
}
