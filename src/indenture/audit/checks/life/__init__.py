"""Checks of what happens to a bond before it is repaid, from its rights to the last recovery."""

from indenture.audit.checks.life.default import DefaultCheck
from indenture.audit.checks.life.drawings import DrawingCheck
from indenture.audit.checks.life.elections import ElectionCheck
from indenture.audit.checks.life.opening import OpeningCheck
from indenture.audit.checks.life.recovery import RecoveryCheck
from indenture.audit.checks.life.redemption import RedemptionCheck
from indenture.audit.checks.life.term import TermCheck
from indenture.audit.checks.life.versions import VersionCheck

__all__ = [
    "DefaultCheck",
    "DrawingCheck",
    "ElectionCheck",
    "OpeningCheck",
    "RecoveryCheck",
    "RedemptionCheck",
    "TermCheck",
    "VersionCheck",
]
