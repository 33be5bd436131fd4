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
/// @param penalty Interest on a late payment, billionths of each amount.
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
    // Slot 2: 20 + 8 = 28 bytes
    address payer;
    uint64 penalty;
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
/// @param factor Principal of a unit after the period, before a last redemption, 1e18 = the face; by the calls in part that were made
/// by then: `poolFactor` knows later ones.
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

/// @notice What moved a bond off its sealed terms, one slot.
/// @param fixedPeriods Periods that are fixed.
/// @param actions Events of holders so far: puts, offers, drawings, resolutions.
/// @param versions Later versions of the terms.
/// @param calls Redemptions in part, by factor.
/// @param price Of the principal at the last payment, billionths, where the bond was called; 0 for par.
/// @param extendedFrom First period of the extension; 0 while the maturity is not extended.
/// @param extendedRate Billionths a year from then on, where the rate does not float.
/// @param duePeriod The period in which the bond was made due; 0 while it was not.
/// @param dueDay Day on which it was, or at which the last period began where that is later.
/// @param recordsAtDue Record dates that had passed by then; the next ones are those of recoveries.
struct State {
    // Slot 0: 2 + 2 + 2 + 2 + 8 + 2 + 4 + 2 + 3 + 2 = 29 bytes
    uint16 fixedPeriods;
    uint16 actions;
    uint16 versions;
    uint16 calls;
    uint64 price;
    uint16 extendedFrom;
    uint32 extendedRate;
    uint16 duePeriod;
    uint24 dueDay;
    uint16 recordsAtDue;
}

/// @notice A redemption in part, of every unit.
/// @param period The payment with which it is made.
/// @param share Billionths of the face.
/// @param price Billionths of the principal that is redeemed.
struct PartialCall {
    // Slot 0: 2 + 8 + 8 = 18 bytes
    uint16 period;
    uint64 share;
    uint64 price;
}

/// @notice A version of the terms.
/// @param source Contract whose code holds them.
/// @param from First period to which they apply.
struct Version {
    // Slot 0: 20 + 2 = 22 bytes
    address source;
    uint16 from;
}

/// @notice An event in which holders take part, or are drawn, with some of their units. ISO 15022: BPUT, TEND, EXOF, DRAW, CONS, DFLT.
enum ActionKind {
    PUT,
    TENDER,
    EXCHANGE,
    DRAWING,
    RESOLUTION,
    ACCELERATION
}

/// @notice Such an event.
/// @param withdrawable Whether an election may be taken back while it is open.
/// @param isDecided Whether its outcome is there: funded; for a resolution and an acceleration, carried.
/// @param opensAt Unix time from which holders elect; for a drawing, from which it is drawn.
/// @param closesAt Unix time at which that ends.
/// @param payTime Unix time from which it is paid; 0 where nothing is.
/// @param payDay Day to which interest accrues; of a resolution, the effective day.
/// @param period Of a sinking fund's drawing: its payment; of an acceleration: the missed one; of a resolution: the first period
/// with the new terms.
/// @param redemption Of an acceleration: the unfunded put or drawing; of a resolution: the version that it changes; of what is
/// paid: the record dates that had passed when it was funded.
/// @param most Most units that are taken; 0 for all. For a drawing, the units to be drawn; for a resolution, the end of the term when
/// it was proposed: last period * 2**24 + day.
/// @param elected Units that are elected, or drawn.
/// @param settled Those of them that were settled or released after the end.
/// @param amount Price of a unit without accrued interest, base units: of a tender; beside new units, of an exchange.
/// @param price Billionths of the principal: of a put or a drawing.
/// @param newUnits What `oldUnits` units are exchanged for.
/// @param target Exchange: the new bond. Resolution: the code of the proposed terms. Acceleration: the bond in default.
/// @param document Hash of what an event, a resolution or an offer rests on.
struct Action {
    // Slot 0: 1 + 1 + 1 + 5 + 5 + 5 + 3 + 2 + 2 = 25 bytes
    ActionKind kind;
    bool withdrawable;
    bool isDecided;
    uint40 opensAt;
    uint40 closesAt;
    uint40 payTime;
    uint24 payDay;
    uint16 period;
    uint16 redemption;
    // Slot 1: 8 * 3 = 24 bytes
    uint64 most;
    uint64 elected;
    uint64 settled;
    // Slot 2: 16 + 8 + 4 + 4 = 32 bytes
    uint128 amount;
    uint64 price;
    uint32 newUnits;
    uint32 oldUnits;
    // Slot 3: 20 bytes
    address target;
    // Slot 4: 32 bytes
    bytes32 document;
}

/// @notice What a holder has in an event.
/// @param units Units that he elected, or that were drawn of his.
/// @param start Where his units begin in the row of a drawing.
/// @param isCounted Whether he stands in that row.
/// @param isDrawn Whether it has been drawn from him.
struct Election {
    // Slot 0: 8 + 8 + 1 + 1 = 18 bytes
    uint64 units;
    uint64 start;
    bool isCounted;
    bool isDrawn;
}

/// @notice A drawing by lot that has begun: first all holders are counted, then the start is chosen, then units are drawn.
/// @param units Units among which it is drawn.
/// @param counted Those of them whose holders stand in the row.
/// @param passed Those of them from which it has been drawn.
/// @param seed Offset of the sample, below `units`.
/// @param countedIn Block in which the row was complete; 0 before.
/// @param isSeeded Whether the offset is chosen.
struct Drawing {
    // Slot 0: 8 + 8 + 8 + 8 = 32 bytes
    uint64 units;
    uint64 counted;
    uint64 passed;
    uint64 seed;
    // Slot 1: 8 + 1 = 9 bytes
    uint64 countedIn;
    bool isSeeded;
}

/// @notice Whether a payment was missed. NOTHING_DUE: capitalised, deferred, or nothing. NOT_DUE: its day has not come.
/// FUNDED: escrowed. OVERDUE: in its days of grace. MISSED: in default, by time alone. MERGED: part of the claim of a bond that was made
/// due.
enum PaymentStatus {
    NOTHING_DUE,
    NOT_DUE,
    FUNDED,
    OVERDUE,
    MISSED,
    MERGED
}

/// @notice What a unit of a bond that was made due is owed.
/// @param principal What was due, base units times 1e18, less what was recovered; bears interest.
/// @param interest Interest for being late, base units times 1e18, less what was recovered.
/// @param day Day up to which interest is in it; 0 while the claim is not set.
/// @param isClosed Whether the last recovery was announced.
struct Claim {
    // Slot 0
    uint256 principal;
    // Slot 1
    uint256 interest;
    // Slot 2: 3 + 1 = 4 bytes
    uint24 day;
    bool isClosed;
}
