"""The facts of one offering: conditions, demand, result as published, bids, syndicate, deposits lost."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from typing import Any

from indenture.audit.model.tender import Bid
from indenture.audit.model.tender.bids import RATE
from indenture.audit.replay.offering import BASES, FORMS, PRICINGS, Offering, Stage, opened_word
from indenture.audit.report.facts.amounts import Amounts, moment, percent

Facts = dict[str, Any]

_CLEARED = (Stage.CLEARED, Stage.PUBLISHED)


def tender_facts(offering: Offering, amounts: Amounts) -> Facts:
    """All facts of one offering."""
    c = offering.conditions
    bids = list(offering.all_bids())
    allotments = offering.outcome.allotments if offering.stage in _CLEARED else {}
    return {
        "id": offering.number,
        "stage": offering.stage.name.lower(),
        "form": FORMS[c.form],
        "basis": BASES[c.basis],
        "pricing": PRICINGS[c.pricing],
        "currency": amounts.code(offering.cash),
        "bookrunner": c.bookrunner,
        "offered": c.offered + offering.over_allotted,
        "over_allotted": offering.over_allotted,
        "non_competitive": c.nonCompetitive,
        "lowest": quote(offering, c.lowest, amounts),
        "highest": quote(offering, c.highest, amounts),
        "deposit": amounts.show(offering.cash, c.deposit),
        "opens": moment(c.opensAt),
        "closes": moment(c.closesAt),
        "reveals_by": moment(c.revealsBy),
        "settles_from": moment(c.settlesFrom),
        "settles_by": moment(c.settlesBy),
        "takes_up_by": moment(c.takesUpBy),
        "bid": sum(bid.units for bid in bids),
        "bidders": len(offering.bids),
        "sealed": len(offering.seals),
        "result": _result(offering, amounts) if offering.stage == Stage.PUBLISHED else None,
        "demand": _demand(offering, allotments, amounts),
        "bids": _bids(offering, allotments, amounts),
        "bidder_states": _bidders(offering, amounts),
        "syndicate": _syndicate(offering),
        "issued": offering.issued,
        "issued_later": offering.issued_later,
        "additional": sum(offering.additional.values()),
        "proceeds": amounts.show(offering.cash, offering.proceeds),
        "forfeited": [
            {"account": account, "amount": amounts.show(offering.cash, amount)}
            for account, amount in offering.forfeited
        ],
    }


def quote(offering: Offering, value: int, amounts: Amounts) -> str:
    """A rate in percent, or a price in the currency."""
    return percent(value) if offering.conditions.basis == RATE else amounts.show(offering.cash, value)


def _result(offering: Offering, amounts: Amounts) -> Facts:
    """As it is published: multiples as figures, the ratio in percent."""
    outcome = offering.outcome
    clearing, figures = outcome.clearing, outcome.figures
    return {
        "issue_rate_percent": percent(outcome.issue_rate),
        "issue_price": amounts.show(offering.cash, outcome.issue_price),
        "marginal_quote": quote(offering, figures.marginal_quote, amounts),
        "average_quote": quote(offering, figures.average_quote, amounts),
        "bid_multiple": f"{Decimal(figures.bid_multiple).scaleb(-4):f}",
        "marginal_multiple": f"{Decimal(figures.marginal_multiple).scaleb(-4):f}",
        "marginal_ratio_percent": f"{Decimal(figures.marginal_ratio).scaleb(-4):f}",
        "allotted": clearing.competitive + clearing.non_competitive_share,
        "competitive": clearing.competitive,
        "non_competitive": clearing.non_competitive_share,
        "take_up": clearing.take_up,
        "published": moment(offering.published_at),
    }


def _demand(offering: Offering, allotments: dict[Bid, int], amounts: Amounts) -> list[Facts]:
    """Units by quote, best first: the void ones too, which do not count into the running sum."""
    tender = offering.tender
    asked: Counter[int] = Counter()
    given: Counter[int] = Counter()
    for bid in offering.all_bids():
        if bid.is_quoted:
            asked[bid.quote] += bid.units
            given[bid.quote] += allotments.get(bid, 0)
    clearing = offering.outcome.clearing if allotments else None
    facts, running = [], 0
    for value in sorted(asked, key=tender.level):
        level = tender.level(value)
        is_void = clearing is not None and not clearing.first_level <= level <= clearing.last_level
        running += 0 if is_void else asked[value]
        facts.append(
            {
                "quote": quote(offering, value, amounts),
                "units": asked[value],
                "cumulative": running,
                "allotted": given[value],
                "void": is_void,
                "marginal": bool(given[value]) and clearing is not None and level == clearing.marginal_level,
            }
        )
    return facts


def _bids(offering: Offering, allotments: dict[Bid, int], amounts: Amounts) -> list[Facts]:
    ordered = sorted(
        offering.all_bids(),
        key=lambda bid: (not bid.is_quoted, bid.is_quoted and offering.tender.level(bid.quote), -bid.units),
    )
    return [
        {
            "bidder": bid.bidder,
            "account": bid.account,
            "quote": quote(offering, bid.quote, amounts) if bid.is_quoted else None,
            "units": bid.units,
            "allotted": allotments.get(bid, 0),
        }
        for bid in ordered
    ]


def _bidders(offering: Offering, amounts: Amounts) -> list[Facts]:
    """What became of each bidder."""
    facts = []
    for bidder in dict.fromkeys([*offering.seals, *offering.bids]):
        units, paid = offering.settled.get(bidder, (0, 0))
        facts.append(
            {
                "bidder": bidder,
                "state": _state(offering, bidder),
                "units": units,
                "paid": amounts.show(offering.cash, paid),
            }
        )
    return facts


def _state(offering: Offering, bidder: str) -> str:
    for name, ended in (("settled", offering.settled), ("lapsed", offering.lapsed)):
        if bidder in ended:
            return name
    word = offering.words.get(bidder)
    if bidder not in offering.bids:
        return "sealed" if word else "not opened"
    return "open" if word == opened_word(offering.bids[bidder]) else "released"


def _syndicate(offering: Offering) -> list[Facts]:
    return [
        {
            "account": account,
            "class": member.class_,
            "commitment": member.commitment,
            "joined": member.joined,
            "bid": sum(bid.units for bid in offering.bids.get(account, ())),
            "taken_up": offering.taken_up[account],
        }
        for account, member in offering.syndicate.items()
    ]
