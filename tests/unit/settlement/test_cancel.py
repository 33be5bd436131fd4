"""cancel, isNonceUsed, nonceWord

└── the caller's nonces of a word are used up: those of the mask, nobody else's
"""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.evm.world import World

pytestmark = pytest.mark.unit


def test_cancel__of_a_signed_trade__stops_it(world: World) -> None:
    bond = world.bond()
    world.give_cash(world.buyer)
    trade = world.trade(bond, world.holder, world.buyer, sellerNonce=256 * 3 + 5)

    made = world.settlement.cancel(3, 1 << 5, sender=world.holder)

    assert made.only("NoncesCancelled") == {"account": world.holder, "word": 3, "mask": 1 << 5}
    with world.refuses("TradeNonceUsed", world.holder, 256 * 3 + 5):
        world.settle(trade, world.holder, world.buyer)


def test_cancel__by_the_other_side_or_a_stranger__stops_only_their_own(world: World) -> None:
    """PROPERTIES 13: nobody can act on another's order."""
    bond = world.bond()
    world.give_cash(world.buyer)
    trade = world.trade(bond, world.holder, world.buyer)
    world.settlement.cancel(0, 1 << 7, sender=world.buyer)
    world.settlement.cancel(0, 2**256 - 1, sender=world.outsider)

    world.settle(trade, world.holder, world.buyer)

    assert world.settlement.nonceWord(world.holder, 0) == 1 << 7
    assert world.settlement.nonceWord(world.buyer, 0) == 1 << 7 | 1 << 11


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    masks=st.lists(st.tuples(st.sampled_from([0, 1, 2**248 - 1]), st.integers(0, 2**256 - 1)), max_size=4),
    nonce=st.integers(0, 2**256 - 1),
)
def test_is_nonce_used__any_masks__follows_the_bits(
    world: World, masks: list[tuple[int, int]], nonce: int
) -> None:
    with world.sandbox():
        words: dict[int, int] = {}
        for word, mask in masks:
            world.settlement.cancel(word, mask, sender=world.holder)
            words[word] = words.get(word, 0) | mask
        for word, bits in words.items():
            assert world.settlement.nonceWord(world.holder, word) == bits
        for asked in (nonce, nonce % 512, nonce >> 8 << 8):
            used = bool(words.get(asked >> 8, 0) >> (asked & 255) & 1)
            assert world.settlement.isNonceUsed(world.holder, asked) == used
