"""The facts of a report that no chain told: one bond with everything in it, for tests that need no node."""

from __future__ import annotations

from functools import cache
from typing import Any

from eth_utils.crypto import keccak

from indenture.audit.findings import CHECKS
from indenture.audit.report.files import SCHEMA
from indenture.chain import checksum

Facts = dict[str, Any]

BOND_NAME = "中国银行股份有限公司 2019 年小型微型企业贷款专项金融债券 <script>alert(1)</script>"
ISIN = "CND1000BOC15"
NO_HASH = "0x" + "0" * 64


def account(number: int) -> str:
    """An address."""
    return checksum("0x" + keccak(number.to_bytes(4, "big"))[:20].hex())


def block_hash(number: int) -> str:
    """The hash of a block."""
    return "0x" + keccak(f"block {number}".encode()).hex()


BOND = account(1)
LABEL = f"Bond {ISIN} {BOND}"


def finding(**changes: Any) -> Facts:
    """A finding."""
    told: Facts = {
        "block": 1_234_567,
        "contract": LABEL,
        "key": "HoldersPaid.amount",
        "expected": "15771092",
        "found": "15771091",
        "kind": "PAY-2",
        "tx_hash": block_hash(-1 % 2**32),
        "message": "a holder was paid a base unit less",
    }
    return {**told, **changes}


def holder(number: int, units: int, **changes: Any) -> Facts:
    """A row of the register."""
    row: Facts = {
        "account": account(number),
        "lei": f"5493{number:014d}00",
        "at_record": [units, units],
        "now": units,
        "frozen": 0,
        "bound": 0,
    }
    return {**row, **changes}


@cache
def crowd() -> list[Facts]:
    """Ten thousand holders, the largest first."""
    return [holder(1_000 + i, 20_000 - i) for i in range(10_000)]


def use(**changes: Any) -> Facts:
    """A use of a power."""
    told: Facts = {
        "block": 213,
        "time": "2020-03-02T01:00:00Z",
        "act": "units frozen",
        "contract": LABEL,
        "about": account(101),
        "detail": "10 units",
        "actor": account(3),
        "function": "setFrozenTokens",
        "role": "STATUTORY",
        "reason": None,
        "tx_hash": block_hash(213),
    }
    return {**told, **changes}


def register(rows: list[Facts]) -> Facts:
    """A register with these rows."""
    units = sum(row["now"] for row in rows)
    return {
        "records": [1, 2],
        "totals": [units, units],
        "outstanding": units,
        "holders": len(rows),
        "frozen": sum(row["frozen"] for row in rows),
        "bound": sum(row["bound"] for row in rows),
        "largest_percent": "50.00",
        "ten_largest_percent": "100.00",
        "classes": [{"class": "bank", "holders": len(rows), "units": units}],
        "rows": rows,
    }


def bond(**changes: Any) -> Facts:
    """A bond in the middle of its life."""
    rows = [holder(101, 500, frozen=10), holder(102, 300, bound=20), holder(103, 200)]
    told: Facts = {
        "isin": ISIN,
        "name": BOND_NAME,
        "symbol": "BOC19",
        "address": BOND,
        "issuer": "54930000000000000196",
        "issuer_account": account(2),
        "currency": "CNY",
        "face_value": "100.00",
        "units_authorised": 2_000,
        "minimum_units": 1,
        "kind": "fixed",
        "rate_percent": "3.1",
        "periods": 4,
        "period_length": "3 months",
        "day_count": "ACT/360",
        "roll": "following",
        "calendar": "CN-IB",
        "issue_date": "2020-01-06",
        "maturity_date": "2021-01-06",
        "term_sheet_hash": block_hash(2),
        "status": "outstanding",
        "versions": 1,
        "called_at_percent": None,
        "calls_in_part": [{"period": 1, "share_percent": "10", "price_percent": "101"}],
        "events": [_event()],
        "claim": _claim(),
        "recoveries": [_recovery()],
        "units_issued": 1_000,
        "units_outstanding": 1_000,
        "units_moved": 40,
        "movements": 5,
        "outstanding": [
            {"date": "2020-01-06", "issued": 1_000, "redeemed": 0, "outstanding": 1_000},
        ],
        "register": register(rows),
        "offerings": [_offering()],
        "fixings": [_fixing()],
        "payments": [_payment(1), _payment(2)],
        "kept": [{"account": account(103), "amount": "0.04"}],
        "cash_flows": [
            {"date": "2020-01-06", "kind": "subscription", "amount": "-100000.00"},
            {"date": "2020-04-07", "kind": "interest", "amount": "756.74"},
            {"date": "2020-04-07", "kind": "principal", "amount": "10000.00"},
            {"date": "2020-05-04", "kind": "event", "amount": "17823.11"},
        ],
        "trade_count": 1,
        "traded_units": 40,
        "trades": [_trade()],
        "powers": [use()],
        "documents": [
            {"name": "term sheet", "uri": "ipfs://bafy", "hash": block_hash(3)},
        ],
    }
    return {**told, **changes}


