"""Every error that Indenture raises, in one tree.

    IndentureError
    ├── InputError                what the caller gave is wrong; nothing was sent
    │   ├── InvalidIdentifier     ISIN or LEI: length, alphabet or check digits
    │   ├── InvalidAmount         money or units: float, sign, scale, range
    │   ├── InvalidDate           naive datetime, impossible day
    │   ├── TermSheetError        names the field and the line
    │   ├── CaseError             a case to play; names the file, the line and the field
    │   ├── CiphertextRefused     an encrypted bid: not for this key, copied, damaged (``indenture.sealing``)
    │   ├── InterestError         a rate or a value is not there (yet) (``indenture.interest``)
    │   ├── AssumptionMissing     a projection needs what nobody has said (``indenture.analytics``)
    │   └── CalendarYearMissing   the year's working days are not published
    ├── SetupError                the machine lacks something: node, compiler, port, key
    │   ├── ToolMissing
    │   ├── PortInUse
    │   ├── KeystoreError
    │   └── VaultError            the vault of sealed bids: missing, locked, damaged (``indenture.sealing``)
    ├── NodeError                 the node is down, slow, or another chain than expected
    │   ├── NodeUnavailable
    │   ├── NodeRefused           the node answered with a JSON-RPC error
    │   ├── ChainReorganised      a block that was read is no longer on the chain
    │   └── WrongChain
    ├── DeploymentError           the deployment file is missing, foreign or does not fit the chain
    ├── TransactionError          something was, or would have been, sent
    │   ├── ContractRevert        a contract said no; carries name, args, contract, hash
    │   │   ├── MembershipRefused     not a member, suspended, wrong class or role of a member
    │   │   ├── UnitsRefused          too few units, frozen, wrong denomination
    │   │   ├── PaymentRefused        cash: balance, allowance, funding, claims
    │   │   ├── SignatureRefused      expired, replayed, another signer or chain
    │   │   ├── OfferingRefused       bids, book, clearing, syndicate
    │   │   ├── AccessRefused         the caller lacks the role
    │   │   ├── CalendarRefused       working days: not published, in the past
    │   │   ├── BenchmarkRefused      reference values: who publishes, which day, which value
    │   │   ├── FixingRefused         a period's figures: not published, too early, not fixed yet
    │   │   └── TermsRefused          terms or dates that contradict, or an act out of season
    │   ├── TransactionRefused    the node would not take it; nothing is on its way
    │   ├── TransactionReplaced   another transaction took its nonce
    │   └── TransactionPending    sent, not mined in time; the hash is still live
    └── AuditError                the books do not agree

Each carries its data as attributes, and a message of two parts: what happened, and what to do (``hint``).
"""

from __future__ import annotations


class IndentureError(Exception):
    """Root of all errors of this package.

    Args:
        message: What happened, with the offending value.
        hint: What the reader can do about it; empty when nothing can be said.
    """

    exit_code = 1

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.message}\n{self.hint}" if self.hint else self.message


class InputError(IndentureError):
    """What the caller gave is wrong; nothing was sent."""

    exit_code = 2


class InvalidIdentifier(InputError):
    """An ISIN or LEI fails length, alphabet or check digits."""

    def __init__(self, kind: str, value: str, reason: str, *, hint: str = "") -> None:
        super().__init__(f"{kind} {value!r}: {reason}", hint=hint)
        self.kind = kind
        self.value = value
        self.reason = reason


class InvalidAmount(InputError):
    """An amount of money or units has the wrong type, sign, scale or range."""


class InvalidDate(InputError):
    """A date or instant is naive, impossible or out of range."""


class TermSheetError(InputError):
    """A term sheet has a missing, unknown, malformed or contradictory field.

    Attributes:
        path: The file, or ``<string>``.
        field: Dotted name of the field, as written in the file.
        line: 1-based line of the field; of the block that lacks it when it is missing; 0 when the
            file could not be read.
        others: Further errors of the same sheet, so that one reading finds them all.
    """

    def __init__(
        self,
        path: str,
        field: str,
        line: int,
        reason: str,
        *,
        hint: str = "",
        others: tuple[TermSheetError, ...] = (),
    ) -> None:
        where = f"{path}:{line}" if line else path
        own = f"{where}: {reason}" if field == "(file)" else f"{where}: {field}: {reason}"
        # Of several problems each is followed by its own hint.
        problems = [(own, hint), *((other.message, other.hint) for other in others)] if others else []
        told = "\n".join(f"{said}\n  {todo}" if todo else said for said, todo in problems)
        super().__init__(told or own, hint="" if others else hint)
        self.path = path
        self.field = field
        self.line = line
        self.reason = reason
        self.others = others


