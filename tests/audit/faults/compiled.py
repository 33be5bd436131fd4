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
from tests.audit.faults.plants import Fault
from tests.audit.faults.variants import ROOT, Variant, variants

from indenture.chain import load_artifact
from indenture.chain.artifacts import Artifact

CACHE = ROOT / "build" / "faults"


def crooked(faults: Sequence[Fault]) -> Mapping[str, Artifact]:
    """The swapped contract of each fault, by its name, with the settings of the release.

    One call of the compiler for all that are missing: it reads what they have in common once.

    Raises:
        ValueError: A change does not match its source.
        CompileFailed: A changed source does not compile.
    """
    common, planted = _fingerprint(), variants(faults)
    sources = {variant: variant.sources() for variant in dict.fromkeys(planted.values())}
    files = {each: CACHE / f"{each.name}.{_key(common, texts)}.json" for each, texts in sources.items()}
    with _one_at_a_time():
        missing = [each for each, file in files.items() if not file.exists()]
        for old in set(CACHE.glob("*.json")) - set(files.values()):
            old.unlink()
        for each, output in _compile({each: sources[each] for each in missing}).items():
            fresh = files[each].with_suffix(".part")
            fresh.write_text(json.dumps(output))
            fresh.replace(files[each])
    artifacts = {each: _artifact(each, json.loads(file.read_text())) for each, file in files.items()}
    return {name: artifacts[each] for name, each in planted.items()}


def _compile(sources: Mapping[Variant, dict[str, str]]) -> dict[Variant, Any]:
    if not sources:
        return {}
    texts = {place: text for copies in sources.values() for place, text in copies.items()}
    output = release.call_solc(texts, [each.place for each in sources])
    return {each: output["contracts"][each.place][each.contract]["evm"] for each in sources}


def _artifact(variant: Variant, evm: dict[str, Any]) -> Artifact:
    """The release's artefact with other code: its ABI tells nothing of what was planted."""
    places = release.immutables_of(evm["deployedBytecode"].get("immutableReferences") or {})
    honest = load_artifact(variant.contract)
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
