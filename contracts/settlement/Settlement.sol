// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";

import {IBond} from "../bond/interfaces/IBond.sol";
import {DelegateLib} from "../libraries/DelegateLib.sol";
import {SignatureLib} from "../libraries/SignatureLib.sol";
import {SettlementBase} from "./SettlementBase.sol";
import {ISettlement} from "./interfaces/ISettlement.sol";

/// @title Settlement
/// @notice Delivery versus payment on the signatures of both sides.
/// @dev TWO PARTS
/// - What is settled at a clean price is in `SettlementClean`, run by delegatecall in the storage of this one, so that a plain trade does
///   not pay for it. A part that is called directly moves nothing: no bond and no money obeys it.
/// CONSENT
/// - A signature names every field, this contract and this chain, and is used up with its nonce. Bonds of the suite and
///   trusted cash tokens take it as consent; any other cash token needs an allowance as well.
/// REENTRANCY
/// - Nonces are used up before anything is called, and nothing is read from storage after: a call back finds every
///   instruction either settled or untouched.
/// NONCES
/// - Unordered, one bit each, so that trades need no queue and any can be withdrawn alone.
contract Settlement is SettlementBase, ISettlement {
    bytes32 internal constant INSTRUCTION_TYPEHASH = keccak256(
        "Instruction(address bond,address cash,address seller,address buyer,uint64 units,uint128 amount,uint40 validFrom,uint40 deadline,uint256 sellerNonce,uint256 buyerNonce)"
    );

    /// @dev Settles trades at a clean price. Not public: a further function would cost each trade 22 gas.
    address internal immutable NEXT;

    /// @param next The part that does what this one does not know.
    constructor(address next) {
        require(next.code.length != 0, SettlementPartMissing(next));
        NEXT = next;
    }

    /// @dev Runs the next part in this storage.
    fallback() external {
        DelegateLib.forward(NEXT);
    }

    /// @inheritdoc ISettlement
    function settle(Instruction calldata instruction, bytes calldata sellerSignature, bytes calldata buyerSignature)
        external
        returns (bytes32 id)
    {
        (address seller, address buyer) = (instruction.seller, instruction.buyer);
        (uint64 units, uint128 amount) = (instruction.units, instruction.amount);
        require(seller != buyer, TradeSelf(seller));
        require(units != 0, TradeUnitsZero());
        require(block.timestamp >= instruction.validFrom, TradeTooEarly(instruction.validFrom, block.timestamp));
        require(block.timestamp <= instruction.deadline, TradeExpired(instruction.deadline, block.timestamp));
        id = hashOf(instruction);
        require(SignatureLib.isValid(seller, id, sellerSignature), TradeSignatureInvalid(seller, id));
        require(SignatureLib.isValid(buyer, id, buyerSignature), TradeSignatureInvalid(buyer, id));

        _useNonce(seller, instruction.sellerNonce);
        _useNonce(buyer, instruction.buyerNonce);

        emit TradeSettled(
            id,
            seller,
            buyer,
            instruction.bond,
            instruction.cash,
            units,
            amount,
            instruction.sellerNonce,
            instruction.buyerNonce,
            msg.sender
        );
        IBond(instruction.bond).bookTransfer(seller, buyer, units);
        if (amount != 0) _pay(IERC20(instruction.cash), buyer, seller, amount);
    }

    /// @inheritdoc ISettlement
    function cancel(uint256 word, uint256 mask) external {
        _nonces[msg.sender][word] |= mask;

        emit NoncesCancelled(msg.sender, word, mask);
    }

    /// @inheritdoc ISettlement
    function hashOf(Instruction calldata instruction) public view returns (bytes32) {
        bytes32 typehash = INSTRUCTION_TYPEHASH;
        bytes32 structHash;
        assembly ("memory-safe") {
            // The fields lie in calldata as EIP-712 encodes them, ten words. One with bits beyond its type makes a hash that
            // nobody signs, and reverts where it is read.
            let data := mload(0x40)
            mstore(data, typehash)
            calldatacopy(add(data, 32), instruction, 320)
            structHash := keccak256(data, 352)
        }
        return _hashTypedDataV4(structHash);
    }

    /// @inheritdoc ISettlement
    function isNonceUsed(address account, uint256 nonce) external view returns (bool) {
        return (_nonces[account][nonce >> 8] >> (nonce & 255)) & 1 == 1;
    }

    /// @inheritdoc ISettlement
    function nonceWord(address account, uint256 word) external view returns (uint256) {
        return _nonces[account][word];
    }
}
