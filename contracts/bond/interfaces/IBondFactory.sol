// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {Terms} from "../libraries/TermsLib.sol";
import {Provisions} from "./Provisions.sol";
import {Rights} from "./Rights.sol";

/// @title IBondFactory
/// @notice Registers bonds: checks the terms, seals them in the code of a clone, keeps the list by ISIN.
interface IBondFactory {
    /// @notice A bond was registered. Source of truth for its terms.
    event BondRegistered(
        bytes12 indexed isin,
        address indexed bond,
        bytes20 indexed issuer,
        address implementation,
        Terms terms,
        Provisions provisions,
        Rights rights
    );
    event ImplementationSet(address oldImplementation, address newImplementation, address actor);

    /// @notice Thrown when the ISIN has a wrong alphabet or check digit (ISO 6166).
    error BondIsinInvalid(bytes12 isin);
    /// @notice Thrown when the ISIN belongs to another bond of this depository.
    error BondAlreadyRegistered(bytes12 isin, address bond);
    /// @notice Thrown when a term is out of range or contradicts another one; `term` is its name in `Terms`,
    /// `Provisions` or `Rights`.
    error BondTermInvalid(bytes32 term);
    /// @notice Thrown when the caller is not an account of the issuer with the issuer's role.
    error BondIssuerRefused(address account, bytes20 issuer);
    /// @notice Thrown when there is no implementation yet, or a new one has no code.
    error BondImplementationInvalid(address implementation);

    /// @notice Registers a bond. Caller: an account of the issuer, with role ISSUER.
    /// @param terms `issuerAccount` must be the caller.
    /// @param provisions What the terms provide for beyond a fixed coupon and one redemption; all zero for nothing.
    /// @param rights What issuer and holders may do before it is repaid; all zero for nothing.
    function register(Terms calldata terms, Provisions calldata provisions, Rights calldata rights)
        external
        returns (address bond);

    /// @notice Checks terms, and packs them as they are sealed: those of a new bond, or a new version of a bond's.
    function sealTerms(Terms memory terms, Provisions memory provisions, Rights memory rights)
        external
        view
        returns (bytes memory);

    /// @notice Sets the code of new bonds; bonds that are registered keep theirs.
    function setImplementation(address implementation) external;

    function implementation() external view returns (address);

    /// @return The bond, or zero.
    function bondOf(bytes12 isin) external view returns (address);

    /// @return How many bonds are registered: an auditor who found fewer was not told of one.
    function bondCount() external view returns (uint256);

    /// @return Whether the address is a bond that this factory registered.
    function isBond(address bond) external view returns (bool);
}
