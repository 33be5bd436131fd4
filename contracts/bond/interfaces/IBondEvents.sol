// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {PaymentDays} from "./IBond.sol";

/// @title IBondEvents
/// @notice What life events do to a register. Caller of each act: the Servicing, where the terms give the right.
interface IBondEvents {
    /// @notice Moves the end of the term.
    /// @param last The last period; one whose record date has not passed.
    /// @param maturityDay Day on which it ends, unadjusted; 0 for its regular day.
    function setTerm(uint16 last, uint24 maturityDay) external;

    /// @notice Ends the schedule: what record dates come are those of recoveries. Closed books are open again.
    function enterDefault() external;

    /// @notice Announces the record date of a recovery; one at a time.
    /// @param isFinal Whether the books close at it, and units are burned with the payment.
    /// @return record Its number.
    function setRecordDate(PaymentDays calldata days_, bool isFinal) external returns (uint16 record);

    /// @notice Binds free units of a holder, who may hold and send: they stay his and cannot move.
    function bindUnits(address holder, uint64 units) external;

    /// @notice Binds units of a holder by the terms, free or frozen: what a lot drew.
    function bindDrawn(address holder, uint64 units) external;

    /// @notice Sets bound units free.
    function releaseUnits(address holder, uint64 units) external;

    /// @notice Burns bound units, in the act that pays for them.
    function retire(address holder, uint64 units) external;

    /// @notice Stops every movement, or lets them go on: for a drawing by lot.
    function setShut(bool shut) external;

    /// @return Units that are bound, of all holders.
    function boundUnits() external view returns (uint64);
}
