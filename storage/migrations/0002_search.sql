-- Full-text search. Contentless: the words point at rows of messages and conversations, the text itself is kept once,
-- in parts. Rowids are message ids and conversation ids. The tokenizer is storage/search_tokenizer.h; its version is
-- kept in meta, and an index of another version (or none, as here) is built anew when the database is opened.
CREATE VIRTUAL TABLE message_index USING fts5 (question, thought, answer, content = '', tokenize = 'pellucid');
CREATE VIRTUAL TABLE title_index USING fts5 (title, content = '', tokenize = 'pellucid');
