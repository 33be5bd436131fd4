// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

/// @notice What one unit is paid, as exact fractions.
/// @param interestNumerator Interest of one unit, base units of the currency, times `interestDenominator`.
/// @param interestDenominator Not zero once funded.
/// @param principalDenominator Not zero once funded.
/// @param principalNumerator Principal of one unit, base units, times `principalDenominator`.
struct UnitPayment {
    // Slot 0: 32 bytes
    uint256 interestNumerator;
    // Slot 1: 16 + 16 = 32 bytes
    uint128 interestDenominator;
    uint128 principalDenominator;
    // Slot 2: 32 bytes
    uint256 principalNumerator;
}

/// @notice The escrow of one payment.
/// @param funded What the payer paid in, base units.
/// @param paid What was sent to holders, withheld from them, or is kept for them by name.
/// @param units Units outstanding at the record date.
/// @param unitsPaid Units of the holders that were served.
/// @param fundedAt Unix time of the funding; 0 when not funded.
/// @param payTime Unix time from which it is paid.
/// @param isLast Whether it redeems the bond.
/// @param withholds Whether tax is withheld from it.
/// @param hasClaims Whether units of it were sold before the record date and delivered after.
/// @param payer Who paid in, and gets the residue.
/// @param each What one unit is paid: a fact from the funding on.
struct Payment {
    // Slot 0: 16 + 16 = 32 bytes
    uint128 funded;
    uint128 paid;
    // Slot 1: 8 + 8 + 5 + 5 + 1 + 1 + 1 = 29 bytes
    uint64 units;
    uint64 unitsPaid;
    uint40 fundedAt;
    uint40 payTime;
    bool isLast;
    bool withholds;
    bool hasClaims;
    // Slot 2: 20 bytes
    address payer;
    // Slots 3 to 5
    UnitPayment each;
}

/// @notice Where the figures of a period come from. TERMS: the terms alone. PUBLISHED: a published value. LAST_VALUE, PREVIOUS_RATE,
/// FIXED_RATE: the fallback that stands in for one. NOT_PUBLISHED: a test that counts as missed, as no figure came.
enum FixingSource {
    TERMS,
    PUBLISHED,
    LAST_VALUE,
    PREVIOUS_RATE,
    FIXED_RATE,
    NOT_PUBLISHED
}

/// @notice The figures of a period of a bond whose terms leave them open, fixed once, in order of the periods.
/// @param rate Billionths a year.
/// @param source Where the rate, or the index ratio, comes from.
/// @param isDeferred Whether the issuer deferred the interest; may be set before the rest.
/// @param fixedAt Unix time; 0 when not fixed.
/// @param value What was observed, billionths; a compounded rate before its spread; 0 where nothing was.
/// @param day Day of the value; for a compounded rate the second of the two, for a price index the due day; 0 without a value.
/// @param indexRatio Price index against its base, billionths; 0 where no index is followed.
/// @param factor Principal of a unit after the period, before a last redemption, 1e18 = the face.
/// @param arrears Deferred interest of a unit after the period, 1e18 = the face.
struct Fixing {
    // Slot 0: 4 + 1 + 1 + 5 + 8 + 3 + 8 = 30 bytes
    uint32 rate;
    FixingSource source;
    bool isDeferred;
    uint40 fixedAt;
    int64 value;
    uint24 day;
    uint64 indexRatio;
    // Slot 1: 16 + 16 = 32 bytes
    uint128 factor;
    uint128 arrears;
}
