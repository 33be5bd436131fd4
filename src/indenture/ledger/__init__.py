"""Every event of a deployment, in one DuckDB file: read from any node, decoded, and ready for SQL."""

from indenture.ledger.ingest import Ingested, ingest
from indenture.ledger.reorg import rewind
from indenture.ledger.store import Anomaly, Ledger, LogRow
from indenture.ledger.suite import Suite, Target
from indenture.ledger.tables import EVENT_TABLES, EventTable

__all__ = [
    "EVENT_TABLES",
    "Anomaly",
    "EventTable",
    "Ingested",
    "Ledger",
    "LogRow",
    "Suite",
    "Target",
    "ingest",
    "rewind",
]
