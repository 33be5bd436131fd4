"""The depository's acts on members."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click

from indenture.cli._group import Suggesting
from indenture.cli._help import examples
from indenture.cli._output import Facts, Grid, View, facts, grid, label
from indenture.cli._session import Session, reads, sends
from indenture.cli._values import ADDRESS, CLASSES, INSTANT, LEI, ROLE, all_roles, document_digest, sent
from indenture.errors import InputError
from indenture.identifiers import Lei
from indenture.membership import Role

_roles = click.option(
    "--role", "roles", type=ROLE, multiple=True, help="What the account may act as; give it again for more."
)
_until = click.option(
    "--until",
    type=INSTANT,
    help="Last moment at which this holds: 2027-12-31T17:00+08:00. No end unless given.",
)


@click.group(cls=Suggesting)
def member() -> None:
    """Admit members, give roles, suspend and reinstate."""


@member.command(
    "admit",
    epilog=examples(
        "indenture member admit 54930053HGCFWVHYZX42 0x70997970C51812dc3A010C7d01b50e0d17dc79C8 \\",
        "    --class bank --jurisdiction CN --role issuer",
    ),
)
@sends
@click.argument("lei", type=LEI)
@click.argument("account", type=ADDRESS)
@click.option(
    "--class", "member_class", type=click.Choice(list(CLASSES)), required=True, help="Class of the member."
)
@click.option("--jurisdiction", required=True, metavar="CC", help="ISO 3166-1 alpha-2, such as CN.")
@_roles
@_until
def admit(
    session: Session,
    lei: str,
    account: str,
    member_class: str,
    jurisdiction: str,
    roles: tuple[Role, ...],
    until: datetime | None,
) -> View:
    """Admit the member with this LEI, and ACCOUNT as its first account."""
    from indenture.models import MemberAdmission
    from indenture.roles import Depository

    admission = MemberAdmission(lei, CLASSES[member_class], jurisdiction, account, all_roles(roles), until)
    session.agree(
        f"Admit {lei} ({member_class}, {jurisdiction})",
        f"account {account}, roles {label(admission.roles)}, until {until or 'no end'}",
    )
    result = session.role(Depository).admit_members([admission])
    return facts("Member admitted", {"lei": lei, "account": account, **sent(result.transactions[-1])})


@member.command(
    "accounts",
    epilog=examples(
        "indenture member accounts 54930053HGCFWVHYZX42 0x3C44CdDdB6a900fa2b585dd299e03d12FA4293BC \\",
        "    --role holder",
    ),
)
@sends
@click.argument("lei", type=LEI)
@click.argument("accounts", type=ADDRESS, nargs=-1, required=True)
@_roles
@_until
def accounts_(
    session: Session, lei: str, accounts: tuple[str, ...], roles: tuple[Role, ...], until: datetime | None
) -> View:
    """Admit further ACCOUNTS of the member with this LEI."""
    from indenture.models import AccountAdmission
    from indenture.roles import Depository

    admissions = [AccountAdmission(lei, account, all_roles(roles), until) for account in accounts]
    session.agree(f"Admit {len(accounts)} accounts of {lei}", f"roles {label(all_roles(roles))}", *accounts)
    result = session.role(Depository).admit_accounts(admissions)
    return facts("Accounts admitted", {"lei": lei, "accounts": accounts, **sent(result.transactions[-1])})


@member.command(
    "roles",
    epilog=examples(
        "indenture member roles 0x3C44CdDdB6a900fa2b585dd299e03d12FA4293BC \\",
        "    --role holder --role dealer",
    ),
)
@sends
@click.argument("account", type=ADDRESS)
@_roles
@_until
def roles_(session: Session, account: str, roles: tuple[Role, ...], until: datetime | None) -> View:
    """Replace the roles of ACCOUNT by those given; none given takes all away."""
    from indenture.roles import Depository

    wanted = all_roles(roles)
    session.agree(f"Set the roles of {account} to {label(wanted)}", f"until {until or 'no end'}")
    result = session.role(Depository).set_roles(account, wanted, until)
    return facts("Roles set", {"account": account, "roles": wanted, **sent(result)})


_reason = click.option(
    "--reason",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    required=True,
    help="The document that says why; its hash goes on the chain.",
)


@member.command(
    "suspend", epilog=examples("indenture member suspend 54930053HGCFWVHYZX42 --reason order-2027-14.pdf")
)
@sends
@click.argument("lei", type=LEI)
@_reason
def suspend(session: Session, lei: str, reason: Path) -> View:
    """Suspend the member with this LEI, and all its accounts.

    What it holds stays its own, and what it is owed is kept for it; nothing of it moves.
    """
    from indenture.roles import Depository

    session.agree(f"Suspend {lei}", f"reason {reason}, keccak-256 {document_digest(reason).hex()}")
    result = session.role(Depository).suspend_member(lei, document_digest(reason))
    return facts("Member suspended", {"lei": lei, "accounts": result.accounts, **sent(result)})


@member.command(
    "reinstate", epilog=examples("indenture member reinstate 54930053HGCFWVHYZX42 --reason order-2027-31.pdf")
)
@sends
@click.argument("lei", type=LEI)
@_reason
def reinstate(session: Session, lei: str, reason: Path) -> View:
    """End the suspension of the member with this LEI."""
    from indenture.roles import Depository

    session.agree(f"Reinstate {lei}", f"reason {reason}, keccak-256 {document_digest(reason).hex()}")
    result = session.role(Depository).reinstate_member(lei, document_digest(reason))
    return facts("Member reinstated", {"lei": lei, "accounts": result.accounts, **sent(result)})


@member.command("show", epilog=examples("indenture member show 54930053HGCFWVHYZX42"))
@reads
@click.argument("lei", type=LEI)
def show(session: Session, lei: str) -> View:
    """Show a member, its accounts and their roles."""
    registry, stamp = session.suite.registry, session.chain.block_stamp()
    found = registry.member(Lei(lei), block=stamp)
    if found is None:
        raise InputError(f"{lei} is no member", hint="See indenture member list.")
    accounts = [
        account
        for account in registry.accounts(registry.accounts_of(Lei(lei), to=stamp.number), block=stamp)
        if account is not None
    ]
    about = {
        "lei": lei,
        "class": found.member_class,
        "jurisdiction": found.jurisdiction,
        "admitted": found.admitted_at,
        "suspended": found.suspended,
    }
    rows = [
        {
            "account": account.address,
            "standing": account.standing,
            "roles": account.roles,
            "until": account.until,
            "active": account.is_active(stamp.time),
        }
        for account in accounts
    ]
    return View({**about, "accounts": rows}, [Facts("Member", about), Grid("Accounts", rows)])


@member.command("list", epilog=examples("indenture member list --json"))
@reads
def list_(session: Session) -> View:
    """List all members."""
    registry, stamp = session.suite.registry, session.chain.block_stamp()
    members = [registry.member(lei, block=stamp) for lei in registry.members(to=stamp.number)]
    rows = [
        {
            "lei": each.lei,
            "class": each.member_class,
            "jurisdiction": each.jurisdiction,
            "admitted": each.admitted_at,
            "suspended": each.suspended,
        }
        for each in members
        if each is not None
    ]
    return grid(f"{len(rows)} members", rows)
