"""allocate: only one set of entries and one sharing pass the proof

├── bidders do not ascend, or one is repeated -> AllocationOrderWrong
├── a bid that is none, or is not as it was opened -> BidUnknown, BidMismatch
├── the pass is not whole -> kept for its prover, AllocationContinued
├── all is proved and a cut gives away more or less -> AllocationCutWrong
└── else -> AllocationProved, and the result is published
"""

from random import Random

import pytest
from tests.evm.artefacts import Record
from tests.evm.builders import CLEARED, MIXED, NON_COMPETITIVE, OPEN, PUBLISHED
from tests.evm.chain import actor, refused
from tests.evm.tender import NO_CUT, Tender
from tests.evm.world import World

pytestmark = pytest.mark.unit

QUOTE = 10_000
NOTHING = Record(
    last="0x" + "00" * 20,
    cuts=Record(marginal=0, nonCompetitive=0),
    marginalBid=0,
    marginalShare=0,
    nonCompetitiveBid=0,
    nonCompetitiveShare=0,
)


@pytest.fixture
def tender(world: World) -> Tender:
    """Cleared: 500 units win whole; 500 of 700 do at the margin, and 100 of 150 without a quote."""
    made = world.open_tender(offered=1100, nonCompetitive=100)
    a, b, c, d, e, f = sorted(world.investors, key=lambda who: int(who, 16))
    made.bid(a, (QUOTE, 300), (9_990, 100))
    made.bid(b, (9_990, 333), (NON_COMPETITIVE, 77))
    made.bid(c, (QUOTE, 200), (NON_COMPETITIVE, 33))
    made.bid(d, (9_990, 100, a), (9_990, 67))
    made.bid(e, (9_980, 500), (NON_COMPETITIVE, 40))
    made.bid(f, (9_990, 100))
    made.close()
    made.open_all()
    made.clear()
    book = made.book
    assert (book.stage, book.marginalBid, book.marginalShare) == (CLEARED, 700, 500)
    assert (book.nonCompetitiveBid, book.nonCompetitiveShare) == (150, 100)
    return made


def in_order(tender: Tender) -> list[str]:
    return [opening.bidder for opening in tender.openings()]


def below(cut: int) -> int:
    return cut - 1


def test_allocate__whole_pass__publishes(world: World, tender: Tender) -> None:
    cuts = tender.cuts()

    made = tender.allocate()

    assert made.only("AllocationProved") == {"offeringId": tender.id, "cuts": cuts, "actor": world.outsider}
    assert [event.name for event in made.events] == ["AllocationProved", "ResultPublished"]
    book = tender.book
    assert (book.stage, book.publishedAt) == (PUBLISHED, world.evm.now)
    assert (book.marginalCut, book.nonCompetitiveCut) == (cuts.marginal, cuts.nonCompetitive)
    won = {bidder: tender.won(bidder) for bidder in tender.bids}
    margin = [
        units
        for bidder, bids in tender.bids.items()
        for bid, units in zip(bids, won[bidder], strict=True)
        if bid.quote == 9_990
    ]
    unquoted = [won[bidder][-1] for bidder in tender.bids if tender.bids[bidder][-1].quote == NON_COMPETITIVE]
    # 500 of 700: 71.4 three times, 237.9, 47.9; 100 of 150: 51.3, 22, 26.7.
    assert sorted(margin) == [48, 71, 71, 72, 238]
    assert sorted(unquoted) == [22, 27, 51]
    assert world.offering.proofOf(tender.id, world.outsider) == NOTHING


def test_allocate__only_those_at_short_levels__is_enough(world: World, tender: Tender) -> None:
    """Who bid at filled levels alone need not be shown."""
    tender.allocate(
        openings=[each for each in tender.openings() if len(each.bids) > 1 or each.bids[0].quote == 9_990]
    )

    assert tender.book.stage == PUBLISHED


@pytest.mark.parametrize("missing", range(6))
def test_allocate__one_bidder_left_out__is_not_whole(world: World, tender: Tender, missing: int) -> None:
    """PROPERTIES 13: nobody's share can be given to others."""
    people = in_order(tender)
    left = people[:missing] + people[missing + 1 :]

    tender.allocate(openings=tender.openings(*left))

    assert tender.book.stage == CLEARED
    proof = world.offering.proofOf(tender.id, world.outsider)
    assert proof.last == left[-1].lower()
    assert (proof.marginalBid, proof.nonCompetitiveBid) != (700, 150)


@pytest.mark.parametrize("place", range(6))
def test_allocate__bidder_twice__reverts(world: World, tender: Tender, place: int) -> None:
    people = in_order(tender)
    again = people[: place + 1] + people[place:]

    with world.refuses("AllocationOrderWrong", people[place].lower(), people[place].lower()):
        tender.allocate(openings=tender.openings(*again))


