// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {Clones} from "@openzeppelin/contracts/proxy/Clones.sol";

import {IBond} from "./interfaces/IBond.sol";
import {IBondFactory} from "./interfaces/IBondFactory.sol";
import {IMemberRegistry} from "../membership/interfaces/IMemberRegistry.sol";
import {IdentifierLib} from "../libraries/IdentifierLib.sol";
import {AccountWord} from "../membership/libraries/AccountWordLib.sol";
import {Roles} from "../membership/libraries/Roles.sol";
import {Provisions} from "./interfaces/Provisions.sol";
import {Rights} from "./interfaces/Rights.sol";
import {RightsCheckLib} from "./libraries/RightsCheckLib.sol";
import {TermsCheckLib} from "./libraries/TermsCheckLib.sol";
import {Terms, TermsLib} from "./libraries/TermsLib.sol";

/// @title BondFactory
/// @notice Registers bonds, one clone each, at an address that follows from the ISIN and the terms.
contract BondFactory is IBondFactory, AccessManaged {
    IMemberRegistry public immutable REGISTRY;

    address public implementation;
    mapping(bytes12 isin => address bond) public bondOf;
    uint256 public bondCount;

    constructor(address authority, IMemberRegistry registry) AccessManaged(authority) {
        REGISTRY = registry;
    }

    /// @inheritdoc IBondFactory
    function register(Terms calldata terms, Provisions calldata provisions, Rights calldata rights)
        external
        returns (address bond)
    {
        AccountWord word = REGISTRY.wordOf(msg.sender);
        require(
            word.hasRoles(Roles.ISSUER) && word.lei() == terms.issuer && terms.issuerAccount == msg.sender,
            BondIssuerRefused(msg.sender, terms.issuer)
        );
        address code = implementation;
        require(code != address(0), BondImplementationInvalid(code));
        address other = bondOf[terms.isin];
        require(other == address(0), BondAlreadyRegistered(terms.isin, other));
        require(IdentifierLib.isValidIsin(terms.isin), BondIsinInvalid(terms.isin));

        bond = Clones.cloneDeterministicWithImmutableArgs(code, sealTerms(terms, provisions, rights), terms.isin);
        bondOf[terms.isin] = bond;

        ++bondCount;

        emit BondRegistered(terms.isin, bond, terms.issuer, code, terms, provisions, rights);
    }

    /// @inheritdoc IBondFactory
    function setImplementation(address newImplementation) external restricted {
        require(newImplementation.code.length != 0, BondImplementationInvalid(newImplementation));

        emit ImplementationSet(implementation, newImplementation, msg.sender);
        implementation = newImplementation;
    }

    /// @inheritdoc IBondFactory
    /// @dev Asks the bond for its ISIN and the list for the bond: no second list is needed. A stranger that answers with
    /// another's ISIN is not what the list holds; one that does not answer is no bond.
    function isBond(address bond) external view returns (bool) {
        (bool answered, bytes memory answer) = bond.staticcall(abi.encodeCall(IBond.isin, ()));
        if (!answered || answer.length != 32) return false;
        address registered = bondOf[bytes12(abi.decode(answer, (bytes32)))];
        return registered == bond && bond != address(0);
    }

    /// @inheritdoc IBondFactory
    function sealTerms(Terms memory terms, Provisions memory provisions, Rights memory rights)
        public
        view
        returns (bytes memory)
    {
        Provisions memory noProvisions;
        Rights memory noRights;
        bytes memory encoded = _unless(abi.encode(provisions), abi.encode(noProvisions));
        bytes memory encodedRights = _unless(abi.encode(rights), abi.encode(noRights));
        TermsCheckLib.check(terms, provisions, encoded.length == 0);
        if (encodedRights.length != 0) RightsCheckLib.check(terms, provisions, rights);
        return TermsLib.seal(terms, encoded, encodedRights);
    }

    /// @return What is sealed: nothing where there is none, so that a plain bond does not pay for it.
    function _unless(bytes memory encoded, bytes memory none) internal pure returns (bytes memory) {
        return keccak256(encoded) == keccak256(none) ? bytes("") : encoded;
    }
}
