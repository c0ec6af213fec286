-- Substring search over names (A-label and Unicode), order numbers and addresses.
CREATE VIRTUAL TABLE order_search USING fts5(order_id UNINDEXED, words, tokenize = 'trigram');
--> statement-breakpoint
-- What was traced stays: neither the console nor a mistake of ours can change or remove an entry.
CREATE TRIGGER audit_entries_keep BEFORE UPDATE ON audit_entries BEGIN SELECT RAISE(ABORT, 'audit entries are append-only'); END;
--> statement-breakpoint
CREATE TRIGGER audit_entries_stay BEFORE DELETE ON audit_entries BEGIN SELECT RAISE(ABORT, 'audit entries are append-only'); END;
