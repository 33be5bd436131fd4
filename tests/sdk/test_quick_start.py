"""The first steps of a newcomer, with what the top package exports and nothing else."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from eth_account import Account
from tests.sdk.world import PARAMETERS, TERMS

import indenture
from indenture import (
    AnvilNode,
    CashIssuer,
    DeployParameters,
    Depository,
    Investor,
    Issuer,
    MemberAdmission,
    MemberClass,
    Role,
    Sender,
    Suite,
    deploy,
)

pytestmark = pytest.mark.integration


def test_quick_start__from_nothing_to_an_order() -> None:
    with AnvilNode(timestamp=datetime(2019, 12, 2, tzinfo=UTC)) as node:
        chain = node.connect()
        operator, bank, fund = (Sender(chain, Account.create()) for _ in range(3))
        node.time.set_balances({sender.address: 10**20 for sender in (operator, bank, fund)})

        deployment = deploy(operator, DeployParameters.load(PARAMETERS))
        suite = Suite(chain, deployment)

        everything = Role.HOLDER | Role.ISSUER | Role.BOOKRUNNER
        fund_lei = indenture.lei_from_prefix("9999EXAMPLEFUND000")
        Depository(suite, operator).admit_members(
            [
                MemberAdmission("54930053HGCFWVHYZX42", MemberClass.BANK, "CN", bank.address, everything),
                MemberAdmission(fund_lei, MemberClass.FUND, "CN", fund.address, Role.HOLDER),
            ]
        )
        CashIssuer(suite, operator).issue([(fund.address, Decimal("1000000.00"))])

        issued = Issuer(suite, bank).register(TERMS)
        now = chain.block_stamp().time
        offering = Issuer(suite, bank).open_offering(
            issued.isin,
            indenture.OfferingConditions(
                offered=200_000_000,
                price=indenture.CNY.money(100),
                opens_at=now,
                closes_at=now + timedelta(hours=8),
                settles_by=now + timedelta(days=3),
                bookrunner=bank.address,
            ),
        )
        order = Investor(suite, fund).order(offering, 10_000)

        assert order.deposit == indenture.CNY.money(1_000_000)
        assert Investor(suite, fund).cash_balance() == indenture.CNY.money(0)
        with pytest.raises(indenture.PaymentRefused, match=r"CNY 0\.00"):
            Investor(suite, fund).order(offering, 20_000)
        indenture.verify(chain, deployment)
