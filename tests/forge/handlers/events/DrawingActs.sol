// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {Rights} from "../../../../contracts/bond/interfaces/Rights.sol";
import {Action, ActionKind, Drawing} from "../../../../contracts/servicing/interfaces/ServicingTypes.sol";
import {IBondToken} from "../../suite/IBondToken.sol";
import {Naive} from "../../suite/Naive.sol";
import {ElectionActs} from "./ElectionActs.sol";

/// @notice Units are called by lot, and drawn for the sinking fund.
abstract contract DrawingActs is ElectionActs {
    /// @dev Holdings among which an event draws, as they stood when the books were shut.
    mapping(IBondToken bond => mapping(uint16 action => mapping(address holder => uint256))) internal _drawable;
    /// @dev One for those along whom it was drawn.
    mapping(IBondToken bond => mapping(uint16 action => mapping(address holder => uint256))) internal _drawnOf;

    function lot(uint256 seed, uint256 bondSeed) external act(seed) {
        seed = _mix(seed);
        IBondToken bond = _bond(bondSeed);
        uint16 number = _openDrawing(bond);
        if (number != 0 && seed % 8 != 0) return _draw(bond, number, seed >> 8);
        if (seed % 16 < 4) _callByLot(bond, seed >> 8);
        else _drawSinking(bond, seed >> 8);
    }

    function _callByLot(IBondToken bond, uint256 seed) private {
        uint24 day = uint24(_now() / 1 days + 3 + seed % 20);
        uint64 units = uint64(1 + (seed >> 16) % 60);
        bytes memory data = abi.encodeCall(world.servicing.callByLot, (bond, day, units));

        address actor = _issuer(seed >> 32);
        if (!_serve("callByLot", actor, data)) return;

        _demand(actor == world.issuer && !_isDue(bond), "CALL-1: the issuer calls, where he may");
        _demand(_now() + 5 days + 8 hours <= uint256(day) * 1 days, "CALL-4: notice is given in time");
    }

    function _drawSinking(IBondToken bond, uint256 seed) private {
        uint16 period = uint16(1 + seed % 4);
        bool isKnown = world.servicing.sinkingOf(bond, period) != 0;
        uint64 credit = world.servicing.sinkingCredit(bond);

        bytes memory data = abi.encodeCall(world.servicing.drawSinking, (bond, period));
        if (!_serve("drawSinking", world.payingAgent, data)) return;

        _demand(!isKnown, "DRAW-1: a sinking fund draws once a payment");
        uint256 due = Naive.addMonths(bond.terms().schedule.issueDay, period) * 1 days - 8 hours;
        _demand(_now() + 60 days >= due, "DRAW-9: within sixty days of it");
        (,, Rights memory rights) = world.servicing.termsAt(bond, world.servicing.versionAt(bond, period));
        uint64 wanted = rights.sinking[period - 1].units;
        uint64 used = credit < wanted ? credit : wanted;
        _demand(world.servicing.sinkingCredit(bond) == credit - used, "DRAW-10: what was cancelled counts once");
        if (used == wanted) return;
        Action memory action = world.servicing.actionOf(bond, world.servicing.sinkingOf(bond, period));
        _demand(action.most == wanted - used, "DRAW-10: and lessens what is drawn");
    }

    /// @dev First everybody is counted into a row, then it is drawn along it: few or all at a time, in any order. Now and then
    /// one is among them who was there before, which is refused.
    function _draw(IBondToken bond, uint16 number, uint256 seed) internal {
        Drawing memory before = world.servicing.drawingOf(bond, number);
        mapping(address holder => uint256) storage seen =
            before.countedIn == 0 ? _drawable[bond][number] : _drawnOf[bond][number];
        address[] memory batch = _next(bond, number, before.countedIn != 0, seed >> 8, 1 + seed % 4);
        if (batch.length != 0 && (seed >> 8) % 8 == 0) batch[batch.length - 1] = _person(seed >> 16);
        bool isWrong = _seesTwice(seen, batch);
        bytes memory data = before.countedIn == 0
            ? abi.encodeCall(world.servicing.count, (bond, number, batch))
            : abi.encodeCall(world.servicing.draw, (bond, number, batch));

        if (!_serve(before.countedIn == 0 ? bytes32("count") : bytes32("draw"), world.payingAgent, data)) return;

        _demand(!isWrong, "DRAW-2: nobody is counted or drawn twice");
        _demand(
            before.countedIn < cheats.getBlockNumber(), "DRAW-8: the row is complete a block before the sample begins"
        );
        for (uint256 i; i < batch.length; ++i) {
            if (before.countedIn == 0) seen[batch[i]] = bond.entryOf(batch[i]).units - bond.entryOf(batch[i]).pledged;
            else _drawn(bond, number, batch[i]);
        }
        before = world.servicing.drawingOf(bond, number);
        if (before.countedIn == 0 || before.passed != before.units) return;
        _checkDrawing(bond, number, before.units);
        _demand(
            world.servicing.actionOf(bond, number).closesAt >= _now(),
            "DRAW-11: who draws late leaves the payer his days of grace"
        );
    }

    function _drawn(IBondToken bond, uint16 number, address holder) private {
        uint64 units = world.servicing.electedBy(bond, number, holder);
        _drawnOf[bond][number][holder] = 1;
        electedBy[bond][number][holder] = units;
        _fates[bond][number].elected += units;
    }

    function _seesTwice(mapping(address holder => uint256) storage seen, address[] memory batch)
        private
        view
        returns (bool)
    {
        for (uint256 i; i < batch.length; ++i) {
            if (seen[batch[i]] != 0 || _isRepeated(batch, i)) return true;
        }
        return false;
    }

    /// @dev As many as were to be drawn, and of nobody a unit more or less than his part of them.
    function _checkDrawing(IBondToken bond, uint16 number, uint256 all) private {
        uint256 most = world.servicing.actionOf(bond, number).most;
        if (most > all) most = all;
        uint256 sum;
        uint256 counted;
        for (uint256 i; i < people.length; ++i) {
            uint256 drawn = electedBy[bond][number][people[i]] * all;
            uint256 share = _drawable[bond][number][people[i]] * most;
            _demand(
                drawn < share + all && share < drawn + all, "DRAW-4: everybody is drawn within one unit of pro rata"
            );
            sum += electedBy[bond][number][people[i]];
            counted += _drawable[bond][number][people[i]];
        }
        _demand(sum == most && counted == all, "DRAW-3: all that was to be drawn is, among all who hold");
    }

    /// @return batch Up to `most` who hold units that are not bound and were not counted; then, of those, who were not drawn.
    function _next(IBondToken bond, uint16 number, bool isCounted, uint256 seed, uint256 most)
        private
        view
        returns (address[] memory batch)
    {
        mapping(address holder => uint256) storage counted = _drawable[bond][number];
        address[] memory row = new address[](people.length);
        uint256 count;
        for (uint256 i; i < people.length && count < most; ++i) {
            address next = people[(seed % 64 + i) % people.length];
            if ((isCounted ? _drawnOf[bond][number][next] : counted[next]) != 0) continue;
            bool isFree = bond.entryOf(next).units > bond.entryOf(next).pledged;
            if (isCounted ? counted[next] != 0 : isFree) row[count++] = next;
        }
        batch = new address[](count);
        for (uint256 i; i < count; ++i) {
            batch[i] = row[i];
        }
    }

    /// @return open One that is under way, else one whose time has come; 0 for none.
    function _openDrawing(IBondToken bond) internal view returns (uint16 open) {
        for (uint16 k = world.servicing.actionCount(bond); k != 0; --k) {
            Action memory action = world.servicing.actionOf(bond, k);
            if (action.kind != ActionKind.DRAWING || _now() < action.opensAt) continue;
            Drawing memory drawing = world.servicing.drawingOf(bond, k);
            if (drawing.units != 0 && drawing.passed != drawing.units) return k;
            if (drawing.units == 0) open = k;
        }
    }
}
