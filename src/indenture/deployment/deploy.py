"""Deploying: wave by wave, configured by the deployer, handed to the roles last, and read back."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from indenture.calendars import load_calendar
from indenture.chain import Chain, Contract, ContractCall, Receipt, Sender, deploy_call
from indenture.contracts._base import FOREVER
from indenture.contracts.authority import Authority
from indenture.contracts.calendar import BusinessCalendar
from indenture.contracts.registry import MemberRegistry
from indenture.deployment.blueprint import Part, cash_key, code_hash, waves
from indenture.deployment.file import SUITE, Deployed, Deployment
from indenture.deployment.parameters import DeployParameters
from indenture.deployment.powers import Power, powers_of
from indenture.deployment.verify import (
    ESCROWS,
    REGISTRAR_ROLES,
    calendar_questions,
    check_codes,
    contracts_of,
    deployed_of,
    read_codes,
    trust_questions,
    verify,
)
from indenture.errors import DeploymentError, NodeError, TransactionError, WrongChain
from indenture.identifiers import lei_to_bytes
from indenture.membership import MemberClass

Progress = Callable[[str, int, int], None]


def deploy(
    sender: Sender,
    parameters: DeployParameters,
    *,
    previous: Deployment | None = None,
    progress: Progress | None = None,
) -> Deployment:
    """Deploys the suite and configures it; what is there and right is kept.

    The deployer stays administrator of the Authority, which can be handed over afterwards.  Everything is
    read back before this returns.

    Args:
        sender: The account that deploys.
        parameters: What to deploy.
        previous: An earlier deployment on this chain.  Where its contracts are gone (a private chain that
            was started anew), all is deployed again; where they are there, only what is missing is added.
        progress: Called with a step, how much of it is done, and how much there is.

    Raises:
        WrongChain: The parameters are of another chain.
        DeploymentError: The previous deployment is not of this release, or what was read back is not what
            was wanted.
        TransactionError: The chain refused; run it again with the same arguments, once the cause is gone.
    """
    chain = sender.chain
    if parameters.chain_id is not None and parameters.chain_id != chain.chain_id:
        raise WrongChain(parameters.chain_id, chain.chain_id)
    report = progress or _silent
    kept = _kept(chain, previous)
    wanted = parameters.resolved(sender.address)
    if previous is not None and kept:
        _require_same(previous.parameters, wanted)
    deployment = _deploy_contracts(sender, wanted, kept, report)
    _configure(sender, deployment, report)
    report("read back", 0, 1)
    verify(chain, deployment)
    report("read back", 1, 1)
    return deployment


def _silent(step: str, done: int, total: int) -> None:
    del step, done, total


def _kept(chain: Chain, previous: Deployment | None) -> dict[str, Deployed]:
    """What of an earlier deployment is still there; nothing if all of it is gone."""
    if previous is None:
        return {}
    if previous.chain_id != chain.chain_id:
        raise DeploymentError(
            f"the earlier deployment is of chain {previous.chain_id}, the node is on chain {chain.chain_id}",
            hint="Give the deployment file of this chain, or a node of the other.",
        )
    deployed = deployed_of(previous)
    stamp = chain.block_stamp()
    codes = read_codes(chain, [each.address for each in deployed.values()], stamp)
    if not any(codes):
        return {}
    check_codes(chain, deployed, stamp)
    return deployed


def _require_same(old: DeployParameters, new: DeployParameters) -> None:
    """A suite has one depository; who wants another deploys another suite."""
    if old.depository.lei != new.depository.lei:
        raise DeploymentError(
            f"the suite belongs to depository {old.depository.lei}, the parameters name {new.depository.lei}",
            hint="Give the parameters of this suite, or move its deployment file away to deploy another.",
        )


# Contracts


def _deploy_contracts(
    sender: Sender, parameters: DeployParameters, kept: dict[str, Deployed], report: Progress
) -> Deployment:
    found = dict(kept)
    addresses = {key: deployed.address for key, deployed in kept.items()}
    steps = waves(parameters, sender.address)
    total, done = len(SUITE) + len(parameters.cash), 0
    report("contracts", done, total)
    for wave in steps:
        parts = wave(addresses)
        missing = [part for part in parts if part.key not in addresses]
        calls = [deploy_call(part.artifact, *part.args) for part in missing]
        for part, receipt, code in _send_deployments(sender, missing, calls):
            addresses[part] = str(receipt.contract)
            found[part] = Deployed(
                address=str(receipt.contract),
                tx_hash=receipt.tx_hash,
                block=receipt.block_number,
                code_hash=code_hash(code),
            )
        done += len(parts)
        report("contracts", done, total)
    return Deployment(
        chain_id=sender.chain.chain_id,
        network=parameters.network,
        block=min(deployed.block for deployed in found.values()),
        contracts={name: found[name] for name in SUITE},
        cash={token.code: found[cash_key(token.code)] for token in parameters.cash},
        parameters=parameters,
    )


def _send_deployments(
    sender: Sender, parts: Sequence[Part], calls: Sequence[ContractCall]
) -> Iterator[tuple[str, Receipt, bytes]]:
    receipts = sender.send_many(calls)
    stamp = sender.chain.block_stamp()
    codes = read_codes(sender.chain, [str(receipt.contract) for receipt in receipts], stamp)
    for part, receipt, code in zip(parts, receipts, codes, strict=True):
        if not code:
            raise NodeError(f"{receipt.contract} has no code although {receipt.tx_hash} deployed it")
        yield part.key, receipt, code


# Configuration


def _configure(sender: Sender, deployment: Deployment, report: Progress) -> None:
    """Sends what is not set yet; the powers last, for until then the administrator has them all."""
    chain = sender.chain
    contracts = contracts_of(chain, deployment)
    parameters = deployment.parameters
    first = _depository(chain, contracts, deployment)
    calls = [
        *_code_of_bonds(contracts),
        *_trusted_systems(chain, contracts, parameters),
        *_accounts(chain, contracts, deployment),
        *_calendars(chain, contracts, parameters),
    ]
    powers = _powers(chain, contracts, deployment)
    total, done = len(first) + len(calls) + len(powers), 0
    report("configuration", done, total)
    try:
        for step in filter(None, (first, calls, powers)):
            sender.send_many(step)
            done += len(step)
            report("configuration", done, total)
    except TransactionError as refused:
        refused.hint = (
            refused.hint
            or "Settings of a suite that is in use belong to its operator: use the operator's key."
        )
        raise


def _code_of_bonds(contracts: dict[str, Contract]) -> list[ContractCall]:
    factory, bond = contracts["BondFactory"], contracts["Bond"].address
    return [] if factory.read("implementation") == bond else [factory.call("setImplementation", bond)]


def _trusted_systems(
    chain: Chain, contracts: dict[str, Contract], parameters: DeployParameters
) -> list[ContractCall]:
    asked = list(trust_questions(contracts, parameters))
    trusted = chain.call_many([call for _, (_, call, _) in asked])
    return [
        contracts[key].call("setTrustedSystem", system, True)  # noqa: FBT003
        for ((key, system), _), yes in zip(asked, trusted, strict=True)
        if not yes
    ]


def _depository(chain: Chain, contracts: dict[str, Contract], deployment: Deployment) -> list[ContractCall]:
    """The depository as the first member, with the registrar as its first account."""
    depository = deployment.parameters.depository
    registry = MemberRegistry(chain, contracts["MemberRegistry"].address)
    if registry.member(depository.lei) is not None:
        return []
    row = (
        lei_to_bytes(depository.lei),
        int(MemberClass.OPERATOR),
        depository.jurisdiction.encode("ascii"),
        deployment.parameters.accounts.registrar,
        int(REGISTRAR_ROLES),
        FOREVER,
    )
    return [registry.admit_members([row])]


def _accounts(chain: Chain, contracts: dict[str, Contract], deployment: Deployment) -> list[ContractCall]:
    """The escrows as accounts of the depository: money moves among members only."""
    lei = lei_to_bytes(deployment.parameters.depository.lei)
    registry = MemberRegistry(chain, contracts["MemberRegistry"].address)
    escrows = [contracts[name].address for name in ESCROWS]
    known = registry.accounts(escrows)
    rows = [
        (lei, address, 0, FOREVER) for address, there in zip(escrows, known, strict=True) if there is None
    ]
    return [registry.admit_accounts(rows)] if rows else []


def _calendars(
    chain: Chain, contracts: dict[str, Contract], parameters: DeployParameters
) -> list[ContractCall]:
    calendar = BusinessCalendar(chain, contracts["BusinessCalendar"].address)
    asked = list(calendar_questions(contracts, parameters))
    years = chain.call_many([call for _, (_, call, _) in asked])
    return [
        calendar.publish(code, year, load_calendar(code).bitmap(year))
        for ((code, year), _), there in zip(asked, years, strict=True)
        if there.version == 0
    ]


def _powers(chain: Chain, contracts: dict[str, Contract], deployment: Deployment) -> list[ContractCall]:
    """One transaction that gives every power that is not given yet."""
    authority = Authority(chain, contracts["Authority"].address)
    powers = list(powers_of(deployment.parameters))
    calls: dict[bytes, ContractCall] = {}
    for power, roles, granted in _present_powers(chain, contracts, authority, powers):
        target = contracts[power.contract].address
        if any(role != power.role for role in roles):
            given = authority.set_function_role(target, power.selectors, power.role)
            label = authority.label_role(power.role, power.label)
            calls |= {label.data: label, given.data: given}
        if not granted:
            grant = authority.grant_role(power.role, power.account)
            calls[grant.data] = grant
    return [authority.multicall(list(calls.values()))] if calls else []


def _present_powers(
    chain: Chain, contracts: dict[str, Contract], authority: Authority, powers: Sequence[Power]
) -> Iterator[tuple[Power, list[int], bool]]:
    for power in powers:
        target = contracts[power.contract].address
        questions = [
            authority.call("getTargetFunctionRole", target, selector) for selector in power.selectors
        ]
        *roles, access = chain.call_many([*questions, authority.call("hasRole", power.role, power.account)])
        yield power, roles, access[0] and access[1] == 0
