"""An operator with the release's own code: what he writes into the deployment file, and what he may call."""

from __future__ import annotations

import pytest
from tests.audit import lives
from tests.audit import story as acts
from tests.audit.faults.offices import announce
from tests.audit.faults.stories import NAME
from tests.audit.stage import FOREVER, HOLDER, Story, lei

from indenture.audit import AuditResult, audit
from indenture.chain import deploy_call, load_abi
from indenture.ledger.suite import BOND_PARTS

pytestmark = pytest.mark.integration

TO_COME = 10_000
"""A block that nobody will see."""
PUBLIC = 2**64 - 1


def told(result: AuditResult) -> list[tuple[str, str]]:
    """Kind and key of each finding."""
    return [(finding.kind, finding.key) for finding in result.findings]


def noted(result: AuditResult, kind: str) -> list[str]:
    return [notice.message for notice in result.notices if notice.kind == kind]


# --- the deployment file


def test_code_of_bonds__said_to_come_later__is_looked_at(story: Story) -> None:
    """Code that is set for bonds is in use, whatever block the file names."""
    address = story.deployment.contracts["BondExtension"].address
    code = story.chain.code(address)
    story.chain.rpc.request("anvil_setCode", [address, "0x" + code.hex()[:-2] + "00"], resend=False)
    later = {
        name: story.deployment.contracts[name].model_copy(update={"block": TO_COME}) for name in BOND_PARTS
    }
    contracts = {**story.deployment.contracts, **later}

    result = audit(story.chain, story.deployment.model_copy(update={"contracts": contracts}))

    found = {(f.kind, f.contract.split()[0], f.key) for f in result.findings}
    assert found == {
        ("CODE-1", "BondExtension", "code hash"),
        ("CODE-3", "BondExtension", "code"),
        *(("CODE-3", name, "creation") for name in BOND_PARTS),
    }


def test_token__left_out_of_the_file__is_found(story: Story) -> None:
    lives.register(lives.Lives(story), 0, NAME, {}, {})

    result = audit(story.chain, story.deployment.model_copy(update={"cash": {}}))

    assert told(result) == [("CODE-3", "deployment")]
    assert result.notices == ()


# --- powers


def test_stranger__trusted_with_all_cash__is_found(story: Story) -> None:
    """For one movement: who looks at the end sees nothing."""
    victim, friend = story.holders[:2]
    story.do(story.operator, "CashToken", "mint", victim.address, 100)
    story.do(story.operator, "CashToken", "setTrustedSystem", story.outsider.address, True)
    story.do(story.outsider, "CashToken", "transferFrom", victim.address, friend.address, 100)
    story.do(story.operator, "CashToken", "setTrustedSystem", story.outsider.address, False)

    result = audit(story.chain, story.deployment)

    assert told(result) == [("CASH-1", "TrustedSystemSet.system"), ("ALLOW-1", "Transfer.value")]


def test_contract__made_to_obey_another__is_found(story: Story) -> None:
    token, other = story.at("CashToken"), story.at("MemberRegistry")
    story.do(story.operator, "Authority", "updateAuthority", token, other)

    result = audit(story.chain, story.deployment)

    assert told(result) == [("AUTH-1", "AuthorityUpdated.authority")]


def test_function__open_to_anybody__is_told(story: Story) -> None:
    token = story.at("CashToken")
    mint, burn = (load_abi("CashToken").function(name).selector for name in ("mint", "burn"))
    role = story.read("Authority", "getTargetFunctionRole", token, burn)
    story.do(story.operator, "Authority", "setTargetFunctionRole", token, [mint, burn], PUBLIC)
    story.do(story.operator, "Authority", "setTargetFunctionRole", token, [burn], role)
    story.do(story.outsider, "CashToken", "mint", story.holders[0].address, 100)

    result = audit(story.chain, story.deployment)

    assert result.findings == ()
    assert noted(result, "NOTE-11") == [
        "anybody may call CashToken.mint",
        "anybody could call CashToken.burn, until it was closed again",
    ]


def test_announced_calls__done_taken_back_and_expired__break_no_rule(story: Story) -> None:
    """By who announced them, by an administrator, by a guardian; and anew when the first has expired."""
    mint = story.call("CashToken", "mint", story.holders[0].address, 1)
    role = story.read("Authority", "getTargetFunctionRole", mint.to, mint.data[:4])
    story.do(story.operator, "Authority", "setRoleGuardian", role, 77)
    story.do(story.operator, "Authority", "grantRole", 77, story.bookrunner.address, 0)
    call = announce(story, story.payer)
    for who in (story.payer, story.operator):
        story.do(who, "Authority", "cancel", story.payer.address, call.to, call.data)
        story.do(story.payer, "Authority", "schedule", call.to, call.data, 0)
    story.node.time.mine(at=story.chain.block_stamp().timestamp + 9 * 86_400)
    story.do(story.payer, "Authority", "schedule", call.to, call.data, 0)
    story.node.time.mine(at=story.chain.block_stamp().timestamp + 86_400)
    story.do(story.payer, "MemberRegistry", "suspendAccounts", [story.holders[0].address])
    story.do(story.operator, "Authority", "grantRole", role, story.outsider.address, 60)
    story.do(story.outsider, "Authority", "schedule", mint.to, mint.data, 0)
    story.do(story.bookrunner, "Authority", "cancel", story.outsider.address, mint.to, mint.data)

    assert audit(story.chain, story.deployment).findings == ()


# --- other contracts


def test_acts_through_a_wallet__are_counted(story: Story) -> None:
    """What it does in its own name, and what it brings of others."""
    owner, holder = story.holders[:2]
    story.wallet = str(owner.transact(deploy_call("OwnerWallet", owner.address)).contract)
    admission = (lei(10), story.wallet, HOLDER, FOREVER)
    story.do(story.operator, "MemberRegistry", "enrolAccount", admission)
    story.do(story.operator, "CashToken", "mintBatch", [story.wallet, holder.address], [100, 100])
    acts.through_wallet(story, "CashToken", "transfer", holder.address, 10)
    acts.through_wallet(story, "CashToken", "approve", holder.address, 10)
    acts.through_wallet(story, "MemberRegistry", "sync", [holder.address])

    result = audit(story.chain, story.deployment)

    assert result.findings == ()
    assert noted(result, "NOTE-10") == [
        f"3 transactions came through {story.wallet}: who commands it is not in sight"
    ]
