// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

/// @title IdentifierLib
/// @notice Check digits of LEI (ISO 17442, ISO 7064 MOD 97-10) and ISIN (ISO 6166, Luhn).
/// @dev All characters are tested and translated at once, each in its own byte of a word: adding 128 - c to a byte
/// below 128 sets its top bit just if the byte is c or more, and carries nothing into its neighbour. A letter stands
/// for two digits, A for 10 and Z for 35. Only upper case is valid, as the identifier is its bytes.
library IdentifierLib {
    uint256 private constant LEI_LENGTH = 20;
    uint256 private constant ISIN_LENGTH = 12;

    /// @dev 1 in each of the lowest 20 bytes; of the lowest 12.
    uint256 private constant LEI_ONES = type(uint160).max / 0xff;
    uint256 private constant ISIN_ONES = type(uint96).max / 0xff;

    /// @notice Whether 20 bytes are an LEI: upper-case letters and digits, the last two being the right check digits.
    function isValidLei(bytes20 lei) internal pure returns (bool) {
        (bool valid, uint256 values, uint256 letters) = _read(uint160(lei), LEI_ONES);
        if (!valid || letters & 0xffff != 0) return false;

        // Bounds: at most 18 letters of two digits and two digits more, so the number is below 10**38.
        unchecked {
            uint256 factors = 10 * LEI_ONES + 90 * letters;
            uint256 number;
            // Four a turn: a turn costs as much as a character.
            for (uint256 shift = 8 * LEI_LENGTH; shift != 0;) {
                shift -= 32;
                (uint256 value, uint256 factor) = (values >> shift, factors >> shift);
                number = number * ((factor >> 24) & 0xff) + ((value >> 24) & 0xff);
                number = number * ((factor >> 16) & 0xff) + ((value >> 16) & 0xff);
                number = number * ((factor >> 8) & 0xff) + ((value >> 8) & 0xff);
                number = number * (factor & 0xff) + (value & 0xff);
            }
            // The standard gives check digits from 02 to 98: 00, 01 and 99 leave the same remainders as 97, 98 and 02.
            uint256 check = number % 100;
            return number % 97 == 1 && check >= 2 && check <= 98;
        }
    }

    /// @notice Whether 12 bytes are an ISIN: two letters, nine letters or digits, and the right check digit.
    function isValidIsin(bytes12 isin) internal pure returns (bool) {
        (bool valid, uint256 values, uint256 letters) = _read(uint96(isin), ISIN_ONES);
        if (!valid || letters >> 80 != 0x0101 || letters & 0xff != 0) return false;

        // Bounds: at most 23 digits, each adding at most 9.
        unchecked {
            uint256 sum;
            bool doubled;
            for (uint256 i; i < ISIN_LENGTH; ++i) {
                uint256 value = values & 0xff;
                if (letters & 1 == 0) {
                    sum += doubled ? _luhn(value) : value;
                    doubled = !doubled;
                } else {
                    // Two digits: the right one has this place's weight, the left one the other.
                    sum += doubled ? _luhn(value % 10) + value / 10 : value % 10 + _luhn(value / 10);
                }
                values >>= 8;
                letters >>= 8;
            }
            return sum % 10 == 0;
        }
    }

    /// @param word The characters, right-aligned.
    /// @param ones 1 in the byte of each character.
    /// @return valid Whether all are in 0-9 or A-Z; the rest has no meaning otherwise.
    /// @return values 0 to 35 in the byte of each character.
    /// @return letters 1 in the byte of each letter.
    function _read(uint256 word, uint256 ones) private pure returns (bool valid, uint256 values, uint256 letters) {
        // Bounds: bytes are below 128 where it matters, and so are the sums below 256.
        unchecked {
            uint256 tops = ones << 7;
            uint256 afterNine = (word + (128 - 0x3a) * ones) & tops;
            valid = word & tops == 0 && (word + (128 - 0x30) * ones) & tops == tops
                && afterNine == (word + (128 - 0x41) * ones) & tops && (word + (128 - 0x5b) * ones) & tops == 0;
            letters = afterNine >> 7;
            values = word - 0x30 * ones - 7 * letters;
        }
    }

    /// @return The digit sum of twice a digit.
    function _luhn(uint256 digit) private pure returns (uint256) {
        unchecked {
            return digit < 5 ? 2 * digit : 2 * digit - 9;
        }
    }
}
