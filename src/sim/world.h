// A small world with a hidden truth: ads run day by day, orders come in late, and the platforms
// tell of a day only what they know when they are asked.
//
// Each ad has its own chance for each day, so a change to one ad never moves another's numbers.

#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

#include "base/described.h"
#include "base/result.h"
#include "base/time.h"
#include "model/metric_row.h"
#include "sim/ad_day.h"
#include "sim/scene.h"

namespace rf::sim {

// What would be right to say of an ad: by its true return on money, against an average ad's.
enum class AdClass : std::uint8_t {
  winner,      // At least kWinnerRatio times the average return.
  loser,       // At most kLoserRatio times.
  average,     // Between the two.
  undecidable  // Too little money was spent on it for anyone to know.
};

inline constexpr double kWinnerRatio = 1.5;
inline constexpr double kLoserRatio = 0.6;

struct Truth {
  AdClass ad_class = AdClass::undecidable;
  Role role = Role::average;
  Rates first;            // On its first day.
  Rates now;              // After fatigue.
  double roas_ratio = 0;  // Today's true return on ad spend ÷ an average ad's.
  double evidence = 0;    // Orders that an average ad would have brought for its spend.
};

// What a platform would put into one report file.
struct Export {
  Account account;
  Day first;
  Day last;
  std::vector<MetricRow> rows;  // By day, then by ad; only days on which the ad was shown.
};

class World {
 public:
  // Errors: invalid, as make_scene().
  static Result<World> make(const WorldSpec& spec);

  // REQUIRES: every ad's account exists and has its currency; its budget is positive.
  explicit World(Scene scene);

  const Scene& scene() const { return scene_; }

  // The first day that has not been run.
  Day today() const { return today_; }

  // Runs every ad that has started and is not paused for one day.
  void run_day();

  // REQUIRES: days >= 0.
  void run_days(std::int64_t days);

  // From the next day on. Prices rise with the budget, so more money has falling returns.
  // REQUIRES: ad < scene().ads.size(), here and below.
  // Errors: invalid, when it is not positive or of another currency.
  Status set_daily_budget(std::size_t ad, Money budget);
  Money daily_budget(std::size_t ad) const;
  void set_paused(std::size_t ad, bool paused);
  bool paused(std::size_t ad) const;

  // Multiplies the ad's prices from the next day on: what a platform's learning costs. 1 at first.
  // REQUIRES: pressure > 0.
  void set_price_pressure(std::size_t ad, double pressure);

  // Adds an ad and returns its index; nobody else's numbers change.
  // REQUIRES: as the constructor; ad.stream is no other ad's.
  std::size_t add_ad(Ad ad);

  Truth truth(std::size_t ad) const;

  // Whether tracking is broken on that day.
  bool in_outage(Day day) const;

  // What truly happened, orders still on their way included.
  const std::vector<AdDay>& days_of(std::size_t ad) const;

  // What the account's platform would say of the days from `first` to `as_of` at the end of
  // `as_of`: delivery, but for what the scene leaves unsettled of the newest day, and the orders
  // that have arrived by then, but for those that arrived in an outage.
  // REQUIRES: account < scene().accounts.size().
  Export export_as_of(std::size_t account, Day as_of, Day first) const;
  Export export_as_of(std::size_t account, Day as_of) const;

  // The moment at which such a file is taken: the first of the next day, in the account's zone.
  Instant taken_at(std::size_t account, Day as_of) const;

  // The same for one day of one ad.
  // REQUIRES: day is one of days_of(ad), and not after `as_of`.
  Counts reported(std::size_t ad, const AdDay& day, Day as_of) const;

 private:
  struct AdState {
    Money budget;
    bool paused = false;
    double pressure = 1;
    std::int64_t impressions = 0;
    std::int64_t spend_micros = 0;
    std::vector<AdDay> days;
  };

  const AdState& state_of(std::size_t ad) const;
  void add_state(const Ad& ad);

  Scene scene_;
  Day today_;
  std::vector<AdState> states_;  // Beside scene_.ads.
};

}  // namespace rf::sim

namespace rf {

template <>
struct EnumNames<sim::AdClass> {
  static constexpr auto names = std::to_array<std::pair<sim::AdClass, std::string_view>>(
      {{sim::AdClass::winner, "winner"},
       {sim::AdClass::loser, "loser"},
       {sim::AdClass::average, "average"},
       {sim::AdClass::undecidable, "undecidable"}});
};

}  // namespace rf
