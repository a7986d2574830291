// The platforms' books over a world: accounts, campaigns, ad sets and ads with the status and
// budget that API calls give them, and what that makes of each day.
//
// The world knows ads and their money; the books know who may spend it. A budget stands at an ad
// set (Google: at the campaign) and is split among the ads below it that may run, in proportion to
// what they were planned with. Books that nobody touches leave the world as it would be without
// them.

#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "base/result.h"
#include "base/time.h"
#include "model/entity.h"
#include "model/money.h"
#include "sim/world.h"

namespace rf::sim {

enum class RunState : std::uint8_t { active, paused, archived, deleted };
enum class Review : std::uint8_t { pending, approved, rejected };
enum class Learning : std::uint8_t { learning, learned, limited };

// Chosen as the platforms describe it: about 50 results within a week end the learning phase, and a
// budget step of more than a fifth begins it anew.
// Source: Meta's help pages on the learning phase; the fifth is practitioners' measure.
inline constexpr double kLearningResults = 50;
inline constexpr Days kLearningDays{7};
inline constexpr double kLargeStep = 0.2;

struct CampaignBook {
  std::size_t account = 0;
  std::string id, name;
  RunState state = RunState::active;
  std::optional<Money> daily_budget;
  JsonObject given;  // What was said of it when it was made, and is only repeated.
  Instant created{}, updated{};
};

struct AdSetBook {
  std::size_t account = 0;
  std::size_t campaign = 0;
  std::string id, name;
  RunState state = RunState::active;
  std::optional<Money> daily_budget;
  Learning learning = Learning::learning;
  Day learns_since;            // The last edit that begins learning anew, or its first day.
  bool edited = false;         // False: it learns as every planted ad did, at no cost of its own.
  double results = 0;          // Since then, as far as they are reported.
  std::vector<Instant> steps;  // When its budget was changed.
  JsonObject given;
  Instant created{}, updated{};
};

struct AdBook {
  std::size_t account = 0;
  std::size_t campaign = 0;
  std::size_t adset = 0;
  std::string id, name;
  RunState state = RunState::active;
  Review review = Review::approved;
  std::size_t world_ad = 0;
  std::string creative_id;
  JsonObject given;
  Instant created{}, updated{};
};

// A creative, video or image: an id, an owner, and what was said of it.
struct AssetBook {
  std::size_t account = 0;
  std::string id, name, kind;  // "creative", "video", "image".
  std::int64_t bytes_total = 0;
  std::string bytes;  // What has arrived; kept for videos that arrive in pieces.
  bool complete = false;
  std::int64_t looks = 0;  // How often somebody asked whether it is ready.
  JsonObject given;
  Instant created{};
};

// One change that took effect, for whoever checks that none happened twice.
struct WriteRecord {
  Instant at{};
  std::string what;  // "budget", "status", "name", "create campaign".
  std::string id;
  std::string from, to;
};

// What is reported of one thing over one run of days.
struct ReportedRow {
  std::size_t index = 0;  // Of the campaign, ad set or ad; 0 for the account's row.
  Day first, last;
  Counts counts;
};

struct ReportQuery {
  std::size_t account = 0;
  Level level = Level::ad;
  Day first, last;
  std::int64_t days_per_row = 1;                   // 0: one row for the whole range.
  std::optional<std::size_t> campaign, adset, ad;  // Only what is below it.
};

struct AdSetDraft {
  std::size_t campaign = 0;
  std::string name;
  RunState state = RunState::paused;
  std::optional<Money> daily_budget;
  JsonObject given;
};

struct AdDraft {
  std::size_t adset = 0;
  std::string name;
  RunState state = RunState::paused;
  std::string creative_id;
  JsonObject given;
};

// Thread: callers take lock() around every use; the faces do.
class Sandbox {
 public:
  // REQUIRES: `clock` outlives this; it moves the time within the day, never the day.
  // Errors: as make_scene().
  static Result<std::unique_ptr<Sandbox>> make(const WorldSpec& spec, const Clock& clock);

  Sandbox(World world, const Clock& clock);

  std::unique_lock<std::mutex> lock() { return std::unique_lock(mutex_); }

  const World& world() const { return world_; }

  // The day that runs now; reports reach to the day before.
  Day today() const { return world_.today(); }

  // Noon of today in UTC, and what the clock has moved since the day began, less than half a day.
  Instant now() const;

  // Runs so many days under the present books.
  // REQUIRES: days >= 0.
  void run_days(std::int64_t days);

  const std::vector<CampaignBook>& campaigns() const { return campaigns_; }
  const std::vector<AdSetBook>& adsets() const { return adsets_; }
  const std::vector<AdBook>& ads() const { return ads_; }
  const std::vector<AssetBook>& assets() const { return assets_; }
  const std::vector<WriteRecord>& writes() const { return writes_; }

  // The platform's own number of the account: "12029000210001907".
  std::string account_number(std::size_t account) const;
  std::optional<std::size_t> find_account(Platform platform, std::string_view number) const;

  struct Place {
    Level level = Level::campaign;
    std::size_t index = 0;
  };
  std::optional<Place> find(std::string_view id) const;
  std::optional<std::size_t> find_asset(std::string_view id) const;

  // Whether it runs, and all above it.
  bool delivers(Place place) const;
  RunState state_of(Place place) const;
  std::size_t account_of(Place place) const;

  // From the next day on.
  void set_state(Place place, RunState state);
  void set_name(Place place, std::string name);
  // REQUIRES: the place is a campaign or ad set; the budget is positive and in its currency.
  void set_budget(Place place, Money budget);
  // Merges what an update said into what is repeated; `large` begins learning anew.
  void set_given(Place place, const JsonObject& given, bool large);

  std::size_t add_campaign(CampaignBook draft);
  std::size_t add_adset(AdSetDraft draft);
  std::size_t add_ad(AdDraft draft);
  std::size_t add_asset(AssetBook draft);
  AssetBook& asset(std::size_t index) { return assets_[index]; }

  // Notes a conversion event; false when one with that key came within the last 48 hours.
  bool take_event(const std::string& key, Instant at);
  std::int64_t events_kept() const { return events_kept_; }
  std::int64_t events_doubled() const { return events_doubled_; }

  // By thing, then by day, only where something was delivered.
  // Cost: one step for each ad-day of the account.
  std::vector<ReportedRow> report(const ReportQuery& query) const;

  // Moves with everything that reports could show.
  std::uint64_t version() const { return version_; }

 private:
  void plant();
  void apply_books();
  void share_budget(const std::vector<std::size_t>& ads, const std::optional<Money>& budget);
  void watch_learning();
  void finish_reviews();
  void learn_anew(std::size_t adset);
  void note(std::string what, const std::string& id, std::string from, std::string to);
  std::string next_id(std::size_t account, Level level);
  bool may_run(const AdBook& ad) const;
  Money planned_budget(const AdSetBook& adset) const;

  World world_;
  const Clock& clock_;
  Instant day_began_;
  std::mutex mutex_;
  std::vector<CampaignBook> campaigns_;
  std::vector<AdSetBook> adsets_;
  std::vector<AdBook> ads_;
  std::vector<AssetBook> assets_;
  std::vector<WriteRecord> writes_;
  std::map<std::string, Place, std::less<>> places_;
  std::map<std::string, std::size_t, std::less<>> asset_places_;
  std::map<std::string, Instant, std::less<>> events_;
  std::int64_t events_kept_ = 0;
  std::int64_t events_doubled_ = 0;
  std::uint64_t made_ = 0;
  std::uint64_t version_ = 1;
};

}  // namespace rf::sim
