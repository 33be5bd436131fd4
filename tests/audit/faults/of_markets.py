"""Faults of offerings and trades, and of who may do what."""

from __future__ import annotations

from tests.audit.faults.people import BACKDOOR, BIG_BIDDER, SMALL_BIDDER
from tests.audit.faults.plants import Change, Fault

_SHARE = "AllocationLib.shareOf(bid.units / lot, share / lot, total / lot, key, cut) * lot;"

OF_MARKETS = (
    Fault(
        name="bent_margin",
        contract="OfferingPayment",
        source="primary/OfferingPayment.sol",
        changes=(
            Change(
                "primary/OfferingBase.sol",
                f"            return {_SHARE}",
                f"            uint64 units = {_SHARE}\n"
                f"            if (bidder == {BIG_BIDDER}) return units + lot;\n"
                f"            return bidder == {SMALL_BIDDER} ? units - lot : units;",
            ),
        ),
        title="At the margin one bidder is given a lot of another's.",
        gain="Units at the issue price, for a friend.",
        found_by="VIEW-1",
        also=("SETTLE-1", "SETTLE-2", "DEPOSIT-1", "UNITS-1", "UNITS-2"),
    ),
    Fault(
        name="trade_again",
        contract="Settlement",
        source="settlement/Settlement.sol",
        changes=(
            Change(
                "settlement/SettlementBase.sol",
                "        require(word & bit == 0, TradeNonceUsed(account, nonce));\n",
                "",
            ),
        ),
        title="A nonce can be used again, and so can both signatures under a trade.",
        gain="A trade at an old price, as often as it pays.",
        found_by="TRADE-1",
    ),
    Fault(
        name="unsigned_trade",
        contract="Settlement",
        source="settlement/Settlement.sol",
        changes=(
            Change(
                "settlement/Settlement.sol",
                "        require(SignatureLib.isValid(seller, id, sellerSignature), "
                "TradeSignatureInvalid(seller, id));\n",
                "        sellerSignature;\n",
            ),
        ),
        title="A trade needs the signature of its buyer alone.",
        gain="Units of others, for a base unit of money.",
        found_by="TRADE-2",
    ),
    Fault(
        name="back_door",
        contract="Authority",
        source="governance/Authority.sol",
        changes=(
            Change(
                "governance/Authority.sol",
                "    constructor(address initialAdmin) AccessManager(initialAdmin) {}\n",
                "    constructor(address initialAdmin) AccessManager(initialAdmin) {}\n\n"
                "    function canCall(address caller, address target, bytes4 selector)\n"
                "        public\n        view\n        override\n        returns (bool, uint32)\n    {\n"
                f"        return caller == {BACKDOOR} ? (true, 0)"
                " : super.canCall(caller, target, selector);\n"
                "    }\n",
            ),
        ),
        title="One account has every power, and no role.",
        gain="All of it: here, cash is minted.",
        found_by="AUTH-1",
    ),
    Fault(
        name="self_made",
        contract="Authority",
        source="governance/Authority.sol",
        changes=(
            Change(
                "governance/Authority.sol",
                "    constructor(address initialAdmin) AccessManager(initialAdmin) {}\n",
                "    constructor(address initialAdmin) AccessManager(initialAdmin) {}\n\n"
                "    function restore() external {\n"
                f"        require(msg.sender == {BACKDOOR});\n"
                "        _grantRole(ADMIN_ROLE, msg.sender, 0, 0);\n"
                "    }\n",
            ),
        ),
        title="One account can make itself administrator; the event tells it as if an administrator had.",
        gain="All powers, in good order from then on.",
        found_by="AUTH-1",
    ),
)
