"""The suite in memory, for stories of several contracts."""

from importlib.util import find_spec

from tests.e2e.lived import lived

# pyrevm has no wheel for Python 3.13.
if find_spec("pyrevm"):
    from tests.evm.fixtures import deployed, world

    __all__ = ["deployed", "lived", "world"]
else:
    __all__ = ["lived"]
