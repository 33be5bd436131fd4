// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";

import {IBond} from "../bond/interfaces/IBond.sol";
import {IBondFactory} from "../bond/interfaces/IBondFactory.sol";
import {IERC7943Fungible} from "../bond/interfaces/IERC7943Fungible.sol";
import {Terms, TermsLib} from "../bond/libraries/TermsLib.sol";
import {IMemberRegistry} from "../membership/interfaces/IMemberRegistry.sol";
import {Roles} from "../membership/libraries/Roles.sol";
import {CashLib} from "../libraries/CashLib.sol";
import {IOffering, Method, Stage} from "./interfaces/IOffering.sol";
import {AllocationLib} from "./libraries/AllocationLib.sol";

/// @title Offering
/// @notice Offerings of all bonds.
/// @dev LIVENESS
/// - After the close nothing waits for one party: anyone may close, prove, settle and refund; a deadline ends each wait.
/// - A proof is kept by prover, so that nobody can disturb another's.
/// MONEY
/// - A deposit is the price of the whole order. It leaves only to the issuer against units, or back to its account.
contract Offering is IOffering, ReentrancyGuardTransient {
    using CashLib for IERC20;

    IBondFactory public immutable FACTORY;
    IMemberRegistry public immutable REGISTRY;

    uint256 public offeringCount;
    mapping(IBond bond => uint256 offeringId) public offeringOf;
    mapping(uint256 offeringId => Book) internal _books;
    mapping(uint256 offeringId => mapping(address account => Order)) internal _orders;
    mapping(uint256 offeringId => mapping(address prover => Proof)) internal _proofs;

    constructor(IBondFactory factory, IMemberRegistry registry) {
        FACTORY = factory;
        REGISTRY = registry;
    }

    /* OPENING */

    /// @inheritdoc IOffering
    function open(Conditions calldata conditions) external returns (uint256 offeringId) {
        IBond bond = conditions.bond;
        require(FACTORY.isBond(address(bond)), OfferingBondUnknown(address(bond)));
        Terms memory terms = bond.terms();
        require(
            msg.sender == terms.issuerAccount && REGISTRY.hasRoles(msg.sender, Roles.ISSUER),
            OfferingIssuerRefused(msg.sender)
        );
        require(
            REGISTRY.hasRoles(conditions.bookrunner, Roles.BOOKRUNNER), OfferingBookrunnerRefused(conditions.bookrunner)
        );
        _checkConditions(conditions, terms);
        uint256 previous = offeringOf[bond];
        require(previous == 0 || _books[previous].stage == Stage.FAILED, OfferingAlreadyOpen(address(bond), previous));

        offeringId = ++offeringCount;
        offeringOf[bond] = offeringId;
        Book storage book = _books[offeringId];
        (book.bond, book.opensAt, book.closesAt) = (bond, conditions.opensAt, conditions.closesAt);
        (book.method, book.stage) = (Method.FIXED_RATE, Stage.OPEN);
        (book.price, book.offered, book.minimumVolume) =
        (conditions.price, conditions.offered, conditions.minimumVolume);
        (book.minimumOrder, book.maximumOrder) = (conditions.minimumOrder, conditions.maximumOrder);
        (book.cash, book.settlesBy) = (terms.currency, conditions.settlesBy);
        (book.proceedsAccount, book.lot) = (msg.sender, terms.minimumUnits);

        emit OfferingOpened(offeringId, bond, msg.sender, Method.FIXED_RATE, conditions, terms.currency);
    }

    /* BOOK */

    /// @inheritdoc IOffering
    function order(uint256 offeringId, uint64 units) external nonReentrant {
        Book memory book = _books[offeringId];
        _checkBookOpen(offeringId, book);
        require(
            units >= book.minimumOrder && units <= book.maximumOrder && units % book.lot == 0,
            OrderUnitsInvalid(units, book.minimumOrder, book.maximumOrder, book.lot)
        );
        require(IERC7943Fungible(address(book.bond)).canReceive(msg.sender), OrderAccountRefused(msg.sender));

        Order memory old = _orders[offeringId][msg.sender];
        uint128 deposit = uint128(uint256(units) * book.price); // the conditions bound the price
        uint64 ordered = book.ordered - old.units + units;
        _orders[offeringId][msg.sender] = Order({units: units, deposit: deposit, settled: false});
        _books[offeringId].ordered = ordered;

        emit OrderPlaced(offeringId, msg.sender, units, deposit, ordered);
        if (deposit > old.deposit) _take(book, deposit - old.deposit);
        else if (deposit < old.deposit) _give(book, msg.sender, old.deposit - deposit);
    }

    /// @inheritdoc IOffering
    function withdraw(uint256 offeringId) external nonReentrant {
        Book memory book = _books[offeringId];
        _checkBookOpen(offeringId, book);
        Order memory old = _orders[offeringId][msg.sender];
        require(old.units != 0, OrderUnknown(offeringId, msg.sender));

        delete _orders[offeringId][msg.sender];
        _books[offeringId].ordered = book.ordered - old.units;

        emit OrderWithdrawn(offeringId, msg.sender, old.units, book.ordered - old.units);
        emit DepositRefunded(offeringId, msg.sender, old.deposit, msg.sender);
        _give(book, msg.sender, old.deposit);
    }

    /// @inheritdoc IOffering
    function close(uint256 offeringId) external {
        Book storage book = _books[offeringId];
        require(book.stage == Stage.OPEN, OfferingStageWrong(offeringId, book.stage));
        require(block.timestamp >= book.closesAt, OfferingStillOpen(offeringId, book.closesAt, block.timestamp));

        uint64 ordered = book.ordered;
        bool failed = ordered == 0 || ordered < book.minimumVolume;
        book.stage = failed ? Stage.FAILED : Stage.CLOSED;

        emit BookClosed(offeringId, ordered, msg.sender);
        if (failed) emit OfferingFailed(offeringId, ordered, book.minimumVolume, msg.sender);
    }

    /* ALLOCATION */

    /// @inheritdoc IOffering
    function allocate(uint256 offeringId, uint64 cutRemainder, address cutAccount, address[] calldata accounts)
        external
    {
        Book memory book = _books[offeringId];
        require(book.stage == Stage.CLOSED, OfferingStageWrong(offeringId, book.stage));
        Proof memory proof = _proofs[offeringId][msg.sender];
        if (proof.cutRemainder != cutRemainder || proof.cutAccount != cutAccount) {
            proof = Proof({last: address(0), cutRemainder: cutRemainder, cutAccount: cutAccount, units: 0, allotted: 0});
        }

        (book.cutRemainder, book.cutAccount) = (cutRemainder, cutAccount);

        for (uint256 i; i < accounts.length; ++i) {
            address account = accounts[i];
            require(account > proof.last, AllocationOrderWrong(proof.last, account));
            uint64 units = _orders[offeringId][account].units;
            require(units != 0, OrderUnknown(offeringId, account));
            proof.last = account;
            proof.units += units;
            proof.allotted += _allotment(book, account, units);
        }

        if (proof.units != book.ordered) {
            _proofs[offeringId][msg.sender] = proof;
            emit AllocationContinued(
                offeringId, msg.sender, proof.last, proof.units, proof.allotted, cutRemainder, cutAccount
            );
            return;
        }
        uint64 available = book.ordered < book.offered ? book.ordered : book.offered;
        require(proof.allotted == available, AllocationCutWrong(proof.allotted, available));

        delete _proofs[offeringId][msg.sender];
        Book storage stored = _books[offeringId];
        (stored.stage, stored.allotted) = (Stage.ALLOCATED, available);
        (stored.cutAccount, stored.cutRemainder) = (cutAccount, cutRemainder);

        emit AllocationProved(offeringId, book.ordered, available, cutRemainder, cutAccount, msg.sender);
    }

    /* PAYMENT AND ISSUE */

    /// @inheritdoc IOffering
    function settle(uint256 offeringId, address[] calldata accounts) external nonReentrant {
        Book memory book = _books[offeringId];
        require(book.stage == Stage.ALLOCATED, OfferingStageWrong(offeringId, book.stage));
        require(
            block.timestamp <= book.settlesBy, OfferingSettlementLapsed(offeringId, book.settlesBy, block.timestamp)
        );

        (address[] memory holders, uint64[] memory units, uint64 total) = _settleOrders(offeringId, book, accounts);
        require(holders.length != 0, OrderNothingToSettle(offeringId));
        uint256 proceeds = uint256(total) * book.price;

        emit OrdersSettled(offeringId, holders, units, proceeds, msg.sender);
        book.bond.issue(holders, units);
        _give(book, book.proceedsAccount, proceeds);
    }

    /// @inheritdoc IOffering
    function refund(uint256 offeringId, address account) external nonReentrant {
        Book memory book = _books[offeringId];
        uint256 amount = _refundable(offeringId, book, account);
        require(amount != 0, RefundNone(offeringId, account));

        _orders[offeringId][account].deposit -= uint128(amount);

        emit DepositRefunded(offeringId, account, amount, msg.sender);
        _give(book, account, amount);
    }

    /* VIEWS */

    /// @inheritdoc IOffering
    function bookOf(uint256 offeringId) external view returns (Book memory) {
        return _books[offeringId];
    }

    /// @inheritdoc IOffering
    function orderOf(uint256 offeringId, address account) external view returns (Order memory) {
        return _orders[offeringId][account];
    }

    /// @inheritdoc IOffering
    function allotmentOf(uint256 offeringId, address account) external view returns (uint64) {
        Book memory book = _books[offeringId];
        if (book.stage != Stage.ALLOCATED) return 0;
        return _allotment(book, account, _orders[offeringId][account].units);
    }

    /// @inheritdoc IOffering
    function proofOf(uint256 offeringId, address prover) external view returns (Proof memory) {
        return _proofs[offeringId][prover];
    }

    /// @inheritdoc IOffering
    function refundable(uint256 offeringId, address account) external view returns (uint256) {
        return _refundable(offeringId, _books[offeringId], account);
    }

    /* INTERNAL */

    /// @return holders Those who won something, have not settled yet, and may hold the bond now.
    function _settleOrders(uint256 offeringId, Book memory book, address[] calldata accounts)
        internal
        returns (address[] memory holders, uint64[] memory units, uint64 total)
    {
        holders = new address[](accounts.length);
        units = new uint64[](accounts.length);
        uint256 count;
        for (uint256 i; i < accounts.length; ++i) {
            Order storage each = _orders[offeringId][accounts[i]];
            uint64 allotted = _allotment(book, accounts[i], each.units);
            if (allotted == 0 || each.settled) continue;
            if (!IERC7943Fungible(address(book.bond)).canReceive(accounts[i])) {
                emit OrderSkipped(offeringId, accounts[i]);
                continue;
            }
            each.settled = true;
            each.deposit -= uint128(uint256(allotted) * book.price); // part of the deposit
            (holders[count], units[count]) = (accounts[i], allotted);
            total += allotted;
            ++count;
        }
        assembly ("memory-safe") {
            // Shortens both lists to those that were filled.
            mstore(holders, count)
            mstore(units, count)
        }
    }

    function _allotment(Book memory book, address account, uint64 units) internal pure returns (uint64) {
        uint64 lots = AllocationLib.allotment({
            account: account,
            asked: units / book.lot,
            offered: book.offered / book.lot,
            ordered: book.ordered / book.lot,
            cutRemainder: book.cutRemainder,
            cutAccount: book.cutAccount
        });
        return lots * book.lot;
    }

    /// @dev Until the last second for payment the price of what was won is not free; then all of an unsettled deposit is.
    function _refundable(uint256 offeringId, Book memory book, address account) internal view returns (uint256) {
        Order memory each = _orders[offeringId][account];
        if (book.stage == Stage.FAILED) return each.deposit;
        if (book.stage != Stage.ALLOCATED) return 0;
        if (each.settled || block.timestamp > book.settlesBy) return each.deposit;
        uint256 reserved = uint256(_allotment(book, account, each.units)) * book.price;
        // A refund taken earlier has left just what is reserved.
        return each.deposit - reserved;
    }

    function _checkBookOpen(uint256 offeringId, Book memory book) internal view {
        require(book.stage == Stage.OPEN, OfferingStageWrong(offeringId, book.stage));
        require(block.timestamp >= book.opensAt, OfferingNotOpen(offeringId, book.opensAt, block.timestamp));
        require(block.timestamp < book.closesAt, OfferingClosed(offeringId, book.closesAt, block.timestamp));
    }

    function _checkConditions(Conditions calldata conditions, Terms memory terms) internal view {
        uint64 left = terms.units - uint64(IERC20(address(conditions.bond)).totalSupply()); // supply is at most units
        require(
            conditions.offered != 0 && conditions.offered <= left && conditions.offered % terms.minimumUnits == 0,
            OfferingConditionInvalid("offered")
        );
        require(conditions.minimumVolume <= conditions.offered, OfferingConditionInvalid("minimumVolume"));
        require(conditions.minimumOrder >= terms.minimumUnits, OfferingConditionInvalid("minimumOrder"));
        require(
            conditions.maximumOrder >= conditions.minimumOrder && conditions.maximumOrder <= conditions.offered,
            OfferingConditionInvalid("maximumOrder")
        );
        require(
            conditions.price != 0 && uint256(conditions.price) * conditions.offered < 1 << 128,
            OfferingConditionInvalid("price")
        );
        require(conditions.opensAt < conditions.closesAt, OfferingConditionInvalid("closesAt"));
        require(conditions.closesAt > block.timestamp, OfferingConditionInvalid("closesAt"));
        require(conditions.settlesBy > conditions.closesAt, OfferingConditionInvalid("settlesBy"));
        // Units can be issued only while a record date is to come; the last one may be announced 30 days before maturity.
        uint256 maturity = TermsLib.instant(terms, TermsLib.dueDay(terms, terms.periods), 0);
        require(conditions.settlesBy + 30 days < maturity, OfferingConditionInvalid("settlesBy"));
    }

    function _take(Book memory book, uint256 amount) internal {
        IERC20 cash = IERC20(book.cash);
        _checkMoved(cash, amount, cash.pull(msg.sender, address(this), amount));
    }

    function _give(Book memory book, address to, uint256 amount) internal {
        IERC20 cash = IERC20(book.cash);
        _checkMoved(cash, amount, cash.push(to, amount));
    }

    function _checkMoved(IERC20 cash, uint256 expected, uint256 moved) internal pure {
        require(expected == moved, OrderCashMismatch(address(cash), expected, moved));
    }
}
