// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IAccessManaged} from "@openzeppelin/contracts/access/manager/IAccessManaged.sol";
import {IERC5267} from "@openzeppelin/contracts/interfaces/IERC5267.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Permit.sol";
import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {MessageHashUtils} from "@openzeppelin/contracts/utils/cryptography/MessageHashUtils.sol";
import {IERC165} from "@openzeppelin/contracts/utils/introspection/IERC165.sol";

import {Book, IBond, Checkpoint, Entry, Suite} from "./interfaces/IBond.sol";
import {Provisions} from "./interfaces/Provisions.sol";
import {IBondExtension} from "./interfaces/IBondExtension.sol";
import {IERC1643} from "./interfaces/IERC1643.sol";
import {IERC7943Fungible} from "./interfaces/IERC7943Fungible.sol";
import {DelegateLib} from "../libraries/DelegateLib.sol";
import {SignatureLib} from "../libraries/SignatureLib.sol";
import {Documents} from "./Documents.sol";
import {Register} from "./Register.sol";
import {BookLib, BookWord} from "./libraries/BookLib.sol";
import {CloneLib} from "./libraries/CloneLib.sol";
import {EntryLib, EntryWord} from "./libraries/EntryLib.sol";
import {RecordDateLib} from "./libraries/RecordDateLib.sol";
import {Schedule, ScheduleLib} from "./libraries/ScheduleLib.sol";
import {TermsLib} from "./libraries/TermsLib.sol";

