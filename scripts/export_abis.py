"""Writes the ABIs and bytecode that the package ships, where the contracts have changed.

    ape run export_abis

The work is that of scripts/compile.py, which `make setup` runs as well.
"""

import subprocess
import sys
from pathlib import Path

COMPILE = Path(__file__).resolve().parent / "compile.py"


def main() -> None:
    sys.exit(subprocess.run([sys.executable, str(COMPILE)], check=False).returncode)
