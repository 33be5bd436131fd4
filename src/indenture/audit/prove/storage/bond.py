"""What the storage of a bond must hold: book, entries, checkpoints, marks, allowances, documents."""

from __future__ import annotations

from collections.abc import Iterator

from indenture.audit.prove.storage.cells import Cell
from indenture.audit.prove.storage.declarations import Layout
from indenture.audit.prove.storage.layout import BOND
from indenture.audit.replay.approvals import Approvals
from indenture.audit.replay.cash import ZERO
from indenture.audit.replay.documents import Documents
from indenture.audit.replay.register import Entry, Register

_NOBODY = Entry()


def bond_storage(register: Register) -> Iterator[Cell]:
    """Every slot of one bond."""
    yield from bond_page(register)
    for account, entry in register.entries.items():
        yield from entry_row(register, account)
        for record in entry.checkpoints:
            yield from checkpoint_row(register, account, record)
    for period, word in register.paid_words:
        yield from paid_row(register, period, word)
    for owner, spender in register.approvals.allowances:
        yield from allowance_row(BOND, register.approvals, owner, spender)
    for owner in register.approvals.nonces:
        yield from permit_row(BOND, register.approvals, owner)


def bond_page(register: Register) -> Iterator[Cell]:
    """What a bond has whoever holds it."""
    yield from _book(register)
    for record in register.supply.checkpoints:
        yield from checkpoint_row(register, ZERO, record)
    for period, days in register.days.items():
        yield from BOND.cells("_paymentDays", period, value=days)
    yield from _documents(register.documents)


def entry_row(register: Register, account: str) -> Iterator[Cell]:
    """What an account holds."""
    entry = register.entries.get(account, _NOBODY)
    word = (entry.units, entry.frozen, entry.pledged, entry.cursor, entry.latest, entry.number)
    yield from BOND.cells("_entries", account, value=word)


def checkpoint_row(register: Register, account: str, record: int) -> Iterator[Cell]:
    """What an account, or the supply, was at a record date."""
    entry = register.supply if account == ZERO else register.entries.get(account, _NOBODY)
    value = entry.checkpoints.get(record, (0, 0, 0))
    yield from BOND.cells("_checkpoints", "byRecord", account, record, value=value)


def paid_row(register: Register, period: int, word: int) -> Iterator[Cell]:
    """Who was served, 256 holders a word."""
    yield from BOND.cells("_paidWords", period, word, value=register.paid_words.get((period, word), 0))


def allowance_row(layout: Layout, approvals: Approvals, owner: str, spender: str) -> Iterator[Cell]:
    """What an owner lets another spend, of a bond or a cash token."""
    left = approvals.allowances.get((owner, spender), 0)
    yield from layout.cells("_allowances", owner, spender, value=left)


def permit_row(layout: Layout, approvals: Approvals, owner: str) -> Iterator[Cell]:
    """The next permit of an owner, of a bond or a cash token."""
    yield from layout.cells("_nonces", owner, value=approvals.nonces.get(owner, 0))


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


def _documents(documents: Documents) -> Iterator[Cell]:
    positions = {name: number for number, name in enumerate(documents.names, 1)}
    for name, document in documents.by_name.items():
        value = (document.hash, document.modified, positions[name], document.uri)
        yield from BOND.cells("_documents", name, value=value)
    yield from BOND.cells("_documentNames", value=documents.names)
