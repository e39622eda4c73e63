CREATE TABLE bizops.pipelines (
  id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  name text NOT NULL UNIQUE
);
COMMENT ON COLUMN bizops.pipelines.id IS 'The second key of the advisory lock a run holds.';

CREATE TABLE bizops.runs (
  id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  pipeline text NOT NULL REFERENCES bizops.pipelines (name),
  status text NOT NULL DEFAULT 'running' CHECK (
    status IN ('running', 'succeeded', 'failed', 'deferred', 'interrupted', 'crashed', 'skipped')
  ),
  exit_code integer,
  retry_of integer REFERENCES bizops.runs,
  retry_at timestamptz,
  options jsonb NOT NULL,
  host text NOT NULL,
  pid integer NOT NULL,
  started_at timestamptz NOT NULL DEFAULT now(),
  heartbeat_at timestamptz NOT NULL DEFAULT now(),
  ended_at timestamptz
);
CREATE INDEX runs_by_pipeline ON bizops.runs (pipeline, id DESC);
CREATE INDEX runs_running ON bizops.runs (pipeline) WHERE status = 'running';
COMMENT ON COLUMN bizops.runs.retry_at IS 'When a deferred run may be tried again.';

CREATE TABLE bizops.attempts (
  run_id integer NOT NULL REFERENCES bizops.runs ON DELETE CASCADE,
  number integer NOT NULL,
  started_at timestamptz NOT NULL DEFAULT now(),
  ended_at timestamptz,
  exit_code integer,
  blame text,
  bytes bigint,
  log_file text,
  processes jsonb NOT NULL DEFAULT '[]',
  state_before text,
  state_after text,
  PRIMARY KEY (run_id, number)
);
COMMENT ON COLUMN bizops.attempts.state_before IS 'Text, so that no digit is lost.';

CREATE TABLE bizops.stream_counts (
  run_id integer NOT NULL,
  attempt integer NOT NULL,
  stream text NOT NULL,
  rows bigint NOT NULL,
  PRIMARY KEY (run_id, attempt, stream),
  FOREIGN KEY (run_id, attempt) REFERENCES bizops.attempts ON DELETE CASCADE
);

CREATE TABLE bizops.events (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  run_id integer NOT NULL REFERENCES bizops.runs ON DELETE CASCADE,
  at timestamptz NOT NULL DEFAULT now(),
  event text NOT NULL,
  detail jsonb NOT NULL
);
CREATE INDEX events_by_run ON bizops.events (run_id, id);
