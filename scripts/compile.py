"""Compiles the contracts once, and writes what everything else reads.

    python scripts/compile.py            compile what changed; silent when nothing did
    python scripts/compile.py --force    compile although nothing changed
    python scripts/compile.py --check    write nothing; fail when a committed file is stale

There are two units. The *release* is everything under contracts/ but the mocks:

    src/indenture/_abi/<Name>.json   ABI and bytecode, shipped in the wheel (committed)
    snapshots/storage_layout.json    slots of each contract (committed, reviewed like code)
    snapshots/sizes.json             bytes of runtime and init code (committed)

The *mocks* are compiled apart, so that a new mock never changes a released file:

    build/artifacts/<Name>.json

No test compiles anything: starting the compiler costs seconds.
"""

import argparse
import fcntl
import hashlib
import json
import os
import re
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import solcx
from solcx.exceptions import SolcError
from solcx.wrapper import get_version_str_from_solc_binary

ROOT = Path(__file__).resolve().parent.parent
CONTRACTS = ROOT / "contracts"
MOCKS = CONTRACTS / "mocks"
ABI_DIR = ROOT / "src" / "indenture" / "_abi"
MOCK_DIR = ROOT / "build" / "artifacts"
SNAPSHOTS = ROOT / "snapshots"
STAMPS = ROOT / "build" / "compile"
OPENZEPPELIN = ROOT / "node_modules" / "@openzeppelin" / "contracts"

SOLC_VERSION = "0.8.37"
REMAPPINGS = ["@openzeppelin/=node_modules/@openzeppelin/"]
OPTIMIZER_RUNS = 1_000
SETTINGS: dict[str, Any] = {
    "evmVersion": "cancun",  # solc 0.8.37 would take osaka, which consortium chains do not have
    "viaIR": True,
    "optimizer": {"enabled": True, "runs": OPTIMIZER_RUNS},
    # No hash of the sources: a comment then changes no code, and an auditor compares one code hash.
    "metadata": {"bytecodeHash": "none"},
}
OUTPUTS = [
    "abi",
    "evm.bytecode.object",
    "evm.bytecode.linkReferences",
    "evm.deployedBytecode.object",
    "evm.deployedBytecode.immutableReferences",
    "storageLayout",
    "transientStorageLayout",
]

# Interfaces that the SDK meets on contracts which are not ours: any ERC-20 as cash, any wallet as signer.
FOREIGN_INTERFACES = {
    "IERC1271": "node_modules/@openzeppelin/contracts/interfaces/IERC1271.sol",
    "IERC20Metadata": "node_modules/@openzeppelin/contracts/token/ERC20/extensions/IERC20Metadata.sol",
}

# Contracts of ours in several parts behind one address: what that address answers.
WHOLE_INTERFACES = ("IOffering", "IServicing")

# Contracts that hand on what they do not know, with the parts that do it: the first has their ABI too,
# as its address answers all of it.
EXTENSIONS = {"Bond": ("BondExtension", "BondEvents"), "Settlement": ("SettlementClean",)}

CODE_SIZE_LIMIT = 24_576  # EIP-170
CODE_SIZE_GOAL = 24_000  # what the project allows itself; see bench/figures.py

DEFINITION = re.compile(r"^(abstract contract|contract|interface|library)\s+(\w+)", re.MULTILINE)

Files = dict[Path, str]
Json = dict[str, Any]


class CompileFailed(Exception):
    """The sources do not compile, or must not be released as they are."""


@dataclass(frozen=True, slots=True)
class Contract:
    """One compiled definition: its output of solc, and where it stands."""

    name: str
    source: str
    kind: str
    output: Json

    @property
    def init_code(self) -> str:
        return str(self.output["evm"]["bytecode"]["object"])

    @property
    def runtime_code(self) -> str:
        return str(self.output["evm"]["deployedBytecode"]["object"])

    @property
    def is_deployable(self) -> bool:
        return self.kind == "contract" and bool(self.init_code)


@dataclass(frozen=True, slots=True)
class Unit:
    """What is compiled in one call, and how its output becomes files."""

    name: str
    sources: list[Path]
    inputs: list[Path]
    render: Callable[[list[Contract], str], Files]


# --- compilation


