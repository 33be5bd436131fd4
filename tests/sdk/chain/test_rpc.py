from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import pytest
from tests.sdk.proxy import FaultyProxy, free_port

from indenture.chain import AnvilNode, Chain, Rpc
from indenture.errors import InputError, NodeRefused, NodeUnavailable

pytestmark = pytest.mark.unit


@pytest.fixture
def proxy(shared_node: AnvilNode) -> Iterator[FaultyProxy]:
    with FaultyProxy(shared_node.url) as proxy:
        yield proxy


def test_request__nobody_listens__fails_at_once_and_nothing_was_sent() -> None:
    start = time.monotonic()

    with pytest.raises(NodeUnavailable) as caught:
        Chain.connect(f"http://127.0.0.1:{free_port()}", timeout=10)

    assert time.monotonic() - start < 8
    assert "refused" in caught.value.reason
    assert not caught.value.maybe_sent


@pytest.mark.parametrize("fault", ["hang", "drip"])
def test_request__no_end_of_the_answer__ends_at_the_deadline(proxy: FaultyProxy, fault: str) -> None:
    proxy.play(fault, times=10)
    start = time.monotonic()

    with pytest.raises(NodeUnavailable) as caught:
        Rpc(proxy.url, timeout=0.5).request("eth_chainId")

    assert 0.4 < time.monotonic() - start < 10
    assert caught.value.maybe_sent


def test_request__connection_closed__a_read_is_repeated(proxy: FaultyProxy) -> None:
    proxy.play("close", "eth_chainId")

    assert Rpc(proxy.url).request("eth_chainId") == "0x7a69"
    assert proxy.count("eth_chainId") == 2


def test_request__connection_closed__a_send_is_not(proxy: FaultyProxy) -> None:
    proxy.play("close", "eth_chainId")

    with pytest.raises(NodeUnavailable) as caught:
        Rpc(proxy.url).request("eth_chainId", resend=False)

    assert caught.value.maybe_sent
    assert caught.value.reason == "the connection broke in the middle"
    assert proxy.count("eth_chainId") == 1


def test_request__web_page__is_no_node(proxy: FaultyProxy) -> None:
    proxy.play("html", times=10)

    with pytest.raises(NodeUnavailable) as caught:
        Chain.connect(proxy.url)

    assert "JSON" in caught.value.reason


def test_request__more_than_anybody_asks_for__is_cut_off(
    proxy: FaultyProxy, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("indenture.chain.rpc._LARGEST", 1 << 22)
    proxy.play("flood", times=10)

    with pytest.raises(NodeUnavailable) as caught:
        Rpc(proxy.url, timeout=60).request("eth_chainId")

    assert caught.value.reason == "an answer of more than 4 MiB"


def test_request__brackets_without_end__are_no_answer(proxy: FaultyProxy) -> None:
    proxy.play("nest")

    with pytest.raises(NodeUnavailable) as caught:
        Rpc(proxy.url).request("eth_chainId")

    assert "JSON" in caught.value.reason


@pytest.mark.parametrize("error", ["no", {"code": "many", "message": None}, {"code": [1]}, [], 5])
def test_request__error_of_no_shape__is_a_refusal(proxy: FaultyProxy, error: Any) -> None:
    proxy.play("error", error=error)

    with pytest.raises(NodeRefused) as caught:
        Rpc(proxy.url).request("eth_chainId")

    assert caught.value.code == 0


def test_request__unknown_method__gives_the_nodes_words(shared_node: AnvilNode) -> None:
    with pytest.raises(NodeRefused) as caught:
        Rpc(shared_node.url).request("eth_nonsense")

    assert caught.value.method == "eth_nonsense"
    assert caught.value.code == -32601


def test_batch__many_calls__keep_their_order_and_their_errors(shared_node: AnvilNode) -> None:
    calls = [("eth_getBlockByNumber", ("0x0", False)), ("eth_nonsense", ())] * 300

    answers = Rpc(shared_node.url).batch(calls)

    assert len(answers) == 600
    assert all(a["number"] == "0x0" for a in answers[::2])
    assert all(isinstance(a, NodeRefused) for a in answers[1::2])


@pytest.mark.parametrize("url", ["", "localhost:8545", "ftp://x", "http://"])
def test_url__malformed__is_refused(url: str) -> None:
    with pytest.raises(InputError):
        Rpc(url)


def test_url__with_secrets__is_not_shown() -> None:
    rpc = Rpc(f"http://user:secret@127.0.0.1:{free_port()}/v3/accesskey")

    with pytest.raises(NodeUnavailable) as caught:
        rpc.request("eth_chainId")

    assert "secret" not in str(caught.value)
    assert "accesskey" not in str(caught.value)
