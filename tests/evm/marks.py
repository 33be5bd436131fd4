"""What the contracts say of the people of a test: units, freezes, bids, deposits, escrows, cash."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from eth_utils.crypto import keccak
from tests.evm.chain import Contract

if TYPE_CHECKING:
    from tests.evm.world import World

Views = Iterator[tuple[Contract, bytes]]


def mark_of(world: "World") -> bytes:
    """A hash of all that a refused call must leave alone."""
    views = (*_cash(world), *_bonds(world), *_offerings(world))
    return keccak(b"".join(world.evm.send(world.admin, contract.address, data) for contract, data in views))


def _people(world: "World") -> list[str]:
    people = [world.holder, world.buyer, world.spender, world.issuer, world.paying_agent, world.outsider]
    systems = [world.offering.address, world.servicing.address]
    return [*people, *world.investors[:3], world.underwriters[0], *systems]


def _cash(world: "World") -> Views:
    yield world.cash, world.cash.raw("totalSupply")
    for account in _people(world):
        yield world.cash, world.cash.raw("balanceOf", account)
        yield world.registry, world.registry.raw("wordOf", account)


def _bonds(world: "World") -> Views:
    for bond in world.bonds[-2:]:
        yield bond, bond.raw("book")
        for account in _people(world):
            yield bond, bond.raw("entryOf", account)
            yield bond, bond.raw("allowance", account, world.spender)
            yield bond, bond.raw("nonces", account)
            yield world.servicing, world.servicing.raw("keptFor", bond, account)
            yield world.servicing, world.servicing.raw("electedBy", bond, 1, account)
        for view in ("stateOf", "claimOf", "sinkingCredit"):
            yield world.servicing, world.servicing.raw(view, bond)
        for action in (1, 2):
            yield world.servicing, world.servicing.raw("actionPayment", bond, action)
            yield world.servicing, world.servicing.raw("drawingOf", bond, action)
        for period in (1, 2, 3):
            yield world.servicing, world.servicing.raw("payment", bond, period)
            yield world.servicing, world.servicing.raw("fixing", bond, period)


def _offerings(world: "World") -> Views:
    offering, count = world.offering, world.offering.offeringCount()
    for account in _people(world):
        yield offering, offering.raw("depositOf", world.cash, account)
    for offering_id in range(max(1, count - 1), count + 1):
        yield offering, offering.raw("bookOf", offering_id)
        yield offering, offering.raw("syndicateOf", offering_id)
        for account in _people(world):
            for view in ("bidOf", "underwriterOf", "additionalOf", "proofOf"):
                yield offering, offering.raw(view, offering_id, account)
