"""What clients say of interest: benchmarks, fixings, accrued interest, cash flows, claims.

Rates and values of rate benchmarks are percent a year, price indices and figures plain numbers, factors and
ratios plain numbers with 1 for the face or the base.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import Enum

from indenture.identifiers import Isin
from indenture.interest import BenchmarkKind, Source
from indenture.money import Money


@dataclass(frozen=True, slots=True)
class BenchmarkInfo:
    """A benchmark, as the chain has it.

    Attributes:
        code: Its code.
        kind: What its values are.
        administrator: Account that alone publishes its values.
        market: Market whose business days it is published on.
        basis: Days of a year that an overnight rate counts by; 0 for other kinds.
        correctable_for: How long after its publication a value can be corrected; it counts after that.
        last_day: Latest day that is published; None for none.
    """

    code: str
    kind: BenchmarkKind
    administrator: str
    market: str
    basis: int
    correctable_for: timedelta
    last_day: date | None


@dataclass(frozen=True, slots=True)
class PublishedValue:
    """A published value.

    Attributes:
        benchmark: Code of its benchmark.
        day: The day that it is for.
        value: Percent a year for rates, else the number itself.
        final_at: Instant from which it counts, as it cannot be corrected any more.
        index: Compounded index at the start of the day, 1 on the first; None where it is no overnight rate.
    """

    benchmark: str
    day: date
    value: Decimal
    final_at: datetime
    index: Decimal | None


@dataclass(frozen=True, slots=True)
class PeriodFixing:
    """The figures of a period, fixed once.

    Attributes:
        bond: Address of the bond.
        period: Number of the period.
        rate: Percent a year.
        source: Where the rate, or the index ratio, comes from.
        is_deferred: Whether its interest is deferred.
        value: What was observed: percent a year, a price index or a figure; None where nothing was.
        day: Day of the value; None without one.
        index_ratio: Price index against its base; None where no index is followed.
        factor: Principal of a unit after the period, before a last redemption, 1 = the face.
        arrears: Deferred interest of a unit after the period, 1 = the face.
        fixed_at: When it was fixed.
    """

    bond: str
    period: int
    rate: Decimal
    source: Source
    is_deferred: bool
    value: Decimal | None
    day: date | None
    index_ratio: Decimal | None
    factor: Decimal
    arrears: Decimal
    fixed_at: datetime


@dataclass(frozen=True, slots=True)
class OpenPeriod:
    """The next period of a bond to be fixed.

    Attributes:
        bond: Address of the bond.
        isin: Its ISIN.
        period: Number of the period.
        from_day: First day on which it can be fixed; None where that day has come.
        benchmark: The benchmark that it waits for; None where it waits for nothing published.
        day: The day whose value is needed.
        fallback_from: Day from which the fallback of the terms applies.
        published_until: Latest day that the benchmark has; None for none.
        counts_from: Instant from which a value that is published for the day counts; None where none is.
    """

    bond: str
    isin: Isin
    period: int
    from_day: date | None = None
    benchmark: str | None = None
    day: date | None = None
    fallback_from: date | None = None
    published_until: date | None = None
    counts_from: datetime | None = None

    @property
    def is_ready(self) -> bool:
        """Whether anyone can fix it now."""
        return self.from_day is None and self.benchmark is None

    @property
    def reason(self) -> str:
        """What it waits for, in words."""
        if self.from_day is not None:
            return f"period {self.period} can be fixed from {self.from_day} on"
        if self.benchmark is None:
            return f"period {self.period} can be fixed now"
        missing = f"period {self.period} needs {self.benchmark} of {self.day}"
        if self.counts_from is not None:
            return f"{missing}, which counts from {self.counts_from:%Y-%m-%d %H:%M} UTC on"
        known = f"the latest is of {self.published_until}" if self.published_until else "none is published"
        return f"{missing}, which is not published: {known}"


@dataclass(frozen=True, slots=True)
class AccruedInterest:
    """Interest that a holding has accrued on a day, as a buyer pays it to a seller.

    Attributes:
        bond: Address of the bond.
        units: Units held.
        day: Value day.
        period: Interest period of the day; the first before the issue, the last after the end.
        amount: Rounded towards zero once; below zero where the seller keeps a coupon not earned yet.
        per_100: Per 100 of the face, half up to seven decimals.
        is_ex: Whether the record date of the period has passed: its coupon goes to the seller.
        is_pending: Whether the record date of the period before is still to come: its coupon goes to the
            buyer.
    """

    bond: str
    units: int
    day: date
    period: int
    amount: Money
    per_100: Decimal
    is_ex: bool
    is_pending: bool


@dataclass(frozen=True, slots=True)
class TaxedPayment:
    """What a payment comes to for a holding.

    Attributes:
        bond: Address of the bond.
        period: Number of the payment.
        units: Units held.
        interest: Before tax.
        principal: Principal that is repaid.
        tax: What is withheld from the interest.
        tax_account: Who receives the tax; None where the terms withhold none.
        penalty: Interest for being late, of a payment that was funded after its day; before tax.
    """

    bond: str
    period: int
    units: int
    interest: Money
    principal: Money
    tax: Money
    tax_account: str | None
    penalty: Money | None = None

    @property
    def net(self) -> Money:
        """What reaches the holder."""
        due = self.interest + self.principal - self.tax
        return due if self.penalty is None else due + self.penalty


class FlowState(Enum):
    """How certain a cash flow is."""

    PAID = "paid"
    """The holder was served."""
    FUNDED = "funded"
    """The money is in escrow."""
    FIXED = "fixed"
    """Its amounts follow from the terms and what is fixed; adjusted periods from the calendar as it is."""
    OPEN = "open"
    """Something that it depends on is not known yet."""


@dataclass(frozen=True, slots=True)
class HoldingFlow:
    """What a holding gets with one payment.

    Attributes:
        period: Number of the payment.
        due: Due date, unadjusted.
        pay_day: Payment day; None while it is not announced.
        units: Units held at the record date, those whose payment was sold left out; the present units before.
        interest: Before tax; None while it is open.
        principal: Principal that is repaid; None while it is open.
        tax: Withheld from the interest by the present class of the holder; None while it is open.
        state: How certain it is.
        penalty: Interest for being late, of a payment that was funded after its day; before tax.
    """

    period: int
    due: date
    pay_day: date | None
    units: int
    interest: Money | None
    principal: Money | None
    tax: Money | None
    state: FlowState
    penalty: Money | None = None

    @property
    def net(self) -> Money | None:
        """What reaches the holder; None while a part is open."""
        if self.interest is None or self.principal is None or self.tax is None:
            return None
        due = self.interest + self.principal - self.tax
        return due if self.penalty is None else due + self.penalty


@dataclass(frozen=True, slots=True)
class PaymentClaim:
    """A payment that is a buyer's, of units bought before its record date and delivered after it.

    Attributes:
        bond: Address of the bond.
        isin: Its ISIN.
        period: Number of the payment.
        buyer: Whose it is.
        units: Units.
        amount: What is due on them after tax; None while it is not known.
        payable_from: Instant from which it is paid, once it is funded; None until its days are announced.
        funded: Whether the money is in escrow.
    """

    bond: str
    isin: Isin
    period: int
    buyer: str
    units: int
    amount: Money | None
    payable_from: datetime | None
    funded: bool


@dataclass(frozen=True, slots=True)
class CleanQuote:
    """What a trade at a clean price comes to, for one day.

    Attributes:
        bond: Address of the bond.
        units: Units.
        day: Value day.
        price: Clean price, per 100 of the face.
        accrued_per_100: Accrued interest per 100 of the face, half up to seven decimals.
        clean: Amount without accrued interest.
        accrued: Accrued interest; below zero where the coupon stays with the seller.
        received: What the seller has had already of payments that are the buyer's.
        is_ex: Whether the coupon of the period stays with the seller.
        is_pending: Whether the coupon of the period before goes to the buyer.
        claims: Payments that go to the buyer although he was not in the books at their record date.
    """

    bond: str
    units: int
    day: date
    price: Decimal
    accrued_per_100: Decimal
    clean: Money
    accrued: Money
    received: Money
    is_ex: bool
    is_pending: bool
    claims: tuple[int, ...] = ()

    @property
    def dirty(self) -> Money:
        """What the buyer pays in all; below zero where the seller pays him."""
        return self.clean + self.accrued - self.received

    @property
    def dirty_price(self) -> Decimal:
        """Price with accrued interest, per 100 of the face."""
        return self.price + self.accrued_per_100
