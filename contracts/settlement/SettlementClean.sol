// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {SignedMath} from "@openzeppelin/contracts/utils/math/SignedMath.sol";

import {IBond} from "../bond/interfaces/IBond.sol";
import {SignatureLib} from "../libraries/SignatureLib.sol";
import {IServicing} from "../servicing/interfaces/IServicing.sol";
import {SettlementBase} from "./SettlementBase.sol";
import {ISettlementClean} from "./interfaces/ISettlementClean.sol";

/// @title SettlementClean
/// @notice The part of the Settlement for trades at a clean price: accrued interest, and claims across a record date.
/// @dev BOUNDS
/// - What is paid beyond the clean price is computed by the servicing of the bond that was named. Both sides sign the most that it may
///   come to, so that a false bond can take no more.
contract SettlementClean is SettlementBase, ISettlementClean {
    bytes32 internal constant CLEAN_INSTRUCTION_TYPEHASH = keccak256(
        "CleanInstruction(address bond,address cash,address seller,address buyer,uint64 units,uint128 cleanAmount,uint128 mostAccrued,uint40 tradedAt,uint40 validFrom,uint40 deadline,uint256 sellerNonce,uint256 buyerNonce)"
    );

    /// @inheritdoc ISettlementClean
    function settleClean(
        CleanInstruction calldata instruction,
        bytes calldata sellerSignature,
        bytes calldata buyerSignature
    ) external returns (bytes32 id) {
        (address seller, address buyer) = (instruction.seller, instruction.buyer);
        require(seller != buyer, TradeSelf(seller));
        require(instruction.units != 0, TradeUnitsZero());
        require(block.timestamp >= instruction.tradedAt, TradeAhead(instruction.tradedAt, block.timestamp));
        require(block.timestamp >= instruction.validFrom, TradeTooEarly(instruction.validFrom, block.timestamp));
        require(block.timestamp <= instruction.deadline, TradeExpired(instruction.deadline, block.timestamp));
        id = hashOfClean(instruction);
        require(SignatureLib.isValid(seller, id, sellerSignature), TradeSignatureInvalid(seller, id));
        require(SignatureLib.isValid(buyer, id, buyerSignature), TradeSignatureInvalid(buyer, id));

        _useNonce(seller, instruction.sellerNonce);
        _useNonce(buyer, instruction.buyerNonce);

        IBond(instruction.bond).bookTransfer(seller, buyer, instruction.units);
        _payClean(id, instruction);
    }

    /// @inheritdoc ISettlementClean
    function hashOfClean(CleanInstruction calldata instruction) public view returns (bytes32) {
        return _hashTypedDataV4(keccak256(abi.encode(CLEAN_INSTRUCTION_TYPEHASH, instruction)));
    }

    /// @dev The movement of units before has noticed every record date that is due.
    function _payClean(bytes32 id, CleanInstruction calldata instruction) internal {
        IBond bond = IBond(instruction.bond);
        address currency = bond.currency();
        require(instruction.cash == currency, TradeCashWrong(instruction.cash, currency));
        IServicing servicing = IServicing(bond.suite().servicing);
        (int256 accrued, uint16 records) = servicing.accruedAt(bond, instruction.units, instruction.tradedAt);
        uint256 received;
        uint16 passed = bond.book().records;
        for (uint16 record = records + 1; record <= passed; ++record) {
            received += servicing.transferClaim(bond, record, instruction.seller, instruction.buyer, instruction.units);
        }
        int256 moved = accrued - SafeCast.toInt256(received);
        require(
            SignedMath.abs(moved) <= instruction.mostAccrued,
            TradeAccruedExceeds(accrued, received, instruction.mostAccrued)
        );
        int256 amount = int256(uint256(instruction.cleanAmount)) + moved;

        emit TradePriced(id, instruction.cleanAmount, accrued, received, instruction.tradedAt, records);
        _sayClean(id, instruction, SafeCast.toUint128(amount > 0 ? uint256(amount) : 0));
        IERC20 cash = IERC20(instruction.cash);
        if (amount > 0) _pay(cash, instruction.buyer, instruction.seller, uint256(amount));
        if (amount < 0) _pay(cash, instruction.seller, instruction.buyer, uint256(-amount));
    }

    function _sayClean(bytes32 id, CleanInstruction calldata instruction, uint128 amount) internal {
        emit TradeSettled(
            id,
            instruction.seller,
            instruction.buyer,
            instruction.bond,
            instruction.cash,
            instruction.units,
            amount,
            instruction.sellerNonce,
            instruction.buyerNonce,
            msg.sender
        );
    }
}
