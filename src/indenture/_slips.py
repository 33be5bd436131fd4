"""Slips of the pen: what a person most likely meant, as hints of errors."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from difflib import SequenceMatcher
from itertools import takewhile

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_SCALES = {"k": 10**3, "m": 10**6, "mn": 10**6, "mio": 10**6, "million": 10**6}
_SCALES |= {"b": 10**9, "bn": 10**9, "billion": 10**9}
#: How alike two words are before one is offered for the other: two letters of eight may differ.
_ALIKE = 0.75

_PERCENT = re.compile(r"(-?[\d_]+(?:[.,]\d+)?) ?%", re.ASCII)
_LEADING_ZEROS = re.compile(r"0[\d_]*[1-9][\d_]*", re.ASCII)
_THOUSANDS = re.compile(r"-?\d{1,3}(?:[, ']\d{3})+(?:\.\d+)?", re.ASCII)
_COMMA = re.compile(r"(-?\d+),(\d+)", re.ASCII)
_SCALED = re.compile(rf"(\d+(?:\.\d+)?) ?({'|'.join(_SCALES)})", re.ASCII | re.IGNORECASE)
_BASIS_POINTS = re.compile(r"(-?\d+(?:\.\d+)?) ?bps?", re.ASCII | re.IGNORECASE)
_WITH_CURRENCY = re.compile(r"(?:[A-Z]{3} ?([\d_,.]+)|([\d_,.]+) ?[A-Z]{3})", re.ASCII)

_YEAR_FIRST = re.compile(r"(\d{4})\D(\d{1,2})\D(\d{1,2})(?!\d).*", re.ASCII)
_RUN_TOGETHER = re.compile(r"(\d{4})(\d\d)(\d\d)", re.ASCII)
_YEAR_LAST = re.compile(r"(\d{1,2})[./ -](\d{1,2})[./ -](\d{4})", re.ASCII)
_DAY_AND_NAME = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?[ .-]*([a-z]{3})[a-z]*[ .,-]*(\d{4})", re.ASCII)
_NAME_AND_DAY = re.compile(r"([a-z]{3})[a-z]*[ .-]*(\d{1,2})(?:st|nd|rd|th)?[ .,-]+(\d{4})", re.ASCII)


def number_hint(text: str, *, whole: bool = False) -> str:
    """How to write a number that cannot be read, or is not whole."""
    if match := _PERCENT.fullmatch(text):
        return f"Percents stand without their sign: {match[1].replace(',', '.')}."
    if _LEADING_ZEROS.fullmatch(text):
        return f"Leave leading zeros out: {text.lstrip('0_')}."
    if _THOUSANDS.fullmatch(text):
        return f"Set thousands off by underscores, or by nothing: {re.sub('[, ]|' + chr(39), '_', text)}."
    if match := _COMMA.fullmatch(text):
        return f"Decimals follow a point: {match[1]}.{match[2]}."
    if match := _BASIS_POINTS.fullmatch(text):
        return f"Rates are in percent: {Decimal(match[1]) / 100:f}."
    if match := _SCALED.fullmatch(text):
        return f"Write it out: {int(Decimal(match[1]) * _SCALES[match[2].lower()]):_}."
    if match := _WITH_CURRENCY.fullmatch(text):
        return f"Give the number alone, without the currency: {match[1] or match[2]}."
    if whole:
        return "Write it in digits, without decimals: 1_000_000."
    return "Write it in digits, with a point before decimals: 1_000_000.50."


def date_hint(text: str) -> str:
    """How to write a date that cannot be read."""
    found = sorted({day.isoformat() for day in _readings(text.strip().lower())})
    if found:
        return f"Write year, month, day: {' or '.join(found)}."
    if (match := _YEAR_FIRST.fullmatch(text)) and 1 <= int(match[2]) <= len(_MONTHS) and int(match[1]):
        year, month = int(match[1]), int(match[2])
        return f"{date(year, month, 1):%B} {year} has {monthrange(year, month)[1]} days."
    return "Write year, month, day: 2019-12-05."


def _readings(text: str) -> Iterable[date]:
    """Every day that a text may mean; two where day and month cannot be told apart."""
    if match := _YEAR_FIRST.fullmatch(text) or _RUN_TOGETHER.fullmatch(text):
        yield from _day(match[1], match[2], match[3])
    elif match := _YEAR_LAST.fullmatch(text):
        yield from _day(match[3], match[2], match[1])
        yield from _day(match[3], match[1], match[2])
    elif (match := _DAY_AND_NAME.fullmatch(text)) and match[2] in _MONTHS:
        yield from _day(match[3], _MONTHS.index(match[2]) + 1, match[1])
    elif (match := _NAME_AND_DAY.fullmatch(text)) and match[1] in _MONTHS:
        yield from _day(match[3], _MONTHS.index(match[1]) + 1, match[2])


def _day(year: str, month: str | int, day: str) -> Iterable[date]:
    try:
        yield date(int(year), int(month), int(day))
    except ValueError:
        return


def nearest(word: str, known: Iterable[str]) -> str:
    """Which of some words was meant, as a question; nothing where none is like it."""
    found = alike(word, known)
    return question(found) if found else ""


def question(words: Iterable[str]) -> str:
    """Whether one of some words was meant."""
    return f"Did you mean {' or '.join(words)}?"


def alike(word: str, known: Iterable[str]) -> list[str]:
    """The words that are most like one, if any is like it at all.

    Case, spaces and marks do not count, and «Actual» is read as «ACT».
    """
    bare = _bare(word)
    likeness = {each: _likeness(bare, _bare(each)) for each in known}
    best = max(likeness.values(), default=0.0)
    return [each for each, like in likeness.items() if like == best >= _ALIKE]


def _likeness(word: str, other: str) -> float:
    """How alike two words are; who begins a word right and shortens it means that one."""
    begin = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(word, other, strict=False)))
    return SequenceMatcher(None, word, other).ratio() + begin / 50


def _bare(word: str) -> str:
    return "".join(letter for letter in word.lower().replace("actual", "act") if letter.isalnum())
