"""Deploying the suite."""

from __future__ import annotations

from pathlib import Path

import click

from indenture.cli._help import examples
from indenture.cli._output import Facts, Grid, View
from indenture.cli._progress import progress_of
from indenture.cli._session import DEPLOYMENTS, Session, sends


@click.command(
    epilog=examples(
        "indenture deploy scripts/params/local.yaml --rpc http://127.0.0.1:8545 --keystore operator.json"
    )
)
@sends
@click.argument("parameters", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def deploy(session: Session, parameters: Path) -> View:
    """Deploy the suite, and write the deployment file.

    PARAMETERS is a file such as scripts/params/local.yaml.

    Safe to run again: what is there and right is kept, what is missing is added, and everything is read
    back from the chain. The file is the one of --deployment, else deployments/<chain-id>.json.
    """
    from indenture.deployment import Deployment, DeployParameters
    from indenture.deployment import deploy as run_deploy

    wanted = DeployParameters.load(parameters)
    file = session.settings.deployment or DEPLOYMENTS / f"{session.chain.chain_id}.json"
    previous = Deployment.load(file) if file.exists() else None
    session.agree(
        f"Deploy the suite of {wanted.depository.name}, {wanted.depository.lei}",
        f"currencies {', '.join(token.code for token in wanted.cash)}",
        f"keeping what {file} names, where it is right" if previous else f"writing {file}",
    )
    with progress_of("Deploy") as progress:
        done = run_deploy(session.sender, wanted, previous=previous, progress=progress)
    done.save(file)
    rows = [
        {"contract": name, "address": each.address, "block": each.block}
        for name, each in (
            *done.contracts.items(),
            *((f"cash {code}", each) for code, each in done.cash.items()),
        )
    ]
    about = {
        "network": done.network,
        "chain id": str(done.chain_id),
        "first block": done.block,
        "file": str(file),
    }
    data = {
        "network": done.network,
        "chain_id": done.chain_id,
        "block": done.block,
        "file": str(file),
        "contracts": rows,
    }
    return View(data, [Facts("Deployed", about), Grid("Contracts", rows)])
