"""The text of a term sheet that is hashed where it was not read from a file."""

from __future__ import annotations

import json
from decimal import Decimal
from enum import Enum
from typing import Any

from pydantic import BaseModel

from indenture.money import Currency
from indenture.termsheet import TermSheet


def canonical_text(sheet: TermSheet) -> str:
    """One text for one set of terms: JSON with sorted keys and without spaces, numbers as text.

    What is left at its default is left out, so that a provision that sheets learn later changes no text.
    """
    return json.dumps(_plain(sheet), sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def _plain(value: Any) -> Any:
    if isinstance(value, BaseModel):
        fields = type(value).model_fields.items()
        given = {
            name: getattr(value, name) for name, field in fields if getattr(value, name) != field.default
        }
        return {name: _plain(each) for name, each in given.items()}
    if hasattr(value, "label"):
        return value.label
    if isinstance(value, Enum):
        return value.name.lower().replace("_", "-")
    if isinstance(value, tuple):
        return [_plain(each) for each in value]
    if isinstance(value, Currency):
        return {"code": value.code, "decimals": str(value.decimals)}
    if isinstance(value, Decimal):
        text = f"{value:f}"  # 3.25 and 3.250 are one rate
        return text.rstrip("0").rstrip(".") if "." in text else text
    return value if isinstance(value, bool) or value is None else str(value)
