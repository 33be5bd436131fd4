"""What a watch prints while it runs: a line a block for people, a JSON object a line for programs."""

from __future__ import annotations

import json
from collections.abc import Sequence

import click

from indenture._visible import visible
from indenture.audit.push import Delivery, Message, Push, PushFailed, messages
from indenture.audit.watch import Sighting
from indenture.cli._session import say


class Reporter:
    """Shows each sighting, and pushes what there is to tell.

    Args:
        network: Name of the network.
        pushes: Where to tell what was found.
        as_json: Whether programs read along.
    """

    def __init__(self, network: str, pushes: Sequence[Push], *, as_json: bool) -> None:
        self._network = network
        self._deliveries = [Delivery(push) for push in pushes]
        self._as_json = as_json
        self.standing = 0

    def show(self, sighting: Sighting) -> None:
        """Prints a sighting, then pushes its messages; what is refused is said, and sent again later."""
        self.standing += len(sighting.findings) - len(sighting.withdrawn)
        told = list(messages(sighting, self._network))
        if self._as_json:
            click.echo(json.dumps(self._facts(sighting, told)))
        else:
            click.echo(self._line(sighting))
            for message in told:
                click.echo(f"  {visible(message['text'])}")
        for delivery in self._deliveries:
            try:
                delivery.send(told)
            except PushFailed as fault:
                say(f"not pushed to {fault}")

    def _facts(self, sighting: Sighting, told: list[Message]) -> dict[str, object]:
        return {
            "block": sighting.block.number,
            "hash": sighting.block.hash,
            "time": sighting.block.time.isoformat().replace("+00:00", "Z"),
            "events": sighting.events,
            "standing": self.standing,
            "messages": told,
        }

    def _line(self, sighting: Sighting) -> str:
        verdict = f"{self.standing} findings" if self.standing else "no findings"
        at = sighting.block.time.strftime("%Y-%m-%d %H:%M:%S UTC")
        told = f"block {sighting.block.number:,}, {at}: {sighting.events:,} events, {verdict}"
        return f"nothing is watched since {told} until then" if sighting.trouble else told
