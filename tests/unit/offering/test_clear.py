"""clear, declareOverAllotment: known books to the last unit, and how an issue fails

A book by rate and its mirror by price, in every way of pricing: 800 units for bids of 300, 100, 600 and
300 at 10, 20, 30 and 50 ticks behind the best quote. The last 300 win nothing, and of the 600 only 400 do.
"""

import pytest
from tests.evm.artefacts import Record
from tests.evm.builders import (
    CLEARED,
    CLOSED,
    FAILED,
    HOUR,
    MIXED,
    MULTIPLE,
    NON_COMPETITIVE,
    OPEN,
    PRICE,
    PUBLISHED,
    RATE,
    TO_BE_FIXED,
    UNIFORM,
)
from tests.evm.chain import Receipt
from tests.evm.tender import Tender
from tests.evm.world import World
from tests.unit.offering.books import BOOK, RANGE, known_book

pytestmark = pytest.mark.unit


def finish(tender: Tender) -> Receipt:
    """Clears, allocates where it must, and gives the receipt in which the result was published."""
    made = tender.clear()
    return tender.allocate() if tender.book.stage == CLEARED else made


#: What comes out; `prices` are those of 10, 20, 30 and 50 ticks, by rate of a two-year bond of 100.00.
GOLDEN: list[tuple[int, int, int, Record]] = [
    (
        RATE,
        UNIFORM,
        0,
        Record(
            rate=33_000_000, price=10_000, marginal=30, average=21, units=[300, 367, 133], prices=[10_000] * 4
        ),
    ),
    (
        PRICE,
        UNIFORM,
        0,
        Record(
            rate=32_500_000, price=9_700, marginal=30, average=21, units=[300, 367, 133], prices=[9_700] * 4
        ),
    ),
    (
        RATE,
        MULTIPLE,
        0,
        Record(
            rate=32_100_000,
            price=10_000,
            marginal=30,
            average=21,
            units=[300, 367, 133],
            prices=[10_021, 10_002, 9_983, 0],
        ),
    ),
    (
        PRICE,
        MULTIPLE,
        0,
        Record(
            rate=32_500_000,
            price=9_790,
            marginal=30,
            average=21,
            units=[300, 367, 133],
            prices=[9_900, 9_800, 9_700, 0],
        ),
    ),
    (
        RATE,
        MIXED,
        9,
        Record(
            rate=32_100_000,
            price=10_000,
            marginal=30,
            average=21,
            units=[300, 367, 133],
            prices=[10_000, 10_000, 9_983, 0],
        ),
    ),
    (
        PRICE,
        MIXED,
        9,
        Record(
            rate=32_500_000,
            price=9_790,
            marginal=30,
            average=21,
            units=[300, 367, 133],
            prices=[9_790, 9_790, 9_700, 0],
        ),
    ),
    # One tick less of a band: 30 is too far behind, and 12.5 the average of what is left: half up.
    (
        RATE,
        MIXED,
        8,
        Record(
            rate=31_300_000,
            price=10_000,
            marginal=20,
            average=13,
            units=[300, 100, 0],
            prices=[10_000, 9_987, 0, 0],
        ),
    ),
    (
        PRICE,
        MIXED,
        8,
        Record(
            rate=32_500_000,
            price=9_880,
            marginal=20,
            average=12,
            units=[300, 100, 0],
            prices=[9_880, 9_800, 0, 0],
        ),
    ),
]


