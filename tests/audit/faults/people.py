"""Accounts that a fault names in its code: the keys of the stories are the same on every chain."""

from tests.audit.stage import key

OPERATOR = key(0).address
FRIEND, VICTIM = key(7).address, key(5).address
"""The third holder of the stories, and the first."""

BIG_BIDDER, SMALL_BIDDER = key(12).address, key(13).address
"""The two holders who bid most at the margin of the tender."""

STRANGER, BACKDOOR = key(77).address, key(91).address
"""Accounts that no member has."""
