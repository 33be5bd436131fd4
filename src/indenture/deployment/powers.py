"""Who may call what: the powers of the suite, as roles of the Authority.

The deployment sets this table and ``verify`` reads it back.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from indenture.chain import load_abi
from indenture.deployment.parameters import DeployParameters

OPERATOR = 1
STATUTORY = 2
CASH_ISSUER = 3
MEMBERSHIP = 4

_OPERATOR = {
    "BusinessCalendar": ("publish", "join"),
    "BondFactory": ("setImplementation",),
    "Benchmarks": ("register", "setAdministrator"),
}
# Bonds ask the Authority with their common code as target, parts of the Servicing with its address.
_STATUTORY = {
    "Bond": ("setFrozenTokens", "forcedTransfer", "setPaused"),
    "Servicing": ("declareEvent", "annulElection", "fundRecovery"),
}
# Contracts whose other parts know the functions.
_WHOLE = {"Servicing": "IServicing"}
_MEMBERSHIP = {
    "MemberRegistry": (
        "admitMember",
        "admitMembers",
        "enrolAccount",
        "enrolAccounts",
        "setRoles",
        "suspendMember",
        "suspendAccounts",
        "reinstateMember",
        "reinstateAccounts",
        "removeAccounts",
        "reclassifyMember",
    )
}
_CASH_OPERATOR = ("setSupplyLimit", "setTrustedSystem")
_CASH_ISSUER = ("mint", "mintBatch", "burn")


@dataclass(frozen=True, slots=True)
class Power:
    """Functions of one contract that belong to one role.

    Attributes:
        role: Id of the role.
        label: Its name.
        contract: Name of the contract; a cash token is ``cash:<code>``.
        functions: Names of the functions.
        account: Who gets the role.
    """

    role: int
    label: str
    contract: str
    functions: tuple[str, ...]
    account: str

    @property
    def selectors(self) -> list[bytes]:
        """Selectors of the functions."""
        name = "CashToken" if self.contract.startswith("cash:") else self.contract
        abi = load_abi(_WHOLE.get(name, name))
        return [abi.function(function).selector for function in self.functions]


def cash_issuer_role(code: str) -> int:
    """The role that issues one currency: who issues one cannot issue another.

    The low byte says what the role is, the bytes above hold the currency's code.
    """
    return int.from_bytes(code.encode("ascii"), "big") << 8 | CASH_ISSUER


def powers_of(parameters: DeployParameters) -> Iterator[Power]:
    """Every power of a deployment; ``parameters`` have their accounts filled in."""
    accounts = parameters.accounts
    plain = (
        (OPERATOR, "OPERATOR", _OPERATOR, accounts.operator),
        (STATUTORY, "STATUTORY", _STATUTORY, accounts.statutory),
        (MEMBERSHIP, "MEMBERSHIP", _MEMBERSHIP, accounts.operator),
    )
    for role, label, table, account in plain:
        for contract, functions in table.items():
            yield Power(role, label, contract, functions, account)
    for token in parameters.cash:
        contract = f"cash:{token.code}"
        issuer = token.issuer or accounts.cash_issuer
        yield Power(OPERATOR, "OPERATOR", contract, _CASH_OPERATOR, accounts.operator)
        yield Power(cash_issuer_role(token.code), f"CASH_ISSUER {token.code}", contract, _CASH_ISSUER, issuer)
