// The seam to an ad platform: what is there, what it says of the ads, and the few things that we
// may change. One implementation for each platform's API; exported files are a platform too.

#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "model/entity.h"
#include "model/metric_row.h"
#include "model/money.h"
#include "model/run_status.h"

namespace rf {

// How far the platform's own optimisation has come.
enum class LearningStage : std::uint8_t { unknown, learning, learned, limited };

// A campaign, ad set or ad as it stands now: what a change starts from, and what is read back.
struct EntityState {
  Entity entity;
  RunStatus status = RunStatus::paused;
  bool delivers = false;              // It runs, and so does everything above it.
  std::optional<Money> daily_budget;  // None where the budget is kept at another level.
  std::optional<Money> lifetime_budget;
  LearningStage learning = LearningStage::unknown;
  std::vector<std::string> issues;  // What the platform says is wrong, in its words.
  std::string creative_id;          // Of ads.
  std::string attribution;          // Of ad sets; empty where it did not say.

  bool operator==(const EntityState&) const = default;
};

// Exactly one of them is given.
struct Change {
  Level level = Level::ad;
  std::string id;  // The platform's own.
  std::optional<RunStatus> status;
  std::optional<Money> daily_budget;

  bool operator==(const Change&) const = default;
};

// Days of metric rows, both included, in the account's zone.
struct InsightsRequest {
  Level level = Level::ad;
  Day from = kNoDay;
  Day to = kNoDay;
  // What the rows are split by, spelled as in MetricRow::breakdown_kind: "age", "gender".
  std::vector<std::string> breakdowns;
  // What counts as a conversion: "purchases", "leads", …; empty for the platform's usual one.
  std::string conversion;
};

struct InsightsSummary {
  std::int64_t rows = 0;
  // Which part of what there is arrived, as far as the platform lets us count it by another way:
  // its own count of rows, or the impressions of the whole account. Below 1 the rows are true and
  // their sum is not. [0, 1]
  double completeness = 1;
  std::vector<std::string> notices;  // What was chosen and what is missing, in words.
};

// An account on a platform, reached with somebody's credentials.
// Errors of every call: denied (credentials or permission: a person must act), throttled (the
// message says until when), unavailable, invalid, corrupt (an answer that breaks its own format),
// over_limit.
// Thread: one at a time.
class AdPlatform {
 public:
  virtual ~AdPlatform() = default;

  virtual Platform platform() const = 0;

  // The accounts that the credentials reach.
  virtual Result<std::vector<Account>> accounts() = 0;

  // Every campaign, ad set and ad of one level.
  virtual Result<std::vector<EntityState>> entities(const AccountId& account, Level level) = 0;

  // One of them, read anew.
  // Errors: not_found.
  virtual Result<EntityState> read(const AccountId& account, Level level, std::string_view id) = 0;

  // Visits the metric rows asked for, by day. An error that `visit` returns ends the walk.
  virtual Result<InsightsSummary> insights(
      const AccountId& account, const InsightsRequest& request,
      const std::function<Status(const MetricRow&)>& visit) = 0;

  // Asks for one change. It does not look whether the change took effect: the caller reads back.
  // Errors: outcome_unknown, when it may have happened.
  virtual Status change(const AccountId& account, const Change& change) = 0;

  // The smallest daily budget that the platform takes for the account; none where it does not say.
  virtual Result<std::optional<Money>> smallest_budget(const AccountId& account) = 0;
};

}  // namespace rf
