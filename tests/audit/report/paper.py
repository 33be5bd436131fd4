"""What a PDF says, read by hand: enough of the format for the files that the report writes."""

from __future__ import annotations

import re

_STREAM = re.compile(rb">>\s*stream\r?\n(.*?)endstream", re.DOTALL)
_SHOWN = re.compile(r"/(F\d+)[^/]*?Tf|\(((?:\\.|[^\\()])*)\) Tj", re.DOTALL)
_OCTAL = re.compile(r"\\([0-7]{3}|.)")
_CID_FONT = re.compile(rb"/Encoding /Uni\S+ /Name /(F\d+)")


def pages(pdf: bytes) -> int:
    """How many pages it has."""
    return len(re.findall(rb"/Type /Page\b(?!s)", pdf))


def text(pdf: bytes) -> str:
    """All that its pages write, a line for each piece; two bytes a letter in the fonts of Han and Hangul."""
    cid = {name.decode() for name in _CID_FONT.findall(pdf)}
    lines: list[str] = []
    for page in _STREAM.findall(pdf):
        font = ""
        for name, shown in _SHOWN.findall(page.decode("latin-1")):
            if name:
                font = name
            else:
                letters = _OCTAL.sub(_unescaped, shown).encode("latin-1")
                lines.append(letters.decode("utf-16-be" if font in cid else "cp1252"))
    return "\n".join(lines)


def _unescaped(found: re.Match[str]) -> str:
    told = found[1]
    return chr(int(told, 8)) if told.isdecimal() else {"n": "\n", "r": "\r", "t": "\t"}.get(told, told)
