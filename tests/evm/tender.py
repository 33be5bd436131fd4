"""One offering on its way: each method is one act of a role, at the first second that it may be done."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from eth_abi.abi import encode
from eth_utils.crypto import keccak
from tests.evm import builders
from tests.evm.artefacts import Record
from tests.evm.builders import ENCRYPTED, NON_COMPETITIVE, OPEN, PRICE, RATE, tick_bid
from tests.evm.chain import Contract, Receipt
from tests.evm.signing import commitment

if TYPE_CHECKING:
    from tests.evm.world import World

#: No score reaches it: nobody gets a lot of the residue.
NO_CUT = 2**256 - 1
SALT = b"\x5a" * 32
CIPHERTEXT = b"an opening, encrypted"
BOOK_KEY = b"\x42" * 32

Bid = tuple[int, int] | tuple[int, int, str]


class Tender:
    """An offering with what everybody knows of it: its conditions, and the bids as they were sealed."""

    def __init__(
        self, world: "World", bond: Contract, classes: Sequence[Record] | None, **changes: Any
    ) -> None:
        self.world, self.bond = world, bond
        self.conditions = builders.conditions(
            bond, world.evm.now, **({"bookrunner": world.bookrunner} | changes)
        )
        available = self.conditions.offered + self.conditions.overAllotment
        alike = [builders.class_rule(maximum=available)] * 2
        self.classes = alike if classes is None else list(classes)
        self.bids: dict[str, list[Record]] = {}
        self.unopened: list[Record] = []
        self.id = 0

    # --- up to the opening of the book

    def mandate(self, sender: str | None = None) -> Receipt:
        made: Receipt = self.world.offering.mandate(
            self.conditions, self.classes, sender=sender or self.world.issuer
        )
        self.id = made.value
        return made

    def accept(self, key: bytes | None = None) -> Receipt:
        wanted = BOOK_KEY if self.conditions.form == ENCRYPTED else bytes(32)
        return self._do("acceptMandate", wanted if key is None else key, sender=self.world.bookrunner)

    def invite(self, underwriter: str, class_: int = 1, units: int = 0) -> Receipt:
        return self._do("invite", underwriter, class_, units, sender=self.world.bookrunner)

    def join(self, underwriter: str, class_: int = 1, units: int = 0) -> Receipt:
        return self._do("joinSyndicate", class_, units, sender=underwriter)

    def form_syndicate(self, commitments: dict[str, int], class_: int = 1) -> None:
        """Invites underwriters and has them join, in this order."""
        for underwriter, units in commitments.items():
            self.invite(underwriter, class_, units)
            self.join(underwriter, class_, units)

    def open(self) -> Receipt:
        return self._do("openBook", sender=self.world.bookrunner)

    # --- bids

    def bids_of(self, bidder: str, bids: Iterable[Bid]) -> list[Record]:
        """Bids of (quote, units) for the bidder, or of (quote, units, account), in their order."""
        records = [tick_bid(each[0], each[1], each[2] if len(each) == 3 else bidder) for each in bids]
        return sorted(records, key=lambda each: (each.quote, int(each.account, 16)))

    def bid(self, bidder: str, *bids: Bid) -> Receipt:
        """Places, seals or encrypts bids as the form of the book is; they replace earlier ones."""
        records = self.bids_of(bidder, bids)
        made = self.place(bidder, records) if self.conditions.form == OPEN else self.seal(bidder, records)
        self.bids[bidder] = records
        return made

    def place(self, bidder: str, bids: list[Record], previous: list[Record] | None = None) -> Receipt:
        replaced = self.bids.get(bidder, []) if previous is None else previous
        return self._do("placeBid", bids, replaced, sender=bidder)

    def seal(self, bidder: str, bids: list[Record], salt: bytes = SALT) -> Receipt:
        sealed = self.commitment(bidder, bids, salt)
        if self.conditions.form == ENCRYPTED:
            return self._do("encryptBid", sealed, CIPHERTEXT, sender=bidder)
        return self._do("sealBid", sealed, sender=bidder)

    def commitment(self, bidder: str, bids: list[Record], salt: bytes = SALT) -> bytes:
        return commitment(self.world.offering, self.id, bidder, bids, salt)

    def withdraw(self, bidder: str) -> Receipt:
        previous = self.bids.get(bidder, []) if self.conditions.form == OPEN else []
        made = self._do("withdrawBid", previous, sender=bidder)
        self.bids.pop(bidder, None)
        return made

    def open_bid(self, bidder: str, sender: str | None = None, **changes: Any) -> Receipt:
        """Opens a bid as it was sealed, but for the changes."""
        given = {
            "bidder": bidder,
            "bids": self.bids.get(bidder, []),
            "salt": SALT,
            "hash": self.ciphertext_hash,
        }
        given |= changes
        return self._do(
            "openBid", given["bidder"], given["bids"], given["salt"], given["hash"], sender=sender
        )

    @property
    def ciphertext_hash(self) -> bytes:
        return keccak(CIPHERTEXT) if self.conditions.form == ENCRYPTED else bytes(32)

    def opening(self, bidder: str) -> Record:
        return Record(bidder=bidder, bids=self.bids[bidder])

    def openings(self, *bidders: str) -> list[Record]:
        """Of these bidders, or of all, by ascending address as a proof goes."""
        return [self.opening(each) for each in bidders or sorted(self.bids, key=lambda who: int(who, 16))]

    def seal_of(self, bidder: str) -> Record:
        return Record(
            bidder=bidder,
            commitment=self.commitment(bidder, self.bids[bidder]),
            ciphertextHash=self.ciphertext_hash,
        )

    # --- from the close to the result

    def to(self, moment: str, plus: int = 0) -> None:
        """Moves to a second of the conditions, unless it has passed."""
        self.world.evm.warp(max(self.world.evm.now, self.conditions[moment] + plus))

    def close(self) -> Receipt:
        self.to("closesAt")
        return self._do("closeBook")

    def open_all(self) -> None:
        if self.conditions.form != OPEN:
            for bidder in self.bids:
                self.open_bid(bidder)

    def declare(self, units: int) -> Receipt:
        self.to("revealsBy")
        return self._do("declareOverAllotment", units, sender=self.world.issuer)

    def clear(self) -> Receipt:
        self.to("revealsBy" if self.book.overAllotmentDeclared else "overAllotsBy")
        return self._do("clear")

    def allocate(
        self, cuts: Record | None = None, openings: list[Record] | None = None, sender: str | None = None
    ) -> Receipt:
        return self._do(
            "allocate",
            self.cuts() if cuts is None else cuts,
            self.openings() if openings is None else openings,
            sender=sender,
        )

    def finish(self) -> Record:
        """From the bids to the result: closes, opens all, clears, and allocates if a level is short."""
        self.close()
        self.open_all()
        self.clear()
        if self.book.stage == builders.CLEARED:
            self.allocate()
        return self.book

    def cuts(self) -> Record:
        """The cuts of the cleared book, by ranking all entries of each short level."""
        book = self.book
        entries = [(bidder, bid) for bidder, bids in self.bids.items() for bid in bids]
        unquoted = [each for each in entries if each[1].quote == NON_COMPETITIVE]
        at_margin = [
            each
            for each in entries
            if each[1].quote != NON_COMPETITIVE and self.level_of(each[1].quote) == book.marginalLevel
        ]
        return Record(
            marginal=self.cut(at_margin, book.marginalShare, book.marginalBid),
            nonCompetitive=self.cut(unquoted, book.nonCompetitiveShare, book.nonCompetitiveBid),
        )

    def cut(self, entries: list[tuple[str, Record]], share: int, total: int) -> int:
        if share == total:
            return NO_CUT
        lot = self.book.lot
        products = [bid.units // lot * (share // lot) for _, bid in entries]
        residue = share // lot - sum(product // (total // lot) for product in products)
        scores = sorted(
            self.score(who, bid.account, product % (total // lot))
            for (who, bid), product in zip(entries, products, strict=True)
        )
        return scores[-residue] if residue else NO_CUT

    def score(self, bidder: str, account: str, remainder: int) -> int:
        key = keccak(encode(["uint256", "address", "address"], [self.id, str(bidder), str(account)]))
        return remainder << 192 | int.from_bytes(key) % 2**192

    def level_of(self, quote: int) -> int:
        given = self.conditions
        steps = quote - given.lowest if given.basis == RATE else given.highest - quote
        return int(steps // given.tick)

    # --- payment, issue, deposits

    def settle(self, *bidders: str, sender: str | None = None) -> Receipt:
        self.to("settlesFrom")
        return self._do("settle", self.openings(*bidders), sender=sender)

    def take_up(self, *underwriters: str) -> Receipt:
        self.to("settlesFrom")
        return self._do("takeUp", list(underwriters))

    def release(self, *bidders: str) -> Receipt:
        return self._do("release", self.openings(*bidders))

    def lapse(self, *bidders: str) -> Receipt:
        self.to("settlesBy", plus=1)
        return self._do("lapse", self.openings(*bidders))

    def forfeit(self, *bidders: str) -> Receipt:
        return self._do("forfeit", [self.seal_of(each) for each in bidders])

    def discharge(self, *underwriters: str) -> Receipt:
        return self._do("discharge", list(underwriters))

    def underwrite_more(self, bidder: str, units: int) -> Receipt:
        return self._do("underwriteMore", self.bids[bidder], units, sender=bidder)

    # --- what the contract says

    @property
    def book(self) -> Record:
        found: Record = self.world.offering.bookOf(self.id)
        return found

    def won(self, bidder: str) -> list[int]:
        return list(self.world.offering.allotmentOf(self.id, self.opening(bidder))[0])

    def due(self, bidder: str) -> int:
        return int(self.world.offering.allotmentOf(self.id, self.opening(bidder))[1])

    def bid_word(self, bidder: str) -> bytes:
        return bytes(self.world.offering.bidOf(self.id, bidder))

    def quote_of(self, level: int) -> int:
        given = self.conditions
        by_price = given.basis == PRICE
        return int(given.highest - level * given.tick if by_price else given.lowest + level * given.tick)

    def _do(self, act: str, *arguments: Any, sender: str | None = None) -> Receipt:
        made: Receipt = self.world.offering.do(act, self.id, *arguments, sender=sender or self.world.outsider)
        return made
