"""Each question with parameters that find something, by the chain that it is asked of."""

from __future__ import annotations

Given = dict[str, str | int]

FIRST_HOLDER = "0x2e31d60805e67e772132615e40a03f727b9de842"
FAILING = "CND200000081"
FLOATING = "CND200000008"

ASKED: dict[str, tuple[str, Given]] = {
    "holders": ("fates", {"isin": "CND200000024"}),
    "concentration": ("fates", {"isin": FAILING, "block": 250}),
    "income": ("fates", {"account": FIRST_HOLDER}),
    "late_payments": ("fates", {}),
    "statutory_powers": ("fates", {"first_day": "2020-05-01", "last_day": "2020-12-31"}),
    "movable": ("fates", {"isin": "CND200000024"}),
    "cash": ("fates", {"block": 300}),
    "trades": ("lives", {"day": "2020-07-03"}),
    "freezes": ("fates", {}),
    "cover": ("fates", {}),
    "residues": ("fates", {}),
    "history": ("fates", {"isin": "CND200000024", "account": FIRST_HOLDER}),
    "entitlements": ("fates", {"isin": FAILING, "period": 3}),
    "outstanding": ("fates", {}),
    "accounts": ("fates", {"role": "underwriter"}),
    "powers": ("fates", {}),
    "allotments": ("fates", {"offering": 1}),
    "fixings": ("lives", {"isin": FLOATING}),
    "actions": ("fates", {}),
    "defaults": ("fates", {}),
}
