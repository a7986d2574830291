#include "api/evaluate/arena.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <memory>
#include <numeric>
#include <optional>

#include <fmt/format.h>

#include "api/scratch.h"
#include "decide/policies.h"
#include "learn/wealth.h"
#include "loop/turn.h"
#include "sim/world.h"

namespace rf::api {
namespace {

// Platforms restate a day for four weeks, so each look asks for that many again.
constexpr Days kRestated{28};

// The hand on the controls: asks the platform for what it reports, pauses, sets budgets. Everything
// it does is written down beside the truth.
class Desk {
 public:
  Desk(sim::World& world, ArenaRun& run) : world_(world), run_(run) {
    for (std::size_t ad = 0; ad < world.scene().ads.size(); ++ad) cap_ += budget(ad);
    killed_.resize(world.scene().ads.size(), false);
  }

  const sim::World& world() const { return world_; }
  std::size_t ads() const { return killed_.size(); }
  bool running(std::size_t ad) const {
    return !world_.paused(ad) && world_.scene().ads[ad].start < world_.today();
  }
  double budget(std::size_t ad) const { return units(world_.daily_budget(ad)); }
  double room() const { return cap_ - live_budget(); }

  void pause(std::size_t ad) {
    if (world_.paused(ad)) return;
    world_.set_paused(ad, true);
    const bool healthy = world_.truth(ad).roas_ratio > sim::kLoserRatio;
    if (healthy && !killed_[ad]) ++run_.healthy_killed;
    if (world_.in_outage(world_.today() - Days(1))) ++run_.outage_pauses;
    killed_[ad] = true;
  }

  void revive(std::size_t ad) {
    if (!killed_[ad]) return;
    world_.set_paused(ad, false);
    // The total that was there at first still holds.
    if (room() < 0) world_.set_paused(ad, true);
  }

  // Rounded down to whole cents; at least one.
  Status set_budget(std::size_t ad, double amount) {
    Money money = world_.daily_budget(ad);
    money.micros = std::max<std::int64_t>(1, static_cast<std::int64_t>(amount * 100)) * 10'000;
    return world_.set_daily_budget(ad, money);
  }

  void close_day() {
    if (live_budget() > cap_ * (1 + 1e-9)) ++run_.cap_breaches;
  }

 private:
  double live_budget() const {
    double sum = 0;
    for (std::size_t ad = 0; ad < killed_.size(); ++ad) {
      if (!world_.paused(ad)) sum += budget(ad);
    }
    return sum;
  }

  sim::World& world_;
  ArenaRun& run_;
  double cap_ = 0;
  std::vector<bool> killed_;
};

// What the platform reports of an ad up to a day.
struct Reported {
  double spend = 0;
  double impressions = 0;
  double clicks = 0;
  double conversions = 0;
  double value = 0;

  double roas() const { return spend > 0 ? value / spend : 0; }
};

std::vector<Reported> reported_since(const sim::World& world, Day last, Day first) {
  std::map<std::string, std::size_t> by_id;
  for (std::size_t ad = 0; ad < world.scene().ads.size(); ++ad) {
    by_id[world.scene().ads[ad].entity.ad_id] = ad;
  }
  std::vector<Reported> all(world.scene().ads.size());
  for (std::size_t account = 0; account < world.scene().accounts.size(); ++account) {
    for (const MetricRow& row : world.export_as_of(account, last, first).rows) {
      Reported& sum = all[by_id.at(row.entity.ad_id)];
      const auto number = [&](Metric metric) {
        return as_number(metric, row.counts.or_zero(metric));
      };
      sum.spend += number(Metric::spend);
      sum.impressions += number(Metric::impressions);
      sum.clicks += number(Metric::link_clicks);
      sum.conversions += number(Metric::conversions);
      sum.value += number(Metric::conversion_value);
    }
  }
  return all;
}

class Steering {
 public:
  virtual ~Steering() = default;
  // After the day `last` ended.
  virtual Status steer(Desk& desk, Day last) = 0;
};

class Even final : public Steering {
 public:
  Status steer(Desk&, Day) override { return {}; }
};

// The thresholds of the notes as they stand there, on the numbers of the moment.
class Notes final : public Steering {
 public:
  Status steer(Desk& desk, Day last) override {
    const std::vector<Reported> all =
        reported_since(desk.world(), last, desk.world().scene().first_day);
    const Reported sum = total(all);
    for (std::size_t ad = 0; ad < desk.ads(); ++ad) {
      if (!desk.running(ad)) continue;
      if (is_loser(all[ad], sum)) {
        desk.pause(ad);
        continue;
      }
      if (all[ad].spend < 50 || all[ad].conversions < 5) continue;
      const double roas = all[ad].roas();
      if (roas >= 3) RF_TRY(desk.set_budget(ad, desk.budget(ad) * 1.5));
      if (roas < 1) RF_TRY(desk.set_budget(ad, std::max(10.0, desk.budget(ad) * 0.5)));
    }
    return {};
  }

