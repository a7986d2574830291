#include "cli/entry.h"

#include <algorithm>
#include <set>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "api/operations.h"
#include "cli/command_line.h"
#include "cli/completion.h"
#include "cli/help.h"
#include "cli/man_page.h"

namespace rf::cli {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

class EntryTest : public testing::Test {
 protected:
  int opened_ = 0;
  std::vector<Door> doors_{{.name = "open sesame",
                            .help = "stays open",
                            .example = "open sesame",
                            .inputs = {{.name = "wide", .help = "how wide"}},
                            .open = [this](const Json&, const std::string&) { return ++opened_; }}};
  std::vector<Entry> all_ = entries_of(api::operations(), doors_);
};

TEST_F(EntryTest, EveryCommandStandsUnderExactlyOneTopic) {
  std::multiset<std::string_view> listed;
  for (const Topic& topic : topics_of(all_)) {
    for (const Entry* each : topic.entries) listed.insert(each->name);
  }
  EXPECT_EQ(listed.size(), all_.size());
  for (const Entry& each : all_) EXPECT_EQ(listed.count(each.name), 1u) << each.name;
}

TEST_F(EntryTest, HelpNamesEveryCommandAndHowToBegin) {
  const std::string help = help_text(all_, "");
  for (const Entry& each : all_) EXPECT_THAT(help, HasSubstr(std::string(each.name)));
  EXPECT_THAT(help, HasSubstr("A first session:"));
}

TEST_F(EntryTest, TheHelpOfACommandHasItsFieldsAndAnExample) {
  for (const Entry& each : all_) {
    SCOPED_TRACE(each.name);
    const std::string help = help_text(all_, each.name);
    EXPECT_THAT(help, HasSubstr("Usage: reelforge " + std::string(each.name)));
    EXPECT_THAT(help, HasSubstr("Example:\n  reelforge " + std::string(each.name.substr(0, 2))));
    for (const api::InputField& field : each.inputs) {
      EXPECT_THAT(help, HasSubstr(std::string(field.help)));
    }
  }
}

TEST_F(EntryTest, TheHelpOfSeveralCommandsListsThem) {
  const std::string help = help_text(all_, "policy");
  EXPECT_THAT(help, HasSubstr("policy show"));
  EXPECT_THAT(help, HasSubstr("policy set"));
  EXPECT_THAT(help, Not(HasSubstr("naming")));
}

TEST_F(EntryTest, HelpIsGivenForWhatWasNamed) {
  const auto text = [&](const std::vector<std::string>& words) {
    return parse_command_line(words, all_).value().text;
  };
  EXPECT_EQ(text({}), help_text(all_, ""));
  EXPECT_EQ(text({"--help"}), help_text(all_, ""));
  EXPECT_EQ(text({"policy"}), help_text(all_, "policy"));
  EXPECT_EQ(text({"policy", "set", "--help"}), help_text(all_, "policy set"));
}

TEST_F(EntryTest, ADoorIsFoundWithItsInput) {
  const Request request = parse_command_line({"open", "sesame", "--wide", "3 m"}, all_).value();
  ASSERT_NE(request.entry, nullptr);
  EXPECT_EQ(request.entry->door, doors_.data());
  EXPECT_EQ(request.input.at("wide"), Json("3 m"));
}

TEST_F(EntryTest, WordsAfterAPrefixAreThoseOfTheTable) {
  EXPECT_THAT(words_after(all_, "policy"), ElementsAre("show", "set"));
  EXPECT_THAT(words_after(all_, "open"), ElementsAre("sesame"));
  EXPECT_TRUE(words_after(all_, "policy show").empty());
  EXPECT_TRUE(words_after(all_, "polic").empty());
}

TEST_F(EntryTest, CompletionKnowsEveryCommandAndOption) {
  for (std::string_view shell : {"bash", "zsh", "fish"}) {
    SCOPED_TRACE(shell);
    const std::string script = completion(all_, shell);
    for (const Entry& each : all_) {
      for (std::string_view rest = each.name; !rest.empty();) {
        const std::size_t space = rest.find(' ');
        EXPECT_THAT(script, HasSubstr(std::string(rest.substr(0, space))));
        rest.remove_prefix(space == std::string_view::npos ? rest.size() : space + 1);
      }
    }
    EXPECT_THAT(script, HasSubstr("dry-run"));
  }
}

TEST_F(EntryTest, AnUnknownShellOrCommandIsRefusedByName) {
  const auto write = [&](std::string_view name, const Json& input) {
    auto entry = std::ranges::find(all_, name, &Entry::name);
    return entry->write(all_, input);
  };
  EXPECT_THAT(write("completion", JsonObject{{"shell", "tcsh"}}).error().message,
              HasSubstr("bash, zsh or fish"));
  EXPECT_EQ(write("man", JsonObject{{"command", "none"}}).error().code, ErrorCode::not_found);
  EXPECT_THAT(write("man", JsonObject{{"command", "plan show"}}).value(),
              HasSubstr(".TH REELFORGE\\-PLAN\\-SHOW 1"));
}

TEST_F(EntryTest, NoLineOfAManPageIsTakenForARequestByAccident) {
  const std::string page = man_page(all_, "");
  std::size_t begin = 0;
  while (begin < page.size()) {
    const std::size_t end = page.find('\n', begin);
    const std::string line = page.substr(begin, end - begin);
    begin = end + 1;
    if (line.empty() || (line[0] != '.' && line[0] != '\'')) continue;
    const std::string request = line.substr(0, line.find(' '));
    EXPECT_THAT(request, testing::AnyOf(".TH", ".SH", ".SS", ".TP", ".PP", ".nf", ".fi", ".BR"));
  }
  for (const Entry& each : all_) {
    EXPECT_THAT(page, HasSubstr(std::string(each.name.substr(0, each.name.find('-')))));
  }
}

}  // namespace
}  // namespace rf::cli
