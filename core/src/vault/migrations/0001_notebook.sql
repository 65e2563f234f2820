-- The notebook. A day is its number from 0001-01-01 times 4 plus its precision (0 year, 1 month, 2 day); 0 where no
-- date is known. Ids and indexes so sort by day.

-- One row: whose vault this is and how far its history goes. Changed in every transaction.
CREATE TABLE meta (
    only_row    INTEGER PRIMARY KEY CHECK (only_row = 1),
    vault_id    BLOB NOT NULL,
    generation  INTEGER NOT NULL,  -- grows by one with every change
    previous    BLOB NOT NULL,     -- head of the history before this change
    nonce       BLOB NOT NULL      -- random, so that two changes are never mistaken for each other
) STRICT;

CREATE TABLE people (
    id           INTEGER PRIMARY KEY,          -- a small number for the indexes
    person       BLOB NOT NULL UNIQUE,         -- the 16 random bytes that travel with the records
    body         BLOB NOT NULL                 -- name, kana, former names, birth date, sex (JSON)
) STRICT;

CREATE TABLE documents (
    id           INTEGER PRIMARY KEY,
    person       INTEGER NOT NULL REFERENCES people(id),
    fingerprint  BLOB NOT NULL,                -- SHA-256 of the original
    received     TEXT NOT NULL,                -- UTC, RFC 3339
    ledger       INTEGER,                      -- the entry that tells of its import
    body         BLOB NOT NULL,                -- format, parser version, source, name, refused entries (JSON)
    UNIQUE (fingerprint, person)
) STRICT;

-- In a table of their own, so that no list ever reads past them.
CREATE TABLE originals (
    document     INTEGER NOT NULL REFERENCES documents(id),
    part         INTEGER NOT NULL,             -- counted from 0; a split notebook has several
    size         INTEGER NOT NULL,             -- bytes before compression
    zstd         BLOB NOT NULL,
    PRIMARY KEY (document, part)
) STRICT;

-- Parts of a split document that still waits for the others.
CREATE TABLE waiting_parts (
    id           INTEGER PRIMARY KEY,
    person       INTEGER NOT NULL REFERENCES people(id),
    format       TEXT NOT NULL,
    part_set     TEXT NOT NULL,
    number       INTEGER NOT NULL,
    part_count   INTEGER NOT NULL,
    received     TEXT NOT NULL,
    bytes        BLOB NOT NULL
) STRICT;

CREATE TABLE events (
    id           INTEGER PRIMARY KEY,          -- day << 20 | running number: in the order of days
    person       INTEGER NOT NULL REFERENCES people(id),
    day          INTEGER NOT NULL,
    kind         TEXT NOT NULL,
    title        TEXT NOT NULL,
    place        TEXT,
    records      INTEGER NOT NULL,             -- facts that no earlier document had stated
    stated       INTEGER NOT NULL,             -- facts in all
    document     INTEGER NOT NULL REFERENCES documents(id),
    position     INTEGER NOT NULL,             -- place among the document's events
    digest       BLOB NOT NULL,                -- SHA-256 of the canonical form, facts included
    signature    BLOB                          -- what the check of the signature said (JSON)
) STRICT;
-- The timeline is read from this index alone.
CREATE INDEX events_timeline ON events (person, day DESC, id DESC, kind, title, place, records, document);
CREATE INDEX events_document ON events (document, position);

-- What facts have in common (codes, names, unit, method, range, place in the document), stored once.
CREATE TABLE shapes (
    id           INTEGER PRIMARY KEY,
    digest       BLOB NOT NULL UNIQUE,         -- first 16 bytes of the SHA-256 of the body
    body         BLOB NOT NULL
) STRICT;

-- What may be drawn as one line.
CREATE TABLE series (
    id           INTEGER PRIMARY KEY,
    key          TEXT NOT NULL UNIQUE,         -- a quantity's id, or system|code|unit
    code         TEXT NOT NULL,
    label        TEXT NOT NULL
) STRICT;

CREATE TABLE facts (
    id           INTEGER PRIMARY KEY,          -- event << 16 | number in the event
    person       INTEGER NOT NULL,
    day          INTEGER NOT NULL,
    identity     INTEGER NOT NULL,             -- 64 bits of what makes it the same record in another document
    same_as      INTEGER,                      -- the fact of an earlier document that states the same
    series       INTEGER,
    shape        INTEGER NOT NULL,
    document     INTEGER NOT NULL,
    value        TEXT,                         -- a number or words exactly as written
    moment       TEXT                          -- day and time where they are the fact's own (JSON)
) STRICT;
-- Day before digest: a bulk import of one day's report touches neighbouring pages.
CREATE UNIQUE INDEX facts_identity ON facts (person, day, identity) WHERE same_as IS NULL;
CREATE INDEX facts_same_as ON facts (same_as) WHERE same_as IS NOT NULL;
-- A quantity's history is read from this index alone.
CREATE INDEX facts_history ON facts (person, series, day DESC, id DESC, value, shape, document) WHERE series IS NOT NULL AND same_as IS NULL;

-- Folded, overlapping pairs of characters; one row an event. Contentless: the words are in the facts.
CREATE VIRTUAL TABLE event_words USING fts5 (words, content = '', tokenize = 'ascii', columnsize = 0);
INSERT INTO event_words (event_words, rank) VALUES ('secure-delete', 1);

CREATE TABLE ledger (
    id           INTEGER PRIMARY KEY,
    at           TEXT NOT NULL,                -- UTC, RFC 3339
    act          TEXT NOT NULL,                -- what was done, one of a closed list
    salt         TEXT NOT NULL,                -- 32 hexadecimal digits
    detail       TEXT,                         -- erased with what it is about; the hash stays
    detail_hash  BLOB NOT NULL,                -- SHA-256 of salt and detail
    chain        BLOB NOT NULL                 -- SHA-256 of the previous chain, at, act and detail_hash
) STRICT;
