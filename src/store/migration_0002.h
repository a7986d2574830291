// Version 2 of the tables: what was learnt from the numbers, decided, done, and judged.

#pragma once

#include <string_view>

namespace rf {

// The rules of spelling are those of version 1. Columns that end in `body`, `evidence` or
// `settings` hold JSON whose shape belongs to the stage that writes it; what is searched for has a
// column.
inline constexpr std::string_view kMigration0002 = R"sql(
-- Policies, taxonomy and the like; account 0 stands for all accounts.
CREATE TABLE document (
  account INTEGER NOT NULL,
  name TEXT NOT NULL,
  body TEXT NOT NULL,
  PRIMARY KEY (account, name)
) STRICT, WITHOUT ROWID;

-- How a creative is made, in the few choices that are varied.
CREATE TABLE recipe (
  account INTEGER NOT NULL REFERENCES account (id),
  id INTEGER NOT NULL,
  hash TEXT NOT NULL,
  preset TEXT NOT NULL,
  hook_type TEXT NOT NULL
    CHECK (hook_type IN ('question', 'statement', 'visual', 'story', 'contrast', 'mystery')),
  scene_count INTEGER NOT NULL CHECK (scene_count > 0),
  narration TEXT NOT NULL CHECK (narration IN ('slow', 'medium', 'fast')),
  captions TEXT NOT NULL CHECK (captions IN ('sparse', 'medium', 'dense')),
  ending TEXT NOT NULL CHECK (ending IN ('cliffhanger', 'resolve', 'cta', 'loop')),
  PRIMARY KEY (account, id),
  UNIQUE (account, hash)
) STRICT, WITHOUT ROWID;

-- A set of variants that are made and tested together.
CREATE TABLE batch (
  account INTEGER NOT NULL REFERENCES account (id),
  id INTEGER NOT NULL,
  key TEXT NOT NULL,
  made_at INTEGER NOT NULL,
  brand TEXT NOT NULL,
  industry TEXT NOT NULL,
  audience TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('planned', 'making', 'testing', 'done', 'dropped')),
  exploit INTEGER NOT NULL CHECK (exploit >= 0),
  explore INTEGER NOT NULL CHECK (explore >= 0),
  settings TEXT NOT NULL,
  PRIMARY KEY (account, id),
  UNIQUE (account, key)
) STRICT, WITHOUT ROWID;

