"""Powers that were used: what was done, by whom, by which role, for which reason."""

from __future__ import annotations

from typing import Any

from indenture.audit.checks.powers import selector
from indenture.audit.replay import World
from indenture.audit.replay.authority import ADMIN_ROLE, PUBLIC_ROLE
from indenture.audit.report.facts.amounts import moment
from indenture.audit.report.facts.books import Books
from indenture.audit.report.files import MOST_POWERS
from indenture.chain import checksum

Facts = dict[str, Any]

_COLUMNS = "block, log_index, time, contract, act, function, about, detail, actor, reason"
_USES = (
    """
    SELECT s.block, s.log_index, s.time, s.contract, 'forced transfer', 'forcedTransfer', s.account,
           s.units || ' units to ' || f.to_, s.actor, NULL
    FROM bond_statutory_power_used s
    JOIN bond_forced_transfer f ON f.block = s.block AND f.log_index = s.log_index - 1
    """,
    """
    SELECT s.block, s.log_index, s.time, s.contract, 'units frozen', 'setFrozenTokens', s.account,
           coalesce(CAST(s.units AS VARCHAR), 'all') || ' units', s.actor, NULL
    FROM bond_statutory_power_used s
    JOIN bond_frozen f ON f.block = s.block AND f.log_index = s.log_index - 1
    """,
    """
    SELECT block, log_index, time, contract, CASE WHEN paused THEN 'paused' ELSE 'pause ended' END,
           'setPaused', NULL, NULL, actor, NULL
    FROM bond_pause_set
    """,
    """
    SELECT block, log_index, time, bond, 'election annulled', 'annulElection', holder,
           units || ' units, event ' || action, actor, document
    FROM servicing_election_annulled
    """,
    """
    SELECT block, log_index, time, bond, 'stated event declared', 'declareEvent', NULL,
           code || ', event ' || number, actor, action.document
    FROM servicing_action_opened WHERE coalesce(ltrim(code, '0x'), '') <> ''
    """,
    """
    SELECT block, log_index, time, bond, 'default closed with a loss', 'fundRecovery', NULL,
           'principal ' || principal || ', interest ' || interest || ', base units', actor, NULL
    FROM servicing_default_closed WHERE principal > 0 OR interest > 0
    """,
    """
    SELECT block, log_index, time, contract, 'member suspended', 'suspendMember', lei, NULL, actor, reason
    FROM member_registry_member_suspended
    """,
    """
    SELECT block, log_index, time, contract, 'member reinstated', 'reinstateMember', lei, NULL, actor, reason
    FROM member_registry_member_reinstated
    """,
    """
    SELECT block, log_index, time, contract, 'standing of an account set', NULL, account,
           'standing ' || standing, actor, NULL
    FROM member_registry_account_standing_set
    """,
    """
    SELECT block, log_index, time, contract, 'limit of cash set', 'setSupplyLimit', NULL,
           coalesce(CAST(old_limit AS VARCHAR), old_limit_hex) || ' to '
               || coalesce(CAST(new_limit AS VARCHAR), new_limit_hex) || ', base units', actor, NULL
    FROM cash_token_supply_limit_set
    """,
    """
    SELECT block, log_index, time, contract,
           CASE WHEN trusted THEN 'system trusted' ELSE 'system no longer trusted' END,
           'setTrustedSystem', system, NULL, actor, NULL
    FROM cash_token_trusted_system_set
    """,
    """
    SELECT block, log_index, time, contract, 'implementation of bonds set', 'setImplementation',
           new_implementation, NULL, actor, NULL
    FROM bond_factory_implementation_set
    """,
    """
    SELECT block, log_index, time, contract, 'contract closed or opened', NULL, target,
           CASE WHEN closed THEN 'closed' ELSE 'open' END, NULL, NULL
    FROM authority_target_closed
    """,
    """
    SELECT block, log_index, time, contract, 'role granted', NULL, account, 'role ' || role_id, NULL, NULL
    FROM authority_role_granted
    """,
    """
    SELECT block, log_index, time, contract, 'role revoked', NULL, account, 'role ' || role_id, NULL, NULL
    FROM authority_role_revoked
    """,
    """
    SELECT block, log_index, time, contract, 'call scheduled', NULL, target, left(data, 10), caller, NULL
    FROM authority_operation_scheduled
    """,
)
_UNION = "\n    UNION ALL\n".join(_USES)
_KINDS = {
    "forcedTransfer": "Bond",
    "setFrozenTokens": "Bond",
    "setPaused": "Bond",
    "annulElection": "Servicing",
    "declareEvent": "Servicing",
    "fundRecovery": "Servicing",
    "suspendMember": "MemberRegistry",
    "reinstateMember": "MemberRegistry",
    "setSupplyLimit": "CashToken",
    "setTrustedSystem": "CashToken",
    "setImplementation": "BondFactory",
}


