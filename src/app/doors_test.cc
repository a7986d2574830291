// The doors say the same: each operation of the table, through the command line, MCP and HTTP, with
// the same input on stores with the same content.

#include <algorithm>
#include <array>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <unistd.h>

#include "api/operations.h"
#include "api/tokens.h"
#include "base/progress.h"
#include "cli/cli.h"
#include "cli/command_line.h"
#include "mcp/offer.h"
#include "mcp/protocol.h"
#include "server/door.h"
#include "server/routes.h"
#include "store/sqlite.h"

namespace rf::app {
namespace {

constexpr std::string_view kExport =
    "Day,Campaign name,Ad set name,Ad name,Ad ID,Amount spent (EUR),Impressions,Link clicks,"
    "Purchases,Purchases conversion value,Attribution setting\n"
    "2026-03-01,Spring,Broad,Ad one,23851234,10.10,1000,20,2,80.00,7-day click\n"
    "2026-03-02,Spring,Broad,Ad one,23851234,10.15,1100,21,1,40.00,7-day click\n"
    "2026-03-01,Spring,Broad,Ad two,12,5.05,900,4,,,7-day click\n";

// The words of an example, which quotes at most with single quotes.
std::vector<std::string> words_of(std::string_view example) {
  std::vector<std::string> words;
  std::string word;
  bool quoted = false;
  bool begun = false;
  for (char c : example) {
    if (c == '\'') {
      quoted = !quoted;
      begun = true;
    } else if (c == ' ' && !quoted) {
      if (begun) words.push_back(std::exchange(word, ""));
      begun = false;
    } else {
      word += c;
      begun = true;
    }
  }
  if (begun) words.push_back(word);
  return words;
}

// Names and secrets of tokens, of which no two are the same.
bool is_made_by_chance(std::string_view name) { return name == "token" || name == "id"; }

// How long work took differs from run to run, and so does what chance makes.
void forget_durations(Json& value) {
  if (JsonArray* array = value.if_array()) {
    for (Json& each : *array) forget_durations(each);
  } else if (JsonObject* object = value.if_object()) {
    for (auto& member : *object) {
      const bool duration = member.key() == "ms" || member.key().ends_with("_ms") ||
                            member.key().ends_with("per_s") || member.key() == "seconds";
      if (duration && member.value().is_number()) member.value() = 0;
      if (member.value().is_string() && is_made_by_chance(member.key())) member.value() = "";
      forget_durations(member.value());
    }
  }
}

// Of std::tmpfile(), so there is nothing to lose.
struct CloseFile {
  void operator()(std::FILE* file) const {
    // NOLINTNEXTLINE(cppcoreguidelines-owning-memory)
    static_cast<void>(std::fclose(file));
  }
};

class DoorsTest : public testing::Test {
 public:
  ~DoorsTest() override {
    std::filesystem::current_path(home_);
    std::filesystem::remove_all(root_);
  }

 protected:
  DoorsTest() : home_(std::filesystem::current_path()) {
    root_ =
        std::filesystem::temp_directory_path() / ("reelforge-doors-" + std::to_string(::getpid()));
    for (const char* side : {"cli", "mcp", "http"}) {
      std::filesystem::create_directories(root_ / side);
      std::ofstream(root_ / side / "ads-export.csv") << kExport;
      std::ofstream(root_ / side / "naming.toml") << "separator = \"_\"\n";
      std::ofstream(root_ / side / "policies.toml") << "";
    }
  }
  // What the command line prints with --json.
  Json through_cli(std::vector<std::string> words) {
    std::filesystem::current_path(root_ / "cli");
    words.insert(words.begin(), "--json");
    const std::unique_ptr<std::FILE, CloseFile> file(std::tmpfile());
    std::FILE* out = file.get();
    static_cast<void>(cli::run({.arguments = std::move(words),
                                .store_path = "s.db",
                                .open_store = open_sqlite,
                                .decoder = "",
                                .clock = clock_,
                                .progress = progress_,
                                .style = {},
                                .out = out,
                                .err = out}));
    std::string text(static_cast<std::size_t>(std::ftell(out)), '\0');
    std::rewind(out);
    EXPECT_EQ(std::fread(text.data(), 1, text.size(), out), text.size());
    Result<Json> json = parse_json(text);
    EXPECT_TRUE(json.has_value()) << text;
    return json ? *json : Json();
  }

  // What MCP answers, errors in the command line's shape.
  Json through_mcp(const api::Operation& operation, const Json& input) {
    std::filesystem::current_path(root_ / "mcp");
    const mcp::Protocol protocol(mcp::offer(api::operations(), {.store_path = "s.db",
                                                                .open_store = open_sqlite,
                                                                .decoder = "",
                                                                .clock = clock_,
                                                                .may_administer = true}),
                                 "secret", clock_);
    JsonObject arguments = input.as_object();
    const mcp::Message probe = call_of(operation, arguments);
    arguments["page_size"] = 1000;
    mcp::NoOutlet outlet;
    mcp::Reply reply =
        protocol.answer(call_of(operation, arguments), mcp::Era::modern, nullptr, outlet);
    if (complains_of_pages(reply)) {
      reply = protocol.answer(probe, mcp::Era::modern, nullptr, outlet);
    }
    const JsonObject& result = reply.message->at("result").as_object();
    if (result.at("isError").as_bool()) {
      return JsonObject{{"error", result.at("_meta").at("reelforge/error")}};
    }
    EXPECT_FALSE(result.at("_meta").as_object().contains("reelforge/parts"));
    EXPECT_EQ(
        parse_json(std::string_view(result.at("content").as_array().at(0).at("text").as_string()))
            .value(),
        result.at("structuredContent"));
    return result.at("structuredContent");
  }

