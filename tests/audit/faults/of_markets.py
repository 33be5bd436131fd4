"""Faults of offerings and trades."""

from __future__ import annotations

from tests.audit.faults import stories
from tests.audit.faults.people import BIG_BIDDER, SMALL_BIDDER
from tests.audit.faults.plants import Change, Fault, without

_SHARE = "AllocationLib.shareOf(bid.units / lot, share / lot, total / lot, key, cut) * lot;"

OF_MARKETS = (
    Fault(
        "bent_margin",
        "primary/OfferingPayment.sol",
        (
            Change(
                f"            return {_SHARE}",
                f"            uint64 units = {_SHARE}\n"
                f"            if (bidder == {BIG_BIDDER}) return units + lot;\n"
                f"            return bidder == {SMALL_BIDDER} ? units - lot : units;",
                "primary/OfferingBase.sol",
            ),
        ),
        stories.tendered,
        "At the margin one bidder is given a lot of another's.",
        "Units at the issue price, for a friend.",
        "VIEW-1",
        ("SETTLE-1", "SETTLE-2", "DEPOSIT-1", "UNITS-1", "UNITS-2"),
    ),
    Fault(
        "trade_again",
        "settlement/Settlement.sol",
        (
            without(
                "        require(word & bit == 0, TradeNonceUsed(account, nonce));\n",
                "settlement/SettlementBase.sol",
            ),
        ),
        stories.traded_twice,
        "A nonce can be used again, and so can both signatures under a trade.",
        "A trade at an old price, as often as it pays.",
        "TRADE-1",
    ),
    Fault(
        "unsigned_trade",
        "settlement/Settlement.sol",
        (
            Change(
                "        require(SignatureLib.isValid(seller, id, sellerSignature), "
                "TradeSignatureInvalid(seller, id));\n",
                "        sellerSignature;\n",
            ),
        ),
        stories.traded_alone,
        "A trade needs the signature of its buyer alone.",
        "Units of others, for a base unit of money.",
        "TRADE-2",
    ),
)
