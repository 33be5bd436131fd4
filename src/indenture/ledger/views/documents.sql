-- Documents of bonds, in force from one block until the next.
SELECT
    d.bond, b.isin, ascii_of(d.document) AS name, d.uri, d.document_hash, d.from_block, d.from_time, d.to_block,
    d.to_time
FROM (
    SELECT
        bond, document, uri, document_hash, is_there,
        block AS from_block,
        time AS from_time,
        lead(block) OVER life AS to_block,
        lead(time) OVER life AS to_time
    FROM (
        SELECT contract AS bond, name AS document, uri, document_hash, true AS is_there, block, log_index, time
        FROM bond_document_updated
        UNION ALL
        SELECT contract, name, uri, document_hash, false, block, log_index, time FROM bond_document_removed
    ) AS told
    WINDOW life AS (PARTITION BY bond, document ORDER BY block, log_index)
) AS d
LEFT JOIN bonds AS b ON b.bond = d.bond
WHERE d.is_there AND (d.to_block IS NULL OR d.to_block <> d.from_block)
