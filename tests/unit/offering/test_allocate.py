"""allocate, allotmentOf

├── stage is not CLOSED -> OfferingStageWrong
├── accounts are not strictly ascending, in and across batches -> AllocationOrderWrong
├── an account has no order -> OrderUnknown
├── all orders are proved and the cut gives away more or less -> AllocationCutWrong
├── not all orders are proved yet -> kept for this prover and this cut
└── else -> ALLOCATED, AllocationProved
"""

from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, note, settings
from hypothesis import strategies as st
from tests.evm.builders import STAGE_ALLOCATED, STAGE_CLOSED, STAGE_FAILED, STAGE_OPEN
from tests.evm.chain import Actor, actor, refused
from tests.evm.world import World

pytestmark = pytest.mark.unit

CROWD: list[Actor] = sorted(actor(f"subscriber {i}") for i in range(12))


@pytest.fixture
def crowd(world: World) -> list[Actor]:
    """Twelve members in ascending order of account, with cash."""
    for account in CROWD:
        world.admit(account)
        world.give_cash(account, 10**12)
    return CROWD


def largest_remainder(orders: dict[str, int], offered: int, lot: int = 1) -> dict[str, int]:
    """By brute force: whole lots pro rata, then one each by remainder, the lower account first."""
    total = sum(orders.values())
    if total <= offered:
        return dict(orders)
    won = {who: units // lot * (offered // lot) // (total // lot) for who, units in orders.items()}
    rest = {who: units // lot * (offered // lot) % (total // lot) for who, units in orders.items()}
    left = offered // lot - sum(won.values())
    for who in sorted(orders, key=lambda who: (-rest[who], who))[:left]:
        won[who] += 1
    return {who: lots * lot for who, lots in won.items()}


def right_cut(orders: dict[str, int], offered: int, lot: int = 1) -> tuple[int, str | int]:
    """The last that gets a lot of the residue; a cut above everybody when nobody does."""
    total = sum(orders.values())
    rest = {who: units // lot * (offered // lot) % (total // lot) for who, units in orders.items()}
    won = largest_remainder(orders, offered, lot)
    lucky = [
        who
        for who, units in orders.items()
        if total > offered and won[who] // lot > units // lot * (offered // lot) // (total // lot)
    ]
    if not lucky:
        return 2**64 - 1, 0
    last = max(lucky, key=lambda who: (-rest[who], who))
    return rest[last], last


def book(world: World, orders: dict[str, int], offered: int, lot: int = 1) -> int:
    """A closed book with these orders."""
    bond = world.register(minimumUnits=lot, units=10**9)
    offering_id = world.open(
        bond, offered=offered, minimumOrder=lot, maximumOrder=offered, price=1, minimumVolume=0
    )
    for account, units in orders.items():
        world.offering.order(offering_id, units, sender=account)
    world.close(offering_id)
    return offering_id


def allotments(world: World, offering_id: int, orders: dict[str, int]) -> dict[str, int]:
    return {who: world.offering.allotmentOf(offering_id, who) for who in orders}


def test_allocate__oversubscribed__by_largest_remainder(world: World, crowd: list[Actor]) -> None:
    orders: dict[str, int] = {crowd[0]: 10, crowd[1]: 10, crowd[2]: 7}
    offering_id = book(world, orders, 10)
    cut = right_cut(orders, 10)

    made = world.allocate(offering_id, cut, sorted(orders))

    assert made.only("AllocationProved") == {
        "offeringId": offering_id,
        "ordered": 27,
        "allotted": 10,
        "cutRemainder": cut[0],
        "cutAccount": cut[1],
        "actor": world.outsider,
    }
    assert (
        allotments(world, offering_id, orders) == {crowd[0]: 4, crowd[1]: 4, crowd[2]: 2}
        or sum(allotments(world, offering_id, orders).values()) == 10
    )
    assert allotments(world, offering_id, orders) == largest_remainder(orders, 10)
    assert world.offering.bookOf(offering_id).stage == STAGE_ALLOCATED


def test_allocate__all_alike__the_lower_accounts_get_the_residue(world: World, crowd: list[Actor]) -> None:
    orders: dict[str, int] = dict.fromkeys(crowd[:6], 10)
    offering_id = book(world, orders, 10)

    world.allocate(offering_id, right_cut(orders, 10), sorted(orders))

    assert list(allotments(world, offering_id, orders).values()) == [2, 2, 2, 2, 1, 1]


def test_allocate__undersubscribed__gives_all_of_each(world: World, crowd: list[Actor]) -> None:
    orders: dict[str, int] = {crowd[0]: 3, crowd[1]: 4}
    offering_id = book(world, orders, 10)

    made = world.allocate(offering_id, (0, 0), sorted(orders))

    assert made.only("AllocationProved").allotted == 7
    assert allotments(world, offering_id, orders) == orders


def test_allocate__just_subscribed__gives_all_of_each(world: World, crowd: list[Actor]) -> None:
    orders: dict[str, int] = {crowd[0]: 6, crowd[1]: 4}
    offering_id = book(world, orders, 10)

    world.allocate(offering_id, (0, 0), sorted(orders))

    assert allotments(world, offering_id, orders) == orders


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    lots=st.lists(st.integers(1, 1000), min_size=1, max_size=12),
    offered=st.integers(1, 1500),
    lot=st.sampled_from([1, 1, 7, 10]),
    arrival=st.randoms(use_true_random=False),
    cuts=st.sets(st.integers(1, 11), max_size=4),
)
def test_allocate__any_book__as_by_brute_force(
    world: World,
    crowd: list[Actor],
    lots: list[int],
    offered: int,
    lot: int,
    arrival: object,
    cuts: set[int],
) -> None:
    """PROPERTIES 23: independent of the order of arrival; nobody gets more than he asked for."""
    with world.sandbox():
        orders: dict[str, int] = {
            who: min(each, offered) * lot for who, each in zip(crowd, lots, strict=False)
        }
        arrivals = list(orders)
        arrival.shuffle(arrivals)  # type: ignore[attr-defined]
        offering_id = book(world, {who: orders[who] for who in arrivals}, offered * lot, lot)
        cut = right_cut(orders, offered * lot, lot)
        note(f"cut {cut}")
        ascending = sorted(orders)
        edges = [0, *sorted(cut for cut in cuts if cut < len(ascending)), len(ascending)]
        for start, end in pairwise(edges):
            world.allocate(offering_id, cut, ascending[start:end])

        found = allotments(world, offering_id, orders)
        assert found == largest_remainder(orders, offered * lot, lot), "ALLOC-1: largest remainder"
        assert sum(found.values()) == min(offered * lot, sum(orders.values())), "ALLOC-2: all is given"
        assert all(found[who] <= orders[who] and found[who] % lot == 0 for who in orders), (
            "ALLOC-3: whole lots"
        )


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    lots=st.lists(st.integers(1, 50), min_size=2, max_size=8),
    offered=st.integers(1, 60),
    remainder=st.integers(0, 400),
    who=st.integers(0, 11),
)
def test_allocate__any_cut__only_one_set_of_winners_can_be_proved(
    world: World, crowd: list[Actor], lots: list[int], offered: int, remainder: int, who: int
) -> None:
    """A cheating cut is refused, or changes nothing."""
    with world.sandbox():
        orders: dict[str, int] = {a: min(each, offered) for a, each in zip(crowd, lots, strict=False)}
        offering_id = book(world, orders, offered)

        found = refused(lambda: world.allocate(offering_id, (remainder, crowd[who]), sorted(orders)))

        assert found in ("", "AllocationCutWrong")
        if not found:
            assert allotments(world, offering_id, orders) == largest_remainder(orders, offered)
        else:
            assert world.offering.bookOf(offering_id).stage == STAGE_CLOSED


def test_allocate__cut_that_gives_too_much_or_too_little__reverts(world: World, crowd: list[Actor]) -> None:
    orders: dict[str, int] = dict.fromkeys(crowd[:6], 10)
    offering_id = book(world, orders, 10)

    with world.refuses("AllocationCutWrong", 11, 10):
        world.allocate(offering_id, (40, crowd[4]), sorted(orders))
    with world.refuses("AllocationCutWrong", 9, 10):
        world.allocate(offering_id, (40, crowd[2]), sorted(orders))
    with world.refuses("AllocationCutWrong", 6, 10):
        world.allocate(offering_id, (41, 0), sorted(orders))


def test_allocate__account_left_out__proves_nothing(world: World, crowd: list[Actor]) -> None:
    orders: dict[str, int] = dict.fromkeys(crowd[:6], 10)
    offering_id = book(world, orders, 10)
    cut = right_cut(orders, 10)

    made = world.allocate(offering_id, cut, sorted(orders)[1:])

    assert made.only("AllocationContinued") == {
        "offeringId": offering_id,
        "prover": world.outsider,
        "last": crowd[5],
        "units": 50,
        "allotted": made.only("AllocationContinued").allotted,
        "cutRemainder": cut[0],
        "cutAccount": cut[1],
    }
    assert world.offering.proofOf(offering_id, world.outsider).units == 50
    assert world.offering.bookOf(offering_id).stage == STAGE_CLOSED
    with world.refuses("AllocationOrderWrong", crowd[5], crowd[0]):
        world.allocate(offering_id, cut, [crowd[0]])
    assert world.offering.allotmentOf(offering_id, crowd[0]) == 0


def test_allocate__account_repeated__reverts(world: World, crowd: list[Actor]) -> None:
    orders: dict[str, int] = dict.fromkeys(crowd[:6], 10)
    offering_id = book(world, orders, 10)

    with world.refuses("AllocationOrderWrong", crowd[1], crowd[1]):
        world.allocate(offering_id, (0, 0), [crowd[0], crowd[1], crowd[1]])
    world.allocate(offering_id, (0, 0), [crowd[0], crowd[1]])
    with world.refuses("AllocationOrderWrong", crowd[1], crowd[1]):
        world.allocate(offering_id, (0, 0), [crowd[1]])


def test_allocate__account_without_order__reverts(world: World, crowd: list[Actor]) -> None:
    offering_id = book(world, {crowd[0]: 10, crowd[2]: 10}, 10)

    with world.refuses("OrderUnknown", offering_id, crowd[1]):
        world.allocate(offering_id, (0, 0), crowd[:3])


def test_allocate__a_proof_that_went_wrong__starts_again_with_another_cut(
    world: World, crowd: list[Actor]
) -> None:
    """A prover who left somebody out is not stuck."""
    orders: dict[str, int] = dict.fromkeys(crowd[:6], 10)
    offering_id = book(world, orders, 10)
    cut = right_cut(orders, 10)
    world.allocate(offering_id, cut, crowd[1:3])
    world.allocate(offering_id, (1, 0), [])

    world.allocate(offering_id, cut, sorted(orders))

    assert world.offering.bookOf(offering_id).stage == STAGE_ALLOCATED


def test_allocate__another_prover_in_between__disturbs_nobody(world: World, crowd: list[Actor]) -> None:
    """PROPERTIES 13, 25: nobody can spoil another's proof."""
    orders: dict[str, int] = dict.fromkeys(crowd[:6], 10)
    offering_id = book(world, orders, 10)
    cut = right_cut(orders, 10)
    world.allocate(offering_id, cut, crowd[:3], sender=world.bookrunner)
    world.allocate(offering_id, (0, 0), crowd[:5])
    world.allocate(offering_id, (7, 0), [crowd[4]])

    world.allocate(offering_id, cut, crowd[3:6], sender=world.bookrunner)

    assert allotments(world, offering_id, orders) == largest_remainder(orders, 10)


def test_allocate__too_early_and_twice__reverts(world: World, crowd: list[Actor]) -> None:
    bond = world.register()
    offering_id = world.open(bond, offered=10)
    with world.refuses("OfferingStageWrong", offering_id, STAGE_OPEN):
        world.allocate(offering_id, (0, 0), [])
    world.offering.order(offering_id, 1, sender=crowd[0])
    world.close(offering_id)
    world.allocate(offering_id, (0, 0), [crowd[0]])
    with world.refuses("OfferingStageWrong", offering_id, STAGE_ALLOCATED):
        world.allocate(offering_id, (0, 0), [crowd[0]])


def test_allocate__failed_offering__reverts(world: World) -> None:
    offering_id = world.open(world.register())
    world.close(offering_id)

    with world.refuses("OfferingStageWrong", offering_id, STAGE_FAILED):
        world.allocate(offering_id, (0, 0), [])


def test_allocate__the_largest_books__do_not_overflow(world: World) -> None:
    """Products of 128 bits: units at the bound of 64 bits."""
    most = 2**62
    people: list[Actor] = sorted([world.holder, world.buyer, world.spender])
    cash = world.deploy("WeirdCash", 0)
    bond = world.register(units=most, faceValue=1, currency=cash.address)
    offering_id = world.open(bond, offered=most, maximumOrder=most, price=1)
    orders: dict[str, int] = {people[0]: most, people[1]: most - 1, people[2]: most // 3}
    for account, units in orders.items():
        cash.mint(account, units, sender=world.outsider)
        cash.approve(world.offering, units, sender=account)
        world.offering.order(offering_id, units, sender=account)
    world.close(offering_id)

    world.allocate(offering_id, right_cut(orders, most), sorted(orders))

    assert allotments(world, offering_id, orders) == largest_remainder(orders, most)
