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
    function register(Terms calldata terms) external returns (address bond) {
        AccountWord word = REGISTRY.wordOf(msg.sender);
        require(
            word.hasRoles(Roles.ISSUER) && word.lei() == terms.issuer && terms.issuerAccount == msg.sender,
            BondIssuerRefused(msg.sender, terms.issuer)
        );
        address code = implementation;
        require(code != address(0), BondImplementationInvalid(code));
        address other = bondOf[terms.isin];
        require(other == address(0), BondAlreadyRegistered(terms.isin, other));
        _checkTerms(terms);

        bond = Clones.cloneDeterministicWithImmutableArgs(code, TermsLib.seal(terms), terms.isin);
        bondOf[terms.isin] = bond;

        ++bondCount;

        emit BondRegistered(terms.isin, bond, terms.issuer, code, terms);
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

    function _checkTerms(Terms calldata terms) internal view {
        require(IdentifierLib.isValidIsin(terms.isin), BondIsinInvalid(terms.isin));
        require(terms.currency.code.length != 0, BondTermInvalid("currency"));
        require(terms.faceValue != 0, BondTermInvalid("faceValue"));
        // What a payment can come to must fit the escrow's 128 bits: units * faceValue, with a coupon of at most 430 %.
        require(terms.units != 0 && uint256(terms.units) * terms.faceValue < 1 << 120, BondTermInvalid("units"));
        require(terms.minimumUnits != 0 && terms.minimumUnits <= terms.units, BondTermInvalid("minimumUnits"));
        require(terms.eligible != 0, BondTermInvalid("eligible"));
        // Every due day must be a date: 2300-01-01 is beyond any bond, and leaves the calendar's own end its margin.
        require(terms.issueDay != 0 && terms.issueDay < 120_530, BondTermInvalid("issueDay"));
        require(terms.periods != 0 && terms.periods <= 1200, BondTermInvalid("periods"));
        require(terms.monthsPerPeriod != 0 && 12 % terms.monthsPerPeriod == 0, BondTermInvalid("monthsPerPeriod"));
        require(terms.calendar != 0, BondTermInvalid("calendar"));
        require(terms.recordBusinessDays <= 10, BondTermInvalid("recordBusinessDays"));
        require(terms.cutOff <= 1 days, BondTermInvalid("cutOff"));
        require(terms.utcOffset >= -12 * 60 && terms.utcOffset <= 14 * 60, BondTermInvalid("utcOffset"));
        require(terms.termSheetHash != 0, BondTermInvalid("termSheetHash"));
        uint256 length = bytes(terms.name).length;
        require(length != 0 && length <= 64, BondTermInvalid("name"));
        length = bytes(terms.symbol).length;
        require(length != 0 && length <= 35, BondTermInvalid("symbol"));
    }
}
