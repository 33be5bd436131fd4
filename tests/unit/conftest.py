"""The suite in memory, for the tests of its contracts."""

from importlib.util import find_spec

# pyrevm has no wheel for Python 3.13.
if find_spec("pyrevm"):
    from tests.evm.fixtures import deployed, world

    __all__ = ["deployed", "world"]
else:
    folders = ("benchmarks", "bond", "bond_factory", "business_calendar", "cash_token", "engine")
    others = ("member_registry", "offering", "owner_wallet", "servicing", "settlement")
    collect_ignore_glob = [f"{name}/*" for name in (*folders, *others)]
