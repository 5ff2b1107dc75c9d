-- What was typed and not sent. conversation_id NULL: the draft of a new chat, which has no row yet.
CREATE TABLE drafts (
    conversation_id INTEGER REFERENCES conversations (id) ON DELETE CASCADE,
    text            TEXT NOT NULL,
    updated_at      INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX drafts_conversation ON drafts (ifnull(conversation_id, 0));