@pytest.mark.parametrize(
    ("basis", "pricing", "band", "golden"),
    GOLDEN,
    ids=[
        f"{'rate' if b == RATE else 'price'}-{('uniform', 'multiple', 'mixed')[p]}-{n}"
        for b, p, n, _ in GOLDEN
    ],
)
def test_clear__known_book__every_figure(
    world: World, basis: int, pricing: int, band: int, golden: Record
) -> None:
    tender = known_book(world, basis, pricing, band=band)

    cleared = tender.clear()
    published = tender.allocate() if tender.book.stage == CLEARED else cleared

    short = golden.marginal == 30
    sold = sum(golden.units)
    assert cleared.only("BookCleared") == {
        "offeringId": tender.id,
        "firstLevel": 0,
        "lastLevel": 60,
        "marginalLevel": golden.marginal,
        "averageLevel": golden.average,
        "marginalBid": 600 if short else 100,
        "marginalShare": 400 if short else 100,
        "competitive": sold,
        "nonCompetitiveShare": 0,
        "takeUp": 0,
        "actor": world.outsider,
    }
    assert published.only("ResultPublished") == {
        "offeringId": tender.id,
        "bond": tender.bond.address,
        "offered": 800,
        "bid": 1300,
        "allotted": sold,
        "takeUp": 0,
        "bidders": 3,
        "issueRate": golden.rate,
        "issuePrice": golden.price,
        "marginalQuote": tender.quote_of(golden.marginal),
        "averageQuote": tender.quote_of(golden.average),
        "bidMultiple": 16_250,
        "marginalMultiple": 15_000 if short else 10_000,
        "marginalRatio": 666_666 if short else 1_000_000,
    }
    won = [tender.won(bidder) for bidder in world.investors[:3]]
    assert [sum(each) for each in won] == golden.units
    at = {10: 0, 20: 1, 30: 2, 50: 3}
    for bidder, bids in zip(world.investors, BOOK, strict=False):
        ordered = sorted(bids, reverse=basis == PRICE)
        due = sum(
            units * golden.prices[at[level]]
            for (level, _), units in zip(ordered, tender.won(bidder), strict=True)
        )
        assert tender.due(bidder) == due
    assert tender.bond.terms().couponRate == golden.rate
    assert len(published.named("CouponFixed")) == (basis == RATE)


def test_clear__coupon__is_fixed_when_the_result_is_published(world: World) -> None:
    """Not before: a result that is never proved fixes nothing."""
    tender = known_book(world, RATE, UNIFORM)
    tender.clear()
    assert tender.book.stage == CLEARED
    assert tender.bond.terms().couponRate == TO_BE_FIXED

    made = tender.allocate()

    assert made.only("CouponFixed") == {"rate": 33_000_000}
    assert (tender.book.stage, tender.book.publishedAt) == (PUBLISHED, world.evm.now)
    assert tender.bond.terms().couponRate == 33_000_000


def test_clear__filled_book__is_published_at_once(world: World) -> None:
    tender = known_book(world, PRICE, UNIFORM, offered=1300)

    made = tender.clear()

    assert [event.name for event in made.events] == ["BookCleared", "ResultPublished"]
    assert tender.book.stage == PUBLISHED
    with world.refuses("OfferingStageWrong", tender.id, PUBLISHED):
        tender.allocate(Record(marginal=0, nonCompetitive=0), [])


# --- treasury tender of 2009: 12 ticks behind the average lose, more than 50 from it are void


def test_clear__mixed_tender_of_the_treasury__void_bids_and_the_band(world: World) -> None:
    """MoF-2009-28 in small: the average is the coupon; 12 ticks above it win at their price, 13 lose."""
    tender = world.open_tender(
        basis=RATE,
        pricing=MIXED,
        offered=1000,
        lowest=10_000_000,
        highest=20_000_000,
        tick=100_000,
        band=12,
        farOff=50,
    )
    first, second, third = world.investors[:3]
    best = 14_000_000
    tender.bid(first, (best, 300), (best + 1_000_000, 100))
    tender.bid(second, (best + 1_700_000, 100), (best + 1_800_000, 100))
    tender.bid(third, (20_000_000, 10))
    tender.close()
    tender.open_all()

    made = tender.clear()

    # All bids: (300 * 40 + 100 * (50 + 57 + 58) + 10 * 100) / 610 = 48.4 ticks, so that 100 is void.
    # Without it and with 58: 28,500 / 600 = 47.5, up to 48; 58 is within 12 of it, so nothing is dropped.
    cleared = made.only("BookCleared")
    assert (cleared.firstLevel, cleared.lastLevel) == (0, 98)
    assert (cleared.marginalLevel, cleared.averageLevel, cleared.competitive) == (58, 48, 600)
    assert made.only("ResultPublished").issueRate == 14_800_000
    assert tender.won(third) == [0]
    assert tender.due(first) == 300 * 10_000 + 100 * 9_996
    assert [tender.due(each) for each in (second, third)] == [100 * 9_982 + 100 * 9_980, 0]


