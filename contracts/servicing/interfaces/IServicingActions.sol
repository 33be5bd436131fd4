// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IBond} from "../../bond/interfaces/IBond.sol";
import {Action} from "./ServicingTypes.sol";

/// @notice An invitation to sell units back.
/// @param most Most units that are bought; 0 for all. Elections above it are cut pro rata, each rounded down.
/// @param amount Price of a unit without accrued interest, base units.
/// @param opensAt Unix time.
/// @param closesAt Unix time.
/// @param payDay Day of settlement, rolled to a business day.
/// @param document Hash of the offer document.
struct TenderTerms {
    uint64 most;
    uint128 amount;
    uint40 opensAt;
    uint40 closesAt;
    uint24 payDay;
    bytes32 document;
}

/// @notice An invitation to exchange units into those of another bond of the issuer.
/// @param newBond Registered by the same account, in the same currency.
/// @param newUnits What `oldUnits` units are exchanged for; elections are multiples of `oldUnits`.
/// @param amount Cash beside them for one old unit, base units; accrued interest comes on top.
struct ExchangeTerms {
    IBond newBond;
    uint32 newUnits;
    uint32 oldUnits;
    uint128 amount;
    uint40 opensAt;
    uint40 closesAt;
    uint24 payDay;
    bytes32 document;
}

/// @title IServicingActions
/// @notice Events in which holders take part with some of their units: puts, tenders, exchanges, resolutions, notices of acceleration.
/// @dev Elected units are bound: they stay the holder's, count for payments, and cannot move until they are paid, taken back or
/// released.
interface IServicingActions {
    /// @notice Opens the put of a right in the terms, from 30 days before its window on. Anyone may.
    /// @param right Its place in `Rights.puts`.
    /// @return action Number of the event, from 1, for this bond.
    function openPut(IBond bond, uint16 right) external returns (uint16 action);

    /// @notice Says that a stated event has happened, which opens the put of the holders. Caller: the issuer's account, or who has the power.
    function declareEvent(IBond bond, bytes8 code, bytes32 document) external returns (uint16 action);

    /// @notice Invites holders to sell. Caller: the issuer's account.
    function offerTender(IBond bond, TenderTerms calldata offer) external returns (uint16 action);

    /// @notice Invites holders to exchange. Caller: the issuer's account.
    function offerExchange(IBond bond, ExchangeTerms calldata offer) external returns (uint16 action);

    /// @notice Elects with free units of the caller, who adds to what he elected before.
    function elect(IBond bond, uint16 action, uint64 units) external;

    /// @notice Takes an election back, in whole or in part, while the event is open and lets him.
    function withdraw(IBond bond, uint16 action, uint64 units) external;

    /// @notice Sets units free where the event is over without taking them: not funded in time, not carried, or carried. Anyone may.
    function release(IBond bond, uint16 action, address[] calldata holders) external;

    /// @notice Undoes an election by power, so that units which a court wants are not out of its reach.
    function annulElection(IBond bond, uint16 action, address holder, bytes32 document) external;

    /* VIEWS */

    function actionOf(IBond bond, uint16 action) external view returns (Action memory);

    function actionCount(IBond bond) external view returns (uint16);

    /// @return Units that an account has elected, or of which so many were drawn.
    function electedBy(IBond bond, uint16 action, address holder) external view returns (uint64);

    /// @return The event that a right opened; 0 for none yet.
    function putOf(IBond bond, uint16 right) external view returns (uint16);
}
