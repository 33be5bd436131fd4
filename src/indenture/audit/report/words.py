"""Text that comes from a chain, made fit for a page: anybody may have written it."""

from __future__ import annotations

import html
import unicodedata


def visible(text: str) -> str:
    """The text with control and format characters spelt out: they could hide or turn around others."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(
        f"\\u{ord(letter):04x}" if unicodedata.category(letter)[0] == "C" else letter for letter in text
    )


def escape(text: str) -> str:
    """Text for HTML, between tags or in a quoted attribute."""
    return html.escape(visible(text))
