-- Pages of logs on their way into the ledger.  Each statement has its name above it (staging.py).

-- ask
CREATE OR REPLACE TEMP TABLE asked AS
SELECT unnest($numbers) AS number, unnest($addresses) AS address, unnest($kinds) AS kind, unnest($sinces) AS since;

-- stage
CREATE OR REPLACE TEMP TABLE page AS SELECT
    try_cast(blockNumber AS BIGINT) AS block,
    try_cast(logIndex AS INTEGER) AS log_index,
    try_cast(transactionIndex AS INTEGER) AS tx_index,
    transactionHash AS tx_hash,
    lower(served.address) AS contract,
    topics,
    data,
    blockHash AS block_hash,
    try_cast(blockTimestamp AS BIGINT) AS time,
    coalesce(removed = 'true', false) AS removed,
    kind,
    since
FROM read_json($paths, format = 'array', columns = {
    address: 'VARCHAR', topics: 'VARCHAR[]', data: 'VARCHAR', blockNumber: 'VARCHAR', blockHash: 'VARCHAR',
    blockTimestamp: 'VARCHAR', transactionHash: 'VARCHAR', transactionIndex: 'VARCHAR', logIndex: 'VARCHAR',
    removed: 'VARCHAR'
}) AS served
LEFT JOIN asked ON asked.address = lower(served.address) AND number >= $low AND number < $high;

-- survey
-- One scan: where each pair that belongs together is as frequent as each of its parts, nothing is out of place.
SELECT
    count(*) AS logs,
    count(*) FILTER (
        WHERE block IS NULL OR log_index IS NULL OR tx_index IS NULL OR coalesce(strlen(tx_hash), 0) <> 66
        OR coalesce(strlen(block_hash), 0) <> 66 OR coalesce(strlen(contract), 0) <> 42
        -- Rows are handed out as one text, split at spaces: no topic may hold one.
        OR coalesce(strlen(array_to_string(topics, '')), 0) <> 66 * coalesce(len(topics), 0)
    ) AS malformed,
    count(*) FILTER (
        WHERE kind IS NULL OR removed OR block < since OR block NOT BETWEEN $first AND $last
    ) AS wrong,
    count(*) FILTER (WHERE block < block_ OR block = block_ AND log_index <= log_index_) AS disorder,
    count(DISTINCT hash(block, tx_index, tx_hash)) AS places,
    count(*) FILTER (WHERE block IS DISTINCT FROM block_ OR tx_index <> tx_index_) AS tx_indices,
    count(DISTINCT hash(tx_hash)) AS tx_hashes,
    count(DISTINCT hash(block, block_hash, time)) AS stamps,
    count(*) FILTER (WHERE block IS DISTINCT FROM block_) AS blocks,
    count(*) FILTER (WHERE time IS NULL) AS timeless
FROM (
    SELECT
        *,
        lag(block) OVER () AS block_,
        lag(log_index) OVER () AS log_index_,
        lag(tx_index) OVER () AS tx_index_
    FROM page
);

-- lower
CREATE OR REPLACE TEMP TABLE page AS SELECT * REPLACE (
    [lower(topic) FOR topic IN topics] AS topics,
    lower(data) AS data,
    lower(tx_hash) AS tx_hash,
    lower(block_hash) AS block_hash
) FROM page;

-- tell wrong
INSERT INTO anomaly SELECT
    greatest($first, least(block, $last)), NULL, tx_hash, contract, 'LOG-3',
    CASE WHEN kind IS NULL THEN 'contract' WHEN removed THEN 'removed' ELSE 'block' END,
    CASE
        WHEN kind IS NULL THEN 'one that was asked for'
        WHEN removed THEN 'false'
        ELSE concat(greatest($first, since), ' to ', $last)
    END,
    CASE WHEN kind IS NULL THEN contract WHEN removed THEN 'true' ELSE CAST(block AS VARCHAR) END,
    'the node gave a log that was not asked for'
FROM page WHERE kind IS NULL OR removed OR block < since OR block NOT BETWEEN $first AND $last;

-- drop wrong
DELETE FROM page WHERE kind IS NULL OR removed OR block < since OR block NOT BETWEEN $first AND $last;

-- order
CREATE OR REPLACE TEMP TABLE page AS FROM page ORDER BY ALL;

