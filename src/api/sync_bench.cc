// A large Meta account: 10,000 ads, four weeks.

#include <benchmark/benchmark.h>
#include <sys/resource.h>

#include "api/accounts.h"
#include "api/sync.h"
#include "sim/faces/direct_client.h"
#include "sim/faces/meta_face.h"
#include "store/sqlite.h"
#include "store/store_testing.h"

namespace rf::api {
namespace {

constexpr std::int64_t kAds = 10'000;

// The world is made once: its days take longer than to sync them.
struct Stage {
  Stage() { box->run_days(28); }

  ManualClock wall{Instant(std::chrono::seconds(1'800'000'000))};
  std::unique_ptr<sim::Sandbox> box =
      std::move(
          sim::Sandbox::make(
              {.days = 30, .accounts = {{.concepts = kAds / 20, .ads_per_concept = 20}}}, wall))
          .value();
};

Stage& stage() {
  static Stage made;
  return made;
}

double peak_megabytes() {
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  return static_cast<double>(usage.ru_maxrss) / 1024;
}

// Within 300 calls an hour, a fourteen-thousandth of what Meta gives an account of so many ads.
void sync_ten_thousand_ads(benchmark::State& state) {
  Stage& world = stage();
  const double before = peak_megabytes();
  for (auto each : state) {
    static_cast<void>(each);
    TemporaryFolder folder;
    sim::MetaFace face(*world.box, sim::FaceRules{.calls_per_hour = 300});
    std::int64_t calls = 0;
    std::int64_t refused = 0;
    sim::DirectClient http([&](const net::Request& request) {
      ++calls;
      net::Response response = face.answer(request);
      if (response.status >= 400) ++refused;
      return response;
    });
    ManualClock clock(world.box->now());
    const Instant begun = clock.now();
    NoProgress progress;
    Services user(folder.file("store.db"), open_sqlite, clock, progress);
    user.set_reach({.http = [&] { return &http; },
                    .wait =
                        [&](Duration duration) {
                          world.wall.advance(duration);
                          clock.advance(duration);
                          return true;
                        },
                    .secret =
                        [](std::string_view name) {
                          return std::string(name == "REELFORGE_META_ACCESS_TOKEN" ? "sandbox-token"
                                                                                   : "");
                        }});
    RF_CHECK(accounts_connect({.platform = "meta",
                               .account = world.box->account_number(0),
                               .secrets = "",
                               .base_url = "http://127.0.0.1:9",
                               .api_version = "",
                               .login = ""},
                              user)
                 .has_value());
    const auto synced = sync({.account = {}, .days = 28, .conversion = "", .split = {}}, user);
    RF_CHECK(synced.has_value() && synced->failed.empty());
    state.counters["rows"] = static_cast<double>(synced->accounts.front().rows);
    state.counters["calls"] = static_cast<double>(calls);
    state.counters["refused"] = static_cast<double>(refused);
    state.counters["their_hours"] =
        std::chrono::duration<double>(clock.now() - begun).count() / 3600;
    state.counters["peak_mb_more"] = peak_megabytes() - before;
  }
}
BENCHMARK(sync_ten_thousand_ads)->Unit(benchmark::kMillisecond)->Iterations(1)->UseRealTime();

// The same rows, without a platform to ask for them.
void sync_ten_thousand_ads_baseline_rows_at_hand(benchmark::State& state) {
  Stage& world = stage();
  const sim::Export file = world.box->world().export_as_of(0, world.box->today() - Days(1));
  for (auto each : state) {
    static_cast<void>(each);
    TemporaryFolder folder;
    std::unique_ptr<Store> store = std::move(open_sqlite(folder.file("store.db"))).value();
    RF_CHECK(write_rows(*store, test_source(0), file.rows, file.account).has_value());
  }
  state.counters["rows"] = static_cast<double>(file.rows.size());
}
BENCHMARK(sync_ten_thousand_ads_baseline_rows_at_hand)
    ->Unit(benchmark::kMillisecond)
    ->Iterations(1)
    ->UseRealTime();

}  // namespace
}  // namespace rf::api
