"""The same SQL on Apache Spark gives the same rows, one for one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from tests.ledger.sql.asked import ASKED
from tests.ledger.sql.told import Told

from indenture.errors import InputError
from indenture.ledger import parquet
from indenture.ledger.engines import open_engine
from indenture.ledger.questions import Answer, question
from indenture.ledger.state import PARTS, state

pytest.importorskip("pyspark", reason="Spark comes with the extra: pip install indenture[spark]")

pytestmark = pytest.mark.integration

# Most of what small queries cost is to compile them.
_QUICK = {
    "spark.sql.shuffle.partitions": "1",
    "spark.default.parallelism": "1",
    "spark.sql.codegen.wholeStage": "false",
    "spark.sql.codegen.factoryMode": "NO_CODEGEN",
    "spark.sql.adaptive.enabled": "false",
    "spark.driver.extraJavaOptions": "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC",
}


@pytest.fixture(scope="module")
def session() -> Iterator[Any]:
    from indenture.ledger.spark import connect

    started = connect("local[1]", settings=_QUICK)
    yield started
    started.stop()


def test_questions__on_spark__have_the_rows_of_duckdb(
    session: Any, all_told: dict[str, Told], tmp_path: Path
) -> None:
    from indenture.ledger.spark import SparkLedger

    for chain in sorted({chain for chain, _ in ASKED.values()}):
        told = all_told[chain]
        parquet.export(told.ledger.con, tmp_path / chain, blocks=200)
        spark = SparkLedger(session, tmp_path / chain)
        assert spark.head == told.engine.head
        for name, given in [(name, given) for name, (of, given) in ASKED.items() if of == chain]:
            asked = question(name)
            bound = asked.bind(given, spark.head)
            answer = told.engine.run(asked.sql, bound)

            assert answer.rows
            assert spark.run(asked.sql, bound) == answer, name


def test_spark__as_of_a_block__holds_nothing_later_and_all_that_was(
    session: Any, all_told: dict[str, Told], tmp_path: Path
) -> None:
    from indenture.ledger.spark import SparkLedger

    told = all_told["story"]
    look = told.looks[len(told.looks) // 2]
    parquet.export(told.ledger.con, tmp_path / "out")
    spark = SparkLedger(session, tmp_path / "out", until=look.block)

    held = spark.run("SELECT bond, holder, units FROM holdings WHERE to_block IS NULL AND units <> 0")
    assert {row[:2]: row[2] for row in held.rows} == {
        key: units for key, (units, _, _) in look.held.items() if units
    }
    documents = "SELECT name, uri, document_hash FROM documents ORDER BY name"
    assert spark.run(documents).rows == told.rows(documents)
    assert spark.run("SELECT max(number) FROM block").rows[0][0] <= look.block
    assert spark.run("SELECT ratio($a, 21) AS r", {"a": 200_001}) == Answer(
        ("r",), [(Decimal("9523.857142"),)]
    )
    with pytest.raises(InputError, match="no_such_table"):
        spark.run("SELECT * FROM no_such_table")

    asked = " ".join(question(name).sql for name in ASKED)
    unasked = [each.name for each in PARTS if not re.search(rf"\b{each.name}\b", asked)]
    with open_engine(told.path, at=look.block) as engine:
        assert len(unasked) > 10
        assert state(spark, unasked) == state(engine, unasked)
