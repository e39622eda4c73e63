CREATE TABLE bizops.states (
  state_id text PRIMARY KEY,
  state text NOT NULL,
  updated_at timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE bizops.states IS 'The states of targets that keep none themselves.';

CREATE TABLE bizops.state_versions (
  id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  state_id text NOT NULL,
  state text,
  origin text NOT NULL CHECK (origin IN ('run', 'set', 'clear', 'copy')),
  run_id integer REFERENCES bizops.runs ON DELETE SET NULL,
  at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX state_versions_by_state ON bizops.state_versions (state_id, id DESC);
COMMENT ON COLUMN bizops.state_versions.state IS 'Null: there was none.';
