-- Keys of data subjects, apart from the events, so that a subject can be forgotten and the log stays as it is.

-- What is said of all keys. One row, once there is a master key.
CREATE TABLE subject_key_state (
  one        boolean PRIMARY KEY DEFAULT true CHECK (one),
  mark       bytea  NOT NULL,          -- tells the master key from others
  generation bigint NOT NULL DEFAULT 0 -- counts destroyed keys
);

-- A row is vacuumed soon after it was deleted, whatever the table's size: its bytes are to go as well.
CREATE TABLE subject_keys (
  subject          bytea  PRIMARY KEY,     -- HMAC of how the subject is named
  key_id           uuid   NOT NULL UNIQUE, -- what events know the subject by
  wrapped_key      bytea  NOT NULL,        -- by the master key
  sealed_reference bytea  NOT NULL,        -- by the key
  created_at       bigint NOT NULL         -- milliseconds since 1970
) WITH (autovacuum_vacuum_threshold = 0, autovacuum_vacuum_scale_factor = 0);

-- Keeps keys of subjects who have none, and gives those of all that are named. Who has another master key gets its mark only.
--
-- The row of the state is locked as long: no key is destroyed, and no master key takes over, in between.
CREATE FUNCTION obtain_subject_keys(
  my_mark bytea, subjects bytea[], key_ids uuid[], wrapped_keys bytea[], sealed_references bytea[], created bigint[]
) RETURNS TABLE (
  out_mark bytea, out_generation bigint,
  out_subject bytea, out_key_id uuid, out_wrapped_key bytea, out_sealed_reference bytea, out_created_at bigint
) LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
DECLARE
  state subject_key_state;
BEGIN
  SELECT * INTO state FROM subject_key_state FOR SHARE;
  IF state.mark = my_mark THEN
    INSERT INTO subject_keys (subject, key_id, wrapped_key, sealed_reference, created_at)
      SELECT * FROM unnest(subjects, key_ids, wrapped_keys, sealed_references, created)
      ON CONFLICT DO NOTHING;
  END IF;
  RETURN QUERY
    SELECT state.mark, state.generation, k.subject, k.key_id, k.wrapped_key, k.sealed_reference, k.created_at
      FROM (SELECT 1) AS one LEFT JOIN subject_keys k ON state.mark = my_mark AND k.subject = ANY (subjects);
END $$;

-- Destroys the key of a subject and gives it, if there was one, with the generation after it.
CREATE FUNCTION destroy_subject_key(my_mark bytea, named bytea) RETURNS TABLE (
  out_mark bytea, out_generation bigint,
  out_subject bytea, out_key_id uuid, out_wrapped_key bytea, out_sealed_reference bytea, out_created_at bigint
) LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
DECLARE
  state subject_key_state;
  gone  subject_keys;
BEGIN
  SELECT * INTO state FROM subject_key_state FOR UPDATE;
  IF state.mark = my_mark THEN
    -- a statement after the lock: it sees all keys that were kept before
    DELETE FROM subject_keys k WHERE k.subject = named RETURNING * INTO gone;
    IF FOUND THEN
      UPDATE subject_key_state SET generation = generation + 1 RETURNING * INTO state;
    END IF;
  END IF;
  RETURN QUERY
    SELECT state.mark, state.generation, gone.subject, gone.key_id, gone.wrapped_key, gone.sealed_reference, gone.created_at;
END $$;

GRANT SELECT, INSERT, UPDATE, DELETE ON subject_key_state, subject_keys TO PUBLIC;
