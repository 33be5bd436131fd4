// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {Conditions, Form, TickBid} from "../../../../contracts/primary/interfaces/OfferingTypes.sol";
import {NaiveSeal} from "../../suite/NaiveSeal.sol";
import {OfferingState} from "./OfferingState.sol";

/// @notice Members bid, in clear or under seal, for themselves and clients, replace and withdraw; deposits come and go.
abstract contract BidActs is OfferingState {
    /* WHAT FORGE CALLS */

    /// @dev One to three members, mostly as the rules allow, and in the form of the book; sometimes a bid is withdrawn.
    function bid(uint256 seed, uint256 accountSeed, uint256 bidsSeed) external act(seed) {
        seed = _mix(seed);
        uint256 id = _pick(seed, _isBidding);
        bool inClear = _deals[id].conditions.form == Form.OPEN;
        if ((seed >> 24) % 12 == 0) {
            _withdraw(id, _bidder(id, accountSeed, inClear ? Mark.OPENED : Mark.SEALED), (seed >> 40) % 16 == 0);
            return;
        }
        if ((seed >> 32) % 16 == 0) inClear = !inClear;
        for (uint256 i; i <= (seed >> 36) % 3; ++i) {
            address account = _receiver(_deals[id].bond, accountSeed ^ i);
            TickBid[] memory bids = _anyBids(id, account, _mix(bidsSeed ^ i));
            if (inClear) placeBid(id, account, bids, (seed >> 40) % 16 == 0);
            else _sealAny(id, account, bids, _mix(seed ^ i));
        }
    }

    function deposit(uint256 seed, uint256 accountSeed, uint256 amount) external act(seed) {
        seed = _mix(seed);
        address account = (seed >> 8) % 8 == 0 ? world.issuer : _account(accountSeed);
        if (seed % 2 == 0) _fund(account, _amount(amount, model.cash(account)));
        else _withdrawDeposit(account, _amount(amount, standing[account]));
    }

    /* IN CLEAR */

    function placeBid(uint256 id, address account, TickBid[] memory bids, bool forget) public {
        Bidder storage bidder = _bidders[id][account];
        TickBid[] memory previous = forget ? new TickBid[](0) : bidder.bids;
        bool known = previous.length == bidder.bids.length;
        bool isFirst = bidder.mark == Mark.NONE;
        bool expected = _isBidding(id) && _deals[id].conditions.form == Form.OPEN && known && _mayBid(id, account)
            && _areValid(id, account, bids) && (!isFirst || _canPay(account, _deposit(id), 0));

        vm.prank(account);
        (bool success,) = address(world.offering).call(abi.encodeCall(world.offering.placeBid, (id, bids, previous)));

        _outcome("place", success, expected, "BID-1: who may hold the bond bids by the rules, in the hours of the book");
        if (!success) return;
        if (isFirst) _pay(account, _deposit(id), 0);
        (bidder.mark, bidder.opened) = (Mark.OPENED, true);
        _keepBids(bidder, bids);
    }

    /* UNDER SEAL */

    /// @dev Sometimes the seal is another's, or is of bids that break a rule.
    function _sealAny(uint256 id, address account, TickBid[] memory bids, uint256 seed) private {
        address other = holders[(seed >> 8) % holders.length];
        bytes32 copied = _bidders[id][other].commitment;
        bool copies = seed % 12 == 0 && copied != 0 && other != account;
        bytes32 salt = keccak256(abi.encode(seed));
        bytes32 commitment = copies ? copied : NaiveSeal.commitment(address(world.offering), id, account, bids, salt);
        bool wrongForm = (seed >> 16) % 16 == 0;
        bytes memory ciphertext =
            (_deals[id].conditions.form == Form.ENCRYPTED) != wrongForm ? abi.encode(seed) : bytes("");
        _seal(id, account, commitment, ciphertext);
        Bidder storage bidder = _bidders[id][account];
        if (bidder.commitment != commitment) return;
        (bidder.isHis, bidder.salt) = (!copies, salt);
        _keepBids(bidder, bids);
    }

    function sealBid(uint256 id, address account, TickBid[] memory bids, bytes32 salt) external {
        bytes32 commitment = NaiveSeal.commitment(address(world.offering), id, account, bids, salt);
        bool encrypted = _deals[id].conditions.form == Form.ENCRYPTED;
        _seal(id, account, commitment, encrypted ? abi.encode(salt) : bytes(""));
        (_bidders[id][account].isHis, _bidders[id][account].salt) = (true, salt);
        _keepBids(_bidders[id][account], bids);
    }

    function _seal(uint256 id, address account, bytes32 commitment, bytes memory ciphertext) private {
        Bidder storage bidder = _bidders[id][account];
        Form form = ciphertext.length == 0 ? Form.SEALED : Form.ENCRYPTED;
        bool isFirst = bidder.mark == Mark.NONE;
        bool expected = _isBidding(id) && _deals[id].conditions.form == form && _mayBid(id, account)
            && (!isFirst || _canPay(account, _deposit(id), 0));
        bytes memory call = form == Form.SEALED
            ? abi.encodeCall(world.offering.sealBid, (id, commitment))
            : abi.encodeCall(world.offering.encryptBid, (id, commitment, ciphertext));

        vm.prank(account);
        (bool success,) = address(world.offering).call(call);

        _outcome("seal", success, expected, "BID-1: who may hold the bond seals a bid, in the hours of the book");
        if (!success) return;
        if (isFirst) _pay(account, _deposit(id), 0);
        (bidder.mark, bidder.commitment, bidder.ciphertext) = (Mark.SEALED, commitment, ciphertext);
    }

    function _withdraw(uint256 id, address account, bool forget) private {
        Bidder storage bidder = _bidders[id][account];
        bool inClear = _deals[id].conditions.form == Form.OPEN;
        TickBid[] memory previous = inClear && !forget ? bidder.bids : new TickBid[](0);
        bool living = bidder.mark == Mark.SEALED || bidder.mark == Mark.OPENED;
        bool expected = _isBidding(id) && living && !(inClear && forget);

        vm.prank(account);
        (bool success,) = address(world.offering).call(abi.encodeCall(world.offering.withdrawBid, (id, previous)));

        _outcome("withdraw", success, expected, "BID-2: a bid may be withdrawn until the book closes");
        if (!success) return;
        delete _bidders[id][account];
        standing[account] += _deposit(id);
    }

    /* DEPOSITS */

    function _fund(address account, uint256 amount) private {
        amount = amount % 2 ** 128;
        // A third at most: a poor world is a quiet one.
        if (amount <= model.cash(account)) amount /= 3;
        bool expected = amount != 0 && amount <= model.cash(account) && model.isActive(account);

        vm.prank(account);
        (bool success,) = address(world.offering)
            .call(abi.encodeCall(world.offering.fundDeposit, (address(world.cash), uint128(amount))));

        _outcome("fundDeposit", success, expected, "DEPOSIT-3: money comes into a standing deposit from its account");
        if (!success) return;
        standing[account] += amount;
        model.moveCash(account, address(world.offering), amount);
    }

    function _withdrawDeposit(address account, uint256 amount) private {
        amount = amount % 2 ** 128;
        bool expected = amount != 0 && amount <= standing[account] && model.isActive(account);

        vm.prank(account);
        (bool success,) = address(world.offering)
            .call(abi.encodeCall(world.offering.withdrawDeposit, (address(world.cash), uint128(amount))));

        _outcome("withdrawDeposit", success, expected, "DEPOSIT-3: what stands ready is its account's, and no more is");
        if (!success) return;
        standing[account] -= amount;
        model.moveCash(address(world.offering), account, amount);
    }

    /* INTERNAL */

    function _deposit(uint256 id) internal view returns (uint256) {
        return _deals[id].conditions.deposit;
    }

    function _mayBid(uint256 id, address account) private view returns (bool) {
        return _mayHoldUntil(id, account, _deals[id].conditions.settlesBy);
    }

    function _keepBids(Bidder storage bidder, TickBid[] memory bids) private {
        delete bidder.bids;
        for (uint256 i; i < bids.length; ++i) {
            bidder.bids.push(bids[i]);
        }
    }

    /// @dev One to four bids at quotes near each other, some for clients; one in eight is spoilt.
    function _anyBids(uint256 id, address account, uint256 seed) private view returns (TickBid[] memory bids) {
        Conditions memory given = _deals[id].conditions;
        uint256 lot = _deals[id].lot;
        uint256 levels = given.tick == 0 ? 1 : (given.highest - given.lowest) / given.tick + 1;
        uint256 most = 1 + given.offered / (lot == 0 ? 1 : lot) / 2;
        bids = new TickBid[](1 + seed % 4);
        for (uint256 i; i < bids.length; ++i) {
            uint256 each = _mix(seed ^ i);
            bids[i].quote = uint64(given.lowest + (seed >> 8) % levels * given.tick);
            // Near the first one; beyond the range it is none.
            uint256 step = (each % 5) * given.tick;
            if (bids[i].quote + step <= given.highest) bids[i].quote += uint64(step);
            if (i == 0 && (each >> 8) % 4 == 0 && given.nonCompetitive != 0) bids[i].quote = uint64(UNQUOTED);
            bids[i].units = uint64((1 + (each >> 16) % most) * lot);
            bids[i].account = (each >> 24) % 4 == 0 ? holders[(each >> 32) % holders.length] : account;
        }
        _sort(bids);
        if ((seed >> 16) % 8 == 0) _spoil(bids, given, seed >> 24);
    }

    function _spoil(TickBid[] memory bids, Conditions memory given, uint256 seed) private pure {
        TickBid memory one = bids[(seed >> 8) % bids.length];
        if (seed % 6 == 0) one.quote = one.quote == UNQUOTED ? given.lowest : one.quote + 1;
        else if (seed % 6 == 1) one.units += 1;
        else if (seed % 6 == 2) one.units = given.maximumBid * 2;
        else if (seed % 6 == 3) one.quote = uint64(UNQUOTED);
        else if (seed % 6 == 4) one.quote = given.highest + given.tick;
        else (bids[0], bids[bids.length - 1]) = (bids[bids.length - 1], bids[0]);
    }

    function _sort(TickBid[] memory bids) private pure {
        for (uint256 i = 1; i < bids.length; ++i) {
            for (uint256 j = i; j > 0; --j) {
                bool ascends = bids[j - 1].quote < bids[j].quote
                    || (bids[j - 1].quote == bids[j].quote && bids[j - 1].account <= bids[j].account);
                if (!ascends) (bids[j - 1], bids[j]) = (bids[j], bids[j - 1]);
            }
        }
    }
}
