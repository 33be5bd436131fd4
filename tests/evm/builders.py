"""Defaults of the tests: identifiers with right check digits, days, terms, conditions, instructions."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from functools import cache
from typing import Any

import yaml
from tests.evm.artefacts import ROOT, Record
from tests.evm.chain import fixed

EPOCH = date(1970, 1, 1)
HOUR, DAY = 3600, 86_400
FOREVER = 2**40 - 1

# Bits of Roles.sol and of AccountWordLib.sol; ids of the Authority.
HOLDER, ISSUER, BOOKRUNNER, UNDERWRITER, PAYING_AGENT = (1 << i for i in range(5))
REGISTRAR = 1 << 8
ADMITTED, ACCOUNT_SUSPENDED, MEMBER_SUSPENDED, REMOVED = 1, 2, 4, 8
OPERATOR_ID, STATUTORY_ID, CASH_ISSUER_ID, MEMBERSHIP_ID = 1, 2, 3, 4

# Classes of members: banks and funds may hold bonds, companies only issue them.
BANK, FUND, COMPANY = 2, 3, 5
ELIGIBLE = 1 << BANK | 1 << FUND

MARKET = fixed("CN-IB", 8)
UNADJUSTED, FOLLOWING, MODIFIED_FOLLOWING, PRECEDING, MODIFIED_PRECEDING = range(5)
ACT_ACT_ICMA, ACT_360, ACT_365F, THIRTY_360, THIRTY_E_360 = range(5)
ACT_ACT_ISDA, NL_365, THIRTY_360_US, THIRTY_E_360_ISDA, BUS_252 = range(5, 10)

# Of ScheduleLib.sol, TermsLib.sol, Provisions.sol, ServicingTypes.sol, RecordDateLib.sol and IBenchmarks.sol.
DAYS, MONTHS = range(2)
FIXED, STEP, ZERO, FLOATING, INFLATION, KPI = range(6)
HOLDING_DOWN, UNIT_DOWN, UNIT_HALF_UP = range(3)
LAST_VALUE, PREVIOUS_RATE, FIXED_RATE = range(3)
TERM_RATE, OVERNIGHT, LEVEL, FIGURE = range(4)
FROM_TERMS, FROM_PUBLISHED, FROM_LAST_VALUE, FROM_PREVIOUS_RATE, FROM_FIXED_RATE, FROM_NOTHING = range(6)
NO_CAP = 2**32 - 1
PUT, TENDER, EXCHANGE, DRAWING, RESOLUTION, ACCELERATION = range(6)
NOTHING_DUE, NOT_DUE, FUNDED, OVERDUE, MISSED, MERGED = range(6)
IN_DEFAULT = 2**16 - 1
WHOLE, PERCENT, FACTOR = 10**9, 10**7, 10**18
ALL_CLASSES = 2**24 - 1
NOBODY = "0x" + "00" * 20

# Of OfferingTypes.sol.
OPEN, SEALED, ENCRYPTED = range(3)
RATE, PRICE = range(2)
UNIFORM, MULTIPLE, MIXED = range(3)
NONE, MANDATED, ACCEPTED, BOOK_OPEN, CLOSED, CLEARED, PUBLISHED, FAILED, CANCELLED = range(9)
NON_COMPETITIVE = 2**64 - 1
TO_BE_FIXED = 2**32 - 1


def values_of(text: str) -> str:
    """Digits of a text in which A stands for 10 and Z for 35."""
    return "".join(str(int(letter, 36)) for letter in text)


def lei(number: int) -> bytes:
    """A valid LEI."""
    body = f"5493{number:014d}"
    return f"{body}{98 - int(values_of(body + '00')) % 97:02d}".encode()


def isin(number: int, prefix: str = "CN") -> bytes:
    """A valid ISIN."""
    body = f"{prefix}{number:09d}"
    digits = [int(digit) for digit in reversed(values_of(body))]
    total = sum(sum(divmod(2 * digit, 10)) if i % 2 == 0 else digit for i, digit in enumerate(digits))
    return f"{body}{-total % 10}".encode()


def day_of(when: date) -> int:
    """Days since 1970-01-01."""
    return (when - EPOCH).days


def date_of(day: int) -> date:
    return EPOCH + timedelta(days=day)


def at(text: str) -> int:
    """Unix time of an ISO time in UTC."""
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp())


def year_bits(year: int, *, closed: Iterable[date] = (), opened: Iterable[date] = ()) -> int:
    """Bitmap of a year: Monday to Friday, without `closed`, with `opened`."""
    length = (date(year + 1, 1, 1) - date(year, 1, 1)).days
    days = {date(year, 1, 1) + timedelta(days=i) for i in range(length)}
    working = ({each for each in days if each.isoweekday() < 6} - set(closed)) | set(opened)
    return sum(1 << (each - date(year, 1, 1)).days for each in working)


@cache
def china_calendar() -> dict[int, int]:
    """Bitmaps of the China interbank market, from the file that the package ships."""
    file = ROOT / "src" / "indenture" / "_calendars" / "CN-IB.yaml"
    years = yaml.safe_load(file.read_text(encoding="utf-8"))["years"]
    return {
        year: year_bits(year, closed=entry["closed_weekdays"], opened=entry["open_weekends"])
        for year, entry in years.items()
    }


def halves(bits: int) -> tuple[int, int]:
    """A year's bitmap as the contract takes it: the first 256 days, and the rest."""
    return bits & (2**256 - 1), bits >> 256


