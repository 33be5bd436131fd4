-- What does the escrow of payments keep, for whom, and how much of it are residues of rounding?
--
-- $block block: last block that counts
--
-- One row a bond and account for which something is kept, or was left over: what is due on frozen units, what
-- could not be sent, and the residue of each payment, which is its payer's. All residues so far are shown,
-- collected or not.
SELECT
    b.isin,
    coalesce(k.account, r.account) AS account,
    coalesce(k.kept, 0) AS kept,
    coalesce(r.residues, 0) AS residues,
    b.currency
FROM (
    SELECT bond, account, kept
    FROM kept_amounts
    WHERE from_block <= $block AND (to_block IS NULL OR to_block > $block)
) AS k
FULL JOIN (
    SELECT bond, account, sum(residue) AS residues
    FROM (
        SELECT bond, payer AS account, amount(residue, residue_hex) AS residue
        FROM servicing_payment_completed
        WHERE block <= $block
        UNION ALL
        SELECT bond, payer, amount(residue, residue_hex)
        FROM servicing_action_completed
        WHERE block <= $block
    ) AS residue_of
    GROUP BY bond, account
) AS r ON r.bond = k.bond AND r.account = k.account
JOIN bonds AS b ON b.bond = coalesce(k.bond, r.bond)
WHERE coalesce(k.kept, 0) <> 0 OR coalesce(r.residues, 0) <> 0
ORDER BY b.isin, account
