"""Reads YAML as text with line numbers: the front half of ``termsheet``."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import yaml

from .errors import TermSheetError

#: Path of a field: keys, and 0-based positions in lists.
Location = tuple[str | int, ...]

_NULLS = frozenset({"", "~", "null", "Null", "NULL"})


@dataclass
class Sheet:
    """A YAML document whose scalars are the text in the file.

    Attributes:
        path: What errors call the source.
        data: Dicts, lists, strings, and None for an empty value.
        lines: 1-based line of each field.
        problems: What is wrong with the document's form.
    """

    path: str
    data: dict[str, Any] = field(default_factory=dict)
    lines: dict[Location, int] = field(default_factory=dict)
    problems: list[TermSheetError] = field(default_factory=list)

    def problem(self, location: Location, reason: str, hint: str = "") -> TermSheetError:
        """An error at a field, or at the innermost block around it that exists."""
        ends = range(len(location), -1, -1)
        line = next((self.lines[location[:end]] for end in ends if location[:end] in self.lines), 0)
        return TermSheetError(self.path, ".".join(map(str, location)), line, reason, hint=hint)


def parse_sheet(text: str, path: str) -> Sheet:
    """Reads YAML text; its form is checked here, its fields by the caller.

    Raises:
        TermSheetError: The text is no YAML, or no block of fields.
    """
    sheet = Sheet(path)
    try:
        root = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 0
        raise TermSheetError(path, "(file)", line, f"is not YAML: {error.problem or error.context}") from None
    except (yaml.YAMLError, RecursionError) as error:
        reason = (
            str(error).splitlines()[0] if isinstance(error, yaml.YAMLError) else "it is nested too deeply"
        )
        raise TermSheetError(path, "(file)", 0, f"is not YAML: {reason}") from None
    if not isinstance(root, yaml.MappingNode):
        raise TermSheetError(
            path, "(file)", 0, "is not a block of fields", hint="Begin with a line such as isin: ..."
        )
    sheet.lines[()] = root.start_mark.line + 1
    sheet.data = _Reader(sheet).mapping(root, ())
    return sheet


class _Reader:
    """Turns YAML nodes into plain data, and notes where each came from."""

    def __init__(self, sheet: Sheet) -> None:
        self._sheet = sheet
        self._seen: set[int] = set()

    def mapping(self, node: yaml.MappingNode, location: Location) -> dict[str, Any]:
        values: dict[str, Any] = {}
        for key_node, value_node in node.value:
            key = str(key_node.value)
            here = (*location, key)
            if key in values:
                first = self._sheet.lines[here]
                self._sheet.lines[here] = key_node.start_mark.line + 1
                self._sheet.problems.append(
                    self._sheet.problem(here, f"is given twice, first on line {first}")
                )
                continue
            self._sheet.lines[here] = key_node.start_mark.line + 1
            values[key] = self._value(value_node, here)
        return values

    def _value(self, node: yaml.Node, location: Location) -> Any:
        # An alias is the same node met again. Refused: a person should find each figure where it stands.
        if id(node) in self._seen:
            self._sheet.problems.append(
                self._sheet.problem(location, "is a YAML alias", "Write the value out.")
            )
            return None
        self._seen.add(id(node))
        if isinstance(node, yaml.MappingNode):
            return self.mapping(node, location)
        if isinstance(node, yaml.SequenceNode):
            for position, item in enumerate(node.value):
                self._sheet.lines[(*location, position)] = item.start_mark.line + 1
            return [self._value(item, (*location, position)) for position, item in enumerate(node.value)]
        is_plain = node.style is None if isinstance(node, yaml.ScalarNode) else False
        return None if is_plain and node.value in _NULLS else node.value
