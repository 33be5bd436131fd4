// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {Conditions, Opening, Stage} from "../../../../contracts/primary/interfaces/OfferingTypes.sol";
import {OfferingState} from "./OfferingState.sol";

/// @notice Winners and underwriters pay and are issued to; entitled winners add units before.
abstract contract PaymentActs is OfferingState {
    /* WHAT FORGE CALLS */

    function pay(uint256 seed, uint256 batchSeed, uint256 more) external act(seed) {
        seed = _mix(seed);
        uint256 kind = (seed >> 40) % 8;
        if (kind < 2) _underwriteAny(_pick(seed, _isAdding), batchSeed, _mix(more));
        else if (kind < 5) settle(_pick(seed, _isSettling), _batch(batchSeed), (seed >> 48) % 32 == 0);
        else takeUp(_pick(seed, _isTakingUp), _batch(batchSeed));
    }

    /* PAYMENT AND ISSUE */

    function settle(uint256 id, address[] memory batch, bool spoil) public {
        Deal storage deal = _deals[id];
        Conditions storage given = deal.conditions;
        (Opening[] memory openings, bool genuine) = _openings(id, batch, spoil);
        bool inTime = _now() >= given.settlesFrom && _now() <= given.settlesBy;
        bool expected = deal.stage == Stage.PUBLISHED && inTime && genuine && _isIssuable(id) && _hasPayer(id, batch);

        (bool success,) = address(world.offering).call(abi.encodeCall(world.offering.settle, (id, openings)));

        _outcome("settle", success, expected, "ISSUE-3: who won pays and gets his units, whoever else is in the batch");
        if (!success) return;
        uint256 proceeds;
        for (uint256 i; i < batch.length; ++i) {
            if (_canSettle(id, batch[i])) proceeds += _settleOne(id, batch[i]);
        }
        _payIssuer(id, proceeds);
    }

    function _settleOne(uint256 id, address account) private returns (uint256) {
        Deal storage deal = _deals[id];
        Bidder storage bidder = _bidders[id][account];
        Owed memory owed = _owed(id, account);
        model.demand(owed.amount <= owed.most, "PRICE-3: nobody pays more than his quotes imply");
        (, uint256 told) = world.offering.allotmentOf(id, openingOf(id, account));
        model.demand(told == owed.amount, "PRICE-6: a winner pays what his bids, interest and additional units come to");
        bidder.mark = Mark.OVER;
        _pay(account, owed.amount, deal.conditions.deposit);
        for (uint256 i; i < bidder.allotted.length; ++i) {
            if (bidder.allotted[i] != 0) _issue(id, bidder.bids[i].account, bidder.allotted[i]);
        }
        if (owed.additional != 0) _issue(id, account, owed.additional);
        deal.issued += owed.units;
        deal.issuedMore += owed.additional;
        return owed.amount;
    }

    function takeUp(uint256 id, address[] memory batch) public {
        Deal storage deal = _deals[id];
        Conditions storage given = deal.conditions;
        bool inTime = _now() >= given.settlesFrom && _now() <= given.takesUpBy;
        bool later = _now() > given.settlesBy;
        bool expected = deal.stage == Stage.PUBLISHED && inTime && _isIssuable(id) && _hasTaker(id, batch, later);

        (bool success,) = address(world.offering).call(abi.encodeCall(world.offering.takeUp, (id, batch)));

        _outcome("takeUp", success, expected, "ISSUE-3: underwriters pay for their parts and get them");
        if (!success) return;
        uint256[] memory parts = new uint256[](batch.length);
        for (uint256 i; i < batch.length; ++i) {
            // As of before the act: what it issues does not change what is left.
            (bool can, uint256 units,) = _canTakeUp(id, batch[i], later);
            if (can) parts[i] = units;
        }
        uint256 proceeds;
        for (uint256 i; i < batch.length; ++i) {
            if (parts[i] != 0) proceeds += _takeUpOne(id, batch[i], parts[i], later);
        }
        _payIssuer(id, proceeds);
    }

    function _takeUpOne(uint256 id, address account, uint256 units, bool later) private returns (uint256 amount) {
        Member storage member = _members[id][account];
        // Twice in one batch.
        if (later ? member.tookUpLater : member.tookUp) return 0;
        Deal storage deal = _deals[id];
        amount = _withInterest(id, model.termsOf(address(deal.bond)), units * deal.issuePrice, units);
        _pay(account, amount, 0);
        _issue(id, account, units);
        if (later) (member.tookUpLater, deal.issuedLater) = (true, deal.issuedLater + units);
        else (member.tookUp, deal.issued) = (true, deal.issued + units);
    }

    function _underwriteAny(uint256 id, uint256 accountSeed, uint256 seed) internal {
        Deal storage deal = _deals[id];
        Conditions storage given = deal.conditions;
        address account = _bidder(id, accountSeed, Mark.OPENED);
        // Mostly one who may add something.
        for (uint256 i; i < holders.length && accountSeed % 8 != 0; ++i) {
            if (_mostMore(id, holders[i]) != 0) account = holders[i];
        }
        Bidder storage bidder = _bidders[id][account];
        uint256 most = _mostMore(id, account);
        uint256 units = _amount(seed, most) % 2 ** 64;
        if ((seed >> 8) % 4 != 0) units -= units % deal.lot;
        bool expected = deal.stage == Stage.PUBLISHED && given.additionalSeconds != 0
            && _now() <= deal.publishedAt + given.additionalSeconds && bidder.mark == Mark.OPENED
            && _mayHold(id, account) && units <= most && units % deal.lot == 0;
        bytes memory call = abi.encodeCall(world.offering.underwriteMore, (id, bidder.bids, uint64(units)));

        vm.prank(account);
        (bool success,) = address(world.offering).call(call);

        _outcome("underwriteMore", success, expected, "REST-5: entitled winners add units, up to their share, in time");
        if (success) bidder.additional = units;
    }

    /* WHO CAN */

    function _hasPayer(uint256 id, address[] memory batch) private view returns (bool) {
        for (uint256 i; i < batch.length; ++i) {
            if (_canSettle(id, batch[i])) return true;
        }
        return false;
    }

    function _canSettle(uint256 id, address account) private view returns (bool) {
        if (!_isWinner(id, account) || !_mayHold(id, account)) return false;
        Bidder storage bidder = _bidders[id][account];
        for (uint256 i; i < bidder.allotted.length; ++i) {
            if (bidder.allotted[i] != 0 && !_mayHold(id, bidder.bids[i].account)) return false;
        }
        return _canPay(account, _owed(id, account).amount, _deals[id].conditions.deposit);
    }

    function _hasTaker(uint256 id, address[] memory batch, bool later) private view returns (bool) {
        for (uint256 i; i < batch.length; ++i) {
            (bool can,,) = _canTakeUp(id, batch[i], later);
            if (can) return true;
        }
        return false;
    }

    function _canTakeUp(uint256 id, address account, bool later)
        private
        view
        returns (bool can, uint256 units, uint256 amount)
    {
        Member storage member = _members[id][account];
        (uint256 first, uint256 second) = partsOf(id, account);
        units = later ? second : first;
        if (units == 0 || (later ? member.tookUpLater : member.tookUp) || !_mayHold(id, account)) {
            return (false, units, 0);
        }
        Deal storage deal = _deals[id];
        amount = _withInterest(id, model.termsOf(address(deal.bond)), units * deal.issuePrice, units);
        can = _canPay(account, amount, 0);
    }

    function _isWinner(uint256 id, address account) internal view returns (bool) {
        Bidder storage bidder = _bidders[id][account];
        if (bidder.mark != Mark.OPENED) return false;
        for (uint256 i; i < bidder.allotted.length; ++i) {
            if (bidder.allotted[i] != 0) return true;
        }
        return false;
    }

    function _isIssuable(uint256 id) private view returns (bool) {
        address bond = address(_deals[id].bond);
        return !model.paused(bond) && !model.isClosed(bond);
    }

    /// @return most Units that a winner may add: his class's share of the lots that he won.
    function _mostMore(uint256 id, address account) private view returns (uint256 most) {
        Bidder storage bidder = _bidders[id][account];
        Member storage member = _members[id][account];
        for (uint256 i; i < bidder.allotted.length; ++i) {
            most += bidder.allotted[i];
        }
        uint256 lot = _deals[id].lot;
        uint256 share = _deals[id].classes[member.joined ? member.class : 0].additional;
        // The most lots that are no more than the share.
        uint256 lots;
        while ((lots + 1) * 10_000 <= most / lot * share) ++lots;
        return lots * lot;
    }

    /* INTERNAL */

    function _issue(uint256 id, address account, uint256 units) private {
        model.move(address(_deals[id].bond), address(0), account, uint64(units));
    }

    /// @dev An issuer who cannot have money now finds it in its standing deposit.
    function _payIssuer(uint256 id, uint256 proceeds) private {
        _deals[id].proceeds += proceeds;
        if (model.isActive(world.issuer)) model.moveCash(address(world.offering), world.issuer, proceeds);
        else standing[world.issuer] += proceeds;
    }

    /// @return openings Of a batch, as they were told; what is over is passed over.
    /// @return genuine Whether none of them is refused: not what the book holds of a bidder.
    function _openings(uint256 id, address[] memory batch, bool spoil)
        internal
        view
        returns (Opening[] memory openings, bool genuine)
    {
        openings = new Opening[](batch.length);
        genuine = true;
        for (uint256 i; i < batch.length; ++i) {
            // Sealed bids refuse the batch, so that they are left out but for a few.
            if (_bidders[id][batch[i]].mark == Mark.SEALED && uint160(batch[i]) % 16 != _now() % 16) {
                batch[i] = address(1);
            }
            openings[i] = openingOf(id, batch[i]);
            Mark mark = _bidders[id][batch[i]].mark;
            if (mark == Mark.SEALED) genuine = false;
            if (!spoil || i != 0 || openings[i].bids.length == 0) continue;
            openings[i].bids[0].units += uint64(_deals[id].lot);
            if (mark == Mark.OPENED) genuine = false;
        }
    }

    function _isSettling(uint256 id) internal view returns (bool) {
        Conditions storage given = _deals[id].conditions;
        return _isAt(id, Stage.PUBLISHED) && _now() >= given.settlesFrom && _now() <= given.settlesBy;
    }

    function _isTakingUp(uint256 id) internal view returns (bool) {
        Conditions storage given = _deals[id].conditions;
        return _isAt(id, Stage.PUBLISHED) && _now() >= given.settlesFrom && _now() <= given.takesUpBy
            && commitmentsOf(id) != 0;
    }

    function _isAdding(uint256 id) internal view returns (bool) {
        Deal storage deal = _deals[id];
        return _isAt(id, Stage.PUBLISHED) && _now() <= deal.publishedAt + deal.conditions.additionalSeconds;
    }
}