def powers_used(world: World, books: Books) -> list[Facts]:
    """The latest uses of powers, in chain order."""
    found = books.rows(
        f"""
        WITH latest AS (
            SELECT * FROM ({_UNION}) u({_COLUMNS}) WHERE block <= $last
            ORDER BY block DESC, log_index DESC LIMIT $most
        )
        SELECT {_COLUMNS}, tx_hash FROM latest
        JOIN (SELECT block, log_index, tx_hash FROM log) USING (block, log_index)
        ORDER BY block, log_index
        """,  # noqa: S608 (all of it is above)
        most=MOST_POWERS,
    )
    return [_use(world, row) for row in found]


def powers_counted(books: Books) -> list[Facts]:
    """How often each was used."""
    found = books.rows(
        f"""
        SELECT act, count(*) FROM ({_UNION}) u({_COLUMNS})
        WHERE block <= $last GROUP BY act ORDER BY act
        """  # noqa: S608 (all of it is above)
    )
    return [{"act": act, "times": int(times)} for act, times in found]


def powers_in_force(world: World, now: int) -> list[Facts]:
    """Who holds which role."""
    book = world.authority
    return [
        {
            "role": role_name(world, role),
            "account": account,
            "since": moment(grant.since),
            "delay": grant.delay.at(now),
        }
        for (role, account), grant in sorted(book.grants.items())
    ]


def role_name(world: World, role: int) -> str:
    """The label of a role; its number where it has none."""
    plain = {ADMIN_ROLE: "administrator", PUBLIC_ROLE: "anyone"}
    return world.authority.labels.get(role) or plain.get(role, str(role))


def _use(world: World, row: tuple[Any, ...]) -> Facts:
    block, _, time, contract, act, function, about, detail, actor, reason, tx_hash = row
    return {
        "block": int(block),
        "time": f"{time:%Y-%m-%dT%H:%M:%SZ}" if time else None,
        "act": act,
        "contract": world.suite.label(checksum(contract)),
        "about": _account(about),
        "detail": _words(world, detail),
        "actor": _account(actor),
        "function": function,
        "role": _role(world, checksum(contract), function),
        "reason": reason if reason and reason.strip("0x") else None,
        "tx_hash": tx_hash,
    }


def _account(shown: str | None) -> str | None:
    return checksum(shown) if shown and len(shown) == len("0x") + 40 else shown


def _words(world: World, detail: str | None) -> str | None:
    """Addresses checksummed, roles by their names."""
    if detail is None:
        return None
    if detail.startswith("role "):
        return role_name(world, int(detail.removeprefix("role ")))
    return " ".join(_account(word) or "" for word in detail.split(" "))


def _role(world: World, contract: str, function: str | None) -> str | None:
    """The role that the Authority asks for at the end of the audit, of a bond by its implementation."""
    if function is None:
        return None
    kind = _KINDS[function]
    register = world.bonds.get(contract)
    if kind == "Bond" and register is not None:
        contract = register.implementation
    elif kind == "Servicing":
        contract = world.suite.one(kind).address
    role = world.authority.functions.get((contract, selector(kind, function)), ADMIN_ROLE)
    return role_name(world, role)
