// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {AccountWord} from "../libraries/AccountWordLib.sol";

/// @title IMemberRegistry
/// @notice Who is a member, with which accounts, roles and verdicts.
/// @dev A member is known by its LEI (ISO 17442). Times are Unix seconds. A jurisdiction is an ISO 3166-1 alpha-2 code.
interface IMemberRegistry {
    /// @notice A member, one slot.
    /// @param admittedAt Unix time of the admission; 0 when there is no such member.
    /// @param class Class of the member, below 24; sets the verdict bit of its accounts.
    /// @param jurisdiction ISO 3166-1 alpha-2, ASCII.
    /// @param suspended Whether the whole member is suspended.
    struct Member {
        // Slot 0: 5 + 1 + 2 + 1 = 9 bytes
        uint40 admittedAt;
        uint8 class;
        bytes2 jurisdiction;
        bool suspended;
    }

    /// @notice One admission of a new member with its first account.
    /// @param roles Bits of `Roles`.
    /// @param until Last second at which the account's admission and roles hold; type(uint40).max for no end.
    struct MemberAdmission {
        bytes20 lei;
        uint8 class;
        bytes2 jurisdiction;
        address account;
        uint24 roles;
        uint40 until;
    }

    /// @notice One admission of a further account of a member.
    struct AccountAdmission {
        bytes20 lei;
        address account;
        uint24 roles;
        uint40 until;
    }

    event MemberAdmitted(bytes20 indexed lei, uint8 class, bytes2 jurisdiction, address actor);
    event MemberReclassified(bytes20 indexed lei, uint8 class, bytes2 jurisdiction, address actor);
    event MemberSuspended(bytes20 indexed lei, bytes32 reason, address actor);
    event MemberReinstated(bytes20 indexed lei, bytes32 reason, address actor);

    /// @notice An account was admitted. With the two events below, the source of truth for verdict words.
    /// Its verdict is the class of the member.
    event AccountAdmitted(bytes20 indexed lei, address indexed account, uint24 roles, uint40 until, address actor);
    event AccountRolesSet(bytes20 indexed lei, address indexed account, uint24 roles, uint40 until, address actor);
    /// @param standing Bits of `AccountWordLib`: 1 admitted, 2 account suspended, 4 member suspended, 8 removed, which also
    /// takes all roles.
    event AccountStandingSet(
        bytes20 indexed lei, address indexed account, uint8 standing, uint24 verdicts, address actor
    );

    /// @notice Thrown when an LEI has a wrong alphabet or wrong check digits (ISO 17442, ISO 7064 MOD 97-10).
    error MemberLeiInvalid(bytes20 lei);
    /// @notice Thrown when a member is admitted twice.
    error MemberAlreadyAdmitted(bytes20 lei);
    /// @notice Thrown when the LEI is not that of a member.
    error MemberUnknown(bytes20 lei);
    /// @notice Thrown when an act needs a member that is not suspended.
    error MemberIsSuspended(bytes20 lei);
    /// @notice Thrown when a suspended member is suspended, or a member in good standing reinstated.
    error MemberStandingUnchanged(bytes20 lei);
    /// @notice Thrown when a class is 24 or more.
    error MemberClassInvalid(uint8 class);
    /// @notice Thrown when a jurisdiction is not two capital letters.
    error MemberJurisdictionInvalid(bytes2 jurisdiction);
    /// @notice Thrown when the account is the zero address.
    error AccountInvalid(address account);
    /// @notice Thrown when an account is, or was, an account of `lei`. An address serves one member, once.
    error AccountAlreadyAdmitted(address account, bytes20 lei);
    /// @notice Thrown when the address is not an account of any member.
    error AccountUnknown(address account);
    /// @notice Thrown when an account of another member is given.
    error AccountOfOtherMember(address account, bytes20 lei, bytes20 expected);
    /// @notice Thrown when an account was removed and can't be changed any more.
    error AccountIsRemoved(address account);
    /// @notice Thrown when the last second of an admission is already past.
    error AccountExpiryPast(address account, uint40 until, uint256 time);

    /* ADMISSION */

    /// @notice Admits a member with its first account. Caller: a registrar.
    function admitMember(MemberAdmission calldata admission) external;

    /// @notice Admits several members; all or none.
    function admitMembers(MemberAdmission[] calldata admissions) external;

    /// @notice Admits a further account of a member. Caller: a registrar.
    /// @dev Not «admitAccount», as solc compares selectors one by one from the lowest: this name comes 400 gas earlier.
    function enrolAccount(AccountAdmission calldata admission) external;

    /// @notice Admits several accounts; all or none.
    function enrolAccounts(AccountAdmission[] calldata admissions) external;

    /// @notice Replaces the roles of an account and their end. Caller: a registrar; the REGISTRAR role itself is granted
    /// or taken only by the Authority's administrator of this contract.
    function setRoles(address account, uint24 roles, uint40 until) external;

    /* STANDING */

    /// @notice Suspends a member and the given accounts of it. Accounts left out follow by `sync`, which anyone may call.
    /// @param reason Hash of the document that says why.
    function suspendMember(bytes20 lei, bytes32 reason, address[] calldata accounts) external;

    /// @notice Ends the suspension of a member, and of the given accounts of it.
    function reinstateMember(bytes20 lei, bytes32 reason, address[] calldata accounts) external;

    /// @notice Suspends single accounts.
    function suspendAccounts(address[] calldata accounts) external;

    /// @notice Ends the suspension of single accounts; that of their member, if any, stays.
    function reinstateAccounts(address[] calldata accounts) external;

    /// @notice Removes accounts for good: no roles, no verdicts. What they hold stays theirs, but cannot move by itself.
    function removeAccounts(address[] calldata accounts) external;

    /// @notice Changes class and jurisdiction of a member, and the verdicts of the given accounts of it.
    function reclassifyMember(bytes20 lei, uint8 class, bytes2 jurisdiction, address[] calldata accounts) external;

    /// @notice Writes the member's present class and standing into the words of accounts. Anyone may call it.
    function sync(address[] calldata accounts) external;

    /* VIEWS */

    function member(bytes20 lei) external view returns (Member memory);

    /// @return The verdict word of an account; zero when it is unknown.
    function wordOf(address account) external view returns (AccountWord);

    /// @notice The verdict words of both sides of a movement.
    /// @dev Its selector is the lowest of this contract, and so the first that a call is compared with.
    function counterparties(address from, address to) external view returns (AccountWord sender, AccountWord receiver);

    /// @return words The verdict words of many accounts, in their order.
    function wordsOf(address[] calldata accounts) external view returns (AccountWord[] memory words);

    /// @return Whether the account is active and holds every role of the mask.
    function hasRoles(address account, uint24 mask) external view returns (bool);
}
