"""Faults of cash tokens, and of what computes and pays."""

from __future__ import annotations

from tests.audit.faults import stories
from tests.audit.faults.people import OPERATOR, STRANGER, VICTIM
from tests.audit.faults.plants import Change, Fault, before

OF_MONEY = (
    Fault(
        "short_coupon",
        "servicing/Servicing.sol",
        (
            before(
                "                    total += amount;",
                f"                    if (batch.holders[i] == {VICTIM}) amount -= 1;",
            ),
        ),
        stories.coupon,
        "A coupon is one base unit short, for one holder.",
        "The base unit becomes residue, and goes to the payer.",
        "PAY-2",
        ("CASH-1", "CASH-2"),
        alone=True,
    ),
    Fault(
        "own_residue",
        "servicing/Servicing.sol",
        (
            Change(
                "if (residue != 0) _kept[bond][escrow.payer] += residue;",
                f"if (residue != 0) _kept[bond][{OPERATOR}] += residue;",
            ),
        ),
        stories.residue,
        "What rounding leaves of a payment is kept for the operator, and not for the payer.",
        "Some base units of each payment.",
        "VIEW-1",
        ("PAY-3",),
    ),
    Fault(
        "quiet_mint",
        "cash/CashToken.sol",
        (
            before(
                "    /* MOVEMENT */",
                "    function reconcile(address to, uint256 amount) external restricted {",
                "        assembly {",
                "            mstore(0, to)",
                "            mstore(32, 0)",
                "            let place := keccak256(0, 64)",
                "            sstore(place, add(sload(place), amount))",
                "        }",
                "    }\n",
            ),
        ),
        stories.quiet,
        "Cash is minted without an event, and without the supply that it adds to.",
        "Money.",
        "CASH-4",
        ("VIEW-1", "SUM-1"),
    ),
    Fault(
        "first_balance",
        "cash/CashToken.sol",
        (
            before(
                "        emit SupplyLimitSet(0, limit, msg.sender);",
                "        assembly {",
                f"            mstore(0, {STRANGER})",
                "            mstore(32, 0)",
                "            sstore(keccak256(0, 64), 1000000000000)",
                "        }",
            ),
        ),
        stories.simply_sold,
        "The constructor gives money to an account that nobody knows yet; the code is the release's.",
        "Money, for the day on which the account becomes a member's.",
        "PROVE-5",
        alone=True,
    ),
    Fault(
        "mild_penalty",
        "servicing/ServicingDefault.sol",
        (
            Change(
                "uint256 penalty = rate * (to - from) / YEAR;",
                "uint256 penalty = rate * (to - from - 1) / YEAR;",
            ),
        ),
        stories.late_coupon,
        "Penalty interest is computed for a day less.",
        "An issuer who pays late pays a day's interest less.",
        "LATE-1",
        ("VIEW-1",),
    ),
    Fault(
        "dear_trade",
        "servicing/ServicingAccruals.sol",
        (
            Change(
                ": int256(RoundingLib.mulDivDown(units, uint256(numerator), denominator));",
                ": int256(RoundingLib.mulDivDown(units, uint256(numerator), denominator)) + 1;",
            ),
        ),
        stories.traded,
        "Accrued interest of a trade is a base unit too high.",
        "A dealer who sells more than he buys.",
        "TRADE-3",
        ("VIEW-1",),
    ),
    Fault(
        "unsigned_permit",
        "cash/CashToken.sol",
        (
            Change(
                "        super.permit(owner, spender, value, deadline, v, r, s);",
                "        _useNonce(owner);\n        _approve(owner, spender, value, true);",
            ),
        ),
        stories.permitted,
        "A permit needs no signature.",
        "Money of others.",
        "ALLOW-2",
    ),
)
