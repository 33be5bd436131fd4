// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {Book, Cuts, Opening, Proof} from "./OfferingTypes.sol";

/// @title IOfferingClearing
/// @notice The stages from the close of the book to its result, and its early ends.
interface IOfferingClearing {
    /* STAGES */

    /// @notice Cancels the offering before the close; all deposits are returned. Caller: the issuer's account.
    function cancel(uint256 offeringId, bytes32 reason) external;

    /// @notice Closes the book, from `closesAt` on. Anyone may call it.
    /// @dev A sealed one only while bids can still be opened: else whoever gains by lost deposits could close it too late.
    function closeBook(uint256 offeringId) external;

    /// @notice Declares the over-allotment, once, from `revealsBy` until `overAllotsBy`. Caller: the issuer's account.
    /// @param units Whole lots up to the cap; 0 declines, so that nobody has to wait.
    function declareOverAllotment(uint256 offeringId, uint64 units) external;

    /// @notice Clears the book: one pass over the levels, best first, in one transaction of bounded work. Anyone may call it
    /// from `revealsBy`, or the end of the over-allotment, until `clearsBy`.
    /// @dev Nothing is proposed, so nothing can be wrong: units are counted by level as bids are opened.
    function clear(uint256 offeringId) external;

    /// @notice Proves the shares of bids at a level that is not filled, in one pass over their bidders, by ascending address,
    /// in batches. Anyone may call it until `clearsBy`.
    /// @dev In lots: of `share` lots for `bid`, an entry of `u` gets floor(u * share / bid). The lots left over go one each to
    /// the entries with the highest score (largest remainder). A score is the remainder u * share mod bid in the high 64 bits
    /// and, to part equals, the low 192 bits of keccak256(abi.encode(offeringId, bidder, account)). The cut is the lowest
    /// score that gets one. The pass checks that nobody is left out (units sum up to what was bid at the level), nobody is
    /// repeated (bidders ascend) and the shares sum up: only one set of entries can do that.
    function allocate(uint256 offeringId, Cuts calldata cuts, Opening[] calldata openings) external;

    /// @notice Fails an offering that was not opened by `opensAt`, or not cleared by `clearsBy`. Anyone may call it.
    /// @dev One whose book was never closed is cancelled instead: no bid could be opened, so none loses its deposit.
    function fail(uint256 offeringId) external;

    /* VIEWS */

    function bookOf(uint256 offeringId) external view returns (Book memory);

    /// @return Units with a quote of this level in the opened bids.
    function unitsAt(uint256 offeringId, uint16 level) external view returns (uint64);

    /// @return Zeros when the prover has no pass under way.
    function proofOf(uint256 offeringId, address prover) external view returns (Proof memory);
}
