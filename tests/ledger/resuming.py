"""Reads a ledger in a process of its own, to be killed: one child for each path that it is told.

The child is a fork of a process with one thread and everything imported: it begins to read at once.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path
from types import TracebackType

from bench.emitter import paper_suite

from indenture.chain import Chain
from indenture.ledger import Ledger, ingest, pages

ROOT = Path(__file__).parents[2]
_KILL, _WAIT = "kill", "wait"


class Readers:
    """Children that read a ledger from a node, one at a time."""

    def __init__(self, url: str) -> None:
        self._process = subprocess.Popen(
            [sys.executable, __file__, url],
            env=os.environ | {"PYTHONPATH": str(ROOT)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def start(self, path: Path) -> None:
        """Starts a child."""
        self._tell(str(path))

    def kill(self) -> bool:
        """Ends the child at once; whether that was before it had read all."""
        self._tell(_KILL)
        return int(self._line()) != 0

    def wait(self) -> None:
        """Waits until the child has read all."""
        self._tell(_WAIT)
        assert self._line() == "0\n"

    def __enter__(self) -> Readers:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        self._process.wait()
        self._process.stdout.close()

    def _tell(self, line: str) -> None:
        assert self._process.stdin is not None
        print(line, file=self._process.stdin, flush=True)

    def _line(self) -> str:
        assert self._process.stdout is not None
        return self._process.stdout.readline()


def main(url: str) -> None:
    """Forks a child for a path, then kills it or waits for it, as told, and tells how it ended."""
    for path in sys.stdin:
        child = os.fork()
        if child == 0:
            _read(url, Path(path.strip()))
            os._exit(0)
        # Whoever has not been waited for keeps its number, even when it has ended.
        if sys.stdin.readline().strip() == _KILL:
            os.kill(child, signal.SIGKILL)
        _, status = os.waitpid(child, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)


def _read(url: str, path: Path) -> None:
    chain = Chain.connect(url)
    pages.GATHER_PAGES = 1
    with Ledger.open(path, paper_suite(), threads=1) as ledger:
        ingest(ledger, chain, to=chain.block_stamp(), workers=2, span_events=1)


if __name__ == "__main__":
    main(sys.argv[1])