def solc_binary() -> Path:
    folder = Path(os.environ.get("SOLCX_BINARY_PATH") or ROOT / "build" / "solc")
    binary = folder / f"solc-v{SOLC_VERSION}"
    if not binary.exists():
        raise CompileFailed(f"no compiler at {shown(binary)}: run `make setup`")
    return binary


def compile_sources(sources: list[Path]) -> list[Contract]:
    """Compiles the sources, with two processes for the code; raises `CompileFailed` with solc's own words."""
    names = [file.relative_to(ROOT).as_posix() for file in sources]
    texts = {name: (ROOT / name).read_text(encoding="utf-8") for name in names}
    # Both processes see all sources, so that the code is the same as from one.
    heavy_first = sorted(names, key=lambda name: -len(texts[name]))
    halves = [half for half in (heavy_first[::2], heavy_first[1::2]) if half]
    with ThreadPoolExecutor(max_workers=2) as pool:
        outputs = list(pool.map(lambda half: call_solc(texts, half), halves))
    for problem in outputs[0].get("errors", []):  # warnings; those of the library are its authors' affair
        if problem.get("sourceLocation", {}).get("file", "contracts/").startswith("contracts/"):
            say(problem["formattedMessage"].rstrip())
    found = [contract for output in outputs for contract in contracts_in(output, texts)]
    return sorted(found, key=lambda contract: contract.source)


def call_solc(texts: dict[str, str], wanted: list[str]) -> Json:
    task = {
        "language": "Solidity",
        "sources": {name: {"content": text} for name, text in texts.items()},
        "settings": SETTINGS
        | {"remappings": REMAPPINGS, "outputSelection": {name: {"*": OUTPUTS} for name in wanted}},
    }
    try:
        output: Json = solcx.compile_standard(
            task, base_path=ROOT, allow_paths=ROOT, solc_binary=solc_binary(), allow_empty=True
        )
    except SolcError as error:
        raise CompileFailed(error.message) from None
    return output


def contracts_in(output: Json, texts: dict[str, str]) -> Iterator[Contract]:
    for source, contracts in sorted(output["contracts"].items()):
        kinds = {name: kind for kind, name in DEFINITION.findall(texts[source])}
        for name, contract in sorted(contracts.items()):
            yield Contract(name=name, source=source, kind=kinds[name], output=contract)


def compiler_version() -> str:
    # The same code comes from every build of one version, so the platform is left out.
    return str(get_version_str_from_solc_binary(solc_binary()))


# --- what is written


def render_release(contracts: list[Contract], version: str) -> Files:
    deployable = [contract for contract in contracts if contract.is_deployable]
    shipped = (*FOREIGN_INTERFACES, *WHOLE_INTERFACES)
    wanted = deployable + [contract for contract in contracts if contract.name in shipped]
    layouts = {contract.name: layout_of(contract) for contract in deployable}
    return artefacts(ABI_DIR, with_extensions(wanted), version) | {
        SNAPSHOTS / "storage_layout.json": as_json(layouts),
        SNAPSHOTS / "sizes.json": as_json({contract.name: sizes_of(contract) for contract in deployable}),
    }


def with_extensions(contracts: list[Contract]) -> list[Contract]:
    """The contracts, each with the ABI of all that its address answers."""
    abis = {contract.name: contract.output["abi"] for contract in contracts}
    return [
        replace(contract, output=contract.output | {"abi": merged([abis[name] for name in names])})
        for contract in contracts
        for names in [(contract.name, *EXTENSIONS.get(contract.name, ()))]
    ]


def merged(abis: list[list[Json]]) -> list[Json]:
    """The first ABI with the functions, events and errors of the others, in solc's order."""
    whole = list(abis[0])
    further = (entry for abi in abis[1:] for entry in abi if entry["type"] in ("function", "event", "error"))
    whole += [entry for entry in further if entry not in whole]
    return sorted(whole, key=lambda entry: (entry["type"], entry.get("name", "")))


def render_mocks(contracts: list[Contract], version: str) -> Files:
    return artefacts(MOCK_DIR, [contract for contract in contracts if contract.is_deployable], version)


