"""Writes docs/errors.md and docs/events.md from the ABIs of the release.

python scripts/make_contract_docs.py            write the files
python scripts/make_contract_docs.py --check    write nothing; fail when one is stale
"""

from __future__ import annotations

import json
import sys
from collections import defaultdict
from pathlib import Path
from typing import Any

from eth_utils.crypto import keccak

from indenture.chain.revert_messages import MESSAGES

ROOT = Path(__file__).resolve().parent.parent
ABIS = ROOT / "src" / "indenture" / "_abi"
NOTE = "Written by `scripts/make_contract_docs.py`; do not edit.\n"
FOREIGN = {"IERC1271", "IERC20Metadata"}
# Contracts of several parts behind one address: what any part declares is said of that address, once.
WHOLES = ("Bond", "Offering", "Servicing", "Settlement")
NO_PARTS = {"BondFactory"}

Json = dict[str, Any]


def main(arguments: list[str]) -> int:
    """Writes or checks the files; gives the exit code."""
    stale = []
    for name, text in (("errors.md", errors()), ("events.md", events())):
        file = ROOT / "docs" / name
        if "--check" not in arguments:
            file.write_text(text)
        elif not file.exists() or file.read_text() != text:
            stale.append(f"docs/{name}")
    if stale:
        print(f"stale: {', '.join(stale)}; run python scripts/make_contract_docs.py", file=sys.stderr)
    return 1 if stale else 0


def errors() -> str:
    """The table of custom errors: selector, signature, where it is thrown, what the SDK says."""
    found: dict[str, tuple[Json, list[str]]] = {}
    for contract, entry in _entries("error"):
        found.setdefault(_signature(entry), (entry, []))[1].append(contract)
    lines = [
        "# Errors of the contracts\n",
        NOTE,
        "The SDK raises each as a class of `indenture.errors`, with this message and hint.",
        "The values stand in the braces.\n",
        "| error | selector | of | message | hint |",
        "|---|---|---|---|---|",
    ]
    for signature, (entry, contracts) in sorted(found.items()):
        text = MESSAGES[entry["name"]]
        selector = "0x" + keccak(text=signature)[:4].hex()
        cells = (f"`{_shown(entry)}`", f"`{selector}`", ", ".join(contracts), text.message, text.hint)
        lines.append("| " + " | ".join(_cell(cell) for cell in cells) + " |")
    return "\n".join(lines) + "\n"


def events() -> str:
    """The events by contract; from them alone the books are rebuilt."""
    by_contract: dict[str, list[Json]] = defaultdict(list)
    for contract, entry in _entries("event"):
        by_contract[contract].append(entry)
    lines = [
        "# Events of the contracts\n",
        NOTE,
        "From these alone the auditor rebuilds the books (invariant EVENT-1).\n",
    ]
    for contract, entries in sorted(by_contract.items()):
        lines += [f"## {contract}\n", "| event | topic |", "|---|---|"]
        for entry in sorted(entries, key=lambda e: str(e["name"])):
            topic = "0x" + keccak(text=_signature(entry)).hex()
            lines.append(f"| `{_shown(entry)}` | `{topic}` |")
        lines.append("")
    return "\n".join(lines)


def _entries(kind: str) -> list[tuple[str, Json]]:
    """Every entry with the contract at whose address it comes, each once."""
    found: dict[tuple[str, str], Json] = {}
    for file in sorted(ABIS.glob("*.json")):
        artefact = json.loads(file.read_text())
        name = artefact["contractName"]
        if name in FOREIGN:
            continue
        for entry in artefact["abi"]:
            if entry["type"] == kind:
                found.setdefault((_whole(name), _signature(entry)), entry)
    return [(contract, entry) for (contract, _), entry in found.items()]


def _whole(name: str) -> str:
    """The contract of which this is a part, or the interface of all: ``Servicing`` for ``ServicingTerm``."""
    bare = name.removeprefix("I")
    return next((whole for whole in WHOLES if bare.startswith(whole) and name not in NO_PARTS), name)


def _signature(entry: Json) -> str:
    return f"{entry['name']}({','.join(_type(i) for i in entry['inputs'])})"


def _type(item: Json) -> str:
    if not item["type"].startswith("tuple"):
        return str(item["type"])
    return f"({','.join(_type(c) for c in item['components'])}){item['type'][5:]}"


def _shown(entry: Json) -> str:
    fields = []
    for item in entry["inputs"]:
        kind = str(item.get("internalType") or item["type"]).removeprefix("struct ").removeprefix("contract ")
        fields.append(
            " ".join(part for part in (kind, "indexed" if item.get("indexed") else "", item["name"]) if part)
        )
    return f"{entry['name']}({', '.join(fields)})"


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
