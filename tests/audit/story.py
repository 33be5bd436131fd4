"""A small depository that lives through all that an auditor has to understand, by bare contract calls."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from eth_abi.abi import encode
from eth_typing import Hash32
from eth_utils.crypto import keccak
from tests.audit import tenders
from tests.audit.sheets import provisions, regular, rights
from tests.audit.stage import (
    BANK,
    FACE,
    FOREVER,
    FUND,
    HOLDER,
    ISIN,
    REGISTRAR,
    UNUSED,
    Story,
    begin,
    key,
    lei,
)

from indenture.chain import AnvilNode, ContractCall, Sender, deploy_call, load_abi, load_artifact


def play(node: AnvilNode) -> Story:
    """The whole story."""
    story = begin(node)
    change_members(story)
    issue_cash(story)
    register(story)
    tenders.fail(story)
    tenders.cancel(story)
    tenders.uniform(story)
    tenders.mixed(story)
    tenders.fixed(story)
    trade(story)
    use_powers(story)
    pay_coupon(story)
    redeem(story)
    schedule(story)
    return story


def change_members(story: Story) -> None:
    registrar, holders = story.operator, story.holders
    artifact = load_artifact("OwnerWallet")
    story.wallet = str(holders[0].transact(deploy_call(artifact.name, holders[0].address)).contract)
    registry = "MemberRegistry"
    story.do(registrar, registry, "enrolAccounts", [(lei(10), story.wallet, HOLDER, FOREVER)])
    story.do(registrar, registry, "enrolAccount", (lei(11), key(50).address, HOLDER, FOREVER))
    story.do(registrar, registry, "suspendMember", lei(12), b"\1" * 32, [])
    story.do(story.outsider, registry, "sync", [holders[2].address])
    story.do(registrar, registry, "reinstateMember", lei(12), b"\2" * 32, [holders[2].address])
    story.do(registrar, registry, "suspendAccounts", [holders[3].address])
    story.do(registrar, registry, "reinstateAccounts", [holders[3].address])
    story.do(registrar, registry, "reclassifyMember", lei(14), FUND, b"HK", [holders[4].address])
    story.do(registrar, registry, "setRoles", holders[5].address, HOLDER | 1024, FOREVER)
    story.do(registrar, registry, "removeAccounts", [key(50).address])
    # Registrars are the Authority's: made, suspended, reinstated and removed by who it allows.
    registrars = [holders[7].address, key(52).address]
    story.do(registrar, registry, "setRoles", registrars[0], HOLDER | REGISTRAR, FOREVER)
    story.do(registrar, registry, "enrolAccount", (lei(12), registrars[1], REGISTRAR, FOREVER))
    for act in ("suspendAccounts", "reinstateAccounts"):
        story.do(registrar, registry, act, registrars)
    for act in ("suspendAccounts", "reinstateAccounts"):
        story.do(holders[7], registry, act, [holders[6].address])
    story.do(registrar, registry, "removeAccounts", registrars[1:])


def issue_cash(story: Story) -> None:
    receivers = [*(h.address for h in story.holders), story.payer.address, story.wallet]
    story.do(story.operator, "CashToken", "mintBatch", receivers, [10**12] * len(receivers))
    story.do(story.operator, "CashToken", "mint", story.operator.address, 5_000)
    story.do(story.operator, "CashToken", "burn", 2_000)
    story.do(story.operator, "CashToken", "setSupplyLimit", 10**15)
    story.do(story.holders[1], "CashToken", "transfer", story.holders[2].address, 777)
    story.do(story.holders[1], "CashToken", "approve", story.holders[2].address, 1_000)
    story.do(
        story.holders[2],
        "CashToken",
        "transferFrom",
        story.holders[1].address,
        story.holders[3].address,
        400,
    )
    story.do(story.holders[1], "CashToken", "approve", story.holders[3].address, 2**256 - 1)
    endless = (story.holders[1].address, story.holders[4].address, 55)
    story.do(story.holders[3], "CashToken", "transferFrom", *endless)
    for nonce in range(2):
        permit(story, "CashToken", story.holders[5], story.wallet, 300 - nonce)
    through_wallet(story, "CashToken", "transferFrom", story.holders[5].address, story.wallet, 120)


def through_wallet(story: Story, contract: str, function: str, *args: Any) -> None:
    """The wallet's owner has it call something."""
    wallet = load_abi("OwnerWallet").function("execute")
    inner = story.call(contract, function, *args)
    outer = (inner.to, inner.data)
    story.holders[0].transact(ContractCall(story.wallet, wallet.encode(outer), wallet, outer))


