"""Faults of cash tokens, and of what computes and pays."""

from __future__ import annotations

from tests.audit.faults.people import OPERATOR, STRANGER, VICTIM
from tests.audit.faults.plants import Change, Fault

OF_MONEY = (
    Fault(
        name="short_coupon",
        contract="Servicing",
        source="servicing/Servicing.sol",
        changes=(
            Change(
                "servicing/Servicing.sol",
                "                    total += amount;",
                f"                    if (batch.holders[i] == {VICTIM}) amount -= 1;\n"
                "                    total += amount;",
            ),
        ),
        title="A coupon is one base unit short, for one holder.",
        gain="The base unit becomes residue, and goes to the payer.",
        found_by="PAY-2",
        also=("CASH-1", "CASH-2"),
    ),
    Fault(
        name="own_residue",
        contract="Servicing",
        source="servicing/Servicing.sol",
        changes=(
            Change(
                "servicing/Servicing.sol",
                "if (residue != 0) _kept[bond][escrow.payer] += residue;",
                f"if (residue != 0) _kept[bond][{OPERATOR}] += residue;",
            ),
        ),
        title="What rounding leaves of a payment is kept for the operator, and not for the payer.",
        gain="Some base units of each payment.",
        found_by="VIEW-1",
        also=("PAY-3",),
    ),
    Fault(
        name="quiet_mint",
        contract="CashToken",
        source="cash/CashToken.sol",
        changes=(
            Change(
                "cash/CashToken.sol",
                "    /* MOVEMENT */",
                "    function reconcile(address to, uint256 amount) external restricted {\n"
                "        assembly {\n"
                "            mstore(0, to)\n"
                "            mstore(32, 0)\n"
                "            let place := keccak256(0, 64)\n"
                "            sstore(place, add(sload(place), amount))\n"
                "        }\n"
                "    }\n\n"
                "    /* MOVEMENT */",
            ),
        ),
        title="Cash is minted without an event, and without the supply that it adds to.",
        gain="Money.",
        found_by="CASH-4",
        also=("VIEW-1", "SUM-1"),
    ),
    Fault(
        name="first_balance",
        contract="CashToken",
        source="cash/CashToken.sol",
        changes=(
            Change(
                "cash/CashToken.sol",
                "        emit SupplyLimitSet(0, limit, msg.sender);",
                "        assembly {\n"
                f"            mstore(0, {STRANGER})\n"
                "            mstore(32, 0)\n"
                "            sstore(keccak256(0, 64), 1000000000000)\n"
                "        }\n"
                "        emit SupplyLimitSet(0, limit, msg.sender);",
            ),
        ),
        title="The constructor gives money to an account that nobody knows yet; the code is the release's.",
        gain="Money, for the day on which the account becomes a member's.",
        found_by="PROVE-5",
    ),
    Fault(
        name="mild_penalty",
        contract="ServicingDefault",
        source="servicing/ServicingDefault.sol",
        changes=(
            Change(
                "servicing/ServicingDefault.sol",
                "uint256 penalty = rate * (to - from) / YEAR;",
                "uint256 penalty = rate * (to - from - 1) / YEAR;",
            ),
        ),
        title="Penalty interest is computed for a day less.",
        gain="An issuer who pays late pays a day's interest less.",
        found_by="LATE-1",
        also=("VIEW-1",),
    ),
    Fault(
        name="dear_trade",
        contract="ServicingAccruals",
        source="servicing/ServicingAccruals.sol",
        changes=(
            Change(
                "servicing/ServicingAccruals.sol",
                "            : int256(RoundingLib.mulDivDown(units, uint256(numerator), denominator));",
                "            : int256(RoundingLib.mulDivDown(units, uint256(numerator), denominator)) + 1;",
            ),
        ),
        title="Accrued interest of a trade is a base unit too high.",
        gain="A dealer who sells more than he buys.",
        found_by="TRADE-3",
        also=("VIEW-1",),
    ),
    Fault(
        name="unsigned_permit",
        contract="CashToken",
        source="cash/CashToken.sol",
        changes=(
            Change(
                "cash/CashToken.sol",
                "        super.permit(owner, spender, value, deadline, v, r, s);",
                "        _useNonce(owner);\n        _approve(owner, spender, value, true);",
            ),
        ),
        title="A permit needs no signature.",
        gain="Money of others.",
        found_by="ALLOW-2",
    ),
)
