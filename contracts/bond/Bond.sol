// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IAccessManaged} from "@openzeppelin/contracts/access/manager/IAccessManaged.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IERC20Metadata} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Metadata.sol";
import {IERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Permit.sol";
import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {IERC165} from "@openzeppelin/contracts/utils/introspection/IERC165.sol";
import {Nonces} from "@openzeppelin/contracts/utils/Nonces.sol";

import {IBond, Book, Checkpoint, Entry, PaymentDays, Suite} from "./interfaces/IBond.sol";
import {IERC1643} from "./interfaces/IERC1643.sol";
import {IERC7943Fungible} from "./interfaces/IERC7943Fungible.sol";
import {AccountWord} from "../membership/libraries/AccountWordLib.sol";
import {RegistryLib} from "../membership/libraries/RegistryLib.sol";
import {Roles} from "../membership/libraries/Roles.sol";
import {SignatureLib} from "../libraries/SignatureLib.sol";
import {Register} from "./Register.sol";
import {BookLib, BookWord} from "./libraries/BookLib.sol";
import {EntryLib, EntryWord} from "./libraries/EntryLib.sol";
import {RegisterLib} from "./libraries/RegisterLib.sol";
import {RecordDateLib} from "./libraries/RecordDateLib.sol";
import {Terms, TermsLib} from "./libraries/TermsLib.sol";

/// @title Bond
/// @notice The register of one bond: who holds how many units now, and who held them at each record date.
/// @dev A clone of one implementation; its terms are immutable arguments in its code, and there is nothing to initialise.
/// ONE WAY IN
/// - What is stored, and how it changes, is in `Register`; here is who may call, and what a caller's power lifts.
/// POWERS (through the Authority, with the implementation as target, so that all bonds share one setting)
/// - Statutory desk: `setFrozenTokens`, `forcedTransfer`, `setPaused`.
/// - The Offering issues, the Settlement delivers, the Servicing pays and redeems; nobody else moves what is not his.
/// LIVENESS
/// - A record date that is due is noticed by the next movement. If its business days are not published by then, movements
///   stop until they are: a wrong record date would be worse than a late one.
contract Bond is Register, IERC20Metadata, IERC20Permit {
    using RegisterLib for RegisterLib.Checkpoints;

    bytes32 internal constant PERMIT_TYPEHASH =
        keccak256("Permit(address owner,address spender,uint256 value,uint256 nonce,uint256 deadline)");

    constructor(Suite memory parts) Register(parts) {}

    modifier restricted() {
        _checkPower();
        _;
    }

    modifier onlyBy(address system) {
        _checkCaller(system);
        _;
    }

    /* ISSUE, DELIVERY, PAYMENT */

    /// @inheritdoc IBond
    function issue(address[] calldata holders, uint64[] calldata units) external onlyBy(OFFERING) {
        Book memory current = _advance();
        require(!current.paused, BondPaused());
        require(!current.closed, BondBooksClosed());
        (uint256 eligible, uint256 minimum) = TermsLib.transferRules();
        AccountWord[] memory words = RegistryLib.wordsOf(REGISTRY, holders);

        _checkpoints.keepSupply(current);
        uint256 supply = current.supply;
        for (uint256 i; i < holders.length; ++i) {
            require(words[i].isEligible(eligible), ERC7943CannotReceive(holders[i]));
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

        if (period == TermsLib.periods() && total != 0) {
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

    /// @inheritdoc IERC20Permit
    function permit(address owner, address spender, uint256 value, uint256 deadline, uint8 v, bytes32 r, bytes32 s)
        external
    {
        bytes32 hash = _usePermit(owner, spender, value, deadline);
        (address signer, ECDSA.RecoverError failure,) = ECDSA.tryRecover(hash, v, r, s);
        require(failure == ECDSA.RecoverError.NoError && signer == owner, BondPermitSignatureInvalid(owner));
        _approve(owner, spender, value);
    }

    /// @notice ERC-2612 for every signer: a key, or a contract wallet (ERC-1271).
    function permit(address owner, address spender, uint256 value, uint256 deadline, bytes calldata signature)
        external
    {
        bytes32 hash = _usePermit(owner, spender, value, deadline);
        require(SignatureLib.isValid(owner, hash, signature), BondPermitSignatureInvalid(owner));
        _approve(owner, spender, value);
    }

    /* RECORD DATES */

    /// @inheritdoc IBond
    function advance() external {
        if (BookLib.load(_book).nextTime() != 0 || msg.sender == OFFERING) _noticed();
    }

    /* POWERS */

    /// @inheritdoc IERC7943Fungible
    function setFrozenTokens(address account, uint256 amount) external restricted returns (bool) {
        uint64 frozen = amount < ALL_FROZEN ? uint64(amount) : ALL_FROZEN;

        _entries[account].frozen = frozen;

        emit Frozen(account, _frozenAmount(frozen));
        emit StatutoryPowerUsed(msg.sig, account, amount, msg.sender);
        return true;
    }

    /// @inheritdoc IERC7943Fungible
    /// @dev Lifts pause, freeze, the sender's standing and the minimum denomination; not the receiver's eligibility, not a
    /// pledge, not the closed books.
    function forcedTransfer(address from, address to, uint256 amount) external restricted returns (bool) {
        BookWord current = _noticed();
        require(!current.isClosed(), BondBooksClosed());
        _checkMovement(from, to, amount);
        (uint256 eligible,) = TermsLib.transferRules();
        require(REGISTRY.wordOf(to).isEligible(eligible), ERC7943CannotReceive(to));
        Entry storage slot = _entries[from];
        EntryWord entry = EntryLib.load(slot);
        require(entry.units() >= amount, ERC20InsufficientBalance(from, entry.units(), amount));
        uint256 unpledged = entry.units() - entry.pledged();
        require(unpledged >= amount, ERC7943InsufficientUnfrozenBalance(from, amount, unpledged));

        uint256 free = entry.free();
        if (amount > free && entry.frozen() != ALL_FROZEN) {
            uint256 frozen = entry.frozen() - (amount - free); // what is unpledged and not free is frozen
            entry = entry.withFrozen(frozen);
            emit Frozen(from, frozen);
        }
        _move({from: from, to: to, amount: amount, slot: slot, entry: entry, records: current.records(), minimum: 0});

        emit ForcedTransfer(from, to, amount);
        emit StatutoryPowerUsed(msg.sig, from, amount, msg.sender);
        return true;
    }

    /// @inheritdoc IBond
    function setPaused(bool paused) external restricted {
        _book.paused = paused;

        emit PauseSet(paused, msg.sender);
    }

    /* VIEWS */

    /// @inheritdoc IBond
    function checkTransfer(address from, address to, uint256 units) external view {
        BookWord current = BookLib.load(_book);
        if (current.isDue()) current = RecordDateLib.foresee(_book, CALENDAR);
        _checkOpen(current);
        uint256 minimum = _checkSides(from, to);
        _checkMovement(from, to, units);
        _checkUnits(from, EntryLib.load(_entries[from]), units, minimum);
        _checkDenomination(to, EntryLib.load(_entries[to]).units() + units, minimum);
    }

    /// @inheritdoc IERC7943Fungible
    function canSend(address account) public view returns (bool) {
        return _isEligible(account);
    }

    /// @inheritdoc IERC7943Fungible
    function canReceive(address account) public view returns (bool) {
        return _isEligible(account);
    }

    /// @inheritdoc IERC7943Fungible
    /// @dev The same code as the transfer itself. By the standard, a plain lack of units is no reason for «false».
    function canTransfer(address from, address to, uint256 amount) external view returns (bool) {
        try this.checkTransfer(from, to, amount) {
            return true;
        } catch (bytes memory reason) {
            return bytes4(reason) == ERC20InsufficientBalance.selector;
        }
    }

    /// @inheritdoc IERC7943Fungible
    function getFrozenTokens(address account) external view returns (uint256) {
        return _frozenAmount(_entries[account].frozen);
    }

    /// @inheritdoc IBond
    function terms() external view returns (Terms memory) {
        return _terms();
    }

    /// @inheritdoc IBond
    function suite() external view returns (Suite memory) {
        return Suite({
            authority: AUTHORITY,
            registry: REGISTRY,
            calendar: CALENDAR,
            offering: OFFERING,
            settlement: SETTLEMENT,
            servicing: SERVICING
        });
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
    function maturityDay() external view returns (uint24) {
        Terms memory sealedTerms = TermsLib.unseal();
        return TermsLib.dueDay(sealedTerms, sealedTerms.periods);
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
    function unitsAt(address account, uint16 record) external view returns (uint64) {
        _checkRecord(record);
        return uint64(_unitsAt(account, EntryLib.load(_entries[account]), record));
    }

    /// @inheritdoc IBond
    function supplyAt(uint16 record) external view returns (uint64) {
        _checkRecord(record);
        Book memory current = _book;
        return uint64(_checkpoints.unitsAt(address(0), current.supply, current.cursor, current.checkpoint, record));
    }

    /// @inheritdoc IBond
    function checkpointAt(address account, uint16 record) external view returns (Checkpoint memory) {
        return _checkpoints.byRecord[account][record];
    }

    /// @inheritdoc IBond
    function paymentDays(uint16 period) external view returns (PaymentDays memory) {
        return _paymentDays[period];
    }

    /// @inheritdoc IBond
    function isPaid(address holder, uint16 period) external view returns (bool) {
        return _isPaid(EntryLib.load(_entries[holder]), period);
    }

    /// @inheritdoc IBond
    function paidWord(uint16 period, uint256 word) external view returns (uint256) {
        return _paidWords[period][word];
    }

    function name() external view returns (string memory) {
        return TermsLib.unseal().name;
    }

    function symbol() external view returns (string memory) {
        return TermsLib.unseal().symbol;
    }

    function decimals() external pure returns (uint8) {
        return 0;
    }

    function totalSupply() external view returns (uint256) {
        return _book.supply;
    }

    function balanceOf(address account) external view returns (uint256) {
        EntryWord entry = EntryLib.load(_entries[account]);
        // Units are burned by the mark of the last payment; the entry keeps what was redeemed.
        return entry.units() == 0 || _isPaid(entry, TermsLib.periods()) ? 0 : entry.units();
    }

    function allowance(address owner, address spender) external view returns (uint256) {
        return _allowances[owner][spender];
    }

    function nonces(address owner) public view override(Nonces, IERC20Permit) returns (uint256) {
        return super.nonces(owner);
    }

    // solhint-disable-next-line func-name-mixedcase
    function DOMAIN_SEPARATOR() external view returns (bytes32) {
        return _domainSeparatorV4();
    }

    /// @inheritdoc IERC165
    function supportsInterface(bytes4 id) external pure returns (bool) {
        return id == type(IERC165).interfaceId || id == type(IERC20).interfaceId || id == type(IERC20Permit).interfaceId
            || id == type(IERC7943Fungible).interfaceId || id == type(IERC1643).interfaceId || id == 0x84b0196e; // ERC-5267
    }

    function _terms() internal view returns (Terms memory sealedTerms) {
        sealedTerms = TermsLib.unseal();
        if (_coupon.isFixed) sealedTerms.couponRate = _coupon.rate;
    }

    /* CHECKS */

    function _checkRecord(uint16 record) internal view {
        require(record != 0 && record <= _book.records, BondRecordPending(record, _book.records));
    }

    function _checkCaller(address system) internal view {
        require(msg.sender == system, BondCallerRefused(msg.sender));
    }

    function _checkPower() internal view {
        require(address(this) != IMPLEMENTATION, BondCallerRefused(msg.sender));
        (bool allowed,) = AUTHORITY.canCall(msg.sender, IMPLEMENTATION, msg.sig);
        require(allowed, IAccessManaged.AccessManagedUnauthorized(msg.sender));
    }

    /// @dev The issuer that registered the bond, as long as it is one.
    function _checkDocumentCaller() internal view override {
        require(msg.sender == TermsLib.issuerAccount(), BondCallerRefused(msg.sender));
        require(REGISTRY.hasRoles(msg.sender, Roles.ISSUER), BondCallerRefused(msg.sender));
    }

    /* ALLOWANCES */

    /// @return The hash that the owner must have signed; its nonce is used up.
    function _usePermit(address owner, address spender, uint256 value, uint256 deadline) internal returns (bytes32) {
        require(block.timestamp <= deadline, BondPermitExpired(deadline));
        uint256 nonce = _useNonce(owner);

        emit PermitUsed(owner, nonce);
        return _hashTypedDataV4(keccak256(abi.encode(PERMIT_TYPEHASH, owner, spender, value, nonce, deadline)));
    }

    /// @dev Taking an approval back is always allowed; giving one needs a holder who could send.
    function _approve(address owner, address spender, uint256 value) internal {
        require(spender != address(0), ERC20InvalidSpender(spender));
        if (value != 0) {
            require(!_book.paused, BondPaused());
            require(_isEligible(owner), ERC7943CannotSend(owner));
            EntryWord entry = EntryLib.load(_entries[owner]);
            require(entry.frozen() == 0 || entry.free() != 0, BondHolderFrozen(owner));
        }

        _allowances[owner][spender] = value;

        emit Approval(owner, spender, value);
    }

    function _frozenAmount(uint64 frozen) internal pure returns (uint256) {
        return frozen == ALL_FROZEN ? type(uint256).max : frozen;
    }
}
