// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {IBondToken} from "../suite/IBondToken.sol";
import {Terms} from "../../../contracts/bond/libraries/TermsLib.sol";
import {IOffering, Stage} from "../../../contracts/primary/interfaces/IOffering.sol";
import {Model} from "../suite/Model.sol";
import {Replay} from "../suite/Replay.sol";
import {World} from "../suite/Suite.sol";
import {Handler} from "./Handler.sol";

/// @notice Issuer opens, members order and withdraw, anyone closes, proves the allocation, settles and refunds.
contract OfferingHandler is Handler {
    /// @dev An offering as its acts say.
    struct Book {
        IBondToken bond;
        IOffering.Conditions conditions;
        uint64 lot;
        uint64 ordered;
        uint64 issued;
        bool closed;
        bool failed;
        bool allocated;
        uint256 takenIn;
        uint256 givenBack;
        uint256 proceeds;
    }

    struct Order {
        uint64 units;
        uint64 allotted;
        uint256 deposit;
        bool settled;
    }

    uint256 public latest;
    mapping(uint256 offering => Book) internal _books;
    mapping(uint256 offering => mapping(address account => Order)) internal _orders;

    constructor(World memory world_, Model model_, Replay replay_, address[] memory holders_)
        Handler(world_, model_, replay_, holders_)
    {}

    function bookOf(uint256 offering) external view returns (Book memory) {
        return _books[offering];
    }

    function orderOf(uint256 offering, address account) external view returns (Order memory) {
        return _orders[offering][account];
    }

    /// @dev Registers a bond and opens its offering, for the set-up.
    function open(Terms calldata terms, IOffering.Conditions memory conditions) external {
        vm.prank(world.issuer);
        IBondToken bond = IBondToken(world.factory.register(terms));
        model.addBond(address(bond), terms);
        conditions.bond = bond;
        vm.prank(world.issuer);
        latest = world.offering.open(conditions);
        Book storage book = _books[latest];
        (book.bond, book.conditions, book.lot) = (bond, conditions, terms.minimumUnits);
    }

    /* BOOK */

    function order(uint256 seed, uint256 accountSeed, uint256 units) external act(seed) {
        seed = _mix(seed);
        uint256 offering = _offering(seed);
        uint64 most = _books[offering].conditions.maximumOrder;
        uint64 lot = _books[offering].lot;
        units = _amount(units, most);
        // Mostly whole lots, as others are refused.
        if (seed % 8 != 0) units -= units % lot;
        placeOrder(offering, _receiver(_books[offering].bond, accountSeed), uint64(units));
    }

    function placeOrder(uint256 offering, address account, uint64 units) public {
        Book storage book = _books[offering];
        Order storage old = _orders[offering][account];
        IOffering.Conditions memory conditions = book.conditions;
        uint256 deposit = units * uint256(conditions.price);
        bool rich = deposit <= old.deposit + model.cash(account);
        bool whole = units >= conditions.minimumOrder && units <= conditions.maximumOrder && units % book.lot == 0;
        bool expected = _isBookOpen(book) && whole && rich && model.mayHold(address(book.bond), account);

        vm.prank(account);
        (bool success,) = address(world.offering).call(abi.encodeCall(world.offering.order, (offering, units)));

        _outcome("order", success, expected, "OFFER-3: an eligible member with the money may order, in time");
        if (!success) return;
        if (deposit > old.deposit) _takeIn(book, account, deposit - old.deposit);
        else _giveBack(book, account, old.deposit - deposit);
        book.ordered = book.ordered - old.units + units;
        (old.units, old.deposit) = (units, deposit);
    }

    function withdraw(uint256 seed, uint256 accountSeed) external act(seed) {
        seed = _mix(seed);
        uint256 offering = _offering(seed);
        address account = _bidder(offering, accountSeed);
        Book storage book = _books[offering];
        Order memory old = _orders[offering][account];
        bool expected = _isBookOpen(book) && old.units != 0 && model.isActive(account);

        vm.prank(account);
        (bool success,) = address(world.offering).call(abi.encodeCall(world.offering.withdraw, (offering)));

        _outcome("withdraw", success, expected, "OFFER-4: an order may be withdrawn until the book closes");
        if (!success) return;
        delete _orders[offering][account];
        book.ordered -= old.units;
        _giveBack(book, account, old.deposit);
    }

    function close(uint256 seed) external act(seed) {
        seed = _mix(seed);
        closeBook(_offering(seed));
    }

    function closeBook(uint256 offering) public {
        Book storage book = _books[offering];
        bool expected = !book.closed && _now() >= book.conditions.closesAt;

        (bool success,) = address(world.offering).call(abi.encodeCall(world.offering.close, (offering)));

        _outcome("close", success, expected, "OFFER-5: anyone closes the book, once its time has come");
        if (!success) return;
        book.closed = true;
        book.failed = book.ordered == 0 || book.ordered < book.conditions.minimumVolume;
    }

    /* ALLOCATION */

    function allocate(uint256 seed, uint256 wrongCut) external act(seed) {
        seed = _mix(seed);
        uint256 offering = _offering(seed);
        if (!_books[offering].closed || _books[offering].failed || _books[offering].allocated) return;
        if ((seed >> 8) % 4 != 0) proveAllocation(offering, (seed >> 16) % 4);
        else _offerWrongCut(offering, wrongCut);
    }

    /// @dev In two batches, split after the first few.
    function proveAllocation(uint256 offering, uint256 split) public {
        address[] memory accounts = _ascending(offering);
        (uint64 cutRemainder, address cutAccount) = _bruteForce(offering, accounts);
        if (split > accounts.length) split = accounts.length;
        (address[] memory first, address[] memory rest) = (new address[](split), new address[](accounts.length - split));
        for (uint256 i; i < accounts.length; ++i) {
            if (i < split) first[i] = accounts[i];
            else rest[i - split] = accounts[i];
        }

        if (split == accounts.length) first = rest = accounts;
        else if (split != 0) world.offering.allocate(offering, cutRemainder, cutAccount, first);
        (bool success,) = address(world.offering)
            .call(abi.encodeCall(world.offering.allocate, (offering, cutRemainder, cutAccount, rest)));

        _outcome("allocate", success, true, "ALLOC-3: the largest remainders can always be proved");
        if (!success) return;
        _books[offering].allocated = true;
        _demandAllotments(offering);
    }

    function _demandAllotments(uint256 offering) private {
        for (uint256 i; i < holders.length; ++i) {
            uint64 found = world.offering.allotmentOf(offering, holders[i]);
            model.demand(
                found == _orders[offering][holders[i]].allotted, "ALLOC-2: allotments are the largest remainders"
            );
        }
    }

    /// @dev Any other cut may be accepted only when it gives the same allotments.
    function _offerWrongCut(uint256 offering, uint256 wrongCut) private {
        address[] memory accounts = _ascending(offering);
        _bruteForce(offering, accounts);
        uint64 cutRemainder = uint64((wrongCut >> 8) % (_books[offering].ordered + 1));
        address cutAccount = wrongCut % 2 == 0 ? address(0) : holders[(wrongCut >> 1) % holders.length];
        if (wrongCut % 5 == 0 && accounts.length != 0) accounts[0] = accounts[accounts.length - 1];

        (bool success,) = address(world.offering)
            .call(abi.encodeCall(world.offering.allocate, (offering, cutRemainder, cutAccount, accounts)));

        _count("wrongCut", success);
        if (!success || world.offering.bookOf(offering).stage != Stage.ALLOCATED) return;
        _books[offering].allocated = true;
        _demandAllotments(offering);
    }

    /* PAYMENT AND ISSUE */

    function settle(uint256 seed, uint256 batchSeed) external act(seed) {
        seed = _mix(seed);
        settleOrders(_offering(seed), _batch(batchSeed));
    }

    function settleOrders(uint256 offering, address[] memory batch) public {
        Book storage book = _books[offering];
        address bond = address(book.bond);
        bool expected = book.allocated && _now() <= book.conditions.settlesBy && !model.paused(bond)
            && !model.isClosed(bond) && model.isActive(world.issuer) && _hasWinner(offering, batch);

        (bool success,) = address(world.offering).call(abi.encodeCall(world.offering.settle, (offering, batch)));

        _outcome("settle", success, expected, "OFFER-6: who won pays and gets his units, whoever else is in the batch");
        if (!success) return;
        for (uint256 i; i < batch.length; ++i) {
            Order storage each = _orders[offering][batch[i]];
            if (each.allotted == 0 || each.settled || !model.mayHold(bond, batch[i])) continue;
            uint256 cost = each.allotted * uint256(book.conditions.price);
            each.settled = true;
            each.deposit -= cost;
            book.issued += each.allotted;
            book.proceeds += cost;
            model.move(bond, address(0), batch[i], each.allotted);
            model.moveCash(address(world.offering), world.issuer, cost);
        }
    }

    function refund(uint256 seed, uint256 accountSeed) external act(seed) {
        seed = _mix(seed);
        uint256 offering = _offering(seed);
        address account = _bidder(offering, accountSeed);
        Book storage book = _books[offering];
        Order storage each = _orders[offering][account];
        uint256 reserved = each.settled || book.failed || _now() > book.conditions.settlesBy
            ? 0
            : each.allotted * uint256(book.conditions.price);
        uint256 amount = book.failed || book.allocated ? each.deposit - reserved : 0;
        bool expected = amount != 0 && model.isActive(account);

        vm.prank(world.outsider);
        (bool success,) = address(world.offering).call(abi.encodeCall(world.offering.refund, (offering, account)));

        _outcome("refund", success, expected, "OFFER-7: what is free of a deposit goes back, and only to its account");
        if (!success) return;
        each.deposit -= amount;
        _giveBack(book, account, amount);
    }

    /* INTERNAL */

    function _calm() internal pure override returns (uint256) {
        return 10;
    }

    /// @dev Mostly one of those that the set-up leaves open.
    function _offering(uint256 seed) private view returns (uint256) {
        return (seed >> 128) % 8 == 0 ? 1 : 2 + seed % (latest - 1);
    }

    /// @dev Mostly one with a deposit.
    function _bidder(uint256 offering, uint256 seed) private view returns (address account) {
        seed = _mix(seed);
        if (seed % 8 == 0) return _account(seed >> 3);
        for (uint256 i; i < holders.length; ++i) {
            account = holders[((seed >> 3) + i) % holders.length];
            if (_orders[offering][account].deposit != 0) return account;
        }
    }

    function _isBookOpen(Book storage book) private view returns (bool) {
        return !book.closed && _now() >= book.conditions.opensAt && _now() < book.conditions.closesAt;
    }

    function _hasWinner(uint256 offering, address[] memory batch) private view returns (bool) {
        for (uint256 i; i < batch.length; ++i) {
            Order storage each = _orders[offering][batch[i]];
            bool mayHold = model.mayHold(address(_books[offering].bond), batch[i]);
            if (each.allotted != 0 && !each.settled && mayHold) return true;
        }
        return false;
    }

    function _takeIn(Book storage book, address account, uint256 amount) private {
        book.takenIn += amount;
        model.moveCash(account, address(world.offering), amount);
    }

    function _giveBack(Book storage book, address account, uint256 amount) private {
        book.givenBack += amount;
        model.moveCash(address(world.offering), account, amount);
    }

    function _ascending(uint256 offering) private view returns (address[] memory accounts) {
        uint256 count;
        for (uint256 i; i < holders.length; ++i) {
            if (_orders[offering][holders[i]].units != 0) ++count;
        }
        accounts = new address[](count);
        address last;
        for (uint256 i; i < count; ++i) {
            address next = address(type(uint160).max);
            for (uint256 j; j < holders.length; ++j) {
                bool counts = _orders[offering][holders[j]].units != 0 && holders[j] > last;
                if (counts && holders[j] < next) next = holders[j];
            }
            accounts[i] = last = next;
        }
    }

    /// @dev Hands out the residue lot by lot, each to the largest remainder that has none yet.
    function _bruteForce(uint256 offering, address[] memory accounts)
        private
        returns (uint64 cutRemainder, address cutAccount)
    {
        Book storage book = _books[offering];
        (uint256 offered, uint256 ordered) = (book.conditions.offered / book.lot, book.ordered / book.lot);
        bool short = ordered <= offered;
        uint256[] memory remainders = new uint256[](accounts.length);
        uint256 left = offered;
        for (uint256 i; i < accounts.length; ++i) {
            Order storage each = _orders[offering][accounts[i]];
            uint256 product = (each.units / book.lot) * offered;
            remainders[i] = product % ordered;
            each.allotted = short ? each.units : uint64(product / ordered) * book.lot;
            left -= short ? 0 : product / ordered;
        }
        cutRemainder = uint64(ordered);
        if (short) return (cutRemainder, cutAccount);
        for (; left > 0; --left) {
            uint256 best;
            for (uint256 i = 1; i < accounts.length; ++i) {
                if (remainders[i] > remainders[best]) best = i;
            }
            _orders[offering][accounts[best]].allotted += book.lot;
            (cutRemainder, cutAccount) = (uint64(remainders[best]), accounts[best]);
            remainders[best] = 0;
        }
    }
}
