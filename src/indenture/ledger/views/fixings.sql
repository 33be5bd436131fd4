-- The rate of each period, and where it came from; rates in billionths a year, factor and arrears with 1e18
-- for the face.
SELECT
    f.bond,
    b.isin,
    f.period,
    f.rate,
    CASE f.source
        WHEN 0 THEN 'terms' WHEN 1 THEN 'published' WHEN 2 THEN 'last value' WHEN 3 THEN 'previous rate'
        WHEN 4 THEN 'fixed rate' WHEN 5 THEN 'not published'
    END AS source,
    f.value,
    CASE WHEN f.day <> 0 THEN civil_day(f.day) END AS day,
    f.index_ratio,
    amount(f.factor, f.factor_hex) AS factor,
    amount(f.arrears, f.arrears_hex) AS arrears,
    d.block IS NOT NULL AS is_deferred,
    f.block,
    f.log_index,
    f.time,
    f.actor
FROM servicing_period_fixed AS f
LEFT JOIN bonds AS b ON b.bond = f.bond
LEFT JOIN servicing_interest_deferred AS d ON d.bond = f.bond AND d.period = f.period
