"""What has become of a bond: rights, term, events of holders, missed payments, versions of its terms."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal, localcontext

from indenture.contracts import BondTerms
from indenture.contracts._base import text_of, topic_of
from indenture.contracts.servicing_state import ActionState
from indenture.dates import from_day_number
from indenture.errors import InputError, TermsRefused
from indenture.models import Action, BondClaim, BondState, PartialCall, PaymentStanding, TermsVersion
from indenture.provisions import FACTOR_SCALE
from indenture.rights import ActionKind, PaymentStatus, Rights
from indenture.roles._checks import is_whole
from indenture.roles._values import factor, percent
from indenture.roles.bond_figures.days import BondDays
from indenture.rounding import RATE_SCALE

_PRICED = (ActionKind.PUT, ActionKind.DRAWING)
_OFFERED = (ActionKind.TENDER, ActionKind.EXCHANGE)
_LIMITED = (ActionKind.TENDER, ActionKind.DRAWING)
_CONSENTED = (ActionKind.RESOLUTION, ActionKind.ACCELERATION)


class BondLives(BondDays):
    """A reader of what may happen to a bond before it is repaid, and of what has."""

    def rights(self, version: int | None = None) -> Rights:
        """What issuer and holders may do.

        Args:
            version: Of the terms; 0 for those that were sealed, None for those in force today.

        Raises:
            InputError: There is no such version.
        """
        if version is None:
            return self.terms_on(self.today).rights
        self._check_version(version)
        return self._terms_at(version).rights

    def terms_on(self, day: date) -> BondTerms:
        """The terms of the period in which a day lies."""
        servicing, address = self.suite.servicing, self.bond.address
        if not servicing.state_of(address).versions:
            return self.bond.terms
        return self._terms_at(servicing.version_at(address, servicing.period_on(address, day)))

    def terms_of(self, period: int) -> BondTerms:
        """The terms that are in force at the start of a period."""
        if not self.suite.servicing.state_of(self.bond.address).versions:
            return self.bond.terms
        return self._terms_at(self.suite.servicing.version_at(self.bond.address, period))

    def versions(self) -> tuple[TermsVersion, ...]:
        """Every version of the terms, from the sealed ones on."""
        servicing, address = self.suite.servicing, self.bond.address
        count = servicing.state_of(address).versions
        found = servicing.versions(address, range(count + 1))
        events = servicing.events("TermsEnacted", "TermsProposed", indexed=[topic_of(address)])
        proposed = {event["action"]: event["amendment"] for event in events if event.name == "TermsProposed"}
        enacted = {event["version"]: event["action"] for event in events if event.name == "TermsEnacted"}
        made = [TermsVersion(0, 0, address, self.bond.terms)]
        for number in range(1, count + 1):
            amendment = proposed[enacted[number]]
            made.append(
                TermsVersion(
                    number=number,
                    from_period=found[number].from_period,
                    source=found[number].source,
                    terms=self._terms_at(number),
                    action=enacted[number],
                    clause=text_of(amendment.clause),
                    resolution=amendment.resolution,
                    effective_day=from_day_number(amendment.effectiveDay),
                )
            )
        return tuple(made)

    def bond_state(self) -> BondState:
        """What moved the bond off its sealed terms."""
        servicing, address = self.suite.servicing, self.bond.address
        state = servicing.state_of(address)
        parts = servicing.partial_calls(address, state.calls)
        is_floating = state.extended_from and not state.extended_rate
        return BondState(
            last_period=self.last_period,
            maturity_day=self.maturity_day,
            is_called=state.price != 0,
            price=percent(state.price or RATE_SCALE),
            partial_calls=tuple(
                PartialCall(part.period, percent(part.share), percent(part.price)) for part in parts
            ),
            extended_from=state.extended_from,
            extended_rate=None if is_floating or not state.extended_from else percent(state.extended_rate),
            actions=state.actions,
            versions=state.versions,
            fixed_periods=state.fixed_periods,
            due_period=state.due_period,
            due_day=state.due_day,
            records_at_due=state.records_at_due,
            is_shut=self.bond.book().shut,
            bound_units=self.bond.bound_units(),
            sinking_credit=servicing.sinking_credit(address),
        )

    # Events of holders

    def actions(self) -> tuple[Action, ...]:
        """Every event of holders so far, in order."""
        servicing, address = self.suite.servicing, self.bond.address
        return self._actions(range(1, servicing.action_count(address) + 1))

    def action(self, number: int) -> Action:
        """An event of holders.

        Raises:
            TermsRefused: There is none with this number.
        """
        if is_whole(number) and 0 < number < 1 << 16 and (found := self._actions([number])):
            return found[0]
        raise self.unknown_action(number)

    def unknown_action(self, number: object) -> TermsRefused:
        """The error for an event that is not there."""
        count = self.suite.servicing.action_count(self.bond.address)
        return TermsRefused(
            "ActionUnknown",
            {"bond": self.bond.address, "action": number},
            message=f"{self.bond.isin} has no event {number!r}",
            hint=f"They are numbered from 1 to {count}." if count else "It has had none so far.",
            contract=self.suite.servicing.address,
        )

    def elected(self, number: int, account: str) -> int:
        """Units that an account has elected in an event, or that were drawn of it, not settled yet."""
        return self.suite.servicing.elected_by(self.bond.address, number, [account])[0]

    # Default

    def payment_status(self, period: int) -> PaymentStanding:
        """Whether a payment was missed, by time alone.

        Raises:
            InputError: The bond has no such payment.
        """
        self._check_period(period)
        servicing, address = self.suite.servicing, self.bond.address
        status, until = servicing.payment_status(address, period)
        penalty = 0
        days = self.payment_days(period)
        if status in (PaymentStatus.OVERDUE, PaymentStatus.MISSED) and days is not None:
            penalty = servicing.penalty_of(address, period, days.pay_day, self.today)
        return PaymentStanding(period, status, until, percent(penalty))

    def claim(self, day: date | None = None) -> BondClaim | None:
        """What the bond owes where it was made due; None where it was not.

        Args:
            day: Day up to which interest for being late is counted; None for today.
        """
        servicing, address = self.suite.servicing, self.bond.address
        if not servicing.state_of(address).due_period:
            return None
        stored, counted = servicing.claim_of(address), day or self.today
        owed = stored if stored.is_closed else servicing.claim_on(address, counted)
        units = self.bond.total_supply()
        return BondClaim(
            day=owed.day or counted,
            principal=self.per_unit(owed.principal),
            interest=self.per_unit(owed.interest),
            units=units,
            total=self.money((owed.principal + owed.interest) * units // FACTOR_SCALE),
            is_set=stored.day is not None,
            is_closed=stored.is_closed,
        )

    def per_unit(self, scaled: int) -> Decimal:
        """An amount of one unit, base units times 1e18, in the currency."""
        decimals = self.suite.currency_at(self.bond.terms.currency).decimals
        with localcontext(prec=78):
            return factor(scaled).scaleb(-decimals)

    def _actions(self, numbers: Sequence[int]) -> tuple[Action, ...]:
        servicing, address = self.suite.servicing, self.bond.address
        states = servicing.actions_of(address, numbers)
        opened = servicing.events("ActionOpened", indexed=[topic_of(address)])
        codes = {event["number"]: text_of(event["code"]) for event in opened}
        return tuple(
            self._shown_action(number, state, codes.get(number, ""))
            for number, state in zip(numbers, states, strict=True)
            if state is not None
        )

    def _shown_action(self, number: int, state: ActionState, code: str) -> Action:
        return Action(
            bond=self.bond.address,
            isin=self.bond.isin,
            number=number,
            kind=state.kind,
            code=code or None,
            withdrawable=state.withdrawable,
            is_decided=state.is_decided,
            opens_at=state.opens_at,
            closes_at=state.closes_at,
            pay_time=state.pay_time,
            pay_day=state.pay_day,
            period=state.period,
            redemption=state.redemption if state.kind in _CONSENTED else 0,
            most=state.most if state.kind in _LIMITED else 0,
            elected=state.elected,
            settled=state.settled,
            amount=self.money(state.amount) if state.kind in _OFFERED else None,
            price=percent(state.price) if state.kind in _PRICED else None,
            new_units=state.new_units,
            old_units=state.old_units,
            target=state.target,
            document=state.document,
        )

    def _terms_at(self, version: int) -> BondTerms:
        if version == 0:
            return self.bond.terms
        return self.suite.servicing.terms_at(self.bond.address, version)

    def _check_version(self, version: int) -> None:
        count = self.suite.servicing.state_of(self.bond.address).versions
        if not is_whole(version) or not 0 <= version <= count:
            raise InputError(
                f"{self.bond.isin} has no version {version!r} of its terms",
                hint=f"They are numbered from 0, the sealed ones, to {count}.",
            )
