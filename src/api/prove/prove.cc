#include "api/prove/prove.h"

#include <algorithm>
#include <cmath>
#include <fstream>
#include <utility>

#include <fmt/format.h>

#include "api/accounts.h"
#include "api/acting.h"
#include "api/limits.h"
#include "api/prove/books.h"
#include "api/prove/stage.h"
#include "api/sync.h"
#include "api/turn.h"
#include "api/verdicts.h"
#include "platform/conversions.h"
#include "sim/world_file.h"

namespace rf::api {
namespace {

constexpr Days kRestated{28};

// Chosen: one call in ten fails, a client tries four times, an operation makes some tens of calls:
// five times in a row is one in 10^10.
constexpr int kTriesMax = 6;
// Beyond the gate's `settle_minutes`, after which a lost request no longer takes effect.
constexpr Duration kBetweenTries = std::chrono::minutes(16);

StageRules rules_of(const SandboxProveInput& input, const sim::WorldSpec& world) {
  StageRules rules{.world = world, .faces = {}};
  rules.faces.faults = {.seed = static_cast<std::uint64_t>(input.fault_seed),
                        .refused = input.refused,
                        .throttled = input.throttled,
                        .lost_before = input.lost_before,
                        .lost_after = input.lost_after};
  rules.skew_max =
      Duration(std::llround(input.skew_minutes * 60'000'000));  // Duration is microseconds.
  return rules;
}

// One run: a user's days on the stage.
class Run {
 public:
  Run(const SandboxProveInput& input, ProofStage& stage)
      : input_(input),
        stage_(stage),
        chance_(static_cast<std::uint64_t>(input.fault_seed)),
        seen_(stage.scene().accounts.size()) {}

  Result<ProofRun> run(Progress& progress) {
    for (std::int64_t day = 0; day < kWarmDays; ++day) stage_.next_day();
    RF_TRY(begin());
    for (std::int64_t day = 0; day < input_.days; ++day) {
      if (progress.cancelled()) return fail(ErrorCode::conflict, "cancelled");
      progress.report("days", day, input_.days);
      RF_TRY(live_a_day());
      stage_.next_day();
    }
    // What the last day's changes did is only seen after it.
    RF_TRY(for_each_account([&](std::size_t account) { return measure(account); }));
    return finish();
  }

 private:
  // Chosen: turns begin with a few days to look at, as a user's do.
  static constexpr std::int64_t kWarmDays = 3;

  const Account& account_at(std::size_t account) const {
    return stage_.scene().accounts[account].account;
  }

  template <typename Work>
  Status for_each_account(Work work) {
    for (std::size_t account = 0; account < seen_.size(); ++account) RF_TRY(work(account));
    return {};
  }

  static bool may_pass(ErrorCode code) {
    return code == ErrorCode::unavailable || code == ErrorCode::throttled ||
           code == ErrorCode::outcome_unknown;
  }

  // As whoever schedules the program does: what failed in passing is asked for again, later.
  template <typename Work>
  Status repeat(std::string_view what, Work work) {
    for (int tries = 1;; ++tries) {
      Status done = work();
      if (done || !may_pass(done.error().code) || tries == kTriesMax) {
        if (done) return done;
        Error error = std::move(done).error();
        error.message = fmt::format("{}: {}", what, error.message);
        return error;
      }
      ++result_.repeats;
      if (!stage_.wait(kBetweenTries)) return fail(ErrorCode::conflict, "cancelled");
    }
  }

  // What the gate or the platform refuses for good, such as a budget below the platform's smallest,
  // is no failure here: nothing was changed.
  static Status first_of(const std::vector<Failure>& failed) {
    for (const Failure& each : failed) {
      if (each.code == "unavailable" || each.code == "throttled" || each.code == "outcome_unknown")
        return fail(ErrorCode::unavailable, each.message);
    }
    for (const Failure& each : failed) {
      if (each.code == "corrupt" || each.code == "unsupported")
        return fail(ErrorCode::corrupt, fmt::format("{}: {}", each.what, each.message));
    }
    return {};
  }