def report(**changes: Any) -> Facts:
    """A report without a finding."""
    told: Facts = {
        "schema": SCHEMA,
        "network": "testnet",
        "chain_id": 31_337,
        "genesis": block_hash(0),
        "from_block": 1,
        "to_block": 760,
        "to_block_hash": block_hash(760),
        "as_of": "2021-01-05T16:00:00Z",
        "block_hashes": [{"block": n, "hash": block_hash(n)} for n in (1, 128, 256, 512, 760)],
        "blocks": 760,
        "blocks_with_events": 387,
        "transactions": 387,
        "logs": 1_123,
        "events": 1_123,
        "views": 11_730,
        "compared_at": [1, 760],
        "skipped": [],
        "differences": len(changes.get("findings", ())),
        "findings": [],
        "notices": [
            {
                "block": 760,
                "contract": LABEL,
                "about": BOND,
                "kind": "NOTE-8",
                "message": "payment 3 was missed",
            }
        ],
        "checks": [
            {"id": kind, "says": says, "made": not kind.startswith("PROVE-"), "findings": 0}
            for kind, says in CHECKS.items()
        ],
        "proved": None,
        "anchors": [],
        "trusted": ["The node left no event out."],
        "believed": [{"contract": f"Authority {account(4)}", "name": "initialAdmin", "value": account(3)}],
        "bonds": [bond()],
        "cash": [_cash()],
        "members": [_member()],
        "calendars": [{"market": "CN-IB", "years": {"2020": 249}}],
        "powers": [
            {"role": "administrator", "account": account(3), "since": "2019-12-02T01:00:01Z", "delay": 0}
        ],
        "powers_counted": [{"act": "units frozen", "times": 1}],
        "powers_used": [use()],
        "contracts": [
            {"name": "Authority", "address": account(4)},
            {"name": f"Bond {ISIN}", "address": BOND},
        ],
    }
    return {**told, **changes}


def proved() -> Facts:
    """Figures of what was proved."""
    return {
        "blocks": 760,
        "skipped_by_bloom": 373,
        "receipts": 387,
        "transactions": 387,
        "accounts": 20,
        "whole": 9,
        "slots": 1_234,
        "code": 20,
    }


def _event() -> Facts:
    return {
        "number": 1,
        "kind": "put",
        "code": "CHANGE",
        "opens": "2020-02-02T16:00:00Z",
        "closes": "2020-02-14T16:00:00Z",
        "pay_date": "2020-03-02",
        "elected": 178,
        "settled": 178,
        "taken": 178,
        "funded": "17823.13",
        "paid": "17823.11",
        "document": NO_HASH,
        "status": "settled",
    }


def _claim() -> Facts:
    return {
        "due_date": "2020-12-01",
        "day": "2020-12-01",
        "closed": False,
        "principal": "100000.00",
        "interest": "12.50",
    }


def _recovery() -> Facts:
    return {
        "record": 3,
        "record_date": "2020-12-10",
        "pay_date": "2020-12-14",
        "units": 1_000,
        "funded": "5000.00",
        "paid": "4999.99",
    }


def _payment(period: int) -> Facts:
    return {
        "period": period,
        "due_date": "2020-04-06",
        "record_date": "2020-04-03",
        "pay_date": "2020-04-07",
        "status": "paid",
        "units": 1_000,
        "interest": "756.76",
        "principal": "0.00",
        "funded": "756.76",
        "paid": "756.74",
        "tax": "34.20",
        "paid_holders": 3,
        "residue": "0.02",
    }


