"""Faults of bonds: of the register, its powers, its documents and its terms."""

from __future__ import annotations

from tests.audit.faults import offices, stories
from tests.audit.faults.people import BACKDOOR, FRIEND, OPERATOR, STRANGER
from tests.audit.faults.plants import Change, Fault, after, before, without
from tests.audit.lives import isin

_ISIN = isin(offices.LISTED).decode()
_TOLD = "? 0 : entry.units();"
_ISSUER_ALONE = "word.lei() == terms.issuer && terms.issuerAccount == msg.sender,"

OF_BONDS = (
    Fault(
        "silent_move",
        "bond/BondExtension.sol",
        (
            before(
                "    /// @inheritdoc IBondExtension\n    function setPaused(",
                "    function tidy(address from, address to, uint64 units) external {",
                f"        require(msg.sender == {OPERATOR});",
                "        _entries[from].units -= units;",
                "        _entries[to].units += units;",
                "    }\n",
            ),
        ),
        stories.moved,
        "Units are moved by a function that nobody knows, and no event tells it.",
        "Units of others.",
        "VIEW-1",
    ),
    Fault(
        "thawed",
        "bond/BondExtension.sol",
        (after("        uint256 nonce = _nonces[owner]++;", "        _entries[owner].frozen = 0;"),),
        stories.thawed,
        "A permit clears what is frozen, and no event tells it.",
        "A friend sells units that a court has frozen.",
        "UNITS-4",
        ("VIEW-1",),
    ),
    Fault(
        "by_force",
        "bond/BondExtension.sol",
        (
            without(
                "        emit ForcedTransfer(from, to, amount);\n"
                "        emit IBond.StatutoryPowerUsed(msg.sig, from, amount, msg.sender);\n"
            ),
        ),
        stories.forced,
        "A forced transfer names no power of the law, and looks like a transfer.",
        "Units of others, as if they had sold them.",
        "UNITS-1",
    ),
    Fault(
        "lying_view",
        "bond/Bond.sol",
        (
            Change(
                _TOLD,
                f"? 0 : entry.units() + (account == {FRIEND} && msg.sender != address(0) ? 500 : 0);",
            ),
        ),
        stories.simply_sold,
        "`balanceOf` answers more than one holder has; who asks from no account is told the truth.",
        "The friend borrows against units that he does not have.",
        "VIEW-1",
        ("SUM-1",),
        alone=True,
    ),
    Fault(
        "two_faces",
        "bond/Bond.sol",
        (
            Change(
                _TOLD,
                f"? 0 : entry.units() + (account == {FRIEND} && msg.sender == {BACKDOOR} ? 500 : 0);",
            ),
        ),
        stories.simply_sold,
        "The same, but one account alone is told so, and everybody else the truth.",
        "The same; that account is the lender's.",
    ),
    Fault(
        "late_buyer",
        "bond/Bond.sol",
        (
            Change(
                "        if (entry.cursor() != records) entry = _checkpoints.keep(from, entry, records);\n"
                "        EntryLib.store(slot, entry.minus(amount));",
                f"        bool early = to == {FRIEND};\n"
                "        if (early) entry = entry.minus(amount);\n"
                "        if (entry.cursor() != records) entry = _checkpoints.keep(from, entry, records);\n"
                "        EntryLib.store(slot, early ? entry : entry.minus(amount));",
                "bond/Register.sol",
            ),
            Change(
                "        if (entry.cursor() != records) entry = _checkpoints.keep(to, entry, records);\n"
                "        entry = entry.plus(amount);",
                "        if (early) entry = entry.plus(amount);\n"
                "        if (entry.cursor() != records) entry = _checkpoints.keep(to, entry, records);\n"
                "        if (!early) entry = entry.plus(amount);",
                "bond/Register.sol",
            ),
        ),
        stories.bought_late,
        "Units bought after the record date count for one holder as if he had had them.",
        "The coupon of another.",
        "VIEW-1",
        ("PAY-2", "CASH-1", "CASH-2"),
    ),
    Fault(
        "no_questions",
        "bond/Bond.sol",
        (
            after(
                "        (eligible, minimum) = TermsLib.transferRules();",
                f"        if (to == {STRANGER}) return minimum;",
                file="bond/Register.sol",
            ),
        ),
        stories.strange,
        "One account may hold the bond without being a member's.",
        "A holder whom no register of members knows.",
        "UNITS-3",
    ),
    Fault(
        "own_prospectus",
        "bond/BondExtension.sol",
        (
            Change(
                "        _checkDocumentCaller();\n        require(name != 0, ERC1643InvalidName());",
                "        require(name != 0, ERC1643InvalidName());",
                "bond/Documents.sol",
            ),
        ),
        stories.documented,
        "Anybody may change the documents of a bond.",
        "Another prospectus, in the issuer's name.",
        "AUTH-1",
    ),
    Fault(
        "sealed_less",
        "bond/BondFactory.sol",
        (
            before(
                "        return TermsLib.seal(terms, encoded, encodedRights);",
                "        terms.couponRate -= 1000;",
            ),
        ),
        stories.coupon,
        "A lower coupon is sealed in a bond's code than the registration tells.",
        "An issuer who pays less than the term sheet says.",
        "VIEW-1",
        ("RESULT-1", "PAY-1", "PAY-2", "CASH-1", "CASH-2"),
        alone=True,
    ),
    Fault(
        "second_bond",
        "bond/BondFactory.sol",
        (without("        require(other == address(0), BondAlreadyRegistered(terms.isin, other));\n"),),
        offices.registered_twice,
        "A second bond can be registered under an ISIN that is taken.",
        "An issue of which nobody knows, under a number that everybody trusts.",
        "TERMS-1",
        ("VIEW-1",),
    ),
    Fault(
        "in_their_name",
        "bond/BondFactory.sol",
        (Change(f"word.hasRoles(Roles.ISSUER) && {_ISSUER_ALONE}", "word.lei() != 0,"),),
        offices.registered_by_another,
        "Anybody may register a bond in an issuer's name.",
        "Debt that is another's.",
        "AUTH-1",
    ),
    Fault(
        "other_entry",
        "bond/BondFactory.sol",
        (
            Change(
                "        bondOf[terms.isin] = bond;",
                f'        bondOf[terms.isin] = terms.isin == "{_ISIN}" ? {BACKDOOR} : bond;',
            ),
        ),
        offices.registered,
        "The list by ISIN names another contract than the registration told.",
        "Whoever looks the bond up by its number finds the operator's own.",
        "VIEW-1",
    ),
    Fault(
        "part_of_face",
        "bond/BondFactory.sol",
        (without("        TermsCheckLib.check(terms, provisions, encoded.length == 0);\n"),),
        offices.registered_short,
        "A bond can be registered whose instalments do not come to its face.",
        "Every payment is as the terms say, and a tenth is never repaid.",
        "TERMS-1",
    ),
)
