-- Every use of a power that the law gives over what belongs to others, with the document that it named, if it
-- did.
--
-- Whoever covers a claim in full closes a default; that it is closed short of it, the power alone can say.
SELECT u.block, u.log_index, u.time, u.power, u.act, u.bond, b.isin, u.account, u.units, u.actor, u.document
FROM (
    SELECT
        block, log_index, time,
        CASE power
            WHEN '0xebe45cba' THEN 'setFrozenTokens' WHEN '0x9fc1d0e7' THEN 'forcedTransfer' ELSE power
        END AS power,
        CASE power
            WHEN '0xebe45cba' THEN 'set what is frozen' WHEN '0x9fc1d0e7' THEN 'moved units' ELSE 'unknown'
        END AS act,
        contract AS bond,
        account,
        least(coalesce(units, 18446744073709551615), 18446744073709551615) AS units,
        actor,
        NULL AS document
    FROM bond_statutory_power_used
    UNION ALL
    SELECT block, log_index, time, 'setPaused', CASE WHEN paused THEN 'paused' ELSE 'resumed' END, contract, NULL, NULL,
        actor, NULL
    FROM bond_pause_set
    UNION ALL
    SELECT block, log_index, time, 'annulElection', 'annulled an election', bond, holder, units, actor, document
    FROM servicing_election_annulled
    UNION ALL
    SELECT d.block, d.log_index, d.time, 'fundRecovery', 'closed a default', d.bond, NULL, r.units, d.actor, r.document
    FROM servicing_default_closed AS d
    JOIN servicing_recovery_funded AS r ON r.bond = d.bond AND r.record = d.record
    WHERE amount(d.principal, d.principal_hex) + amount(d.interest, d.interest_hex) > 0
    UNION ALL
    SELECT o.block, o.log_index, o.time, 'declareEvent', 'declared ' || o.code, o.bond, NULL, NULL, o.actor,
        o.action.document
    FROM servicing_action_opened AS o
    JOIN bonds AS t ON t.bond = o.bond AND t.issuer_account <> o.actor
    WHERE o.code <> ''
) AS u
LEFT JOIN bonds AS b ON b.bond = u.bond
