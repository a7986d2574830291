#include "server/config.h"

#include <filesystem>
#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

namespace rf::server {
namespace {

class ConfigTest : public testing::Test {
 public:
  ~ConfigTest() override { std::filesystem::remove(file_); }

 protected:
  Result<ServeInput> read(std::string_view text, JsonObject given = {}) {
    std::ofstream(file_) << text;
    given["config"] = file_;
    return with_config(Json(std::move(given)));
  }
  std::string complaint(std::string_view text) {
    const Result<ServeInput> input = read(text);
    EXPECT_FALSE(input.has_value()) << text;
    return input ? "" : input.error().message.substr(file_.size());
  }

  std::string file_ =
      (std::filesystem::temp_directory_path() / ("rf_config_" + std::to_string(::getpid())))
          .string();
};

TEST_F(ConfigTest, TheCommandLineWinsOverTheFileAndTheFileOverTheDefaults) {
  const ServeInput input =
      read("# ours\nport = 9000\nhosts = [\"ads.example\"]\n", {{"port", 9001}}).value();
  EXPECT_EQ(input.port, 9001);
  EXPECT_THAT(input.hosts, testing::ElementsAre("ads.example"));
  EXPECT_EQ(input.address, "127.0.0.1");
}

TEST_F(ConfigTest, NamesTheLineOfWhatIsWrong) {
  EXPECT_THAT(complaint("# a\n\n  port = 70000\n"), testing::StartsWith(":3: port: "));
  EXPECT_THAT(complaint("address = \"::1\"\nhosts = [\"a\", 7]\n"),
              testing::StartsWith(":2: hosts[1]: "));
  EXPECT_THAT(complaint("prot = 1\n"), testing::StartsWith(":1: prot: "));
  EXPECT_THAT(complaint("port = 1\nport = \n"), testing::HasSubstr("2"));
  EXPECT_THAT(complaint("\nconfig = \"other.toml\"\n"), testing::StartsWith(":2: config: "));
  EXPECT_EQ(with_config(Json(JsonObject{{"config", "/nowhere"}})).error().code,
            ErrorCode::not_found);
}

TEST_F(ConfigTest, KnowsWhatARunningServerCannotTakeOver) {
  const ServeInput running;
  ServeInput wanted;
  wanted.no_schedule = true;
  EXPECT_TRUE(needs_restart(running, wanted).empty());
  wanted.port = 1;
  wanted.hosts = {"a"};
  EXPECT_THAT(needs_restart(running, wanted), testing::ElementsAre("port", "hosts"));
}

}  // namespace
}  // namespace rf::server