def artefacts(folder: Path, contracts: list[Contract], version: str) -> Files:
    files: Files = {}
    for contract in contracts:
        file = folder / f"{contract.name}.json"
        if file in files:
            raise CompileFailed(f"two contracts are called {contract.name}: names are unique in the tree")
        files[file] = as_json(artefact_of(contract, version))
    return files


def artefact_of(contract: Contract, version: str) -> Json:
    evm = contract.output["evm"]
    if evm["bytecode"].get("linkReferences"):
        raise CompileFailed(f"{contract.name} calls a linked library: make the library's functions internal")
    return {
        "contractName": contract.name,
        "sourceName": contract.source,
        "abi": contract.output["abi"],
        "bytecode": "0x" + contract.init_code,
        "deployedBytecode": "0x" + contract.runtime_code,
        "immutableReferences": immutables_of(evm["deployedBytecode"].get("immutableReferences") or {}),
        "compiler": {"version": version} | SETTINGS,
    }


def immutables_of(references: Json) -> list[Json]:
    """Where immutables lie in the runtime code; solc's keys are AST ids, which change with any edit."""
    places = [place for group in references.values() for place in group]
    return sorted(places, key=lambda place: int(place["start"]))


def sizes_of(contract: Contract) -> Json:
    return {"init": len(contract.init_code) // 2, "runtime": len(contract.runtime_code) // 2}


def layout_of(contract: Contract) -> Json:
    layout: Json = {}
    for name in ("storage", "transientStorage"):
        raw = contract.output.get(f"{name}Layout") or {}
        if raw.get("storage"):
            layout[name] = readable_layout(raw)
    return layout


def readable_layout(raw: Json) -> Json:
    """The layout by type labels, as people write them: solc's own type names carry AST ids."""
    types: Json = raw["types"] or {}
    structs = {kind["label"]: slots(kind["members"], types) for kind in types.values() if "members" in kind}
    return {"slots": slots(raw["storage"], types)} | ({"structs": structs} if structs else {})


def slots(variables: list[Json], types: Json) -> list[Json]:
    return [
        {
            "slot": int(variable["slot"]),
            "offset": variable["offset"],
            "bytes": int(types[variable["type"]]["numberOfBytes"]),
            "label": variable["label"],
            "type": types[variable["type"]]["label"],
        }
        for variable in variables
    ]


def as_json(value: Json) -> str:
    return json.dumps(value, indent=1, sort_keys=True, ensure_ascii=False) + "\n"


# --- units, and what need not be done again


def units() -> list[Unit]:
    files = sorted(CONTRACTS.glob("[!.]*/**/*.sol"))  # .cache is ape's copy of the library
    release = [file for file in files if not file.is_relative_to(MOCKS)]
    mocks = [file for file in files if file.is_relative_to(MOCKS)]
    foreign = [ROOT / name for name in FOREIGN_INTERFACES.values()]
    found = [Unit("release", release + foreign, release, render_release)]
    # A mock may import any contract.
    return [*found, Unit("mocks", mocks, files, render_mocks)] if mocks else found


def fingerprint(unit: Unit, version: str) -> str:
    """A hash of all that decides the output: sources, settings, compiler, library, and this script."""
    digest = hashlib.sha256(Path(__file__).read_bytes())
    digest.update(json.dumps([SETTINGS, REMAPPINGS, version], sort_keys=True).encode())
    digest.update((OPENZEPPELIN / "package.json").read_bytes())
    for file in unit.inputs:
        digest.update(b"\0" + file.relative_to(ROOT).as_posix().encode() + b"\0" + file.read_bytes())
    return digest.hexdigest()


def is_fresh(unit: Unit, mark: str) -> bool:
    """Whether the last run of this unit had the same inputs, and its files are still as it wrote them."""
    try:
        stamp = json.loads((STAMPS / f"{unit.name}.json").read_text())
        return bool(stamp["inputs"] == mark) and all(
            sha256((ROOT / name).read_bytes()) == digest for name, digest in stamp["outputs"].items()
        )
    except (OSError, ValueError, KeyError):
        return False


def write_unit(unit: Unit, mark: str, files: Files) -> None:
    for file, text in files.items():
        if not file.exists() or file.read_text(encoding="utf-8") != text:
            write_whole(file, text)
    for leftover in surplus(unit, files):
        leftover.unlink()
    outputs = {shown(file): sha256(text.encode()) for file, text in sorted(files.items())}
    write_whole(STAMPS / f"{unit.name}.json", as_json({"inputs": mark, "outputs": outputs}))


def write_whole(file: Path, text: str) -> None:
    """A reader sees the old file or the new one, never a half."""
    file.parent.mkdir(parents=True, exist_ok=True)
    fresh = file.with_name(f".{file.name}.{os.getpid()}")
    fresh.write_text(text, encoding="utf-8")
    fresh.replace(file)


@contextmanager
def one_at_a_time() -> Iterator[None]:
    STAMPS.mkdir(parents=True, exist_ok=True)
    with (STAMPS / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def surplus(unit: Unit, files: Files) -> list[Path]:
    """Artefacts of contracts that no longer exist."""
    folder = ABI_DIR if unit.name == "release" else MOCK_DIR
    return sorted(file for file in folder.glob("*.json") if file not in files)


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


# --- commands


def build(unit: Unit, version: str) -> Files:
    say(f"compile: {unit.name}, {len(unit.sources)} files ...")
    start = time.monotonic()
    contracts = compile_sources(unit.sources)
    files = unit.render(contracts, version)
    refuse_too_large(contracts, unit)
    say(f"compile: {unit.name} done in {time.monotonic() - start:.1f} s")
    return files


def refuse_too_large(contracts: list[Contract], unit: Unit) -> None:
    if unit.name == "mocks":
        return
    for contract in contracts:
        size = len(contract.runtime_code) // 2
        if size > CODE_SIZE_LIMIT:
            raise CompileFailed(f"{contract.name} has {size:,} bytes, the limit is {CODE_SIZE_LIMIT:,}")
        if size > CODE_SIZE_GOAL:
            say(f"compile: {contract.name} has {size:,} bytes, the goal is {CODE_SIZE_GOAL:,}")


def run(*, force: bool) -> int:
    version = compiler_version()
    marks = [(unit, fingerprint(unit, version)) for unit in units()]
    stale = [(unit, mark) for unit, mark in marks if force or not is_fresh(unit, mark)]
    with ThreadPoolExecutor(max_workers=2) as pool:  # each is a process of its own
        built = [(unit, mark, pool.submit(build, unit, version)) for unit, mark in stale]
    for unit, mark, future in built:
        write_unit(unit, mark, future.result())
    return 0


def check() -> int:
    unit, version = units()[0], compiler_version()
    files = build(unit, version)
    found = {file: compare(file, text) for file, text in files.items()}
    problems = [f"{shown(file)}: {difference}" for file, difference in found.items() if difference]
    problems += [f"{shown(file)}: no such contract any more" for file in surplus(unit, files)]
    if problems:
        say("compile: committed files are not what the sources give:")
        say("\n".join(f"  {problem}" for problem in sorted(problems)))
        say("Run `make snapshots`, look at the differences, and commit them with the reason.")
        return 1
    say(f"compile: {len(files)} committed files are fresh")
    write_unit(unit, fingerprint(unit, version), files)  # only the mark: set-up need not compile again
    return 0


def compare(file: Path, text: str) -> str:
    """Which parts of a committed file differ; empty when none does."""
    if not file.exists():
        return "missing"
    found = file.read_text(encoding="utf-8")
    if found == text:
        return ""
    try:
        old, new = json.loads(found), json.loads(text)
    except ValueError:
        return "not JSON"
    keys = sorted(key for key in old.keys() | new.keys() if old.get(key) != new.get(key))
    return f"differs in {', '.join(keys)}" if keys else "differs in form only"


def shown(file: Path) -> str:
    return file.relative_to(ROOT).as_posix() if file.is_relative_to(ROOT) else str(file)


def say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)  # stdout belongs to the command that set-up precedes


def main() -> int:
    parser = argparse.ArgumentParser(description="Compile the contracts and write their artefacts.")
    parser.add_argument("--check", action="store_true", help="change no committed file, fail on a stale one")
    parser.add_argument("--force", action="store_true", help="compile although nothing changed")
    options = parser.parse_args()
    try:
        with one_at_a_time():
            return check() if options.check else run(force=options.force)
    except CompileFailed as error:
        say(f"{error}\ncompile: failed")
        return 1


if __name__ == "__main__":
    sys.exit(main())