/// @title BondExtension
/// @notice The part of `Bond` that is used rarely: powers, permits, documents, and views of people.
/// @dev POWERS (through the Authority, with the implementation of the clone as target, so that all bonds share one setting)
/// - Statutory desk: `setFrozenTokens`, `forcedTransfer`, `setPaused`. Here is what a power lifts.
/// - What is called directly, or in the name of anything but a clone, has no power.
contract BondExtension is Documents, IBondExtension, IERC7943Fungible, IERC20Permit, IERC5267 {
    using ScheduleLib for Schedule;

    bytes32 internal constant DOMAIN_TYPEHASH =
        keccak256("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)");
    bytes1 internal constant DOMAIN_FIELDS = 0x0f; // these four
    string internal constant DOMAIN_NAME = "Indenture Bond";
    string internal constant DOMAIN_VERSION = "1";
    bytes32 internal constant PERMIT_TYPEHASH =
        keccak256("Permit(address owner,address spender,uint256 value,uint256 nonce,uint256 deadline)");

    /// @dev Does what the Servicing may beyond paying.
    address public immutable EVENTS;

    /// @param events Built with the same suite: each part has it in its own code.
    constructor(Suite memory parts, address events) Register(parts) {
        require(
            events.code.length != 0 && keccak256(abi.encode(IBond(events).suite())) == keccak256(abi.encode(parts)),
            IBond.BondExtensionInvalid(events)
        );
        EVENTS = events;
    }

    modifier restricted() {
        _checkPower();
        _;
    }

    /// @dev Runs the last part in this storage.
    fallback() external {
        DelegateLib.forward(EVENTS);
    }

    /* POWERS */

    /// @inheritdoc IERC7943Fungible
    function setFrozenTokens(address account, uint256 amount) external restricted returns (bool) {
        uint64 frozen = amount < ALL_FROZEN ? uint64(amount) : ALL_FROZEN;

        _entries[account].frozen = frozen;

        emit Frozen(account, _frozenAmount(frozen));
        emit IBond.StatutoryPowerUsed(msg.sig, account, amount, msg.sender);
        return true;
    }

    /// @inheritdoc IERC7943Fungible
    /// @dev Lifts pause, freeze, the sender's standing and the minimum denomination; not the receiver's eligibility, not a
    /// pledge, not the closed books.
    function forcedTransfer(address from, address to, uint256 amount) external restricted returns (bool) {
        BookWord current = _noticed();
        require(!current.isClosed(), IBond.BondBooksClosed());
        require(!current.isShut(), IBond.BondBooksShut());
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
        emit IBond.StatutoryPowerUsed(msg.sig, from, amount, msg.sender);
        return true;
    }

    /// @inheritdoc IBondExtension
    function setPaused(bool paused) external restricted {
        _book.paused = paused;

        emit IBond.PauseSet(paused, msg.sender);
    }

    /* ALLOWANCES */

    /// @inheritdoc IERC20Permit
    function permit(address owner, address spender, uint256 value, uint256 deadline, uint8 v, bytes32 r, bytes32 s)
        external
    {
        bytes32 hash = _usePermit(owner, spender, value, deadline);
        (address signer, ECDSA.RecoverError failure,) = ECDSA.tryRecover(hash, v, r, s);
        require(failure == ECDSA.RecoverError.NoError && signer == owner, IBond.BondPermitSignatureInvalid(owner));
        _approve(owner, spender, value);
    }

    /// @inheritdoc IBondExtension
    function permit(address owner, address spender, uint256 value, uint256 deadline, bytes calldata signature)
        external
    {
        bytes32 hash = _usePermit(owner, spender, value, deadline);
        require(SignatureLib.isValid(owner, hash, signature), IBond.BondPermitSignatureInvalid(owner));
        _approve(owner, spender, value);
    }

    /// @inheritdoc IERC20Permit
    function nonces(address owner) external view returns (uint256) {
        return _nonces[owner];
    }

    /// @inheritdoc IERC20Permit
    // solhint-disable-next-line func-name-mixedcase
    function DOMAIN_SEPARATOR() external view returns (bytes32) {
        return _domainSeparator();
    }

    /// @inheritdoc IERC5267
    function eip712Domain()
        external
        view
        returns (
            bytes1 fields,
            string memory name_,
            string memory version,
            uint256 chainId,
            address verifyingContract,
            bytes32 salt,
            uint256[] memory extensions
        )
    {
        return (DOMAIN_FIELDS, DOMAIN_NAME, DOMAIN_VERSION, block.chainid, address(this), bytes32(0), new uint256[](0));
    }

    /* VIEWS */

    /// @inheritdoc IBondExtension
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

    /// @return The contracts that this part obeys; those of the bond, which would not be built on another.
    function suite() external view returns (Suite memory) {
        return _suite();
    }

    /// @inheritdoc IBondExtension
    function provisions() external view returns (Provisions memory) {
        return TermsLib.provisionsOf(address(this));
    }

    /// @inheritdoc IBondExtension
    function maturityDay() external view returns (uint24) {
        Schedule memory schedule = TermsLib.unseal().schedule;
        Book memory current = _book;
        bool isSealed = current.last == 0 || RecordDateLib.isInDefault(current);
        if (!isSealed && current.maturityDay != 0) return current.maturityDay;
        return schedule.dueDay(isSealed ? schedule.periods : current.last);
    }

    /// @inheritdoc IBondExtension
    function unitsAt(address account, uint16 record) external view returns (uint64) {
        _checkRecord(record);
        return uint64(_unitsAt(account, EntryLib.load(_entries[account]), record));
    }

    /// @inheritdoc IBondExtension
    function checkpointAt(address account, uint16 record) external view returns (Checkpoint memory) {
        return _checkpoints.byRecord[account][record];
    }

    /// @inheritdoc IBondExtension
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

    /// @inheritdoc IERC165
    function supportsInterface(bytes4 id) external pure returns (bool) {
        return id == type(IERC165).interfaceId || id == type(IERC20).interfaceId || id == type(IERC20Permit).interfaceId
            || id == type(IERC7943Fungible).interfaceId || id == type(IERC1643).interfaceId
            || id == type(IERC5267).interfaceId;
    }

    /* CHECKS */

    function _checkPower() internal view {
        address implementation = CloneLib.implementation();
        require(implementation != address(0), IBond.BondCallerRefused(msg.sender));
        (bool allowed,) = AUTHORITY.canCall(msg.sender, implementation, msg.sig);
        require(allowed, IAccessManaged.AccessManagedUnauthorized(msg.sender));
    }

    /* PERMITS */

    /// @return The hash that the owner must have signed; its nonce is used up.
    function _usePermit(address owner, address spender, uint256 value, uint256 deadline) internal returns (bytes32) {
        require(block.timestamp <= deadline, IBond.BondPermitExpired(deadline));
        uint256 nonce = _nonces[owner]++;

        emit IBond.PermitUsed(owner, nonce);
        bytes32 message = keccak256(abi.encode(PERMIT_TYPEHASH, owner, spender, value, nonce, deadline));
        return MessageHashUtils.toTypedDataHash(_domainSeparator(), message);
    }

    /// @dev Never kept: each clone has its own.
    function _domainSeparator() internal view returns (bytes32) {
        bytes32 name_ = keccak256(bytes(DOMAIN_NAME));
        bytes32 version = keccak256(bytes(DOMAIN_VERSION));
        return keccak256(abi.encode(DOMAIN_TYPEHASH, name_, version, block.chainid, address(this)));
    }

    function _frozenAmount(uint64 frozen) internal pure returns (uint256) {
        return frozen == ALL_FROZEN ? type(uint256).max : frozen;
    }
}
