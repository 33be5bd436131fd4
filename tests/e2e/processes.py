"""Which processes a command has started: each has a mark in its environment, which its children inherit."""

from __future__ import annotations

import os
import subprocess
import sys
import time
import uuid
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
MARK = "DEMO_TEST_MARK"

needs_proc = pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="reads /proc")


class Command:
    """A command of the package, in a process of its own, and what it leaves behind."""

    def __init__(self, folder: Path, *arguments: str) -> None:
        self._mark = f"{MARK}={uuid.uuid4()}"
        name, value = self._mark.split("=")
        environment = {**os.environ, name: value, "PYTHONPATH": str(ROOT / "src")}
        self._stderr = (folder / "stderr.txt").open("w+")
        self._stdout = (folder / "stdout.txt").open("w+")
        self.process = subprocess.Popen(
            [sys.executable, "-m", "indenture.cli.main", *arguments],
            cwd=folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=self._stdout,
            stderr=self._stderr,
            start_new_session=True,
        )

    @property
    def err(self) -> str:
        """What it has written to stderr so far."""
        return Path(self._stderr.name).read_text()

    @property
    def out(self) -> str:
        """What it has written to stdout so far."""
        return Path(self._stdout.name).read_text()

    def living(self) -> list[str]:
        """Command lines of its processes that still run, itself among them."""
        found = []
        for folder in Path("/proc").iterdir():
            if not folder.name.isdigit():
                continue
            try:
                if self._mark.encode() in (folder / "environ").read_bytes():
                    found.append((folder / "cmdline").read_bytes().replace(b"\0", b" ").decode())
            except (OSError, UnicodeDecodeError):
                continue  # gone, or not ours
        return found

    def wait(self, seconds: float = 120) -> int:
        """Its exit code, once it has ended."""
        return self.process.wait(seconds)

    def close(self) -> None:
        """Ends it, if a test has not."""
        self.process.kill()
        self.process.wait()
        self._stderr.close()
        self._stdout.close()


def until(condition: Callable[[], bool], seconds: float) -> bool:
    """Whether a condition comes true in time."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if condition():
            return True
        time.sleep(0.05)
    return condition()