-- find doubles
CREATE OR REPLACE TEMP TABLE double AS SELECT row FROM (
    SELECT rowid AS row, row_number() OVER (PARTITION BY block, log_index ORDER BY rowid) AS nth FROM page
) WHERE nth > 1;

-- tell doubles
INSERT INTO anomaly SELECT
    block, NULL, tx_hash, contract, 'LOG-3', 'log index', 'one log', concat('two at ', log_index),
    'two logs have the same place'
FROM page WHERE rowid IN (SELECT row FROM double);

-- drop doubles
DELETE FROM page WHERE rowid IN (SELECT row FROM double);

-- find moved
CREATE OR REPLACE TEMP TABLE moved AS SELECT row, place FROM (
    SELECT
        rowid AS row,
        tx_hash,
        concat(block, ', ', tx_index) AS own,
        first_value(own) OVER (PARTITION BY tx_hash ORDER BY rowid) AS place,
        first_value(tx_hash) OVER (PARTITION BY block, tx_index ORDER BY rowid) AS resident
    FROM page
) WHERE own <> place OR tx_hash <> resident;

-- tell moved
INSERT INTO anomaly SELECT
    block, log_index, tx_hash, contract, 'LOG-3', 'transaction index', place, concat(block, ', ', tx_index),
    'one transaction lies at two places'
FROM page JOIN moved ON page.rowid = row;

-- mark moved
UPDATE page SET kind = NULL WHERE rowid IN (SELECT row FROM moved);

-- blocks
CREATE OR REPLACE TEMP TABLE seen AS
SELECT block AS number, any_value(block_hash) AS hash, any_value(time) AS time FROM page GROUP BY block;

-- newest
SELECT max(number) FROM seen JOIN (SELECT unnest($firsts) AS first, unnest($lasts) AS last)
ON number BETWEEN first AND last GROUP BY last;

-- unsure
SELECT DISTINCT block FROM page WHERE $all OR block IN (
    SELECT block FROM page GROUP BY block
    HAVING count(*) > count(time) OR min(block_hash) <> max(block_hash) OR min(time) <> max(time)
);

-- known
SELECT number, hash, time FROM block WHERE number BETWEEN $first AND $last;

-- headers
CREATE OR REPLACE TEMP TABLE header AS
SELECT unnest($numbers) AS number, unnest($hashes) AS hash, unnest($times) AS time;

-- contradicted block
SELECT number, seen.hash, header.hash FROM seen JOIN header USING (number)
WHERE seen.hash <> header.hash OR seen.time <> header.time ORDER BY ALL LIMIT 1;

-- contradicted log
SELECT block, block_hash, hash FROM page JOIN header ON number = block WHERE block_hash <> hash ORDER BY ALL LIMIT 1;

-- tell contradictions
INSERT INTO anomaly SELECT
    block, log_index, tx_hash, contract, 'LOG-3', 'block hash', hash, block_hash,
    'a log lies in a block that is not on the chain'
FROM page JOIN header ON number = block WHERE block_hash <> hash
UNION ALL SELECT
    block, NULL, tx_hash, contract, 'LOG-3', 'block time', CAST(header.time AS VARCHAR), CAST(page.time AS VARCHAR),
    'a log gives another time than the header of its block'
FROM page JOIN header ON number = block WHERE page.time <> header.time;

-- take headers
UPDATE page SET
    kind = CASE WHEN block_hash = header.hash THEN kind END,
    block_hash = header.hash,
    time = header.time
FROM header WHERE number = block AND (block_hash <> header.hash OR page.time IS DISTINCT FROM header.time);

-- keep blocks
INSERT INTO block SELECT number, hash, time FROM seen
WHERE number NOT IN (SELECT number FROM block WHERE number BETWEEN $first AND $last) ORDER BY number;

-- keep logs
INSERT INTO log SELECT block, log_index, tx_index, tx_hash, contract, topics, data FROM page;

-- registrations
-- From the logs as they are, so that bonds are found whether or not these are decoded.
SELECT '0x' || substring(topics[3], 27) AS bond, min(topics[2]) AS isin, min(block) AS since FROM page
WHERE kind = 'BondFactory' AND topics[1] = $topic AND len(topics) = 4
    AND regexp_full_match(topics[2], '0x[0-9a-f]{64}') AND regexp_full_match(topics[3], '0x0{24}[0-9a-f]{40}')
GROUP BY bond ORDER BY since, bond;
