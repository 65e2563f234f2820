-- Self-measured series. A day is its number from 0001-01-01 (chrono's), without precision: a sample always has a day.

-- One quantity of one person in one unit.
CREATE TABLE sample_lines (
    id           INTEGER PRIMARY KEY,          -- a small number; a day's id is line << 20 | day
    person       INTEGER NOT NULL REFERENCES people(id),
    quantity     TEXT NOT NULL,
    unit         TEXT NOT NULL,
    UNIQUE (person, quantity, unit)
) STRICT;

-- What one document states of one line on one day, in canonical form.
CREATE TABLE samples (
    id           INTEGER PRIMARY KEY,
    document     INTEGER NOT NULL REFERENCES documents(id),
    line         INTEGER NOT NULL REFERENCES sample_lines(id),
    day          INTEGER NOT NULL,
    count        INTEGER NOT NULL,
    digest       BLOB NOT NULL,                -- SHA-256 of the canonical form with its document
    size         INTEGER NOT NULL,             -- bytes before compression
    zstd         BLOB NOT NULL
) STRICT;
CREATE UNIQUE INDEX samples_day ON samples (line, day, document);
CREATE INDEX samples_document ON samples (document, id, digest);

-- What a day comes to over all documents, each sample counted once: a year is one walk along this table alone.
CREATE TABLE sample_days (
    line         INTEGER NOT NULL,
    day          INTEGER NOT NULL,
    count        INTEGER NOT NULL,
    low          TEXT NOT NULL,
    high         TEXT NOT NULL,
    sum          TEXT NOT NULL,
    most         TEXT NOT NULL,                -- the largest sum of one source
    last         TEXT NOT NULL,
    PRIMARY KEY (line, day)
) STRICT, WITHOUT ROWID;

-- How the tables of a device are read, as the person confirmed it once.
CREATE TABLE mappings (
    header       BLOB PRIMARY KEY,             -- SHA-256 of the folded headings
    mapping      TEXT NOT NULL
) STRICT, WITHOUT ROWID;
