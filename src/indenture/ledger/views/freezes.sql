-- What was frozen by law of an account's units, in force from one block until the next; more than there can
-- be is all.
SELECT bond, account, frozen, from_block, from_log_index, from_time, to_block, to_time
FROM (
    SELECT
        contract AS bond,
        account,
        least(coalesce(amount, 18446744073709551615), 18446744073709551615) AS frozen,
        block AS from_block,
        log_index AS from_log_index,
        time AS from_time,
        lead(block) OVER account_of_bond AS to_block,
        lead(time) OVER account_of_bond AS to_time
    FROM bond_frozen
    WINDOW account_of_bond AS (PARTITION BY contract, account ORDER BY block, log_index)
) AS told
