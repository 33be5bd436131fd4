// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IBond} from "../../bond/interfaces/IBond.sol";
import {Provisions} from "../../bond/interfaces/Provisions.sol";
import {Rights} from "../../bond/interfaces/Rights.sol";
import {Terms} from "../../bond/libraries/TermsLib.sol";
import {Version} from "./ServicingTypes.sol";

/// @notice A change of the terms, as it is put to the holders.
/// @param effectiveDay The first period that begins on it or later, and has not begun, has the new terms.
/// @param closesAt Unix time until which holders may consent.
/// @param clause What is changed, ASCII, as the term sheet numbers it.
/// @param resolution Hash of the resolution that is put to them.
struct Amendment {
    uint24 effectiveDay;
    uint40 closesAt;
    bytes32 clause;
    bytes32 resolution;
}

/// @title IServicingVersions
/// @notice Terms as versions: sealed at issue, changed by the holders' resolution, each period by the version in force at its start.
interface IServicingVersions {
    /// @notice Puts new terms to the holders. Caller: the issuer's account. What identifies the bond, and how its days are found, stays.
    /// @return action The event in which holders consent, by electing with their units.
    function proposeTerms(
        IBond bond,
        Terms calldata terms,
        Provisions calldata provisions,
        Rights calldata rights,
        Amendment calldata amendment
    ) external returns (uint16 action);

    /// @notice Makes a proposal the next version, when holders of the stated share consent. Anyone may.
    function enactTerms(IBond bond, uint16 action) external;

    /* VIEWS */

    /// @param number From 1; 0 gives the bond itself.
    function version(IBond bond, uint16 number) external view returns (Version memory);

    /// @return The number of the version that applies to a period.
    function versionAt(IBond bond, uint16 period) external view returns (uint16);
}
