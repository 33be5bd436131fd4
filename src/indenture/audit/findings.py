"""What an audit can find: the checks by id, one finding, and the list that gathers them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

CHECKS: dict[str, str] = {
    "LOG-1": "Every log of the suite is an event that the suite declares.",
    "LOG-2": "Every log fits the event that its first topic names.",
    "LOG-3": "Logs have one place each, in order, in blocks that are on the chain.",
    "LOG-4": "Every event follows from the ones before it.",
    "CODE-1": "A contract of the suite has the code that was deployed.",
    "CODE-2": "A bond is a clone of its implementation, with the registered terms sealed in its code.",
    "CODE-3": "The code at each address is the release's, and so was what created it.",
    "VIEW-1": "What was rebuilt from events equals what the chain answers.",
    "VIEW-2": "Every view answers.",
    "SUM-1": "Balances that the chain answers add up to the supply that it answers.",
    "AUTH-1": "Who used a power had it from the Authority at that moment.",
    "AUTH-2": "Who an event names as actor sent the transaction, and asked for just this.",
    "MEMBER-1": "Members and accounts are admitted once, and an account's word follows from its member.",
    "MEMBER-2": "Members and accounts are changed by a registrar, and registrars by the Authority alone.",
    "CALENDAR-1": "A year is published in versions that follow each other, and no day of the past changes.",
    "CALENDAR-2": "A joint market is defined once, of markets that have days of their own.",
    "BENCH-1": "A benchmark is defined once, and only its administrator publishes.",
    "BENCH-2": "Values are published in turn, no day ahead, and corrected only until they are final.",
    "BENCH-3": "A compounded index follows from the rates, night by night.",
    "TERMS-1": "A bond is registered once, by its issuer, with the current code and terms that fit together.",
    "UNITS-1": "Every movement of units has a reason: an issue, a transfer, a redemption, an exchange.",
    "UNITS-2": "What an event says that was delivered did move.",
    "UNITS-3": "Both sides of a movement may hold the bond at that moment.",
    "UNITS-4": "Only free units move, not while a bond is paused or shut; holdings are whole denominations.",
    "UNITS-5": "Units issued stay within what was authorised.",
    "UNITS-6": "Every freeze and forced transfer names the power of the law, and every power what it did.",
    "RECORD-1": "Payment days follow from the terms and the calendar as published then.",
    "RECORD-2": "Record dates pass in turn, at their time, with the supply of that moment.",
    "RECORD-3": "No unit moves while an announcement or a record date is due and not noticed.",
    "RECORD-4": "The bond is redeemed when, and only when, its last unit is.",
    "OFFER-1": "An offering's acts belong to its stage and its times.",
    "OFFER-2": "Who acts in an offering has the role for it at that moment.",
    "OFFER-3": "The conditions of an offering fit its bond and each other.",
    "OFFER-4": "The syndicate is who was invited and joined; a book opens with it and the bond's documents.",
    "BID-1": "Bids keep the rules of the book and of their bidder's class.",
    "BID-2": "What is opened is what was sealed, and only once.",
    "CLEAR-1": "Marginal and average quote, shares and rest follow from the opened bids.",
    "ALLOT-1": "Unfilled levels are shared pro rata by largest remainder, bid by bid.",
    "ALLOT-2": "Each batch of a proof carries its prover just as far as its openings reach.",
    "RESULT-1": "The published result follows from the clearing, and the bond has its coupon.",
    "SETTLE-1": "Winners are settled or lapse once, with just the units that they won.",
    "SETTLE-2": "What is paid is the price of the units, with interest, and goes on to the issuer.",
    "SETTLE-3": "A batch passes over only who could not pay or might not hold, and says so.",
    "UNDER-1": "Underwriters take up their part by commitments; classes add no more than they may.",
    "DEPOSIT-1": "A standing deposit is what came in less what went out, to the last base unit.",
    "DEPOSIT-2": "A bid, or a place in the syndicate, holds one deposit, returned or lost by the rules.",
    "FIX-1": "A period is fixed once, in turn, when what it needs is final, or a fallback applies.",
    "FIX-2": "Rate, ratio, factor and arrears follow from the terms and what was published then.",
    "DEFER-1": "Interest is deferred by the issuer, in time, and arrears grow by the terms.",
    "RENEW-1": "A bond is renewed by the issuer, in time, for a cycle of its terms, and not otherwise.",
    "TERM-1": "A term moves by a right, a renewal or a resolution alone, to where these put its end.",
    "CALL-1": "A call, of all or a part, is the issuer's, by a right of the terms, in time, at its price.",
    "EXTEND-1": "The maturity is extended once, by the issuer, in time, for what the terms give.",
    "CANCEL-1": "The issuer cancels units of his own, and they count towards the sinking fund.",
    "ACTION-1": "An event of holders is opened by who may, and is what terms or offer make it.",
    "ELECT-1": "Elections are the holder's, in time, of free units, and end by their rules.",
    "BOUND-1": "Of each holder just those units are bound that events of holders bind.",
    "DRAW-1": "A drawing shuts the books, counts each holder once, and draws by the systematic sample.",
    "SINK-1": "A sinking fund draws what the terms want, less what was cancelled.",
    "REDEEM-1": "An event is funded once, when due, with price, interest and penalty by the terms.",
    "REDEEM-2": "Elections are settled once: what is taken is paid and burned, the rest is free.",
    "REDEEM-3": "An event completes when each election is settled; its residue is what was not paid.",
    "LATE-1": "What is paid after its day bears the penalty interest of the terms, to the day.",
    "DEFAULT-1": "A default is noticed when a payment was missed, by time alone.",
    "DEFAULT-2": "A bond is made due by holders of the stated share, or when its last payment was missed.",
    "RECOVER-1": "The claim of a unit is what was not paid; recoveries lower that of each unit alike.",
    "RECOVER-2": "The last recovery closes the default, and says what is lost.",
    "VERSION-1": "New terms change what may change, for periods to come, and fit together.",
    "VERSION-2": "New terms are enacted once, in time, when holders of the stated share consent.",
    "PAY-1": "A payment is funded once, after its record date, with what the terms ask for.",
    "PAY-2": "Holders are paid once, for the units at the record date, to the last base unit.",
    "PAY-3": "Kept is what cannot be sent: what is due on frozen units, or to who may not receive.",
    "PAY-4": "A payment completes when all units are served; its residue is what was funded less paid.",
    "PAY-5": "Nothing is paid before the payment day.",
    "TAX-1": "Tax is withheld from interest at the rate of the holder's class then.",
    "CLAIM-1": "A payment goes to a buyer by a trade agreed before its record date and settled after it.",
    "CLAIM-2": "Who bought a payment along is paid once, in the seller's place.",
    "TRADE-1": "A nonce is used once.",
    "TRADE-2": "A trade is what both sides signed, within the time that they agreed.",
    "TRADE-3": "A clean trade costs its clean price and what has accrued, less what the seller had got.",
    "ALLOW-1": "What is left of an allowance is what its owner approved, less what was spent.",
    "ALLOW-2": "Permits are the owner's, used in turn, each for one approval.",
    "CASH-1": "Every movement of cash has a reason.",
    "CASH-2": "What an event says that was paid did move.",
    "CASH-3": "Both sides of a movement of cash are active members at that moment.",
    "CASH-4": "No balance is below zero, and issues stay within the limit.",
    "ESCROW-1": "The Offering holds all deposits, to the last base unit.",
    "ESCROW-2": "The Servicing holds what is owed, to the last base unit.",
    "PROVE-1": "Headers hash to their block hashes and follow each other, up to what others vouch for.",
    "PROVE-2": "The receipts of a block rebuild its receipts root.",
    "PROVE-3": "The logs that were read are those of the receipts: none left out, added or changed.",
    "PROVE-4": "The transactions of a block rebuild its root, and who is said to have sent one signed it.",
    "PROVE-5": "Storage that is proved against the state root holds what was rebuilt, and nothing else.",
    "PROVE-6": "Code that is proved against the state root is that of the release.",
}
"""Every check, by the id that a finding carries as its ``kind``."""

NOTICES: dict[str, str] = {
    "NOTE-1": "Bids were committed and not opened: nobody will ever know what they were.",
    "NOTE-2": "A member of the syndicate bid less than its class has to.",
    "NOTE-3": "The bookrunner held the key of an encrypted book, and let bids expire.",
    "NOTE-4": "A winner did not pay.",
    "NOTE-5": "An underwriter did not take up its part.",
    "NOTE-6": "A step that anyone may take is overdue.",
    "NOTE-7": "Units that were sold were not issued.",
    "NOTE-8": "A payment, or a redemption that was promised, was missed.",
    "NOTE-9": "A bond pays in a token that is no cash token of the suite.",
    "NOTE-10": "Something came through another contract: who caused it is that contract's word.",
    "NOTE-11": "A restricted function was open to anybody.",
}
"""What is no fault of the chain, and yet somebody should know, by the id that a notice carries."""

IMPOSSIBLE = (ArithmeticError, LookupError, ValueError)
"""What falsified events can make the arithmetic do: a day that no calendar has, a tick of zero."""

_VIEW_POSITION = 1 << 40


@dataclass(frozen=True, slots=True)
class Finding:
    """One difference between what is and what should be.

    Attributes:
        block: Block in which it shows.
        contract: Name and address of the contract.
        key: What of the contract: a view with its arguments, or an event and its argument.
        expected: What follows from the events before, or from the terms.
        found: What the chain says.
        kind: Id of the check, see ``CHECKS``.
        tx_hash: The transaction; None when a view differs.
        message: The difference in a sentence.
        position: Place in the block: the log's index; views come after all logs.
    """

    block: int
    contract: str
    key: str
    expected: str
    found: str
    kind: str
    tx_hash: str | None
    message: str
    position: int = _VIEW_POSITION


@dataclass(frozen=True, slots=True)
class Notice:
    """Something that follows the rules, and that a reader should know: it makes no audit fail.

    Attributes:
        block: Block in which it came about; the last one when something did not happen.
        contract: Name and address of the contract.
        about: An account, or what the notice is about.
        kind: Its id, see ``NOTICES``.
        message: The notice in a sentence.
    """

    block: int
    contract: str
    about: str
    kind: str
    message: str


class Findings:
    """Gathers findings; one that shows again at a later block is kept once."""

    def __init__(self) -> None:
        self._seen: set[tuple[str, str, str, str, str]] = set()
        self._all: list[Finding] = []

    def add(self, finding: Finding) -> None:
        """Takes a finding in, unless it is known."""
        identity = (finding.kind, finding.contract, finding.key, finding.expected, finding.found)
        if finding.tx_hash is not None:
            identity = (*identity[:4], f"{finding.found} {finding.tx_hash}")
        if identity not in self._seen:
            self._seen.add(identity)
            self._all.append(finding)

    def in_chain_order(self) -> tuple[Finding, ...]:
        """All findings, the earliest first."""
        return tuple(sorted(self._all, key=lambda f: (f.block, f.position)))

    def __len__(self) -> int:
        return len(self._all)


def show(value: Any) -> str:
    """A value as a report prints it: bytes as hex, the rest as it is."""
    if isinstance(value, bytes):
        return "0x" + value.hex()
    if isinstance(value, tuple | list):
        return f"({', '.join(show(v) for v in value)})"
    return str(value)
