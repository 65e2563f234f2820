-- What a doctor is shown is found by what it is, wherever it stands: an allergy inside a checkup report as well as one of its
-- own. Only the few records that are not measured have a kind here, so that the index costs a measurement nothing.
ALTER TABLE facts ADD COLUMN clinical TEXT;    -- the kind's id, for the kinds of `clinical.rs`; none for any other

UPDATE facts SET clinical = (SELECT CASE WHEN json_valid(CAST(body AS TEXT)) THEN json_extract(CAST(body AS TEXT), '$.kind') END FROM shapes WHERE shapes.id = facts.shape)
WHERE clinical IS NULL AND shape IN (
    SELECT id FROM shapes WHERE CASE WHEN json_valid(CAST(body AS TEXT)) THEN json_extract(CAST(body AS TEXT), '$.kind') END
        IN ('allergy', 'condition', 'infection', 'medication', 'prescription', 'procedure', 'vaccination'));

CREATE INDEX facts_clinical ON facts (person, clinical, day DESC, id DESC)
    WHERE clinical IS NOT NULL AND same_as IS NULL AND hidden IS NULL;
