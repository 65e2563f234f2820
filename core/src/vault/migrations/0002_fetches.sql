-- Fetches from Mynaportal: what a fetch needs until it ends, which consent a document came by, and the person's settings.

-- The three tables of a fetch that is running are emptied whole when it ends, so that SQLite clears their pages with
-- everything that lay in gaps. Foreign keys would keep it from doing so; there are none, and `vault` keeps them in step.
CREATE TABLE fetches (
    id           INTEGER PRIMARY KEY,
    consent      BLOB NOT NULL UNIQUE,         -- the 16 bytes of the consent, and the fetch's name
    person       INTEGER NOT NULL UNIQUE,      -- whose data: one fetch at a time
    permitted    BLOB NOT NULL,                -- question, answer and when (JSON); its salted digest went to the relay
    salt         BLOB NOT NULL,
    begun        TEXT NOT NULL,                -- UTC, RFC 3339
    expires      TEXT NOT NULL,
    state        BLOB NOT NULL                 -- how far the conversation is; opaque here
) STRICT;

-- One-time X25519 keys, one a round.
CREATE TABLE fetch_keys (
    consent      BLOB NOT NULL,
    round        INTEGER NOT NULL,
    private      BLOB NOT NULL,
    PRIMARY KEY (consent, round)
) STRICT;

-- Answers as the relay sealed them, here before the relay forgets them.
CREATE TABLE fetch_sealed (
    consent      BLOB NOT NULL,
    round        INTEGER NOT NULL,
    leg          INTEGER NOT NULL,             -- 1 who logged in, 2 what the portal answered
    sealed       BLOB NOT NULL,
    PRIMARY KEY (consent, round, leg)
) STRICT;

CREATE TABLE settings (
    name         TEXT PRIMARY KEY,
    value        INTEGER NOT NULL              -- 0 off, 1 on; a setting without a row is as it was at first
) STRICT;

ALTER TABLE documents ADD COLUMN consent BLOB; -- the consent it came by; none where it came in as a file
CREATE INDEX documents_consent ON documents (consent) WHERE consent IS NOT NULL;

-- A ledger is mostly imports. What tells of consents is found without walking past them.
CREATE INDEX ledger_consents ON ledger (id) WHERE act IN
    ('consent_asked', 'consent_answered', 'consent_withdrawn', 'identity_checked', 'fetch_started', 'fetched', 'fetch_ended');
