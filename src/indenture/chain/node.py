"""A private Anvil: on a port of its own, and gone when whoever started it is gone, however that happened."""

from __future__ import annotations

import contextlib
import os
import platform
import re
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import IO

from eth_account import Account
from eth_account.signers.local import LocalAccount

from indenture.chain.client import Chain
from indenture.chain.rpc import Rpc
from indenture.chain.time_travel import TimeTravel, seconds_of
from indenture.errors import InputError, NodeError, NodeUnavailable, PortInUse, SetupError, ToolMissing

TEST_MNEMONIC = "test test test test test test test test test test test junk"

_HOST = "127.0.0.1"
_LISTENING = re.compile(rb"Listening on [^\s:]+:(\d+)")
_START_SECONDS = 20.0
_STOP_SECONDS = 10.0

# The node tells the watchdog its process id before it becomes Anvil, through a pipe that only this program
# keeps open.  When the pipe closes without a word, this program has died, by whatever signal, and the
# watchdog ends the node: politely, so that it can write its state, then by force.  It also clears away the
# states of old blocks, which Anvil keeps on disk and leaves there: hundreds of megabytes of a long life.
_LAUNCHER = 'echo $$ >&0; exec "$@" </dev/null'
_WATCHDOG = """
read -r node || { rm -rf -- "$1"; exit 0; }
read -r word && exit 0
if kill -TERM "$node" 2>/dev/null; then
  tries=0
  while [ "$tries" -lt 50 ] && kill -0 "$node" 2>/dev/null; do tries=$((tries + 1)); sleep 0.1; done
  kill -KILL "$node" 2>/dev/null
fi
rm -rf -- "$1"
"""


