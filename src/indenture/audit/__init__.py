"""The auditor: holds no key, trusts nobody, rebuilds everything from events and recomputes it."""

from indenture.audit.auditor import AuditResult, audit
from indenture.audit.findings import CHECKS, NOTICES, Finding, Notice

__all__ = ["CHECKS", "NOTICES", "AuditResult", "Finding", "Notice", "audit"]
