// No sequence of operations, through any door, in any interleaving, with crashes, lost and late
// answers, lets an account be able to spend more than its caps on any day.
//
// The model knows nothing of the gate: it watches the platform, keeps for every budget the highest
// value that was in force during the day, and adds these up.

#include <map>
#include <set>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "act/audit.h"
#include "act/kill_all.h"
#include "act/undo.h"
#include "act/world_for_test.h"
#include "store/sqlite.h"
#include "store/store_testing.h"

namespace rf::act {
namespace {

using testing::IsEmpty;

constexpr std::int64_t kUnit = kMicrosPerUnit;
constexpr double kOverspend = 0.75;

Limits caps() {
  Limits limits;
  limits.level = Autonomy::automatic;
  limits.account_daily = usd(1050);  // Budgets of 600, where the account begins with 400.
  limits.campaign_daily = usd(700);  // Of 400.
  limits.change_raise_max = usd(300);
  limits.day_raise_max = usd(450);
  limits.daily_budget_max = usd(350);
  limits.day_changes_max = 1000;
  limits.paused_share_max = 1;
  limits.quorum = {{.raise_above = usd(100), .people = 2}};
  PlatformLimits meta;
  meta.raise_step = 1;
  meta.lower_step = 1;
  meta.raise_cooldown_hours = 0;
  meta.budget_writes_hour = 100;
  meta.budget_writes_day = 1000;
  meta.overspend = kOverspend;
  limits.platforms["meta"] = meta;
  return limits;
}

// What may be spent on one day, seen from the platform alone.
class Model {
 public:
  explicit Model(const Clock& clock) : clock_(&clock) {}

  // Everything as it stands counts from now on.
  void begin(const AccountNow& now) {
    last_total_ = see(now).total;
    if (day_began_with_ == 0) day_began_with_ = last_total_;
  }

  void after_change(const AccountNow& now) {
    const std::int64_t raised = std::max<std::int64_t>(0, see(now).total - last_total_);
    last_total_ = see(now).total;
    if (raised == 0) return;
    ++raises;
    const Limits limits = caps();
    check("change_raise_max", raised, limits.change_raise_max->micros);
    std::map<std::string, std::int64_t> campaigns;
    std::int64_t account = 0;
    for (const auto& [holder, peak] : peaks_) {
      account += peak;
      campaigns[holder.first] += peak;
      check("daily_budget_max", peak, limits.daily_budget_max->micros);
    }
    check("day_raise_max", account - day_began_with_, limits.day_raise_max->micros);
    check("account_daily", spend(account), limits.account_daily->micros);
    for (const auto& each : campaigns) {
      check("campaign_daily", spend(each.second), limits.campaign_daily->micros);
    }
    closest = std::max(closest, static_cast<double>(spend(account)) /
                                    static_cast<double>(limits.account_daily->micros));
  }

  // Somebody else's change counts as it stands now: what was before it is not ours.
  void forget(const AccountNow& now) {
    peaks_.clear();
    begin(now);
  }

  std::vector<std::string> breaches;
  std::int64_t raises = 0;
  double closest = 0;

 private:
  struct Seen {
    std::int64_t total = 0;
  };

  static std::int64_t spend(std::int64_t budgets) {
    return static_cast<std::int64_t>(static_cast<double>(budgets) * (1 + kOverspend));
  }

  void check(std::string_view limit, std::int64_t found, std::int64_t most) {
    if (found > most) breaches.push_back(fmt::format("{}: {} above {}", limit, found, most));
  }

  Seen see(const AccountNow& now) {
    const Day today = test_account().zone.day_at(clock_->now());
    if (today != day_) {
      day_ = today;
      peaks_.clear();
      day_began_with_ = last_total_;
    }
    std::set<std::string> running;
    for (const EntityState& campaign : now.campaigns) {
      if (campaign.status == RunStatus::active) running.insert(campaign.entity.campaign_id);
    }
    Seen seen;
    for (const EntityState& adset : now.adsets) {
      const std::string& campaign = adset.entity.campaign_id;
      const bool runs = adset.status == RunStatus::active && running.contains(campaign);
      const std::int64_t budget = runs ? adset.daily_budget->micros : 0;
      seen.total += budget;
      std::int64_t& peak = peaks_[{campaign, adset.entity.adset_id}];
      peak = std::max(peak, budget);
    }
    return seen;
  }

