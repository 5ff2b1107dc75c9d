-- Speculation: how many tokens of a reply were guessed ahead, and how many of those were right.
ALTER TABLE timings ADD COLUMN drafted_tokens INTEGER NOT NULL DEFAULT 0;
ALTER TABLE timings ADD COLUMN accepted_tokens INTEGER NOT NULL DEFAULT 0;
