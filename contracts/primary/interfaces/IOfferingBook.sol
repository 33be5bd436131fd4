// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {TickBid} from "./OfferingTypes.sol";

/// @title IOfferingBook
/// @notice Standing deposits and bids.
interface IOfferingBook {
    /* DEPOSITS */

    /// @notice Adds money to the caller's standing deposit.
    /// @param cash The currency, an ERC-20 that moves what it says.
    function fundDeposit(address cash, uint128 amount) external;

    /// @notice Takes money out of the caller's standing deposit.
    function withdrawDeposit(address cash, uint128 amount) external;

    /* BIDS */

    /// @notice Seals the caller's bids, or replaces them. Form SEALED. The first takes the deposit: from the standing deposit,
    /// and what that lacks from the caller's account.
    /// @param commitment See `commitmentOf`.
    function sealBid(uint256 offeringId, bytes32 commitment) external;

    /// @notice Seals the caller's bids, or replaces them, as `sealBid` does. Form ENCRYPTED.
    /// @param ciphertext The opening, encrypted to the book's key; the chain cannot read it, and keeps its hash.
    function encryptBid(uint256 offeringId, bytes32 commitment, bytes calldata ciphertext) external;

    /// @notice Places the caller's bids in an OPEN book, or replaces them. The deposit is taken as in `sealBid`.
    /// @param bids Ascending by quote, then by account; no pair twice.
    /// @param previous The bids that they replace, as told by `BidsOpened`; none the first time.
    function placeBid(uint256 offeringId, TickBid[] calldata bids, TickBid[] calldata previous) external;

    /// @notice Withdraws the caller's bids; their deposit goes back to the standing one. Until the book closes.
    /// @param previous Form OPEN: the bids, as told by `BidsOpened`; otherwise none.
    function withdrawBid(uint256 offeringId, TickBid[] calldata previous) external;

    /// @notice Opens sealed bids, from `closesAt` until `revealsBy`; the first closes the book if nobody did. Anyone who knows the
    /// opening may call it.
    /// @dev Bids that break a rule cannot be opened, so that their deposit is lost: to seal nonsense is not free.
    /// @param ciphertextHash Keccak-256 of the ciphertext; zero for form SEALED.
    function openBid(uint256 offeringId, address bidder, TickBid[] calldata bids, bytes32 salt, bytes32 ciphertextHash)
        external;

    /* VIEWS */

    /// @return Base units of the currency that stand ready for an account, and are its own.
    function depositOf(address cash, address account) external view returns (uint128);

    /// @return What the book holds of a bidder: the hash of a seal or of opened bids; zero for none, and once they are
    /// settled, released, lapsed or forfeited.
    function bidOf(uint256 offeringId, address bidder) external view returns (bytes32);

    /// @return EIP-712 hash of `SealedBid(uint256 offeringId,address bidder,TickBid[] bids,bytes32 salt)`.
    function commitmentOf(uint256 offeringId, address bidder, TickBid[] calldata bids, bytes32 salt)
        external
        view
        returns (bytes32);
}
