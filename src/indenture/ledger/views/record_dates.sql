-- Payments as they were announced, each until it was announced anew, and the record date that passed.
SELECT
    a.contract AS bond,
    b.isin,
    a.period,
    civil_day(a.due_day) AS due_day,
    civil_day(a.record_day) AS record_day,
    civil_day(a.pay_day) AS pay_day,
    instant(a.record_time) AS record_time,
    instant(a.pay_time) AS pay_time,
    a.from_block,
    a.to_block,
    CASE WHEN a.to_block IS NULL THEN p.block END AS passed_block,
    CASE WHEN a.to_block IS NULL THEN p.time END AS passed_time,
    CASE WHEN a.to_block IS NULL THEN p.supply END AS units
FROM (
    SELECT
        contract, period, due_day, record_day, pay_day, record_time, pay_time, block AS from_block,
        lead(block) OVER (PARTITION BY contract, period ORDER BY block, log_index) AS to_block
    FROM bond_payment_announced
) AS a
LEFT JOIN bonds AS b ON b.bond = a.contract
LEFT JOIN bond_record_passed AS p ON p.contract = a.contract AND p.period = a.period
