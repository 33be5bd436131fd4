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
    Bookrunner,
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


def test_quick_start__from_nothing_to_a_holding() -> None:
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
        rules = indenture.fixed_price_rules(
            units=200_000_000,
            quote=indenture.CNY.to_base(100),
            basis=indenture.Basis.PRICE,
            lot=1,
            opens_at=now + timedelta(hours=1),
            closes_at=now + timedelta(hours=8),
            settles_from=now + timedelta(days=1),
            settles_by=now + timedelta(days=3),
        )
        offering = Issuer(suite, bank).mandate(issued.isin, rules, bank.address)
        keeper, investor = Bookrunner(suite, bank), Investor(suite, fund)
        keeper.accept_mandate(offering)
        keeper.open_book(offering)
        node.time.mine(at=rules.opens_at)
        bid = investor.bid(offering, [indenture.Bid(100, 10_000)])
        node.time.mine(at=rules.closes_at)
        keeper.close(offering)
        result = keeper.clear(offering).result
        node.time.mine(at=rules.settles_from)
        paid = investor.pay(offering)

        assert bid.bids[0].units == paid.won == result.allotted == 10_000
        assert paid.amount == indenture.CNY.money(1_000_000)
        assert investor.cash_balance() == indenture.CNY.money(0)
        assert investor.holding(issued.isin).units == 10_000
        with pytest.raises(indenture.PaymentRefused, match=r"CNY 0\.00"):
            investor.deposit_funds(20_000)
        indenture.verify(chain, deployment)
