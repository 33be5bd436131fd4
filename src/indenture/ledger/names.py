"""Names of the ABI as names in SQL."""

from __future__ import annotations

import re

_RESERVED = frozenset({"from", "to"})
# Of the words that DuckDB or Spark keep for themselves, those that the suite has as names; a test sees to it.


def snake(name: str) -> str:
    """``EIP712DomainChanged`` as ``eip712_domain_changed``."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", name).lower()


def column_name(name: str) -> str:
    """An argument's name; words that SQL reserves get an underscore: ``from_``."""
    found = snake(name)
    return f"{found}_" if found in _RESERVED else found
