// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IBond} from "../../bond/interfaces/IBond.sol";
import {Claim, PaymentStatus} from "./ServicingTypes.sol";

/// @title IServicingDefault
/// @notice What follows when a payment is missed: default by time alone, acceleration, recoveries.
/// @dev A missed payment is cured by funding it, with penalty interest, until the bond is made due. From then on every unit has one
/// claim, whoever held it when payments were missed: the bond trades flat. Recoveries are paid by record dates of their own.
/// Units that a put, an offer or a drawing took before have no claim, nor has who held them: what was missed of theirs is paid only if it
/// is cured before the bond is made due.
interface IServicingDefault {
    /// @notice Says that the bond is in default, and opens the notices of acceleration. Anyone may.
    /// @param cause The bond whose payment was missed: this one, or another of the issuer where the terms provide for cross-default.
    /// @param period The missed payment of `cause`; 0 where it was a put.
    /// @param put The unfunded put of `cause`; 0 where it was a payment, or where `cause` was made due.
    /// @return action The event in which holders give notice.
    function noticeDefault(IBond bond, IBond cause, uint16 period, uint16 put) external returns (uint16 action);

    /// @notice Makes the bond due at once, when holders of the stated share have given notice and the default is not cured. Anyone may.
    function accelerate(IBond bond, uint16 action) external;

    /// @notice Sets the claims of a bond whose last payment was missed. Anyone may; nothing is left to accelerate.
    function declareOverdue(IBond bond) external;

    /// @notice Pays in a recovery, for the holders at a record date to come. Caller: the issuer's account, a paying agent, or who has the power.
    /// @param amount Base units, at most what is owed.
    /// @param recordDay Day, a business day after today and within 31 days, at whose cut-off the holders are taken.
    /// @param isFinal Whether nothing more will come: who has the power says so, and names the document. What covers the claim is final.
    /// @return record Number of the payment: of `pay`, or of `redeem` where it is final.
    function fundRecovery(IBond bond, uint256 amount, uint24 recordDay, bool isFinal, bytes32 document)
        external
        returns (uint16 record);

    /* VIEWS */

    /// @return status Of a payment whose record date is known.
    /// @return until Unix time at which its grace ends; 0 where nothing is due.
    function paymentStatus(IBond bond, uint16 period) external view returns (PaymentStatus status, uint40 until);

    /// @return As stored; the claim is set when the first recovery is paid in.
    function claimOf(IBond bond) external view returns (Claim memory);

    /// @return What a unit of a bond that was made due is owed on a day, with interest to then, base units times 1e18.
    function claimOn(IBond bond, uint24 day) external view returns (Claim memory);

    /// @return Billionths of the amount that are owed for being late from one day to another.
    function penaltyOf(IBond bond, uint16 period, uint24 from, uint24 to) external view returns (uint64);
}