@pytest.mark.parametrize("place", range(5))
def test_allocate__two_bidders_exchanged__reverts(world: World, tender: Tender, place: int) -> None:
    people = in_order(tender)
    people[place], people[place + 1] = people[place + 1], people[place]

    with world.refuses("AllocationOrderWrong", people[place].lower(), people[place + 1].lower()):
        tender.allocate(openings=tender.openings(*people))


def test_allocate__bids_other_than_opened__reverts(world: World, tender: Tender) -> None:
    people = in_order(tender)
    openings = tender.openings()
    more = [bid.but(units=bid.units + 1) for bid in openings[1].bids]
    for bids in (openings[1].bids[:1], more, [], openings[0].bids):
        wrong = [openings[0], openings[1].but(bids=bids), *openings[2:]]
        with world.refuses("BidMismatch", tender.id, people[1].lower()):
            tender.allocate(openings=wrong)


def test_allocate__bidder_without_a_bid__reverts(world: World, tender: Tender) -> None:
    stranger = Record(bidder="0x" + "00" * 19 + "01", bids=tender.bids_of(world.outsider, [(9_990, 100)]))

    with world.refuses("BidUnknown", tender.id, stranger.bidder):
        tender.allocate(openings=[stranger, *tender.openings()])


def test_allocate__bid_that_nobody_opened__reverts(world: World) -> None:
    tender = world.open_tender()
    for bidder in world.investors[:3]:
        tender.bid(bidder, (QUOTE, 600))
    tender.close()
    for bidder in world.investors[:2]:
        tender.open_bid(bidder)
    tender.clear()
    hidden = world.investors[2]

    with world.refuses("BidMismatch", tender.id, hidden.lower()):
        tender.allocate(Record(marginal=0, nonCompetitive=0), tender.openings(hidden))


# --- cuts


@pytest.mark.parametrize("which", ["marginal", "nonCompetitive"])
def test_allocate__cut_one_entry_too_high_or_too_low__reverts(
    world: World, tender: Tender, which: str
) -> None:
    """The cut is the lowest score that gets a lot: one above it loses it, the next score below gains one."""
    cuts = tender.cuts()
    share = tender.book[f"{which}Share"]
    scores = sorted(scores_of(tender, which))
    next_below = max(score for score in scores if score < cuts[which])

    with world.refuses("AllocationCutWrong", share - 1, share):
        tender.allocate(cuts.but(**{which: cuts[which] + 1}))
    with world.refuses("AllocationCutWrong", share + 1, share):
        tender.allocate(cuts.but(**{which: next_below}))
    for extreme, allotted in ((0, len(scores)), (NO_CUT, 0)):
        given = share - sum(score >= cuts[which] for score in scores) + allotted
        with world.refuses("AllocationCutWrong", given, share):
            tender.allocate(cuts.but(**{which: extreme}))
    with world.sandbox():
        tender.allocate(cuts.but(**{which: next_below + 1}))
        loosest = {bidder: tender.won(bidder) for bidder in tender.bids}
    tender.allocate()
    assert {bidder: tender.won(bidder) for bidder in tender.bids} == loosest, (
        "what a cut decides is one sharing"
    )


def scores_of(tender: Tender, which: str) -> list[int]:
    book = tender.book
    share, total = book[f"{which}Share"], book[f"{which}Bid"]
    quote = 9_990 if which == "marginal" else NON_COMPETITIVE
    return [
        tender.score(bidder, bid.account, bid.units * share % total)
        for bidder, bids in tender.bids.items()
        for bid in bids
        if bid.quote == quote
    ]


@pytest.mark.parametrize("cut", [0, 1, 2**255, NO_CUT])
@pytest.mark.parametrize("short", ["marginal", "nonCompetitive"])
def test_allocate__cut_for_a_level_that_is_filled__gives_nobody_more(
    world: World, short: str, cut: int
) -> None:
    tender = world.open_tender(offered=1000, nonCompetitive=100)
    first, second = world.investors[:2]
    quoted, unquoted = (600, 50) if short == "marginal" else (450, 80)
    for bidder in (first, second):
        tender.bid(bidder, (9_990, quoted), (NON_COMPETITIVE, unquoted))
    tender.close()
    tender.open_all()
    tender.clear()
    filled = "nonCompetitive" if short == "marginal" else "marginal"
    right = tender.cuts()
    assert right[filled] == NO_CUT

    tender.allocate(right.but(**{filled: cut}))

    won = [tender.won(bidder) for bidder in (first, second)]
    assert won == [[450, 50]] * 2
    assert tender.book.stage == PUBLISHED


