-- Holdings with what of them is frozen by law or bound by elections, in force from one block until the next.
SELECT
    bond, holder, from_block, from_time, to_block, to_time,
    units, frozen, bound, greatest(0, units - frozen - bound) AS free
FROM (
    SELECT
        bond,
        holder,
        block AS from_block,
        time AS from_time,
        lead(block) OVER holding AS to_block,
        lead(time) OVER holding AS to_time,
        sum(units) OVER holding AS units,
        sum(frozen) OVER holding AS frozen,
        sum(bound) OVER holding AS bound
    FROM (
        SELECT bond, holder, block, log_index, time, units, 0 AS frozen, 0 AS bound FROM unit_changes
        UNION ALL
        -- Told as what is frozen from then on.
        SELECT
            bond, account, from_block, from_log_index, from_time, 0,
            frozen - lag(frozen, 1, 0) OVER (PARTITION BY bond, account ORDER BY from_block, from_log_index),
            0
        FROM freezes
        UNION ALL
        SELECT
            contract, holder, block, log_index, time, 0, 0,
            bound - lag(bound, 1, 0) OVER (PARTITION BY contract, holder ORDER BY block, log_index)
        FROM bond_units_bound
    ) AS changes
    WINDOW holding AS (PARTITION BY bond, holder ORDER BY block, log_index)
) AS running
WHERE to_block IS NULL OR to_block <> from_block