class CaseError(InputError):
    """A case has a missing, unknown, malformed or contradictory field.

    Attributes:
        path: The file.
        field: Dotted name of the field, as written in the file.
        line: 1-based line; 0 when the file could not be read.
        problems: Every problem that was found, one line each, the first one too.
    """

    def __init__(
        self, path: str, field: str, line: int, reason: str, *, hint: str = "", problems: tuple[str, ...] = ()
    ) -> None:
        where = f"{path}:{line}" if line else path
        self.problems = problems or (f"{where}: {field}: {reason}",)
        super().__init__("\n".join(self.problems), hint=hint)
        self.path = path
        self.field = field
        self.line = line
        self.reason = reason


class CalendarYearMissing(InputError):
    """The working days of a year are not published (yet), so no date can be rolled in it."""

    def __init__(self, calendar: str, year: int) -> None:
        super().__init__(
            f"calendar {calendar}: the working days of {year} are not published",
            hint="Publish the year first (depository), or keep to dates before it.",
        )
        self.calendar = calendar
        self.year = year


class SetupError(IndentureError):
    """The machine lacks something."""

    exit_code = 3


class ToolMissing(SetupError):
    """A program that is needed is not installed."""

    def __init__(self, tool: str, *, hint: str) -> None:
        super().__init__(f"{tool} was not found", hint=hint)
        self.tool = tool


class PortInUse(SetupError):
    """The port that was asked for belongs to another process."""

    def __init__(self, port: int) -> None:
        super().__init__(
            f"port {port} is already in use",
            hint="Leave the port out to get a free one, or stop the program that uses it.",
        )
        self.port = port


class KeystoreError(SetupError):
    """A key is missing, or its keystore cannot be opened."""


class NodeError(IndentureError):
    """The node does not do its part."""

    exit_code = 4


class NodeUnavailable(NodeError):
    """The node cannot be reached or does not answer in time.

    Attributes:
        maybe_sent: Whether the request may have reached the node before the answer was lost.
    """

    def __init__(self, url: str, reason: str, *, maybe_sent: bool = False) -> None:
        hint = "Check that the node runs and that the URL is right"
        super().__init__(
            f"no answer from the node at {url}: {reason}",
            hint=f"{hint}." if maybe_sent else f"{hint}; nothing was sent by this call.",
        )
        self.url = url
        self.reason = reason
        self.maybe_sent = maybe_sent


class NodeRefused(NodeError):
    """The node answered a call with a JSON-RPC error.

    Attributes:
        method: The JSON-RPC method.
        code: Its error code; clients differ in it, so the text counts more.
        reason: The node's words.
        data: What came with it, revert data for instance.
    """

    def __init__(self, method: str, code: int, reason: str, data: object = None) -> None:
        super().__init__(
            f"the node refused {method}: {reason} ({code})",
            hint="The words are the node's own; its log may say more.",
        )
        self.method = method
        self.code = code
        self.reason = reason
        self.data = data


class ChainReorganised(NodeError):
    """A block that was read before is no longer on the chain.

    Attributes:
        number: Number of the block.
        expected: The hash it had.
        found: The hash that the number has now, or None when there is no such block.
    """

    def __init__(self, number: int, expected: str, found: str | None) -> None:
        super().__init__(
            f"block {number} was {expected} and is now {found or 'gone'}",
            hint="Read again from the last block that both chains share.",
        )
        self.number = number
        self.expected = expected
        self.found = found


class WrongChain(NodeError):
    """The node is on another chain than the deployment."""

    def __init__(self, expected: int, found: int) -> None:
        super().__init__(
            f"the node is on chain {found}, the deployment is on chain {expected}",
            hint="Give the URL of a node of the right chain, or the deployment file of this chain.",
        )
        self.expected = expected
        self.found = found


