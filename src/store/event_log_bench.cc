// How many events a second are kept, each durable and each once.
//
// The baseline is the same without sharing: one event, one commit. Budget: 20,000 events a second.

#include <algorithm>
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

struct Load {
  std::int64_t callers = 1;
  std::int64_t size = 1;  // Of each call, in events.
  std::int64_t calls = 1;
};

// One caller's calls; one event in ten came before. Gives how many were new.
std::int64_t call(EventLog& log, const Load& load, std::int64_t caller) {
  std::vector<IncomingEvent> events(static_cast<std::size_t>(load.size));
  std::int64_t kept = 0;
  for (std::int64_t at = caller * load.calls * load.size;
       at < (caller + 1) * load.calls * load.size; at += load.size) {
    for (std::int64_t i = at; i < at + load.size; ++i)
      events[static_cast<std::size_t>(i - at)] = event(i % 10 == 9 ? i - 1 : i);
    const auto added = log.add(events, test_instant(0));
    RF_CHECK(added.has_value());
    kept += std::ranges::count(*added, true);
  }
  return kept;
}

void run(benchmark::State& state, const Load& load) {
  std::atomic<std::int64_t> kept = 0;
  for (auto each : state) {
    static_cast<void>(each);
    state.PauseTiming();
    auto folder = std::make_unique<TemporaryFolder>(kFolder);
    std::unique_ptr<EventLog> log = std::move(open_event_log(folder->file("log.events"))).value();
    std::vector<std::thread> threads;
    threads.reserve(static_cast<std::size_t>(load.callers));
    state.ResumeTiming();
    for (std::int64_t caller = 0; caller < load.callers; ++caller)
      threads.emplace_back([&, caller] { kept += call(*log, load, caller); });
    for (std::thread& thread : threads) thread.join();
    state.PauseTiming();
    log.reset();
    folder.reset();
    state.ResumeTiming();
  }
  state.counters["kept"] = static_cast<double>(kept);
  state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations()) * load.callers *
                          load.calls * load.size);
}

void events_one_by_one(benchmark::State& state) { run(state, {state.range(0), 1, 20'000 / 64}); }
BENCHMARK(events_one_by_one)->Arg(64)->Iterations(3)->UseRealTime();

void events_by_the_hundred(benchmark::State& state) { run(state, {8, 100, 250}); }
BENCHMARK(events_by_the_hundred)->Iterations(3)->UseRealTime();

void events_baseline_one_commit_each(benchmark::State& state) { run(state, {1, 1, 2'000}); }
BENCHMARK(events_baseline_one_commit_each)->Iterations(3)->UseRealTime();

}  // namespace
}  // namespace rf
