// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IBond} from "../../bond/interfaces/IBond.sol";
import {Payment} from "./ServicingTypes.sol";

/// @title IServicingPayments
/// @notice Pays what bonds owe: money is escrowed payment by payment, and belongs to the holders of record.
/// @dev A holder's amount is rounded as the terms say; what is left when all holders are paid is the residue, less than one base
/// unit a holder and part (interest, principal), and goes back to the payer.
interface IServicingPayments {
    /// @notice Escrows a payment, from the caller; anybody may pay for the issuer. The same cost for any number of holders.
    function fund(IBond bond, uint16 period) external;

    /// @notice Pays a coupon to holders, in a batch whose size the caller picks; those already served are passed over.
    function pay(IBond bond, uint16 period, address[] calldata holders) external;

    /// @notice Pays the last payment to holders, and burns their units.
    function redeem(IBond bond, address[] calldata holders) external;

    /// @notice Pays the caller what he is owed of a payment.
    function claim(IBond bond, uint16 period) external;

    /// @notice Pays buyers to whom payments of units were transferred.
    function payClaims(IBond bond, uint16 period, address[] calldata buyers) external;

    /// @notice Sends a holder what was kept for him, once nothing of his is frozen. Anyone may call it.
    function collect(IBond bond, address holder) external;

    /// @notice Gives the payment of units to a buyer in the seller's place. Caller: the Settlement of the bond.
    /// @return due What the seller has received for them already, after tax, and owes the buyer; 0 when he has not been paid.
    function transferClaim(IBond bond, uint16 period, address seller, address buyer, uint64 units)
        external
        returns (uint256 due);

    /* VIEWS */

    function payment(IBond bond, uint16 period) external view returns (Payment memory);

    function keptFor(IBond bond, address holder) external view returns (uint256);

    /// @return Units whose payment was transferred to a buyer and not paid yet.
    function claimedBy(IBond bond, uint16 period, address buyer) external view returns (uint64);

    /// @return Units for which a buyer has the money, by claim or from his seller.
    function claimsPaidTo(IBond bond, uint16 period, address buyer) external view returns (uint64);

    /// @return Units of a seller whose payment was transferred to buyers.
    function transferredBy(IBond bond, uint16 period, address seller) external view returns (uint64);

    /// @return taxAccount Receives what is withheld.
    /// @return rates Billionths of the interest that are withheld from each account as it stands now.
    function taxRatesOf(IBond bond, address[] calldata accounts)
        external
        view
        returns (address taxAccount, uint32[] memory rates);
}
