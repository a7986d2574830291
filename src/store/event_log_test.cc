#include "store/event_log.h"

#include <atomic>
#include <csignal>
#include <fstream>
#include <map>
#include <thread>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include "store/store_testing.h"

namespace rf {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

IncomingEvent order(std::string key, std::int64_t hour = 0) {
  return {.source = "orders",
          .key = std::move(key),
          .happened = test_instant(hour),
          .body = R"({"order_id":"x"})"};
}

class Events : public testing::Test {
 protected:
  std::unique_ptr<EventLog> open() { return std::move(open_event_log(path_)).value(); }

  static std::map<std::string, int> keys_of(EventLog& log) {
    std::map<std::string, int> keys;
    const Status walked = log.each("", 1, [&](const LoggedEvent& each) -> Status {
      ++keys[each.event.key];
      return {};
    });
    EXPECT_TRUE(walked);
    return keys;
  }

  TemporaryFolder folder_;
  std::string path_ = folder_.file("log.events");
};

TEST_F(Events, EachIsKeptOnceWhoeverSendsIt) {
  const auto log = open();
  EXPECT_THAT(log->add(std::vector{order("1"), order("2"), order("1")}, test_instant(1)).value(),
              ElementsAre(true, true, false));
  IncomingEvent other = order("1");
  other.source = "meta";
  EXPECT_THAT(log->add(std::vector{order("2"), other}, test_instant(2)).value(),
              ElementsAre(false, true));
  const auto again = open();
  EXPECT_THAT(again->add(std::vector{order("1")}, test_instant(3)).value(), ElementsAre(false));
  const auto counts = again->counts().value();
  ASSERT_THAT(counts, SizeIs(2));
  EXPECT_EQ(counts[0].source, "meta");
  EXPECT_EQ(counts[1].events, 2);
  const auto newest = again->newest("orders", 1).value();
  ASSERT_THAT(newest, SizeIs(1));
  EXPECT_EQ(newest[0].event, order("2"));
  EXPECT_EQ(newest[0].came, test_instant(1));
}

TEST_F(Events, NothingOfACallIsKeptWhenOnePartIsNotTaken) {
  const auto log = open();
  IncomingEvent large = order("2");
  large.body.assign(kEventBodyMax + 1, 'x');
  EXPECT_EQ(log->add(std::vector{order("1"), large}, test_instant(0)).error().code,
            ErrorCode::invalid);
  EXPECT_EQ(log->add(std::vector{order("")}, test_instant(0)).error().code, ErrorCode::invalid);
  EXPECT_THAT(keys_of(*log), IsEmpty());
}

TEST_F(Events, WhatIsDueEndsWhenItWasTakenOrRefused) {
  const auto log = open();
  ASSERT_TRUE(log->add(std::vector{order("1"), order("2"), order("3")}, test_instant(1)));
  const EventLog::DueQuery query{
      .source = "orders", .destination = "meta:9", .since = test_instant(0)};
  ASSERT_THAT(log->due(query).value(), SizeIs(3));
  ASSERT_TRUE(log->settle(
      "meta:9", std::vector<Delivery>{
                    {.event = 1, .first = test_instant(2)},
                    {.event = 2, .state = DeliveryState::unknown, .first = test_instant(2)}}));
  auto due = log->due(query).value();
  ASSERT_THAT(due, SizeIs(2));
  EXPECT_EQ(due[0].logged.number, 2);
  EXPECT_EQ(due[0].attempts, 1);
  EXPECT_EQ(due[0].first, test_instant(2));
  // The first attempt stays the first, and what was taken stays taken.
  ASSERT_TRUE(log->settle(
      "meta:9",
      std::vector<Delivery>{
          {.event = 1, .state = DeliveryState::refused},
          {.event = 2, .state = DeliveryState::unknown, .first = test_instant(9), .attempts = 2}}));
  due = log->due(query).value();
  EXPECT_EQ(due[0].first, test_instant(2));
  EXPECT_EQ(due[0].attempts, 2);
  // What was certainly not taken begins anew.
  ASSERT_TRUE(log->settle(
      "meta:9", std::vector<Delivery>{
                    {.event = 3, .state = DeliveryState::waiting, .first = test_instant(3)}}));
  EXPECT_FALSE(log->due(query).value()[1].first);
  ASSERT_TRUE(log->settle(
      "meta:9", std::vector<Delivery>{
                    {.event = 3, .state = DeliveryState::unknown, .first = test_instant(7)}}));
  EXPECT_EQ(log->due(query).value()[1].first, test_instant(7));
  const auto deliveries = log->deliveries().value();
  ASSERT_THAT(deliveries, SizeIs(1));
  EXPECT_EQ(deliveries[0].sent, 1);
  EXPECT_EQ(deliveries[0].refused, 0);
  // Another destination has everything before it.
  EXPECT_THAT(
      log->due({.source = "orders", .destination = "tiktok:C", .since = test_instant(0)}).value(),
      SizeIs(3));
}

TEST_F(Events, ManyAtOnceAreAllKeptOnce) {
  const auto log = open();
  std::atomic<int> kept = 0;
  std::vector<std::thread> threads;
  threads.reserve(8);
  for (int thread = 0; thread < 8; ++thread) {
    threads.emplace_back([&, thread] {
      for (int i = 0; i < 50; ++i) {
        // Each is sent by two threads.
        const auto added =
            log->add(std::vector{order(fmt::format("{}-{}", thread / 2, i))}, test_instant(0));
        kept += added && added->front() ? 1 : 0;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(kept, 4 * 50);
  EXPECT_THAT(keys_of(*log), SizeIs(4 * 50));
}

TEST_F(Events, AStoreOrAnyFileIsNotTakenForALog) {
  std::ofstream(path_) << std::string(4096, 'x');
  EXPECT_EQ(open_event_log(path_).error().code, ErrorCode::corrupt);
}

// Takes orders from several threads, and says of each that it has it.
[[noreturn]] void take_until_killed(const std::string& path, int round, int answers) {
  const auto log = std::move(open_event_log(path)).value();
  const auto take = [&](int thread) {
    for (int i = 0;; ++i) {
      const std::array<int, 2> name{thread, i};
      const auto added =
          log->add(std::vector{order(fmt::format("{}-{}-{}", round, thread, i))}, test_instant(0));
      if (!added || ::write(answers, name.data(), sizeof name) < 0) ::_exit(1);
    }
  };
  std::vector<std::thread> threads;
  threads.reserve(4);
  for (int thread = 0; thread < 4; ++thread) threads.emplace_back(take, thread);
  for (std::thread& thread : threads) thread.join();
  ::_exit(1);
}

// The keys of what was acknowledged before the process was killed.
std::vector<std::string> acknowledged_until_killed(pid_t child, int round, int answers) {
  std::vector<std::string> acknowledged;
  std::array<int, 2> name{};
  while (::read(answers, name.data(), sizeof name) == static_cast<ssize_t>(sizeof name)) {
    acknowledged.push_back(fmt::format("{}-{}-{}", round, name[0], name[1]));
    if (acknowledged.size() == 300) ::kill(child, SIGKILL);
  }
  int status = 0;
  EXPECT_EQ(::waitpid(child, &status, 0), child);
  EXPECT_TRUE(WIFSIGNALED(status));
  return acknowledged;
}

TEST_F(Events, NothingThatWasAcknowledgedIsLostOrDoubledByAKill) {
  for (int round = 0; round < 3; ++round) {
    std::array<int, 2> ends{};
    ASSERT_EQ(::pipe(ends.data()), 0);
    const pid_t child = ::fork();
    ASSERT_GE(child, 0);
    if (child == 0) take_until_killed(path_, round, ends[1]);
    ASSERT_EQ(::close(ends[1]), 0);
    const std::vector<std::string> acknowledged = acknowledged_until_killed(child, round, ends[0]);
    ASSERT_EQ(::close(ends[0]), 0);
    ASSERT_GE(acknowledged.size(), 300U);
    const auto log = open();
    std::map<std::string, int> keys = keys_of(*log);
    for (const std::string& key : acknowledged) {
      EXPECT_EQ(keys[key], 1) << key;
      // Whoever got no answer sends again.
      EXPECT_THAT(log->add(std::vector{order(key)}, test_instant(1)).value(), ElementsAre(false));
    }
    EXPECT_EQ(keys_of(*log).size(), keys.size());
  }
}

}  // namespace
}  // namespace rf