  const Clock* clock_;
  Day day_ = kNoDay;
  std::map<std::pair<std::string, std::string>, std::int64_t> peaks_;
  std::int64_t last_total_ = 0;
  std::int64_t day_began_with_ = 0;
};

// A life of an account under two processes that share a store and know nothing of each other.
class Life {
 public:
  explicit Life(std::uint64_t seed, const std::string& path)
      : rng_(seed), model_(clock_), platform_(clock_, no_fate_) {
    for (Process& each : processes_) {
      each.store = open_sqlite(path).value();
      each.ledger = std::make_unique<MortalLedger>(each.store->actions(), each.fate);
    }
    RF_CHECK(processes_[0].store->put_account(account_).has_value());
    for (const char* campaign : {"c1", "c2"}) {
      platform_.add(Level::campaign, campaign, "", "", RunStatus::active, {});
      for (int i = 0; i < 3; ++i) {
        const std::string id = fmt::format("{}s{}", campaign, i);
        platform_.add(Level::adset, campaign, id, "",
                      i == 0 ? RunStatus::paused : RunStatus::active, usd(100));
        platform_.add(Level::ad, campaign, id, id + "a", RunStatus::active, {});
      }
    }
    platform_.rng = rng_.split(1);
    platform_.loses = platform_.drops = platform_.delays = 0.1;
    platform_.refuses = 0.01;
    platform_.after_change = [this](const AccountNow& now) { model_.after_change(now); };
    platform_.before_call = [this] { someone_else(); };
    model_.begin(platform_.now);
  }

  void act() {
    switch (rng_.below(12)) {
      case 0: pass(std::chrono::minutes(rng_.below(30))); break;
      case 1: pass(std::chrono::hours(rng_.below(20))); break;
      case 2: colleague(); break;
      default: operation(processes_[0]); break;
    }
    platform_.pass_time();
    ++operations;
  }

  // Lets everything that is under way come to rest.
  void rest() {
    platform_.loses = platform_.drops = platform_.delays = platform_.refuses = 0;
    platform_.before_call = [] {};
    processes_[0].fate = Fate();
    clock_.advance(std::chrono::hours(1));
    platform_.pass_time();
    Hands hands{*processes_[0].ledger, platform_, clock_};
    EXPECT_THAT(resolve(account_.id, std::chrono::minutes(15), hands).value(), IsEmpty());
  }

  const Model& model() const { return model_; }
  AuditState audit() { return verify_audit(processes_[0].store->actions(), account_.id).value(); }

  // What the receipts say of everything must be how it stands, where only we acted.
  void expect_receipts_tell_the_truth() {
    std::map<std::pair<Level, std::string>, Setting> told;
    const std::vector<Receipt> all =
        processes_[0].store->actions().receipts(account_.id, ReceiptQuery()).value();
    for (const Receipt& receipt : all) {
      EXPECT_FALSE(receipt.open()) << receipt.id;
      if (receipt.state == ReceiptState::done) {
        told[{receipt.step.level, receipt.step.entity}] = receipt.step.after;
      }
    }
    for (const auto& [thing, setting] : told) {
      if (touched_.contains(thing)) continue;
      const EntityState* state = find(std::as_const(platform_.now), thing.first, thing.second);
      EXPECT_TRUE(same(setting_of(*state), setting)) << thing.second;
    }
  }

  std::int64_t operations = 0;
  std::int64_t nested = 0;
  std::int64_t crashes = 0;

 private:
  struct Process {
    Fate fate;
    std::unique_ptr<Store> store;
    std::unique_ptr<MortalLedger> ledger;
  };

  // What was delayed takes effect at its time, not at the end.
  void pass(Duration time) {
    for (const Duration step = std::chrono::minutes(1); time > Duration(0); time -= step) {
      clock_.advance(step);
      if (!platform_.is_idle()) platform_.pass_time();
    }
  }

  // In the middle of one process's operation, before any of its calls, the other does something.
  void someone_else() {
    if (rng_.below(25) != 0) return;
    ++nested;
    operation(processes_[1]);
  }

  // Only ever lowers: what a colleague raises is not ours to bound. Nor is how far a change of ours
  // that is under way raises what he has lowered below it meanwhile; its end is within the caps.
  void colleague() {
    if (!platform_.is_idle()) return;
    EntityState& adset = platform_.now.adsets[rng_.below(platform_.now.adsets.size())];
    if (rng_.below(2) == 0) adset.status = RunStatus::paused;
    adset.daily_budget->micros = std::max(kUnit, adset.daily_budget->micros / 2 / kUnit * kUnit);
    touched_.insert({Level::adset, adset.entity.adset_id});
    model_.forget(platform_.now);
  }

  Orders orders() {
    return {.account = account_,
            .limits = caps(),
            .data = {.known_at = clock_.now()},
            .actor = rng_.below(2) == 0 ? "ann" : "bob"};
  }

