"""What helps a newcomer: examples at the end of each command's help."""

from __future__ import annotations


def examples(*lines: str) -> str:
    """Examples as click prints them, line for line; a line that ends in a backslash goes on in the next."""
    # Click folds paragraphs into one, except after this mark.
    keep_lines = "\b"
    indented = [f"  {line}" for line in lines]
    return "\n".join([keep_lines, "Example:" if len(lines) == 1 else "Examples:", *indented])
