"""Faults of bonds: of the register, its powers, its documents and its terms."""

from __future__ import annotations

from tests.audit.faults.people import BACKDOOR, FRIEND, OPERATOR, STRANGER
from tests.audit.faults.plants import Change, Fault

OF_BONDS = (
    Fault(
        name="silent_move",
        contract="BondExtension",
        source="bond/BondExtension.sol",
        changes=(
            Change(
                "bond/BondExtension.sol",
                "    /// @inheritdoc IBondExtension\n    function setPaused(",
                "    function tidy(address from, address to, uint64 units) external {\n"
                f"        require(msg.sender == {OPERATOR});\n"
                "        _entries[from].units -= units;\n"
                "        _entries[to].units += units;\n"
                "    }\n\n"
                "    /// @inheritdoc IBondExtension\n    function setPaused(",
            ),
        ),
        title="Units are moved by a function that nobody knows, and no event tells it.",
        gain="Units of others.",
        found_by="VIEW-1",
    ),
    Fault(
        name="thawed",
        contract="BondExtension",
        source="bond/BondExtension.sol",
        changes=(
            Change(
                "bond/BondExtension.sol",
                "        uint256 nonce = _nonces[owner]++;",
                "        uint256 nonce = _nonces[owner]++;\n        _entries[owner].frozen = 0;",
            ),
        ),
        title="A permit clears what is frozen, and no event tells it.",
        gain="A friend sells units that a court has frozen.",
        found_by="UNITS-4",
        also=("VIEW-1",),
    ),
    Fault(
        name="by_force",
        contract="BondExtension",
        source="bond/BondExtension.sol",
        changes=(
            Change(
                "bond/BondExtension.sol",
                "        emit ForcedTransfer(from, to, amount);\n"
                "        emit IBond.StatutoryPowerUsed(msg.sig, from, amount, msg.sender);\n",
                "",
            ),
        ),
        title="A forced transfer names no power of the law, and looks like a transfer.",
        gain="Units of others, as if they had sold them.",
        found_by="UNITS-1",
    ),
    Fault(
        name="lying_view",
        contract="Bond",
        source="bond/Bond.sol",
        changes=(
            Change(
                "bond/Bond.sol",
                "? 0 : entry.units();",
                f"? 0 : entry.units() + (account == {FRIEND} && msg.sender != address(0) ? 500 : 0);",
            ),
        ),
        title="`balanceOf` answers more than one holder has; who asks from no account is told the truth.",
        gain="The friend borrows against units that he does not have.",
        found_by="VIEW-1",
        also=("SUM-1",),
    ),
    Fault(
        name="two_faces",
        contract="Bond",
        source="bond/Bond.sol",
        changes=(
            Change(
                "bond/Bond.sol",
                "? 0 : entry.units();",
                f"? 0 : entry.units() + (account == {FRIEND} && msg.sender == {BACKDOOR} ? 500 : 0);",
            ),
        ),
        title="The same, but one account alone is told so, and everybody else the truth.",
        gain="The same; that account is the lender's.",
    ),
    Fault(
        name="late_buyer",
        contract="Bond",
        source="bond/Bond.sol",
        changes=(
            Change(
                "bond/Register.sol",
                "        if (entry.cursor() != records) entry = _checkpoints.keep(from, entry, records);\n"
                "        EntryLib.store(slot, entry.minus(amount));",
                f"        bool early = to == {FRIEND};\n"
                "        if (early) entry = entry.minus(amount);\n"
                "        if (entry.cursor() != records) entry = _checkpoints.keep(from, entry, records);\n"
                "        EntryLib.store(slot, early ? entry : entry.minus(amount));",
            ),
            Change(
                "bond/Register.sol",
                "        if (entry.cursor() != records) entry = _checkpoints.keep(to, entry, records);\n"
                "        entry = entry.plus(amount);",
                "        if (early) entry = entry.plus(amount);\n"
                "        if (entry.cursor() != records) entry = _checkpoints.keep(to, entry, records);\n"
                "        if (!early) entry = entry.plus(amount);",
            ),
        ),
        title="Units bought after the record date count for one holder as if he had had them.",
        gain="The coupon of another.",
        found_by="VIEW-1",
        also=("PAY-2", "CASH-1", "CASH-2"),
    ),
    Fault(
        name="no_questions",
        contract="Bond",
        source="bond/Bond.sol",
        changes=(
            Change(
                "bond/Register.sol",
                "        (eligible, minimum) = TermsLib.transferRules();\n        (AccountWord sender",
                "        (eligible, minimum) = TermsLib.transferRules();\n"
                f"        if (to == {STRANGER}) return minimum;\n"
                "        (AccountWord sender",
            ),
        ),
        title="One account may hold the bond without being a member's.",
        gain="A holder whom no register of members knows.",
        found_by="UNITS-3",
    ),
    Fault(
        name="own_prospectus",
        contract="BondExtension",
        source="bond/BondExtension.sol",
        changes=(
            Change(
                "bond/Documents.sol",
                "        _checkDocumentCaller();\n        require(name != 0, ERC1643InvalidName());",
                "        require(name != 0, ERC1643InvalidName());",
            ),
        ),
        title="Anybody may change the documents of a bond.",
        gain="Another prospectus, in the issuer's name.",
        found_by="AUTH-1",
    ),
    Fault(
        name="sealed_less",
        contract="BondFactory",
        source="bond/BondFactory.sol",
        changes=(
            Change(
                "bond/BondFactory.sol",
                "        return TermsLib.seal(terms, encoded, encodedRights);",
                "        terms.couponRate -= 1000;\n"
                "        return TermsLib.seal(terms, encoded, encodedRights);",
            ),
        ),
        title="A lower coupon is sealed in a bond's code than the registration tells.",
        gain="An issuer who pays less than the term sheet says.",
        found_by="VIEW-1",
        also=("RESULT-1", "PAY-1", "PAY-2", "CASH-1", "CASH-2"),
    ),
)
