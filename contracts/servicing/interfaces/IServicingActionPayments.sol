// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IBond} from "../../bond/interfaces/IBond.sol";
import {Payment, UnitPayment} from "./ServicingTypes.sol";

/// @title IServicingActionPayments
/// @notice Pays for units that are taken, and burns or exchanges them in the same act: money first.
interface IServicingActionPayments {
    /// @notice Escrows the price of an event, from the caller, on its payment day or later; late for a put, with penalty interest.
    function fundAction(IBond bond, uint16 action) external;

    /// @notice Pays holders for what is taken of their elections, and releases the rest. Anyone may, in batches. Nothing is taken for a new
    /// bond that cannot be issued to the holder any more; of a bond that was made due, nothing from its next record date on.
    function settleAction(IBond bond, uint16 action, address[] calldata holders) external;

    /* VIEWS */

    function actionPayment(IBond bond, uint16 action) external view returns (Payment memory);

    /// @return each What a unit would be paid if it were funded now.
    /// @return units Most units that are taken.
    function actionTerms(IBond bond, uint16 action) external view returns (UnitPayment memory each, uint64 units);

    /// @return Units that are taken of an election: all, or the pro rata part, rounded down.
    function takenOf(IBond bond, uint16 action, uint64 units) external view returns (uint64);
}
