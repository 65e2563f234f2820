-- Which events are one and the same, told by several sources. All of it can be worked out anew from the documents; nothing
-- of a person's words stands here. What works it out looks only at the events that are due.

ALTER TABLE events ADD COLUMN behind INTEGER;                     -- the event it is shown behind; none where it leads
ALTER TABLE events ADD COLUMN linked INTEGER NOT NULL DEFAULT 0;  -- how many stand behind it
ALTER TABLE facts ADD COLUMN behind INTEGER;   -- the leading event's record that is drawn in its place
CREATE INDEX facts_behind ON facts (behind) WHERE behind IS NOT NULL;

CREATE TABLE links (
    event        INTEGER NOT NULL,             -- the one that stands behind, or the other of the two
    lead         INTEGER NOT NULL,             -- the one that is shown; of a story the earlier
    class        TEXT NOT NULL,                -- same, perhaps, story
    rule         TEXT NOT NULL,
    edition      INTEGER NOT NULL,
    via          INTEGER,                      -- the event it was recognised by, where that is not the leading one
    place        INTEGER NOT NULL,             -- of those behind one event the next to lead comes first
    PRIMARY KEY (event, lead)
) STRICT, WITHOUT ROWID;
CREATE INDEX links_lead ON links (lead, event);

-- Events whose links are to be worked out anew. Whichever way an event comes, goes, is hidden or decided about.
CREATE TABLE links_due (
    event        INTEGER PRIMARY KEY
) STRICT;
INSERT INTO links_due SELECT id FROM events;

CREATE TRIGGER links_event_came AFTER INSERT ON events BEGIN
    INSERT OR IGNORE INTO links_due VALUES (NEW.id);
END;

-- Nothing may stay behind what is gone: its group is shown again, each by itself, until it is worked out anew.
CREATE TRIGGER links_event_goes BEFORE DELETE ON events WHEN EXISTS (SELECT 1 FROM links WHERE event = OLD.id OR lead = OLD.id) BEGIN
    INSERT OR IGNORE INTO links_due SELECT event FROM links WHERE lead = OLD.id;
    INSERT OR IGNORE INTO links_due SELECT lead FROM links WHERE event = OLD.id;
    INSERT OR IGNORE INTO links_due SELECT id FROM events WHERE behind = OLD.behind;
    UPDATE facts SET behind = NULL WHERE behind >= OLD.id << 16 AND behind < (OLD.id + 1) << 16;
    UPDATE facts SET behind = NULL WHERE OLD.behind IS NOT NULL AND behind >= OLD.behind << 16 AND behind < (OLD.behind + 1) << 16;
    UPDATE events SET behind = NULL WHERE id IN (SELECT event FROM links WHERE class = 'same' AND lead IN (OLD.id, OLD.behind));
    UPDATE events SET linked = 0 WHERE id = OLD.behind;
    DELETE FROM links WHERE class = 'same' AND lead IN (OLD.id, OLD.behind);
    DELETE FROM links WHERE event = OLD.id OR lead = OLD.id;
END;
CREATE TRIGGER links_event_gone AFTER DELETE ON events BEGIN
    DELETE FROM links_due WHERE event = OLD.id;
END;

-- The same for one that is hidden by hand, so that the next of its sources is shown.
CREATE TRIGGER links_event_hidden AFTER UPDATE OF hidden ON events WHEN NEW.hidden IS NOT OLD.hidden BEGIN
    INSERT OR IGNORE INTO links_due VALUES (NEW.id);
    INSERT OR IGNORE INTO links_due SELECT event FROM links WHERE lead = NEW.id;
    INSERT OR IGNORE INTO links_due SELECT lead FROM links WHERE event = NEW.id;
    INSERT OR IGNORE INTO links_due SELECT event FROM links WHERE class = 'same' AND lead = NEW.behind;
    UPDATE facts SET behind = NULL WHERE behind >= NEW.id << 16 AND behind < (NEW.id + 1) << 16;
    UPDATE facts SET behind = NULL WHERE NEW.behind IS NOT NULL AND behind >= NEW.behind << 16 AND behind < (NEW.behind + 1) << 16;
    UPDATE events SET behind = NULL WHERE id IN (SELECT event FROM links WHERE class = 'same' AND lead IN (NEW.id, NEW.behind));
    UPDATE events SET linked = 0 WHERE id IN (NEW.id, NEW.behind);
    DELETE FROM links WHERE class = 'same' AND lead IN (NEW.id, NEW.behind);
END;
CREATE TRIGGER links_fact_hidden AFTER UPDATE OF hidden ON facts WHEN NEW.hidden IS NOT OLD.hidden BEGIN
    INSERT OR IGNORE INTO links_due SELECT id FROM events WHERE id = NEW.id >> 16;
END;

CREATE TRIGGER links_decision_changed AFTER UPDATE ON changes WHEN NEW.act IN ('join', 'keep_apart') BEGIN
    INSERT OR IGNORE INTO links_due SELECT id FROM events WHERE id IN (OLD.event, NEW.event);
END;
CREATE TRIGGER links_decision_gone AFTER DELETE ON changes WHEN OLD.act IN ('join', 'keep_apart') BEGIN
    INSERT OR IGNORE INTO links_due SELECT id FROM events WHERE id = OLD.event;
END;

-- Other tellings are looked for by kind, near in days.
CREATE INDEX events_near ON events (person, kind, day) WHERE hidden IS NULL;

DROP INDEX events_timeline;
CREATE INDEX events_timeline ON events (person, day DESC, id DESC, kind, title, place, records, document, concealed, behind, linked, stated)
    WHERE hidden IS NULL;
DROP INDEX facts_history;
CREATE INDEX facts_history ON facts (person, series, day DESC, id DESC, value, shape, document)
    WHERE series IS NOT NULL AND same_as IS NULL AND hidden IS NULL AND behind IS NULL;
