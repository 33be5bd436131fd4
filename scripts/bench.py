"""Gas and throughput beside targets and peers: `make bench`, or `make bench ARGS="--json"`."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))  # where the package `bench` is

from bench.main import main

if __name__ == "__main__":
    sys.exit(main())
