-- What people wrote down by hand, and what it does to what is shown. Each entry is a document like any other; here is only
-- which event or record it is about. No word of it, and none of what it changes, stands in these tables.

CREATE TABLE changes (
    id           INTEGER PRIMARY KEY,
    person       INTEGER NOT NULL,
    entry        INTEGER NOT NULL REFERENCES documents(id),  -- the entry's own document
    number       INTEGER NOT NULL,             -- counted from 0; two events that are joined are two targets
    act          TEXT NOT NULL,                -- one of a closed list
    target       BLOB,                         -- fingerprint of the document it is about; of the entry, where it undoes one
    position     INTEGER,                      -- the event's place among that document's events
    fact         INTEGER,                      -- the record's number in the event; none for the event as a whole
    digest       BLOB,                         -- 8 bytes: that it is still the same event or record
    attached     BLOB,                         -- fingerprint of the document that is attached
    event        INTEGER,                      -- the event it found; none while it waits
    record       INTEGER,                      -- the record it found
    undone       INTEGER NOT NULL DEFAULT 0,   -- 1 while an entry that counts undoes it
    UNIQUE (entry, number)
) STRICT;
CREATE INDEX changes_target ON changes (target, person);
CREATE INDEX changes_event ON changes (event) WHERE event IS NOT NULL;
CREATE INDEX changes_record ON changes (record) WHERE record IS NOT NULL;
CREATE INDEX changes_person ON changes (person, id);

ALTER TABLE events ADD COLUMN hidden INTEGER;  -- the entry's document that hides it; none where it is shown
ALTER TABLE events ADD COLUMN concealed INTEGER NOT NULL DEFAULT 0; -- of its `records`, how many are hidden
ALTER TABLE facts ADD COLUMN hidden INTEGER;   -- the same for a record that no earlier document had stated

DROP INDEX events_timeline;
CREATE INDEX events_timeline ON events (person, day DESC, id DESC, kind, title, place, records, document, concealed) WHERE hidden IS NULL;
DROP INDEX facts_history;
CREATE INDEX facts_history ON facts (person, series, day DESC, id DESC, value, shape, document)
    WHERE series IS NOT NULL AND same_as IS NULL AND hidden IS NULL;
