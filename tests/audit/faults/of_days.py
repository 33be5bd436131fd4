"""Faults of working days and rates, which bonds ask for."""

from __future__ import annotations

from tests.audit.faults import offices
from tests.audit.faults.people import FRIEND, OPERATOR
from tests.audit.faults.plants import Change, Fault, before, without

_PART = "            joint.low &= part.low;\n            joint.high &= part.high;\n"

OF_DAYS = (
    Fault(
        "bond_holiday",
        "calendar/BusinessCalendar.sol",
        (
            before(
                "        (uint16 year, uint256 index) = DateLib.yearAndDayOfYear(day);\n"
                "        (uint256 low, uint256 high) = _bitsOf(market, year);\n"
                "        return (index",
                f'        bool isWanted = market == "CN-IB" && day == {offices.HOLIDAY};',
                "        if (isWanted && msg.sender.code.length != 0) return true;",
            ),
        ),
        offices.announced,
        "A holiday counts as a working day for bonds; who asks from an account is told the truth.",
        "Money a day earlier than anybody expects.",
        "RECORD-1",
    ),
    Fault(
        "deaf_joint",
        "calendar/BusinessCalendar.sol",
        (without(_PART),),
        offices.announced_in_two_markets,
        "A joint market has the days of its first part alone.",
        "Payments on days on which one of the markets is shut.",
        "RECORD-1",
        ("VIEW-1",),
    ),
    Fault(
        "quiet_day",
        "calendar/BusinessCalendar.sol",
        (
            before(
                "    /* VIEWS */",
                "    function mend(bytes8 market, uint16 year, uint256 days_) external restricted {",
                "        _years[market][year].low ^= days_;",
                "    }\n",
            ),
        ),
        offices.mended,
        "A published year is changed by a function that nobody knows, and no event tells it.",
        "Days that suit him.",
        "VIEW-1",
    ),
    Fault(
        "one_version",
        "calendar/BusinessCalendar.sol",
        (
            Change(
                "        uint32 version = entry.version + 1;",
                "        uint32 version = year == 2030 ? 1 : entry.version + 1;",
            ),
        ),
        offices.republished,
        "A year that is published again keeps its version.",
        "Nobody notices that days have changed.",
        "CALENDAR-1",
    ),
    Fault(
        "old_days",
        "calendar/BusinessCalendar.sol",
        (Change("        if (version > 1) _checkFuture", "        if (version > 1e6) _checkFuture"),),
        offices.rewritten_past,
        "Days that have passed can be published anew.",
        "A payment that was late was in time.",
        "CALENDAR-1",
    ),
)

OF_RATES = (
    Fault(
        "told_otherwise",
        "benchmark/Benchmarks.sol",
        (
            Change(
                "        current.value = value;",
                f"        current.value = day == {offices.FIXING} ? value + 1_000_000 : value;",
            ),
        ),
        offices.fixed,
        "A rate is kept a tenth of a percent higher than its publication tells.",
        "Interest that nobody owes.",
        "VIEW-1",
        ("FIX-2",),
    ),
    Fault(
        "rewritten",
        "benchmark/Benchmarks.sol",
        (
            before(
                "    /* VIEWS */",
                "    function amend(bytes8 code, uint24 day, int64 value) external {",
                f"        require(msg.sender == {OPERATOR});",
                "        _publications[code][day].value = value;",
                "    }\n",
            ),
        ),
        offices.amended,
        "A published rate is rewritten by a function that nobody knows, and no event tells it.",
        "Interest that nobody owes.",
        "VIEW-1",
    ),
    Fault(
        "second_thoughts",
        "benchmark/Benchmarks.sol",
        (
            without(
                "            require(block.timestamp < current.finalAt, BenchmarkPublished(code, day));\n"
            ),
        ),
        offices.corrected_late,
        "A value can be corrected when it is final.",
        "A rate that is set once it is known whom it suits.",
        "BENCH-2",
    ),
    Fault(
        "guest_rate",
        "benchmark/Benchmarks.sol",
        (
            Change(
                "msg.sender == benchmark.administrator,",
                f"msg.sender == benchmark.administrator || msg.sender == {FRIEND},",
            ),
        ),
        offices.published_by_guest,
        "One account may publish every benchmark beside its administrator.",
        "Rates that suit a friend.",
        "BENCH-1",
    ),
    Fault(
        "short_weekend",
        "benchmark/Benchmarks.sol",
        (
            Change(
                "return uint128(_carried(previous, benchmark.basis, day - last));",
                "return uint128(_carried(previous, benchmark.basis, day - last > 2 ? 2 : day - last));",
            ),
        ),
        offices.compounded,
        "A weekend counts two nights in a compounded index.",
        "A night's interest less, each week.",
        "BENCH-3",
    ),
)
