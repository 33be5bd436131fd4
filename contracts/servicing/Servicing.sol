// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {ERC165Checker} from "@openzeppelin/contracts/utils/introspection/ERC165Checker.sol";

import {IBond} from "../bond/interfaces/IBond.sol";
import {IBondFactory} from "../bond/interfaces/IBondFactory.sol";
import {Terms} from "../bond/libraries/TermsLib.sol";
import {IERC20Batch} from "../cash/interfaces/ICashToken.sol";
import {CashLib} from "../libraries/CashLib.sol";
import {IServicing} from "./interfaces/IServicing.sol";
import {BatchLib} from "./libraries/BatchLib.sol";
import {CouponLib, UnitPayment} from "./libraries/CouponLib.sol";

/// @title Servicing
/// @notice Funding, payment, claims and redemption, for all bonds.
/// @dev MONEY
/// - A payment is escrowed whole, then given out by record-date holdings. No function takes money out but to a holder of
///   record, or, as residue, to the payer once every unit is served.
/// - A receiver that cannot be paid does not stop the others: his amount is kept in his name.
/// - What is due on frozen units is kept until nothing of the holder is frozen.
/// CASH
/// - Any ERC-20 that moves what it says. What moved is measured, in and out; another amount reverts the whole call.
contract Servicing is IServicing, ReentrancyGuardTransient {
    using CouponLib for UnitPayment;
    using CashLib for IERC20;

    IBondFactory public immutable FACTORY;

    mapping(IBond bond => mapping(uint256 period => Payment)) internal _payments;
    mapping(IBond bond => mapping(address holder => uint256)) internal _kept;

    constructor(IBondFactory factory) {
        FACTORY = factory;
    }

    /* FUNDING */

    /// @inheritdoc IServicing
    function fund(IBond bond, uint16 period) external nonReentrant {
        Terms memory terms = _termsOf(bond);
        _checkPeriod(bond, terms, period);
        require(_payments[bond][period].fundedAt == 0, PaymentAlreadyFunded(address(bond), period));
        bond.advance();
        uint40 recordTime = bond.paymentDays(period).recordTime;
        require(bond.book().records >= period, PaymentRecordPending(address(bond), period, recordTime));

        uint64 units = bond.supplyAt(period);
        UnitPayment memory each = CouponLib.unitPayment(terms, period);
        uint256 interest = each.interestDown(units);
        uint256 principal = units * each.principal;
        _payments[bond][period] = Payment({
            funded: uint128(interest + principal), // the factory bounds units and face value
            paid: 0,
            units: units,
            unitsPaid: 0,
            fundedAt: uint40(block.timestamp),
            payer: msg.sender
        });

        emit PaymentFunded(bond, period, msg.sender, interest, principal, units);
        _take(bond, period, IERC20(terms.currency), interest + principal);
    }

    /* PAYMENT */

    /// @inheritdoc IServicing
    function pay(IBond bond, uint16 period, address[] calldata holders) external nonReentrant {
        Terms memory terms = _termsOf(bond);
        require(period != terms.periods, PaymentKindWrong(address(bond), period, terms.periods));
        require(_serve(bond, terms, period, holders) != 0, PaymentNothingDue(address(bond), period));
    }

    /// @inheritdoc IServicing
    function redeem(IBond bond, address[] calldata holders) external nonReentrant {
        Terms memory terms = _termsOf(bond);
        require(_serve(bond, terms, terms.periods, holders) != 0, PaymentNothingDue(address(bond), terms.periods));
    }

    /// @inheritdoc IServicing
    function claim(IBond bond, uint16 period) external nonReentrant {
        Terms memory terms = _termsOf(bond);
        require(!bond.isPaid(msg.sender, period), PaymentAlreadyMade(address(bond), period, msg.sender));
        address[] memory holders = new address[](1);
        holders[0] = msg.sender;
        require(_serve(bond, terms, period, holders) != 0, PaymentNothingDue(address(bond), period));
    }

    /// @inheritdoc IServicing
    function collect(IBond bond, address holder) external nonReentrant {
        uint256 amount = _kept[bond][holder];
        require(amount != 0, KeptAmountNone(address(bond), holder));
        uint256 frozen = bond.entryOf(holder).frozen;
        require(frozen == 0, KeptAmountFrozen(address(bond), holder, frozen));

        _kept[bond][holder] = 0;

        emit AmountCollected(bond, holder, amount, msg.sender);
        IERC20 cash = IERC20(bond.currency());
        _checkMoved(cash, amount, cash.push(holder, amount));
    }

    /* VIEWS */

    /// @inheritdoc IServicing
    function payment(IBond bond, uint16 period) external view returns (Payment memory) {
        return _payments[bond][period];
    }

    /// @inheritdoc IServicing
    function keptFor(IBond bond, address holder) external view returns (uint256) {
        return _kept[bond][holder];
    }

    /// @inheritdoc IServicing
    function amountOf(IBond bond, uint16 period, uint64 units)
        external
        view
        returns (uint256 interest, uint256 principal)
    {
        Terms memory terms = _termsOf(bond);
        _checkPeriod(bond, terms, period);
        UnitPayment memory each = CouponLib.unitPayment(terms, period);
        return (each.interestDown(units), units * each.principal);
    }

    /* INTERNAL */

    /// @return served Units of the holders that were served.
    function _serve(IBond bond, Terms memory terms, uint16 period, address[] memory holders)
        internal
        returns (uint64 served)
    {
        _checkPeriod(bond, terms, period);
        Payment memory escrow = _payments[bond][period];
        require(escrow.fundedAt != 0, PaymentNotFunded(address(bond), period));
        uint256 payTime = bond.paymentDays(period).payTime;
        require(block.timestamp >= payTime, PaymentNotDue(address(bond), period, payTime, block.timestamp));

        UnitPayment memory each = CouponLib.unitPayment(terms, period);
        uint256[] memory amounts = BatchLib.markPaid(bond, period, holders);
        uint256[] memory kept;
        uint256 total;
        for (uint256 i; i < amounts.length;) {
            // Each word holds units and, above them, frozen units; it becomes the amount to send.
            uint256 word = amounts[i];
            if (word != 0) {
                uint256 units = uint64(word);
                uint256 amount = each.amountDown(units);
                amounts[i] = amount;
                unchecked {
                    total += amount; // an amount has at most 250 bits, and a list no 64
                    served += uint64(units); // at most the supply
                }
                if (word != units) {
                    if (kept.length == 0) kept = new uint256[](amounts.length);
                    amounts[i] = each.amountDown(units - (word >> 64));
                    kept[i] = amount - amounts[i];
                }
            }
            unchecked {
                ++i;
            }
        }
        escrow.paid += uint128(total); // at most what was funded
        escrow.unitsPaid += served;
        _payments[bond][period] = escrow;

        emit HoldersPaid(bond, period, holders, served, total, msg.sender);
        if (escrow.unitsPaid == escrow.units) _complete(bond, period, escrow);
        _send({bond: bond, period: period, cash: IERC20(terms.currency), holders: holders, amounts: amounts});
        for (uint256 i; i < kept.length; ++i) {
            if (kept[i] != 0) _keep(bond, period, holders[i], kept[i]);
        }
    }

    function _complete(IBond bond, uint16 period, Payment memory escrow) internal {
        uint256 residue = escrow.funded - escrow.paid;
        if (residue != 0) _kept[bond][escrow.payer] += residue;

        emit PaymentCompleted(bond, period, residue, escrow.payer);
    }

    /// @dev Sends what can be sent, and keeps the rest by name. A batch is measured as a whole, by what left the escrow; a
    /// single transfer by what its receiver got.
    function _send(IBond bond, uint16 period, IERC20 cash, address[] memory holders, uint256[] memory amounts)
        internal
    {
        uint256 before = cash.balanceOf(address(this));
        bool batch = holders.length > 1 && holders.length <= 256
            && ERC165Checker.supportsInterface(address(cash), type(IERC20Batch).interfaceId);
        uint256 moved = batch ? BatchLib.tryTransferBatch(IERC20Batch(address(cash)), holders, amounts) : 0;

        uint256 sent;
        for (uint256 i; i < amounts.length;) {
            uint256 amount = amounts[i];
            if (amount != 0) {
                if (batch ? moved & (1 << i) != 0 : _trySend(cash, holders[i], amount)) {
                    unchecked {
                        sent += amount; // at most what was funded
                    }
                } else {
                    _keep(bond, period, holders[i], amount);
                }
            }
            unchecked {
                ++i;
            }
        }

        _checkMoved(cash, sent, before - cash.balanceOf(address(this)));
    }

    function _trySend(IERC20 cash, address holder, uint256 amount) internal returns (bool done) {
        uint256 received;
        (done, received) = cash.tryPush(holder, amount);
        _checkMoved(cash, done ? amount : 0, received);
    }

    function _keep(IBond bond, uint16 period, address holder, uint256 amount) internal {
        _kept[bond][holder] += amount;

        emit AmountKept(bond, period, holder, amount);
    }

    function _take(IBond bond, uint16 period, IERC20 cash, uint256 amount) internal {
        uint256 available = cash.balanceOf(msg.sender);
        require(available >= amount, PaymentUnderfunded(address(bond), period, available, amount));
        _checkMoved(cash, amount, cash.pull(msg.sender, address(this), amount));
    }

    function _termsOf(IBond bond) internal view returns (Terms memory) {
        require(FACTORY.isBond(address(bond)), ServicingBondUnknown(address(bond)));
        return bond.terms();
    }

    function _checkPeriod(IBond bond, Terms memory terms, uint16 period) internal pure {
        require(period != 0 && period <= terms.periods, PaymentPeriodUnknown(address(bond), period, terms.periods));
    }

    function _checkMoved(IERC20 cash, uint256 expected, uint256 moved) internal pure {
        require(expected == moved, PaymentCashMismatch(address(cash), expected, moved));
    }
}
