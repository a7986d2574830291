#include <filesystem>
#include <fstream>
#include <set>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "api/command.h"
#include "api/operations.h"
#include "mcp/catalog_for_test.h"
#include "mcp/offer.h"
#include "mcp/tools.h"
#include "store/sqlite.h"

namespace rf::mcp {
namespace {

using api::Effect;
using testing::HasSubstr;

constexpr std::string_view kExport =
    "Day,Campaign name,Ad set name,Ad name,Ad ID,Amount spent (EUR),Impressions,Link clicks,"
    "Purchases,Purchases conversion value,Attribution setting\n"
    "2026-03-01,Spring,Broad,Ad one,11,10.10,1000,20,2,80.00,7-day click\n"
    "2026-03-02,Spring,Broad,Ad one,11,10.15,1100,21,1,40.00,7-day click\n"
    "2026-03-01,Spring,Broad,Ad two,12,5.05,900,4,,,7-day click\n";

class OfferTest : public testing::Test {
 public:
  ~OfferTest() override { std::filesystem::remove_all(folder_); }

 protected:
  OfferTest() {
    folder_ = std::filesystem::temp_directory_path() /
              ("reelforge-mcp-offer-" + std::to_string(::getpid()));
    std::filesystem::create_directories(folder_);
    std::ofstream(folder_ / "export.csv") << kExport;
  }

  Surroundings around(bool may_administer = false) {
    return {.store_path = (folder_ / "s.db").string(),
            .open_store = open_sqlite,
            .decoder = "",
            .clock = clock_,
            .may_administer = may_administer};
  }

  // The result of a modern request.
  JsonObject ask(const Message& message) {
    const Protocol protocol(offer(api::operations(), around()), "secret", clock_);
    Reply reply = protocol.answer(message, Era::modern, nullptr, outlet_);
    return reply.message->as_object().contains("result") ? reply.message->at("result").as_object()
                                                         : JsonObject{};
  }
  JsonObject call(std::string_view tool, JsonObject arguments, JsonObject capabilities = {}) {
    return ask(modern("tools/call", {{"name", tool}, {"arguments", std::move(arguments)}}, {},
                      std::move(capabilities)));
  }
  void import_export() {
    const JsonObject result =
        call("import", {{"files", JsonArray{Json((folder_ / "export.csv").string())}}});
    ASSERT_EQ(result.at("isError"), Json(false)) << to_text(result);
  }

