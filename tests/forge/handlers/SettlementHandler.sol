// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {IBondToken} from "../suite/IBondToken.sol";
import {ISettlement} from "../../../contracts/settlement/interfaces/ISettlement.sol";
import {Model} from "../suite/Model.sol";
import {Replay} from "../suite/Replay.sol";
import {World} from "../suite/Suite.sol";
import {Handler} from "./Handler.sol";

/// @notice Two sides sign, somebody submits; sometimes a signature, a nonce, a time or the money is wrong.
contract SettlementHandler is Handler {
    uint256[] internal keys;
    uint256 internal nextNonce;
    mapping(address account => mapping(uint256 nonce => bool)) public isNonceUsed;

    constructor(World memory world_, Model model_, Replay replay_, address[] memory holders_, uint256[] memory keys_)
        Handler(world_, model_, replay_, holders_)
    {
        keys = keys_;
    }

    function settle(uint256 seed, uint256 sellerSeed, uint256 buyerSeed, uint256 units, uint256 amount)
        external
        act(seed)
    {
        seed = _mix(seed);
        IBondToken bond = _bond(seed);
        ISettlement.Instruction memory trade =
            _instruction(seed, _member(_owner(bond, sellerSeed)), _member(_receiver(bond, buyerSeed)));
        trade.units = uint64(_amount(units, model.unitsOf(trade.bond, trade.seller)));
        trade.amount = uint128(_amount(amount, model.cash(trade.buyer)) / 10);
        bytes memory sold = _sign(trade.seller, world.settlement.hashOf(trade));
        bytes memory bought = _sign(trade.buyer, world.settlement.hashOf(trade));
        bool genuine = _tamper(seed >> 16, trade);
        bool expected = genuine && _isSettleable(trade);
        bytes32 before = _print(IBondToken(trade.bond));

        vm.prank(world.outsider);
        (bool success,) = address(world.settlement).call(abi.encodeCall(world.settlement.settle, (trade, sold, bought)));

        if (!genuine) model.demand(!success, "DVP-2: a signature holds for what was signed, and for its signer");
        _outcome("settle", success, expected, "DVP-3: a trade settles once, in its time, by the rules of both legs");
        if (!success) {
            model.demand(before == _print(IBondToken(trade.bond)), "DVP-1: both legs or neither");
            return;
        }
        (isNonceUsed[trade.seller][trade.sellerNonce], isNonceUsed[trade.buyer][trade.buyerNonce]) = (true, true);
        model.move(trade.bond, trade.seller, trade.buyer, trade.units);
        model.moveCash(trade.buyer, trade.seller, trade.amount);
        model.demand(before != _print(IBondToken(trade.bond)), "DVP-1: units moved");
    }

    function cancel(uint256 seed, uint256 accountSeed, uint256 bit) external act(seed) {
        seed = _mix(seed);
        address account = holders[accountSeed % holders.length];
        uint256 nonce = nextNonce + bit % 4;

        vm.prank(account);
        world.settlement.cancel(nonce >> 8, 1 << (nonce & 255));

        _count("cancel", true);
        isNonceUsed[account][nonce] = true;
    }

    /* INTERNAL */

    function _calm() internal pure override returns (uint256) {
        return 6;
    }

    function _instruction(uint256 seed, address seller, address buyer)
        private
        returns (ISettlement.Instruction memory trade)
    {
        trade.bond = address(_bond(seed));
        trade.cash = address(world.cash);
        (trade.seller, trade.buyer) = (seller, buyer);
        (trade.validFrom, trade.deadline) = (uint40(_now()), uint40(_now()));
        if ((seed >> 8) % 16 == 0) ++trade.validFrom;
        if ((seed >> 8) % 16 == 1) --trade.deadline;
        // Sometimes a nonce of the past, sometimes one of the next word.
        uint256 nonce = (seed >> 24) % 8 == 0 && nextNonce != 0 ? nextNonce - 1 : nextNonce++;
        (trade.sellerNonce, trade.buyerNonce) = (nonce, (seed >> 24) % 8 == 1 ? nonce + 256 : nonce);
    }

    /// @return Whether the instruction is still what both signed.
    function _tamper(uint256 seed, ISettlement.Instruction memory trade) private view returns (bool) {
        uint256 field = seed % 32;
        if (field == 0) trade.units = trade.units == 0 ? 1 : trade.units - 1;
        else if (field == 1) trade.amount += 1;
        else if (field == 2) trade.sellerNonce += 1;
        else if (field == 3) trade.buyerNonce += 1;
        else if (field == 4) trade.deadline += 1;
        else if (field == 5 && trade.validFrom != 0) trade.validFrom -= 1;
        else if (field == 6) trade.seller = _other(trade.seller);
        else if (field == 7) trade.buyer = _other(trade.buyer);
        else if (field == 8) trade.cash = trade.bond;
        else return true;
        return false;
    }

    function _other(address account) private view returns (address) {
        return account == holders[0] ? holders[1] : holders[0];
    }

    function _isSettleable(ISettlement.Instruction memory trade) private view returns (bool) {
        if (_now() < trade.validFrom || _now() > trade.deadline) return false;
        if (isNonceUsed[trade.seller][trade.sellerNonce] || isNonceUsed[trade.buyer][trade.buyerNonce]) return false;
        if (!model.mayTransfer(trade.bond, trade.seller, trade.buyer, trade.units)) return false;
        return trade.amount <= model.cash(trade.buyer);
    }

    /// @dev A stranger has no key here.
    function _member(address account) internal view returns (address) {
        return account == world.outsider ? holders[0] : account;
    }

    function _sign(address signer, bytes32 hash) internal view returns (bytes memory) {
        uint256 index;
        while (holders[index] != signer) ++index;
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(keys[index], hash);
        return abi.encodePacked(r, s, v);
    }
}
