"""CODE-3: what must be there is computed from the package, and each byte of it is looked at."""

from __future__ import annotations

import pytest
import rlp  # type: ignore[import-untyped]
from eth_utils.crypto import keccak
from tests.audit import lives, stage

from indenture.audit import Finding, audit
from indenture.audit.findings import Findings
from indenture.audit.release import Release, compare_release
from indenture.audit.release import constructor as evm
from indenture.audit.release.constructor import ConstructorFault, constructed
from indenture.audit.release.creation import creations
from indenture.audit.replay import World
from indenture.chain import checksum, deploy_call, load_artifact
from indenture.deployment import Deployed
from indenture.ledger.suite import DeployedSuite, Suite

NOWHERE = "0x" + "0" * 39 + "7"


def set_code(story: stage.Story, address: str, code: bytes) -> None:
    story.chain.rpc.request("anvil_setCode", [address, "0x" + code.hex()], resend=False)


def compared(
    story: stage.Story, deployment: DeployedSuite | None = None
) -> tuple[Release, tuple[Finding, ...], World]:
    deployment = deployment or story.deployment
    last = story.chain.block_stamp()
    world = World(Suite.of(deployment, last.number), Findings())
    release = compare_release(story.chain, deployment, world, last)
    return release, world.findings.in_chain_order(), world


def found(story: stage.Story, deployment: DeployedSuite | None = None) -> list[tuple[str, str]]:
    """Contract and key of each finding."""
    _, findings, _ = compared(story, deployment)
    assert {finding.kind for finding in findings} <= {"CODE-3"}
    return [(finding.contract.rpartition(" ")[0], finding.key) for finding in findings]


@pytest.mark.integration
def test_release__as_deployed__is_computed_to_the_last_byte(story: stage.Story) -> None:
    release, findings, _ = compared(story)

    assert findings == ()
    deployed = (*story.deployment.contracts.values(), *story.deployment.cash.values())
    assert release.codes == {checksum(each.address): each.code_hash for each in deployed}
    assert release.notices == ()
    assert release.digits == {story.at("CashToken").lower(): 2}


@pytest.mark.integration
def test_release__what_was_chosen__is_told(story: stage.Story) -> None:
    release, _, _ = compared(story)

    told = {(each.contract.split()[0], each.name): each.value for each in release.believed}
    assert told == {
        ("Authority", "initialAdmin"): story.operator.address,
        ("CashToken", "name"): "Tokenised Yuan",
        ("CashToken", "symbol"): "CNY",
        ("CashToken", "decimals"): "2",
        ("CashToken", "limit"): str(10**14),
    }


@pytest.mark.integration
@pytest.mark.parametrize("contract", ["Bond", "Servicing", "SettlementClean", "CashToken"])
def test_release__one_byte_changed__is_found(story: stage.Story, contract: str) -> None:
    address = story.deployment.contracts["Bond"].address if contract == "Bond" else story.at(contract)
    code = story.chain.code(address)
    set_code(story, address, code[:-1] + bytes([code[-1] ^ 1]))

    (finding,) = compared(story)[1]

    assert (finding.key, finding.found) == ("code", "0x" + keccak(story.chain.code(address)).hex())
    assert finding.message.endswith(f"other from byte {len(code) - 1} on")


@pytest.mark.integration
def test_release__immutables_change_places__is_found(story: stage.Story) -> None:
    """Each word is one that is there: a comparison that leaves immutables out would see nothing."""
    address = story.deployment.contracts["Bond"].address
    offering, servicing = (bytes.fromhex(story.at(name)[2:]) for name in ("Offering", "Servicing"))
    code = story.chain.code(address).replace(offering, b"\1" * 20)
    code = code.replace(servicing, offering).replace(b"\1" * 20, servicing)
    set_code(story, address, code)

    assert found(story) == [("Bond", "code")]


@pytest.mark.integration
def test_release__no_code__is_found(story: stage.Story) -> None:
    set_code(story, story.at("Benchmarks"), b"")

    (finding,) = compared(story)[1]

    assert finding.message == "there is no code at this address"


