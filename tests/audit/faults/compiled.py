"""The crooked contracts, compiled once for all tests and workers, and kept until a source changes."""

from __future__ import annotations

import fcntl
import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from scripts import compile as release
from tests.audit.faults.plants import ROOT, Fault

from indenture.chain import load_artifact
from indenture.chain.artifacts import Artifact

CACHE = ROOT / "build" / "faults"


def crooked(faults: Sequence[Fault]) -> Mapping[str, Artifact]:
    """The swapped contract of each fault, with the settings of the release.

    One call of the compiler for all that are missing: it reads what they have in common once.

    Raises:
        ValueError: A change does not match its source.
        CompileFailed: A changed source does not compile.
    """
    common = _fingerprint()
    sources = {fault.name: fault.sources() for fault in faults}
    files = {fault.name: CACHE / f"{fault.name}.{_key(common, sources[fault.name])}.json" for fault in faults}
    with _one_at_a_time():
        missing = [fault for fault in faults if not files[fault.name].exists()]
        for old in set(CACHE.glob("*.json")) - set(files.values()):
            old.unlink()
        for name, output in _compile(missing, sources).items():
            fresh = files[name].with_suffix(".part")
            fresh.write_text(json.dumps(output))
            fresh.replace(files[name])
    return {fault.name: _artifact(fault, json.loads(files[fault.name].read_text())) for fault in faults}


def _compile(faults: Sequence[Fault], sources: Mapping[str, dict[str, str]]) -> dict[str, Any]:
    if not faults:
        return {}
    texts = {place: text for fault in faults for place, text in sources[fault.name].items()}
    output = release.call_solc(texts, [fault.place for fault in faults])
    return {fault.name: output["contracts"][fault.place][fault.contract]["evm"] for fault in faults}


def _artifact(fault: Fault, evm: dict[str, Any]) -> Artifact:
    """The release's artefact with other code: its ABI tells nothing of what was planted."""
    places = release.immutables_of(evm["deployedBytecode"].get("immutableReferences") or {})
    honest = load_artifact(fault.contract)
    return replace(
        honest,
        bytecode=bytes.fromhex(evm["bytecode"]["object"]),
        deployed_bytecode=bytes.fromhex(evm["deployedBytecode"]["object"]),
        raw={**honest.raw, "immutableReferences": places},
    )


def _key(common: bytes, sources: dict[str, str]) -> str:
    return hashlib.sha256(common + json.dumps(sources, sort_keys=True).encode()).hexdigest()[:16]


def _fingerprint() -> bytes:
    """A hash of what decides the output for all: sources of the release, settings, compiler, library."""
    settings = [release.SETTINGS, release.REMAPPINGS, release.OUTPUTS, release.SOLC_VERSION]
    digest = hashlib.sha256(json.dumps(settings, sort_keys=True).encode())
    files = [*sorted(release.CONTRACTS.glob("[!.]*/**/*.sol")), release.OPENZEPPELIN / "package.json"]
    for file in files:
        digest.update(file.relative_to(ROOT).as_posix().encode() + b"\0" + file.read_bytes() + b"\0")
    return digest.digest()


@contextmanager
def _one_at_a_time() -> Iterator[None]:
    CACHE.mkdir(parents=True, exist_ok=True)
    with Path(CACHE / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
