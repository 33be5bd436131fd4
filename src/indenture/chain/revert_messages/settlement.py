"""Messages of the settlement: trades, delivery against payment."""

from __future__ import annotations

from indenture.chain.revert_messages._texts import Texts
from indenture.errors import ContractRevert, PaymentRefused, SignatureRefused, UnitsRefused

TEXTS: Texts = {
    UnitsRefused: {
        "TradeSelf": ("seller and buyer are both {account}", "A trade has two sides."),
        "TradeUnitsZero": ("the trade delivers no units", "Give at least one unit."),
    },
    PaymentRefused: {
        "TradeCashWrong": (
            "a trade at a clean price names the cash {cash}, the bond pays in {currency}",
            "Propose it in the bond's own currency.",
        ),
        "TradeAccruedExceeds": (
            "accrued interest of {accrued} and {received} base units received before "
            "go beyond the {most} agreed",
            "Rates or payments moved since the trade was agreed: "
            "both sides sign it again with a higher bound.",
        ),
        "TradeCashMismatch": (
            "the money {cash} moved {moved} base units instead of {expected}",
            "A token that takes a fee or does not tell the truth cannot pay for a trade.",
        ),
    },
    SignatureRefused: {
        "TradeTooEarly": (
            "the trade settles from {validFrom:time} on, and it is {time:time}",
            "Submit it then.",
        ),
        "TradeAhead": (
            "the trade says that it was agreed at {tradedAt:time}, and it is {time:time}",
            "Both sides have to sign it again with the time at which they agreed.",
        ),
        "TradeExpired": (
            "the trade was to settle by {deadline:time}, and it is {time:time}",
            "Both sides have to sign it again with a later deadline.",
        ),
        "TradeNonceUsed": (
            "number {nonce:plain} of {account} was used or cancelled",
            "The trade is settled already, or sign it again with an unused number.",
        ),
        "TradeSignatureInvalid": (
            "{signer} did not sign trade 0x{id:hex}",
            "Another key, chain, contract or content: compare what was signed with what was submitted.",
        ),
    },
    ContractRevert: {
        "SettlementPartMissing": (
            "there is no part of the settlement at {part}",
            "Deploy the parts in their order, the last one first.",
        ),
    },
}