-- What an ad shows. A variant names its parent; creatives of one concept share the idea.
CREATE TABLE creative (
  account INTEGER NOT NULL REFERENCES account (id),
  id INTEGER NOT NULL,
  key TEXT NOT NULL,
  name TEXT NOT NULL,
  format TEXT NOT NULL CHECK (format IN ('video', 'image', 'carousel', 'stories', 'reels')),
  concept TEXT NOT NULL,
  parent INTEGER,
  recipe INTEGER,
  batch INTEGER,
  file TEXT NOT NULL,
  sha256 TEXT NOT NULL,
  duration_ms INTEGER,
  made_at INTEGER NOT NULL,
  body TEXT NOT NULL,
  PRIMARY KEY (account, id),
  UNIQUE (account, key),
  FOREIGN KEY (account, parent) REFERENCES creative (account, id),
  FOREIGN KEY (account, recipe) REFERENCES recipe (account, id),
  FOREIGN KEY (account, batch) REFERENCES batch (account, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX creative_by_file ON creative (account, sha256);

-- Which ad shows which creative, from when on.
CREATE TABLE entity_creative (
  account INTEGER NOT NULL,
  entity INTEGER NOT NULL,
  from_day INTEGER NOT NULL,
  creative INTEGER NOT NULL,
  PRIMARY KEY (account, entity, from_day),
  FOREIGN KEY (account, entity) REFERENCES entity (account, id),
  FOREIGN KEY (account, creative) REFERENCES creative (account, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX entity_creative_by_creative ON entity_creative (account, creative);

-- What was seen or heard in a creative, by which model: a number, a word or a vector of floats.
CREATE TABLE creative_feature (
  account INTEGER NOT NULL,
  creative INTEGER NOT NULL,
  name TEXT NOT NULL,
  model TEXT NOT NULL,
  number REAL,
  word TEXT,
  vector BLOB,
  made_at INTEGER NOT NULL,
  PRIMARY KEY (account, creative, name, model),
  FOREIGN KEY (account, creative) REFERENCES creative (account, id),
  CHECK ((number IS NOT NULL) + (word IS NOT NULL) + (vector IS NOT NULL) = 1)
) STRICT, WITHOUT ROWID;

-- One event as a shop, a pixel or a webhook told it; the same event from two sources counts once.
CREATE TABLE conversion (
  account INTEGER NOT NULL REFERENCES account (id),
  event TEXT NOT NULL,
  event_id TEXT NOT NULL,
  happened_at INTEGER NOT NULL,
  received_at INTEGER NOT NULL,
  source TEXT NOT NULL,
  entity INTEGER,
  touched_at INTEGER,
  touch TEXT CHECK (touch IN ('click', 'view')),
  value INTEGER,
  currency TEXT CHECK (length(currency) = 3),
  body TEXT NOT NULL,
  PRIMARY KEY (account, event, event_id),
  FOREIGN KEY (account, entity) REFERENCES entity (account, id),
  CHECK ((value IS NULL) = (currency IS NULL))
) STRICT, WITHOUT ROWID;
CREATE INDEX conversion_by_time ON conversion (account, happened_at);

-- A feature, or a few, with its effect and what that rests on.
CREATE TABLE pattern (
  account INTEGER NOT NULL REFERENCES account (id),
  id INTEGER NOT NULL,
  key TEXT NOT NULL,
  kind TEXT NOT NULL,
  metric TEXT NOT NULL,
  lift REAL NOT NULL,
  low REAL NOT NULL,
  high REAL NOT NULL,
  n INTEGER NOT NULL CHECK (n >= 0),
  false_discovery REAL CHECK (false_discovery BETWEEN 0 AND 1),
  found_at INTEGER NOT NULL,
  gone_at INTEGER,
  evidence TEXT NOT NULL,
  PRIMARY KEY (account, id),
  UNIQUE (account, key, found_at),
  CHECK (low <= lift AND lift <= high)
) STRICT, WITHOUT ROWID;

-- What an analysis concluded for people to read.
CREATE TABLE insight (
  account INTEGER NOT NULL REFERENCES account (id),
  id INTEGER NOT NULL,
  made_at INTEGER NOT NULL,
  industry TEXT NOT NULL,
  audience TEXT NOT NULL,
  confidence REAL CHECK (confidence BETWEEN 0 AND 1),
  n INTEGER NOT NULL CHECK (n >= 0),
  winning TEXT NOT NULL,
  losing TEXT NOT NULL,
  said TEXT NOT NULL,
  PRIMARY KEY (account, id)
) STRICT, WITHOUT ROWID;

-- A fitted model and how it did on later data than it saw, beside the dumb baseline.
CREATE TABLE model_version (
  account INTEGER NOT NULL REFERENCES account (id),
  id INTEGER NOT NULL,
  kind TEXT NOT NULL,
  version INTEGER NOT NULL CHECK (version > 0),
  state TEXT NOT NULL CHECK (state IN ('challenger', 'champion', 'retired', 'rolled_back')),
  made_at INTEGER NOT NULL,
  reason TEXT NOT NULL
    CHECK (reason IN ('scheduled', 'accuracy_drop', 'data_threshold', 'drift_detected', 'manual')),
  trained_from INTEGER NOT NULL,
  trained_to INTEGER NOT NULL,
  samples INTEGER NOT NULL CHECK (samples >= 0),
  error REAL,
  baseline_error REAL,
  sha256 TEXT NOT NULL,
  body BLOB,
  settings TEXT NOT NULL,
  PRIMARY KEY (account, id),
  UNIQUE (account, kind, version)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX model_version_champion ON model_version (account, kind)
  WHERE state = 'champion';

-- A belief written down before the outcome, and the outcome once it is known.
CREATE TABLE prediction (
  account INTEGER NOT NULL REFERENCES account (id),
  id INTEGER NOT NULL,
  model INTEGER NOT NULL,
  entity INTEGER,
  creative INTEGER,
  metric TEXT NOT NULL,
  made_at INTEGER NOT NULL,
  from_day INTEGER NOT NULL,
  to_day INTEGER NOT NULL,
  value REAL NOT NULL,
  low REAL NOT NULL,
  high REAL NOT NULL,
  actual REAL,
  actual_n INTEGER,
  actual_at INTEGER,
  PRIMARY KEY (account, id),
  FOREIGN KEY (account, model) REFERENCES model_version (account, id),
  FOREIGN KEY (account, entity) REFERENCES entity (account, id),
  FOREIGN KEY (account, creative) REFERENCES creative (account, id),
  CHECK ((entity IS NULL) <> (creative IS NULL)),
  CHECK (from_day <= to_day AND low <= high),
  CHECK ((actual IS NULL) = (actual_at IS NULL))
) STRICT, WITHOUT ROWID;
CREATE INDEX prediction_open ON prediction (account, to_day) WHERE actual IS NULL;

-- One variable, two values, and which of them did better.
CREATE TABLE experiment (
  account INTEGER NOT NULL REFERENCES account (id),
  id INTEGER NOT NULL,
  batch INTEGER,
  variable TEXT NOT NULL,
  baseline_value TEXT NOT NULL,
  variant_value TEXT NOT NULL,
  started_at INTEGER NOT NULL,
  ended_at INTEGER,
  baseline_reward REAL,
  variant_reward REAL,
  winner TEXT CHECK (winner IN ('baseline', 'variant', 'inconclusive')),
  evidence TEXT NOT NULL,
  PRIMARY KEY (account, id),
  FOREIGN KEY (account, batch) REFERENCES batch (account, id),
  CHECK ((winner IS NULL) = (ended_at IS NULL))
) STRICT, WITHOUT ROWID;

CREATE TABLE experiment_arm (
  account INTEGER NOT NULL,
  experiment INTEGER NOT NULL,
  creative INTEGER NOT NULL,
  arm TEXT NOT NULL CHECK (arm IN ('baseline', 'variant')),
  PRIMARY KEY (account, experiment, creative),
  FOREIGN KEY (account, experiment) REFERENCES experiment (account, id),
  FOREIGN KEY (account, creative) REFERENCES creative (account, id)
) STRICT, WITHOUT ROWID;

-- What should be done. `header` is the plan without its items.
CREATE TABLE plan (
  account INTEGER NOT NULL REFERENCES account (id),
  id INTEGER NOT NULL,
  hash TEXT NOT NULL,
  mode TEXT NOT NULL,
  made_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  header TEXT NOT NULL,
  PRIMARY KEY (account, id),
  UNIQUE (account, hash)
) STRICT, WITHOUT ROWID;

-- One decision, with the evidence that was frozen with it. `entity` is the key, not the number: a
-- plan must stay readable as it was made.
CREATE TABLE plan_item (
  account INTEGER NOT NULL,
  plan INTEGER NOT NULL,
  position INTEGER NOT NULL,
  item TEXT NOT NULL,
  action TEXT NOT NULL,
  entity TEXT NOT NULL,
  reason_code TEXT NOT NULL,
  body TEXT NOT NULL,
  PRIMARY KEY (account, plan, position),
  FOREIGN KEY (account, plan) REFERENCES plan (account, id)
) STRICT, WITHOUT ROWID;

-- What was done, in a chain of hashes that only grows.
CREATE TABLE receipt (
  account INTEGER NOT NULL,
  id INTEGER NOT NULL,
  plan INTEGER NOT NULL,
  position INTEGER NOT NULL,
  attempt TEXT NOT NULL,
  actor TEXT NOT NULL,
  state TEXT NOT NULL
    CHECK (state IN ('sent', 'done', 'refused', 'failed', 'unknown', 'undone')),
  at INTEGER NOT NULL,
  before_body TEXT NOT NULL,
  after_body TEXT NOT NULL,
  hash_before TEXT NOT NULL,
  hash TEXT NOT NULL,
  PRIMARY KEY (account, id),
  UNIQUE (account, attempt, state),
  UNIQUE (account, hash),
  FOREIGN KEY (account, plan, position) REFERENCES plan_item (account, plan, position)
) STRICT, WITHOUT ROWID;

-- Whether it was right, against a matched control.
CREATE TABLE verdict (
  account INTEGER NOT NULL,
  receipt INTEGER NOT NULL,
  after_days INTEGER NOT NULL CHECK (after_days > 0),
  judged_at INTEGER NOT NULL,
  outcome TEXT NOT NULL CHECK (outcome IN ('right', 'wrong', 'unclear')),
  lift REAL,
  low REAL,
  high REAL,
  evidence TEXT NOT NULL,
  PRIMARY KEY (account, receipt, after_days),
  FOREIGN KEY (account, receipt) REFERENCES receipt (account, id)
) STRICT, WITHOUT ROWID;

-- One round of the loop.
CREATE TABLE turn (
  account INTEGER NOT NULL,
  id INTEGER NOT NULL,
  started_at INTEGER NOT NULL,
  plan INTEGER NOT NULL,
  steps TEXT NOT NULL,
  PRIMARY KEY (account, id),
  FOREIGN KEY (account, plan) REFERENCES plan (account, id)
) STRICT, WITHOUT ROWID;
)sql";

}  // namespace rf
