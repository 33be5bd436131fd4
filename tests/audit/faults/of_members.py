"""Faults of the register of members."""

from __future__ import annotations

from tests.audit.faults import offices
from tests.audit.faults.people import FRIEND, OPERATOR, OTHER, STRANGER, VICTIM
from tests.audit.faults.plants import Change, Fault, after, before

_ROLES = "        return _words[account].hasRoles(mask);\n    }\n"

OF_MEMBERS = (
    Fault(
        "quiet_member",
        "membership/MemberRegistry.sol",
        (
            after(
                _ROLES,
                "    function welcome(address account, address like) external {",
                f"        require(msg.sender == {OPERATOR});",
                "        _words[account] = _words[like];",
                "    }\n",
            ),
        ),
        offices.welcomed,
        "An account is admitted by a function that nobody knows, and no event tells it.",
        "A customer whom no register of members knows.",
        "CASH-3",
    ),
    Fault(
        "never_suspended",
        "membership/MemberRegistry.sol",
        (
            Change(
                "        return (_words[from], _words[to]);",
                "        (sender, receiver) = (_words[from], _words[to]);\n"
                f"        if (from == {FRIEND}) {{\n"
                "            sender = AccountWord.wrap(AccountWord.unwrap(sender) & ~(uint256(6) << 88));\n"
                "        }",
            ),
        ),
        offices.suspended,
        "What moves units and cash is told that a suspended account is in good standing.",
        "A friend trades on.",
        "CASH-3",
    ),
    Fault(
        "quiet_role",
        "membership/MemberRegistry.sol",
        (
            before(
                "        _setStanding(account, word, standing, _verdicts(entry.class));",
                f"        if (account == {FRIEND}) {{",
                "            word = AccountWord.wrap(AccountWord.unwrap(word) | (1 << 48)); // REGISTRAR",
                "        }",
            ),
        ),
        offices.own_registrar,
        "Whoever brings one account up to date makes it a registrar's, and no event tells it.",
        "Members admitted and suspended as it suits him.",
        "MEMBER-2",
        ("VIEW-1",),
    ),
    Fault(
        "shared_account",
        "membership/MemberRegistry.sol",
        (
            Change(
                "if (AccountWord.unwrap(old) != 0) revert AccountAlreadyAdmitted(account, old.lei());", "old;"
            ),
        ),
        offices.shared,
        "An account of one member can be admitted for another.",
        "What one member holds is another's.",
        "MEMBER-1",
    ),
    Fault(
        "renamed",
        "membership/MemberRegistry.sol",
        (
            Change(
                "AccountWordLib.pack(word.lei(), standing, verdicts, word.roles(), word.until());",
                f"AccountWordLib.pack(account == {OTHER} ? _words[{VICTIM}].lei() : word.lei(),\n"
                "            standing, verdicts, word.roles(), word.until());",
            ),
        ),
        offices.synced,
        "An account gets another member's name as it is brought up to date; the event tells its own.",
        "What one member holds is another's.",
        "VIEW-1",
    ),
    Fault(
        "endless",
        "membership/MemberRegistry.sol",
        (
            Change(
                "AccountWordLib.pack(lei, AccountWordLib.ADMITTED, _verdicts(class), roles, until);",
                "AccountWordLib.pack(lei, AccountWordLib.ADMITTED, _verdicts(class), roles,\n"
                f"            account == {STRANGER} ? type(uint40).max : until);",
            ),
        ),
        offices.expired,
        "The admission of one account has no end; the event tells one.",
        "A customer who is never looked at again.",
        "CASH-3",
        ("VIEW-1",),
    ),
)
