// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IBond} from "../../bond/interfaces/IBond.sol";
import {Drawing} from "./ServicingTypes.sol";

/// @title IServicingDrawings
/// @notice Redemption of some units, drawn by lot: a call in part, or a sinking fund; and what the issuer buys back.
/// @dev A systematic sample: holders in a row, as they are counted, each drawn for the multiples of `units / most` that fall
/// into his holding, from a random start. Everybody is drawn for his pro rata share, rounded down or up. Bound units are left out. The
/// books are shut from the first count until it is drawn from all.
interface IServicingDrawings {
    /// @notice Calls units by lot. Caller: the issuer's account, where the terms give the right.
    /// @param day Day for which they are called, unadjusted.
    function callByLot(IBond bond, uint24 day, uint64 units) external returns (uint16 action);

    /// @notice Announces the drawing of a sinking fund, less what was cancelled before. Anyone may, from 60 days before it is due on.
    /// @return action 0 where nothing is left to draw.
    function drawSinking(IBond bond, uint16 period) external returns (uint16 action);

    /// @notice Puts holders into the row. Anyone may, in batches whose size he picks; the first one shuts the books.
    /// @param holders Who hold units that are not bound, and do not stand in it; every one of them in the end, in any order.
    function count(IBond bond, uint16 action, address[] calldata holders) external;

    /// @notice Draws from holders, once all are counted, from the second block after on. Anyone may, in batches; the last one opens the books.
    /// @param holders From whom it was not drawn yet; every one of them in the end, in any order.
    function draw(IBond bond, uint16 action, address[] calldata holders) external;

    /// @notice Cancels units of the issuer's own, bought back before. Caller: the issuer's account.
    function cancelUnits(IBond bond, uint64 units) external;

    /* VIEWS */

    function drawingOf(IBond bond, uint16 action) external view returns (Drawing memory);

    /// @return Units cancelled that still count towards the sinking fund.
    function sinkingCredit(IBond bond) external view returns (uint64);

    /// @return The event of a sinking fund's drawing; 0 for none yet.
    function sinkingOf(IBond bond, uint16 period) external view returns (uint16);
}
