"""Keccak-256, as Ethereum hashes."""

from __future__ import annotations

from eth_hash.auto import keccak

__all__ = ["keccak"]
