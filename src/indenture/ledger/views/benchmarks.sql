-- Benchmarks as they were defined, with who publishes them now, and what was published last; in billionths.
SELECT
    d.code,
    CASE d.kind WHEN 0 THEN 'rate' WHEN 1 THEN 'overnight' WHEN 2 THEN 'level' WHEN 3 THEN 'figure' END AS kind,
    coalesce(a.administrator, d.administrator) AS administrator,
    d.market,
    d.basis,
    d.correctable_for,
    v.day AS last_day,
    v.value AS last_value,
    d.block AS defined_block,
    d.time AS defined_time
FROM benchmarks_benchmark_defined AS d
LEFT JOIN (
    SELECT
        code, administrator, row_number() OVER (PARTITION BY code ORDER BY block DESC, log_index DESC) AS back
    FROM benchmarks_administrator_set
) AS a ON a.code = d.code AND a.back = 1
LEFT JOIN (
    SELECT
        code, civil_day(day) AS day, value,
        row_number() OVER (PARTITION BY code ORDER BY day DESC, block DESC, log_index DESC) AS back
    FROM benchmarks_value_published
) AS v ON v.code = d.code AND v.back = 1
