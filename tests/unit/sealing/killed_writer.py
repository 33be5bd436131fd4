"""Writes to a vault in children that are killed, and says what is left.

A program of its own, so that it may fork; it imports nothing of the tests.
"""

from __future__ import annotations

import json
import os
import random
import signal
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from types import FrameType
from typing import Any

from indenture.primary.bids import TickBid
from indenture.sealing import SealedEntry, SealedOpening, Vault, Work

ROUNDS = 20
LONGEST = 0.05
WATCHED = ("vault.py", "vault_file.py")


def every_line(path: Path) -> dict[str, Any]:
    """Kills a child before each line of a write in turn; the vault opens, with the old content or the new."""
    killed = old = new = 0
    open_vault(path).remember(make_entry(1))
    whole = path.read_bytes()
    while True:
        child = fork(partial(die_at_line, killed, path, 2))
        died = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -signal.SIGKILL
        salts = salts_of(path)
        if not died:
            assert salts == [1, 2], salts
            return {"killed": killed, "old": old, "new": new}
        killed += 1
        old += salts == [1]
        new += salts == [1, 2]
        path.write_bytes(whole)


def die_at_line(number: int, path: Path, salt: int) -> None:
    """Remembers an entry, and kills this process when it comes to that line of the vault's code."""
    left = number

    def trace(frame: FrameType, event: str, arg: object) -> Any:
        nonlocal left
        if not frame.f_code.co_filename.endswith(WATCHED):
            return None
        if event == "line":
            if left == 0:
                os.kill(os.getpid(), signal.SIGKILL)
            left -= 1
        return trace

    vault, entry = open_vault(path), make_entry(salt)
    sys.settrace(trace)
    vault.remember(entry)
    sys.settrace(None)


def any_moment(path: Path) -> dict[str, Any]:
    """Kills children that write without a pause; what they told must be in the vault."""
    chance = random.Random(7)
    open_vault(path)
    told: list[int] = []
    killed = 0
    for number in range(ROUNDS):
        source, sink = os.pipe()
        child = fork(partial(write_on, path, 1 + number * 10_000, sink))
        os.close(sink)
        os.read(source, 4)  # it writes now
        time.sleep(chance.random() * LONGEST)
        os.kill(child, signal.SIGKILL)
        killed += os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -signal.SIGKILL
        with os.fdopen(source, "rb") as pipe:
            data = pipe.read()
        told += [int.from_bytes(data[i : i + 4], "big") for i in range(0, len(data), 4)]
    return {"killed": killed, "told": len(told), "lost": sorted(set(told) - set(salts_of(path)))}


def write_on(path: Path, first: int, out: int) -> None:
    """Remembers entry after entry, and tells each once it is remembered."""
    vault = open_vault(path)
    os.write(out, bytes(4))
    for salt in range(first, first + 10_000):
        vault.remember(make_entry(salt))
        os.write(out, salt.to_bytes(4, "big"))


def together(path: Path) -> dict[str, Any]:
    """Two children write to one vault that neither of them made."""
    children = [fork(partial(remember_all, path, range(first, first + 20))) for first in (1, 101)]
    for child in children:
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    return {"remembered": 40, "found": len(salts_of(path))}


def remember_all(path: Path, salts: range) -> None:
    """Remembers entries one by one."""
    vault = open_vault(path)
    for salt in salts:
        vault.remember(make_entry(salt))


def salts_of(path: Path) -> list[int]:
    """The numbers of all salts in the vault."""
    return [
        int.from_bytes(entry.opening.salt[:4], "big") for entry in open_vault(path, create=False).entries()
    ]


def make_entry(salt: int) -> SealedEntry:
    """A sealed bid whose salt begins with this number."""
    account = "0x" + "00" * 19 + "01"
    bids = (TickBid(31_500_000, 1_000_000, account),)
    return SealedEntry(SealedOpening(31337, account, 1, account, bids, salt.to_bytes(4, "big") * 8))


def open_vault(path: Path, *, create: bool = True) -> Vault:
    """A vault whose passphrase costs little."""
    return Vault(path, "passphrase", create=create, work=Work.MINIMAL)


def fork(act: Callable[[], None]) -> int:
    """A child that does it and ends."""
    child = os.fork()
    if child:
        return child
    code = 1
    try:
        act()
        code = 0
    finally:
        os._exit(code)


if __name__ == "__main__":
    acts = {"every-line": every_line, "any-moment": any_moment, "together": together}
    print(json.dumps(acts[sys.argv[1]](Path(sys.argv[2]))))
