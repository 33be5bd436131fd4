-- What a batch sent, kept and withheld, log by log. The Servicing names taxes first, then the batch, then it
-- pays: so a tax belongs to the next batch, and what is sent or kept to the one before, and never to that of
-- another block.
SELECT
    p.block,
    p.log_index AS place,
    h.log_index AS batch,
    h.time,
    h.bond,
    h.kind,
    h.number,
    p.account,
    p.sent,
    p.kept,
    p.tax,
    p.taxable,
    sum(p.tax) OVER (PARTITION BY h.block, h.log_index) AS withheld,
    max(p.log_index) OVER (PARTITION BY h.block, h.log_index) AS last_place
FROM (
    SELECT
        *,
        CASE
            WHEN is_tax THEN min(batch) OVER (
                PARTITION BY block ORDER BY log_index ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING
            )
            ELSE max(batch) OVER (
                PARTITION BY block ORDER BY log_index ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
            )
        END AS of_batch
    FROM (
        SELECT block, log_index, log_index AS batch, NULL AS account, false AS is_tax, 0 AS sent, 0 AS kept, 0 AS tax,
            0 AS taxable
        FROM payout_batches
        UNION ALL
        SELECT t.block, t.log_index, NULL, t.to_, false, amount(t.value, t.value_hex), 0, 0, 0
        FROM cash_token_transfer AS t
        JOIN contract AS c ON c.address = t.from_ AND c.kind = 'Servicing'
        UNION ALL
        SELECT block, log_index, NULL, holder, false, 0, amount(amount, amount_hex), 0, 0
        FROM servicing_amount_kept
        UNION ALL
        SELECT block, log_index, NULL, holder, true, 0, 0, amount(tax, tax_hex), amount(gross, gross_hex)
        FROM servicing_tax_withheld
    ) AS told
) AS p
JOIN payout_batches AS h ON h.block = p.block AND h.log_index = p.of_batch
WHERE p.account IS NOT NULL
