"""What the packages say they export is what is there."""

from __future__ import annotations

import ast
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest

import indenture

pytestmark = pytest.mark.unit

PACKAGES = (
    "indenture",
    "indenture.chain",
    "indenture.contracts",
    "indenture.deployment",
    "indenture.primary",
    "indenture.roles",
    "indenture.sealing",
)


@pytest.mark.parametrize("name", PACKAGES)
def test_all__of_a_package__is_there_and_names_nothing_twice(name: str) -> None:
    package = import_module(name)

    assert len(set(package.__all__)) == len(package.__all__)
    assert all(getattr(package, member) is not None for member in package.__all__)


def test_all__of_the_top_package__is_what_type_checkers_see() -> None:
    tree = ast.parse(Path(indenture.__file__).read_text())

    typed = {
        alias.asname or alias.name
        for node in tree.body
        if isinstance(node, ast.If)
        for statement in node.body
        if isinstance(statement, ast.ImportFrom)
        for alias in statement.names
    }

    assert typed == set(indenture.__all__)


def test_getattr__unknown_name__is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="has no attribute 'nothing'"):
        _ = indenture.nothing  # type: ignore[attr-defined]


def test_import__of_the_top_package__loads_nothing_else() -> None:
    names = ("web3", "eth_account", "pydantic")
    heavy = f"import sys, indenture; print([name for name in {names} if name in sys.modules])"

    done = subprocess.run([sys.executable, "-c", heavy], capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "[]"


def test_import__of_everything__needs_no_ape_and_no_web3() -> None:
    names = ", ".join(f"indenture.{name}" for name in indenture.__all__)
    heavy = f"import sys, indenture; {names}; print([m for m in ('web3', 'ape') if m in sys.modules])"

    done = subprocess.run([sys.executable, "-c", heavy], capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "[]"
