// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {TickBid} from "../../../contracts/primary/interfaces/OfferingTypes.sol";

/// @notice What a seal binds, written out as EIP-712 says it, with each type in full.
library NaiveSeal {
    string private constant TICK_BID = "TickBid(uint64 quote,uint64 units,address account)";
    string private constant SEALED_BID = "SealedBid(uint256 offeringId,address bidder,TickBid[] bids,bytes32 salt)";

    function commitment(address offering, uint256 id, address bidder, TickBid[] memory bids, bytes32 salt)
        internal
        view
        returns (bytes32)
    {
        bytes32 domain = keccak256(
            abi.encode(
                keccak256("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"),
                keccak256("Indenture Offering"),
                keccak256("1"),
                block.chainid,
                offering
            )
        );
        bytes32 sealedBid = keccak256(
            abi.encode(keccak256(bytes.concat(bytes(SEALED_BID), bytes(TICK_BID))), id, bidder, hashOf(bids), salt)
        );
        return keccak256(bytes.concat("\x19\x01", domain, sealedBid));
    }

    function hashOf(TickBid[] memory bids) internal pure returns (bytes32) {
        bytes memory hashes;
        for (uint256 i; i < bids.length; ++i) {
            bytes32 typeHash = keccak256(bytes(TICK_BID));
            bytes32 hash = keccak256(abi.encode(typeHash, bids[i].quote, bids[i].units, bids[i].account));
            hashes = bytes.concat(hashes, hash);
        }
        return keccak256(hashes);
    }

    /// @return What the book holds of bids that are sealed.
    function sealedWord(bytes32 sealedBid, bytes32 ciphertextHash) internal pure returns (bytes32) {
        return keccak256(abi.encode(keccak256("Indenture sealed bid"), sealedBid, ciphertextHash));
    }

    /// @return What the book holds of bids that are open.
    function openedWord(TickBid[] memory bids) internal pure returns (bytes32) {
        return keccak256(abi.encode(keccak256("Indenture opened bids"), hashOf(bids)));
    }
}
