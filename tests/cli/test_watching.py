"""What a watch prints, and pushes: nothing is lost that a target refused."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from indenture.audit.findings import Finding
from indenture.audit.push import Delivery, Message, PushFailed
from indenture.audit.watch import Sighting
from indenture.chain import BlockStamp
from indenture.cli._watching import Reporter

pytestmark = pytest.mark.unit

STAMP = BlockStamp(9, "0x" + "11" * 32, int(datetime(2026, 1, 5, tzinfo=UTC).timestamp()))
FINDING = Finding(7, "CashToken CNY 0xAb", "balanceOf(0xCd)", "5", "6", "VIEW-1", None, "not what events say")


class Target:
    """A webhook that can be down."""

    def __init__(self) -> None:
        self.is_down = False
        self.got: list[Message] = []

    def __call__(self, message: Message) -> None:
        if self.is_down:
            raise PushFailed("http://desk: HTTP 500")
        self.got.append(message)


def _numbered(*numbers: int) -> list[Message]:
    return [{"text": str(number)} for number in numbers]


def test_delivery__refused__is_sent_again_in_order_before_what_is_new() -> None:
    target = Target()
    delivery = Delivery(target)
    delivery.send(_numbered(1))
    target.is_down = True
    with pytest.raises(PushFailed, match=r"HTTP 500; waiting: 2$"):
        delivery.send(_numbered(2, 3))
    with pytest.raises(PushFailed, match=r"HTTP 500; waiting: 3$"):
        delivery.send(_numbered(4))
    target.is_down = False
    delivery.send([])
    delivery.send(_numbered(5))

    assert target.got == _numbered(1, 2, 3, 4, 5)


def test_delivery__refused_for_too_long__loses_the_oldest_and_says_so() -> None:
    target = Target()
    target.is_down = True
    delivery = Delivery(target, most=3)
    with pytest.raises(PushFailed, match="waiting: 3, 2 older ones are lost"):
        delivery.send(_numbered(1, 2, 3, 4, 5))
    target.is_down = False
    delivery.send([])

    assert target.got == _numbered(3, 4, 5)


def test_reporter__target_was_down__has_the_finding_with_the_next_block(
    capsys: pytest.CaptureFixture[str],
) -> None:
    target = Target()
    reporter = Reporter("testnet", [target], as_json=False)
    target.is_down = True
    reporter.show(Sighting(STAMP, 3, (FINDING,)))
    said = capsys.readouterr()
    target.is_down = False
    reporter.show(Sighting(STAMP, 3))

    assert "1 findings" in said.out
    assert "not pushed to http://desk: HTTP 500; waiting: 1" in said.err
    assert [message["kind"] for message in target.got] == ["finding"]


def test_reporter__node_is_gone__does_not_say_that_all_is_well(capsys: pytest.CaptureFixture[str]) -> None:
    target = Target()
    Reporter("testnet", [target], as_json=False).show(
        Sighting(STAMP, 3, trouble="no answer\nCheck the node.")
    )
    line, told = capsys.readouterr().out.splitlines()

    assert line.startswith("nothing is watched since block 9")
    assert told == "  testnet: no answer Check the node."
    assert [message["text"] for message in target.got] == ["testnet: no answer Check the node."]


@pytest.mark.parametrize("as_json", [True, False])
def test_reporter__what_a_chain_tells__moves_no_cursor(
    capsys: pytest.CaptureFixture[str], as_json: bool
) -> None:
    Reporter("testnet", [], as_json=as_json).show(
        Sighting(STAMP, 3, trouble="\x1b[2J\x9b2J\u202eno findings")
    )
    out = capsys.readouterr().out

    assert not {"\x1b", "\x9b", "\u202e"} & set(out)
    if as_json:
        assert json.loads(out)["messages"][0]["text"].endswith("no findings")
