"""Reading a deployment back: code, wiring, powers, members, calendars."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from indenture.calendars import load_calendar
from indenture.chain import BlockStamp, Chain, Contract, ContractCall, load_abi
from indenture.contracts._base import FOREVER
from indenture.contracts.calendar import market_bytes
from indenture.contracts.registry import account_of
from indenture.deployment.blueprint import (
    artifact_of,
    cash_key,
    check_code,
    check_part,
    code_hash,
    wiring_calls,
)
from indenture.deployment.file import SUITE, Deployed, Deployment
from indenture.deployment.parameters import DeployParameters
from indenture.deployment.powers import powers_of
from indenture.errors import ContractRevert, DeploymentError, NodeError, NodeRefused
from indenture.identifiers import lei_to_bytes
from indenture.membership import MemberClass, Role
from indenture.models import Account, Standing

#: Roles of the depository's own account.
REGISTRAR_ROLES = Role.REGISTRAR | Role.HOLDER
#: Contracts that hold money for members: they must be accounts of one themselves, and trusted by the cash
#: tokens, which know the Settlement from their construction.
ESCROWS = ("Offering", "Servicing")

Question = tuple[str, ContractCall, Any]


def verify(chain: Chain, deployment: Deployment) -> None:
    """Compares all of a deployment with the chain, at one block.

    What members do later (more roles, another supply limit, later versions of a calendar) is not looked at.

    Raises:
        DeploymentError: The first thing that is not as it should be: what was expected, and what was found.
    """
    if chain.chain_id != deployment.chain_id:
        raise DeploymentError(
            f"the deployment is of chain {deployment.chain_id}, the node is on chain {chain.chain_id}",
            hint="Give the deployment file of this chain, or a node of the other.",
        )
    stamp = chain.block_stamp()
    check_codes(chain, deployed_of(deployment), stamp)
    contracts = contracts_of(chain, deployment)
    for what, expected, found in answers(chain, questions_of(contracts, deployment), stamp):
        if found != expected:
            raise DeploymentError(
                f"{what}: expected {_show(expected)}, found {_show(found)}",
                hint="Deploy again, which sets what is missing; do not use the suite until it agrees.",
            )


def deployed_of(deployment: Deployment) -> dict[str, Deployed]:
    """Every contract, by key."""
    cash = {cash_key(code): deployed for code, deployed in deployment.cash.items()}
    return {**{name: deployment.contracts[name] for name in SUITE}, **cash}


def contracts_of(chain: Chain, deployment: Deployment) -> dict[str, Contract]:
    """Every contract, by key, ready to be asked."""
    return {
        key: Contract(chain, deployed.address, load_abi(artifact_of(key)))
        for key, deployed in deployed_of(deployment).items()
    }


def check_codes(chain: Chain, deployed: dict[str, Deployed], stamp: BlockStamp) -> None:
    """Raises ``DeploymentError`` unless all code is that of this release, and that recorded."""
    codes = read_codes(chain, [each.address for each in deployed.values()], stamp)
    at = {key: each.address for key, each in deployed.items()}
    for (key, each), code in zip(deployed.items(), codes, strict=True):
        if not code:
            raise DeploymentError(
                f"there is no contract at {each.address}, where {key} should be",
                hint="The chain was started anew, or the file is of another chain: deploy again.",
            )
        check_code(key, each.address, code)
        check_part(key, code, at)
        if (found := code_hash(code)) != each.code_hash:
            raise DeploymentError(
                f"the code of {key} at {each.address} has hash {found}, the file says {each.code_hash}",
                hint="The file was changed, or is of another chain.",
            )


def read_codes(chain: Chain, addresses: list[str], stamp: BlockStamp) -> list[bytes]:
    """Code at some addresses; empty where there is none."""
    where = {"blockHash": stamp.hash}
    found = chain.rpc.batch([("eth_getCode", (address, where)) for address in addresses])
    for answer in found:
        if isinstance(answer, NodeRefused):
            raise answer
    return [bytes.fromhex(answer[2:]) for answer in found]


def answers(chain: Chain, questions: list[Question], stamp: BlockStamp) -> Iterator[tuple[str, Any, Any]]:
    """What is asked in words, what is expected, what is found."""
    try:
        found = chain.call_many([call for _, call, _ in questions], stamp, errors=True)
    except NodeError as fault:
        raise DeploymentError(
            f"the deployment cannot be read back: {fault.message}", hint=fault.hint
        ) from fault
    for (what, _, expected), value in zip(questions, found, strict=True):
        yield what, expected, value


def questions_of(contracts: dict[str, Contract], deployment: Deployment) -> list[Question]:
    """All that is asked of the chain."""
    parameters = deployment.parameters
    at = {key: contract.address for key, contract in contracts.items()}
    questions = wiring_calls(contracts, parameters, at)
    questions.append(
        ("BondFactory.implementation", contracts["BondFactory"].call("implementation"), at["Bond"])
    )
    questions += [question for _, question in trust_questions(contracts, parameters)]
    questions += power_questions(contracts, parameters)
    questions += member_questions(contracts, parameters)
    questions += [question for _, question in calendar_questions(contracts, parameters)]
    return questions


def trust_questions(
    contracts: dict[str, Contract], parameters: DeployParameters
) -> Iterator[tuple[tuple[str, str], Question]]:
    """For each cash token and system (key, address): whether the token trusts it."""
    for token in parameters.cash:
        key = cash_key(token.code)
        for name in ESCROWS:
            system = contracts[name].address
            call = contracts[key].call("isTrustedSystem", system)
            yield (key, system), (f"{token.code} trusts {name}", call, True)


def power_questions(contracts: dict[str, Contract], parameters: DeployParameters) -> list[Question]:
    """For each power: whether its functions have its role, and its account may use it."""
    authority = contracts["Authority"]
    questions: list[Question] = []
    for power in powers_of(parameters):
        target = contracts[power.contract].address
        for name, selector in zip(power.functions, power.selectors, strict=True):
            call = authority.call("getTargetFunctionRole", target, selector)
            questions.append((f"role of {power.contract}.{name}", call, power.role))
        granted = authority.call("hasRole", power.role, power.account)
        questions.append((f"{power.label} of {power.account} (held, delay)", granted, (True, 0)))
    return questions


def member_questions(contracts: dict[str, Contract], parameters: DeployParameters) -> list[Question]:
    """Whether the depository is a member, and the escrows are accounts of it."""
    registry = contracts["MemberRegistry"]
    lei = parameters.depository.lei
    expected = escrow_word(parameters)
    questions: list[Question] = [
        (f"escrow account {name}", registry.call("wordOf", contracts[name].address), expected)
        for name in ESCROWS
    ]
    registrar = parameters.accounts.registrar
    held = registry.call("hasRoles", registrar, int(Role.REGISTRAR))
    questions.append((f"registrar {registrar} of {lei}", held, True))
    return questions


def calendar_questions(
    contracts: dict[str, Contract], parameters: DeployParameters
) -> Iterator[tuple[tuple[str, int], Question]]:
    """For each year: whether it is published; the bits of later versions are the operator's."""
    for calendar in parameters.calendars:
        data = load_calendar(calendar.code)
        for year in calendar.years:
            call = contracts["BusinessCalendar"].call("yearOf", market_bytes(calendar.code), year)
            yield (calendar.code, year), (f"{calendar.code} {year}", call, _Published(data.bitmap(year)))


def escrow_word(parameters: DeployParameters) -> int:
    """The word of an escrow account: no roles, no end."""
    lei = int.from_bytes(lei_to_bytes(parameters.depository.lei), "big")
    return lei << 96 | int(Standing.ADMITTED) << 88 | (1 << MemberClass.OPERATOR) << 64 | FOREVER


class _Published:
    """Equal to a published year: the bits must agree as long as nobody changed them."""

    def __init__(self, bitmap: int) -> None:
        self._bitmap = bitmap

    def __eq__(self, found: object) -> bool:
        version = getattr(found, "version", 0)
        if version != 1:
            return bool(version)
        return bool(getattr(found, "low", 0) | getattr(found, "high", 0) << 256 == self._bitmap)

    __hash__ = None  # type: ignore[assignment]  # it stands for many values

    def __repr__(self) -> str:
        return "the working days of the package"


def _show(value: object) -> str:
    if isinstance(value, ContractRevert):
        return value.message
    if isinstance(value, int) and not isinstance(value, bool) and value.bit_length() > 128:
        account: Account | None = account_of("0x" + "0" * 40, value)
        return repr(account)
    return str(value)