  Status begin() {
    return for_each_account([&](std::size_t account) -> Status {
      RF_TRY(repeat("connect", [&] { return connect(account); }));
      RF_TRY(measure(account));
      return allow(account);
    });
  }

  Status connect(std::size_t account) {
    const Platform platform = account_at(account).platform;
    RF_TRY(accounts_connect({.platform = std::string(to_string(platform)),
                             .account = stage_.box().account_number(account),
                             .secrets = "",
                             .base_url = stage_.url(platform),
                             .api_version = "",
                             .login = ""},
                            stage_.services()));
    return {};
  }

  // Wide limits: the proof is about what happens, not about how much.
  Status allow(std::size_t account) {
    const std::string_view code = account_at(account).currency.code();
    const std::string path = stage_.folder() + "/limits.toml";
    std::ofstream(path) << fmt::format(
        "level = \"approve\"\naccount_daily = {{ amount = \"10000000\", currency = \"{0}\" }}\n"
        "change_raise_max = {{ amount = \"1000000\", currency = \"{0}\" }}\n",
        code);
    RF_TRY(limits_set({.file = path, .account = account_at(account).id.text}, stage_.services()));
    return {};
  }

  Status measure(std::size_t account) {
    return repeat("sync", [&]() -> Status {
      const SyncOutput output = RF_TRY(sync({.account = account_at(account).id.text,
                                             .days = kRestated.count(),
                                             .conversion = "",
                                             .split = {}},
                                            stage_.services()));
      RF_TRY(first_of(output.failed));
      const SyncedAccount& view = output.accounts.front();
      const Day reached = stage_.box().today() - Days(1);
      for (Day day = view.from; day <= view.to; day += Days(1)) seen_[account][day] = reached;
      return {};
    });
  }

  Status live_a_day() {
    RF_TRY(for_each_account([&](std::size_t account) { return measure(account); }));
    RF_TRY(for_each_account([&](std::size_t account) { return act(account); }));
    return for_each_account([&](std::size_t account) { return tell_sales(account); });
  }

  // Learn, decide, act, and judge what was done.
  Status act(std::size_t account) {
    const std::optional<std::string> id = account_at(account).id.text;
    Services& services = stage_.services();
    RF_TRY(turn({.account = id}, services));
    ++result_.turns;
    RF_TRY(repeat("approve", [&] { return approve(id); }));
    RF_TRY(repeat("execute", [&] { return execute(id); }));
    return repeat("verdicts", [&]() -> Status {
      RF_TRY(verdicts({.account = id}, services));
      return {};
    });
  }

  Status approve(const std::optional<std::string>& id) {
    const ActingOutput output =
        RF_TRY(plan_approve({.account = id, .as = "ann"}, stage_.services()));
    return first_of(output.failed);
  }

  Status execute(const std::optional<std::string>& id) {
    const ActingOutput output =
        RF_TRY(plan_execute({.account = id, .as = "ann"}, stage_.services()));
    return first_of(output.failed);
  }

  // Yesterday's sales, each with its order's id; some of them twice, as when a shop's page and its
  // server both tell.
  Status tell_sales(std::size_t account) {
    const Platform platform = account_at(account).platform;
    if (platform == Platform::google) return {};
    std::vector<platform::OutgoingConversion> events = sales_of(account);
    result_.orders += std::ssize(events);
    const std::size_t once = events.size();
    for (std::size_t i = 0; i < once; ++i) {
      if (chance_.uniform() >= input_.doubled_events) continue;
      platform::OutgoingConversion twin = events[i];
      events.push_back(std::move(twin));
    }
    return repeat("events", [&]() -> Status {
      std::unique_ptr<platform::ConversionSender> sender = RF_TRY(sender_of(platform));
      const std::vector<platform::SentConversion> sent = sender->send(events);
      result_.events_sent += std::ssize(events);
      for (const platform::SentConversion& each : sent) {
        if (each.error) return *each.error;
      }
      return {};
    });
  }

