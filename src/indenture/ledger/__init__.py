"""Every event of a deployment, in one DuckDB file: read from any node, decoded, and ready for SQL."""
