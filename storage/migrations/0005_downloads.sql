-- What went over the network, and what is being downloaded.

-- One row for what was asked of one host for one reason in a row; `requests` says how many requests that were.
-- closed_at 0: still open, or the program ended. outcome '': fine; else what went wrong, in a word (ErrorCode).
CREATE TABLE network_ledger (
    id             INTEGER PRIMARY KEY AUTOINCREMENT,
    opened_at      INTEGER NOT NULL,
    closed_at      INTEGER NOT NULL DEFAULT 0,
    host           TEXT NOT NULL,
    port           INTEGER NOT NULL,
    proxy          TEXT NOT NULL DEFAULT '',
    purpose        TEXT NOT NULL,
    subject        TEXT NOT NULL DEFAULT '',
    requests       INTEGER NOT NULL DEFAULT 1,
    bytes_sent     INTEGER NOT NULL DEFAULT 0,
    bytes_received INTEGER NOT NULL DEFAULT 0,
    status         INTEGER NOT NULL DEFAULT 0,
    outcome        TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE INDEX network_ledger_opened ON network_ledger (opened_at);

-- One item: a model of one file or of many shards. state and reason are words, as the download room names them.
CREATE TABLE downloads (
    id           INTEGER PRIMARY KEY AUTOINCREMENT,
    title        TEXT NOT NULL,
    note         TEXT NOT NULL DEFAULT '',
    folder       TEXT NOT NULL,
    priority     INTEGER NOT NULL DEFAULT 0,
    state        TEXT NOT NULL,
    reason       TEXT NOT NULL DEFAULT '',
    detail       TEXT NOT NULL DEFAULT '',
    added_at     INTEGER NOT NULL,
    completed_at INTEGER NOT NULL DEFAULT 0
) STRICT;

-- bytes -1: not known yet. published_blocks: 32 bytes of SHA-256 for each block, or empty.
CREATE TABLE download_files (
    id               INTEGER PRIMARY KEY AUTOINCREMENT,
    download_id      INTEGER NOT NULL REFERENCES downloads (id) ON DELETE CASCADE,
    ordinal          INTEGER NOT NULL,
    name             TEXT NOT NULL,
    bytes            INTEGER NOT NULL DEFAULT -1,
    sha256           TEXT NOT NULL DEFAULT '',
    block_bytes      INTEGER NOT NULL DEFAULT 0,
    published_blocks BLOB NOT NULL DEFAULT x'',
    repair           INTEGER NOT NULL DEFAULT 0,
    complete         INTEGER NOT NULL DEFAULT 0,
    UNIQUE (download_id, ordinal)
) STRICT;

-- Where a file comes from, best first, and what that server said about it when the download began.
CREATE TABLE download_sources (
    file_id INTEGER NOT NULL REFERENCES download_files (id) ON DELETE CASCADE,
    ordinal INTEGER NOT NULL,
    url     TEXT NOT NULL,
    etag    TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (file_id, ordinal)
) STRICT, WITHOUT ROWID;

-- Blocks that are on the disk, each with the SHA-256 of what was received. A row is written after its bytes.
CREATE TABLE download_blocks (
    file_id INTEGER NOT NULL REFERENCES download_files (id) ON DELETE CASCADE,
    block   INTEGER NOT NULL,
    sha256  BLOB NOT NULL,
    PRIMARY KEY (file_id, block)
) STRICT, WITHOUT ROWID;