def register(story: Story) -> None:
    terms = {
        "isin": ISIN,
        "issuer": lei(1),
        "issuerAccount": story.issuer.address,
        "currency": story.at("CashToken"),
        "faceValue": FACE,
        "units": 100_000,
        "minimumUnits": 10,
        "eligible": 1 << BANK | 1 << FUND,
        "schedule": regular(date(2019, 12, 5), date(2021, 12, 5), 2, 12),
        "kind": 0,
        "couponRate": tenders.BY_OFFERING,
        "dayCount": 2,
        "rounding": 0,
        "roll": 1,
        "adjusted": False,
        "calendar": b"CN-IB\0\0\0",
        "recordBusinessDays": 1,
        "cutOff": 17 * 3600,
        "utcOffset": 480,
        "prescriptionYears": 3,
        "termSheetHash": b"\x11" * 32,
        "name": "A bond with awkward numbers",
        "symbol": "AWK",
    }
    story.terms = terms
    story.do(story.issuer, "BondFactory", "register", terms, provisions(), rights())
    story.do(
        story.issuer,
        "BondFactory",
        "register",
        {**terms, "isin": UNUSED, "couponRate": 33_333_333},
        provisions(),
        rights(),
    )
    story.bond = story.read("BondFactory", "bondOf", ISIN)
    story.do(story.outsider, "Bond", "advance")
    for name in (b"prospectus", b"rating", b"notice"):
        story.do(
            story.issuer, "Bond", "setDocument", name.ljust(32, b"\0"), f"ipfs://{name.decode()}", b"\3" * 32
        )
    story.do(story.issuer, "Bond", "removeDocument", b"prospectus".ljust(32, b"\0"))


def trade(story: Story) -> None:
    h = story.holders
    story.do(h[0], "Bond", "transfer", h[1].address, 2_000)
    story.do(h[0], "Bond", "transfer", h[9].address, 500)
    story.do(h[0], "Bond", "transfer", story.wallet, 400)
    story.do(h[1], "Bond", "approve", h[2].address, 300)
    story.do(h[2], "Bond", "transferFrom", h[1].address, h[3].address, 200)
    for i in range(6):
        story.trade(h[i], h[i + 1], 20 + i, 200_000 + i)
    story.trade(h[0], h[4], 50, 0, as_seller=story.wallet)
    story.trade(h[5], h[0], 60, 600_000, as_buyer=story.wallet)
    story.do(h[3], "Settlement", "cancel", 5, 0b1011)
    through_wallet(story, "Bond", "transfer", h[6].address, 30)
    permit(story, "Bond", h[4], h[5].address, 90)
    story.do(h[5], "Bond", "transferFrom", h[4].address, h[5].address, 40)


def permit(story: Story, token: str, owner: Sender, spender: str, value: int) -> None:
    """A stranger brings what the owner has signed: to a bond as bytes, to a cash token in three parts."""
    types = [
        ("owner", "address"),
        ("spender", "address"),
        ("value", "uint256"),
        ("nonce", "uint256"),
        ("deadline", "uint256"),
    ]
    separator = story.read(token, "DOMAIN_SEPARATOR")
    signature = f"Permit({','.join(f'{kind} {name}' for name, kind in types)})"
    nonce = story.read(token, "nonces", owner.address)
    values = (keccak(text=signature), owner.address, spender, value, nonce, FOREVER)
    body = keccak(encode(("bytes32", *(kind for _, kind in types)), values))
    signed = owner.account.unsafe_sign_hash(Hash32(keccak(b"\x19\x01" + separator + body)))
    parts: tuple[Any, ...] = (bytes(signed.signature),)
    if token == "CashToken":
        parts = (signed.v, signed.r.to_bytes(32, "big"), signed.s.to_bytes(32, "big"))
    story.do(story.outsider, token, "permit", owner.address, spender, value, FOREVER, *parts)


