"""supportsInterface, terms, suite, isin, currency, maturityDay, name, symbol and other plain views."""

from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.evm.artefacts import errors
from tests.evm.builders import DEFAULT_TERMS, NO_PROVISIONS, NO_RIGHTS, THIRTY_E_360, day_of
from tests.evm.chain import reverts
from tests.evm.world import World

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(
    ("interface", "known"),
    [
        ("01ffc9a7", True),  # ERC-165
        ("36372b07", True),  # ERC-20
        ("9d8ff7da", True),  # ERC-2612
        ("84b0196e", True),  # ERC-5267
        ("3edbb4c4", True),  # ERC-7943, fungible
        ("ecfecec8", True),  # ERC-1643
        ("ffffffff", False),
        ("00000000", False),
        ("f35fc3be", False),  # a draft of ERC-7943
        ("bf1ef5fe", False),  # ERC-7943, non-fungible
    ],
)
def test_supports_interface__of_each_id__as_the_standards_say(
    world: World, interface: str, known: bool
) -> None:
    bond = world.lone_bond()

    assert bond.supportsInterface(bytes.fromhex(interface)) is known
    world.evm.send(world.outsider, bond.address, bond.raw("supportsInterface", bytes.fromhex(interface)))
    assert world.evm.receipt(None).gas - 21_000 < 30_000


@pytest.mark.parametrize(
    ("selector", "name"),
    [
        ("e450d38c", "ERC20InsufficientBalance"),
        ("fb8f41b2", "ERC20InsufficientAllowance"),
        ("94280d62", "ERC20InvalidSpender"),
        ("45bae9e2", "ERC7943CannotSend"),
        ("705c1eed", "ERC7943CannotReceive"),
        ("00384e71", "ERC7943InsufficientUnfrozenBalance"),
        ("80ff8bda", "ERC1643InvalidName"),
        ("e899cec5", "ERC1643MissingDocument"),
    ],
)
def test_errors__of_the_standards__have_their_selectors(selector: str, name: str) -> None:
    assert errors()[bytes.fromhex(selector)].name == name


TERMS = st.fixed_dictionaries(
    {
        "faceValue": st.integers(1, 2**56),
        "units": st.integers(100, 2**64 - 1),
        "minimumUnits": st.integers(1, 100),
        "eligible": st.integers(1, 2**24 - 1),
        "issueDay": st.integers(366, 40_000),
        "periods": st.integers(1, 100),
        "monthsPerPeriod": st.sampled_from([1, 2, 3, 4, 5, 6, 12]),
        "couponRate": st.integers(0, 2**32 - 1),
        "dayCount": st.integers(0, THIRTY_E_360),
        "roll": st.integers(0, 4),
        "calendar": st.binary(min_size=8, max_size=8).filter(any),
        "recordBusinessDays": st.integers(0, 10),
        "cutOff": st.integers(0, 86_400),
        "utcOffset": st.integers(-720, 840),
        "prescriptionYears": st.integers(0, 255),
        "termSheetHash": st.binary(min_size=32, max_size=32).filter(any),
        "name": st.text("abcdefghij -é", min_size=1, max_size=40).filter(lambda s: len(s.encode()) <= 64),
        "symbol": st.text("ABCé", min_size=1, max_size=20).filter(lambda s: len(s.encode()) <= 35),
    }
)


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(changes=TERMS)
def test_terms__sealed_and_read_back__are_the_same(world: World, changes: dict[str, object]) -> None:
    """DESIGN promise 5: what was registered is what the bond says, field by field."""
    with world.sandbox():
        wanted = world.terms(**changes)
        made = world.factory.register(wanted, NO_PROVISIONS, NO_RIGHTS, sender=world.issuer)
        bond = world.evm.at(made.value, "Bond")

        expected = wanted.but(issuerAccount=str(world.issuer))
        assert bond.terms() == expected
        assert made.only("BondRegistered").terms == expected
        assert (bond.isin(), bond.currency()) == (wanted.isin, world.cash.address)
        assert (bond.name(), bond.symbol(), bond.decimals()) == (wanted.name, wanted.symbol, 0)


def test_maturity_day__of_two_years__is_unadjusted(world: World) -> None:
    bond = world.lone_bond()

    assert bond.maturityDay() == day_of(date(2021, 12, 5)), "a Sunday"


def test_maturity_day__from_the_end_of_a_month__is_clamped(world: World) -> None:
    bond = world.register(issueDay=day_of(date(2020, 1, 31)), monthsPerPeriod=1, periods=1)

    assert bond.maturityDay() == day_of(date(2020, 2, 29))


def test_suite__of_a_bond__names_its_contracts(world: World) -> None:
    bond = world.register()

    assert bond.suite() == {
        "authority": world.authority.address,
        "registry": world.registry.address,
        "calendar": world.calendar.address,
        "offering": world.offering.address,
        "settlement": world.settlement.address,
        "servicing": world.servicing.address,
    }


def test_views__before_the_issue__are_empty(world: World) -> None:
    bond = world.register()

    assert bond.totalSupply() == bond.balanceOf(world.holder) == 0
    assert bond.book() == {
        "supply": 0,
        "nextTime": 0,
        "records": 0,
        "cursor": 0,
        "checkpoint": 0,
        "announced": False,
        "paused": False,
        "closed": False,
        "holders": 0,
        "last": 0,
        "maturityDay": 0,
        "shut": False,
    }
    assert bond.paymentDays(1) == {"recordDay": 0, "payDay": 0, "recordTime": 0, "payTime": 0}


@pytest.mark.parametrize("record", [0, 1, 2, 2**16 - 1])
def test_units_at__record_not_passed__reverts(world: World, record: int) -> None:
    bond = world.lone_bond()

    with reverts("BondRecordPending", record, 0):
        bond.unitsAt(world.holder, record)
    with reverts("BondRecordPending", record, 0):
        bond.supplyAt(record)


def test_implementation__terms_of_two_clones__do_not_mix(world: World) -> None:
    bond, other = world.register(name="One", symbol="A"), world.register(name="Two", symbol="BB")

    assert (bond.name(), bond.symbol(), other.name(), other.symbol()) == ("One", "A", "Two", "BB")
    assert bond.terms().units == other.terms().units == DEFAULT_TERMS.units
