"""Offerings: mandated by the issuer, run by the bookrunner, cleared, paid and issued."""

from __future__ import annotations

import click

from indenture.cli._group import InOrder
from indenture.cli.offer import book, look, mandate, payment

__all__ = ["offer"]


@click.group(cls=InOrder)
def offer() -> None:
    """Run an offering: mandate, open, close, clear, settle.

    OFFERING is the ISIN of a bond, whose latest offering is meant, or the number of an offering. What is to
    be done now, and by whom, says «indenture offer status OFFERING»; the rules are in docs/offerings.md.
    """


for _command in (
    mandate.check,
    mandate.mandate,
    mandate.accept,
    mandate.cancel,
    book.open_,
    book.close,
    book.open_bids,
    book.over_allot,
    look.preview,
    book.clear_,
    book.fail,
    look.status,
    look.result,
    look.list_,
    payment.settle,
    payment.take_up,
    payment.lapse,
    payment.forfeit,
    payment.refunds,
    payment.discharge,
    payment.finish,
):
    offer.add_command(_command)
