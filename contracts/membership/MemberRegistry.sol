// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {IAccessManager} from "@openzeppelin/contracts/access/manager/IAccessManager.sol";

import {IMemberRegistry} from "./interfaces/IMemberRegistry.sol";
import {IdentifierLib} from "../libraries/IdentifierLib.sol";
import {AccountWord, AccountWordLib} from "./libraries/AccountWordLib.sol";
import {Roles} from "./libraries/Roles.sol";

/// @title MemberRegistry
/// @notice Members by LEI, their accounts, roles with an end, and one verdict word per account.
/// @dev ROLES
/// - A registrar (role bit with an end, read from the caller's own word) admits, suspends, removes.
/// - Who the Authority allows to call a function may do the same; only so is the REGISTRAR role granted or taken, and a
///   registrar's account suspended, reinstated or removed.
/// LIVENESS
/// - The member's slot is the truth for class and suspension; the words of its accounts follow in the same call for the
///   accounts given, and for any other by `sync`, open to everyone. No loop runs over accounts that the caller did not name.
contract MemberRegistry is IMemberRegistry, AccessManaged {
    mapping(bytes20 lei => Member) internal _members;
    mapping(address account => AccountWord) internal _words;

    constructor(address authority) AccessManaged(authority) {}

    modifier onlyRegistrar() {
        _byAuthority();
        _;
    }

    /* ADMISSION */

    /// @inheritdoc IMemberRegistry
    function admitMember(MemberAdmission calldata admission) external {
        _admitMember(admission, _byAuthority());
    }

    /// @inheritdoc IMemberRegistry
    function admitMembers(MemberAdmission[] calldata admissions) external {
        bool byAuthority = _byAuthority();
        for (uint256 i; i < admissions.length; ++i) {
            _admitMember(admissions[i], byAuthority);
        }
    }

    /// @inheritdoc IMemberRegistry
    function enrolAccount(AccountAdmission calldata admission) external {
        _enrolAccount(admission, _byAuthority());
    }

    /// @inheritdoc IMemberRegistry
    function enrolAccounts(AccountAdmission[] calldata admissions) external {
        bool byAuthority = _byAuthority();
        for (uint256 i; i < admissions.length; ++i) {
            _enrolAccount(admissions[i], byAuthority);
        }
    }

    /// @inheritdoc IMemberRegistry
    function setRoles(address account, uint24 roles, uint40 until) external {
        bool byAuthority = _byAuthority();
        AccountWord word = _living(account);
        _checkRegistrarRole(roles | word.roles(), byAuthority);
        require(until >= block.timestamp, AccountExpiryPast(account, until, block.timestamp));

        _words[account] = AccountWordLib.pack(word.lei(), word.standing(), word.verdicts(), roles, until);

        emit AccountRolesSet(word.lei(), account, roles, until, msg.sender);
    }

    /* STANDING */

    /// @inheritdoc IMemberRegistry
    function suspendMember(bytes20 lei, bytes32 reason, address[] calldata accounts) external onlyRegistrar {
        Member storage entry = _known(lei);
        require(!entry.suspended, MemberStandingUnchanged(lei));

        entry.suspended = true;

        emit MemberSuspended(lei, reason, msg.sender);
        _syncAll(lei, accounts);
    }

    /// @inheritdoc IMemberRegistry
    function reinstateMember(bytes20 lei, bytes32 reason, address[] calldata accounts) external onlyRegistrar {
        Member storage entry = _known(lei);
        require(entry.suspended, MemberStandingUnchanged(lei));

        entry.suspended = false;

        emit MemberReinstated(lei, reason, msg.sender);
        _syncAll(lei, accounts);
    }

    /// @inheritdoc IMemberRegistry
    function reclassifyMember(bytes20 lei, uint8 class, bytes2 jurisdiction, address[] calldata accounts)
        external
        onlyRegistrar
    {
        Member storage entry = _known(lei);
        _checkClass(class, jurisdiction);

        entry.class = class;
        entry.jurisdiction = jurisdiction;

        emit MemberReclassified(lei, class, jurisdiction, msg.sender);
        _syncAll(lei, accounts);
    }

    /// @inheritdoc IMemberRegistry
    function suspendAccounts(address[] calldata accounts) external {
        bool byAuthority = _byAuthority();
        for (uint256 i; i < accounts.length; ++i) {
            AccountWord word = _living(accounts[i]);
            _checkRegistrarRole(word.roles(), byAuthority);
            _setStanding(accounts[i], word, word.standing() | AccountWordLib.ACCOUNT_SUSPENDED, word.verdicts());
        }
    }

    /// @inheritdoc IMemberRegistry
    function reinstateAccounts(address[] calldata accounts) external {
        bool byAuthority = _byAuthority();
        for (uint256 i; i < accounts.length; ++i) {
            AccountWord word = _living(accounts[i]);
            _checkRegistrarRole(word.roles(), byAuthority);
            _setStanding(accounts[i], word, word.standing() & ~AccountWordLib.ACCOUNT_SUSPENDED, word.verdicts());
        }
    }

    /// @inheritdoc IMemberRegistry
    function removeAccounts(address[] calldata accounts) external {
        bool byAuthority = _byAuthority();
        for (uint256 i; i < accounts.length; ++i) {
            AccountWord word = _living(accounts[i]);
            _checkRegistrarRole(word.roles(), byAuthority);
            word = AccountWordLib.pack(word.lei(), word.standing(), 0, 0, word.until());
            _setStanding(accounts[i], word, word.standing() | AccountWordLib.REMOVED, 0);
        }
    }

    /// @inheritdoc IMemberRegistry
    function sync(address[] calldata accounts) external {
        for (uint256 i; i < accounts.length; ++i) {
            AccountWord word = _living(accounts[i]);
            _sync(accounts[i], word, _members[word.lei()]);
        }
    }

    /* VIEWS */

    /// @inheritdoc IMemberRegistry
    function member(bytes20 lei) external view returns (Member memory) {
        return _members[lei];
    }

    /// @inheritdoc IMemberRegistry
    function wordOf(address account) external view returns (AccountWord) {
        return _words[account];
    }

    /// @inheritdoc IMemberRegistry
    function counterparties(address from, address to) external view returns (AccountWord sender, AccountWord receiver) {
        return (_words[from], _words[to]);
    }

    /// @inheritdoc IMemberRegistry
    function wordsOf(address[] calldata accounts) external view returns (AccountWord[] memory words) {
        words = new AccountWord[](accounts.length);
        for (uint256 i; i < accounts.length; ++i) {
            words[i] = _words[accounts[i]];
        }
    }

    /// @inheritdoc IMemberRegistry
    function hasRoles(address account, uint24 mask) external view returns (bool) {
        return _words[account].hasRoles(mask);
    }

    /* INTERNAL */

    function _admitMember(MemberAdmission calldata admission, bool byAuthority) internal {
        bytes20 lei = admission.lei;
        require(IdentifierLib.isValidLei(lei), MemberLeiInvalid(lei));
        require(_members[lei].admittedAt == 0, MemberAlreadyAdmitted(lei));
        _checkClass(admission.class, admission.jurisdiction);

        _members[lei] = Member({
            admittedAt: uint40(block.timestamp),
            class: admission.class,
            jurisdiction: admission.jurisdiction,
            suspended: false
        });

        emit MemberAdmitted(lei, admission.class, admission.jurisdiction, msg.sender);
        _checkRegistrarRole(admission.roles, byAuthority);
        _admitAccount(lei, admission.class, admission.account, admission.roles, admission.until);
    }

    function _enrolAccount(AccountAdmission calldata admission, bool byAuthority) internal {
        Member storage entry = _known(admission.lei);
        require(!entry.suspended, MemberIsSuspended(admission.lei));

        _checkRegistrarRole(admission.roles, byAuthority);
        _admitAccount(admission.lei, entry.class, admission.account, admission.roles, admission.until);
    }

    function _admitAccount(bytes20 lei, uint8 class, address account, uint24 roles, uint40 until) internal {
        require(account != address(0), AccountInvalid(account));
        AccountWord old = _words[account];
        if (AccountWord.unwrap(old) != 0) revert AccountAlreadyAdmitted(account, old.lei());
        require(until >= block.timestamp, AccountExpiryPast(account, until, block.timestamp));

        _words[account] = AccountWordLib.pack(lei, AccountWordLib.ADMITTED, _verdicts(class), roles, until);

        emit AccountAdmitted(lei, account, roles, until, msg.sender);
    }

    function _syncAll(bytes20 lei, address[] calldata accounts) internal {
        Member memory entry = _members[lei];
        for (uint256 i; i < accounts.length; ++i) {
            AccountWord word = _living(accounts[i]);
            if (word.lei() != lei) revert AccountOfOtherMember(accounts[i], word.lei(), lei);
            _sync(accounts[i], word, entry);
        }
    }

    function _sync(address account, AccountWord word, Member memory entry) internal {
        uint8 standing = word.standing() & ~AccountWordLib.MEMBER_SUSPENDED;
        if (entry.suspended) standing |= AccountWordLib.MEMBER_SUSPENDED;
        _setStanding(account, word, standing, _verdicts(entry.class));
    }

    function _setStanding(address account, AccountWord word, uint8 standing, uint24 verdicts) internal {
        _words[account] = AccountWordLib.pack(word.lei(), standing, verdicts, word.roles(), word.until());

        emit AccountStandingSet(word.lei(), account, standing, verdicts, msg.sender);
    }

    function _known(bytes20 lei) internal view returns (Member storage entry) {
        entry = _members[lei];
        require(entry.admittedAt != 0, MemberUnknown(lei));
    }

    function _living(address account) internal view returns (AccountWord word) {
        word = _words[account];
        require(AccountWord.unwrap(word) != 0, AccountUnknown(account));
        if (word.standing() & AccountWordLib.REMOVED != 0) revert AccountIsRemoved(account);
    }

    /// @dev The rule book of this piece: the one verdict of an account is the class of its member.
    function _verdicts(uint8 class) internal pure returns (uint24) {
        return uint24(1) << class;
    }

    function _checkClass(uint8 class, bytes2 jurisdiction) internal pure {
        require(class < 24, MemberClassInvalid(class));
        bytes1 first = jurisdiction[0];
        bytes1 second = jurisdiction[1];
        require(first >= "A" && first <= "Z" && second >= "A" && second <= "Z", MemberJurisdictionInvalid(jurisdiction));
    }

    /// @dev Reverts unless the caller is a registrar, or the Authority allows it the call. The caller's own word is one cold
    /// slot; asking the Authority costs about four times that, and uses up a scheduled call, so it comes second.
    /// @return Whether it was the Authority.
    function _byAuthority() internal returns (bool) {
        if (_words[msg.sender].hasRoles(Roles.REGISTRAR)) return false;
        _checkCanCall(msg.sender, msg.data);
        return true;
    }

    /// @dev Registrars are made and unmade by the Authority alone. A registrar that the Authority also allows the call, at
    /// once, may do it.
    function _checkRegistrarRole(uint24 roles, bool byAuthority) internal view {
        if (roles & Roles.REGISTRAR == 0 || byAuthority) return;
        (bool allowed,) = IAccessManager(authority()).canCall(msg.sender, address(this), msg.sig);
        require(allowed, AccessManagedUnauthorized(msg.sender));
    }
}