class DeploymentError(IndentureError):
    """A deployment file is missing, unreadable, or does not fit the chain."""

    exit_code = 5


class TransactionError(IndentureError):
    """Something was, or would have been, sent to the chain.

    Attributes:
        index: Which of many calls that were sent together failed, from 0; None for a single one.
    """

    exit_code = 6
    index: int | None = None

    def name_place(self, index: int, total: int) -> None:
        """Says in the message which of many calls this was."""
        if self.index is None:
            self.index = index
            self.message = f"call {index + 1} of {total}: {self.message}"


class TransactionPending(TransactionError):
    """Sent, but not mined in time; the transaction may still be mined.

    Attributes:
        tx_hashes: Every hash that was sent for this sender and nonce.
    """

    def __init__(self, sender: str, nonce: int, tx_hashes: tuple[str, ...]) -> None:
        super().__init__(
            f"transaction {tx_hashes[-1]} of {sender} (nonce {nonce}) is not mined yet",
            hint="Do not send it again with a new nonce: wait for the hash, or replace it at the same nonce.",
        )
        self.sender = sender
        self.nonce = nonce
        self.tx_hashes = tx_hashes


class TransactionRefused(TransactionError):
    """The node would not take the transaction; nothing is on its way and its nonce is free again."""

    def __init__(self, what: str, reason: str, *, hint: str = "") -> None:
        super().__init__(f"the node did not take {what}: {reason}", hint=hint)
        self.what = what
        self.reason = reason


class TransactionReplaced(TransactionError):
    """Another transaction was mined with the nonce of this one, so this one never will be.

    Attributes:
        tx_hashes: Every hash that was sent for this sender and nonce by this program.
    """

    def __init__(self, sender: str, nonce: int, tx_hashes: tuple[str, ...]) -> None:
        super().__init__(
            f"transaction {tx_hashes[-1]} of {sender} lost its nonce {nonce} to another transaction",
            hint="Some other program uses this key; look at what it sent, then do the act again if need be.",
        )
        self.sender = sender
        self.nonce = nonce
        self.tx_hashes = tx_hashes


class ContractRevert(TransactionError):
    """A contract refused.

    Attributes:
        name: Name of the custom error, ``Error``, ``Panic``, or ``Unknown``.
        args_by_name: Its arguments, by name, as Python values.
        contract: Address of the contract that was called.
        tx_hash: Hash of the mined transaction, or None if it was refused before it was sent.
        raw: The revert data, hex, 0x-prefixed.
        what: The call in words, where one is known.
    """

    exit_code = 7

    def __init__(
        self,
        name: str,
        args_by_name: dict[str, object],
        *,
        message: str,
        hint: str = "",
        contract: str | None = None,
        tx_hash: str | None = None,
        raw: str = "0x",
        what: str = "",
    ) -> None:
        super().__init__(message, hint=hint)
        self.name = name
        self.args_by_name = args_by_name
        self.contract = contract
        self.tx_hash = tx_hash
        self.raw = raw
        self.what = what


class MembershipRefused(ContractRevert):
    """A party is not a member, is suspended, or lacks what its class or role must have."""


class UnitsRefused(ContractRevert):
    """Units: too few, frozen, or not a whole denomination."""


class PaymentRefused(ContractRevert):
    """Cash: balance, allowance, funding or a claim."""


class SignatureRefused(ContractRevert):
    """A signature is expired, used before, or made by another key or for another chain."""


class OfferingRefused(ContractRevert):
    """The offering does not allow this bid or act (now)."""


class AccessRefused(ContractRevert):
    """The caller lacks the role that the act needs."""


class CalendarRefused(ContractRevert):
    """The calendar does not cover the date, or may no longer change it."""


class TermsRefused(ContractRevert):
    """Terms contradict each other, or the bond's terms do not allow the act (now)."""


class BenchmarkRefused(ContractRevert):
    """A benchmark is not defined like this, or does not take this value of this day from this account."""


class FixingRefused(ContractRevert):
    """The figures of a period are not fixed, or cannot be (yet)."""


class AuditError(IndentureError):
    """The books do not agree with the chain, or could not be rebuilt."""

    exit_code = 8
