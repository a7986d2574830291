// How many events a second are kept, each durable and each once.
//
// The baseline is the same without sharing: one event, one commit. Budget: 20,000 events a second.

#include <atomic>
#include <filesystem>
#include <memory>
#include <thread>

#include <benchmark/benchmark.h>
#include <fmt/format.h>

#include "store/event_log.h"
#include "store/store_testing.h"

namespace rf {
namespace {

// A disk, not memory.
constexpr std::string_view kFolder = "/var/tmp";

// As long as an order with a hashed customer is.
const std::string kBody(600, 'x');

IncomingEvent event(std::int64_t number) {
  return {.source = "orders",
          .key = fmt::format("order-{:012}", number * 2'654'435'761 % 1'000'000'007),
          .happened = test_instant(0),
          .body = kBody};
}

// `callers` threads, each with calls of `size` events of which one in ten came before.
void run(benchmark::State& state, std::int64_t callers, std::int64_t size, std::int64_t calls) {
  for (auto each : state) {
    static_cast<void>(each);
    state.PauseTiming();
    auto folder = std::make_unique<TemporaryFolder>(kFolder);
    std::unique_ptr<EventLog> log = std::move(open_event_log(folder->file("log.events"))).value();
    std::atomic<std::int64_t> kept = 0;
    state.ResumeTiming();
    std::vector<std::thread> threads;
    for (std::int64_t caller = 0; caller < callers; ++caller) {
      threads.emplace_back([&, caller] {
        std::vector<IncomingEvent> events(static_cast<std::size_t>(size));
        for (std::int64_t call = 0; call < calls; ++call) {
          for (std::int64_t i = 0; i < size; ++i) {
            const std::int64_t at = (caller * calls + call) * size + i;
            events[static_cast<std::size_t>(i)] = event(at % 10 == 9 ? at - 1 : at);
          }
          const auto added = log->add(events, test_instant(0));
          RF_CHECK(added.has_value());
          kept += std::ranges::count(*added, true);
        }
      });
    }
    for (std::thread& thread : threads) thread.join();
    state.PauseTiming();
    log.reset();
    folder.reset();
    state.counters["kept"] = static_cast<double>(kept);
    state.ResumeTiming();
  }
  state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations()) * callers * calls * size);
}

void events_one_by_one(benchmark::State& state) { run(state, state.range(0), 1, 20'000 / 64); }
BENCHMARK(events_one_by_one)->Arg(64)->Iterations(3)->UseRealTime();

void events_by_the_hundred(benchmark::State& state) { run(state, 8, 100, 250); }
BENCHMARK(events_by_the_hundred)->Iterations(3)->UseRealTime();

void events_baseline_one_commit_each(benchmark::State& state) { run(state, 1, 1, 2'000); }
BENCHMARK(events_baseline_one_commit_each)->Iterations(3)->UseRealTime();

}  // namespace
}  // namespace rf
