"""The fields of a sheet's model by their blocks: what an error about a misplaced name can suggest."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, get_args

from pydantic import BaseModel

from ._slips import alike, question

#: Path of a block in its sheet, without positions in lists.
Place = tuple[str, ...]

#: Names that are few enough to be listed in a line or two.
_FEW = 12


def outline_of(model: type[BaseModel]) -> dict[Place, tuple[str, ...]]:
    """The names of fields in each block of a model, the block by its path."""
    return dict(_blocks(model, ()))


def _blocks(model: type[BaseModel], place: Place) -> Iterator[tuple[Place, tuple[str, ...]]]:
    names = {about.alias or name: about.annotation for name, about in model.model_fields.items()}
    yield place, tuple(names)
    for name, annotation in names.items():
        for inner in _models_in(annotation):
            yield from _blocks(inner, (*place, name))


def _models_in(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for part in get_args(annotation):
        yield from _models_in(part)


def place_of(location: tuple[str | int, ...]) -> Place:
    """A location without its positions in lists."""
    return tuple(part for part in location if isinstance(part, str))


def meant_by(outline: dict[Place, tuple[str, ...]], location: tuple[str | int, ...]) -> list[str]:
    """Fields of the same block whose names are like an unknown one."""
    *block, name = place_of(location)
    return alike(name, outline.get(tuple(block), ()))


def unknown_hint(outline: dict[Place, tuple[str, ...]], location: tuple[str | int, ...]) -> str:
    """What to do about a field that is none: its likely name, its place, or the names that there are."""
    if meant := meant_by(outline, location):
        return question(meant)
    *block, name = place_of(location)
    if places := [".".join((*place, name)) for place, names in outline.items() if name in names]:
        return f"Its place is {' or '.join(places[:2])}."
    here = outline.get(tuple(block), ())
    return f"Known there: {', '.join(here)}." if 0 < len(here) <= _FEW else "Remove it."