def use_powers(story: Story) -> None:
    h = story.holders
    story.do(story.operator, "Bond", "setFrozenTokens", h[3].address, 100)
    story.do(story.operator, "Bond", "setFrozenTokens", h[6].address, 2**256 - 1)
    held = story.read("Bond", "balanceOf", h[3].address)
    story.do(story.operator, "Bond", "forcedTransfer", h[3].address, h[7].address, held - 60)
    story.do(story.operator, "Bond", "setPaused", True)
    story.do(story.operator, "Bond", "forcedTransfer", h[6].address, h[7].address, 100)
    story.do(story.operator, "Bond", "setPaused", False)
    story.do(story.operator, "BusinessCalendar", "publish", b"CN-IB\0\0\0", 2030, 2**256 - 1, 1)
    story.do(story.operator, "BusinessCalendar", "publish", b"CN-IB\0\0\0", 2030, 2**256 - 1, 3)


def owed(story: Story, period: int, accounts: Sequence[Sender]) -> list[str]:
    found = [a.address for a in accounts] + [story.wallet]
    return [a for a in found if story.read("Bond", "unitsAt", a, period)]


def pay_coupon(story: Story) -> None:
    h = story.holders
    story.travel("2020-11-10T09:00:00")
    story.do(h[0], "Bond", "transfer", h[1].address, 100)
    tenders.tap(story)
    tenders.pay_tap_before_the_record_date(story)
    story.travel("2020-12-04T17:00:00")
    tenders.pay_tap_after_the_record_date(story)
    story.do(h[1], "Bond", "transfer", h[2].address, 70)
    story.do(story.payer, "Servicing", "fund", story.bond, 1)
    story.do(story.operator, "MemberRegistry", "suspendAccounts", [h[2].address])
    story.travel("2020-12-07T09:00:00")
    story.do(h[0], "Servicing", "claim", story.bond, 1)
    accounts = owed(story, 1, h)
    story.do(story.payer, "Servicing", "pay", story.bond, 1, accounts[:5])
    story.do(story.payer, "Servicing", "pay", story.bond, 1, accounts[4:])
    story.do(story.operator, "MemberRegistry", "reinstateAccounts", [h[2].address])
    story.do(story.outsider, "Servicing", "collect", story.bond, h[2].address)
    story.do(story.operator, "Bond", "setFrozenTokens", h[3].address, 0)
    story.do(story.outsider, "Servicing", "collect", story.bond, h[3].address)
    if story.read("Servicing", "keptFor", story.bond, story.payer.address):
        story.do(story.payer, "Servicing", "collect", story.bond, story.payer.address)
    story.do(h[1], "CashToken", "transfer", story.at("Servicing"), 13)  # a gift


def redeem(story: Story) -> None:
    h = story.holders
    story.travel("2021-12-03T17:00:00")
    story.do(story.outsider, "Bond", "advance")
    story.do(story.payer, "Servicing", "fund", story.bond, 2)
    story.travel("2021-12-06T09:00:00")
    accounts = owed(story, 2, h)
    story.do(h[1], "Servicing", "claim", story.bond, 2)
    story.do(story.payer, "Servicing", "redeem", story.bond, accounts[:6])
    story.do(story.payer, "Servicing", "redeem", story.bond, accounts[6:])


def schedule(story: Story) -> None:
    """Acts through the Authority: after a delay, taken back, and at once."""
    authority, registry = "Authority", story.at("MemberRegistry")
    acts = [
        story.call("MemberRegistry", act, [story.holders[7].address])
        for act in ("suspendAccounts", "reinstateAccounts", "removeAccounts")
    ]
    role = story.read(authority, "getTargetFunctionRole", registry, acts[0].data[:4])
    story.do(story.operator, authority, "grantRole", role, story.outsider.address, 86_400)
    for act in acts:
        story.do(story.outsider, authority, "schedule", registry, act.data, 0)
    story.do(story.outsider, authority, "cancel", story.outsider.address, registry, acts[2].data)
    story.travel("2021-12-07T09:00:01")
    story.do(story.outsider, authority, "execute", registry, acts[0].data)
    story.do(story.outsider, "MemberRegistry", "reinstateAccounts", [story.holders[7].address])
    story.do(story.operator, authority, "execute", registry, acts[0].data)
    story.do(story.operator, authority, "grantRole", role, story.outsider.address, 3_600)
    story.do(story.operator, authority, "setGrantDelay", role, 7_200)
    story.do(story.operator, authority, "setTargetAdminDelay", registry, 60)
    story.travel("2021-12-13T09:00:00")  # both take effect after five days