  // What HTTP answers, errors in the command line's shape.
  Json through_http(const api::Operation& operation, const Json& input) {
    std::filesystem::current_path(root_ / "http");
    if (!http_) open_http();
    const net::Answer answer =
        http_->answer({.method = "POST",
                       .target = server::path_of(operation),
                       .headers = {{"Host", "localhost:8077"},
                                   {"Authorization", "Bearer " + http_token_},
                                   {"Content-Type", "application/json"}},
                       .body = to_text(input)});
    Json body = parse_json(answer.response.body).value();
    if (answer.response.status == 200) return without_owner(std::move(body));
    return JsonObject{{"error", JsonObject{{"code", body.at("code")},
                                           {"message", body.at("detail")},
                                           {"retry", body.at("retry")}}}};
  }

  // Nobody comes in by HTTP without a token, which the other doors' stores do not have.
  static Json without_owner(Json body) {
    JsonObject* object = body.if_object();
    Json* tokens = object == nullptr ? nullptr : object->if_contains("tokens");
    if (tokens != nullptr) {
      JsonArray& all = tokens->as_array();
      all.erase(std::remove_if(all.begin(), all.end(),
                               [](const Json& token) { return token.at("name") == Json("owner"); }),
                all.end());
    }
    return body;
  }

  void open_http() {
    around_ = std::make_unique<server::Surroundings>(server::Surroundings{.store_path = "s.db",
                                                                          .open_store = open_sqlite,
                                                                          .decoder = "",
                                                                          .clock = clock_,
                                                                          .reach = {}});
    api::Services services(around_->store_path, open_sqlite, clock_, progress_);
    http_token_ =
        api::token_create({.name = "owner",
                           .scopes = {"read", "propose", "approve", "spend", "administer"},
                           .accounts = {},
                           .days = 1},
                          services)
            .value()
            .token;
    http_ =
        server::open_door(api::operations(), *around_, {.access = {}, .audit_file = "audit.jsonl"});
  }

  static mcp::Message call_of(const api::Operation& operation, const JsonObject& arguments) {
    mcp::Message message;
    message.id = 1;
    message.method = "tools/call";
    message.params = {
        {"name", mcp::tool_name_of(operation.name)},
        {"arguments", arguments},
        {"_meta", JsonObject{{"io.modelcontextprotocol/protocolVersion", mcp::kModernVersion},
                             {"io.modelcontextprotocol/clientCapabilities", JsonObject{}}}}};
    return message;
  }

  // Tools whose answers hold no lists take no pages.
  static bool complains_of_pages(const mcp::Reply& reply) {
    return to_text(*reply.message).find("input.page_size: unknown field") != std::string::npos;
  }

  std::filesystem::path home_;
  std::filesystem::path root_;
  ManualClock clock_{parse_instant("2026-03-10T12:00:00Z").value()};
  NoProgress progress_;
  std::unique_ptr<server::Surroundings> around_;
  std::unique_ptr<server::Door> http_;  // Of the folder "http".
  std::string http_token_;
};

TEST_F(DoorsTest, SayTheSameOfEachOperationsExample) {
  const std::vector<cli::Entry> entries = cli::entries_of(api::operations(), {});
  const api::Operation& import = *api::find_operation("import");
  int right = 0;
  // The first import gives the others something to speak of.
  std::vector<const api::Operation*> order{&import};
  for (const api::Operation& each : api::operations()) order.push_back(&each);
  // Not every door does what spends, so whatever looks at what was done comes before.
  std::stable_partition(order.begin(), order.end(), [](const api::Operation* each) {
    return each->effect != api::Effect::spends;
  });
  for (const api::Operation* operation : order) {
    SCOPED_TRACE(operation->example);
    const std::vector<std::string> words = words_of(operation->example);
    const Result<cli::Request> parsed = cli::parse_command_line(words, entries);
    ASSERT_TRUE(parsed.has_value()) << parsed.error().message;
    const cli::Request& request = *parsed;
    ASSERT_NE(request.entry, nullptr);
    ASSERT_EQ(request.entry->operation, operation) << "the example is of another command";
    Json from_cli = through_cli(words);
    Json from_mcp = through_mcp(*operation, request.input);
    Json from_http = through_http(*operation, request.input);
    forget_durations(from_cli);
    forget_durations(from_http);
    forget_durations(from_mcp);
    EXPECT_EQ(to_text(from_http), to_text(from_cli));
    if (operation->effect == api::Effect::spends) {
      EXPECT_EQ(from_mcp.at("done"), Json(false));  // That door only proposes.
      continue;
    }
    EXPECT_EQ(to_text(from_mcp), to_text(from_cli));
    if (!from_cli.as_object().contains("error")) right += 1;
  }
  // Most examples name files that are not here; what can work without them has to.
  EXPECT_GE(right, 15);
}

}  // namespace
}  // namespace rf::app
