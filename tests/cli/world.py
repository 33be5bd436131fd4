"""A private chain with a suite on it, deployed by the command line, and a key for each actor."""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from eth_account import Account
from eth_account.signers.local import LocalAccount

from indenture.chain import AnvilNode
from indenture.chain.node import TEST_MNEMONIC
from indenture.cli.main import main

GENESIS = datetime(2019, 11, 25, 1, tzinfo=UTC)
ISSUER_LEI = "54930053HGCFWVHYZX42"
ACTORS = ("depository", "issuer", "bookrunner", "investor", "other_investor", "paying_agent", "outsider")

PARAMETERS = """
depository: {lei: DEMO00DEPOSITORY0068, name: Demo Central Depository, jurisdiction: CN}
cash:
  - {code: CNY, name: Tokenised Yuan, symbol: CNYT, decimals: 2, supply_limit: 300_000_000_000}
calendars:
  - {code: CN-IB, years: [2019, 2020, 2021]}
"""

#: The same bond, small enough for one investor.
SMALL = {"amount: 20_000_000_000 ": "amount: 100_000 ", "units: 200_000_000 ": "units: 1_000 "}


@dataclass(frozen=True)
class World:
    node: AnvilNode
    file: Path

    def key(self, actor: str) -> str:
        """The private key of an actor, as the environment has it."""
        return "0x" + bytes(account(actor).key).hex()

    def address(self, actor: str) -> str:
        """The account of an actor."""
        return str(account(actor).address)


def account(actor: str) -> LocalAccount:
    """One of the funded accounts of every Anvil."""
    Account.enable_unaudited_hdwallet_features()
    path = f"m/44'/60'/0'/0/{ACTORS.index(actor)}"
    found: LocalAccount = Account.from_mnemonic(TEST_MNEMONIC, account_path=path)
    return found


def build(node: AnvilNode, folder: Path) -> World:
    """Deploys through the command, as a person would."""
    world = World(node, folder / "deployment.json")
    parameters = folder / "demo.yaml"
    parameters.write_text(PARAMETERS, encoding="utf-8")
    os.environ["INDENTURE_KEY"] = world.key("depository")
    try:
        code = main(["deploy", str(parameters), "--rpc", node.url, "--deployment", str(world.file), "--yes"])
    finally:
        del os.environ["INDENTURE_KEY"]
    assert code == 0
    return world


def small_terms(folder: Path) -> Path:
    """The term sheet of the demonstration, of a thousand units."""
    text = (Path(__file__).parents[2] / "terms" / "boc-2019-sme.yaml").read_text(encoding="utf-8")
    for old, new in SMALL.items():
        assert old in text
        text = text.replace(old, new)
    path = folder / "small.yaml"
    path.write_text(text, encoding="utf-8")
    return path
