"""Run by scripts/check_wheel.sh in an empty environment: the installed package reads and drives a chain."""

import importlib.resources
import json
import shutil
import sys
from pathlib import Path

import indenture


def check_no_tools() -> None:
    for tool in ("node", "npm", "solc", "anvil"):
        assert shutil.which(tool) is None, f"{tool} is on PATH, so that this proves nothing"


def check_package_data() -> None:
    package = importlib.resources.files("indenture")
    assert "site-packages" in str(package), f"not the installed package: {package}"
    artefacts = [file for file in package.joinpath("_abi").iterdir() if file.name.endswith(".json")]
    assert artefacts, "no artefacts in the wheel"
    for file in artefacts:
        assert json.loads(file.read_text())["contractName"] == Path(file.name).stem


def check_chain(url: str) -> None:
    """Deploys the suite to the node, and reads it back."""
    raise NotImplementedError(f"deploy to {url} through the SDK, and read one view back")


def main() -> None:
    assert all(hasattr(indenture, name) for name in indenture.__all__)
    check_no_tools()
    check_package_data()
    check_chain(sys.argv[1])


if __name__ == "__main__":
    main()
