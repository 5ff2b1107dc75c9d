-- Documents: what is asked about. A document is a file at a path in a collection; what it says is kept once for each
-- content, however many paths it lies at. A content is whole or not there: it comes in one transaction.
CREATE TABLE collections (
    id              INTEGER PRIMARY KEY AUTOINCREMENT,
    name            TEXT NOT NULL UNIQUE,
    conversation_id INTEGER NOT NULL DEFAULT 0, -- attached to this chat alone; 0: kept
    created_at      INTEGER NOT NULL
) STRICT;

-- Folders that a collection follows.
CREATE TABLE collection_folders (
    id            INTEGER PRIMARY KEY AUTOINCREMENT,
    collection_id INTEGER NOT NULL REFERENCES collections (id) ON DELETE CASCADE,
    path          TEXT NOT NULL,
    filesystem    TEXT NOT NULL DEFAULT '', -- which one lay there when it was last looked through
    away          INTEGER NOT NULL DEFAULT 0,
    scanned_at    INTEGER NOT NULL DEFAULT 0,
    UNIQUE (collection_id, path)
) STRICT;

CREATE TABLE contents (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    sha256     BLOB NOT NULL,
    kind       TEXT NOT NULL, -- the name's ending, in lower case: the same bytes may be read in two ways
    version    INTEGER NOT NULL, -- of reading and cutting
    mime       TEXT NOT NULL,
    title      TEXT NOT NULL,
    author     TEXT NOT NULL,
    language   TEXT NOT NULL,
    text_bytes INTEGER NOT NULL,
    pages      INTEGER NOT NULL,
    chunks     INTEGER NOT NULL,
    notices    TEXT NOT NULL, -- JSON, as the importer writes it
    created_at INTEGER NOT NULL,
    UNIQUE (sha256, kind)
) STRICT;

-- The text in pieces of some 32 KiB, each compressed (zstd).
CREATE TABLE content_texts (
    content_id INTEGER NOT NULL REFERENCES contents (id) ON DELETE CASCADE,
    first      INTEGER NOT NULL, -- byte of the text
    bytes      INTEGER NOT NULL,
    data       BLOB NOT NULL,
    PRIMARY KEY (content_id, first)
) STRICT, WITHOUT ROWID;

CREATE TABLE content_pages (
    content_id INTEGER NOT NULL REFERENCES contents (id) ON DELETE CASCADE,
    number     INTEGER NOT NULL, -- from 0
    first      INTEGER NOT NULL,
    last       INTEGER NOT NULL,
    width      REAL NOT NULL, -- points; 0: no pages
    height     REAL NOT NULL,
    label      TEXT NOT NULL,
    flags      INTEGER NOT NULL, -- 1 has a text layer, 2 recognised
    boxes      BLOB NOT NULL, -- where its lines stand (zstd)
    PRIMARY KEY (content_id, number)
) STRICT, WITHOUT ROWID;

CREATE TABLE chunks (
    id           INTEGER PRIMARY KEY AUTOINCREMENT,
    content_id   INTEGER NOT NULL REFERENCES contents (id) ON DELETE CASCADE,
    ordinal      INTEGER NOT NULL,
    first        INTEGER NOT NULL,
    last         INTEGER NOT NULL,
    header_first INTEGER NOT NULL, -- a table's header, repeated for the index
    header_last  INTEGER NOT NULL,
    page         INTEGER NOT NULL,
    last_page    INTEGER NOT NULL,
    headings     TEXT NOT NULL,
    kind         INTEGER NOT NULL,
    tokens       INTEGER NOT NULL,
    UNIQUE (content_id, ordinal)
) STRICT;

-- Contentless; rowids are those of chunks. storage/passage_index.h.
CREATE VIRTUAL TABLE chunk_index USING fts5 (
    headings, text, content = '', tokenize = 'porter pellucid_text');

-- A model that made vectors, known by the digest of its file and of how it is asked.
CREATE TABLE embedding_models (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    digest     TEXT NOT NULL UNIQUE,
    name       TEXT NOT NULL,
    dimensions INTEGER NOT NULL
) STRICT;

-- One vector a chunk, by the model in use when it was made: `scale` times each of the bytes, which are signed.
CREATE TABLE chunk_vectors (
    chunk_id INTEGER PRIMARY KEY REFERENCES chunks (id) ON DELETE CASCADE,
    model_id INTEGER NOT NULL REFERENCES embedding_models (id) ON DELETE CASCADE,
    scale    REAL NOT NULL,
    vector   BLOB NOT NULL
) STRICT;

CREATE TABLE documents (
    id            INTEGER PRIMARY KEY AUTOINCREMENT,
    collection_id INTEGER NOT NULL REFERENCES collections (id) ON DELETE CASCADE,
    folder_id     INTEGER REFERENCES collection_folders (id) ON DELETE CASCADE, -- NULL: added by itself
    path          TEXT NOT NULL,
    content_id    INTEGER REFERENCES contents (id), -- while it waits again: what it said before
    state         INTEGER NOT NULL DEFAULT 0, -- 0 waiting, 1 indexed, 2 failed
    bytes         INTEGER NOT NULL DEFAULT 0,
    modified_ns   INTEGER NOT NULL DEFAULT 0,
    inode         INTEGER NOT NULL DEFAULT 0,
    mounted       INTEGER NOT NULL DEFAULT 0, -- lay on another file system than its folder
    away          INTEGER NOT NULL DEFAULT 0, -- could not be seen at the last look, and is not known to be gone
    attempts      INTEGER NOT NULL DEFAULT 0, -- readings begun and not ended
    error         TEXT NOT NULL DEFAULT '', -- why it failed
    hint          TEXT NOT NULL DEFAULT '',
    added_at      INTEGER NOT NULL,
    indexed_at    INTEGER NOT NULL DEFAULT 0,
    UNIQUE (collection_id, path)
) STRICT;
CREATE INDEX documents_waiting ON documents (attempts, id) WHERE state = 0;
CREATE INDEX documents_content ON documents (content_id) WHERE content_id IS NOT NULL;
CREATE INDEX documents_folder ON documents (folder_id) WHERE folder_id IS NOT NULL;
CREATE INDEX documents_path ON documents (path);