def test_allocate__shares_without_a_residue__need_no_cut(world: World) -> None:
    tender = world.open_tender()
    for bidder in world.investors[:4]:
        tender.bid(bidder, (QUOTE, 500))
    tender.close()
    tender.open_all()
    tender.clear()
    assert tender.cuts().marginal == NO_CUT
    highest = max(tender.score(who, who, 0) for who in tender.bids)

    with world.refuses("AllocationCutWrong", 1001, 1000):
        tender.allocate(Record(marginal=highest, nonCompetitive=0))
    tender.allocate(Record(marginal=highest + 1, nonCompetitive=0))

    assert [tender.won(bidder) for bidder in tender.bids] == [[250]] * 4


def test_allocate__in_lots__gives_whole_ones(world: World) -> None:
    bond = world.register(minimumUnits=100)
    tender = world.open_tender(bond, offered=1000)
    for number, bidder in enumerate(world.investors[:3]):
        tender.bid(bidder, (QUOTE, 500 + 100 * number))

    tender.finish()

    # 10 lots for 5, 6 and 7 of 18: 2.8, 3.3, 3.9.
    assert [tender.won(bidder)[0] for bidder in world.investors[:3]] == [300, 300, 400]


# --- batches and provers


@pytest.mark.parametrize("size", [1, 2, 3, 5])
def test_allocate__in_batches__ends_where_one_would(world: World, tender: Tender, size: int) -> None:
    openings, cuts = tender.openings(), tender.cuts()
    bid = share = 0
    for start in range(0, 6, size):
        made = tender.allocate(cuts, openings[start : start + size])
        if tender.book.stage == PUBLISHED:
            break
        said = made.only("AllocationContinued")
        assert world.offering.proofOf(tender.id, world.outsider) == {name: said[name] for name in NOTHING}
        assert said.last == openings[min(start + size, 6) - 1].bidder.lower()
        assert said.marginalBid >= bid
        assert said.marginalShare >= share
        bid, share = said.marginalBid, said.marginalShare
    assert tender.book.stage == PUBLISHED
    assert world.offering.proofOf(tender.id, world.outsider) == NOTHING


def test_allocate__next_batch_begins_too_early__reverts(world: World, tender: Tender) -> None:
    openings, cuts = tender.openings(), tender.cuts()
    tender.allocate(cuts, openings[:3])
    last = openings[2].bidder.lower()

    for again in (openings[2], openings[0]):
        with world.refuses("AllocationOrderWrong", last, again.bidder.lower()):
            tender.allocate(cuts, [again])
    tender.allocate(cuts, openings[3:])
    assert tender.book.stage == PUBLISHED


def test_allocate__empty_batch__changes_nothing(world: World, tender: Tender) -> None:
    tender.allocate(tender.cuts(), tender.openings()[:2])
    before = world.offering.proofOf(tender.id, world.outsider)

    tender.allocate(tender.cuts(), [])

    assert world.offering.proofOf(tender.id, world.outsider) == before


@pytest.mark.parametrize("which", ["marginal", "nonCompetitive"])
def test_allocate__other_cuts__begin_anew(world: World, tender: Tender, which: str) -> None:
    openings, cuts = tender.openings(), tender.cuts()
    tender.allocate(cuts.but(**{which: cuts[which] - 1}), openings[:4])

    made = tender.allocate(cuts, openings[:2])
    assert made.only("AllocationContinued").last == openings[1].bidder.lower()
    tender.allocate(cuts, openings[2:])

    assert tender.book.stage == PUBLISHED


def test_allocate__pass_that_left_one_out__ends_with_other_cuts_or_another_prover(
    world: World, tender: Tender
) -> None:
    """A prover that went wrong has spoiled its own pass, and nothing else."""
    openings, cuts = tender.openings(), tender.cuts()
    tender.allocate(cuts, openings[1:])
    with world.refuses("AllocationOrderWrong", openings[-1].bidder.lower(), openings[0].bidder.lower()):
        tender.allocate(cuts, openings)

    with world.sandbox():
        tender.allocate(cuts, openings, sender=world.holder)
        assert tender.book.stage == PUBLISHED
    tender.allocate(cuts.but(marginal=cuts.marginal - 1), openings[:1])
    tender.allocate(cuts, openings)
    assert tender.book.stage == PUBLISHED


