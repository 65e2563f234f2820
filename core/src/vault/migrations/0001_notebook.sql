-- One row: whose vault this is and how far its history goes. Changed in every transaction.
CREATE TABLE meta (
    only_row    INTEGER PRIMARY KEY CHECK (only_row = 1),
    vault_id    BLOB NOT NULL,
    generation  INTEGER NOT NULL,  -- grows by one with every change
    previous    BLOB NOT NULL,     -- head of the history before this change
    nonce       BLOB NOT NULL      -- random, so that two changes are never mistaken for each other
) STRICT;