 private:
  static Reported total(const std::vector<Reported>& all) {
    Reported sum;
    for (const Reported& ad : all) {
      sum.spend += ad.spend;
      sum.conversions += ad.conversions;
    }
    return sum;
  }

  static bool is_loser(const Reported& ad, const Reported& sum) {
    const double target_cpa = sum.conversions > 0 ? sum.spend / sum.conversions : 50;
    if (ad.impressions >= 1000 && ad.clicks / ad.impressions < 0.005) return true;
    if (ad.clicks >= 100 && ad.conversions / ad.clicks < 0.005) return true;
    if (ad.conversions >= 3 && ad.spend / ad.conversions > 3 * target_cpa) return true;
    if (ad.spend >= 100 && ad.conversions == 0) return true;
    return ad.spend >= 100 && ad.roas() < 0.5;
  }
};

// On Mondays: stops what lost money over two weeks, gives half of it to the three best.
class Weekly final : public Steering {
 public:
  Status steer(Desk& desk, Day last) override {
    if ((last - desk.world().scene().first_day).count() % 7 != 6) return {};
    const std::vector<Reported> all = reported_since(desk.world(), last, last - Days(13));
    double freed = 0;
    std::vector<std::size_t> best;
    for (std::size_t ad = 0; ad < desk.ads(); ++ad) {
      if (!desk.running(ad)) continue;
      if (all[ad].spend >= 300 && all[ad].roas() < 1) {
        freed += desk.budget(ad);
        desk.pause(ad);
      } else if (all[ad].spend >= 300) {
        best.push_back(ad);
      }
    }
    std::ranges::stable_sort(best, std::greater<>(),
                             [&](std::size_t ad) { return all[ad].roas(); });
    best.resize(std::min<std::size_t>(best.size(), 3));
    for (std::size_t ad : best) {
      const double more = freed / 2 / static_cast<double>(best.size());
      RF_TRY(desk.set_budget(ad, desk.budget(ad) + std::min(more, desk.room())));
    }
    return {};
  }
};

// The loop itself, on a store of its own: what a user has who imports every night and does what the
// plan says, within the total he started with.
class Loop final : public Steering {
 public:
  Loop(std::unique_ptr<Store> store, std::size_t ads) : store_(std::move(store)), last_step_(ads) {}

  Status steer(Desk& desk, Day last) override {
    for (std::size_t account = 0; account < desk.world().scene().accounts.size(); ++account) {
      RF_TRY(import(desk.world(), account, last));
      ManualClock clock(desk.world().taken_at(account, last));
      loop::Turned turned =
          RF_TRY(loop::turn(*store_, desk.world().scene().accounts[account].account, clock));
      RF_TRY(follow(desk, turned.plan, last));
    }
    return {};
  }

 private:
  Status import(const sim::World& world, std::size_t account, Day last) {
    sim::Export file = world.export_as_of(account, last, last - kRestated);
    const std::string name = fmt::format("{}-{}", account, to_iso(last));
    std::unique_ptr<MetricWriter> writer = RF_TRY(store_->write_metrics(
        {.file = name, .sha256 = name, .as_of = world.taken_at(account, last)}));
    for (const MetricRow& row : file.rows) RF_TRY(writer->add(file.account, row));
    RF_TRY(writer->commit(JsonObject()));
    return {};
  }

  Status follow(Desk& desk, const Plan& plan, Day last) {
    for (const PlanItem& item : plan.items) {
      const std::optional<std::size_t> ad = find(desk, item);
      if (!ad) continue;
      if (item.action == Action::revive) desk.revive(*ad);
      if (!desk.running(*ad)) continue;
      if (item.action == Action::kill) desk.pause(*ad);
      if (moves_money(item)) RF_TRY(step(desk, *ad, item, last));
    }
    return {};
  }

  static bool moves_money(const PlanItem& item) {
    const bool moves = item.action == Action::promote || item.action == Action::increase_budget ||
                       item.action == Action::decrease_budget;
    return moves && item.from && item.to && item.from->micros > 0;
  }

  Status step(Desk& desk, std::size_t ad, const PlanItem& item, Day last) {
    // Platforms learn anew after a step, so an ad rests between two.
    std::optional<Day>& stepped = last_step_[ad];
    const std::int64_t rest = decide::Policies().budget.cooldown_hours;
    if (stepped && Days((last - *stepped)).count() * 24 < rest) return {};
    const double now = desk.budget(ad);
    const double wish = item.action == Action::decrease_budget ? std::min(now, units(*item.to))
                                                               : std::max(now, units(*item.to));
    RF_TRY(desk.set_budget(ad, std::min(wish, now + std::max(0.0, desk.room()))));
    stepped = last;
    return {};
  }

