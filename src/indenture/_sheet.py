"""Reads YAML as text with line numbers, and checks it against a model whose errors name field and line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from ._outline import meant_by, outline_of, place_of, unknown_hint
from ._slips import nearest
from .errors import TermSheetError

if TYPE_CHECKING:
    from os import PathLike

#: Path of a field: keys, and 0-based positions in lists.
Location = tuple[str | int, ...]

Model = TypeVar("Model", bound=BaseModel)

_NULLS = frozenset({"", "~", "null", "Null", "NULL"})

#: What to do about text that is no YAML, by what its reader says.
_YAML_HINTS = {
    "mapping values are not allowed": "Put a text with a colon in it into quotes, and begin the fields of a "
    "block in one column.",
    "character '\\t'": "Indent with spaces, not with tabs.",
    "that cannot start any token": "Put a text that begins with a mark into quotes.",
    "expected <block end>": "Begin the fields of a block in one column.",
    "could not find expected ':'": "Write a field as its name, a colon, a space and its value.",
    "unexpected end of stream": "Close the quote or the bracket that is open.",
    "expected ',' or": "Close the bracket that is open, and separate its parts by commas.",
    "special characters are not allowed": "Save it as plain UTF-8 text.",
}


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
    file = Path(path)
    try:
        return file.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        reason, hint = str(error), "Save it as plain UTF-8 text."
    except OSError as error:
        reason = error.strerror or str(error)
        hint = nearest(str(file), map(str, file.parent.glob("*.y*ml"))) or "Check the path."
    raise TermSheetError(str(path), "(file)", 0, f"cannot be read: {reason}", hint=hint)


def validated(
    model: type[Model], text: str, path: str, noun: str, examples: Mapping[str, str] | None = None
) -> tuple[Model, Sheet]:
    """Reads YAML text as a model; returns the sheet too, which knows the lines.

    Args:
        model: What the sheet must be.
        text: The YAML text.
        path: What errors call the source.
        noun: What errors call the kind of sheet, such as ``a term sheet``.
        examples: How fields that can be missing are written, by their dotted names without positions.

    Raises:
        TermSheetError: A field is missing, unknown, malformed or contradictory; further problems are in its
            ``others``.
    """
    sheet = parse_sheet(text, path)
    problems = list(sheet.problems)
    try:
        read = model.model_validate(sheet.data)
    except ValidationError as error:
        problems += _Translator(sheet, model, noun, examples or {}).problems(error.errors())
    refuse(problems)
    return read, sheet


def refuse(problems: list[TermSheetError]) -> None:
    """Raises all problems of a sheet as one, in the order of their lines; nothing when there are none."""
    if problems:
        first, *others = sorted(problems, key=lambda problem: problem.line)
        raise TermSheetError(
            first.path, first.field, first.line, first.reason, hint=first.hint, others=tuple(others)
        )


class _Translator:
    """Turns the findings of pydantic into errors that name field, line and remedy."""

    def __init__(self, sheet: Sheet, model: type[BaseModel], noun: str, examples: Mapping[str, str]) -> None:
        self._sheet, self._noun, self._examples = sheet, noun, examples
        self._outline = outline_of(model)

    def problems(self, details: Sequence[Any]) -> list[TermSheetError]:
        found = [(detail, tuple(part for part in detail["loc"] if part != "[key]")) for detail in details]
        misspelt = {
            (*location[:-1], name)
            for detail, location in found
            if detail["type"] == "extra_forbidden"
            for name in meant_by(self._outline, location)
        }
        # A field whose name is misspelt is not missing as well.
        return [
            problem
            for detail, location in found
            if detail["type"] != "missing" or location not in misspelt
            for problem in self._translated(detail, location)
        ]

    def _translated(self, detail: Any, location: Location) -> list[TermSheetError]:
        context, problem = detail.get("ctx", {}), self._sheet.problem
        match detail["type"]:
            case "contradiction":
                return [problem(_location(name), reason, hint) for name, reason, hint in context["problems"]]
            case "missing":
                example = self._examples.get(".".join(place_of(location)), "")
                return [problem(location, "is missing", example and f"Add, for example: {example}")]
            case "extra_forbidden":
                hint = unknown_hint(self._outline, location)
                return [problem(location, f"is not a field of {self._noun}", hint)]
            case "model_type" | "dict_type":
                example = self._examples.get(".".join(place_of(location)), "")
                names = ", ".join(self._outline.get(place_of(location), ()))
                hint = f"Write {example}" if example else f"Write its fields below it: {names}."
                return [problem(location, "must be a block of fields", hint)]
            case "tuple_type":
                return [problem(location, "must be a list", "Write it in brackets: [first, second].")]
            case "empty":
                return [problem(location, detail["msg"], "Write its value, or leave the field out.")]
        return [problem(location, detail["msg"], context.get("hint", ""))]


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
        reason = f"is not YAML: {error.problem or error.context}"
        raise TermSheetError(path, "(file)", line, reason, hint=_yaml_hint(reason)) from None
    except (yaml.YAMLError, RecursionError) as error:
        reason = (
            str(error).splitlines()[0] if isinstance(error, yaml.YAMLError) else "it is nested too deeply"
        )
        raise TermSheetError(path, "(file)", 0, f"is not YAML: {reason}", hint=_yaml_hint(reason)) from None
    if not isinstance(root, yaml.MappingNode):
        raise TermSheetError(
            path, "(file)", 0, "is not a block of fields", hint="Begin with a line such as isin: ..."
        )
    sheet.lines[()] = root.start_mark.line + 1
    sheet.data = _Reader(sheet).mapping(root, ())
    return sheet


def _yaml_hint(reason: str) -> str:
    return next((hint for said, hint in _YAML_HINTS.items() if said in reason), "")


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
                    self._sheet.problem(
                        here, f"is given twice, first on line {first}", "Keep one of the two."
                    )
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
