"""The files of a report: complete, exact, and never left over from another run."""

from __future__ import annotations

import csv
import errno
import json
from pathlib import Path

import pytest
from tests.audit.report import sample

from indenture.audit.report import require_writable, write_facts
from indenture.audit.report.files import as_json, holders_as_csv, read_report
from indenture.errors import InputError

pytestmark = pytest.mark.unit


def test_report__twice__is_the_same_to_the_last_byte(tmp_path: Path) -> None:
    for name in ("first", "second"):
        write_facts(tmp_path / name, sample.report(), pdf=True)
    first = {path.name: path.read_bytes() for path in (tmp_path / "first").iterdir()}

    assert set(first) == {"audit.json", "audit.html", "audit.txt", "audit.pdf", "holders.csv"}
    assert first == {path.name: path.read_bytes() for path in (tmp_path / "second").iterdir()}


def test_json__read_again__makes_the_same_report(tmp_path: Path) -> None:
    write_facts(tmp_path / "first", sample.report())
    write_facts(tmp_path / "second", read_report(tmp_path / "first"))

    assert read_report(tmp_path / "first" / "audit.json") == sample.report()
    for name in ("audit.json", "audit.html"):
        assert (tmp_path / "first" / name).read_bytes() == (tmp_path / "second" / name).read_bytes()


@pytest.mark.parametrize(
    "value", [{}, {"a": []}, {"a": [{}], "b": [[1, 2], []]}, {"名": ["\ud800", 1, None]}]
)
def test_json__any_value__is_read_as_it_was(value: dict[str, object]) -> None:
    assert json.loads(as_json(value).encode("utf-8", "backslashreplace")) == value


def test_json__ten_thousand_holders__has_each_in_a_line(tmp_path: Path) -> None:
    rows = sample.crowd()
    told = sample.report(bonds=[sample.bond(register=sample.register(rows))])
    write_facts(tmp_path, told)

    assert read_report(tmp_path)["bonds"][0]["register"]["rows"] == rows
    assert len((tmp_path / "audit.json").read_text("utf-8").splitlines()) < 10_400
    assert (tmp_path / "audit.json").stat().st_size < 200 * 10_000
    with (tmp_path / "holders.csv").open(newline="", encoding="utf-8") as file:
        listed = list(csv.DictReader(file))
    assert len(listed) == 10_000
    assert listed[0] == {
        "isin": sample.ISIN,
        "bond": sample.BOND,
        "account": rows[0]["account"],
        "lei": rows[0]["lei"],
        "units": "20000",
        "frozen": "0",
        "bound": "0",
        "units_at_record_1": "20000",
        "units_at_record_2": "20000",
    }


def test_csv__text_that_a_spreadsheet_would_run__is_none() -> None:
    rows = [sample.holder(1, 1, lei='=HYPERLINK("x")')]
    listed = holders_as_csv(sample.report(bonds=[sample.bond(register=sample.register(rows))]))

    assert ",\"'=HYPERLINK(" in listed


def test_report__without_pdf__leaves_none_of_another_run(tmp_path: Path) -> None:
    write_facts(tmp_path, sample.report(), pdf=True)
    (tmp_path / "audit.sig.json").write_text("{}")
    (tmp_path / "mine.txt").write_text("kept")
    write_facts(tmp_path, sample.report())

    assert not (tmp_path / "audit.pdf").exists()
    assert not (tmp_path / "audit.sig.json").exists()
    assert (tmp_path / "mine.txt").read_text() == "kept"


def test_report__folder_that_is_a_file__is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    with pytest.raises(InputError, match="cannot be written"):
        write_facts(tmp_path / "file", sample.report())


def test_report__no_room_for_all_of_it__leaves_the_old_one_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_facts(tmp_path, sample.report())
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    write, room = Path.write_bytes, iter([True, True, False])

    def fill(path: Path, content: bytes) -> int:
        if not next(room):
            write(path, content[:1])
            raise OSError(errno.ENOSPC, "No space left on device")
        return write(path, content)

    monkeypatch.setattr(Path, "write_bytes", fill)
    with pytest.raises(InputError, match="No space left on device"):
        write_facts(tmp_path, {**sample.report(), "network": "another"})

    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_require_writable__folder__is_made_and_left_empty(tmp_path: Path) -> None:
    require_writable(tmp_path / "new" / "report")
    (tmp_path / "file").write_text("")

    assert list((tmp_path / "new" / "report").iterdir()) == []
    with pytest.raises(InputError, match="cannot be written"):
        require_writable(tmp_path / "file" / "report")


@pytest.mark.parametrize("content", ["{", "[]", "{}", '{"schema": "indenture-audit-report/1"}'])
def test_read__what_is_no_report__is_refused(tmp_path: Path, content: str) -> None:
    (tmp_path / "audit.json").write_text(content)

    with pytest.raises(InputError, match="is no report"):
        read_report(tmp_path)


def test_read__report_without_a_head__is_refused(tmp_path: Path) -> None:
    told = {key: value for key, value in sample.report().items() if key not in ("chain_id", "differences")}
    (tmp_path / "audit.json").write_text(json.dumps(told))

    with pytest.raises(InputError, match="it lacks chain_id, differences"):
        read_report(tmp_path)


def test_read__nothing__says_where_it_looked(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"audit\.json"):
        read_report(tmp_path)
