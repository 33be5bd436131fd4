"""Reads a case from its folder: ``case.yaml`` says who takes part, ``acts.yaml`` what happens."""

from __future__ import annotations

from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, Field, ValidationError

from indenture._sheet import Location, Sheet, parse_sheet
from indenture.errors import CaseError, IndentureError, InputError, TermSheetError
from indenture.play.acts import ACTS
from indenture.play.acts.audit import Audit
from indenture.play.acts.base import Act, Rehearsal, Sends
from indenture.play.case import Case, CashBlock, DepositoryBlock, MemberBlock, Party, Step, parties_of
from indenture.play.fields import Block, Instant, Name, Text

CASE_FILE = "case.yaml"
ACTS_FILE = "acts.yaml"

B = TypeVar("B", bound=BaseModel)


class _IssuerCheck(Act):
    """Borrows the check of an act's accounts for a field of ``case.yaml``."""

    word = "cash"
    issuer: Sends


class CaseBlock(Block):
    """What ``case.yaml`` says."""

    title: Text
    genesis: Instant
    depository: DepositoryBlock
    cash: tuple[CashBlock, ...] = Field(min_length=1)
    members: dict[Name, MemberBlock]


@cache
def available_cases() -> dict[str, Path]:
    """Cases that come with the package, by name."""
    root = Path(str(resources.files("indenture") / "cases"))
    if not root.is_dir():
        return {}
    return {folder.name: folder for folder in sorted(root.iterdir()) if (folder / CASE_FILE).is_file()}


def load_case(name: str | Path) -> Case:
    """Reads and checks a case; nothing is sent anywhere.

    Args:
        name: Name of a case of the package, or a folder.

    Raises:
        CaseError: A file, line and field is wrong; all problems of a file are reported together.
        InputError: There is no such case.
    """
    folder = available_cases().get(str(name), Path(name))
    if not (folder / CASE_FILE).is_file():
        raise InputError(
            f"there is no case {str(name)!r}",
            hint=f"Known: {', '.join(available_cases()) or 'none'}; or give a folder that holds {CASE_FILE}.",
        )
    case = _read_case(folder)
    return _with_steps(case, read_case_sheet(folder / ACTS_FILE))


def _read_case(folder: Path) -> Case:
    sheet = read_case_sheet(folder / CASE_FILE)
    problems = list(sheet.problems)
    block = validate(CaseBlock, sheet.data, sheet, (), problems)
    if block is None:
        raise case_error(problems)
    return case_of(folder, sheet, block, problems)


def case_of(folder: Path, sheet: Sheet, block: CaseBlock, problems: list[TermSheetError]) -> Case:
    """A case without acts: its parties and its cash.

    Raises:
        CaseError: A member or a currency is wrong, or there were problems before.
    """
    parties: list[Party] = []
    for block_id, member in block.members.items():
        problems += _member_problems(sheet, block_id, member, parties)
    raise_all(problems)
    case = Case(
        name=folder.name,
        folder=folder,
        title=block.title,
        genesis=block.genesis,
        depository=block.depository,
        cash=block.cash,
        parties=tuple(parties),
        steps=(),
    )
    scene = Rehearsal(case, case.genesis)
    for position, cash in enumerate(block.cash):
        issuer = _IssuerCheck(issuer=cash.issuer)
        problems += [
            sheet.problem(("cash", position, name), reason, hint)
            for name, reason, hint in issuer.rehearse(scene)
        ]
    raise_all(problems)
    return case


def _member_problems(
    sheet: Sheet, block_id: str, member: MemberBlock, parties: list[Party]
) -> list[TermSheetError]:
    """Adds a block's members to the parties, and says what is wrong with them."""
    where: Location = ("members", block_id)
    if (member.lei is None) == (member.lei_prefix is None):
        return [sheet.problem(where, "needs exactly one of lei and lei_prefix")]
    if member.lei is not None and member.count is not None:
        return [sheet.problem((*where, "lei"), "cannot be that of several members", "Give lei_prefix.")]
    if not member.roles:
        return [sheet.problem((*where, "roles"), "is empty: the member could do nothing")]
    if len(set(member.accounts)) != len(member.accounts) or not member.accounts:
        return [sheet.problem((*where, "accounts"), "must be different names, one at least")]
    try:
        new = parties_of(block_id, member)
    except IndentureError as error:
        return [sheet.problem((*where, "lei_prefix"), error.message, error.hint)]
    taken_leis, taken_ids = {p.lei for p in parties}, {p.id for p in parties}
    for party in new:
        if party.lei in taken_leis:
            return [sheet.problem(where, f"the LEI {party.lei} belongs to another member")]
        if party.id in taken_ids:
            return [sheet.problem(where, f"there are two members called {party.id}")]
    parties += new
    return []


