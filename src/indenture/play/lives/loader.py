"""Reads lives from their folder, and puts what happens to all of them into one order of time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cache
from importlib import resources
from pathlib import Path

from indenture._sheet import Sheet
from indenture.calendars import Calendar, available_calendars, join, joint_code, load_calendar
from indenture.dates import add_months, instant
from indenture.errors import IndentureError, InputError, TermSheetError
from indenture.identifiers import Lei
from indenture.interest import Benchmark, BenchmarkKind
from indenture.membership import MemberClass, Role
from indenture.play.acts.audit import Audit
from indenture.play.acts.base import Act, Rehearsal
from indenture.play.acts.benchmarks import DefineBenchmark
from indenture.play.acts.cash import IssueCash
from indenture.play.acts.clock import AdvanceTo
from indenture.play.acts.membership import Admit, JoinCalendars, PublishCalendar
from indenture.play.case import Case, Party, Step, Wallet
from indenture.play.fields import OFFSET_MINUTES
from indenture.play.lives.life import (
    At,
    DaysBlock,
    Life,
    LifeBlock,
    LivesBlock,
    OwnAct,
    Published,
    SeriesBlock,
)
from indenture.play.lives.timetable import ADMINISTRATOR, PAYING_AGENT, Conclude, Moment, moments_of
from indenture.play.loader import case_of, raise_all, read_act, read_case_sheet, validate
from indenture.play.working_days import working_days
from indenture.termsheet import TermSheet, load_term_sheet

LIVES_FILE = "lives.yaml"
DAYS_FILE = "working-days.yaml"
TERMS_FOLDER = "terms"

# What each of those who pay has at the beginning, in each currency: enough for every life.
_PURSE = Decimal(50_000_000)
_RICH = ("holders", "paying-agent")
# A value is published at 18:00 of its day; a price index on the 17th of the month after.
_PUBLISHED_AT = 18 * 3600
_DEFINED_AT = 9 * 3600
_INDEX_DELAY = timedelta(days=16)
# Acts whose sender need not be written down.
_BY_ISSUER = frozenset(
    {
        "defer",
        "renew",
        "call",
        "call_in_part",
        "call_by_lot",
        "redeem_on_event",
        "extend_maturity",
        "cancel_units",
        "declare_event",
        "offer_tender",
        "offer_exchange",
        "propose_terms",
    }
)
_BY_AGENT = frozenset(
    {
        "fund",
        "pay",
        "redeem",
        "open_put",
        "draw_sinking",
        "draw",
        "fund_action",
        "settle_action",
        "release_units",
        "accelerate",
        "declare_overdue",
        "fund_recovery",
        "enact_terms",
    }
)


@dataclass(frozen=True, slots=True)
class Lives:
    """All lives, as one case.

    Attributes:
        case: Who takes part, and what happens, in order of time.
        lives: The lives, in the order of their files.
    """

    case: Case
    lives: tuple[Life, ...]


def lives_folder() -> Path:
    """Where the lives of the package are."""
    return Path(str(resources.files("indenture") / "cases" / "lives"))


def load_lives(folder: Path | None = None, only: Sequence[str] = ()) -> Lives:
    """Reads and checks all lives; nothing is sent anywhere.

    Args:
        folder: Where they are; None for those of the package.
        only: Names of files, without their ending; empty for all.

    Raises:
        CaseError: A file, line and field is wrong.
        InputError: There is no life of a name.
    """
    where = folder or lives_folder()
    sheet = read_case_sheet(where / LIVES_FILE)
    problems = list(sheet.problems)
    block = validate(LivesBlock, sheet.data, sheet, (), problems)
    raise_all(problems)
    assert block is not None  # noqa: S101  # a problem was raised otherwise
    case = case_of(where, sheet, block, problems)
    benchmarks = {
        code: Benchmark(code, each.kind, each.calendar, each.basis, each.correctable_for)
        for code, each in block.benchmarks.items()
    }
    files = _files(where, block.lives, only, sheet)
    lives = tuple(_read_life(file, benchmarks) for file in files)
    own = (_issuer_of(life) for life in lives if life.issuer_of == life.label)
    case = replace(case, parties=(*case.parties, *own))
    return Lives(replace(case, steps=tuple(_steps(case, lives, benchmarks))), lives)


def _files(folder: Path, names: Sequence[str], only: Sequence[str], sheet: Sheet) -> list[Path]:
    """The files of the lives that are asked for; every file of the folder must be named, and be there."""
    there = {file.stem for file in folder.glob("*.yaml")} - {Path(LIVES_FILE).stem, Path(DAYS_FILE).stem}
    problems = [sheet.problem(("lives",), f"{name!r} is not there") for name in names if name not in there]
    problems += [sheet.problem(("lives",), f"{name!r} is not named") for name in there.difference(names)]
    raise_all(problems)
    for name in only:
        if name not in names:
            raise InputError(f"there is no life {name!r}", hint=f"Known: {', '.join(names)}.")
    return [folder / f"{name}.yaml" for name in only or names]


# --- One life -----------------------------------------------------------------------------------------------


def _read_life(file: Path, benchmarks: Mapping[str, Benchmark]) -> Life:
    sheet = read_case_sheet(file)
    problems = list(sheet.problems)
    block = validate(LifeBlock, sheet.data, sheet, (), problems)
    raise_all(problems)
    assert block is not None  # noqa: S101  # a problem was raised otherwise
    name = f"{TERMS_FOLDER}/{block.terms}"
    terms: TermSheet | None = None
    try:
        terms = load_term_sheet(file.parent / name)
    except IndentureError as error:
        problems.append(sheet.problem(("terms",), error.message, error.hint))
    problems += [
        sheet.problem(("published", code), f"{code!r} is not defined", f"Defined: {', '.join(benchmarks)}.")
        for code in block.published
        if code not in benchmarks
    ]
    raise_all(problems)
    assert terms is not None  # noqa: S101
    calendars = calendars_of(file.parent)
    published = list(_published(sheet, block, benchmarks, calendars, problems))
    life = Life(
        label=file.stem,
        kind=block.kind,
        folder=file.parent,
        file=name,
        terms=terms,
        holders=block.holders,
        tax_account=block.tax_account,
        issuer_of=block.issuer_of or file.stem,
        unpaid=block.unpaid,
        published=tuple(published),
        acts=(),
        calendars=calendars,
        benchmarks=benchmarks,
    )
    acts = [_own_act(sheet, life, place, item, problems) for place, item in enumerate(block.acts)]
    raise_all(problems)
    return replace(life, acts=tuple(act for act in acts if act is not None))


def _own_act(
    sheet: Sheet, life: Life, place: int, item: dict[str, object], problems: list[TermSheetError]
) -> OwnAct | None:
    """An act of the file; the bond is the life's, and acts of the issuer are the issuer's."""
    where = ("acts", place)
    time = validate(At, {"at": item.get("at")}, sheet, where, problems)
    rest = {word: fields for word, fields in item.items() if word != "at"}
    (word, fields), *_ = rest.items() or [("", {})]
    given = fields if isinstance(fields, dict) else {}
    more: dict[str, str] = {} if word in ("publish", "settle_trade") else {"bond": life.label}
    if word in _BY_ISSUER:
        more["by"] = life.issuer
    elif word in _BY_AGENT:
        more["by"] = PAYING_AGENT
    one = {word: {**more, **given}} if len(rest) == 1 else rest
    act = read_act(sheet, where, one, problems)
    if time is None or act is None:
        return None
    return OwnAct(time.at, act, sheet.lines[where])


def _published(
    sheet: Sheet,
    block: LifeBlock,
    benchmarks: Mapping[str, Benchmark],
    calendars: Mapping[str, Calendar],
    problems: list[TermSheetError],
) -> Iterator[Published]:
    for code, values in block.published.items():
        benchmark, where = benchmarks[code], ("published", code)
        by_day: dict[date, Decimal] = {}
        if "from" in values:
            series = validate(SeriesBlock, values, sheet, where, problems)
            by_day = _consecutive(series, calendars[benchmark.market]) if series else {}
        elif days := validate(DaysBlock, values, sheet, where, problems):
            by_day = days.root
        for day, value in sorted(by_day.items()):
            yield Published(_published_at(benchmark.kind, day), code, day, value)


def _consecutive(series: SeriesBlock, calendar: Calendar) -> dict[date, Decimal]:
    day, found = series.start, {}
    for value in series.values:
        found[day] = value
        day = calendar.add_business_days(day, 1)
    return found


def _published_at(kind: BenchmarkKind, day: date) -> datetime:
    known = add_months(day, 1) + _INDEX_DELAY if kind is BenchmarkKind.LEVEL else day
    return instant(known, _PUBLISHED_AT, OFFSET_MINUTES)


def _issuer_of(life: Life) -> Party:
    """The issuer that the term sheet names."""
    return Party(
        id=life.issuer,
        names=frozenset({life.issuer, "issuers"}),
        name=f"Issuer of {life.terms.short_name}",
        lei=Lei(life.terms.issuer),
        member_class=MemberClass.CORPORATE,
        jurisdiction="CN",
        roles=Role.ISSUER | Role.HOLDER,  # to buy back what it issued
        accounts=(f"{life.issuer}/main",),
        wallet=Wallet.KEY,
    )


@cache
def calendars_of(folder: Path) -> dict[str, Calendar]:
    """Working days by market: those of the package, with the years before from the folder; and joint ones."""
    known = {code: load_calendar(code) for code in available_calendars()}
    if (folder / DAYS_FILE).is_file():
        early = working_days("CN-IB", folder / DAYS_FILE)
        late = known[early.code]
        known[early.code] = Calendar.from_bitmaps(early.code, {**early.years, **late.years})
    parts = sorted(known)
    return {**known, joint_code(parts): join(joint_code(parts), [known[part] for part in parts])}


# --- All of them --------------------------------------------------------------------------------------------


def _steps(case: Case, lives: Sequence[Life], benchmarks: Mapping[str, Benchmark]) -> Iterator[Step]:
    """Everything in one order of time, rehearsed: each mistake is told with its file and line."""
    scene = Rehearsal(case, case.genesis)
    for act in _preparation(case):
        yield _rehearsed(scene, Step(act, 0, LIVES_FILE, is_told=False))
    moments = [(moment, f"{life.label}.yaml", life.kind) for life in lives for moment in moments_of(life)]
    moments += [(moment, LIVES_FILE, "") for moment in _definitions(benchmarks)]
    for moment, file, kind in sorted(moments, key=lambda each: each[0].at):
        if moment.at > scene.clock:
            yield _rehearsed(scene, Step(AdvanceTo(at=moment.at), moment.line, file, is_told=False))
        ends = isinstance(moment.act, Conclude)
        yield _rehearsed(scene, Step(moment.act, moment.line, file, kind, is_told=ends))
    yield Step(Audit(), 0, LIVES_FILE)


def _rehearsed(scene: Rehearsal, step: Step) -> Step:
    path = f"{scene.case.name}/{step.file}"
    raise_all(
        [
            TermSheetError(path, f"{step.act.word}.{name}", step.line, reason, hint=hint)
            for name, reason, hint in step.act.rehearse(scene)
        ]
    )
    return step


def _preparation(case: Case) -> Iterator[Act]:
    """Members, working days and money: once, for all lives."""
    yield Admit(members="all")
    for code in available_calendars():
        own = case.folder / DAYS_FILE
        if code == "CN-IB" and own.is_file():
            yield PublishCalendar(calendar=code, years=sorted(working_days(code, own).years), file=DAYS_FILE)
        yield PublishCalendar(calendar=code, years=sorted(load_calendar(code).years))
    yield JoinCalendars(calendars=available_calendars())
    for cash in case.cash:
        yield IssueCash(currency=cash.code, to=dict.fromkeys(_RICH, _PURSE))


def _definitions(benchmarks: Mapping[str, Benchmark]) -> Iterator[Moment]:
    """Benchmarks are defined in the first year of which the days of their market are known."""
    for each in benchmarks.values():
        first = min(load_calendar(each.market).years)
        define = DefineBenchmark(
            code=each.code,
            kind=each.kind.name.lower(),
            calendar=each.market,
            administrator=ADMINISTRATOR,
            basis=each.basis,
            correctable_for=each.correctable_for,
        )
        yield Moment(instant(date(first, 1, 2), _DEFINED_AT, OFFSET_MINUTES), define)
