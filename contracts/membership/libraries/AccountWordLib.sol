// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

/// @notice All that a transfer must know of an account, in one word.
/// Layout, from the top: LEI 160 bits, standing 8, verdicts 24, roles 24, until 40.
type AccountWord is uint256;

using AccountWordLib for AccountWord global;

/// @title AccountWordLib
/// @notice Packs and reads the verdict word of an account.
/// @dev Verdicts are evaluated when a member is admitted or changes, so that a transfer reads one slot a side and
/// evaluates nothing (DESIGN promise 7). Bit `i` of the verdicts says «may hold what asks for verdict `i`».
library AccountWordLib {
    /// @dev Standing bits. An account is active when it is admitted and no other bit is set.
    uint8 internal constant ADMITTED = 1;
    uint8 internal constant ACCOUNT_SUSPENDED = 2;
    uint8 internal constant MEMBER_SUSPENDED = 4;
    uint8 internal constant REMOVED = 8;

    /// @dev Standing and the role HOLDER, tested at once.
    uint256 private constant STANDING_AND_HOLDER = 0xff0000000000010000000000;
    uint256 private constant ACTIVE_HOLDER = 0x010000000000010000000000;

    function pack(bytes20 lei_, uint8 standing_, uint24 verdicts_, uint24 roles_, uint40 until_)
        internal
        pure
        returns (AccountWord)
    {
        return AccountWord.wrap(
            (uint256(uint160(lei_)) << 96) | (uint256(standing_) << 88) | (uint256(verdicts_) << 64)
                | (uint256(roles_) << 40) | until_
        );
    }

    function lei(AccountWord word) internal pure returns (bytes20) {
        return bytes20(uint160(AccountWord.unwrap(word) >> 96));
    }

    function standing(AccountWord word) internal pure returns (uint8) {
        return uint8(AccountWord.unwrap(word) >> 88);
    }

    function verdicts(AccountWord word) internal pure returns (uint24) {
        return uint24(AccountWord.unwrap(word) >> 64);
    }

    function roles(AccountWord word) internal pure returns (uint24) {
        return uint24(AccountWord.unwrap(word) >> 40);
    }

    /// @return The last second, in Unix time, at which the admission and the roles hold.
    function until(AccountWord word) internal pure returns (uint40) {
        return uint40(AccountWord.unwrap(word));
    }

    /// @return Whether the account is admitted, not suspended, not removed and not expired.
    function isActive(AccountWord word) internal view returns (bool) {
        return word.standing() == ADMITTED && block.timestamp <= word.until();
    }

    /// @return Whether the account is active and holds every role of `mask`.
    function hasRoles(AccountWord word, uint24 mask) internal view returns (bool) {
        return word.isActive() && word.roles() & mask == mask;
    }

    /// @return Whether both accounts are eligible. Without a jump: it is on the way of every transfer.
    function areEligible(AccountWord first, AccountWord second, uint256 eligible) internal view returns (bool) {
        bool ok;
        assembly ("memory-safe") {
            let time := timestamp()
            let wanted := shl(64, eligible)
            // Both have just the standing and the role of an active holder, each has a wanted verdict, neither has ended.
            ok := and(
                and(
                    eq(and(first, STANDING_AND_HOLDER), ACTIVE_HOLDER),
                    eq(and(second, STANDING_AND_HOLDER), ACTIVE_HOLDER)
                ),
                iszero(
                    or(
                        or(iszero(and(first, wanted)), iszero(and(second, wanted))),
                        or(gt(time, and(first, 0xffffffffff)), gt(time, and(second, 0xffffffffff)))
                    )
                )
            )
        }
        return ok;
    }

    /// @return Whether the account is active, may hold securities, and has one of the verdicts that `eligible` asks for.
    function isEligible(AccountWord word, uint256 eligible) internal view returns (bool) {
        uint256 bits = AccountWord.unwrap(word);
        return
            bits & STANDING_AND_HOLDER == ACTIVE_HOLDER && bits & (eligible << 64) != 0
                && block.timestamp <= uint40(bits);
    }
}
