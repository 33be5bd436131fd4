"""Blocks as a person names them: a number, a tag, an instant; and a block whose hash is known already."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

import click

from indenture.cli._values import InstantType

TAGS = ("latest", "safe", "finalized")

_HASH = re.compile(r"0x[0-9a-fA-F]{64}")


class BlockType(click.ParamType):
    """A block: its number, a tag, or an instant, which stands for the last block until then."""

    name = "block"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """A number, a tag, or an aware instant."""
        if not isinstance(value, str) or value in TAGS:
            return value
        if value.isdecimal():
            return int(value)
        if "-" not in value:
            self.fail(
                f"{value!r} is not a block: give a number, {', '.join(TAGS)}, or an instant such as "
                "2019-12-03T09:00+08:00.",
                param,
                ctx,
            )
        found: datetime = InstantType().convert(value, param, ctx)
        return found


class PinType(click.ParamType):
    """A block and its hash, such as 1200=0x83ab..."""

    name = "pin"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Number and hash, the hash in small letters."""
        if not isinstance(value, str):
            return value
        number, _, block_hash = value.partition("=")
        if not number.isdecimal() or not _HASH.fullmatch(block_hash):
            self.fail(
                f"{value!r} is not a block and its hash: write 1200=0x and 64 hexadecimal digits.", param, ctx
            )
        return int(number), block_hash.lower()


BLOCK = BlockType()
PIN = PinType()
