"""Rebuilding state from events: one module a contract, none of which asks the chain anything."""

from indenture.audit.replay.world import World

__all__ = ["World"]
