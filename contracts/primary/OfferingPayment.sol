// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";

import {IBondFactory} from "../bond/interfaces/IBondFactory.sol";
import {IMemberRegistry} from "../membership/interfaces/IMemberRegistry.sol";
import {IServicing} from "../servicing/interfaces/IServicing.sol";
import {OfferingBase} from "./OfferingBase.sol";
import {IOfferingPayment} from "./interfaces/IOfferingPayment.sol";
import {Book, Opening, Stage, TickBid, Underwriter, Unopened} from "./interfaces/OfferingTypes.sol";
import {SealLib} from "./libraries/SealLib.sol";
import {UnderwritingLib} from "./libraries/UnderwritingLib.sol";

/// @title OfferingPayment
/// @notice The part of `Offering` from the result on: payment and issue in one act, the rest, lost and returned deposits.
/// @dev LIVENESS
/// - A batch skips whom it cannot serve.
/// MONEY
/// - A bidder pays on his own bid, a member of the syndicate on his own word: the price at which he bid or joined, no more.
/// - Standing deposits leave only to their account, as its payment for units, or as a deposit lost by a stated rule.
contract OfferingPayment is OfferingBase, IOfferingPayment {
    using SafeERC20 for IERC20;

    uint256 internal constant SHARE_SCALE = 10_000;

    /// @notice What a batch issues.
    struct Batch {
        address[] holders;
        uint64[] units;
        uint256 count;
        uint64 issued; // without additional units
        uint64 total;
        uint256 proceeds;
        uint256 taken; // from the accounts of those who pay
    }

    constructor(IBondFactory factory, IMemberRegistry registry, address next) OfferingBase(factory, registry, next) {}

    /* PAYMENT AND ISSUE */

    /// @inheritdoc IOfferingPayment
    function settle(uint256 offeringId, Opening[] calldata openings) external nonReentrant {
        Book memory book = _load(offeringId);
        _checkStage(offeringId, book.stage, Stage.PUBLISHED);
        _checkFrom(offeringId, book.settlesFrom);
        _checkUntil(offeringId, book.settlesBy);
        Sale memory sale = _startSale(book);
        uint256 most;
        for (uint256 i; i < openings.length; ++i) {
            most += openings[i].bids.length + 1;
        }
        Batch memory batch = _newBatch(most);

        uint256 before = IERC20(book.cash).balanceOf(address(this));
        for (uint256 i; i < openings.length; ++i) {
            if (_isOpened(offeringId, openings[i])) _settleOne(offeringId, book, sale, openings[i], batch);
        }
        _books[offeringId].issued = book.issued + batch.issued;
        _finish(offeringId, book, batch, before);
    }

    /// @inheritdoc IOfferingPayment
    function takeUp(uint256 offeringId, address[] calldata underwriters) external nonReentrant {
        Book memory book = _load(offeringId);
        _checkStage(offeringId, book.stage, Stage.PUBLISHED);
        _checkFrom(offeringId, book.settlesFrom);
        _checkUntil(offeringId, book.takesUpBy);
        bool isLater = block.timestamp > book.settlesBy;
        Sale memory sale = _startSale(book);
        Batch memory batch = _newBatch(underwriters.length);

        uint256 before = IERC20(book.cash).balanceOf(address(this));
        for (uint256 i; i < underwriters.length; ++i) {
            _takeUpOne(offeringId, book, sale, underwriters[i], isLater, batch);
        }
        if (isLater) _books[offeringId].issuedLater = book.issuedLater + batch.issued;
        else _books[offeringId].issued = book.issued + batch.issued;
        _finish(offeringId, book, batch, before);
    }

    /// @inheritdoc IOfferingPayment
    function release(uint256 offeringId, Opening[] calldata openings) external nonReentrant {
        Book memory book = _load(offeringId);
        bool isOver = book.stage == Stage.FAILED || book.stage == Stage.CANCELLED;
        if (!isOver) _checkStage(offeringId, book.stage, Stage.PUBLISHED);
        uint256 count;
        for (uint256 i; i < openings.length; ++i) {
            if (!_isOpened(offeringId, openings[i])) continue;
            if (!isOver && _unitsOf(offeringId, book, openings[i]) != 0) continue;
            address bidder = openings[i].bidder;
            delete _bids[offeringId][bidder];

            emit BidEnded(offeringId, bidder);
            _return(offeringId, book.cash, bidder, book.deposit);
            ++count;
        }
        require(count != 0, OfferingNothingToDo(offeringId));
    }

    /// @inheritdoc IOfferingPayment
    function lapse(uint256 offeringId, Opening[] calldata openings) external nonReentrant {
        Book memory book = _load(offeringId);
        _checkStage(offeringId, book.stage, Stage.PUBLISHED);
        _checkFrom(offeringId, uint256(book.settlesBy) + 1);
        bool isStopped = _isStopped(book);
        uint256 count;
        for (uint256 i; i < openings.length; ++i) {
            if (!_isOpened(offeringId, openings[i])) continue;
            uint64 units = _unitsOf(offeringId, book, openings[i]);
            if (units == 0) continue;
            address bidder = openings[i].bidder;
            delete _bids[offeringId][bidder];

            emit WinnerLapsed(offeringId, bidder, units);
            if (isStopped || !_mayHold(bidder, book.eligible)) {
                _return(offeringId, book.cash, bidder, book.deposit);
            } else {
                _forfeit(offeringId, book.cash, book.proceedsAccount, bidder, book.deposit);
            }
            ++count;
        }
        require(count != 0, OfferingNothingToDo(offeringId));
    }

    /// @inheritdoc IOfferingPayment
    function forfeit(uint256 offeringId, Unopened[] calldata unopened) external nonReentrant {
        Book storage book = _books[offeringId];
        bool isCancelled = book.stage == Stage.CANCELLED;
        if (!isCancelled) {
            require(
                book.stage == Stage.CLOSED || book.stage == Stage.CLEARED || book.stage == Stage.PUBLISHED
                    || book.stage == Stage.FAILED,
                OfferingStageWrong(offeringId, book.stage)
            );
            _checkFrom(offeringId, book.revealsBy);
        }
        uint256 count;
        for (uint256 i; i < unopened.length; ++i) {
            Unopened calldata each = unopened[i];
            bytes32 stored = _bids[offeringId][each.bidder];
            if (stored == 0) continue;
            require(
                stored == SealLib.sealedWord(each.commitment, each.ciphertextHash), BidMismatch(offeringId, each.bidder)
            );
            ++count;
            delete _bids[offeringId][each.bidder];

            emit BidEnded(offeringId, each.bidder);
            if (isCancelled) _return(offeringId, book.cash, each.bidder, book.deposit);
            else _forfeit(offeringId, book.cash, book.proceedsAccount, each.bidder, book.deposit);
        }
        require(count != 0, OfferingNothingToDo(offeringId));
    }

    /// @inheritdoc IOfferingPayment
    function underwriteMore(uint256 offeringId, TickBid[] calldata bids, uint64 units) external nonReentrant {
        Book memory book = _load(offeringId);
        _checkStage(offeringId, book.stage, Stage.PUBLISHED);
        require(_mayHold(msg.sender, book.eligible), BidderRefused(msg.sender));
        _checkUntil(offeringId, uint256(book.publishedAt) + book.additionalSeconds);
        require(
            _bids[offeringId][msg.sender] == SealLib.openedWord(SealLib.hashOf(bids)),
            BidMismatch(offeringId, msg.sender)
        );
        uint256 won;
        for (uint256 i; i < bids.length; ++i) {
            won += _allotment(offeringId, book, msg.sender, bids[i]);
        }
        uint256 maximum = won / book.lot * _ruleOf(offeringId, msg.sender).additional / SHARE_SCALE * book.lot;
        require(
            units <= maximum && units % book.lot == 0 && book.additionalSeconds != 0,
            UnderwritingInvalid(units, maximum)
        );

        uint64 total = book.additional - _additional[offeringId][msg.sender] + units;
        _additional[offeringId][msg.sender] = units;
        _books[offeringId].additional = total;

        emit UnderwritingAdded(offeringId, msg.sender, units, total);
    }

    /// @inheritdoc IOfferingPayment
    function discharge(uint256 offeringId, address[] calldata underwriters) external nonReentrant {
        Book memory book = _load(offeringId);
        bool isOver = book.stage == Stage.FAILED || book.stage == Stage.CANCELLED;
        if (!isOver) {
            _checkStage(offeringId, book.stage, Stage.PUBLISHED);
            _checkFrom(offeringId, uint256(book.takesUpBy) + 1);
        }
        bool isStopped = !isOver && _isStopped(book);
        uint256 count;
        for (uint256 i; i < underwriters.length; ++i) {
            address account = underwriters[i];
            Underwriter storage member = _underwriters[offeringId][account];
            if (!member.deposit) continue;
            (uint64 first, uint64 second) = UnderwritingLib.partsOf(book, member);
            bool isDone = (first == 0 || member.tookUp) && (second == 0 || member.tookUpLater);
            bool mayNot = isStopped || !_mayHold(account, book.eligible);
            member.deposit = false;

            emit UnderwriterDischarged(offeringId, account);
            if (isOver || isDone || mayNot) _return(offeringId, book.cash, account, book.deposit);
            else _forfeit(offeringId, book.cash, book.proceedsAccount, account, book.deposit);
            ++count;
        }
        require(count != 0, OfferingNothingToDo(offeringId));
    }

    /* VIEWS */

    /// @inheritdoc IOfferingPayment
    function additionalOf(uint256 offeringId, address bidder) external view returns (uint64) {
        return _additional[offeringId][bidder];
    }

    /// @inheritdoc IOfferingPayment
    function takeUpOf(uint256 offeringId, address account) external view returns (uint64, uint64) {
        return UnderwritingLib.partsOf(_books[offeringId], _underwriters[offeringId][account]);
    }

    /// @inheritdoc IOfferingPayment
    function allotmentOf(uint256 offeringId, Opening calldata opening)
        external
        view
        returns (uint64[] memory units, uint256 amount)
    {
        Book memory book = _load(offeringId);
        units = new uint64[](opening.bids.length);
        if (book.stage != Stage.PUBLISHED) return (units, 0);
        Sale memory sale = _saleOf(book);
        uint256 total = book.additional == 0 ? 0 : _additional[offeringId][opening.bidder];
        amount = total * book.issuePrice;
        for (uint256 i; i < units.length; ++i) {
            TickBid calldata bid = opening.bids[i];
            units[i] = _allotment(offeringId, book, opening.bidder, bid);
            total += units[i];
            amount += units[i] * _priceOf(book, sale, bid);
        }
        amount = _withAccrued(sale, amount, total);
    }

    /* INTERNAL */

    /// @dev A record date that has passed decides who gets the coupon, so it is noticed first.
    function _startSale(Book memory book) internal returns (Sale memory) {
        book.bond.advance();
        return _saleOf(book);
    }

    /// @return Whether nobody could be issued to: the bond is paused, or waits for business days that are not published.
    function _isStopped(Book memory book) internal returns (bool) {
        try book.bond.advance() {
            return book.bond.book().paused || _isUnpriced(book);
        } catch (bytes memory reason) {
            // A call that ran out of gas has no reason: else its sender could choose the answer.
            require(reason.length != 0, OfferingNothingToDo(0));
            return true;
        }
    }

    /// @return Whether nobody could pay, as the interest that has accrued cannot be computed.
    function _isUnpriced(Book memory book) internal view returns (bool) {
        uint16 records = book.bond.book().records;
        if (book.accrualDay == 0 && records == 0) return false;
        IServicing servicing = IServicing(book.bond.suite().servicing);
        try servicing.accruedPerUnit(book.bond, book.accrualDay, records) returns (int256, uint256) {
            return false;
        } catch (bytes memory reason) {
            require(reason.length != 0, OfferingNothingToDo(0));
            return true;
        }
    }

    function _newBatch(uint256 most) internal pure returns (Batch memory batch) {
        batch.holders = new address[](most);
        batch.units = new uint64[](most);
    }

    /// @dev Units of one account at neighbouring quotes are one entry: the register is asked once for them.
    function _settleOne(
        uint256 offeringId,
        Book memory book,
        Sale memory sale,
        Opening calldata opening,
        Batch memory batch
    ) internal {
        address bidder = opening.bidder;
        (uint256 first, uint64 issued) = (batch.count, batch.issued);
        uint256 amount = _draft(offeringId, book, sale, opening, batch);
        uint64 units = batch.issued - issued;
        if (units == 0) return;
        uint64 added = book.additional == 0 ? 0 : _additional[offeringId][bidder];
        if (added != 0) _add(batch, bidder, added, first);
        amount = _withAccrued(sale, amount + uint256(added) * book.issuePrice, units + added);

        address refused = _refusedOf(book, batch, bidder, first);
        bool isPaid;
        uint256 taken;
        uint128 balance;
        if (refused == address(0)) (isPaid, taken, balance) = _collect(book, bidder, amount, book.deposit);
        if (!isPaid) {
            (batch.count, batch.issued) = (first, issued);
            emit WinnerSkipped(offeringId, bidder, refused);
            return;
        }
        delete _bids[offeringId][bidder];
        batch.total += units + added;
        batch.proceeds += amount;
        batch.taken += taken;

        emit WinnerSettled(offeringId, bidder, units + added, amount, taken, balance);
    }

    /// @dev Puts what a bidder won at the end of the batch.
    /// @return amount Base units that it costs, without accrued interest.
    function _draft(
        uint256 offeringId,
        Book memory book,
        Sale memory sale,
        Opening calldata opening,
        Batch memory batch
    ) internal pure returns (uint256 amount) {
        TickBid[] calldata bids = opening.bids;
        address bidder = opening.bidder;
        uint256 first = batch.count;
        for (uint256 i; i < bids.length; ++i) {
            TickBid calldata bid = bids[i];
            uint64 units = _allotment(offeringId, book, bidder, bid);
            if (units == 0) continue;
            amount += units * _priceOf(book, sale, bid);
            batch.issued += units;
            _add(batch, bid.account, units, first);
        }
    }

    /// @return The bidder, or the first of his accounts, that may not hold the bond now; zero for none.
    function _refusedOf(Book memory book, Batch memory batch, address bidder, uint256 first)
        internal
        view
        returns (address)
    {
        if (!_mayHold(bidder, book.eligible)) return bidder;
        for (uint256 i = first; i < batch.count; ++i) {
            address holder = batch.holders[i];
            if (holder != bidder && !_mayHold(holder, book.eligible)) return holder;
        }
        return address(0);
    }

    function _takeUpOne(
        uint256 offeringId,
        Book memory book,
        Sale memory sale,
        address account,
        bool isLater,
        Batch memory batch
    ) internal {
        Underwriter storage member = _underwriters[offeringId][account];
        if (isLater ? member.tookUpLater : member.tookUp) return;
        (uint64 first, uint64 second) = UnderwritingLib.partsOf(book, member);
        uint64 units = isLater ? second : first;
        if (units == 0) return;
        if (!_mayHold(account, book.eligible)) {
            emit WinnerSkipped(offeringId, account, account);
            return;
        }
        uint256 amount = _withAccrued(sale, units * uint256(book.issuePrice), units);
        (bool isPaid, uint256 taken, uint128 balance) = _collect(book, account, amount, 0);
        if (!isPaid) {
            emit WinnerSkipped(offeringId, account, address(0));
            return;
        }
        if (isLater) member.tookUpLater = true;
        else member.tookUp = true;
        _add(batch, account, units, batch.count);
        batch.issued += units;
        batch.total += units;
        batch.proceeds += amount;
        batch.taken += taken;

        emit RestTakenUp(offeringId, account, units, amount, taken, balance, isLater);
    }

    /// @dev Takes a payment out of the deposit that the bid held, then out of what stands ready, then out of the account, which
    /// may fail.
    /// @param held Base units that the bid held.
    /// @return isPaid Whether the money was there.
    /// @return taken Base units that came from the account.
    /// @return balance What stands ready afterwards.
    function _collect(Book memory book, address payer, uint256 amount, uint128 held)
        internal
        returns (bool isPaid, uint256 taken, uint128 balance)
    {
        mapping(address => uint128) storage deposits = _deposits[book.cash];
        uint128 before = deposits[payer];
        uint256 ready = uint256(before) + held;
        if (amount > ready) taken = amount - ready;
        else balance = uint128(ready - amount); // is in this contract
        if (balance != before) deposits[payer] = balance;
        if (taken != 0 && !IERC20(book.cash).trySafeTransferFrom(payer, address(this), taken)) {
            if (before != 0) deposits[payer] = before;
            return (false, 0, before);
        }
        return (true, taken, balance);
    }

    /// @param first Where the entries of this payer begin: an account that is there last is added to.
    function _add(Batch memory batch, address holder, uint64 units, uint256 first) internal pure {
        uint256 count = batch.count;
        if (count > first && batch.holders[count - 1] == holder) {
            batch.units[count - 1] += units;
            return;
        }
        (batch.holders[count], batch.units[count]) = (holder, units);
        batch.count = count + 1;
    }

    /// @dev Units to the winners, money to the issuer. What came in is measured once for the batch.
    function _finish(uint256 offeringId, Book memory book, Batch memory batch, uint256 before) internal {
        (address[] memory holders, uint64[] memory units) = (batch.holders, batch.units);
        uint256 count = batch.count;
        require(count != 0, OfferingNothingToDo(offeringId));
        assembly ("memory-safe") {
            // Shortens both lists to those that were filled.
            mstore(holders, count)
            mstore(units, count)
        }
        IERC20 cash = IERC20(book.cash);
        uint256 moved = cash.balanceOf(address(this)) - before;
        require(moved == batch.taken, OfferingCashMismatch(book.cash, batch.taken, moved));
        book.bond.issue(holders, units);

        address issuer = book.proceedsAccount;
        // What leaves is measured, not what arrives: the issuer cannot stop an issue by what it does with its money.
        before = cash.balanceOf(address(this));
        bool isPaid = cash.trySafeTransfer(issuer, batch.proceeds);
        moved = before - cash.balanceOf(address(this));
        require(moved == (isPaid ? batch.proceeds : 0), OfferingCashMismatch(book.cash, batch.proceeds, moved));
        emit ProceedsPaid(offeringId, issuer, batch.total, batch.proceeds, isPaid, msg.sender);
        if (!isPaid) {
            uint128 amount = uint128(batch.proceeds); // is in this contract
            uint128 balance = _deposits[book.cash][issuer] + amount;
            _deposits[book.cash][issuer] = balance;
            emit DepositFunded(book.cash, issuer, amount, balance);
        }
    }

    /// @return units Allotted to all bids of an opening.
    function _unitsOf(uint256 offeringId, Book memory book, Opening calldata opening)
        internal
        pure
        returns (uint64 units)
    {
        for (uint256 i; i < opening.bids.length; ++i) {
            units += _allotment(offeringId, book, opening.bidder, opening.bids[i]);
        }
    }
}
