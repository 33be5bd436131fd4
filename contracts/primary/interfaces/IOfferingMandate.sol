// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IBond} from "../../bond/interfaces/IBond.sol";
import {ClassRule, Conditions, Underwriter} from "./OfferingTypes.sol";

/// @title IOfferingMandate
/// @notice Mandate and syndicate, up to the opening of the book; and what was agreed in them.
interface IOfferingMandate {
    /* MANDATE AND SYNDICATE */

    /// @notice Lays down the conditions of an offering. Caller: the account that registered the bond, with role ISSUER.
    /// @dev RATE asks for a bond whose coupon is to be fixed by an offering; PRICE for one whose coupon is fixed.
    /// @param classes Rules by class of the syndicate, 1 to 8; class 0 is everybody else.
    function mandate(Conditions calldata conditions, ClassRule[] calldata classes) external returns (uint256 offeringId);

    /// @notice Accepts the mandate. Caller: the bookrunner.
    /// @param encryptionKey X25519 public key for this book, form ENCRYPTED; else zero.
    function acceptMandate(uint256 offeringId, bytes32 encryptionKey) external;

    /// @notice Invites to the syndicate, or changes an invitation that is not accepted. Caller: the bookrunner.
    /// @param class 1 or above.
    /// @param commitment Units that he takes up at most if bids leave a rest; whole lots, may be 0.
    function invite(uint256 offeringId, address underwriter, uint8 class, uint64 commitment) external;

    /// @notice Accepts the invitation and gives the deposit. Caller: the invited account, with role UNDERWRITER.
    /// @param class As invited, and `commitment`: what one signs is what one saw.
    function joinSyndicate(uint256 offeringId, uint8 class, uint64 commitment) external;

    /// @notice Opens the book for its hours, and pins the bond's documents. Caller: the bookrunner, by `opensAt`: a book that
    /// opens late would be open for those who know.
    function openBook(uint256 offeringId) external;

    /* VIEWS */

    function offeringCount() external view returns (uint256);

    /// @return The latest offering of a bond; zero when there was none.
    function offeringOf(IBond bond) external view returns (uint256);

    function classesOf(uint256 offeringId) external view returns (ClassRule[] memory);

    /// @return Invited accounts, in their order.
    function syndicateOf(uint256 offeringId) external view returns (address[] memory);

    function underwriterOf(uint256 offeringId, address account) external view returns (Underwriter memory);
}
