-- A pause that an API asked for is told with the slots, and none is reserved behind one that is too long. Hazard: none, a
-- function beside the one of before, which workers of the version before still call.

-- As before; `pause_ms` is how long the budget is blocked. Where that is more than `most_pause` seconds, nothing is
-- reserved, and the only row has no slots.
CREATE FUNCTION "noetl"."reserve_slots"(
  budget text, requests integer, per double precision, wanted integer, spare integer, hold double precision,
  most_pause double precision
) RETURNS TABLE (wait_ms double precision, slots integer, pause_ms double precision)
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  b noetl.rate_budget;
  present double precision;
  moment double precision;
  stamp double precision;
  need integer := wanted;
  used integer;
  last integer;
BEGIN
  INSERT INTO noetl.rate_budget (key, block_at, block_slots, longest, cell)
  VALUES (budget, '{}', '{}', per, per / 20) ON CONFLICT (key) DO NOTHING;
  IF FOUND AND random() < 0.01 THEN
    DELETE FROM noetl.rate_budget r WHERE r.seen_at < clock_timestamp() - interval '32 days';
  END IF;
  SELECT r.* INTO b FROM noetl.rate_budget r WHERE r.key = budget FOR UPDATE;
  -- Read after the lock was granted: waiting for it takes time.
  present := extract(epoch FROM clock_timestamp());
  pause_ms := greatest(0, coalesce(b.blocked_until, 0) - present) * 1000;
  IF pause_ms > most_pause * 1000 THEN
    slots := 0;
    RETURN NEXT;
    RETURN;
  END IF;
  b.longest := greatest(b.longest, per);
  b.cell := greatest(least(b.cell, per / 20), b.longest / 400);
  WHILE b.block_at[1] <= present - b.longest LOOP
    b.block_at := b.block_at[2:];
    b.block_slots := b.block_slots[2:];
  END LOOP;
  moment := greatest(present, coalesce(b.blocked_until, 0));
  LOOP
    SELECT coalesce(sum(n.slots), 0) INTO used
    FROM unnest(b.block_at, b.block_slots) AS n (at, slots) WHERE n.at > moment - per;
    IF used < requests THEN
      slots := least(requests - used, need + CASE WHEN moment = present THEN spare ELSE 0 END);
      wait_ms := (moment - present) * 1000;
      stamp := moment + CASE WHEN slots > need THEN hold ELSE 0 END;
      last := cardinality(b.block_at);
      IF last > 0 AND floor(b.block_at[last] / b.cell) = floor(stamp / b.cell) THEN
        b.block_at[last] := greatest(b.block_at[last], stamp);
        b.block_slots[last] := b.block_slots[last] + slots;
      ELSE
        b.block_at := b.block_at || stamp;
        b.block_slots := b.block_slots || slots;
      END IF;
      need := need - slots;
      RETURN NEXT;
    END IF;
    EXIT WHEN need <= 0;
    -- A little later than exact, for the way to the API is not equally long each time.
    SELECT min(n.at) + per + least(0.25, per / 20) INTO moment
    FROM unnest(b.block_at, b.block_slots) AS n (at, slots) WHERE n.at > moment - per;
  END LOOP;
  UPDATE noetl.rate_budget r SET block_at = b.block_at, block_slots = b.block_slots, longest = b.longest, cell = b.cell,
    seen_at = clock_timestamp()
  WHERE r.key = budget;
END
$$;

REVOKE ALL ON FUNCTION "noetl"."reserve_slots"(text, integer, double precision, integer, integer, double precision, double precision) FROM PUBLIC;
