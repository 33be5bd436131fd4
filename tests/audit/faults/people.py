"""Accounts that a fault names in its code: the keys of the stories are the same on every chain."""

from tests.audit.stage import key

OPERATOR, OUTSIDER = key(0).address, key(4).address
FRIEND, VICTIM, OTHER = key(7).address, key(5).address, key(8).address
"""The third holder of the stories, the first, and the fourth."""

BIG_BIDDER, SMALL_BIDDER = key(12).address, key(13).address
"""The two holders who bid most at the margin of the tender."""

STRANGER, BACKDOOR = key(77).address, key(91).address
"""Accounts that no member has."""
