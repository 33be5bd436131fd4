"""A report signed by who made the audit, and a signed report verified.

The signature is over a short text that any wallet can check (EIP-191, «personal message»): which chain and
blocks, what was found, and the SHA-256 of each file, as ``sha256sum`` prints it. It is deterministic (RFC
6979): the same key signs the same report with the same bytes.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from eth_account import Account
from eth_account.messages import encode_defunct
from eth_account.signers.local import LocalAccount

from indenture.audit.report import files
from indenture.audit.report.files import read_report
from indenture.errors import AuditError, InputError

SCHEMA = "indenture-audit-signature/1"
SCHEME = "EIP-191"

_HINT = "Do not rely on it: ask who signed for the report anew, or audit the chain yourself."


@dataclass(frozen=True, slots=True)
class SignedReport:
    """A report whose signature holds.

    Attributes:
        address: Who signed, checksummed.
        files: SHA-256 of each file, hex, by name.
        chain_id: The chain that was audited.
        from_block: The first block.
        to_block: The last block.
        to_block_hash: Its hash.
        differences: How many findings it has.
    """

    address: str
    files: dict[str, str]
    chain_id: int
    from_block: int
    to_block: int
    to_block_hash: str
    differences: int


class ReportChanged(AuditError):
    """A signed report is not what was signed.

    Attributes:
        problems: What differs, one sentence each.
    """

    def __init__(self, folder: Path, problems: tuple[str, ...]) -> None:
        super().__init__(f"the report in {folder} is not what was signed: {'; '.join(problems)}", hint=_HINT)
        self.problems = problems


def sign(folder: Path, account: LocalAccount) -> SignedReport:
    """Signs a report: writes ``audit.sig.json`` beside its files.

    Args:
        folder: Where the report is.
        account: The auditor's key; it signs a text, and can send nothing by that.

    Raises:
        InputError: There is no report, the folder holds other files too, or it cannot be written.
    """
    require_own_folder(folder)
    digests = {name: _digest(path) for name in files.ALL if (path := folder / name).is_file()}
    facts = read_report(folder)
    text = _text(facts, digests)
    signature = account.sign_message(encode_defunct(text=text)).signature
    content = {
        "schema": SCHEMA,
        "scheme": SCHEME,
        "address": account.address,
        "files": digests,
        "text": text,
        "signature": "0x" + bytes(signature).hex(),
    }
    try:
        (folder / files.SIGNATURE).write_text(
            json.dumps(content, indent=2, ensure_ascii=False) + "\n", "utf-8"
        )
    except OSError as fault:
        raise InputError(
            f"the signature cannot be written to {folder}: {fault.strerror}", hint="Name another folder."
        ) from None
    return _signed(account.address, facts, digests)


def require_own_folder(folder: Path) -> None:
    """Sees that nothing lies beside a report that would look signed, and is not.

    Raises:
        InputError: Something does.
    """
    if folder.is_dir() and (strangers := _strangers(folder)):
        raise InputError(
            f"{folder} holds {', '.join(strangers)} too, which would lie unsigned beside a signed report",
            hint="Give the report a folder of its own.",
        )


def verify(folder: Path, *, signer: str | None = None) -> SignedReport:
    """Checks that a report is what was signed, file by file.

    Args:
        folder: Where the report and its ``audit.sig.json`` are.
        signer: The address that must have signed; None accepts whoever did, and says who.

    Raises:
        InputError: There is no report, or no signature.
        ReportChanged: A file was changed, taken away, added or made a link, the signature is another's, or it
            is damaged.
    """
    said = _read_signature(folder)
    problems = list(_changes(folder, said["files"]))
    address = _recovered(said)
    if address is None:
        problems.append("the signature is damaged: it fits no key")
    elif address.lower() != said["address"].lower():
        problems.append(f"it names {said['address']} as its signer, and {address} signed this text")
    if signer is not None and address is not None and address.lower() != signer.lower():
        problems.append(f"{address} signed it, not {signer}")
    if not problems:
        facts = read_report(folder)
        if said["text"] != _text(facts, said["files"]):
            problems.append(f"{files.SIGNATURE} was changed: the signed text tells of another report")
    if problems or address is None:
        raise ReportChanged(folder, tuple(problems))
    return _signed(address, facts, said["files"])


def _read_signature(folder: Path) -> dict[str, Any]:
    path = folder / files.SIGNATURE
    try:
        said = json.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        raise InputError(
            f"the report in {folder} is not signed: there is no {files.SIGNATURE}",
            hint="Sign it with indenture audit --sign.",
        ) from None
    except (OSError, ValueError) as fault:
        raise InputError(f"{path} cannot be read: {fault}", hint="Take it from who signed.") from None
    texts = ("address", "text", "signature")
    if not isinstance(said, dict) or said.get("schema") != SCHEMA or not _is_map(said.get("files")):
        raise InputError(f"{path} is no signature of a report ({SCHEMA})", hint="Take it from who signed.")
    if not all(isinstance(said.get(name), str) for name in texts):
        raise InputError(f"{path} lacks one of: {', '.join(texts)}", hint="Take it from who signed.")
    return said


def _is_map(value: Any) -> bool:
    return isinstance(value, dict) and all(isinstance(part, str) for part in value.values())


def _changes(folder: Path, digests: Mapping[str, str]) -> list[str]:
    """What differs from the digests, in words."""
    problems = []
    for name in dict.fromkeys((*files.ALL, *digests)):
        path, signed = folder / name, digests.get(name)
        if name not in files.ALL:
            problems.append(f"{files.SIGNATURE} names {name}, which no report has")
        elif path.is_symlink():
            problems.append(f"{name} is a link: what it shows can change")
        elif signed is None and path.exists():
            problems.append(f"{name} was added after signing")
        elif signed is not None and not path.is_file():
            problems.append(f"{name} was signed, and is missing")
        elif signed is not None and (now := _digest(path)) != signed:
            problems.append(f"{name} was changed: its SHA-256 is {now}, signed was {signed}")
    return [*problems, *(f"{name} lies beside it, and is not signed" for name in _strangers(folder))]


def _strangers(folder: Path) -> list[str]:
    """What lies in the folder and is no part of a report; what desktops hide is left out."""
    own = {*files.ALL, files.SIGNATURE}
    return sorted(path.name for path in folder.iterdir() if path.name not in own and path.name[0] != ".")


def _recovered(said: Mapping[str, Any]) -> str | None:
    """Who signed the text; None when no key can have."""
    try:
        address: str = Account.recover_message(encode_defunct(text=said["text"]), signature=said["signature"])
    except Exception:  # noqa: BLE001 (what a damaged signature raises differs by library and by damage)
        return None
    return address


def _text(facts: Mapping[str, Any], digests: Mapping[str, str]) -> str:
    """What is signed."""
    lines = (
        "Indenture audit report",
        f"chain {facts['chain_id']}, blocks {facts['from_block']} to {facts['to_block']}",
        f"last block {facts['to_block_hash']}",
        f"differences {facts['differences']}",
        *(f"{digest}  {name}" for name, digest in sorted(digests.items())),
    )
    return "\n".join(lines) + "\n"


def _signed(address: str, facts: Mapping[str, Any], digests: Mapping[str, str]) -> SignedReport:
    names = ("chain_id", "from_block", "to_block", "to_block_hash", "differences")
    return SignedReport(address, dict(digests), *(facts[name] for name in names))


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
