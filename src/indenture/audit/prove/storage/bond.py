"""What the storage of a bond must hold: book, entries, checkpoints, marks, allowances, documents."""

from __future__ import annotations

from collections.abc import Iterator

from indenture.audit.prove.storage.cells import Cell
from indenture.audit.prove.storage.layout import BOND
from indenture.audit.replay.cash import ZERO
from indenture.audit.replay.documents import Documents
from indenture.audit.replay.register import Entry, Register


def bond_storage(register: Register) -> Iterator[Cell]:
    """Every slot of one bond."""
    yield from _book(register)
    for account, entry in register.entries.items():
        yield from _entry(account, entry)
    yield from _checkpoints(ZERO, register.supply)
    for period, days in register.days.items():
        yield from BOND.cells("_paymentDays", period, value=days)
    for (period, word), bits in register.paid_words.items():
        yield from BOND.cells("_paidWords", period, word, value=bits)
    for (owner, spender), left in register.approvals.allowances.items():
        yield from BOND.cells("_allowances", owner, spender, value=left)
    for owner, nonce in register.approvals.nonces.items():
        yield from BOND.cells("_nonces", owner, value=nonce)
    yield from _documents(register.documents)


def _book(register: Register) -> Iterator[Cell]:
    book = (
        register.supply.units,
        register.next_time,
        register.records,
        register.supply.cursor,
        register.supply.latest,
        register.announced,
        register.paused,
        register.closed,
        register.holder_numbers,
        register.moved,
        register.maturity_day,
        register.shut,
    )
    yield from BOND.cells("_book", value=book)
    # A coupon that an offering fixed stands beside the terms, which keep what was sealed.
    is_fixed = register.terms.raw.couponRate != register.sealed.raw.couponRate
    yield from BOND.cells("_coupon", value=(register.terms.raw.couponRate if is_fixed else 0, is_fixed))
    yield from BOND.cells("_bound", value=register.bound)


def _entry(account: str, entry: Entry) -> Iterator[Cell]:
    word = (entry.units, entry.frozen, entry.pledged, entry.cursor, entry.latest, entry.number)
    yield from BOND.cells("_entries", account, value=word)
    yield from _checkpoints(account, entry)


def _checkpoints(account: str, entry: Entry) -> Iterator[Cell]:
    for record, checkpoint in entry.checkpoints.items():
        yield from BOND.cells("_checkpoints", "byRecord", account, record, value=checkpoint)


def _documents(documents: Documents) -> Iterator[Cell]:
    positions = {name: number for number, name in enumerate(documents.names, 1)}
    for name, document in documents.by_name.items():
        value = (document.hash, document.modified, positions[name], document.uri)
        yield from BOND.cells("_documents", name, value=value)
    yield from BOND.cells("_documentNames", value=documents.names)
