#include "server/serve.h"

#include <atomic>
#include <filesystem>
#include <thread>
#include <vector>

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "api/operations.h"
#include "net/client.h"
#include "store/sqlite.h"

namespace rf::server {
namespace {

class Serve : public testing::Test {
 public:
  ~Serve() override { std::filesystem::remove_all(folder_); }

 protected:
  Serve() : folder_(std::filesystem::temp_directory_path() / fmt::format("rf_serve_{}", getpid())) {
    std::filesystem::create_directories(folder_);
  }

  const std::filesystem::path folder_;
  const SystemClock clock_;
  const Surroundings around_{
      .store_path = (folder_ / "s.db").string(),
      .open_store = [](const std::string& path) { return open_sqlite(path); },
      .decoder = "",
      .clock = clock_};
};

ServeInput any_port() {
  ServeInput input;
  input.port = 0;
  return input;
}

TEST_F(Serve, GivesTheOwnerATokenOnceAndThatTokenWorks) {
  std::string token;
  {
    const Served served = rf::server::serve(any_port(), api::operations(), around_).value();
    token = served.first_token;
    ASSERT_FALSE(token.empty());
  }
  const Served served = rf::server::serve(any_port(), api::operations(), around_).value();
  EXPECT_EQ(served.first_token, "");
  const auto answer = net::open_client({})->send({.method = "GET",
                                                  .target = served.address + "/api/v1/version",
                                                  .headers = {{"Authorization", "Bearer " + token}},
                                                  .body = {}});
  ASSERT_TRUE(answer) << answer.error().message;
  EXPECT_EQ(answer->status, 200) << answer->body;
}

TEST_F(Serve, StaysOnThisMachineUnlessToldOtherwise) {
  ServeInput open = any_port();
  open.address = "0.0.0.0";
  const auto refused = rf::server::serve(open, api::operations(), around_);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::denied);
  open.plain_text_beyond_this_machine = true;
  EXPECT_TRUE(rf::server::serve(open, api::operations(), around_));
}

TEST_F(Serve, AnswersManyAtOnceEachWithItsOwnStore) {
  const Served served = rf::server::serve(any_port(), api::operations(), around_).value();
  const auto client = net::open_client({});
  std::atomic<int> good = 0;
  std::vector<std::thread> threads;
  threads.reserve(8);
  for (int t = 0; t < 8; ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0; i < 10; ++i) {
        const auto answer = client->send(
            {.method = "GET",
             .target = fmt::format("{}/api/v1/tokens/list?t={}", served.address, t * 10 + i),
             .headers = {{"Authorization", "Bearer " + served.first_token}},
             .body = {}});
        // An unknown field is refused by the operation; the other half is answered.
        if (answer && answer->status == 400) ++good;
        const auto list =
            client->send({.method = "GET",
                          .target = served.address + "/api/v1/tokens/list",
                          .headers = {{"Authorization", "Bearer " + served.first_token}},
                          .body = {}});
        if (list && list->status == 200) ++good;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(good, 160);
}

}  // namespace
}  // namespace rf::server
