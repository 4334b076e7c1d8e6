/**
 * A bug to plant into the database of a chaos, to see that the check of its history finds it: the place to go on from is
 * a page ahead of the pages on record, so what was in flight at a crash is lost.
 */
export const PLANTED_BUG = `
  CREATE FUNCTION noetl.run_ahead() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    NEW.checkpoint := jsonb_set(jsonb_set(NEW.checkpoint,
      '{open,0,page}', to_jsonb((NEW.checkpoint #>> '{open,0,page}')::int + 1)),
      '{open,0,token}', to_jsonb((NEW.checkpoint #>> '{open,0,token}')::int + 1));
    RETURN NEW;
  END $$;
  CREATE TRIGGER run_ahead BEFORE UPDATE ON noetl.iteration FOR EACH ROW
    WHEN (NEW.epoch > OLD.epoch AND NEW.checkpoint #>> '{open,0,token}' ~ '^[0-9]+$') EXECUTE FUNCTION noetl.run_ahead()`

/** Another one: who takes up an element that waits for a child has forgotten the child, and starts it once more. */
export const CHILD_STARTED_TWICE = `
  CREATE FUNCTION noetl.forget_child() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF (SELECT count(*) FROM noetl.execution e WHERE e.parent_execution_id = NEW.execution_id
        AND e.parent_step = NEW.step AND e.parent_iteration_index = NEW.iteration_index) < 2 THEN
      NEW.checkpoint := NEW.checkpoint - 'child';
    END IF;
    RETURN NEW;
  END $$;
  CREATE TRIGGER forget_child BEFORE UPDATE ON noetl.iteration FOR EACH ROW
    WHEN (NEW.epoch > OLD.epoch AND NEW.checkpoint ? 'child') EXECUTE FUNCTION noetl.forget_child()`

/**
 * A third one: what is cancelled is put down as failed, and now and then what completed as cancelled. A check of the ends
 * of cancelled runs alone would see neither that a cancel came to nothing nor that nobody had asked for one.
 */
export const ENDS_MIXED_UP = `
  CREATE FUNCTION noetl.mix_up_ends() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF NEW.status = 'CANCELLED' THEN
      NEW.status := 'FAILED';
    ELSIF NEW.execution_id % 4 = 0 THEN
      NEW.status := 'CANCELLED';
    END IF;
    RETURN NEW;
  END $$;
  CREATE TRIGGER mix_up_ends BEFORE UPDATE OF status ON noetl.execution FOR EACH ROW
    WHEN (OLD.ended_at IS NULL AND NEW.status IN ('COMPLETED', 'CANCELLED')) EXECUTE FUNCTION noetl.mix_up_ends()`