# --- bids without a quote


@pytest.mark.parametrize(("cap", "share", "marginal"), [(90, 90, 310), (150, 120, 280), (120, 120, 280)])
def test_clear__bids_without_a_quote__come_first_up_to_the_cap(
    world: World, cap: int, share: int, marginal: int
) -> None:
    tender = known_book(world, PRICE, MULTIPLE, nonCompetitive=cap)
    with world.sandbox():
        assert tender.clear().only("BookCleared").nonCompetitiveShare == 0

    tender = world.open_tender(pricing=MULTIPLE, offered=800, nonCompetitive=cap, **RANGE[PRICE])
    for bidder, bids in zip(world.investors, BOOK, strict=False):
        tender.bid(bidder, *((tender.quote_of(level), units) for level, units in bids))
    tender.bid(world.investors[3], (NON_COMPETITIVE, 80))
    tender.bid(world.investors[4], (NON_COMPETITIVE, 40))
    published = tender.finish()

    assert published.nonCompetitiveShare == share
    assert (published.competitive, published.marginalShare) == (800 - share, marginal)
    won = [tender.won(bidder)[0] for bidder in world.investors[3:5]]
    assert won == ([60, 30] if cap == 90 else [80, 40])
    assert tender.due(world.investors[3]) == won[0] * published.issuePrice, (
        "at the average, whatever others bid"
    )


def test_clear__bids_without_a_quote_alone__find_no_price(world: World) -> None:
    tender = world.open_tender(nonCompetitive=900, syndicate={world.underwriters[0]: 1000})
    tender.bid(world.investors[0], (NON_COMPETITIVE, 900))
    tender.close()
    tender.open_all()

    made = tender.clear()

    assert made.only("OfferingFailed") == {
        "offeringId": tender.id,
        "stage": CLOSED,
        "volume": 0,
        "actor": world.outsider,
    }
    assert tender.book.stage == FAILED


# --- the rest, and how an issue fails


def test_clear__rest__falls_to_the_underwriters_as_far_as_they_committed_themselves(world: World) -> None:
    tender = world.open_tender(syndicate={world.underwriters[0]: 100, world.underwriters[1]: 250})
    tender.bid(world.investors[0], (10_000, 600))

    book = tender.finish()

    assert (book.stage, book.competitive, book.takeUp) == (PUBLISHED, 600, 350)
    parts = [world.offering.takeUpOf(tender.id, each) for each in world.underwriters]
    assert parts == [(100, 0), (250, 0), (0, 0)]


@pytest.mark.parametrize(("minimum", "stage"), [(950, PUBLISHED), (951, FAILED)])
def test_clear__volume_with_what_is_taken_up__reaches_the_minimum_or_the_issue_fails(
    world: World, minimum: int, stage: int
) -> None:
    tender = world.open_tender(syndicate={world.underwriters[0]: 350}, minimumVolume=minimum)
    tender.bid(world.investors[0], (10_000, 600))
    tender.close()
    tender.open_all()

    made = tender.clear()

    assert tender.book.stage == stage
    if stage == FAILED:
        assert made.only("OfferingFailed").volume == 950
        assert made.names == ["OfferingFailed"]
        assert tender.book.competitive == 0, "a failed book holds no result"


@pytest.mark.parametrize("form", [OPEN, 1])
def test_clear__no_bid_at_all__fails(world: World, form: int) -> None:
    tender = world.open_tender(form=form, syndicate={world.underwriters[0]: 1000})
    tender.close()

    made = tender.clear()

    assert made.only("OfferingFailed").volume == 0
    assert tender.book.stage == FAILED


