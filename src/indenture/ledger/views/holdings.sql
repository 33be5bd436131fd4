-- Units of each holder after each block that changed them, in force from one block until the next.
SELECT bond, holder, from_block, from_time, to_block, to_time, units
FROM (
    SELECT
        bond,
        holder,
        block AS from_block,
        time AS from_time,
        lead(block) OVER holding AS to_block,
        lead(time) OVER holding AS to_time,
        sum(units) OVER holding AS units
    FROM unit_changes
    WINDOW holding AS (PARTITION BY bond, holder ORDER BY block, log_index)
) AS running
WHERE to_block IS NULL OR to_block <> from_block