def _fixing() -> Facts:
    return {
        "period": 1,
        "rate_percent": "3.1",
        "source": "published",
        "value": "31000000",
        "day": "2020-01-03",
        "index_ratio": None,
        "factor": "1000000000",
        "arrears": "0",
        "deferred": False,
        "fixed": "2020-01-03T04:00:00Z",
    }


def _trade() -> Facts:
    return {
        "block": 300,
        "time": "2020-03-04T01:00:00Z",
        "seller": account(101),
        "buyer": account(102),
        "units": 40,
        "amount": "4012.34",
        "currency": "CNY",
        "tx_hash": block_hash(300),
    }


def _cash() -> Facts:
    return {
        "code": "CNY",
        "address": account(5),
        "issued": "140000000000.00",
        "redeemed": "0.00",
        "outstanding": "140000000000.00",
        "limit": "1000000000000.00",
        "movements": 259,
        "moved": "3496811.64",
        "holders": 1,
        "escrows": {"Offering": "0.00", "Servicing": "2960.22"},
        "supply": [
            {
                "date": "2019-12-02",
                "issued": "140000000000.00",
                "redeemed": "0.00",
                "outstanding": "140000000000.00",
            }
        ],
        "balances": [{"account": account(101), "lei": "549300000000000101", "amount": "140000000000.00"}],
    }


def _member() -> Facts:
    return {
        "lei": "9999INDENTUREDEPO168",
        "class": "operator",
        "jurisdiction": "CN",
        "suspended": False,
        "admitted": "2019-12-02T01:00:02Z",
        "accounts": [
            {"address": account(3), "standing": "active", "roles": ["holder", "registrar"], "until": None}
        ],
    }


def _offering() -> Facts:
    quotes = (("3.0", 600, 600, False), ("3.1", 600, 400, True))
    return {
        "id": 4,
        "stage": "published",
        "form": "open",
        "basis": "rate",
        "pricing": "uniform",
        "currency": "CNY",
        "bookrunner": account(6),
        "offered": 1_000,
        "over_allotted": 0,
        "non_competitive": 0,
        "lowest": "3",
        "highest": "3.5",
        "deposit": "0.00",
        **dict.fromkeys(("opens", "closes", "reveals_by"), "2020-01-03T04:00:00Z"),
        **dict.fromkeys(("settles_from", "settles_by", "takes_up_by"), "2020-01-06T04:00:00Z"),
        "bid": 1_200,
        "bidders": 2,
        "sealed": 0,
        "result": {
            "issue_rate_percent": "3.1",
            "issue_price": "100.00",
            "marginal_quote": "3.1",
            "average_quote": "3.04",
            "bid_multiple": "1.2000",
            "marginal_multiple": "1.5000",
            "marginal_ratio_percent": "66.6667",
            "allotted": 1_000,
            "competitive": 1_000,
            "non_competitive": 0,
            "take_up": 0,
            "published": "2020-01-03T04:00:01Z",
        },
        "demand": [
            {
                "quote": quote,
                "units": units,
                "cumulative": 600 * (i + 1),
                "allotted": won,
                "void": False,
                "marginal": is_marginal,
            }
            for i, (quote, units, won, is_marginal) in enumerate(quotes)
        ],
        "bids": [
            {
                "bidder": account(101 + i),
                "account": account(101 + i),
                "quote": quote,
                "units": units,
                "allotted": won,
            }
            for i, (quote, units, won, _) in enumerate(quotes)
        ],
        "bidder_states": [{"bidder": account(101), "state": "settled", "units": 600, "paid": "60000.00"}],
        "syndicate": [
            {
                "account": account(101),
                "class": 1,
                "commitment": 1_000,
                "joined": True,
                "bid": 600,
                "taken_up": 0,
            }
        ],
        "issued": 1_000,
        "issued_later": 0,
        "additional": 0,
        "proceeds": "100000.00",
        "forfeited": [{"account": account(102), "amount": "50.00"}],
    }
