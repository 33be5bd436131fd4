"""Reads YAML as text with line numbers, and checks it against a model whose errors name field and line."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from .errors import TermSheetError

if TYPE_CHECKING:
    from os import PathLike

#: Path of a field: keys, and 0-based positions in lists.
Location = tuple[str | int, ...]

Model = TypeVar("Model", bound=BaseModel)

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


def read_sheet(path: str | PathLike[str]) -> str:
    """The text of a file.

    Raises:
        TermSheetError: The file cannot be read, or is not UTF-8.
    """
    try:
        return Path(path).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise TermSheetError(str(path), "(file)", 0, f"cannot be read: {reason}") from None


def validated(model: type[Model], text: str, path: str, noun: str) -> tuple[Model, Sheet]:
    """Reads YAML text as a model; returns the sheet too, which knows the lines.

    Args:
        model: What the sheet must be.
        text: The YAML text.
        path: What errors call the source.
        noun: What errors call the kind of sheet, such as ``a term sheet``.

    Raises:
        TermSheetError: A field is missing, unknown, malformed or contradictory; further problems are in its
            ``others``.
    """
    sheet = parse_sheet(text, path)
    problems = list(sheet.problems)
    try:
        read = model.model_validate(sheet.data)
    except ValidationError as error:
        problems += [problem for detail in error.errors() for problem in _translated(sheet, detail, noun)]
    refuse(problems)
    return read, sheet


def refuse(problems: list[TermSheetError]) -> None:
    """Raises all problems of a sheet as one, in the order of their lines; nothing when there are none."""
    if problems:
        first, *others = sorted(problems, key=lambda problem: problem.line)
        raise TermSheetError(
            first.path, first.field, first.line, first.reason, hint=first.hint, others=tuple(others)
        )


def _translated(sheet: Sheet, detail: Any, noun: str) -> list[TermSheetError]:
    """Translates one finding of pydantic."""
    location: Location = tuple(part for part in detail["loc"] if part != "[key]")
    context = detail.get("ctx", {})
    if detail["type"] == "contradiction":
        return [sheet.problem(_location(name), reason, hint) for name, reason, hint in context["problems"]]
    if detail["type"] == "missing":
        return [sheet.problem(location, "is missing")]
    if detail["type"] == "extra_forbidden":
        return [sheet.problem(location, f"is not a field of {noun}", "Remove it, or check the spelling.")]
    if detail["type"] in ("model_type", "dict_type", "tuple_type"):
        kind = "a list" if detail["type"] == "tuple_type" else "a block of fields"
        return [sheet.problem(location, f"must be {kind}")]
    return [sheet.problem(location, detail["msg"], context.get("hint", ""))]


def _location(name: str) -> Location:
    """The path of a dotted name, in which positions in lists are numbers."""
    return tuple(int(part) if part.isdigit() else part for part in name.split("."))


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
