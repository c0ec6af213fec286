-- Which file this database is, and how often it was opened: tells a restored backup from the one that was left.
CREATE TABLE identity (only INTEGER PRIMARY KEY CHECK (only = 1), inode TEXT NOT NULL, starts INTEGER NOT NULL);
