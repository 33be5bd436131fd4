-- Accounts with class, roles and standing, in force from one block until the next. An account acts while its
-- standing is active, up to `valid_until`; NULL there is no end.
SELECT
    account,
    lei,
    CASE verdicts
        WHEN 1 THEN 'operator' WHEN 2 THEN 'bank' WHEN 4 THEN 'securities-firm' WHEN 8 THEN 'fund'
        WHEN 16 THEN 'insurer' WHEN 32 THEN 'finance-company' WHEN 64 THEN 'corporate'
        WHEN 128 THEN 'natural-person' WHEN 256 THEN 'official' WHEN 512 THEN 'wallet-provider'
        ELSE 'verdicts ' || CAST(verdicts AS STRING)
    END AS class,
    verdicts,
    roles,
    concat_ws(', ',
        CASE WHEN roles & 1 <> 0 THEN 'holder' END,
        CASE WHEN roles & 2 <> 0 THEN 'issuer' END,
        CASE WHEN roles & 4 <> 0 THEN 'bookrunner' END,
        CASE WHEN roles & 8 <> 0 THEN 'underwriter' END,
        CASE WHEN roles & 16 <> 0 THEN 'paying-agent' END,
        CASE WHEN roles & 32 <> 0 THEN 'calculation-agent' END,
        CASE WHEN roles & 64 <> 0 THEN 'cash-issuer' END,
        CASE WHEN roles & 128 <> 0 THEN 'supervisor' END,
        CASE WHEN roles & 256 <> 0 THEN 'registrar' END,
        CASE WHEN roles & 512 <> 0 THEN 'custodian' END,
        CASE WHEN roles & 1024 <> 0 THEN 'dealer' END,
        CASE WHEN roles & 2048 <> 0 THEN 'trustee' END
    ) AS role_names,
    CASE
        WHEN standing & 8 <> 0 THEN 'removed'
        WHEN standing & 4 <> 0 THEN 'member suspended'
        WHEN standing & 2 <> 0 THEN 'suspended'
        WHEN standing = 1 THEN 'active'
        ELSE 'standing ' || CAST(standing AS STRING)
    END AS standing,
    -- The largest time that an account can have is beyond any calendar.
    CASE WHEN until < 253402300800 THEN instant(until) END AS valid_until,
    from_block, from_time, to_block, to_time
FROM (
    SELECT
        account, lei, verdicts, standing, until, from_block, from_time, to_block, to_time,
        CASE WHEN standing & 8 <> 0 THEN 0 ELSE roles END AS roles
    FROM (
        SELECT
            account,
            block AS from_block,
            time AS from_time,
            lead(block) OVER life AS to_block,
            lead(time) OVER life AS to_time,
            max(lei) OVER (PARTITION BY account, admitted) AS lei,
            max(roles) OVER (PARTITION BY account, given) AS roles,
            max(until) OVER (PARTITION BY account, given) AS until,
            max(standing) OVER (PARTITION BY account, stood) AS standing,
            max(verdicts) OVER (PARTITION BY account, stood) AS verdicts
        FROM (
            SELECT
                *,
                sum(admits) OVER life AS admitted,
                sum(gives) OVER life AS given,
                sum(stands) OVER life AS stood
            FROM (
                SELECT account, lei, block, log_index, time, roles, until, 1 AS standing, 1 << class AS verdicts,
                    1 AS admits, 1 AS gives, 1 AS stands
                FROM admissions
                UNION ALL
                SELECT account, NULL, block, log_index, time, roles, until, NULL, NULL, 0, 1, 0
                FROM member_registry_account_roles_set
                UNION ALL
                SELECT account, NULL, block, log_index, time, NULL, NULL, standing, verdicts, 0, 0, 1
                FROM member_registry_account_standing_set
            ) AS told
            WINDOW life AS (PARTITION BY account ORDER BY block, log_index)
        ) AS numbered
        WINDOW life AS (PARTITION BY account ORDER BY block, log_index)
    ) AS carried
) AS running
WHERE to_block IS NULL OR to_block <> from_block
