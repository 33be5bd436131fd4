"""Text that comes from a chain, made fit for a page: anybody may have written it."""

from __future__ import annotations

import html

from indenture._visible import visible


def escape(text: str) -> str:
    """Text for HTML, between tags or in a quoted attribute."""
    return html.escape(visible(text))
