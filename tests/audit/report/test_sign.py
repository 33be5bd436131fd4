"""A signed report: who signed, and what was changed since."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from eth_account import Account
from eth_account.messages import encode_defunct
from eth_account.signers.local import LocalAccount
from tests.audit.report import sample

from indenture.audit.report import write_facts
from indenture.audit.sign import ReportChanged, sign, verify
from indenture.errors import AuditError, InputError

pytestmark = pytest.mark.unit

AUDITOR: LocalAccount = Account.from_key("0x" + "11" * 32)
OTHER: LocalAccount = Account.from_key("0x" + "22" * 32)
FILES = {"audit.json", "audit.html", "audit.txt", "audit.pdf", "holders.csv"}


@pytest.fixture
def signed(tmp_path: Path) -> Path:
    """A report that the auditor signed."""
    folder = tmp_path / "report"
    write_facts(folder, sample.report(), pdf=True)
    sign(folder, AUDITOR)
    return folder


def test_verify__untouched__says_who_signed_what(signed: Path) -> None:
    told = verify(signed, signer=AUDITOR.address)

    assert told.address == AUDITOR.address
    assert set(told.files) == FILES
    assert (told.chain_id, told.from_block, told.to_block, told.differences) == (31_337, 1, 760, 0)
    assert told.to_block_hash == sample.block_hash(760)
    assert told == verify(signed)


def test_sign__twice__is_the_same_to_the_last_byte(signed: Path) -> None:
    first = (signed / "audit.sig.json").read_bytes()
    sign(signed, AUDITOR)

    assert (signed / "audit.sig.json").read_bytes() == first


def test_sign__text__can_be_checked_by_any_wallet(signed: Path) -> None:
    said = json.loads((signed / "audit.sig.json").read_text("utf-8"))
    digest = hashlib.sha256((signed / "audit.json").read_bytes()).hexdigest()

    assert f"{digest}  audit.json\n" in said["text"]
    assert f"last block {sample.block_hash(760)}\n" in said["text"]
    assert (
        Account.recover_message(encode_defunct(text=said["text"]), signature=said["signature"])
        == said["address"]
    )


@pytest.mark.parametrize("name", sorted(FILES))
def test_verify__changed_file__is_named_with_both_digests(signed: Path, name: str) -> None:
    before = hashlib.sha256((signed / name).read_bytes()).hexdigest()
    (signed / name).write_bytes((signed / name).read_bytes() + b" ")
    after = hashlib.sha256((signed / name).read_bytes()).hexdigest()

    with pytest.raises(ReportChanged) as caught:
        verify(signed)
    assert caught.value.problems == (f"{name} was changed: its SHA-256 is {after}, signed was {before}",)
    assert isinstance(caught.value, AuditError)


def test_verify__every_change__is_told(signed: Path) -> None:
    (signed / "audit.html").write_text("")
    (signed / "audit.pdf").unlink()

    with pytest.raises(
        ReportChanged, match=r"audit\.html was changed.*audit\.pdf was signed, and is missing"
    ):
        verify(signed)


def test_verify__added_file__is_named(tmp_path: Path) -> None:
    write_facts(tmp_path, sample.report())
    sign(tmp_path, AUDITOR)
    (tmp_path / "audit.pdf").write_bytes(b"%PDF-")

    with pytest.raises(ReportChanged, match=r"audit\.pdf was added after signing"):
        verify(tmp_path)


@pytest.mark.parametrize("name", ["index.html", "Audit.html", "audit.json.html"])
def test_verify__page_beside_the_report__is_named(signed: Path, name: str) -> None:
    (signed / name).write_text("<h1>No difference found</h1>", "utf-8")

    with pytest.raises(ReportChanged, match=rf"{name} lies beside it, and is not signed"):
        verify(signed)


def test_verify__what_desktops_hide__is_passed_over(signed: Path) -> None:
    (signed / ".DS_Store").write_bytes(b"\0")

    assert verify(signed).address == AUDITOR.address


@pytest.mark.parametrize("is_there", [True, False])
def test_verify__link_in_the_place_of_a_file__is_named(
    tmp_path: Path,
    is_there: bool,
) -> None:
    """The file that it leads to can be changed, or come, after the check."""
    folder, target = tmp_path / "report", tmp_path / "elsewhere"
    write_facts(folder, sample.report())
    sign(folder, AUDITOR)
    name = "audit.html" if is_there else "audit.pdf"
    if is_there:
        (folder / name).rename(target)
    (folder / name).symlink_to(target)

    with pytest.raises(ReportChanged, match=rf"{name} is a link"):
        verify(folder)


def test_sign__folder_with_other_files__is_refused(tmp_path: Path) -> None:
    write_facts(tmp_path, sample.report())
    (tmp_path / "notes.txt").write_text("mine", "utf-8")

    with pytest.raises(InputError, match=r"holds notes\.txt too"):
        sign(tmp_path, AUDITOR)
    assert not (tmp_path / "audit.sig.json").exists()


def test_verify__other_signer_than_expected__is_refused(signed: Path) -> None:
    with pytest.raises(ReportChanged, match=f"{AUDITOR.address} signed it, not {OTHER.address}"):
        verify(signed, signer=OTHER.address)


def _rewrite(folder: Path, change: Callable[[dict[str, Any]], None]) -> None:
    path = folder / "audit.sig.json"
    said = json.loads(path.read_text("utf-8"))
    change(said)
    path.write_text(json.dumps(said), "utf-8")


def test_verify__forged_address__is_refused(signed: Path) -> None:
    _rewrite(signed, lambda said: said.update(address=OTHER.address))

    with pytest.raises(
        ReportChanged, match=f"names {OTHER.address} as its signer, and {AUDITOR.address} signed"
    ):
        verify(signed)


def test_verify__changed_report_with_digests_to_match__is_refused(signed: Path) -> None:
    """Whoever changes a file can write its digest too, but not sign it."""
    write_facts(signed.parent / "false", sample.report(findings=[sample.finding()]), pdf=True)
    sign(signed.parent / "false", OTHER)
    forged = json.loads((signed.parent / "false" / "audit.sig.json").read_text("utf-8"))
    for name in FILES:
        (signed / name).write_bytes((signed.parent / "false" / name).read_bytes())
    _rewrite(signed, lambda said: said.update(files=forged["files"]))

    with pytest.raises(ReportChanged, match="the signed text tells of another report"):
        verify(signed)

    _rewrite(signed, lambda said: said.update(text=forged["text"]))
    with pytest.raises(ReportChanged, match=f"names {AUDITOR.address} as its signer"):
        verify(signed)


@pytest.mark.parametrize("signature", ["", "0x", "0x1234", "nonsense", "0x" + "00" * 65])
def test_verify__damaged_signature__is_refused(signed: Path, signature: str) -> None:
    _rewrite(signed, lambda said: said.update(signature=signature))

    with pytest.raises(ReportChanged, match="the signature is damaged"):
        verify(signed)


def test_verify__file_outside_the_report__is_refused(signed: Path) -> None:
    _rewrite(signed, lambda said: said.update(files={"../audit.json": "00"}))

    with pytest.raises(ReportChanged, match=r"names \.\./audit\.json, which no report has"):
        verify(signed)


def test_verify__unsigned__says_so(tmp_path: Path) -> None:
    write_facts(tmp_path, sample.report())

    with pytest.raises(InputError, match="is not signed"):
        verify(tmp_path)


@pytest.mark.parametrize(
    "content", ["{", "[]", "{}", '{"schema": "indenture-audit-signature/1", "files": {}}']
)
def test_verify__what_is_no_signature__is_refused(signed: Path, content: str) -> None:
    (signed / "audit.sig.json").write_text(content)

    with pytest.raises(InputError, match=r"audit\.sig\.json"):
        verify(signed)


def test_sign__no_report__is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no report to read"):
        sign(tmp_path, AUDITOR)
