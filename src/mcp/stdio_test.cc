#include "mcp/stdio.h"

#include <algorithm>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "base/rng.h"
#include "mcp/catalog_for_test.h"
#include "mcp/line_reader.h"

namespace rf::mcp {
namespace {

// A client that says what it wants, and waits for answers where a test needs it to.
class FakeClient {
 public:
  // Serves `catalog` until everything said was heard.
  std::vector<Json> talk(Catalog catalog) {
    const ManualClock clock{Instant{}};
    const Protocol protocol(std::move(catalog), "secret", clock);
    serve_stdio(protocol,
                {.read = [this](char* buffer, std::size_t size) { return read(buffer, size); },
                 .write = [this](std::string_view line) { write(line); }});
    return heard_;
  }

  void say(std::string text) {
    steps_.emplace_back([text = std::move(text)] { return text; });
  }
  void say_line(std::string text) { say(std::move(text) + "\n"); }
  // Goes on when `count` lines were heard.
  void wait_for(std::size_t count) {
    steps_.emplace_back([this, count] {
      std::unique_lock lock(mutex_);
      heard_something_.wait(lock, [&] { return heard_.size() >= count; });
      return std::string();
    });
  }
  // Runs on the reader's thread.
  void then(std::function<void()> act) {
    steps_.emplace_back([act = std::move(act)] { return act(), std::string(); });
  }

 private:
  std::size_t read(char* buffer, std::size_t size) {
    while (pending_.empty()) {
      if (next_ == steps_.size()) return 0;
      pending_ = steps_[next_++]();
    }
    const std::size_t taken = std::min(size, pending_.size());
    std::copy_n(pending_.begin(), taken, buffer);
    pending_.erase(0, taken);
    return taken;
  }

  void write(std::string_view line) {
    const std::lock_guard lock(mutex_);
    EXPECT_EQ(std::ranges::count(line, '\n'), 1);
    EXPECT_EQ(line.back(), '\n');
    heard_.push_back(json_of(line));
    heard_something_.notify_all();
  }

  std::vector<std::function<std::string()>> steps_;
  std::size_t next_ = 0;
  std::string pending_;
  std::mutex mutex_;
  std::condition_variable heard_something_;
  std::vector<Json> heard_;
};

constexpr std::string_view kInitialize =
    R"({"jsonrpc":"2.0","id":0,"method":"initialize","params":{"protocolVersion":"2025-11-25",)"
    R"("capabilities":{"elicitation":{}},"clientInfo":{"name":"t","version":"1"}}})";

TEST(Stdio, AnswersBothErasOnOneStream) {
  FakeClient client;
  client.say_line(R"({"jsonrpc":"2.0","id":"d","method":"server/discover","params":{"_meta":{)"
                  R"("io.modelcontextprotocol/protocolVersion":"2026-07-28",)"
                  R"("io.modelcontextprotocol/clientCapabilities":{}}}})");
  client.say_line(std::string(kInitialize));
  client.say_line(R"({"jsonrpc":"2.0","method":"notifications/initialized"})");
  client.say_line(R"({"jsonrpc":"2.0","id":1,"method":"tools/list"})");
  const std::vector<Json> heard = client.talk(small_catalog());
  ASSERT_EQ(heard.size(), 3u);
  EXPECT_EQ(heard[0].at("id"), Json("d"));
  EXPECT_TRUE(heard[0].at("result").as_object().contains("supportedVersions"));
  EXPECT_EQ(heard[1].at("result").at("protocolVersion"), Json("2025-11-25"));
  EXPECT_EQ(heard[2].at("result").at("tools").as_array().size(), 4u);
}

TEST(Stdio, SaysOnlyProtocolWhateverItHears) {
  FakeClient client;
  client.say_line("hello");
  client.say_line("");
  client.say_line("[1,2,3]");
  client.say_line("\xff\xfe\x00garbage");
  client.say_line(R"({"jsonrpc":"2.0","id":1,"result":{}})");
  client.say_line(R"({"jsonrpc":"2.0","method":"notifications/cancelled","params":{}})");
  client.say(std::string(kLineMax + 10, 'x'));
  client.say_line("");
  client.say(R"({"jsonrpc":"2.0","id":2,"method":"ping"})");  // Without a newline at the end.
  for (const Json& message : client.talk(small_catalog())) {
    EXPECT_EQ(message.at("jsonrpc"), Json("2.0"));
    EXPECT_TRUE(message.as_object().contains("error"));
  }
}

TEST(Stdio, FinishesWhatWasAskedBeforeTheInputEnded) {
  FakeClient client;
  client.say_line(std::string(kInitialize));
  for (int i = 1; i <= 20; ++i) {
    client.say_line(R"({"jsonrpc":"2.0","id":)" + std::to_string(i) +
                    R"(,"method":"tools/call","params":{"name":"echo","arguments":{"n":1}}})");
  }
  EXPECT_EQ(client.talk(small_catalog()).size(), 21u);
}

TEST(Stdio, AsksALegacyClientAndGoesOnWithItsAnswer) {
  FakeClient client;
  client.say_line(std::string(kInitialize));
  client.say_line(
      R"({"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"ask","arguments":{}}})");
  client.wait_for(2);                                              // The question.
  client.say_line(R"({"jsonrpc":"2.0","id":2,"method":"ping"})");  // Nobody waits for a tool.
  client.wait_for(3);
  client.say_line(R"({"jsonrpc":"2.0","id":"question-1","result":{"action":"accept"}})");
  const std::vector<Json> heard = client.talk(small_catalog());
  ASSERT_EQ(heard.size(), 4u);
  EXPECT_EQ(heard[1].at("method"), Json("elicitation/create"));
  EXPECT_EQ(heard[2].at("id"), Json(2));
  EXPECT_EQ(heard[3].at("result").at("content").as_array().at(0).at("text"), Json("accept"));
}

