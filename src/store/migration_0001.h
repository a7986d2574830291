// Version 1 of the tables: accounts, what can be measured, every number with all its versions.

#pragma once

#include <string_view>

namespace rf {

// One SQL for two databases: PostgreSQL reads INTEGER as BIGINT and leaves out STRICT and WITHOUT
// ROWID. Days count from 1970-01-01, instants are microseconds since then in UTC, amounts are
// millionths. Every table of an account starts its key with the account, so that it can be sharded.
inline constexpr std::string_view kMigration0001 = R"sql(
CREATE TABLE account (
  id INTEGER NOT NULL PRIMARY KEY,
  key TEXT NOT NULL UNIQUE,
  platform TEXT NOT NULL CHECK (platform IN ('meta', 'tiktok', 'google', 'plain')),
  name TEXT NOT NULL,
  currency TEXT NOT NULL CHECK (length(currency) = 3),
  zone TEXT NOT NULL
) STRICT;

-- Words that repeat in millions of rows: attribution settings, conversion events, parts.
CREATE TABLE term (
  id INTEGER NOT NULL PRIMARY KEY,
  text TEXT NOT NULL UNIQUE
) STRICT;
INSERT INTO term (id, text) VALUES (0, '');

-- An account, campaign, ad set or ad, with the names that lead to it.
CREATE TABLE entity (
  account INTEGER NOT NULL REFERENCES account (id),
  id INTEGER NOT NULL,
  key TEXT NOT NULL,
  level TEXT NOT NULL CHECK (level IN ('account', 'campaign', 'adset', 'ad')),
  campaign_id TEXT NOT NULL,
  campaign_name TEXT NOT NULL,
  adset_id TEXT NOT NULL,
  adset_name TEXT NOT NULL,
  ad_id TEXT NOT NULL,
  ad_name TEXT NOT NULL,
  named_as_of INTEGER NOT NULL,
  PRIMARY KEY (account, id),
  UNIQUE (account, key)
) STRICT, WITHOUT ROWID;

-- What one line of numbers is about. `whole` is the series that this one is a part of, itself when
-- it is not a part; it has a smaller number than its parts, which the reader relies on.
CREATE TABLE series (
  account INTEGER NOT NULL,
  id INTEGER NOT NULL,
  entity INTEGER NOT NULL,
  grain TEXT NOT NULL CHECK (grain IN ('day', 'total')),
  attribution INTEGER NOT NULL REFERENCES term (id),
  event INTEGER NOT NULL REFERENCES term (id),
  breakdown_kind INTEGER NOT NULL REFERENCES term (id),
  breakdown INTEGER NOT NULL REFERENCES term (id),
  whole INTEGER NOT NULL CHECK (whole <= id),
  PRIMARY KEY (account, id),
  UNIQUE (account, entity, grain, attribution, event, breakdown_kind, breakdown),
  FOREIGN KEY (account, entity) REFERENCES entity (account, id),
  FOREIGN KEY (account, whole) REFERENCES series (account, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE import_log (
  id INTEGER NOT NULL PRIMARY KEY,
  file TEXT NOT NULL,
  sha256 TEXT NOT NULL,
  options_sha256 TEXT NOT NULL,
  as_of INTEGER NOT NULL,
  imported_at INTEGER NOT NULL,
  added INTEGER NOT NULL,
  restated INTEGER NOT NULL,
  unchanged INTEGER NOT NULL,
  report TEXT NOT NULL
) STRICT;
CREATE INDEX import_log_by_file ON import_log (sha256, options_sha256);

-- Every version of every number. Lies on disk by day, because days are what arrives and what is
-- asked for.
CREATE TABLE metric_row (
  account INTEGER NOT NULL,
  day INTEGER NOT NULL,
  series INTEGER NOT NULL,
  as_of INTEGER NOT NULL,
  import_id INTEGER NOT NULL REFERENCES import_log (id),
  line INTEGER NOT NULL,
  spend INTEGER, impressions INTEGER, reach INTEGER, clicks_all INTEGER, link_clicks INTEGER,
  outbound_clicks INTEGER, landing_page_views INTEGER, video_plays INTEGER, video_2s INTEGER,
  video_3s INTEGER, video_6s INTEGER, thruplays INTEGER, views INTEGER, video_p25 INTEGER,
  video_p50 INTEGER, video_p75 INTEGER, video_p95 INTEGER, video_p100 INTEGER,
  watch_time_ms INTEGER, engagements INTEGER, reactions INTEGER, comments INTEGER,
  shares INTEGER, saves INTEGER, follows INTEGER, profile_visits INTEGER, results INTEGER,
  conversions INTEGER, conversion_value INTEGER, purchases INTEGER, purchase_value INTEGER,
  leads INTEGER, adds_to_cart INTEGER, checkouts INTEGER, content_views INTEGER,
  PRIMARY KEY (account, day, series, as_of, import_id),
  FOREIGN KEY (account, series) REFERENCES series (account, id)
) STRICT, WITHOUT ROWID;

-- Which days an import spoke of, and how many of its rows said something new.
CREATE TABLE import_day (
  account INTEGER NOT NULL REFERENCES account (id),
  import_id INTEGER NOT NULL REFERENCES import_log (id),
  day INTEGER NOT NULL,
  rows INTEGER NOT NULL CHECK (rows >= 0),
  PRIMARY KEY (account, import_id, day)
) STRICT, WITHOUT ROWID;
CREATE INDEX import_day_by_day ON import_day (account, day, import_id);

-- The last import that entity_total contains.
CREATE TABLE remembered (
  account INTEGER NOT NULL PRIMARY KEY REFERENCES account (id),
  import_id INTEGER NOT NULL REFERENCES import_log (id)
) STRICT;

-- The sum over a series' resolved days, and for each metric on how many of them it was reported:
-- a sum that no day reports is NULL. Reach is kept only while there is one day.
CREATE TABLE entity_total (
  account INTEGER NOT NULL,
  series INTEGER NOT NULL,
  first_day INTEGER NOT NULL,
  last_day INTEGER NOT NULL,
  days INTEGER NOT NULL CHECK (days > 0),
  spend INTEGER, impressions INTEGER, reach INTEGER, clicks_all INTEGER, link_clicks INTEGER,
  outbound_clicks INTEGER, landing_page_views INTEGER, video_plays INTEGER, video_2s INTEGER,
  video_3s INTEGER, video_6s INTEGER, thruplays INTEGER, views INTEGER, video_p25 INTEGER,
  video_p50 INTEGER, video_p75 INTEGER, video_p95 INTEGER, video_p100 INTEGER,
  watch_time_ms INTEGER, engagements INTEGER, reactions INTEGER, comments INTEGER,
  shares INTEGER, saves INTEGER, follows INTEGER, profile_visits INTEGER, results INTEGER,
  conversions INTEGER, conversion_value INTEGER, purchases INTEGER, purchase_value INTEGER,
  leads INTEGER, adds_to_cart INTEGER, checkouts INTEGER, content_views INTEGER,
  spend_days INTEGER NOT NULL, impressions_days INTEGER NOT NULL,
  clicks_all_days INTEGER NOT NULL, link_clicks_days INTEGER NOT NULL,
  outbound_clicks_days INTEGER NOT NULL, landing_page_views_days INTEGER NOT NULL,
  video_plays_days INTEGER NOT NULL, video_2s_days INTEGER NOT NULL,
  video_3s_days INTEGER NOT NULL, video_6s_days INTEGER NOT NULL,
  thruplays_days INTEGER NOT NULL, views_days INTEGER NOT NULL,
  video_p25_days INTEGER NOT NULL, video_p50_days INTEGER NOT NULL,
  video_p75_days INTEGER NOT NULL, video_p95_days INTEGER NOT NULL,
  video_p100_days INTEGER NOT NULL, watch_time_ms_days INTEGER NOT NULL,
  engagements_days INTEGER NOT NULL, reactions_days INTEGER NOT NULL,
  comments_days INTEGER NOT NULL, shares_days INTEGER NOT NULL, saves_days INTEGER NOT NULL,
  follows_days INTEGER NOT NULL, profile_visits_days INTEGER NOT NULL,
  results_days INTEGER NOT NULL, conversions_days INTEGER NOT NULL,
  conversion_value_days INTEGER NOT NULL, purchases_days INTEGER NOT NULL,
  purchase_value_days INTEGER NOT NULL, leads_days INTEGER NOT NULL,
  adds_to_cart_days INTEGER NOT NULL, checkouts_days INTEGER NOT NULL,
  content_views_days INTEGER NOT NULL,
  PRIMARY KEY (account, series),
  FOREIGN KEY (account, series) REFERENCES series (account, id)
) STRICT, WITHOUT ROWID;
)sql";

}  // namespace rf
