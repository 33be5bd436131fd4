"""Pro rata by largest remainder, in whole lots."""

from __future__ import annotations

from collections.abc import Mapping


def allot(orders: Mapping[str, int], offered: int, lot: int) -> dict[str, int]:
    """Units for each order, by account.

    Everybody gets his share of whole lots, rounded down.  The lots that are left go one each to those who
    lost the largest part of a lot; among equals, to the lower account.

    Args:
        orders: Units asked for, by account; whole lots.
        offered: Units on offer; whole lots.
        lot: Units of one lot.
    """
    asked = {account: units // lot for account, units in orders.items()}
    total, lots = sum(asked.values()), offered // lot
    if total <= lots:
        return {account: n * lot for account, n in asked.items()}
    shares = {account: divmod(n * lots, total) for account, n in asked.items()}
    left = lots - sum(whole for whole, _ in shares.values())
    in_turn = sorted(shares, key=lambda account: (-shares[account][1], int(account, 16)))
    lucky = set(in_turn[:left])
    return {account: (whole + (account in lucky)) * lot for account, (whole, _) in shares.items()}


def by_cut(
    orders: Mapping[str, int], offered: int, lot: int, remainder: int, account_cut: str
) -> dict[str, int]:
    """Units for each order under a proved cut: who lost more than ``remainder`` gets one lot more.

    At just that remainder, accounts up to ``account_cut`` get one.
    """
    total, lots = sum(orders.values()) // lot, offered // lot
    if total <= lots:
        return dict(orders)
    result = {}
    for account, units in orders.items():
        whole, lost = divmod(units // lot * lots, total)
        before_cut = (lost, -int(account, 16)) >= (remainder, -int(account_cut, 16))
        result[account] = (whole + (before_cut and lost != 0)) * lot
    return result
