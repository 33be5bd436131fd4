// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {Book, Stage, Underwriter} from "../interfaces/OfferingTypes.sol";
import {AllocationLib} from "./AllocationLib.sol";

/// @title UnderwritingLib
/// @notice What a member of the syndicate takes up of the rest.
library UnderwritingLib {
    /// @return first Units of his part of what the clearing left.
    /// @return second Units of his part of what was not paid by `settlesBy`; zero until then. Never more than he committed
    /// with the first: what rounding leaves then is not issued.
    function partsOf(Book memory book, Underwriter memory member) internal view returns (uint64 first, uint64 second) {
        if (book.stage != Stage.PUBLISHED || !member.joined || member.commitment == 0) return (0, 0);
        first = _part(book, member, book.takeUp);
        // Without a second after `settlesBy` nobody could take up what was not paid.
        if (block.timestamp <= book.settlesBy || book.takesUpBy == book.settlesBy) return (first, 0);
        uint64 rest = book.competitive + book.nonCompetitiveShare + book.takeUp - book.issued;
        uint64 left = book.commitments - book.takeUp;
        second = _part(book, member, rest < left ? rest : left);
        uint64 most = first < member.commitment ? member.commitment - first : 0;
        if (second > most) second = most;
    }

    function _part(Book memory book, Underwriter memory member, uint64 rest) private pure returns (uint64) {
        uint64 lot = book.lot;
        return
            lot * AllocationLib.partOf(rest / lot, member.before / lot, member.commitment / lot, book.commitments / lot);
    }
}
