-- Which power each function asks for, in force from one block until the next.
SELECT target, name, selector, role, from_block, from_time, to_block, to_time
FROM (
    SELECT
        f.target,
        c.name,
        f.selector,
        f.role_id AS role,
        f.block AS from_block,
        f.time AS from_time,
        lead(f.block) OVER function AS to_block,
        lead(f.time) OVER function AS to_time
    FROM authority_target_function_role_updated AS f
    LEFT JOIN contract AS c ON c.address = f.target
    WINDOW function AS (PARTITION BY f.target, f.selector ORDER BY f.block, f.log_index)
) AS running
WHERE to_block IS NULL OR to_block <> from_block
