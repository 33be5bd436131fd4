"""The auditor: holds no key, trusts nobody, rebuilds everything from events, recomputes and proves it."""

from indenture.audit.anchors import Anchors
from indenture.audit.auditor import audit
from indenture.audit.findings import CHECKS, NOTICES, Finding, Notice
from indenture.audit.result import AuditResult

__all__ = ["CHECKS", "NOTICES", "Anchors", "AuditResult", "Finding", "Notice", "audit"]
