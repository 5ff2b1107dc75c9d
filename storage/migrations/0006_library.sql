-- Keeping models: where each came from, what its files hold, presets and adapters, the models folder on the move.
ALTER TABLE models ADD COLUMN title TEXT NOT NULL DEFAULT '';
ALTER TABLE models ADD COLUMN source TEXT NOT NULL DEFAULT '';
ALTER TABLE models ADD COLUMN repository TEXT NOT NULL DEFAULT '';
ALTER TABLE models ADD COLUMN revision TEXT NOT NULL DEFAULT '';
ALTER TABLE models ADD COLUMN licence TEXT NOT NULL DEFAULT '';
ALTER TABLE models ADD COLUMN licence_accepted_at INTEGER NOT NULL DEFAULT 0;
ALTER TABLE models ADD COLUMN tokens_generated INTEGER NOT NULL DEFAULT 0;
ALTER TABLE models ADD COLUMN keep_alive_seconds INTEGER NOT NULL DEFAULT -2; -- -2: as the app, -1: for ever
ALTER TABLE models ADD COLUMN facts_json TEXT NOT NULL DEFAULT '';  -- the header's, as the app writes it
ALTER TABLE models ADD COLUMN facts_stamp TEXT NOT NULL DEFAULT ''; -- of the file that they were read from

CREATE TABLE model_files (
    id               INTEGER PRIMARY KEY AUTOINCREMENT,
    model_id         INTEGER NOT NULL REFERENCES models (id) ON DELETE CASCADE,
    ordinal          INTEGER NOT NULL, -- 0: the file that is opened
    path             TEXT NOT NULL,
    bytes            INTEGER NOT NULL,
    modified_ns      INTEGER NOT NULL DEFAULT 0,
    sha256           TEXT NOT NULL DEFAULT '',
    sha256_published INTEGER NOT NULL DEFAULT 0, -- 0: as it was when it was first read here
    block_bytes      INTEGER NOT NULL DEFAULT 0,
    url              TEXT NOT NULL DEFAULT '',
    etag             TEXT NOT NULL DEFAULT '',
    state            INTEGER NOT NULL DEFAULT 0, -- 0 unchecked, 1 whole, 2 damaged, 3 missing
    checked_at       INTEGER NOT NULL DEFAULT 0,
    UNIQUE (model_id, path)
) STRICT;
CREATE INDEX model_files_path ON model_files (path);
CREATE INDEX model_files_sha256 ON model_files (sha256) WHERE sha256 <> '';

-- Digests of a file's blocks, apart because they are long and seldom read: 32 bytes each.
CREATE TABLE model_file_blocks (
    file_id INTEGER PRIMARY KEY REFERENCES model_files (id) ON DELETE CASCADE,
    blocks  BLOB NOT NULL
) STRICT;

CREATE TABLE model_presets (
    id            INTEGER PRIMARY KEY AUTOINCREMENT,
    model_id      INTEGER NOT NULL REFERENCES models (id) ON DELETE CASCADE,
    name          TEXT NOT NULL,
    settings_json TEXT NOT NULL,
    UNIQUE (model_id, name)
) STRICT;

CREATE TABLE model_adapters (
    model_id INTEGER NOT NULL REFERENCES models (id) ON DELETE CASCADE,
    ordinal  INTEGER NOT NULL,
    path     TEXT NOT NULL,
    strength REAL NOT NULL DEFAULT 1,
    enabled  INTEGER NOT NULL DEFAULT 1,
    PRIMARY KEY (model_id, path)
) STRICT, WITHOUT ROWID;

-- The models folder on its way to another place; at most one row.
CREATE TABLE library_moves (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    from_folder TEXT NOT NULL,
    to_folder   TEXT NOT NULL,
    phase       INTEGER NOT NULL, -- 0 copying, 1 switched
    started_at  INTEGER NOT NULL
) STRICT;
CREATE TABLE library_move_files (
    move_id INTEGER NOT NULL REFERENCES library_moves (id) ON DELETE CASCADE,
    ordinal INTEGER NOT NULL,
    name    TEXT NOT NULL, -- relative to both folders
    bytes   INTEGER NOT NULL,
    copied  INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (move_id, ordinal)
) STRICT, WITHOUT ROWID;
