"""register, bondOf

├── caller is no issuer now, or the terms name another LEI or account -> BondIssuerRefused
├── no implementation yet -> BondImplementationInvalid
├── ISIN belongs to a bond -> BondAlreadyRegistered
├── ISIN has a wrong alphabet or check digit -> BondIsinInvalid
├── a term is out of range -> BondTermInvalid with its name
└── else -> a clone, at an address that follows from ISIN and terms
"""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.evm.builders import COMPANY, FOREVER, HOLDER, ISSUER, NO_PROVISIONS, NO_RIGHTS, isin
from tests.evm.chain import Reverted, actor, fixed, refused
from tests.evm.world import World

pytestmark = pytest.mark.unit


def test_register__by_the_issuer__makes_a_bond(world: World) -> None:
    terms = world.terms()

    made = world.factory.register(terms, NO_PROVISIONS, NO_RIGHTS, sender=world.issuer)

    assert made.names == ["BondRegistered"]
    event = made.only("BondRegistered")
    assert (event.isin, event.bond, event.issuer) == (terms.isin, made.value, world.leis[world.issuer])
    assert event.implementation == world.implementation.address
    assert world.factory.bondOf(terms.isin) == made.value
    assert world.factory.isBond(made.value)


@pytest.mark.parametrize("caller", ["outsider", "holder", "admin", "bookrunner", "registrar"])
def test_register__by_anybody_else__reverts(world: World, caller: str) -> None:
    sender = getattr(world, caller)
    terms = world.terms(issuerAccount=sender)

    with world.refuses("BondIssuerRefused", sender, terms.issuer):
        world.factory.register(terms, NO_PROVISIONS, NO_RIGHTS, sender=sender)


def test_register__another_lei_or_account__reverts(world: World) -> None:
    other = actor("other issuer")
    world.admit(other, COMPANY, ISSUER)

    for terms in (world.terms(issuer=world.leis[other]), world.terms(issuerAccount=other)):
        with world.refuses("BondIssuerRefused", world.issuer, terms.issuer):
            world.factory.register(terms, NO_PROVISIONS, NO_RIGHTS, sender=world.issuer)


@pytest.mark.parametrize("why", ["suspended", "expired", "role taken"])
def test_register__issuer_not_in_order__reverts(world: World, why: str) -> None:
    if why == "suspended":
        world.suspend(world.issuer)
    else:
        role, until = (ISSUER, world.evm.now) if why == "expired" else (HOLDER, FOREVER)
        world.registry.setRoles(world.issuer, role, until, sender=world.registrar)
        world.evm.warp(world.evm.now + 1)

    with world.refuses("BondIssuerRefused", world.issuer, world.leis[world.issuer]):
        world.factory.register(world.terms(), NO_PROVISIONS, NO_RIGHTS, sender=world.issuer)


def test_register__same_isin_again__reverts(world: World) -> None:
    """PROPERTIES 9: identifiers are unique."""
    bond = world.register()

    with world.refuses("BondAlreadyRegistered", bond.isin(), bond.address):
        world.factory.register(
            world.terms(isin=bond.isin(), units=7), NO_PROVISIONS, NO_RIGHTS, sender=world.issuer
        )


@pytest.mark.parametrize(
    "wrong",
    [
        pytest.param("CND1000BOC16", id="check digit one too high"),
        pytest.param("CND1000B0C15", id="zero for O"),
        pytest.param("cnd1000boc15", id="lower case"),
        pytest.param("1ND1000BOC15", id="digit in the country"),
        pytest.param("CND1000BOC1A", id="letter for the check digit"),
        pytest.param("CND1000BOC1", id="eleven characters"),
        pytest.param("", id="nothing"),
        pytest.param("CND1000BO-15", id="a dash"),
    ],
)
def test_register__wrong_isin__reverts(world: World, wrong: str) -> None:
    with world.refuses("BondIsinInvalid", fixed(wrong, 12)):
        world.factory.register(
            world.terms(isin=fixed(wrong, 12)), NO_PROVISIONS, NO_RIGHTS, sender=world.issuer
        )


@pytest.mark.parametrize("known", ["CND1000BOC15", "US0378331005", "DE000BAY0017", "XS0629974352"])
def test_register__isin_of_life__is_taken(world: World, known: str) -> None:
    world.register(isin=known)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(number=st.integers(0, 10**9 - 1), place=st.integers(2, 11), step=st.integers(1, 9))
def test_register__one_digit_of_an_isin_changed__reverts(
    world: World, number: int, place: int, step: int
) -> None:
    changed = bytearray(isin(number, "DE"))
    changed[place] = ord(str((changed[place] - ord("0") + step) % 10))

    found = refused(
        lambda: world.factory.register(
            world.terms(isin=bytes(changed)), NO_PROVISIONS, NO_RIGHTS, sender=world.issuer
        )
    )

    assert found == "BondIsinInvalid"


def test_register__amounts_that_no_escrow_could_hold__reverts(world: World) -> None:
    with world.refuses("BondTermInvalid", fixed("units", 32)):
        world.factory.register(
            world.terms(units=2**64 - 1, faceValue=2**57), NO_PROVISIONS, NO_RIGHTS, sender=world.issuer
        )
    world.register(units=2**60, faceValue=2**60 - 1)


@pytest.mark.parametrize(("enum", "first"), [("dayCount", 10), ("roll", 5), ("kind", 6), ("rounding", 3)])
def test_register__unknown_convention__reverts(world: World, enum: str, first: int) -> None:
    for value in (first, 255):
        terms = world.terms(**{enum: value})
        with pytest.raises(Reverted):
            world.factory.register(terms, NO_PROVISIONS, NO_RIGHTS, sender=world.issuer)


def test_register__each_bond__is_counted(world: World) -> None:
    """EVENT-1: an auditor that found fewer registrations was not told of one."""
    before = world.factory.bondCount()
    world.register()

    assert world.factory.bondCount() == before + 1


def test_register__terms_at_their_bounds__are_taken(world: World) -> None:
    world.register(
        recordBusinessDays=10,
        cutOff=86_400,
        utcOffset=-720,
        name="x" * 64,
        symbol="x" * 35,
        minimumUnits=1_000_000,
        couponRate=0,
        prescriptionYears=255,
    )
    world.register(recordBusinessDays=0, cutOff=0, utcOffset=840, monthsPerPeriod=1, periods=1200)
