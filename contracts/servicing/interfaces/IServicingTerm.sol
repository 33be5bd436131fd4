// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IBond} from "../../bond/interfaces/IBond.sol";
import {Provisions} from "../../bond/interfaces/Provisions.sol";
import {Rights} from "../../bond/interfaces/Rights.sol";
import {Terms} from "../../bond/libraries/TermsLib.sol";
import {PartialCall, State} from "./ServicingTypes.sol";

/// @title IServicingTerm
/// @notice What the issuer may do to the term of a bond: redeem it early, in whole or in part of every unit, or extend it.
interface IServicingTerm {
    /// @notice Calls the bond: its term ends on a day of the right, at the price of the right.
    /// @param day Day for which it is called, unadjusted.
    function call(IBond bond, uint24 day) external;

    /// @notice Calls a part of every unit, with the payment of a period that ends on a day of the right.
    /// @param share Billionths of the face: whole base units of a unit.
    function callInPart(IBond bond, uint16 period, uint64 share) external;

    /// @notice Redeems the bond early on a stated event that has happened.
    function redeemOnEvent(IBond bond, bytes8 code, uint24 day, bytes32 document) external;

    /// @notice Extends the maturity, where the terms give the right.
    function extendMaturity(IBond bond) external;

    /// @notice Renews the bond for another cycle. Caller: the issuer's account.
    function renew(IBond bond) external;

    /* VIEWS */

    function stateOf(IBond bond) external view returns (State memory);

    /// @param number From 0, below `State.calls`.
    function partialCall(IBond bond, uint16 number) external view returns (PartialCall memory);

    /// @param number Of a version of the terms; 0 for those that were sealed.
    /// @return terms As the version has them; the schedule as it is in force is `lastPeriod` and `maturityDay`.
    function termsAt(IBond bond, uint16 number)
        external
        view
        returns (Terms memory terms, Provisions memory provisions, Rights memory rights);
}
