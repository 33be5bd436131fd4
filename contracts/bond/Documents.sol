// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IBond} from "./interfaces/IBond.sol";
import {IERC1643} from "./interfaces/IERC1643.sol";
import {Roles} from "../membership/libraries/Roles.sol";
import {Register} from "./Register.sol";
import {TermsLib} from "./libraries/TermsLib.sol";

/// @title Documents
/// @notice Documents of a bond by name (ERC-1643). The events keep every version.
abstract contract Documents is Register, IERC1643 {
    /// @inheritdoc IERC1643
    function setDocument(bytes32 name, string calldata uri, bytes32 documentHash) external {
        _checkDocumentCaller();
        require(name != 0, ERC1643InvalidName());

        Document storage document = _documents[name];
        if (document.position == 0) {
            _documentNames.push(name);
            document.position = uint32(_documentNames.length);
        }
        document.documentHash = documentHash;
        document.lastModified = uint40(block.timestamp);
        document.uri = uri;

        emit DocumentUpdated(name, uri, documentHash);
    }

    /// @inheritdoc IERC1643
    function removeDocument(bytes32 name) external {
        _checkDocumentCaller();
        Document memory document = _documents[name];
        require(document.position != 0, ERC1643MissingDocument());

        bytes32 last = _documentNames[_documentNames.length - 1];
        _documentNames[document.position - 1] = last;
        _documents[last].position = document.position;
        _documentNames.pop();
        delete _documents[name];

        emit DocumentRemoved(name, document.uri, document.documentHash);
    }

    /// @inheritdoc IERC1643
    function getDocument(bytes32 name)
        external
        view
        returns (string memory uri, bytes32 documentHash, uint256 lastModified)
    {
        Document storage document = _documents[name];
        return (document.uri, document.documentHash, document.lastModified);
    }

    /// @inheritdoc IERC1643
    function getAllDocuments() external view returns (bytes32[] memory) {
        return _documentNames;
    }

    /// @dev The issuer that registered the bond, as long as it is one.
    function _checkDocumentCaller() internal view {
        require(msg.sender == TermsLib.issuerAccount(), IBond.BondCallerRefused(msg.sender));
        require(REGISTRY.hasRoles(msg.sender, Roles.ISSUER), IBond.BondCallerRefused(msg.sender));
    }
}
