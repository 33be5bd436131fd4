// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {Model} from "../suite/Model.sol";
import {Replay} from "../suite/Replay.sol";
import {World} from "../suite/Suite.sol";
import {Handler} from "./Handler.sol";
import {BidActs} from "./offering/BidActs.sol";
import {ClearingActs} from "./offering/ClearingActs.sol";
import {EndActs} from "./offering/EndActs.sol";
import {MandateActs} from "./offering/MandateActs.sol";

/// @notice The whole of the primary market: mandate, bids, clearing, payment. Each part foresees how its acts end.
contract OfferingHandler is MandateActs, BidActs, ClearingActs, EndActs {
    constructor(World memory world_, Model model_, Replay replay_, address[] memory holders_)
        Handler(world_, model_, replay_, holders_)
    {}

    /// @dev Before most acts the market takes the steps that are due, so that offerings come to their ends.
    function _before(uint256 seed) internal override {
        if (seed % 4 == 0) return;
        for (uint256 id = 1; id <= latest; ++id) {
            uint256 each = _mix(seed ^ id);
            if (each % 8 != 0) _keepUp(id, each >> 8);
            if (each % 8 == 2) _keepPreparing(id, each >> 8);
            if (each % 8 == 1) _keepPaying(id, each >> 8);
        }
    }

    function _calm() internal pure override returns (uint256) {
        return 4;
    }
}