  static std::optional<std::size_t> find(const Desk& desk, const PlanItem& item) {
    for (std::size_t ad = 0; ad < desk.ads(); ++ad) {
      const sim::Ad& each = desk.world().scene().ads[ad];
      const std::string& account = desk.world().scene().accounts[each.account].account.id.text;
      if (account == item.account && id_of(each.entity).text == item.entity) return ad;
    }
    return std::nullopt;
  }

  std::unique_ptr<Store> store_;
  std::vector<std::optional<Day>> last_step_;
};

Result<std::unique_ptr<Steering>> steering_of(Way way, std::size_t ads, const Scratch& scratch,
                                              Services& services) {
  switch (way) {
    case Way::even: return std::unique_ptr<Steering>(std::make_unique<Even>());
    case Way::notes: return std::unique_ptr<Steering>(std::make_unique<Notes>());
    case Way::weekly: return std::unique_ptr<Steering>(std::make_unique<Weekly>());
    case Way::reelforge: break;
  }
  std::unique_ptr<Store> store =
      RF_TRY(services.open_store()((scratch.path() / "arena.db").string()));
  return std::unique_ptr<Steering>(std::make_unique<Loop>(std::move(store), ads));
}

double value_of(const sim::AdDay& day) {
  double value = 0;
  for (const sim::Order& order : day.orders) {
    value += as_number(Metric::conversion_value, order.value_micros);
  }
  return value;
}

// Twenty to one against "as good as an average ad".
constexpr double kConfirmed = 20;

// What was spent on a loser after it could be known: after the first day at whose end a bookkeeper
// who sees every order, late ones too, has the evidence of kConfirmed. The same moment for every
// way of running the account, so that only the stopping differs.
double waste_of(const sim::World& world, std::size_t ad) {
  const sim::Ad& planted = world.scene().ads[ad];
  const double cpa = sim::cpa_of(world.scene().accounts[planted.account].typical);
  const double phi = world.scene().overdispersion;
  double spend = 0;
  double orders = 0;
  double waste = 0;
  bool confirmed = false;
  for (const sim::AdDay& day : world.days_of(ad)) {
    const double today = as_number(Metric::spend, day.counts.or_zero(Metric::spend));
    if (confirmed) waste += today;
    spend += today;
    for (const sim::Order& order : day.orders) {
      orders += as_number(Metric::conversions, order.credit_micros);
    }
    confirmed =
        confirmed || learn::wealth_below_reaches(orders / phi, spend / cpa / phi, kConfirmed);
  }
  return waste;
}

void close_books(const sim::World& world, ArenaRun& run) {
  for (std::size_t ad = 0; ad < world.scene().ads.size(); ++ad) {
    double spend = 0;
    for (const sim::AdDay& day : world.days_of(ad)) {
      spend += as_number(Metric::spend, day.counts.or_zero(Metric::spend));
      run.value += value_of(day);
    }
    run.spend += spend;
    if (spend == 0) continue;
    const sim::Ad& planted = world.scene().ads[ad];
    const sim::Rates& typical = world.scene().accounts[planted.account].typical;
    if (sim::roas_of(planted.rates) > sim::kLoserRatio * sim::roas_of(typical)) {
      ++run.healthy;
      continue;
    }
    ++run.losers;
    if (world.paused(ad)) ++run.losers_stopped;
    run.loser_waste.push_back(waste_of(world, ad));
    run.loser_spend.push_back(spend);
  }
}

Status check_one_currency(const sim::Scene& scene) {
  for (const sim::AdAccount& each : scene.accounts) {
    if (each.account.currency == scene.accounts.front().account.currency) continue;
    return fail(ErrorCode::invalid,
                "the world's accounts have different currencies; amounts could not be added up");
  }
  return {};
}

}  // namespace

Result<ArenaRun> run_in_arena(const sim::WorldSpec& spec, std::int64_t days, Way way,
                              Services& services) {
  sim::World world = RF_TRY(sim::World::make(spec));
  RF_TRY(check_one_currency(world.scene()));
  ArenaRun run;
  run.outages = std::ssize(world.scene().outages);
  Desk desk(world, run);
  std::unique_ptr<Scratch> scratch = RF_TRY(Scratch::make("arena"));
  std::unique_ptr<Steering> steering = RF_TRY(steering_of(way, desk.ads(), *scratch, services));
  for (std::int64_t day = 0; day < days; ++day) {
    if (services.progress().cancelled()) return fail(ErrorCode::conflict, "cancelled");
    world.run_day();
    RF_TRY(steering->steer(desk, world.today() - Days(1)));
    desk.close_day();
  }
  close_books(world, run);
  return run;
}

}  // namespace rf::api
