-- Rows as version 1 wrote them; inserted into each frozen schema before it is migrated.
INSERT INTO folders (id, name, position) VALUES (1, 'Physics', 0);
INSERT INTO models (id, path, name, added_at) VALUES (1, '/models/a.gguf', 'A', 1690000000000);
INSERT INTO conversations (id, title, folder_id, pinned, model_id, active_child, created_at, updated_at)
VALUES (1, '潮汐 and the moon', 1, 1, 1, 1, 1690000000000, 1690000001000);
INSERT INTO conversations (id, title, created_at, updated_at, deleted_at) VALUES (2, 'deleted', 1, 2, 3);
INSERT INTO messages (id, conversation_id, parent_id, position, active_child, role, state, created_at, updated_at)
VALUES (1, 1, NULL, 0, 3, 1, 0, 1690000000000, 1690000000000),
       (2, 1, 1, 0, 0, 2, 0, 1690000000100, 1690000000100),
       (3, 1, 1, 1, 0, 2, 3, 1690000000200, 1690000000200),
       (4, 2, NULL, 0, 0, 1, 0, 1, 1);
INSERT INTO parts (message_id, ordinal, kind, text)
VALUES (1, 0, 0, 'Why are there two tides a day?'), (2, 0, 2, 'First answer'), (3, 0, 1, '月亮的引力'), (3, 1, 2, 'Second answer'),
       (4, 0, 0, 'in a deleted conversation: 引力');
INSERT INTO timings (message_id, prompt_tokens, cached_tokens, thought_tokens, answer_tokens, prompt_seconds,
                     generate_seconds, first_token_seconds, thought_seconds)
VALUES (3, 10, 4, 9, 12, 0.25, 1.75, 0.3, 1.5);
INSERT INTO receipts VALUES (1, 'A', 'sha256:ab', 'Q4_K_M', 'sha256:cd', '{}', '0.1.0', 'cpu');
INSERT INTO reply_receipts VALUES (3, 1, -1);
INSERT INTO sampler_points VALUES (3, 7, x'0100000002000000');
INSERT INTO settings VALUES (0, 'ui.language', 3, 'zh_CN');
