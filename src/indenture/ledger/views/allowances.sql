-- What owners let others spend of their units or their money, after each approval and each spending, in force
-- from one block until the next. Where it does not fit a decimal, `allowance` is NULL and `allowance_hex` has it;
-- one of 64 f is without end.
SELECT token, name, owner, spender, allowance, allowance_hex, from_block, from_time, to_block, to_time
FROM (
    SELECT
        a.token,
        c.name,
        a.owner,
        a.spender,
        a.value AS allowance,
        a.value_hex AS allowance_hex,
        a.block AS from_block,
        a.time AS from_time,
        lead(a.block) OVER pair AS to_block,
        lead(a.time) OVER pair AS to_time
    FROM (
        SELECT contract AS token, owner, spender, value, value_hex, block, log_index, time FROM bond_approval
        UNION ALL
        SELECT contract, owner, spender, value, value_hex, block, log_index, time FROM cash_token_approval
    ) AS a
    LEFT JOIN contract AS c ON c.address = a.token
    WINDOW pair AS (PARTITION BY a.token, a.owner, a.spender ORDER BY a.block, a.log_index)
) AS running
WHERE to_block IS NULL OR to_block <> from_block
