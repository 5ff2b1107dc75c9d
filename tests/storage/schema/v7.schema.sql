CREATE TABLE meta (
    key   TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE folders (
    id       INTEGER PRIMARY KEY AUTOINCREMENT,
    name     TEXT NOT NULL,
    position INTEGER NOT NULL
) STRICT;
CREATE TABLE models (
    id              INTEGER PRIMARY KEY AUTOINCREMENT,
    path            TEXT NOT NULL UNIQUE,
    digest          TEXT NOT NULL DEFAULT '',
    name            TEXT NOT NULL DEFAULT '',
    architecture    TEXT NOT NULL DEFAULT '',
    quantization    TEXT NOT NULL DEFAULT '',
    file_bytes      INTEGER NOT NULL DEFAULT 0,
    parameters      INTEGER NOT NULL DEFAULT 0,
    trained_context INTEGER NOT NULL DEFAULT 0,
    favourite       INTEGER NOT NULL DEFAULT 0,
    settings_json   TEXT NOT NULL DEFAULT '',
    added_at        INTEGER NOT NULL,
    last_used_at    INTEGER NOT NULL DEFAULT 0
, title TEXT NOT NULL DEFAULT '', source TEXT NOT NULL DEFAULT '', repository TEXT NOT NULL DEFAULT '', revision TEXT NOT NULL DEFAULT '', licence TEXT NOT NULL DEFAULT '', licence_accepted_at INTEGER NOT NULL DEFAULT 0, tokens_generated INTEGER NOT NULL DEFAULT 0, keep_alive_seconds INTEGER NOT NULL DEFAULT -2, facts_json TEXT NOT NULL DEFAULT '', facts_stamp TEXT NOT NULL DEFAULT '') STRICT;
CREATE INDEX models_digest ON models (digest);
CREATE TABLE conversations (
    id             INTEGER PRIMARY KEY AUTOINCREMENT,
    title          TEXT NOT NULL DEFAULT '',
    title_is_given INTEGER NOT NULL DEFAULT 0,
    folder_id      INTEGER REFERENCES folders (id) ON DELETE SET NULL,
    pinned         INTEGER NOT NULL DEFAULT 0,
    system_prompt  TEXT NOT NULL DEFAULT '',
    model_id       INTEGER REFERENCES models (id) ON DELETE SET NULL,
    active_child   INTEGER NOT NULL DEFAULT 0, -- the first message that is shown
    created_at     INTEGER NOT NULL,
    updated_at     INTEGER NOT NULL,
    deleted_at     INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX conversations_list ON conversations (deleted_at, pinned DESC, updated_at DESC);
CREATE INDEX conversations_folder ON conversations (folder_id);
CREATE INDEX conversations_model ON conversations (model_id);
CREATE TABLE messages (
    id              INTEGER PRIMARY KEY AUTOINCREMENT,
    conversation_id INTEGER NOT NULL REFERENCES conversations (id) ON DELETE CASCADE,
    parent_id       INTEGER REFERENCES messages (id) ON DELETE CASCADE, -- NULL: a first message
    position        INTEGER NOT NULL,           -- among its siblings
    active_child    INTEGER NOT NULL DEFAULT 0, -- the child that is shown
    role            INTEGER NOT NULL,
    state           INTEGER NOT NULL,
    answered_early  INTEGER NOT NULL DEFAULT 0,
    error           TEXT NOT NULL DEFAULT '',
    stream_id       INTEGER NOT NULL DEFAULT 0, -- of the token journal's stream that writes or last wrote it
    created_at      INTEGER NOT NULL,
    updated_at      INTEGER NOT NULL,
    deleted_at      INTEGER NOT NULL DEFAULT 0  -- set on a removed message and on all below it
) STRICT;
CREATE INDEX messages_tree ON messages (conversation_id, parent_id, position);
CREATE INDEX messages_parent ON messages (parent_id);
CREATE INDEX messages_streaming ON messages (id) WHERE state = 1;
CREATE INDEX messages_deleted ON messages (deleted_at) WHERE deleted_at <> 0;
CREATE TABLE parts (
    id          INTEGER PRIMARY KEY,
    message_id  INTEGER NOT NULL REFERENCES messages (id) ON DELETE CASCADE,
    ordinal     INTEGER NOT NULL,
    kind        INTEGER NOT NULL,
    text        TEXT NOT NULL,
    name        TEXT NOT NULL DEFAULT '',
    data        TEXT NOT NULL DEFAULT '',
    reference   TEXT NOT NULL DEFAULT '',
    seconds     REAL NOT NULL DEFAULT 0,
    token_count INTEGER NOT NULL DEFAULT 0,
    byte_count  INTEGER NOT NULL DEFAULT 0,
    UNIQUE (message_id, ordinal)
) STRICT;
CREATE TABLE timings (
    message_id          INTEGER PRIMARY KEY REFERENCES messages (id) ON DELETE CASCADE,
    prompt_tokens       INTEGER NOT NULL,
    cached_tokens       INTEGER NOT NULL,
    thought_tokens      INTEGER NOT NULL,
    answer_tokens       INTEGER NOT NULL,
    prompt_seconds      REAL NOT NULL,
    generate_seconds    REAL NOT NULL,
    first_token_seconds REAL NOT NULL,
    thought_seconds     REAL NOT NULL
, drafted_tokens INTEGER NOT NULL DEFAULT 0, accepted_tokens INTEGER NOT NULL DEFAULT 0) STRICT;
CREATE TABLE receipts (
    id              INTEGER PRIMARY KEY,
    model_name      TEXT NOT NULL,
    model_digest    TEXT NOT NULL,
    quantization    TEXT NOT NULL,
    template_digest TEXT NOT NULL,
    sampling_json   TEXT NOT NULL,
    build           TEXT NOT NULL,
    device          TEXT NOT NULL,
    UNIQUE (model_name, model_digest, quantization, template_digest, sampling_json, build, device)
) STRICT;
CREATE TABLE reply_receipts (
    message_id INTEGER PRIMARY KEY REFERENCES messages (id) ON DELETE CASCADE,
    receipt_id INTEGER NOT NULL REFERENCES receipts (id),
    seed       INTEGER NOT NULL -- the 64 bits of an unsigned number
) STRICT;
CREATE INDEX reply_receipts_receipt ON reply_receipts (receipt_id);
CREATE TABLE sampler_points (
    message_id INTEGER PRIMARY KEY REFERENCES messages (id) ON DELETE CASCADE,
    position   INTEGER NOT NULL,
    token_ids  BLOB NOT NULL
) STRICT;
CREATE TABLE settings (
    model_id INTEGER NOT NULL,
    key      TEXT NOT NULL,
    type     INTEGER NOT NULL, -- 0 boolean, 1 integer, 2 number, 3 text
    value    TEXT NOT NULL,
    PRIMARY KEY (model_id, key)
) STRICT, WITHOUT ROWID;
CREATE VIRTUAL TABLE message_index USING fts5 (question, thought, answer, content = '', tokenize = 'pellucid');
CREATE VIRTUAL TABLE title_index USING fts5 (title, content = '', tokenize = 'pellucid');
CREATE TABLE drafts (
    conversation_id INTEGER REFERENCES conversations (id) ON DELETE CASCADE,
    text            TEXT NOT NULL,
    updated_at      INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX drafts_conversation ON drafts (ifnull(conversation_id, 0));
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
CREATE TABLE download_sources (
    file_id INTEGER NOT NULL REFERENCES download_files (id) ON DELETE CASCADE,
    ordinal INTEGER NOT NULL,
    url     TEXT NOT NULL,
    etag    TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (file_id, ordinal)
) STRICT, WITHOUT ROWID;
CREATE TABLE download_blocks (
    file_id INTEGER NOT NULL REFERENCES download_files (id) ON DELETE CASCADE,
    block   INTEGER NOT NULL,
    sha256  BLOB NOT NULL,
    PRIMARY KEY (file_id, block)
) STRICT, WITHOUT ROWID;
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
CREATE TABLE collections (
    id              INTEGER PRIMARY KEY AUTOINCREMENT,
    name            TEXT NOT NULL UNIQUE,
    conversation_id INTEGER NOT NULL DEFAULT 0, -- attached to this chat alone; 0: kept
    created_at      INTEGER NOT NULL
) STRICT;
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
CREATE VIRTUAL TABLE chunk_index USING fts5 (
    headings, text, content = '', tokenize = 'porter pellucid_text');
CREATE TABLE embedding_models (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    digest     TEXT NOT NULL UNIQUE,
    name       TEXT NOT NULL,
    dimensions INTEGER NOT NULL
) STRICT;
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