class AnvilNode:
    """A private chain for demonstrations and tests; use it as a context manager.

    Args:
        port: A port to listen on; None takes a free one.
        chain_id: Chain id.
        timestamp: Instant of block 0; None is now.
        accounts: How many unlocked, funded accounts.
        mnemonic: Where their keys come from.
        block_time: Seconds between blocks; None mines each transaction at once.
        mining: False mines only when told to.
        state: A file that the state is read from, where it exists, and written to at the end.
        base_fee: Base fee of the first block, in wei.
        gas_limit: Gas limit of a block.
        hardfork: Rules of the chain.
        history: False forgets the states of old blocks, and mines tens of thousands of blocks in seconds;
            logs, transactions and receipts stay.
        silent: False keeps the node's own log going; see ``log``.
        binary: The anvil to start; None looks for it.

    Attributes:
        url: Address of the node, once started.
        time: Time control and other powers that only a test chain gives.
    """

    def __init__(
        self,
        *,
        port: int | None = None,
        chain_id: int = 31337,
        timestamp: int | datetime | None = None,
        accounts: int = 10,
        mnemonic: str | None = None,
        block_time: float | None = None,
        mining: bool = True,
        state: Path | None = None,
        base_fee: int | None = None,
        gas_limit: int | None = None,
        hardfork: str = "cancun",
        history: bool = True,
        silent: bool = True,
        binary: Path | None = None,
    ) -> None:
        if port is not None and not 0 < port < 65536:
            raise InputError(
                f"{port} is not a port", hint="Ports are 1 to 65535; leave it out to get a free one."
            )
        self.chain_id = chain_id
        self.mnemonic = mnemonic or TEST_MNEMONIC
        self.accounts = accounts
        self._wanted_port = port
        self._binary = binary
        self._silent = silent
        self._state = state
        # Same-priced transactions are mined as they came: a run can be repeated to the last hash.
        options: dict[str, object] = {
            "host": _HOST,
            "port": port or 0,
            "chain-id": chain_id,
            "accounts": accounts,
            "mnemonic": self.mnemonic,
            "order": "fifo",
            "hardfork": hardfork,
            "timestamp": None if timestamp is None else seconds_of(timestamp),
            "block-time": block_time,
            "state": state,
            "block-base-fee-per-gas": base_fee,
            "gas-limit": gas_limit,
        }
        self._arguments = [f"--{k}={v}" for k, v in options.items() if v is not None]
        if not mining:
            self._arguments.append("--no-mining")
        if not history:
            self._arguments.append("--prune-history")
        if state is not None:
            self._arguments.append("--preserve-historical-states")
        self._states: Path | None = None
        self._process: subprocess.Popen[bytes] | None = None
        self._watchdog: subprocess.Popen[bytes] | None = None
        self._line: int | None = None
        self._log: IO[bytes] | None = None
        self._port: int | None = None
        self.time: TimeTravel

    @property
    def port(self) -> int:
        """The port that the node listens on."""
        if self._port is None:
            raise _not_running()
        return self._port

    @property
    def url(self) -> str:
        """Address of the node."""
        return f"http://{_HOST}:{self.port}"

    @property
    def pid(self) -> int:
        """Process id of the node."""
        if self._process is None:
            raise _not_running()
        return self._process.pid

    def start(self) -> AnvilNode:
        """Starts the node and waits until it answers.

        Raises:
            ToolMissing: There is no native anvil.
            PortInUse: The port that was asked for is taken; nothing that listens there is touched.
            NodeError: Anvil gave up; its own words are in the message.
        """
        binary = self._binary or find_anvil()
        if self._wanted_port is not None:
            _require_free(self._wanted_port)
        if self._state is not None:
            self._state.parent.mkdir(parents=True, exist_ok=True)
        try:
            process = self._launch(binary)
            # Read from its own words, so that it can never be somebody else's node on the same port.
            self._port = self._await_port(process)
            rpc = Rpc(self.url, timeout=10.0)
            self.time = TimeTravel(rpc)
            if int(rpc.request("eth_chainId"), 16) != self.chain_id:
                raise NodeError(f"the node that was started is not on chain {self.chain_id}")
            if self._silent:
                rpc.request("anvil_setLoggingEnabled", [False], resend=False)
        except BaseException:
            self.stop()
            raise
        return self

    def _launch(self, binary: Path) -> subprocess.Popen[bytes]:
        self._log = tempfile.TemporaryFile()  # noqa: SIM115 (closed by stop)
        self._states = Path(tempfile.mkdtemp(prefix="indenture-anvil-"))
        arguments = [*self._arguments, f"--cache-path={self._states}"]
        ear, self._line = os.pipe()
        try:
            # Sessions of their own: Ctrl-C is for this program, which then ends the node in good order.
            self._watchdog = subprocess.Popen(
                ["/bin/sh", "-c", _WATCHDOG, "watchdog", str(self._states)],
                stdin=ear,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                start_new_session=True,
            )
            self._process = subprocess.Popen(
                ["/bin/sh", "-c", _LAUNCHER, "anvil", str(binary), *arguments],
                stdin=self._line,
                stdout=self._log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        finally:
            os.close(ear)
        return self._process

    def _await_port(self, process: subprocess.Popen[bytes]) -> int:
        deadline = time.monotonic() + _START_SECONDS
        while time.monotonic() < deadline:
            ended = process.poll() is not None
            text = self._read_log()
            if found := _LISTENING.search(text):
                return int(found.group(1))
            if ended:
                words = text.decode(errors="replace").strip()
                if self._wanted_port is not None and "in use" in words:
                    raise PortInUse(self._wanted_port)
                raise NodeError(f"anvil did not start: {words[-500:] or 'it said nothing'}")
            time.sleep(0.01)
        raise NodeUnavailable(f"http://{_HOST}", f"anvil was not ready within {_START_SECONDS:g} s")

    def stop(self) -> None:
        """Ends the node and waits until it is gone; again and again does no harm."""
        self._port = None
        process, self._process = self._process, None
        if process is not None:
            process.terminate()
            try:
                process.wait(_STOP_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        if self._line is not None:
            with contextlib.suppress(OSError):  # the watchdog is gone already
                os.write(self._line, b"done\n")
            os.close(self._line)
            self._line = None
        if self._watchdog is not None:
            self._watchdog.wait()
            self._watchdog = None
        if self._log is not None:
            self._log.close()
            self._log = None
        if self._states is not None:
            shutil.rmtree(self._states, ignore_errors=True)
            self._states = None

    @property
    def log(self) -> str:
        """What the node has written so far."""
        return self._read_log().decode(errors="replace")

    def _read_log(self) -> bytes:
        if self._log is None:
            return b""
        # The node writes through the same open file: read by position, or its next line would land elsewhere.
        size = os.fstat(self._log.fileno()).st_size
        return os.pread(self._log.fileno(), size, 0)

    def account(self, index: int = 0) -> LocalAccount:
        """One of the accounts that have ether from the start; its key is known to everybody.

        Raises:
            InputError: The node has no account of this number.
        """
        if not 0 <= index < self.accounts:
            raise InputError(
                f"the node has no account {index}", hint=f"Accounts are 0 to {self.accounts - 1}."
            )
        return well_known_account(self.mnemonic, index)

    def connect(self, *, timeout: float = 30.0) -> Chain:
        """A ``Chain`` on this node."""
        return Chain.connect(self.url, expected_chain_id=self.chain_id, timeout=timeout)

    def __enter__(self) -> AnvilNode:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def __repr__(self) -> str:
        return f"AnvilNode({self.url if self._port else 'not running'})"


def well_known_account(mnemonic: str, index: int = 0) -> LocalAccount:
    """The account that a test mnemonic gives at the usual path."""
    Account.enable_unaudited_hdwallet_features()
    account: LocalAccount = Account.from_mnemonic(mnemonic, account_path=f"m/44'/60'/0'/0/{index}")
    return account


def find_anvil(start: Path | None = None) -> Path:
    """The native anvil: ``$INDENTURE_ANVIL``, else the project's ``node_modules``, else ``PATH``.

    A launcher script is passed over: killed hard, it would leave the real node behind.

    Args:
        start: Folder from which ``node_modules`` is looked for, upwards; the current one if None.

    Raises:
        ToolMissing: There is none.
    """
    named = os.environ.get("INDENTURE_ANVIL")
    if named:
        if _is_native(Path(named)):
            return Path(named)
        raise ToolMissing(
            f"anvil at {named} (from INDENTURE_ANVIL)",
            hint="Point INDENTURE_ANVIL at the native program, not at a script, or unset it.",
        )
    for candidate in _candidates(start or Path.cwd()):
        if _is_native(candidate):
            return candidate
    raise ToolMissing(
        "anvil",
        hint="In a source tree run `npm ci --ignore-scripts` (Node 20 or newer); elsewhere install Foundry, "
        "or set INDENTURE_ANVIL to the program.",
    )


def _not_running() -> SetupError:
    return SetupError("the node is not running", hint="Use it in a with statement, or call start().")


def _candidates(start: Path) -> Iterator[Path]:
    package = _npm_package()
    # An installed package is not inside a project; a source tree is, whatever the current folder.
    for folder in (start, *start.parents, *Path(__file__).resolve().parents):
        yield folder / "node_modules" / "@foundry-rs" / package / "bin" / "anvil"
    for entry in os.environ.get("PATH", "").split(os.pathsep):
        if entry and (found := shutil.which("anvil", path=entry)):
            yield Path(found)


def _npm_package() -> str:
    system = {"linux": "linux", "darwin": "darwin", "windows": "win32"}.get(
        platform.system().lower(), "unknown"
    )
    machine = platform.machine().lower()
    return f"anvil-{system}-{'arm64' if machine in ('arm64', 'aarch64') else 'amd64'}"


def _is_native(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            head = file.read(4)
    except OSError:
        return False
    # ELF, and the Mach-O kinds.
    native = (b"\x7fELF", b"\xcf\xfa\xed\xfe", b"\xca\xfe\xba\xbe")
    return head in native and os.access(path, os.X_OK)


def _require_free(port: int) -> None:
    with socket.socket() as probe:
        # As servers do: a port whose last connections are only fading out is free.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((_HOST, port))
        except PermissionError:
            raise SetupError(
                f"port {port} may not be used by this user", hint="Take one above 1023, or leave it out."
            ) from None
        except OSError:
            raise PortInUse(port) from None
