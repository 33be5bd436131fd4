"""What a unit of a bond is worth by its terms, and has accrued."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal, localcontext
from fractions import Fraction

from indenture.dates import instant
from indenture.figures import AccruedInterest
from indenture.provisions import CouponKind
from indenture.roles._checks import now, whole_units
from indenture.roles._values import PER_100_PLACES, factor, rounded, towards_zero
from indenture.roles.bond_figures.days import BondDays


class BondValues(BondDays):
    """A reader of a bond's factors and accrued interest."""

    def pool_factor(self, on: date | None = None) -> Decimal:
        """Principal of a unit on a day, 1 = the face; None for today.

        Raises:
            FixingRefused: Interest is added to the principal, and the period before is not fixed.
        """
        period = self.period_of(on or self.today)
        return factor(self.suite.servicing.pool_factor(self.bond.address, period))

    def accreted_value(self, on: date | None = None) -> Decimal:
        """What a unit is worth on a day by its terms, in the currency; the face for a bond with coupon."""
        value = self.suite.servicing.accreted_value(self.bond.address, on or self.today)
        currency = self.suite.currency_at(self.bond.terms.currency)
        with localcontext(prec=78):
            return factor(value).scaleb(-currency.decimals)

    def accrued(
        self, units: int, on: date | None = None, *, traded_at: datetime | None = None
    ) -> AccruedInterest:
        """Interest that units have accrued on a day, as a buyer would pay it to a seller.

        Before the issue it is nothing, after the last due day, while the books are open, the whole coupon; in
        default units trade flat, with nothing accrued.

        Args:
            units: Units held.
            on: Value day; None for today.
            traded_at: When the trade is agreed, which decides whose coupons are; None for now, and for a day
                that is not today its start.

        Raises:
            FixingRefused: The rate of the period is not known yet.
            TermsRefused: The books are closed by then.
        """
        whole_units(units)
        time = now(self.suite.chain)
        day = on or self._day_of(time)
        at = traded_at or (time if day == self._day_of(time) else self._start_of(day))
        place = self._period_at(day)
        period = min(max(1, place), self.last_period)
        records = self._records_for(period, at)
        exact = self.suite.servicing.accrued_per_unit(self.bond.address, day, records)
        is_flat = self._state_of_default(self.bond.book()) is not None  # a claim bears no coupons
        has_coupon = self.bond.terms.kind is not CouponKind.ZERO and not is_flat
        return AccruedInterest(
            bond=self.bond.address,
            units=units,
            day=day,
            period=period,
            amount=self.money(towards_zero(exact * units)),
            per_100=self.per_100(exact),
            is_ex=has_coupon and records >= period,
            is_pending=has_coupon and records + 1 < place,
        )

    def per_100(self, each: Fraction) -> Decimal:
        """Base units of one unit as a price per 100 of its face."""
        return rounded(each * 100 / self.bond.terms.face_value, PER_100_PLACES)

    def _start_of(self, day: date) -> datetime:
        return instant(day, 0, self.bond.terms.utc_offset)

    def _records_for(self, period: int, at: datetime) -> int:
        """Record dates passed; those beyond the calendar pass before their periods end."""
        count = self.records_at(at)
        if count + 1 < period and self.payment_days(count + 1) is None:
            return period - 1
        return count