def test_allocate__another_prover_in_between__disturbs_nobody(world: World, tender: Tender) -> None:
    """Two honest provers and one who sends nonsense after each of their batches."""
    openings, cuts = tender.openings(), tender.cuts()
    for step in range(3):
        for prover in (world.holder, world.buyer):
            tender.allocate(cuts, openings[step : step + 1], sender=prover)
        tender.allocate(Record(marginal=5, nonCompetitive=step), openings[step:5], sender=world.outsider)
    assert world.offering.proofOf(tender.id, world.holder) == world.offering.proofOf(tender.id, world.buyer)
    assert world.offering.proofOf(tender.id, world.outsider).cuts == {"marginal": 5, "nonCompetitive": 2}

    tender.allocate(cuts, openings[3:], sender=world.holder)
    assert tender.book.stage == PUBLISHED
    with world.refuses("OfferingStageWrong", tender.id, PUBLISHED):
        tender.allocate(cuts, openings[3:], sender=world.buyer)


def test_allocate__proof_of_one_offering__is_not_that_of_another(world: World, tender: Tender) -> None:
    soon = world.evm.now + 60
    other = world.open_tender(closesAt=soon, revealsBy=soon + 60)
    for bidder in world.investors[:3]:
        other.bid(bidder, (QUOTE, 600))
    other.close()
    other.open_all()
    other.clear()
    tender.allocate(tender.cuts(), tender.openings()[:3])

    assert world.offering.proofOf(other.id, world.outsider) == NOTHING
    other.allocate()
    assert other.book.stage == PUBLISHED
    assert tender.book.stage == CLEARED


def test_allocate__while_bids_of_others_are_forfeited__goes_on(world: World) -> None:
    """Lost seals are not part of the sums, so taking them away disturbs no pass."""
    tender = world.open_tender()
    for bidder in world.investors[:4]:
        tender.bid(bidder, (QUOTE, 600))
    sealed = tender.seal_of(world.investors[3])
    tender.close()
    for bidder in world.investors[:3]:
        tender.open_bid(bidder)
    tender.bids.pop(world.investors[3])
    tender.clear()
    openings = tender.openings()
    tender.allocate(tender.cuts(), openings[:1])

    tender._do("forfeit", [sealed])
    tender.allocate(tender.cuts(), openings[1:])

    assert tender.book.stage == PUBLISHED


# --- what does not matter


@pytest.mark.parametrize("form", [OPEN, 1])
def test_allocate__bids_in_any_order__the_same_shares(world: World, form: int) -> None:
    """PROPERTIES 23: arrival never matters, nor the order in which bids are opened."""
    people = [*world.investors, *world.underwriters]
    results = []
    for seed in range(4):
        with world.sandbox():
            tender = world.open_tender(form=form, pricing=MIXED, band=3, nonCompetitive=50)
            dice = Random(seed)
            for bidder in dice.sample(people, len(people)):
                number = people.index(bidder)
                tender.bid(bidder, (QUOTE, 11 + number), (9_980, 200 + 7 * number), (NON_COMPETITIVE, 13))
            tender.close()
            for bidder in dice.sample(people, len(people)) if form else []:
                tender.open_bid(bidder)
            tender.clear()
            tender.allocate()
            results.append([(tender.won(bidder), tender.due(bidder)) for bidder in people])
    assert all(result == results[0] for result in results)


def test_allocate__equal_bids__are_parted_by_offering_not_by_name(world: World) -> None:
    """The one who gets the odd lot in one tender is not the one who gets it in every tender."""
    lucky = set()
    for number in range(12):
        tender = world.open_tender(offered=10, deposit=0)
        for bidder in world.investors[:3]:
            tender.bid(bidder, (QUOTE, 10))
        tender.finish()
        lucky.add(next(who for who in world.investors[:3] if tender.won(who) == [4]))
        assert number == tender.id - 1
    assert len(lucky) == 3


def test_allocate__many_entries_of_one_bidder__each_has_its_own_score(world: World) -> None:
    tender, (first, second) = world.open_tender(offered=100), world.investors[:2]
    clients = [actor(f"client {number}") for number in range(30)]
    for bidder in (first, second):
        tender.bid(bidder, *((QUOTE, 3, client) for client in clients))

    tender.finish()

    # 100 of 180: 1.67 of each 3, so 1 for all and one more for forty of the sixty.
    won = tender.won(first) + tender.won(second)
    assert (sum(won), won.count(1), won.count(2)) == (100, 20, 40)
    assert tender.won(first) != tender.won(second), "for one client of two bidders there are two scores"


def test_allocate__wrong_cut_of_two__names_the_side_that_is_wrong(world: World, tender: Tender) -> None:
    cuts = tender.cuts()
    worse = cuts.but(nonCompetitive=0)

    assert refused(lambda: tender.allocate(worse)) == "AllocationCutWrong"
    with world.refuses("AllocationCutWrong", 99 + 3, 100):
        tender.allocate(worse)
