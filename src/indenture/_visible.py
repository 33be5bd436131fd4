"""Text that somebody else wrote, made fit to be shown: a chain and a node may say anything."""

from __future__ import annotations

import json
import unicodedata


def visible(text: str) -> str:
    """The text with control and format characters spelt out: they could hide or turn around others."""
    return "".join(f"\\u{ord(letter):04x}" if _is_hidden(letter) else letter for letter in text)


def visible_lines(text: str) -> str:
    """The same for a text of several lines, which stay lines."""
    return "\n".join(map(visible, text.split("\n")))


def visible_json(text: str) -> str:
    """JSON with the same value, whose control and format characters are escapes."""
    if text.isascii():
        return text  # what JSON lets stand there is printable, or the end of a line
    return "".join(
        json.dumps(letter)[1:-1] if letter != "\n" and _is_hidden(letter) else letter for letter in text
    )


def _is_hidden(letter: str) -> bool:
    return not letter.isprintable() and unicodedata.category(letter)[0] == "C"
