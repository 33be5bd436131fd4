// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

/// @notice The issuer's right to redeem before maturity (ISO 15022 event MCAL; in part PRED by factor, DRAW by lot).
/// @param firstDay First day, unadjusted, for which the bond may be called.
/// @param lastDay The last one; the same for a single date.
/// @param noticeDays Civil days before that day until which he may.
/// @param price Billionths of the principal that is redeemed: 1,000,000,000 is par. Accrued interest is paid beside it.
/// @param inPart Whether he may redeem a part.
struct CallRight {
    uint24 firstDay;
    uint24 lastDay;
    uint16 noticeDays;
    uint64 price;
    bool inPart;
}

/// @notice The holders' right to be redeemed before maturity, each for the units he elects (BPUT).
/// @param opensDay First day of the window of notice.
/// @param closesDay Its last day.
/// @param payDay Day, unadjusted, for which the units are put.
/// @param price Billionths of the principal.
/// @param withdrawable Whether an election may be taken back until the window closes.
struct PutRight {
    uint24 opensDay;
    uint24 closesDay;
    uint24 payDay;
    uint64 price;
    bool withdrawable;
}

/// @notice Early redemption on a stated event: a change of tax law, of control, of regulatory treatment.
/// @param code Name of the event, ASCII.
/// @param byHolders Whether it opens a put of the holders; else a call of the issuer, for the whole bond.
/// @param noticeDays Civil days: of the call's notice, or of the put's window.
/// @param price Billionths of the principal.
struct EventRight {
    bytes8 code;
    bool byHolders;
    uint16 noticeDays;
    uint64 price;
}

/// @notice Units that are drawn by lot and redeemed at par with a payment; what the issuer cancelled before counts towards them.
struct Sinking {
    uint16 period;
    uint64 units;
}

/// @notice The issuer's right to extend the maturity, once (EXTM).
/// @param periods Periods that are added; zero when there is no such right.
/// @param noticeDays Civil days before maturity until which he may.
/// @param rate Billionths a year from maturity on; zero where the rate floats.
struct Extension {
    uint16 periods;
    uint16 noticeDays;
    uint32 rate;
}

/// @notice What follows when a payment is missed.
/// @param graceDays Civil days after the payment day until which it can be made without default.
/// @param penaltyRate Interest on what is overdue, billionths a year of 365 days, from the payment day on.
/// @param accelerationShare Billionths of the units whose holders can make the bond due by notice; zero for no such right.
/// @param crossDefault Whether a default of another bond of the issuer is one of this bond.
struct DefaultTerms {
    uint16 graceDays;
    uint32 penaltyRate;
    uint32 accelerationShare;
    bool crossDefault;
}

/// @notice What issuer and holders of a bond may do before it is repaid, and what follows when it is not.
/// @param amendmentShare Billionths of the units whose holders can change the terms by resolution; zero for never.
struct Rights {
    CallRight[] calls;
    PutRight[] puts;
    EventRight[] events;
    Sinking[] sinking;
    Extension extension;
    DefaultTerms defaults;
    uint32 amendmentShare;
}