def test_clear__nobody_opened_his_bid__fails(world: World) -> None:
    tender = world.open_tender()
    tender.bid(world.investors[0], (10_000, 600))
    tender.close()

    tender.clear()

    assert tender.book.stage == FAILED
    tender.forfeit(world.investors[0])
    assert world.offering.depositOf(world.cash, world.issuer) == 5_000


@pytest.mark.parametrize(("basis", "quote"), [(PRICE, 10_000), (RATE, 32_500_000)])
def test_clear__fixed_price_and_no_bid__the_underwriters_take_all(
    world: World, basis: int, quote: int
) -> None:
    tender = world.open_tender(
        basis=basis, lowest=quote, highest=quote, syndicate={world.underwriters[0]: 700}
    )

    made = finish_empty(tender)

    result = made.only("ResultPublished")
    assert (result.allotted, result.takeUp, result.marginalQuote, result.averageQuote) == (
        0,
        700,
        quote,
        quote,
    )
    assert (result.bidMultiple, result.marginalMultiple, result.marginalRatio) == (0, 0, 0)
    assert (result.issueRate, result.issuePrice) == (32_500_000, 10_000)


def finish_empty(tender: Tender) -> Receipt:
    tender.close()
    return tender.clear()


def test_clear__fixed_price_without_bids_or_underwriters__fails(world: World) -> None:
    tender = world.open_tender(lowest=10_000, highest=10_000)

    assert finish_empty(tender).only("OfferingFailed").volume == 0


def test_clear__one_bid_for_less_than_is_offered__gets_all_of_it(world: World) -> None:
    tender = world.open_tender()
    tender.bid(world.investors[0], (9_950, 10))

    book = tender.finish()

    assert (book.stage, book.competitive, book.takeUp, book.issuePrice) == (PUBLISHED, 10, 0, 9_950)
    assert tender.won(world.investors[0]) == [10]


def test_clear__all_bids_equal__share_by_lots(world: World) -> None:
    """Six bids of 300 for 1,000: 166 each, and one more for four of them."""
    tender = world.open_tender()
    for bidder in world.investors:
        tender.bid(bidder, (10_000, 300))

    tender.finish()

    won = sorted(tender.won(bidder)[0] for bidder in world.investors)
    assert won == [166, 166, 167, 167, 167, 167]


def test_clear__void_bids__are_told_and_win_nothing(world: World) -> None:
    tender = world.open_tender(farOff=5)
    tender.bid(world.investors[0], (10_100, 100))
    tender.bid(world.investors[1], (10_000, 900), (9_900, 30))

    tender.close()
    tender.open_all()
    made = tender.clear()

    # (100 * 0 + 900 * 10 + 30 * 20) / 1030 = 9.32: levels 5 to 14 are valid.
    cleared = made.only("BookCleared")
    assert (cleared.firstLevel, cleared.lastLevel, cleared.competitive) == (5, 14, 900)
    assert [tender.won(bidder) for bidder in world.investors[:2]] == [[0], [0, 900]]
    assert made.only("ResultPublished").bid == 1030, "void bids are bids"


def test_clear__twice__reverts(world: World) -> None:
    tender = known_book(world, PRICE, UNIFORM)
    tender.clear()

    with world.refuses("OfferingStageWrong", tender.id, CLEARED):
        tender.clear()


def test_clear__by_anyone_at_any_second__is_the_same(world: World) -> None:
    """Who clears, and when, decides nothing."""
    results = []
    for sender, delay in ((world.outsider, 0), (world.issuer, HOUR), (world.investors[2], 7)):
        with world.sandbox():
            tender = known_book(world, PRICE, MIXED, band=9)
            tender.to("overAllotsBy", plus=delay)
            made = world.offering.clear(tender.id, sender=sender)
            results.append(made.only("BookCleared") | {"actor": None})
    assert results[0] == results[1] == results[2]