  void operation(Process& process) {
    process.fate = Fate();
    if (rng_.below(5) == 0) {
      process.fate.dies_at = static_cast<int>(1 + rng_.below(25));
      process.fate.dies_before = rng_.below(2) == 0;
    }
    Hands hands{*process.ledger, platform_, clock_};
    switch (rng_.below(10)) {
      case 0: static_cast<void>(undo(random_choice(process), orders(), hands)); break;
      case 1:
        if (rng_.below(4) == 0) static_cast<void>(kill_all(account_, "ann", "test", hands));
        static_cast<void>(lift(*process.ledger, account_.id, "ann", clock_.now()));
        break;
      default: execute_random_steps(hands); break;
    }
    crashes += process.fate.dead ? 1 : 0;
  }

  UndoChoice random_choice(Process& process) {
    std::vector<Receipt> all =
        process.store->actions().receipts(account_.id, ReceiptQuery()).value();
    UndoChoice choice;
    if (all.empty() || rng_.below(3) == 0) {
      choice.since = clock_.now() - std::chrono::hours(rng_.below(50));
    } else if (rng_.below(2) == 0) {
      choice.batch = all[rng_.below(all.size())].step.batch;
    } else {
      choice.receipts = {all[rng_.below(all.size())].id};
    }
    return choice;
  }

  Step random_step() {
    const bool campaign = rng_.below(6) == 0;
    std::vector<EntityState>& part = campaign ? platform_.now.campaigns : platform_.now.adsets;
    const EntityState& state = part[rng_.below(part.size())];
    Step step{.key = fmt::format("p-{}:{}", batch_, own_id(state.entity)),
              .batch = fmt::format("p-{}", batch_),
              .policy = "increase_budget",
              .level = state.entity.level,
              .entity = own_id(state.entity),
              .campaign = state.entity.campaign_id,
              .before = setting_of(state),
              .after = setting_of(state)};
    if (campaign || rng_.below(3) == 0) {
      step.after.status = state.status == RunStatus::active ? RunStatus::paused : RunStatus::active;
    } else {
      // Mostly sensible, sometimes with a slipped digit.
      const std::int64_t digits = rng_.below(20) == 0 ? 1000 : 1;
      step.after.daily_budget = usd(static_cast<std::int64_t>(1 + rng_.below(400)) * digits);
    }
    return step;
  }

  void execute_random_steps(const Hands& hands) {
    ++batch_;
    Orders all = orders();
    for (std::uint64_t i = 0; i < 1 + rng_.below(4); ++i) {
      Step step = random_step();
      for (const char* person : {"ann", "bob"}) {
        if (rng_.below(3) == 0) continue;
        static_cast<void>(hands.ledger.approve(account_.id, {.key = step.key,
                                                             .fingerprint = fingerprint(step),
                                                             .person = person,
                                                             .at = clock_.now(),
                                                             .step = step}));
      }
      all.steps.push_back(std::move(step));
    }
    static_cast<void>(execute(all, hands));
    if (rng_.below(4) == 0) static_cast<void>(execute(all, hands));  // Asked twice.
  }

  Rng rng_;
  ManualClock clock_{parse_instant("2026-03-27T20:00:00Z").value()};  // A clock change is ahead.
  Account account_ = test_account();
  Model model_;
  Fate no_fate_;  // The platform itself lives on.
  FakePlatform platform_;
  std::array<Process, 2> processes_;
  std::set<std::pair<Level, std::string>> touched_;
  std::int64_t batch_ = 0;
};

// Each seed is one life of 60 operations. RF_LIVES asks for more of them, for a night.
TEST(Caps, HoldInEveryLifeOfAnAccount) {
  // NOLINTNEXTLINE(concurrency-mt-unsafe)
  const char* asked = std::getenv("RF_LIVES");
  const std::uint64_t lives = asked == nullptr ? 40 : std::strtoull(asked, nullptr, 10);
  std::int64_t operations = 0;
  std::int64_t nested = 0;
  std::int64_t crashes = 0;
  std::int64_t raises = 0;
  double closest = 0;
  for (std::uint64_t seed = 1; seed <= lives; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    TemporaryFolder folder;
    Life life(seed, folder.file("store.db"));
    for (int i = 0; i < 60; ++i) life.act();
    life.rest();
    ASSERT_THAT(life.model().breaches, IsEmpty());
    ASSERT_THAT(life.audit().problems, IsEmpty());
    life.expect_receipts_tell_the_truth();
    operations += life.operations;
    nested += life.nested;
    crashes += life.crashes;
    raises += life.model().raises;
    closest = std::max(closest, life.model().closest);
  }
  RecordProperty("operations", static_cast<int>(operations));
  RecordProperty("interleaved", static_cast<int>(nested));
  RecordProperty("crashes", static_cast<int>(crashes));
  RecordProperty("raises", static_cast<int>(raises));
  RecordProperty("closest_percent", static_cast<int>(closest * 100));
  // The lives must come near the cap, or they prove nothing.
  EXPECT_GT(closest, 0.9);
  EXPECT_GT(raises, static_cast<std::int64_t>(lives));
}

}  // namespace
}  // namespace rf::act
