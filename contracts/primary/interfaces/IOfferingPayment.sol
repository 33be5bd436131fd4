// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {Opening, TickBid, Unopened} from "./OfferingTypes.sol";

/// @title IOfferingPayment
/// @notice From the result to the last refund: payment and issue, the rest, lost and returned deposits.
/// @dev A batch does all that it can: who is settled already is passed over, who cannot pay or hold now is skipped.
interface IOfferingPayment {
    /* PAYMENT AND ISSUE */

    /// @notice Winners pay and get their units, in one act for each. Anyone may call it, from `settlesFrom` to `settlesBy`.
    /// @dev A winner pays with the deposit of his bid first, then from his standing deposit, then from his account. One who
    /// cannot pay, or one of whose accounts may not hold the bond now, is skipped and can be settled later in time.
    function settle(uint256 offeringId, Opening[] calldata openings) external;

    /// @notice Underwriters pay for their part of the rest and get it. Anyone may call it.
    /// @dev Up to `settlesBy` the rest is what the clearing left; after it, up to `takesUpBy`, what was not paid. Each part
    /// is by commitments, rounded down on running sums in the order of the syndicate.
    function takeUp(uint256 offeringId, address[] calldata underwriters) external;

    /// @notice Returns the deposits of bidders who won nothing, or whose offering failed or was cancelled, to their standing
    /// deposits. Anyone may call it.
    function release(uint256 offeringId, Opening[] calldata openings) external;

    /// @notice After `settlesBy`: winners who did not pay lose their deposit to the issuer. Anyone may call it.
    /// @dev A winner who may not hold the bond now, or whose bond is paused or waits for business days to be published, loses his
    /// units and keeps his deposit. A bidder
    /// answers for his clients: where only a client may not hold it, the deposit is lost.
    function lapse(uint256 offeringId, Opening[] calldata openings) external;

    /// @notice After `revealsBy`: bids that nobody opened lose their deposit to the issuer; where the offering was cancelled,
    /// it is returned. Anyone may call it.
    function forfeit(uint256 offeringId, Unopened[] calldata unopened) external;

    /// @notice Underwrites more units at the issue price, in the seconds after the result. Caller: a bidder of an entitled
    /// class. Again replaces.
    /// @param bids The caller's bids, as told by `BidsOpened`.
    /// @param units Whole lots; `settle` takes the money for them.
    function underwriteMore(uint256 offeringId, TickBid[] calldata bids, uint64 units) external;

    /// @notice After `takesUpBy`: returns the deposits of underwriters who took up their parts, had none, or may not hold the
    /// bond; the others lose theirs to the issuer. Where the offering failed or was cancelled all are returned, at once.
    /// Anyone may call it.
    function discharge(uint256 offeringId, address[] calldata underwriters) external;

    /* VIEWS */

    /// @return Units that a bidder underwrote after the result.
    function additionalOf(uint256 offeringId, address bidder) external view returns (uint64);

    /// @return Units of an underwriter's part up to `settlesBy`, and of the one after it (zero until then).
    function takeUpOf(uint256 offeringId, address account) external view returns (uint64, uint64);

    /// @return units Allotted to each bid of an opening, once published.
    /// @return amount Base units that the bidder pays for them, additional units and accrued interest included.
    function allotmentOf(uint256 offeringId, Opening calldata opening)
        external
        view
        returns (uint64[] memory units, uint256 amount);
}