  std::vector<platform::OutgoingConversion> sales_of(std::size_t account) {
    std::vector<platform::OutgoingConversion> events;
    const Instant at = stage_.box().now() - std::chrono::hours(12);
    for (const sim::AdBook& ad : stage_.box().ads()) {
      if (ad.account != account) continue;
      const std::vector<sim::AdDay>& days = stage_.box().world().days_of(ad.world_ad);
      if (days.empty() || days.back().day != stage_.box().today() - Days(1)) continue;
      for (const sim::Order& order : days.back().orders) {
        const std::string id =
            fmt::format("{}-{}-{}", ad.id, to_iso(days.back().day), events.size());
        platform::OutgoingConversion event{
            .order_id = id,
            .at = at,
            .value = Money{.micros = order.value_micros, .currency = account_at(account).currency},
            .items = {},
            .page = "https://shop.example/thanks",
            .person = {}};
        event.person.email = id + "@example.com";
        event.person.user_agent = "Mozilla/5.0";
        events.push_back(std::move(event));
      }
    }
    return events;
  }

  Result<std::unique_ptr<platform::ConversionSender>> sender_of(Platform platform) {
    const platform::Secret token(stage_.services().reach().secret("REELFORGE_META_ACCESS_TOKEN"));
    if (platform == Platform::meta) {
      platform::MetaConversionSettings settings;
      settings.graph_url = stage_.url(platform);
      settings.pixel = "9900";
      settings.access_token = token;
      return platform::open_meta_conversions(settings, stage_.line());
    }
    platform::TiktokConversionSettings settings;
    settings.base_url = stage_.url(platform);
    settings.pixel = "C9900";
    settings.access_token = token;
    return platform::open_tiktok_conversions(settings, stage_.line());
  }

  Result<ProofRun> finish() {
    Store* store = RF_TRY(stage_.services().store());
    BookCheck check = RF_TRY(check_books(*store, stage_.box(), seen_));
    result_.fingerprint = RF_TRY(fingerprint_of(*store, stage_.box()));
    result_.calls = stage_.calls();
    result_.faults = stage_.faults();
    result_.rows = check.rows;
    result_.numbers = check.numbers;
    result_.settings = check.settings;
    result_.writes = check.writes;
    result_.receipts = check.receipts;
    result_.writes_doubled = check.writes_doubled;
    result_.events_kept = stage_.box().events_kept();
    result_.differences = std::move(check.differences);
    const std::vector<std::string> breaches = stage_.breaches();
    result_.breaches = std::ssize(breaches);
    result_.differences.insert(result_.differences.end(), breaches.begin(), breaches.end());
    return std::move(result_);
  }

  const SandboxProveInput& input_;
  ProofStage& stage_;
  Rng chance_;
  SeenDays seen_;
  ProofRun result_;
};

}  // namespace

Result<SandboxProveOutput> sandbox_prove(const SandboxProveInput& input, Services& services) {
  sim::WorldSpec world;
  if (!input.world.empty()) world = RF_TRY(sim::read_world_file(input.world));
  SandboxProveOutput output{.holds = true, .days = input.days};
  for (std::int64_t i = 0; i < input.runs; ++i) {
    std::unique_ptr<ProofStage> stage = RF_TRY(ProofStage::open(rules_of(input, world), services));
    ProofRun run = RF_TRY(Run(input, *stage).run(services.progress()));
    output.same = output.same && (i == 0 || run.fingerprint == output.runs.front().fingerprint);
    output.holds =
        output.holds && output.same && run.differences.empty() && run.events_kept == run.orders;
    output.runs.push_back(std::move(run));
  }
  return output;
}

}  // namespace rf::api
