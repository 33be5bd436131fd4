"""What an audit covered, how far it went, and what it found."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from indenture.audit.findings import Finding, Notice
from indenture.chain import BlockStamp

if TYPE_CHECKING:
    from indenture.audit.prove.proved import Proved
    from indenture.audit.release.parts import Believed


@dataclass(frozen=True, slots=True)
class Scope:
    """What was audited, how far it went, and what was found.

    Attributes:
        proved: What was proved against block headers; None when nothing was.
        believed: Arguments of constructors that were read from the chain, and taken as they are.
    """

    chain_id: int
    network: str
    first: int
    last: BlockStamp
    blocks: int
    events: int
    views: int
    compared_at: tuple[int, ...]
    skipped: tuple[int, ...]
    findings: tuple[Finding, ...]
    notices: tuple[Notice, ...]
    proved: Proved | None = None
    believed: tuple[Believed, ...] = ()
