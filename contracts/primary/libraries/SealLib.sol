// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {TickBid} from "../interfaces/OfferingTypes.sol";

/// @title SealLib
/// @notice What the book holds of a bidder, one word: the hash of a seal, then of his opened bids.
/// @dev Each kind has its tag, so that nobody can seal something that reads as opened bids which were never counted.
library SealLib {
    bytes32 private constant SEALED = keccak256("Indenture sealed bid");
    bytes32 private constant OPENED = keccak256("Indenture opened bids");
    bytes32 private constant TICK_BID_TYPEHASH = keccak256("TickBid(uint64 quote,uint64 units,address account)");
    bytes32 private constant SEALED_BID_TYPEHASH = keccak256(
        "SealedBid(uint256 offeringId,address bidder,TickBid[] bids,bytes32 salt)TickBid(uint64 quote,uint64 units,address account)"
    );

    /// @return The word of a sealed bid.
    function sealedWord(bytes32 commitment, bytes32 ciphertextHash) internal pure returns (bytes32) {
        return keccak256(abi.encode(SEALED, commitment, ciphertextHash));
    }

    /// @return The word of opened bids.
    function openedWord(bytes32 bidsHash) internal pure returns (bytes32) {
        return keccak256(abi.encode(OPENED, bidsHash));
    }

    /// @return hash EIP-712 hash of an array of bids.
    /// @dev Written by hand, as each act on a bid begins with it: about 300 gas a bid less than what solc writes. Three words a
    /// bid, hashed as they lie in calldata: words that are no bid cannot be opened, so their hash is nobody's.
    function hashOf(TickBid[] calldata bids) internal pure returns (bytes32 hash) {
        bytes32 typeHash = TICK_BID_TYPEHASH;
        assembly ("memory-safe") {
            let hashes := mload(0x40)
            let scratch := add(hashes, shl(5, bids.length))
            mstore(scratch, typeHash)
            let end := scratch
            let input := bids.offset
            for { let next := hashes } lt(next, end) { next := add(next, 32) } {
                calldatacopy(add(scratch, 32), input, 96)
                mstore(next, keccak256(scratch, 128))
                input := add(input, 96)
            }
            hash := keccak256(hashes, shl(5, bids.length))
        }
    }

    /// @return EIP-712 struct hash of what a bidder seals.
    function structHash(uint256 offeringId, address bidder, bytes32 bidsHash, bytes32 salt)
        internal
        pure
        returns (bytes32)
    {
        return keccak256(abi.encode(SEALED_BID_TYPEHASH, offeringId, bidder, bidsHash, salt));
    }
}