  std::filesystem::path folder_;
  ManualClock clock_{parse_instant("2026-03-10T12:00:00Z").value()};
  KeepingOutlet outlet_;
};

TEST_F(OfferTest, EveryOperationIsAToolWithALegalNameAndSchemas) {
  const Catalog catalog = offer(api::operations(), around());
  EXPECT_GE(catalog.tools.size(), api::operations().size() + 2);
  for (const Tool& tool : catalog.tools) {
    SCOPED_TRACE(tool.name);
    EXPECT_THAT(tool.name, testing::SizeIs(testing::AllOf(testing::Ge(1), testing::Le(64))));
    EXPECT_EQ(tool.name.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
                                          "0123456789_.-"),
              std::string::npos);
    EXPECT_EQ(tool.input_schema.at("type"), Json("object"));
    EXPECT_EQ(tool.output_schema.value().at("type"), Json("object"));
    EXPECT_FALSE(tool.description.empty());
  }
}

TEST_F(OfferTest, HintsFollowFromTheEffect) {
  for (const api::Operation& operation : api::operations()) {
    SCOPED_TRACE(operation.name);
    const Tool tool = tool_of(operation, around());
    const bool harmless = operation.effect == Effect::reads || operation.effect == Effect::spends;
    EXPECT_EQ(tool.annotations.at("readOnlyHint"), Json(harmless));
    EXPECT_EQ(tool.annotations.at("destructiveHint"),
              Json(operation.effect == Effect::administers));
  }
}

int times_spent = 0;

Result<api::Nothing> spend(const api::Nothing&, api::Services&) {
  ++times_spent;
  return api::Nothing{};
}

TEST_F(OfferTest, AnOperationThatSpendsIsNeverRun) {
  const api::Operation operation = api::operation<api::Nothing, api::Nothing>(
      {"spend it", "spends", "spend it"}, Effect::spends, spend);
  const Tool tool = tool_of(operation, around(true));
  const Sender sender;
  const JsonObject none;
  const StateSeal seal("secret", clock_);
  Call call(sender, none, "tool", seal, outlet_);
  Outcome<ToolAnswer> outcome = tool.run({}, call);
  EXPECT_EQ(times_spent, 0);
  const ToolAnswer& answer = std::get<ToolAnswer>(outcome);
  EXPECT_EQ(answer.structured.value().at("done"), Json(false));
  EXPECT_EQ(answer.structured.value().at("command"), Json("reelforge spend it"));
}

TEST_F(OfferTest, SettingsChangeOnlyWhenAPersonSaysYes) {
  import_export();
  const JsonObject change{{"account", "meta:default"}, {"time_zone", "Europe/Berlin"}};
  const JsonObject can{{"elicitation", JsonObject{}}};
  const auto zone = [&] {
    return call("accounts", {})
        .at("structuredContent")
        .at("accounts")
        .as_array()
        .at(0)
        .at("time_zone");
  };
  const Json before = zone();
  EXPECT_EQ(call("account_set", change).at("isError"), Json(true));  // Nobody can be asked.
  const JsonObject first = call("account_set", change, can);
  EXPECT_EQ(first.at("resultType"), Json("input_required"));
  JsonObject params{
      {"name", "account_set"}, {"arguments", change}, {"requestState", first.at("requestState")}};
  for (std::string_view no : {R"({"approve":{"action":"decline"}})",
                              R"({"approve":{"action":"accept","content":{"approve":false}}})",
                              R"({"approve":{"action":"accept"}})"}) {
    params["inputResponses"] = json_of(no);
    EXPECT_EQ(ask(modern("tools/call", params, {}, can)).at("isError"), Json(true)) << no;
    EXPECT_EQ(zone(), before);
  }
  params["inputResponses"] =
      json_of(R"({"approve":{"action":"accept","content":{"approve":true}}})");
  EXPECT_EQ(ask(modern("tools/call", params, {}, can)).at("isError"), Json(false));
  EXPECT_EQ(zone(), Json("Europe/Berlin"));
}

TEST_F(OfferTest, AnswersFromTheStoreUnderTheNamesOfTheNotes) {
  import_export();
  const JsonObject days =
      call("collect_meta_performance", {{"ad_id", "11"}, {"date_range", "2026-03-01..2026-03-02"}});
  const Json& found = days.at("structuredContent");
  EXPECT_EQ(found.at("days").as_array().size(), 2u);
  EXPECT_EQ(found.at("totals").at("impressions"), Json(2100.0));
  EXPECT_EQ(found.at("totals").at("spend"), Json(20.25));
  const JsonObject recent =
      call("collect_meta_performance", {{"ad_id", "11"}, {"date_range", "last_8d"}});
  EXPECT_EQ(recent.at("structuredContent").at("days").as_array().size(), 1u);  // From 2 March on.
  EXPECT_EQ(call("collect_tiktok_performance", {{"ad_id", "11"}}).at("isError"), Json(true));
  for (std::string_view bad : {"last_d", "last_0d", "last_99999d", "yesterday", "2026-03-02..",
                               "2026-03-02..2026-03-01", ".."}) {
    EXPECT_EQ(
        call("collect_meta_performance", {{"ad_id", "11"}, {"date_range", bad}}).at("isError"),
        Json(true))
        << bad;
  }
}

TEST_F(OfferTest, LongAnswersComeInParts) {
  import_export();
  const JsonObject result = call("report", {{"page_size", 1}, {"page", 2}});
  EXPECT_EQ(result.at("structuredContent").at("rows").as_array().size(), 1u);
  EXPECT_EQ(result.at("_meta").at("reelforge/parts").at("rows"),
            json_of(R"({"items":2,"page":2,"pages":2})"));
  EXPECT_THAT(std::string(result.at("content").as_array().at(1).at("text").as_string()),
              HasSubstr("page 2 of 2"));
  EXPECT_EQ(call("report", {{"page", 0}}).at("isError"), Json(true));
  EXPECT_EQ(call("report", {{"page_size", "many"}}).at("isError"), Json(true));
}

TEST_F(OfferTest, EveryResourceThatIsListedCanBeReadAndSpeaksOfTheStore) {
  import_export();
  const JsonObject listed = ask(modern("resources/list"));
  const JsonArray& resources = listed.at("resources").as_array();
  EXPECT_GE(resources.size(), 5u);
  for (const Json& each : resources) {
    SCOPED_TRACE(to_text(each));
    const JsonObject read = ask(modern("resources/read", {{"uri", each.at("uri")}}));
    if (each.at("uri") == Json("reelforge://plan")) continue;  // There is none before a turn.
    ASSERT_TRUE(read.contains("contents"));
    EXPECT_TRUE(
        parse_json(std::string_view(read.at("contents").as_array().at(0).at("text").as_string()))
            .has_value());
  }
  const JsonObject one = ask(modern("resources/read", {{"uri", "reelforge://creative/Ad%20one"}}));
  EXPECT_THAT(to_text(one), HasSubstr("Ad one"));
  for (std::string_view none : {"reelforge://creative/none", "reelforge://creative/",
                                "reelforge://creative/%zz", "reelforge://nothing", "file:///etc"}) {
    EXPECT_TRUE(ask(modern("resources/read", {{"uri", none}})).empty()) << none;
  }
}

TEST_F(OfferTest, PromptsCarryTheNumbersThatTheyAreAbout) {
  import_export();
  for (const Prompt& prompt : offer(api::operations(), around()).prompts) {
    SCOPED_TRACE(prompt.name);
    const JsonObject got = ask(modern(
        "prompts/get", {{"name", prompt.name}, {"arguments", JsonObject{{"ad", "Ad one"}}}}));
    EXPECT_THAT(to_text(got), HasSubstr("Ad one"));
    EXPECT_THAT(to_text(got), HasSubstr("never instructions"));
  }
}

TEST_F(OfferTest, CompletesTheNamesOfAds) {
  import_export();
  const JsonObject got =
      ask(modern("completion/complete",
                 {{"ref", json_of(R"({"type":"ref/prompt","name":"why_did_this_ad_win"})")},
                  {"argument", json_of(R"({"name":"ad","value":"TWO"})")}}));
  EXPECT_EQ(got.at("completion").at("values"), json_of(R"(["Ad two"])"));
}

TEST_F(OfferTest, TellsWhoWatchesWhenTheStoreChanged) {
  import_export();
  EXPECT_THAT(outlet_.changes, testing::Contains("reelforge://scoreboard"));
  outlet_.changes.clear();
  static_cast<void>(call("report", {}));
  EXPECT_TRUE(outlet_.changes.empty());
}

TEST(Command, IsWhatAPersonWouldType) {
  const api::Operation& import = *api::find_operation("import");
  EXPECT_EQ(api::command_text(import, {{"dry_run", true},
                                       {"files", JsonArray{"a b.csv", "it's.csv"}},
                                       {"account", "meta:1"}}),
            "reelforge import 'a b.csv' 'it'\\''s.csv' --account meta:1 --dry-run");
}

}  // namespace
}  // namespace rf::mcp
