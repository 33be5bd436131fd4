"""Deploys the suite, or completes a deployment, and writes where it is.

    ape run deploy --network ethereum:local:foundry                   a private chain, see below
    ape run deploy --network ethereum:local:http://127.0.0.1:8545     any node
    indenture deploy scripts/params/local.yaml --rpc URL               the same without ape

Parameters are those of scripts/params/<network>.yaml; the result is deployments/<chain-id>.json. The key is
the one in INDENTURE_KEY; on a private chain it is Anvil's first account where none is given.

On `ethereum:local:foundry` the chain of `make chain` is meant, while it runs. When it does not run, ape's own
node serves as a rehearsal: all is deployed and read back, but the chain ends with the command, so no file is
written.
"""

import json
import os
import sys
from pathlib import Path

from ape import networks
from eth_account import Account
from eth_account.signers.local import LocalAccount

from indenture.chain import Chain, Sender, load_account
from indenture.chain.node import TEST_MNEMONIC
from indenture.deployment import Deployment, DeployParameters, deploy
from indenture.errors import IndentureError, NodeError

ROOT = Path(__file__).resolve().parent.parent
PARAMETERS = ROOT / "scripts" / "params"
DEPLOYMENTS = ROOT / "deployments"
LASTING = ROOT / "build" / "chain" / "node.json"
PRIVATE_CHAIN = 31337


def main() -> None:
    try:
        run()
    except IndentureError as error:
        print(error, file=sys.stderr)
        sys.exit(error.exit_code)


def run() -> None:
    network = networks.provider.network.name
    chain, lasts = find_chain(network)
    parameters = DeployParameters.load(PARAMETERS / f"{network}.yaml")
    file = DEPLOYMENTS / f"{chain.chain_id}.json"
    previous = Deployment.load(file, chain_id=chain.chain_id) if lasts and file.exists() else None
    sender = Sender(chain, key_for(chain.chain_id))

    print(f"chain {chain.chain_id} at {chain.url}, as {sender.address}")
    done = deploy(sender, parameters, previous=previous, progress=show)

    for name, deployed in {**done.contracts, **done.cash}.items():
        print(f"  {name:18} {deployed.address}")
    if lasts:
        done.save(file)
        print(f"read back and right; written to {file.relative_to(ROOT)}")
    else:
        print("read back and right; a rehearsal: the chain ends here, and no file was written")


def find_chain(network: str) -> tuple[Chain, bool]:
    """The chain that is meant, and whether it outlives this command."""
    lasting = lasting_chain() if networks.provider.name == "foundry" and network == "local" else None
    if lasting is not None:
        return lasting, True
    return Chain.connect(networks.provider.http_uri), networks.provider.name != "foundry"


def lasting_chain() -> Chain | None:
    """The node of `make chain`, if it runs; never a stranger on its port."""
    try:
        node = json.loads(LASTING.read_text())
        chain = Chain.connect(node["url"])
        return chain if chain.genesis_hash == node["genesis"] else None
    except (OSError, ValueError, KeyError, NodeError):
        return None


def key_for(chain_id: int) -> LocalAccount:
    if chain_id != PRIVATE_CHAIN or os.environ.get("INDENTURE_KEY"):
        return load_account()
    Account.enable_unaudited_hdwallet_features()
    account: LocalAccount = Account.from_mnemonic(TEST_MNEMONIC)
    return account


def show(step: str, done: int, total: int) -> None:
    if done == total:
        print(f"  {step}: {total} done")
