// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Book, Stage, Underwriter} from "../../../contracts/primary/interfaces/OfferingTypes.sol";
import {UnderwritingLib} from "../../../contracts/primary/libraries/UnderwritingLib.sol";
import {Base} from "../Base.sol";
import {NaivePrice} from "../suite/NaivePrice.sol";

/// @notice The parts of a syndicate in a rest, against giving it out lot by lot.
contract UnderwritingTest is Base {
    uint256 private constant MEMBERS = 5;

    function testFuzz_partsOf__anyRests__sameAsLotByLot(uint8[5] memory commitments, uint256 seed) external {
        seed = uint256(keccak256(abi.encode(seed)));
        (Book memory book, uint256[] memory lots) = _book(commitments, seed);
        vm.warp(book.settlesBy);

        uint256[] memory first = _parts(book, lots, false);
        _checkParts(book, lots, first, book.takeUp, "REST-2: parts are those of giving out lot by lot");

        vm.warp(book.settlesBy + 1);
        uint256[] memory second = _parts(book, lots, true);
        uint256 rest = uint256(book.competitive) + book.nonCompetitiveShare + book.takeUp - book.issued;
        uint256 left = book.commitments - book.takeUp;
        _checkSecond(book, lots, first, second, rest < left ? rest : left);
    }

    function _checkParts(
        Book memory book,
        uint256[] memory lots,
        uint256[] memory found,
        uint256 rest,
        string memory what
    ) private pure {
        if (book.commitments == 0) return;
        uint256[] memory wanted = NaivePrice.parts(rest / book.lot, lots);
        uint256 sum;
        for (uint256 i; i < MEMBERS; ++i) {
            assertEq(found[i], wanted[i] * book.lot, what);
            assertLe(found[i], lots[i] * book.lot, "REST-3: nobody takes up more than he committed");
            sum += found[i];
        }
        assertEq(sum, rest, "REST-2: the parts sum up to the rest");
    }

    /// @dev Parts of a second rest may round up once more for the same member; what he committed is the end of it.
    function _checkSecond(
        Book memory book,
        uint256[] memory lots,
        uint256[] memory first,
        uint256[] memory second,
        uint256 rest
    ) private pure {
        if (book.commitments == 0) return;
        uint256[] memory wanted = NaivePrice.parts(rest / book.lot, lots);
        uint256 sum;
        for (uint256 i; i < MEMBERS; ++i) {
            uint256 part = wanted[i] * book.lot;
            uint256 most = lots[i] * book.lot - first[i];
            assertEq(second[i], part < most ? part : most, "REST-4: the second part, up to what was committed");
            sum += second[i];
        }
        assertLe(sum, rest, "REST-4: no more than what was not paid");
        assertGe(sum + MEMBERS * book.lot, rest, "REST-4: and less only by rounding");
    }

    function _parts(Book memory book, uint256[] memory lots, bool later) private view returns (uint256[] memory parts) {
        parts = new uint256[](MEMBERS);
        uint256 before;
        for (uint256 i; i < MEMBERS; ++i) {
            Underwriter memory member;
            (member.joined, member.class) = (lots[i] != 0, 1);
            (member.commitment, member.before) = (uint64(lots[i]) * book.lot, uint64(before));
            before += member.commitment;
            (uint64 first, uint64 second) = UnderwritingLib.partsOf(book, member);
            parts[i] = later ? second : first;
            assertTrue(later || second == 0, "REST-4: no second part before its time");
        }
    }

    function _book(uint8[5] memory commitments, uint256 seed)
        private
        pure
        returns (Book memory book, uint256[] memory lots)
    {
        (book.stage, book.lot) = (Stage.PUBLISHED, seed % 2 == 0 ? 1 : 5);
        (book.settlesBy, book.takesUpBy) = (1_000, 2_000);
        lots = new uint256[](MEMBERS);
        uint256 sum;
        for (uint256 i; i < MEMBERS; ++i) {
            lots[i] = commitments[i] % 4 == 0 ? 0 : commitments[i] / 4;
            sum += lots[i];
        }
        book.commitments = uint64(sum) * book.lot;
        book.takeUp = uint64((seed >> 8) % (sum + 1)) * book.lot;
        book.competitive = uint64((seed >> 24) % 60) * book.lot;
        book.nonCompetitiveShare = uint64((seed >> 40) % 9) * book.lot;
        uint256 sold = (book.competitive + book.nonCompetitiveShare + book.takeUp) / book.lot;
        book.issued = uint64((seed >> 56) % (sold + 1)) * book.lot;
    }
}
