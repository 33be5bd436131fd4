"""Deploying, deploying again, and files that do not fit."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from tests.sdk.world import PARAMETERS, World, key_of

from indenture.chain import AnvilNode, Chain, Sender, deploy_call
from indenture.contracts import Suite
from indenture.deployment import Deployment, DeployParameters, deploy, powers_of, verify
from indenture.deployment.blueprint import code_hash, waves
from indenture.deployment.powers import cash_issuer_role
from indenture.errors import DeploymentError, InputError, WrongChain
from indenture.membership import Role
from indenture.models import Standing
from indenture.roles import Auditor

pytestmark = pytest.mark.integration

SOMEBODY = "0x70997970C51812dc3A010C7d01b50e0d17dc79C8"


@pytest.fixture
def parameters() -> DeployParameters:
    return DeployParameters.load(PARAMETERS)


@pytest.fixture
def deployer(node: AnvilNode) -> Sender:
    chain = node.connect()
    node.time.set_balances({key_of("deployer").address: 10**20})
    return Sender(chain, key_of("deployer"))


# Deploying


def test_deploy__fresh_chain__everything_is_read_back(deployer: Sender, parameters: DeployParameters) -> None:
    steps: list[tuple[str, int, int]] = []

    done = deploy(deployer, parameters, progress=lambda *step: steps.append(step))

    verify(deployer.chain, done)
    assert done.chain_id == 31337
    assert done.network == "local"
    assert done.block == min(each.block for each in done.contracts.values())
    assert steps[-1] == ("read back", 1, 1)
    assert {step for step, _, _ in steps} == {"contracts", "configuration", "read back"}


def test_deploy__fresh_chain__depository_and_escrows_are_members(world: World) -> None:
    suite, lei = world.suite, world.deployment.parameters.depository.lei

    escrows = suite.registry.accounts([suite.offering.address, suite.servicing.address])
    registrar = suite.registry.account(world.senders["depository"].address)

    assert registrar is not None
    assert Role.REGISTRAR in registrar.roles
    for account in escrows:
        assert account is not None
        assert (account.lei, account.roles, account.until) == (lei, Role(0), None)
        assert account.standing is Standing.ADMITTED


def test_deploy__twice__second_sends_nothing(deployer: Sender, parameters: DeployParameters) -> None:
    first = deploy(deployer, parameters)
    sent = deployer.chain.nonce(deployer.address)

    second = deploy(deployer, parameters, previous=first)

    assert second == first
    assert deployer.chain.nonce(deployer.address) == sent


def test_deploy__chain_started_anew__deploys_all_again(
    deployer: Sender, parameters: DeployParameters, own_node: AnvilNode
) -> None:
    first = deploy(deployer, parameters)
    chain = own_node.connect()
    own_node.time.set_balances({deployer.address: 10**20})

    second = deploy(Sender(chain, deployer.account), parameters, previous=first)

    verify(chain, second)


def test_deploy__further_year__adds_only_that(deployer: Sender, parameters: DeployParameters) -> None:
    """The deployer is operator here, so it may publish."""
    short = _changed(parameters, lambda data: data["calendars"][0].update(years=["2019", "2020"]))
    first = deploy(deployer, short)
    sent = deployer.chain.nonce(deployer.address)

    second = deploy(
        deployer,
        _changed(parameters, lambda data: data["calendars"][0].update(years=["2019", "2020", "2021"])),
        previous=first,
    )

    assert deployer.chain.nonce(deployer.address) == sent + 1
    assert second.contracts == first.contracts
    assert Suite(deployer.chain, second).calendar.year("CN-IB", 2021).version == 1


def test_deploy__further_currency__adds_its_token(deployer: Sender, parameters: DeployParameters) -> None:
    first = deploy(deployer, parameters)
    euro = {
        "code": "EUR",
        "name": "Tokenised Euro",
        "symbol": "EUR",
        "decimals": "2",
        "supply_limit": "1000",
        "issuer": SOMEBODY,
    }

    second = deploy(deployer, _changed(parameters, lambda data: data["cash"].append(euro)), previous=first)

    suite = Suite(deployer.chain, second)
    assert suite.currencies == ("CNY", "EUR")
    assert suite.cash("EUR").supply_limit() == 1000_00
    assert suite.authority.has_role(cash_issuer_role("EUR"), SOMEBODY)
    assert not suite.authority.has_role(cash_issuer_role("CNY"), SOMEBODY)


def test_deploy__accounts_of_others__each_gets_its_power_only(
    deployer: Sender, parameters: DeployParameters
) -> None:
    others = {name: key_of(name).address for name in ("operator", "registrar", "statutory", "cash_issuer")}

    done = deploy(deployer, _changed(parameters, lambda data: data.update(accounts=others)))

    suite = Suite(deployer.chain, done)
    assert suite.registry.has_roles(others["registrar"], Role.REGISTRAR)
    for power in powers_of(done.parameters):
        for account in {*others.values(), deployer.address}:
            expected = account == power.account
            assert suite.authority.has_role(power.role, account) is expected, (power.label, account)


def test_deploy__powers_not_given__noticed_when_read_back(
    deployer: Sender, parameters: DeployParameters, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys.modules[deploy.__module__], "_powers", lambda *_: [])

    with pytest.raises(DeploymentError, match=r"role of BusinessCalendar\.publish: expected 1, found 0"):
        deploy(deployer, parameters)


def test_deploy__parameters_of_another_chain__refused(deployer: Sender, parameters: DeployParameters) -> None:
    elsewhere = _changed(parameters, lambda data: data.update(chain_id="1"))

    with pytest.raises(WrongChain) as refused:
        deploy(deployer, elsewhere)

    assert (refused.value.expected, refused.value.found) == (1, 31337)
    assert deployer.chain.nonce(deployer.address) == 0


def test_deploy__suite_of_another_depository__refused(deployer: Sender, parameters: DeployParameters) -> None:
    first = deploy(deployer, parameters)
    other = _changed(parameters, lambda data: data["depository"].update(lei="529900INDENTURE00055"))

    with pytest.raises(DeploymentError, match="belongs to depository"):
        deploy(deployer, other, previous=first)


# Reading back


def test_verify__code_hash_of_another__refused(world: World) -> None:
    forged = _forged(world.deployment, "Offering", code_hash="0x" + "0" * 64)

    with pytest.raises(DeploymentError, match=r"the code of Offering at .* has hash"):
        verify(world.chain, forged)


def test_verify__contract_of_another__refused(world: World) -> None:
    settlement = world.deployment.contracts["Settlement"]
    forged = _forged(world.deployment, "Offering", address=settlement.address, code_hash=settlement.code_hash)

    with pytest.raises(DeploymentError, match="is not that of this release"):
        verify(world.chain, forged)


def test_verify__nothing_there__refused(world: World, own_node: AnvilNode) -> None:
    with pytest.raises(DeploymentError, match="there is no contract at"):
        verify(own_node.connect(), world.deployment)


def test_verify__suite_of_another_registry__refused(world: World) -> None:
    """A contract of the release, but wired to another suite."""
    second = deploy(world.senders["depository"], DeployParameters.load(PARAMETERS))
    registry = second.contracts["MemberRegistry"]
    forged = _forged(world.deployment, "MemberRegistry", **registry.model_dump())

    with pytest.raises(DeploymentError, match=r"MemberRegistry\.authority: expected"):
        verify(world.chain, forged)


def test_verify__part_of_another_offering__refused(world: World) -> None:
    """A part of the release, but not that which this Offering hands on to."""
    second = deploy(world.senders["depository"], DeployParameters.load(PARAMETERS))
    payment = second.contracts["OfferingPayment"]
    forged = _forged(world.deployment, "OfferingPayment", **payment.model_dump())

    with pytest.raises(DeploymentError, match=r"OfferingPayment\.FACTORY: expected"):
        verify(world.chain, forged)


def test_verify__part_that_the_offering_does_not_hand_on_to__refused(world: World) -> None:
    suite, sender = world.suite, world.senders["depository"]
    parts = world.deployment.contracts
    call = deploy_call(
        "OfferingPayment", suite.factory.address, suite.registry.address, parts["OfferingClearing"].address
    )
    twin = str(sender.transact(call).contract)
    forged = _forged(
        world.deployment,
        "OfferingPayment",
        address=twin,
        code_hash=code_hash(world.chain.code(twin)),
    )

    with pytest.raises(DeploymentError, match=rf"Offering\.NEXT: expected .*{twin}"):
        verify(world.chain, forged)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("SettlementClean", "Settlement at .* does not hand on to SettlementClean"),
        ("ServicingVersions", r"ServicingDefault\.NEXT: expected"),
        ("ServicingFixings", r"ServicingAccruals\.NEXT: expected"),
        ("ServicingCoupons", r"Servicing\.NEXT: expected"),
        ("BondEvents", r"BondExtension\.EVENTS: expected"),
        ("BondExtension", r"Bond\.NEXT: expected"),
        ("Benchmarks", r"ServicingFixings\.BENCHMARKS: expected"),
    ],
)
def test_verify__a_twin_of_a_part__refused(world: World, name: str, words: str) -> None:
    """Of the release and of this suite, but nobody hands on to it."""
    addresses = {key: each.address for key, each in world.deployment.contracts.items()}
    (part,) = (
        part
        for wave in waves(world.deployment.parameters, world.senders["depository"].address)
        for part in wave(addresses | {"cash:CNY": world.suite.cash().address})
        if part.key == name
    )
    twin = str(world.senders["depository"].transact(deploy_call(part.artifact, *part.args)).contract)
    forged = _forged(world.deployment, name, address=twin, code_hash=code_hash(world.chain.code(twin)))

    with pytest.raises(DeploymentError, match=words):
        verify(world.chain, forged)


def test_verify__power_taken_away__refused(world: World) -> None:
    authority, depository = world.suite.authority, world.senders["depository"]
    depository.transact(authority.call("revokeRole", 2, depository.address))

    with pytest.raises(DeploymentError, match=r"STATUTORY of .* expected"):
        verify(world.chain, world.deployment)


def test_verify__calendar_changed_later_by_its_operator__is_fine(world: World) -> None:
    calendar = world.suite.calendar
    bitmap = calendar.year("CN-IB", 2026).bitmap ^ 1 << 300
    world.senders["depository"].transact(calendar.publish("CN-IB", 2026, bitmap))

    verify(world.chain, world.deployment)


# Files


def test_save__then_load__is_the_same(world: World, tmp_path: Path) -> None:
    file = tmp_path / "deployments" / "31337.json"

    world.deployment.save(file)

    assert Deployment.load(file, chain_id=31337) == world.deployment
    text = file.read_text()
    world.deployment.save(file)
    assert file.read_text() == text
    assert [path.name for path in file.parent.iterdir()] == [file.name]


def test_save__folder_that_is_a_file__refused(world: World, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    with pytest.raises(DeploymentError, match="cannot be written"):
        world.deployment.save(tmp_path / "file" / "31337.json")


def test_load__missing__says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(DeploymentError, match="there is no deployment file") as refused:
        Deployment.load(tmp_path / "1.json")

    assert "indenture deploy" in refused.value.hint


def test_load__of_another_chain__names_both(world: World, tmp_path: Path) -> None:
    world.deployment.save(tmp_path / "x.json")

    with pytest.raises(DeploymentError, match="is of chain 31337, the node is on chain 5"):
        Deployment.load(tmp_path / "x.json", chain_id=5)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda _: "{", "it is not JSON"),
        (lambda _: "[]", "is not a deployment file"),
        (lambda text: text.replace('"block"', '"height"'), "is not a deployment file"),
        (lambda text: text.replace('"Offering"', '"Auction"'), "lacks Offering"),
    ],
    ids=["cut off", "a list", "other fields", "a contract missing"],
)
def test_load__damaged__refused(
    world: World, tmp_path: Path, change: Callable[[str], str], words: str
) -> None:
    (tmp_path / "x.json").write_text(change(world.deployment.to_json()))

    with pytest.raises(DeploymentError, match=words):
        Deployment.load(tmp_path / "x.json")


@pytest.mark.parametrize("client", [Suite, Auditor])
def test_client__deployment_of_another_chain__refused(
    world: World, client: Callable[[Chain, Deployment], object]
) -> None:
    elsewhere = world.deployment.model_copy(update={"chain_id": 1})

    with pytest.raises(DeploymentError, match="is of chain 1, the node is on chain 31337"):
        client(world.chain, elsewhere)


# Parameters


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda data: data.pop("depository"), "depository: Field required"),
        (lambda data: data.update(depositry={}), "depositry: Extra inputs are not permitted"),
        (lambda data: data["depository"].update(lei="9999INDENTUREDEPO169"), "digits are 69, expected 68"),
        (lambda data: data["depository"].update(jurisdiction="China"), "is not two capital letters"),
        (lambda data: data["accounts"].update(operator="0x12"), "neither an address nor deployer"),
        (lambda data: data["cash"][0].update(supply_limit="1.001"), "not a whole number of base units"),
        (lambda data: data["cash"][0].update(supply_limit="much"), "is not a number"),
        (lambda data: data["cash"][0].update(supply_limit="-1"), "supply_limit is negative"),
        (lambda data: data["cash"].append(data["cash"][0]), "cash names a code twice"),
        (lambda data: data["calendars"][0].update(code="XX"), "calendar 'XX' is not known"),
        (lambda data: data["calendars"][0].update(years=["2500"]), "2500 are not published"),
        (lambda data: data["calendars"][0].update(code="CN-IB+T2"), "is the joint calendar of CN-IB, T2"),
    ],
)
def test_parameters__wrong__say_where(tmp_path: Path, change: Callable[[Any], None], words: str) -> None:
    data = yaml.load(PARAMETERS.read_text(), yaml.BaseLoader)  # noqa: S506
    change(data)
    (tmp_path / "x.yaml").write_text(json.dumps(data))

    with pytest.raises(InputError) as refused:
        DeployParameters.load(tmp_path / "x.yaml")

    assert words in refused.value.message
    assert str(tmp_path / "x.yaml") in refused.value.message


def test_parameters__several_wrong__named_together(parameters: DeployParameters) -> None:
    with pytest.raises(InputError) as refused:
        DeployParameters.parse({"network": "x"})

    assert refused.value.message.count("Field required") == 3


def test_parameters__missing_file__refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be read"):
        DeployParameters.load(tmp_path / "none.yaml")


def _changed(parameters: DeployParameters, change: Callable[[Any], object]) -> DeployParameters:
    data = parameters.model_dump(mode="json")
    change(data)
    return DeployParameters.parse(data)


def _forged(deployment: Deployment, name: str, **changes: object) -> Deployment:
    contract = deployment.contracts[name].model_copy(update=changes)
    return deployment.model_copy(update={"contracts": {**deployment.contracts, name: contract}})