def schedule(issue_day: int, periods: int, months: int, **changes: Any) -> Record:
    """Regular periods of so many months from the issue day on; some fields as told."""
    if issue_day > day_of(date.max) or date_of(issue_day).year + periods * months // 12 >= date.max.year:
        matures = 2**24 - 1  # a day that no bond has
    else:
        matures = day_of(months_after(date_of(issue_day), periods * months))
    regular = Record(
        issueDay=issue_day,
        maturityDay=matures,
        anchorDay=issue_day,
        anchorPeriod=0,
        periods=periods,
        step=months,
        unit=MONTHS,
        endOfMonth=False,
    )
    return regular.but(**changes)


def days_schedule(issue_day: int, periods: int, days: int) -> Record:
    """Regular periods of so many days."""
    matures = issue_day + periods * days
    return schedule(issue_day, periods, 1, maturityDay=matures, step=days, unit=DAYS)


def months_after(day: date, months: int) -> date:
    """The same day of a later month, or the last of that month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    last = (date(year + (month == 11), (month + 1) % 12 + 1, 1) - timedelta(days=1)).day
    return date(year, month + 1, min(day.day, last))


DEFAULT_TERMS = Record(
    isin=isin(1),
    issuer=lei(1),
    issuerAccount="",
    currency="",
    faceValue=10_000,
    units=1_000_000,
    minimumUnits=1,
    eligible=ELIGIBLE,
    schedule=schedule(day_of(date(2019, 12, 5)), 2, 12),
    kind=FIXED,
    couponRate=32_500_000,
    dayCount=ACT_ACT_ICMA,
    rounding=HOLDING_DOWN,
    roll=FOLLOWING,
    adjusted=False,
    calendar=MARKET,
    recordBusinessDays=1,
    cutOff=17 * 3600,
    utcOffset=8 * 60,
    prescriptionYears=0,
    termSheetHash=b"\x11" * 32,
    name="Bank bond 2019",
    symbol="BB19",
)

NO_FLOATING = Record(
    benchmark=bytes(8),
    compounded=False,
    lag=0,
    spread=0,
    floor=0,
    cap=0,
    places=0,
    fallbackRule=LAST_VALUE,
    fallbackRate=0,
)
NO_INFLATION = Record(benchmark=bytes(8), lagMonths=0, interpolated=False, floored=False, places=0, base=0)
NO_ACCRETION = Record(issuePrice=0, yieldRate=0, monthsPerCompounding=0)
NO_RENEWAL = Record(periods=0, noticeDays=0, benchmark=bytes(8), lag=0, spread=0, stepUp=0)
NO_DEFERRAL = Record(noticeDays=0, bearsInterest=False)
NO_PROVISIONS = Record(
    steps=[],
    instalments=[],
    tests=[],
    floating=NO_FLOATING,
    inflation=NO_INFLATION,
    accretion=NO_ACCRETION,
    renewal=NO_RENEWAL,
    deferral=NO_DEFERRAL,
    capitalisedUntil=0,
    fallbackDays=0,
    taxAccount=NOBODY,
    withholdings=[],
)
NO_EXTENSION = Record(periods=0, noticeDays=0, rate=0)
NO_DEFAULTS = Record(graceDays=0, penaltyRate=0, accelerationShare=0, crossDefault=False)
NO_RIGHTS = Record(
    calls=[],
    puts=[],
    events=[],
    sinking=[],
    extension=NO_EXTENSION,
    defaults=NO_DEFAULTS,
    amendmentShare=0,
)


def code(text: str) -> bytes:
    """Code of a benchmark or market."""
    return fixed(text, 8)


def floating(name: str = "SHIBOR3M", **changes: Any) -> Record:
    """A term rate two days ahead, with 60 basis points on it, to 5 places, no cap."""
    given = {"benchmark": code(name), "lag": 2, "spread": 6_000_000, "cap": NO_CAP, "places": 5}
    return NO_FLOATING.but(**(given | changes))


def inflation(name: str = "CPI", **changes: Any) -> Record:
    """An interpolated index of three months ago, floored, against 100."""
    given = {
        "benchmark": code(name),
        "lagMonths": 3,
        "interpolated": True,
        "floored": True,
        "places": 5,
        "base": 100 * WHOLE,
    }
    return NO_INFLATION.but(**(given | changes))


def renewal(periods: int, name: str = "CGB1Y", **changes: Any) -> Record:
    """A cycle of so many periods at a rate with 120 basis points, and 300 more for having renewed."""
    given = {"periods": periods, "noticeDays": 31, "benchmark": code(name), "lag": 1}
    return NO_RENEWAL.but(**(given | {"spread": 12_000_000, "stepUp": 30_000_000} | changes))


def kpi_test(name: str = "CO2", **changes: Any) -> Record:
    """At most 120 by a day; else 25 basis points more from period 2 on."""
    given = Record(benchmark=code(name), day=0, period=2, atMost=True, target=120 * WHOLE, step=2_500_000)
    return given.but(**changes)


def call_right(first: date, last: date | None = None, **changes: Any) -> Record:
    """The issuer may call at par, for any day from the first to the last, by notice of 30 days."""
    days = {"firstDay": day_of(first), "lastDay": day_of(last or first)}
    return Record(days | {"noticeDays": 30, "price": WHOLE, "inPart": False}).but(**changes)


def put_right(opens: date, closes: date, pays: date, **changes: Any) -> Record:
    """The holders may put at par, in a window of notice; what is elected stays elected."""
    days = {"opensDay": day_of(opens), "closesDay": day_of(closes), "payDay": day_of(pays)}
    return Record(days | {"price": WHOLE, "withdrawable": False}).but(**changes)


def event_right(name: str = "TAXLAW", **changes: Any) -> Record:
    """The issuer may redeem at par by notice of 30 days, when this has happened."""
    return Record(code=code(name), byHolders=False, noticeDays=30, price=WHOLE).but(**changes)


def sinking(period: int, units: int) -> Record:
    """So many units are drawn by lot and redeemed with a payment."""
    return Record(period=period, units=units)


def extension(periods: int, **changes: Any) -> Record:
    """The issuer may add so many periods at 4 %, by notice of 30 days."""
    return Record(periods=periods, noticeDays=30, rate=4 * PERCENT).but(**changes)


def defaults(**changes: Any) -> Record:
    """Five days of grace, 5 % a year for being late, and a quarter of the units can make the bond due."""
    given = {"graceDays": 5, "penaltyRate": 5 * PERCENT, "accelerationShare": WHOLE // 4}
    return NO_DEFAULTS.but(**(given | changes))


def conditions(bond: Any, now: int, bookrunner: str, **changes: Any) -> Record:
    """Conditions of a sealed tender that opens at once: every window is an hour or some hours long.

    By price, 99.00 to 101.00 in steps of 0.10; by rate, 3.00 % to 3.60 % in steps of a basis point.
    What follows from a change follows: windows of an OPEN book, hour of the over-allotment, largest bid.
    """
    given: dict[str, Any] = {
        "form": SEALED,
        "basis": PRICE,
        "pricing": UNIFORM,
        "offered": 1000,
        "overAllotment": 0,
        "additionalSeconds": 0,
    } | changes
    by_rate = given["basis"] == RATE
    closes = given.get("closesAt", now + HOUR)
    reveals = given.get("revealsBy", closes if given["form"] == OPEN else closes + HOUR)
    over_allots = given.get("overAllotsBy", reveals + (HOUR if given["overAllotment"] else 0))
    clears = given.get("clearsBy", over_allots + HOUR)
    settles_from = given.get("settlesFrom", clears + HOUR + given["additionalSeconds"])
    settles_by = given.get("settlesBy", settles_from + 4 * HOUR)
    defaults = Record(
        bond=bond.address,
        bookrunner=bookrunner,
        form=SEALED,
        basis=PRICE,
        pricing=UNIFORM,
        offered=1000,
        overAllotment=0,
        minimumVolume=0,
        nonCompetitive=0,
        minimumBid=1,
        maximumBid=given["offered"] + given["overAllotment"],
        lowest=30_000_000 if by_rate else 9_900,
        highest=36_000_000 if by_rate else 10_100,
        tick=100_000 if by_rate else 10,
        deposit=5_000,
        farOff=0,
        band=0,
        additionalSeconds=0,
        opensAt=now,
        closesAt=closes,
        revealsBy=reveals,
        overAllotsBy=over_allots,
        clearsBy=clears,
        settlesFrom=settles_from,
        settlesBy=settles_by,
        takesUpBy=settles_by + 4 * HOUR,
    )
    return defaults.but(**given)


def class_rule(minimum: int = 0, maximum: int = 1000, additional: int = 0) -> Record:
    """What a class of bidders must and may do."""
    return Record(minimum=minimum, maximum=maximum, additional=additional)


def tick_bid(quote: int, units: int, account: str) -> Record:
    """One tick bid."""
    return Record(quote=quote, units=units, account=account)


def instruction(bond: Any, cash: Any, seller: str, buyer: str, now: int) -> Record:
    """A trade of ten units at par."""
    return Record(
        bond=bond.address,
        cash=cash.address,
        seller=seller,
        buyer=buyer,
        units=10,
        amount=100_000,
        validFrom=now,
        deadline=now + DAY,
        sellerNonce=7,
        buyerNonce=11,
    )


def clean_instruction(bond: Any, cash: Any, seller: str, buyer: str, now: int) -> Record:
    """A trade of ten units at a clean price of par; interest may move it by a tenth."""
    given = instruction(bond, cash, seller, buyer, now)
    del given["amount"]
    return Record(given | {"cleanAmount": 100_000, "mostAccrued": 10_000, "tradedAt": now})


class Market:
    """A market's days, computed in another way than the contract does."""

    def __init__(self, years: dict[int, int]) -> None:
        self._years = years

    def is_open(self, day: date) -> bool:
        return bool(self._years[day.year] >> (day - date(day.year, 1, 1)).days & 1)

    def _nearest(self, day: date, step: int) -> date:
        while not self.is_open(day):
            day += timedelta(days=step)
        return day

    def roll(self, day: date, convention: int) -> date:
        if convention == UNADJUSTED:
            return day
        step = 1 if convention in (FOLLOWING, MODIFIED_FOLLOWING) else -1
        rolled = self._nearest(day, step)
        if convention in (MODIFIED_FOLLOWING, MODIFIED_PRECEDING) and rolled.month != day.month:
            rolled = self._nearest(day, -step)
        return rolled

    def before(self, day: date, count: int) -> date:
        for _ in range(count):
            day = self._nearest(day - timedelta(days=1), -1)
        return day


def year_fraction(convention: int, start: date, end: date, months: int, whole: tuple[date, date]) -> Fraction:
    """From one day to another inside a period, of so many months and from and to these days."""
    if convention == ACT_ACT_ICMA:
        return Fraction((end - start).days * months, (whole[1] - whole[0]).days * 12)
    if convention in (ACT_360, ACT_365F):
        return Fraction((end - start).days, 360 if convention == ACT_360 else 365)
    first, last = min(start.day, 30), end.day
    if last == 31 and (convention == THIRTY_E_360 or first == 30):
        last = 30
    return Fraction(360 * (end.year - start.year) + 30 * (end.month - start.month) + last - first, 360)


def expected_days(terms: Any, period: int, market: Market) -> Record:
    """Record and payment day of a period, from the terms and the market's days alone."""
    due = months_after(date_of(terms.schedule.issueDay), period * terms.schedule.step)
    pay = market.roll(due, terms.roll)
    record = market.before(pay, terms.recordBusinessDays)
    shift = terms.utcOffset * 60
    return Record(
        recordDay=day_of(record),
        payDay=day_of(pay),
        recordTime=day_of(record) * DAY + terms.cutOff - shift,
        payTime=day_of(pay) * DAY - shift,
    )
