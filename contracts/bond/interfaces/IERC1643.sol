// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

/// @title IERC1643
/// @notice Documents of a security. Interface id 0xecfecec8.
interface IERC1643 {
    event DocumentUpdated(bytes32 indexed name, string uri, bytes32 documentHash);
    event DocumentRemoved(bytes32 indexed name, string uri, bytes32 documentHash);

    /// @notice Thrown when a document is named with zero bytes.
    error ERC1643InvalidName();
    /// @notice Thrown when a document that is not there is to be removed.
    error ERC1643MissingDocument();

    function getDocument(bytes32 name)
        external
        view
        returns (string memory uri, bytes32 documentHash, uint256 lastModified);

    function setDocument(bytes32 name, string calldata uri, bytes32 documentHash) external;

    function removeDocument(bytes32 name) external;

    function getAllDocuments() external view returns (bytes32[] memory);
}
