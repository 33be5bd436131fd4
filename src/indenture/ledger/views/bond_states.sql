-- How each bond stands: units outstanding and bound, record dates that passed, the last period, and what stops
-- it. `end_day` is its end where that is not a day of the schedule; `terms_version` is 0 for the sealed terms.
SELECT
    b.bond,
    b.isin,
    CASE
        WHEN d.due_period IS NOT NULL AND e.block IS NOT NULL THEN 'closed after default'
        WHEN d.due_period IS NOT NULL THEN 'in default'
        WHEN e.block IS NOT NULL THEN 'redeemed'
        WHEN u.units IS NULL THEN 'registered'
        WHEN p.paused THEN 'paused'
        ELSE 'outstanding'
    END AS status,
    coalesce(u.units, 0) AS outstanding,
    coalesce(h.bound, 0) AS bound,
    coalesce(r.records, 0) AS records,
    coalesce(d.due_period, m.last, b.periods) AS last_period,
    coalesce(d.due_day, CASE WHEN m.maturity_day <> 0 THEN civil_day(m.maturity_day) END) AS end_day,
    coalesce(v.version, 0) AS terms_version,
    coalesce(p.paused, false) AS is_paused,
    coalesce(s.shut, false) AND d.due_period IS NULL AND coalesce(r.records, 0) <> coalesce(m.last, b.periods)
        AS is_shut
FROM bonds AS b
LEFT JOIN (SELECT bond, sum(units) AS units FROM unit_changes GROUP BY bond) AS u ON u.bond = b.bond
LEFT JOIN (
    SELECT bond, sum(bound) AS bound FROM positions WHERE to_block IS NULL GROUP BY bond
) AS h ON h.bond = b.bond
LEFT JOIN (SELECT contract, max(period) AS records FROM bond_record_passed GROUP BY contract) AS r ON r.contract = b.bond
LEFT JOIN (
    SELECT
        contract, last, maturity_day,
        row_number() OVER (PARTITION BY contract ORDER BY block DESC, log_index DESC) AS back
    FROM bond_term_moved
) AS m ON m.contract = b.bond AND m.back = 1
LEFT JOIN (SELECT bond, period AS due_period, civil_day(day) AS due_day FROM servicing_bond_made_due) AS d
    ON d.bond = b.bond
LEFT JOIN (SELECT contract, max(block) AS block FROM bond_bond_redeemed GROUP BY contract) AS e ON e.contract = b.bond
LEFT JOIN (
    SELECT
        contract, paused, row_number() OVER (PARTITION BY contract ORDER BY block DESC, log_index DESC) AS back
    FROM bond_pause_set
) AS p ON p.contract = b.bond AND p.back = 1
LEFT JOIN (
    SELECT
        contract, shut, row_number() OVER (PARTITION BY contract ORDER BY block DESC, log_index DESC) AS back
    FROM bond_books_shut
) AS s ON s.contract = b.bond AND s.back = 1
LEFT JOIN (SELECT bond, max(version) AS version FROM servicing_terms_enacted GROUP BY bond) AS v ON v.bond = b.bond
