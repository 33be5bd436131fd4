"""The bookrunner: accepts the mandate, forms the syndicate, keeps and clears the book, settles winners."""

from __future__ import annotations

from indenture.roles.bookrunner.book import Book
from indenture.roles.bookrunner.look import Look
from indenture.roles.bookrunner.mandate import Mandate
from indenture.roles.bookrunner.settlement import Settlement

__all__ = ["Bookrunner"]


class Bookrunner(Look, Mandate, Book, Settlement):
    """A client of a bookrunner's account.

    Mandate, invitations and the opening of the book are his alone; the chain lets anyone do the rest.

    Args:
        suite: The contracts.
        sender: The account.
    """
