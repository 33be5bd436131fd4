// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";

import {IBond, Book, Entry, PaymentDays, Suite} from "./interfaces/IBond.sol";
import {IERC7943Fungible} from "./interfaces/IERC7943Fungible.sol";
import {DelegateLib} from "../libraries/DelegateLib.sol";
import {AccountWord} from "../membership/libraries/AccountWordLib.sol";
import {RegistryLib} from "../membership/libraries/RegistryLib.sol";
import {Register} from "./Register.sol";
import {BookLib, BookWord} from "./libraries/BookLib.sol";
import {EntryLib, EntryWord} from "./libraries/EntryLib.sol";
import {RecordDateLib} from "./libraries/RecordDateLib.sol";
import {RegisterLib} from "./libraries/RegisterLib.sol";
import {Terms, TermsLib} from "./libraries/TermsLib.sol";

/// @title Bond
/// @notice The register of one bond: who holds how many units now, and who held them at each record date.
/// @dev A clone of one implementation; its terms are immutable arguments in its code, and there is nothing to initialise.
/// ONE WAY IN
/// - What is stored, and how it changes, is in `Register`; here is who may call.
/// POWERS
/// - The Offering issues, the Settlement delivers, the Servicing pays and redeems; nobody else moves what is not his. Those of
///   the statutory desk are in `BondExtension`, which this part hands on to; what else the Servicing may, in `BondEvents`.
/// LIVENESS
/// - A record date that is due is noticed by the next movement. If its business days are not published by then, movements
///   stop until they are: a wrong record date would be worse than a late one.
contract Bond is Register, IBond, IERC20 {
    using RegisterLib for RegisterLib.Checkpoints;

    /// @dev Does what this part does not know. What is rare is there, because solc compares selectors one by one: each that is
    /// here, and below that of `transfer`, costs every transfer 22 gas.
    address public immutable NEXT;

    /// @param extension Built with the same suite: each part has it in its own code.
    constructor(Suite memory parts, address extension) Register(parts) {
        require(
            extension.code.length != 0
                && keccak256(abi.encode(IBond(extension).suite())) == keccak256(abi.encode(parts)),
            BondExtensionInvalid(extension)
        );
        NEXT = extension;
    }

    modifier onlyBy(address system) {
        _checkCaller(system);
        _;
    }

    /// @dev Runs the extension in this storage.
    fallback() external {
        DelegateLib.forward(NEXT);
    }

    /* ISSUE, DELIVERY, PAYMENT */

    /// @inheritdoc IBond
    function issue(address[] calldata holders, uint64[] calldata units) external {
        require(msg.sender == OFFERING || msg.sender == SERVICING, BondCallerRefused(msg.sender));
        Book memory current = _advance();
        require(!current.paused, BondPaused());
        require(!current.closed, BondBooksClosed());
        require(!current.shut, BondBooksShut());
        require(!RecordDateLib.isInDefault(current), BondDefaulted(true));
        (uint256 eligible, uint256 minimum) = TermsLib.transferRules();
        AccountWord[] memory words = RegistryLib.wordsOf(REGISTRY, holders);

        _checkpoints.keepSupply(current);
        uint256 supply = current.supply;
        for (uint256 i; i < holders.length; ++i) {
            require(words[i].isEligible(eligible), IERC7943Fungible.ERC7943CannotReceive(holders[i]));
            supply += units[i];
            _issue(holders[i], units[i], current, minimum);
        }

        uint256 authorised = TermsLib.units();
        require(supply <= authorised, BondUnitsExceedAuthorised(supply, authorised));
        current.supply = uint64(supply); // authorised is a uint64
        _book = current;
    }

    /// @inheritdoc IBond
    function fixCouponRate(uint32 rate) external onlyBy(OFFERING) {
        uint32 current = _terms().couponRate;
        require(current == TermsLib.TO_BE_FIXED && rate != current, BondCouponFixed(current));

        _coupon = Coupon({rate: rate, isFixed: true});

        emit CouponFixed(rate);
    }

    /// @inheritdoc IBond
    function bookTransfer(address from, address to, uint256 units) external onlyBy(SETTLEMENT) {
        _transfer(from, to, units);
    }

    /// @inheritdoc IBond
    function markPaid(uint16 period, address[] calldata holders)
        external
        onlyBy(SERVICING)
        returns (uint256[] memory due)
    {
        Book memory current = _book;
        require(period != 0 && period <= current.records, BondRecordPending(period, current.records));
        due = new uint256[](holders.length);

        uint256 total = _mark(period, holders, due, current);

        if (current.closed && period == current.records && total != 0) {
            // The books have been closed since the last record date: what is held now is what was held then, and the mark of
            // the last payment says that it is burned. No checkpoint, no slot of its own.
            for (uint256 i; i < due.length; ++i) {
                if (due[i] != 0) emit Transfer(holders[i], address(0), uint64(due[i]));
            }
            _checkpoints.keepSupply(current);
            current.supply -= uint64(total);
            if (current.supply == 0) emit BondRedeemed(period);
        }
        _book = current;
    }

    /* TRANSFER */

    /// @inheritdoc IERC20
    function transfer(address to, uint256 value) external returns (bool) {
        _transfer(msg.sender, to, value);
        return true;
    }

    /// @inheritdoc IERC20
    function transferFrom(address from, address to, uint256 value) external returns (bool) {
        uint256 allowed = _allowances[from][msg.sender];
        if (allowed != type(uint256).max) {
            require(allowed >= value, ERC20InsufficientAllowance(msg.sender, allowed, value));
            unchecked {
                allowed -= value; // allowed >= value
            }
            _allowances[from][msg.sender] = allowed;
            // Not demanded by ERC-20, but without it no one could rebuild allowances from events.
            emit Approval(from, msg.sender, allowed);
        }
        _transfer(from, to, value);
        return true;
    }

    /// @inheritdoc IERC20
    function approve(address spender, uint256 value) external returns (bool) {
        _approve(msg.sender, spender, value);
        return true;
    }

    /* RECORD DATES */

    /// @inheritdoc IBond
    function advance() external {
        if (BookLib.load(_book).nextTime() != 0 || msg.sender == OFFERING) _noticed();
    }

    /* VIEWS */

    /// @inheritdoc IBond
    function terms() external view returns (Terms memory) {
        return _terms();
    }

    /// @inheritdoc IBond
    function suite() external view returns (Suite memory) {
        return _suite();
    }

    /// @inheritdoc IBond
    function isin() external view returns (bytes12) {
        return TermsLib.isin();
    }

    /// @inheritdoc IBond
    function currency() external view returns (address) {
        return TermsLib.currency();
    }

    /// @inheritdoc IBond
    function book() external view returns (Book memory) {
        return _book;
    }

    /// @inheritdoc IBond
    function entryOf(address account) external view returns (Entry memory) {
        return _entries[account];
    }

    /// @inheritdoc IBond
    function supplyAt(uint16 record) external view returns (uint64) {
        _checkRecord(record);
        Book memory current = _book;
        return uint64(_checkpoints.unitsAt(address(0), current.supply, current.cursor, current.checkpoint, record));
    }

    /// @inheritdoc IBond
    function paymentDays(uint16 period) external view returns (PaymentDays memory) {
        return _paymentDays[period];
    }

    /// @inheritdoc IBond
    function isPaid(address holder, uint16 period) external view returns (bool) {
        return _isPaid(EntryLib.load(_entries[holder]), period);
    }

    function totalSupply() external view returns (uint256) {
        return _book.supply;
    }

    function balanceOf(address account) external view returns (uint256) {
        EntryWord entry = EntryLib.load(_entries[account]);
        // Units are burned by the mark of the last payment; the entry keeps what was redeemed.
        if (entry.units() == 0) return 0;
        BookWord current = BookLib.load(_book);
        return current.isClosed() && _isPaid(entry, current.records()) ? 0 : entry.units();
    }

    function allowance(address owner, address spender) external view returns (uint256) {
        return _allowances[owner][spender];
    }

    function _terms() internal view returns (Terms memory sealedTerms) {
        sealedTerms = TermsLib.unseal();
        if (_coupon.isFixed) sealedTerms.couponRate = _coupon.rate;
    }

    /* CHECKS */

    function _checkCaller(address system) internal view {
        require(msg.sender == system, BondCallerRefused(msg.sender));
    }
}
