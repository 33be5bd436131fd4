"""A lasting chain on this machine: starts where it stopped, until Ctrl-C.

    make chain
    make chain ARGS="--port 8600 --fresh"

Its state is kept in build/chain/state.json, written when the node stops in good order. While it runs,
build/chain/node.json says where it is, so that `ape run deploy` finds it and nothing else.
"""

import argparse
import json
import signal
import sys
import time
from datetime import datetime
from pathlib import Path
from types import FrameType

from eth_account import Account

from indenture.chain import AnvilNode
from indenture.errors import IndentureError

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "build" / "chain"
PORT = 8545
SHOWN_ACCOUNTS = 3


def main() -> int:
    options = parse()
    state, place = options.folder / "state.json", options.folder / "node.json"
    if options.fresh:
        state.unlink(missing_ok=True)
    for ending in (signal.SIGINT, signal.SIGTERM):
        signal.signal(ending, interrupt)
    try:
        with AnvilNode(port=options.port, state=state, timestamp=options.start) as node:
            chain = node.connect()
            place.write_text(json.dumps({"url": node.url, "genesis": chain.genesis_hash, "pid": node.pid}))
            try:
                tell(node, state, height=chain.block_stamp().number)
                watch(node)
            finally:
                place.unlink(missing_ok=True)
    except KeyboardInterrupt:
        pass
    except IndentureError as error:
        print(error, file=sys.stderr)
        return error.exit_code
    print(f"stopped; the state is in {shown(state)}")
    return 0


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Start a lasting local chain.")
    parser.add_argument("--port", type=int, default=PORT, help=f"port to listen on ({PORT})")
    parser.add_argument("--fresh", action="store_true", help="forget the state of the last run")
    parser.add_argument(
        "--start",
        type=datetime.fromisoformat,
        help="instant of a fresh chain, such as 2019-12-02T09:00+08:00",
    )
    parser.add_argument("--folder", type=Path, default=FOLDER, help="where the state is kept (build/chain)")
    return parser.parse_args()


def tell(node: AnvilNode, state: Path, *, height: int) -> None:
    print(f"chain {node.chain_id} at {node.url}, block {height}; state in {shown(state)}")
    Account.enable_unaudited_hdwallet_features()
    for index in range(SHOWN_ACCOUNTS):
        account = Account.from_mnemonic(node.mnemonic, account_path=f"m/44'/60'/0'/0/{index}")
        print(f"  account {index}  {account.address}  key 0x{account.key.hex()}")
    print(
        "these keys are public: for this chain only. Deploy with `make deploy`; end with Ctrl-C.", flush=True
    )


def shown(file: Path) -> Path:
    return file.relative_to(ROOT) if file.is_relative_to(ROOT) else file


def watch(node: AnvilNode) -> None:
    """Waits for Ctrl-C, or for the node to die."""
    while True:
        node.connect()
        time.sleep(1)


def interrupt(_signal: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


if __name__ == "__main__":
    sys.exit(main())