def _with_steps(case: Case, sheet: Sheet) -> Case:
    problems = list(sheet.problems)
    problems += [
        sheet.problem((key,), "is not a field of this file", "The only one is acts.")
        for key in sheet.data
        if key != "acts"
    ]
    listed = sheet.data.get("acts")
    if not isinstance(listed, list) or not listed:
        problems.append(sheet.problem(("acts",), "must be a list of acts"))
        listed = []
    scene = Rehearsal(case, case.genesis)
    steps: list[Step] = []
    for position, item in enumerate(listed):
        where: Location = ("acts", position)
        act = read_act(sheet, where, item, problems)
        if act is None:
            continue
        steps.append(Step(act, sheet.lines[where]))
        # What follows an act that cannot be rehearsed would be judged by what that act did not do.
        if not problems:
            problems += [
                sheet.problem((*where, act.word, *location_of(name)), reason, hint)
                for name, reason, hint in act.rehearse(scene)
            ]
    if not problems and not isinstance(steps[-1].act, Audit):
        problems.append(sheet.problem(("acts",), "must end with an audit", "Add - audit: as the last act."))
    raise_all(problems)
    return Case(
        name=case.name,
        folder=case.folder,
        title=case.title,
        genesis=case.genesis,
        depository=case.depository,
        cash=case.cash,
        parties=case.parties,
        steps=tuple(steps),
    )


def location_of(name: str) -> Location:
    """Where a field of an act stands, such as ``book.3.quote``."""
    return tuple(int(part) if part.isdecimal() else part for part in name.split("."))


def read_act(sheet: Sheet, where: Location, item: Any, problems: list[TermSheetError]) -> Act | None:
    """Reads one act, ``{word: {field: value}}``, or adds what is wrong with it to the problems."""
    if not isinstance(item, dict) or len(item) != 1:
        problems.append(sheet.problem(where, "must be one act", "Such as - close: {bond: boc}."))
        return None
    (word, fields), *_ = item.items()
    if word not in ACTS:
        problems.append(sheet.problem((*where, word), "is not an act", f"Acts: {', '.join(sorted(ACTS))}."))
        return None
    return validate(ACTS[word], fields or {}, sheet, (*where, word), problems)


def validate(
    model: type[B], data: Any, sheet: Sheet, where: Location, problems: list[TermSheetError]
) -> B | None:
    """Reads a block, or adds what is wrong with it to the problems."""
    try:
        return model.model_validate(data)
    except ValidationError as error:
        for detail in error.errors():
            # Pydantic names the key of a mapping as a place of its own, which no file has.
            location: Location = (*where, *(part for part in detail["loc"] if part != "[key]"))
            problems.append(_problem(sheet, location, detail))
        return None


def _problem(sheet: Sheet, location: Location, detail: Any) -> TermSheetError:
    words = {
        "missing": ("is missing", ""),
        "extra_forbidden": ("is not a field here", "Remove it, or check the spelling."),
        "model_type": ("must be a block of fields", ""),
        "dict_type": ("must be a block of fields", ""),
        "tuple_type": ("must be a list", ""),
    }
    reason, hint = words.get(detail["type"], (detail["msg"], detail.get("ctx", {}).get("hint", "")))
    return sheet.problem(location, reason, hint)


def read_case_sheet(path: Path) -> Sheet:
    """A file of a case, as text with lines.

    Raises:
        CaseError: It cannot be read, or is no YAML.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise CaseError(_shown(path), "(file)", 0, f"cannot be read: {reason}") from None
    try:
        return parse_sheet(text, _shown(path))
    except TermSheetError as error:
        raise case_error([error]) from None


def _shown(path: Path) -> str:
    """The case and the file: the folder of an installed package tells a reader nothing."""
    return f"{path.parent.name}/{path.name}"


def raise_all(problems: list[TermSheetError]) -> None:
    """Raises all problems of a file as one; nothing when there are none."""
    if problems:
        raise case_error(problems)


def case_error(problems: list[TermSheetError]) -> CaseError:
    """All problems as one error, at the place of the first."""
    first, *_ = ordered = sorted(problems, key=lambda problem: problem.line)
    return CaseError(
        first.path,
        first.field,
        first.line,
        first.reason,
        hint=first.hint,
        problems=tuple(problem.message for problem in ordered),
    )