TEST(Stdio, DoesNotWaitForAnAnswerThatCannotCome) {
  FakeClient client;
  client.say_line(std::string(kInitialize));
  client.say_line(
      R"({"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"ask","arguments":{}}})");
  const std::vector<Json> heard = client.talk(small_catalog());  // The input ends here.
  EXPECT_EQ(heard.back().at("error").at("code").as_int64(), kNoAnswer);
}

// A gate that a tool stands at until the test lets it pass.
struct Gate {
  std::mutex mutex;
  std::condition_variable changed;
  bool reached = false;

  void reach() {
    const std::lock_guard lock(mutex);
    reached = true;
    changed.notify_all();
  }
  void wait() {
    std::unique_lock lock(mutex);
    changed.wait(lock, [this] { return reached; });
  }
};

TEST(Stdio, ACancelledCallIsToldAndItsAnswerIsNotSent) {
  Gate running;
  Gate cancelled;
  bool saw_it = false;
  Catalog catalog = small_catalog();
  catalog.tools[0].run = [&](const JsonObject&, Call& call) -> Outcome<ToolAnswer> {
    running.reach();
    cancelled.wait();
    saw_it = call.cancelled();
    return ToolAnswer{};
  };
  FakeClient client;
  const std::string call = R"(,"method":"tools/call","params":{"name":"echo"}})";
  client.say_line(std::string(kInitialize));
  client.say_line(R"({"jsonrpc":"2.0","id":1)" + call);
  client.then([&] { running.wait(); });
  client.say_line(R"({"jsonrpc":"2.0","id":2)" + call);  // Waits its turn, and loses it.
  client.say_line(
      R"({"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":2}})");
  client.say_line(
      R"({"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":1}})");
  client.then([&] { cancelled.reach(); });
  client.say_line(R"({"jsonrpc":"2.0","id":3,"method":"ping"})");
  const std::vector<Json> heard = client.talk(std::move(catalog));
  EXPECT_TRUE(saw_it);
  ASSERT_EQ(heard.size(), 2u);  // The answers to initialize and ping.
  EXPECT_EQ(heard[1].at("id"), Json(3));
}

TEST(LineReader, FindsTheSameLinesHoweverTheBytesCome) {
  for (std::uint64_t seed = 1; seed <= 100; ++seed) {
    SCOPED_TRACE(seed);
    Rng rng(seed);
    std::string text;
    for (int i = 0; i < 200; ++i) text += "ab\r\n\n"[rng.below(5)];
    LineReader whole(20);
    std::vector<LineReader::Line> expected = whole.feed(text);
    LineReader parts(20);
    std::vector<LineReader::Line> found;
    for (std::string_view rest = text; !rest.empty();) {
      const std::size_t size = std::min<std::size_t>(rest.size(), 1 + rng.below(7));
      for (LineReader::Line& line : parts.feed(rest.substr(0, size))) found.push_back(line);
      rest.remove_prefix(size);
    }
    EXPECT_EQ(found, expected);
    EXPECT_EQ(parts.finish(), whole.finish());
  }
}

TEST(LineReader, TellsOfALongLineOnceAndGoesOn) {
  LineReader lines(3);
  EXPECT_TRUE(lines.feed("abcd").empty());
  EXPECT_TRUE(lines.feed(std::string(1000, 'x')).empty());
  const std::vector<LineReader::Line> found = lines.feed("\nabc\n");
  ASSERT_EQ(found.size(), 2u);
  EXPECT_EQ(found[0], std::nullopt);
  EXPECT_EQ(found[1], "abc");
}

}  // namespace
}  // namespace rf::mcp
