-- Working days of each market and year, in force from one block until the next: one bit a day, January 1st the
-- lowest, the first 256 in `low`; `low_hex` has them where they do not fit a decimal.
SELECT market, year, version, low, low_hex, high, from_block, from_time, to_block, to_time
FROM (
    SELECT
        market, year, version, low, low_hex, high,
        block AS from_block,
        time AS from_time,
        lead(block) OVER days AS to_block,
        lead(time) OVER days AS to_time
    FROM business_calendar_year_published
    WINDOW days AS (PARTITION BY market, year ORDER BY block, log_index)
) AS running
WHERE to_block IS NULL OR to_block <> from_block
