"""What an auditor knows of a chain from elsewhere."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from indenture.chain import Chain


@dataclass(frozen=True, slots=True)
class Anchors:
    """Outside points to hold a chain against: without one, a whole forged chain proves itself.

    Attributes:
        pins: Hashes of blocks, by number.
        peers: Other nodes, which must know the same last block.
    """

    pins: Mapping[int, str] = field(default_factory=dict)
    peers: Sequence[Chain] = ()
