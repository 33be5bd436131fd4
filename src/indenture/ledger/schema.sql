-- What a ledger file holds beside its event tables (tables.py).  Hex is lower case and begins with 0x.

CREATE TABLE meta (
    key VARCHAR NOT NULL,           -- schema, chain_id, genesis, deployment, first_block
    value VARCHAR NOT NULL
);

-- The suite, and bonds from the block that registers them.
CREATE TABLE contract (
    address VARCHAR NOT NULL,
    kind VARCHAR NOT NULL,
    name VARCHAR NOT NULL,
    first_block BIGINT NOT NULL     -- nothing of it was said before
);

-- Ranges of blocks that were read, closed and contiguous, in order.
CREATE TABLE span (
    first_block BIGINT NOT NULL,
    last_block BIGINT NOT NULL,
    last_hash VARCHAR NOT NULL
);

-- Blocks with logs, and the last block of every span.
CREATE TABLE block (
    number BIGINT NOT NULL,
    hash VARCHAR NOT NULL,
    time BIGINT NOT NULL            -- seconds since 1970-01-01 UTC
);

-- Logs as the node served them.
CREATE TABLE log (
    block BIGINT NOT NULL,
    log_index INTEGER NOT NULL,
    tx_index INTEGER NOT NULL,
    tx_hash VARCHAR NOT NULL,
    contract VARCHAR NOT NULL,
    topics VARCHAR[],
    data VARCHAR
);

-- Logs that are in no event table, or lie where no log may lie.
CREATE TABLE anomaly (
    block BIGINT NOT NULL,
    log_index INTEGER,
    tx_hash VARCHAR,
    contract VARCHAR,
    kind VARCHAR NOT NULL,          -- LOG-1 unknown, LOG-2 does not fit, LOG-3 out of place
    key VARCHAR,
    expected VARCHAR,
    found VARCHAR,
    message VARCHAR
);

-- Blocks that were proved, without a gap from the first one on (indenture.audit.prove).
CREATE TABLE proof (
    block BIGINT NOT NULL,
    hash VARCHAR NOT NULL,
    receipts INTEGER,               -- NULL where the header's bloom filter spared them
    transactions INTEGER NOT NULL
);