@pytest.mark.integration
def test_release__token_of_another_kind__is_named_as_such(story: stage.Story) -> None:
    code = load_artifact("OwnerWallet").deployed_bytecode
    set_code(story, story.at("CashToken"), code)

    release, findings, _ = compared(story)

    (message,) = [finding.message for finding in findings if finding.key == "code"]
    assert message == "a token of another kind than the release's CashToken: no check knows its rules"
    assert release.digits == {}


@pytest.mark.integration
def test_release__token_built_with_another_registry__is_found(story: stage.Story) -> None:
    args = (story.at("Authority"), story.at("Authority"), story.at("Settlement"), "Other", "OTH", 2, 5)
    receipt = story.operator.transact(deploy_call("CashToken", *args))
    code = story.chain.code(str(receipt.contract))
    other = Deployed(
        address=str(receipt.contract),
        tx_hash=receipt.tx_hash,
        block=receipt.block_number,
        code_hash="0x" + keccak(code).hex(),
    )
    deployment = story.deployment.model_copy(update={"cash": {**story.deployment.cash, "OTH": other}})

    assert found(story, deployment) == [("CashToken OTH", "code"), ("CashToken OTH", "creation")]


@pytest.mark.integration
def test_release__created_in_another_block__is_found(story: stage.Story) -> None:
    part = story.deployment.contracts["Benchmarks"]
    moved = part.model_copy(update={"block": story.chain.block_stamp().number})
    contracts = {**story.deployment.contracts, "Benchmarks": moved}

    assert found(story, story.deployment.model_copy(update={"contracts": contracts})) == [
        ("Benchmarks", "creation")
    ]


@pytest.mark.integration
def test_release__another_implementation_of_bonds__is_found(story: stage.Story) -> None:
    """Who may set it could have it do anything; only that of the deployment was compared."""
    _, _, world = compared(story)
    world.factory.implementation = NOWHERE

    compare_release(story.chain, story.deployment, world, story.chain.block_stamp())

    (finding,) = world.findings.in_chain_order()
    bond = checksum(story.deployment.contracts["Bond"].address)
    assert (finding.key, finding.expected, finding.found) == ("implementation", bond, NOWHERE)


@pytest.mark.integration
def test_release__before_a_token_was_deployed__leaves_it_out(story: stage.Story) -> None:
    token = story.deployment.cash["CNY"]
    later = token.model_copy(update={"block": story.chain.block_stamp().number + 1})
    deployment = story.deployment.model_copy(update={"cash": {"CNY": later}})

    release, findings, _ = compared(story, deployment)

    assert findings == ()
    assert checksum(token.address) not in release.codes


@pytest.mark.integration
def test_audit__bond_in_a_foreign_currency__is_told(story: stage.Story) -> None:
    told = lives.Lives(story)
    lives.register(told, 0, "foreign", {"currency": story.at("MemberRegistry")}, {})

    result = audit(story.chain, story.deployment)

    assert result.findings == ()
    (notice,) = result.notices
    assert (notice.kind, notice.about) == ("NOTE-9", checksum(story.at("MemberRegistry")))


# --- the constructor, and who created what


@pytest.mark.unit
@pytest.mark.parametrize(
    ("creation", "message"),
    [
        ("fe", "it uses the opcode 0xfe at byte 0"),
        ("7f" + "ab" * 32 + "5f5260205ffd", f"it reverts with 0x{'ab' * 32}"),
        ("5b5f56", "it does not end"),
    ],
)
def test_constructor__no_code_comes_of_it__is_refused(
    creation: str, message: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(evm, "_MOST_STEPS", 1_000)

    with pytest.raises(ConstructorFault, match=message):
        constructed(bytes.fromhex(creation), address=NOWHERE, chain_id=1, codes={})


@pytest.mark.unit
@pytest.mark.parametrize("nonce", [0, 1, 127, 128, 255, 256, 70_000])
def test_creations__by_nonce__have_the_address_of_the_protocol(
    nonce: int,
) -> None:
    sender = "0x" + "12" * 20
    raw = {"from": sender, "nonce": hex(nonce), "input": "0x60", "to": None}
    other = {"from": sender, "nonce": hex(nonce + 1), "input": "0x61", "to": sender}

    address = keccak(rlp.encode([bytes.fromhex(sender[2:]), nonce]))[12:]
    assert creations([{"transactions": [raw, other]}, None]) == {checksum("0x" + address.hex()): b"\x60"}
