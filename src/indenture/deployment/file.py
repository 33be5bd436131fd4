"""The deployment file: where the suite is."""

from __future__ import annotations

import json
import os
from os import PathLike
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError

from indenture.deployment.blueprint import OFFERING_PARTS, SERVICING_PARTS
from indenture.deployment.parameters import DeployParameters
from indenture.errors import DeploymentError

#: Every contract of the suite, in the order of deployment.
SUITE = (
    "Authority",
    "MemberRegistry",
    "BusinessCalendar",
    "BondFactory",
    "Benchmarks",
    *OFFERING_PARTS,
    "SettlementClean",
    "Settlement",
    *SERVICING_PARTS,
    "BondEvents",
    "BondExtension",
    "Bond",
)


class Deployed(BaseModel):
    """A contract that was deployed.

    Attributes:
        address: Its address.
        tx_hash: The transaction that deployed it.
        block: The block of that transaction.
        code_hash: Keccak-256 of its code, immutables filled in.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    address: str
    tx_hash: str
    block: int
    code_hash: str


class Deployment(BaseModel):
    """Where the suite is on one chain.

    Attributes:
        chain_id: The chain.
        network: Name of the network.
        block: The first block of the suite: nothing of it happened before.
        contracts: The suite, by name; ``Bond`` is the code that bonds share, in two parts.
        cash: Cash tokens, by currency.
        parameters: What it was deployed with, accounts filled in.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    chain_id: int
    network: str
    block: int
    contracts: dict[str, Deployed]
    cash: dict[str, Deployed]
    parameters: DeployParameters

    @classmethod
    def load(cls, path: str | PathLike[str], *, chain_id: int | None = None) -> Deployment:
        """Reads a deployment file.

        Args:
            path: The file.
            chain_id: The chain that it must be of; None for any.

        Raises:
            DeploymentError: The file is missing, unreadable, incomplete, or of another chain.
        """
        file = Path(path)
        try:
            data = json.loads(file.read_text("utf-8"))
        except FileNotFoundError:
            raise DeploymentError(
                f"there is no deployment file {file}",
                hint="Deploy first (indenture deploy), or name the file of the deployment.",
            ) from None
        except OSError as fault:
            raise DeploymentError(
                f"{file} cannot be read: {fault.strerror}", hint="Check the path."
            ) from None
        except ValueError:
            raise DeploymentError(
                f"{file} is not a deployment file: it is not JSON", hint="Is it the right file?"
            ) from None
        try:
            deployment = cls.model_validate(data)
        except ValidationError as error:
            detail = error.errors()[0]
            where = ".".join(str(part) for part in detail["loc"])
            raise DeploymentError(
                f"{file} is not a deployment file: {where or 'file'}: {detail['msg']}",
                hint="It was written by another version, or by hand; deploy again, or take the right file.",
            ) from None
        if missing := [name for name in SUITE if name not in deployment.contracts]:
            raise DeploymentError(
                f"{file} lacks {', '.join(missing)}", hint="It was written by another version; deploy again."
            )
        if chain_id is not None and deployment.chain_id != chain_id:
            raise DeploymentError(
                f"{file} is of chain {deployment.chain_id}, the node is on chain {chain_id}",
                hint="Give the deployment file of this chain, or a node of the other.",
            )
        return deployment

    def save(self, path: str | PathLike[str]) -> None:
        """Writes the file; a reader sees the old one or the new one, never a half.

        Raises:
            DeploymentError: The folder cannot be written.
        """
        file = Path(path)
        fresh = file.with_name(f".{file.name}.{os.getpid()}")
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
            fresh.write_text(self.to_json(), encoding="utf-8")
            fresh.replace(file)
        except OSError as fault:
            raise DeploymentError(
                f"the deployment file {file} cannot be written: {fault.strerror}",
                hint="Choose a folder that you may write to.",
            ) from None

    def to_json(self) -> str:
        """The text of the file, always the same for the same deployment."""
        data: dict[str, Any] = self.model_dump(mode="json")
        return json.dumps(data, indent=2, sort_keys=True, ensure_ascii=False) + "\n"
