// Alerts through the operations: found on a platform in memory, told to a webhook, a chat and a
// mail server of the test's own.

#include "api/alerts.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include "api/acting.h"
#include "api/acting_for_test.h"
#include "api/verdicts.h"
#include "base/hmac.h"
#include "net/mail_sink_for_test.h"

namespace rf::api {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

class RecordingClient final : public net::HttpClient {
 public:
  Result<net::Response> send(const net::Request& request) override {
    requests.push_back(request);
    if (status == net::kNoAnswer) return fail(ErrorCode::outcome_unknown, request.target);
    return net::Response{.status = status, .headers = {}, .body = ""};
  }
  std::vector<net::Request> requests;
  int status = 200;
};

class AlertOperations : public ActingOperations {
 protected:
  AlertOperations() {
    services_.set_reach({.typed_http = [this] { return &http_; },
                         .mail = [this] { return mail_.get(); },
                         .secret =
                             [](std::string_view name) {
                               return name == "REELFORGE_ALERT_CHAT_URL"
                                          ? std::string("https://hooks.example.com/T0/secret-part")
                                          : std::string();
                             }});
    allow("auto");
    RF_CHECK(alerts_check({}, services_).has_value());  // The first look.
  }

  Result<AlertsSettingsOutput> set(const std::string& text) {
    const std::string path = folder_.file("alerts.toml");
    std::ofstream(path) << text;
    return alerts_set({.file = path}, services_);
  }

  void raise_by_somebody(std::int64_t units) {
    act::find(platform_.now, Level::adset, "s1")->daily_budget = act::usd(units);
  }

  RecordingClient http_;
  std::unique_ptr<net::MailSender> mail_ = net::open_mail({.public_hosts_only = false});
};

TEST_F(AlertOperations, WhatSomebodyElseRaisedIsToldOnceToAChatAndItsAddressIsNeverShown) {
  ASSERT_TRUE(set("[[sinks]]\nname = \"chat\"\nkind = \"slack\"\n").has_value());
  raise_by_somebody(5000);
  const AlertsCheckOutput first = alerts_check({}, services_).value();
  EXPECT_THAT(first.failed, IsEmpty());
  ASSERT_THAT(http_.requests, SizeIs(1));
  EXPECT_EQ(http_.requests[0].target, "https://hooks.example.com/T0/secret-part");
  EXPECT_THAT(http_.requests[0].body, HasSubstr("daily_budget was 100.00 USD and is 5000.00 USD"));
  ASSERT_TRUE(alerts_check({}, services_).has_value());
  EXPECT_THAT(http_.requests, SizeIs(1));

  raise_by_somebody(6000);
  http_.status = net::kNoAnswer;
  const AlertsCheckOutput lost = alerts_check({}, services_).value();
  ASSERT_THAT(lost.failed, SizeIs(1));
  EXPECT_THAT(lost.failed[0].message, Not(HasSubstr("secret-part")));
  http_.status = 200;
  // It is sent again, and says that it is the same.
  ASSERT_TRUE(alerts_check({}, services_).has_value());
  ASSERT_THAT(http_.requests, SizeIs(3));
  EXPECT_EQ(http_.requests[1].headers.find("Idempotency-Key"),
            http_.requests[2].headers.find("Idempotency-Key"));
}

TEST_F(AlertOperations, ASignedWebhookCanBeChecked) {
  const std::string secrets = folder_.file("secrets.toml");
  std::ofstream(secrets) << "ops_key = \"k\"\n";
  ASSERT_TRUE(
      set("[[sinks]]\nname = \"ops\"\nkind = \"webhook\"\nurl = \"https://ops.example.com/\"\n"
          "secrets = \"" +
          secrets + "\"\n")
          .has_value());
  ::chmod(secrets.c_str(), 0644);
  raise_by_somebody(5000);
  EXPECT_THAT(alerts_check({}, services_).value().failed[0].message, HasSubstr("others can read"));
  ::chmod(secrets.c_str(), 0600);
  ASSERT_TRUE(alerts_check({}, services_).has_value());
  ASSERT_THAT(http_.requests, SizeIs(1));
  const net::Request& request = http_.requests[0];
  const std::string at(request.headers.find("X-ReelForge-Time").value());
  EXPECT_EQ(request.headers.find("X-ReelForge-Signature").value(),
            "sha256=" + hmac_sha256_hex("k", at + "." + request.body));
  const Json body = parse_json(request.body).value();
  EXPECT_EQ(body.at("alerts").at(0).at("kind").as_string(), "drift");
  EXPECT_EQ(body.at("alerts").at(0).at("state").as_string(), "open");
}

TEST_F(AlertOperations, ALetterReachesAMailServer) {
  net::MailSink sink;
  ASSERT_TRUE(set("[[sinks]]\nname = \"mail\"\nkind = \"email\"\nurl = \"" + sink.url() +
                  "\"\nfrom = \"reelforge@example.com\"\nto = [\"ann@example.com\"]\n"
                  "open_line = true\n")
                  .has_value());
  raise_by_somebody(5000);
  EXPECT_THAT(alerts_check({}, services_).value().told, SizeIs(1));
  ASSERT_THAT(sink.heard(), SizeIs(1));
  EXPECT_THAT(sink.heard()[0], HasSubstr("RCPT TO:<ann@example.com>"));
  EXPECT_THAT(alerts_test({}, services_).value().told, SizeIs(1));
  EXPECT_THAT(sink.heard(), SizeIs(2));
}

TEST_F(AlertOperations, ARefusalOfTheGateIsToldOnceHoweverOftenItIsAskedFor) {
  set_limits(
      "level = \"auto\"\naccount_daily = { amount = \"500\", currency = \"USD\" }\n"
      "change_raise_max = { amount = \"1\", currency = \"USD\" }\n");
  for (int i = 0; i < 3; ++i) {
    ASSERT_TRUE(plan_execute({.items = {"2"}, .as = "ann"}, services_).has_value());
    const AlertsCheckOutput output = alerts_check({}, services_).value();
    ASSERT_THAT(output.alerts, SizeIs(1)) << i;
    EXPECT_EQ(output.alerts[0].alert.alert.kind, act::AlertKind::gate);
    EXPECT_EQ(output.alerts[0].alert.times, i + 1);
    EXPECT_THAT(output.alerts[0].alert.alert.text, HasSubstr("change_raise_max"));
  }
}

TEST_F(AlertOperations, WhatIsRejectedIsOpenUntilItIsMended) {
  EntityState* ad = act::find(platform_.now, Level::ad, "a3");
  ad->issues = {"DISAPPROVED: claims"};
  ad->delivers = false;
  const auto kinds = [&] {
    std::vector<std::string> all;
    const AlertsCheckOutput output = alerts_check({}, services_).value();
    for (const AlertView& view : output.alerts) {
      all.emplace_back(name_of(view.alert.alert.kind));
    }
    return all;
  };
  EXPECT_THAT(kinds(), testing::Contains("rejected"));
  ad->issues.clear();
  ad->delivers = true;
  EXPECT_THAT(kinds(), Not(testing::Contains("rejected")));
}

TEST_F(AlertOperations, AreListedAndAcknowledgedByNumber) {
  raise_by_somebody(5000);
  ASSERT_TRUE(drift({}, services_).has_value());  // Whoever looks: it is entered.
  const AlertsListOutput list = alerts_list({}, services_).value();
  ASSERT_THAT(list.alerts, SizeIs(1));
  EXPECT_THAT(list.notices, SizeIs(1));
  EXPECT_EQ(alerts_acknowledge({.alerts = {"9"}}, services_).error().code, ErrorCode::not_found);
  EXPECT_EQ(alerts_acknowledge({.alerts = {"x"}}, services_).error().code, ErrorCode::invalid);
  const AlertsListOutput left =
      alerts_acknowledge({.alerts = {"1"}, .as = "ann"}, services_).value();
  EXPECT_THAT(left.alerts, IsEmpty());
  EXPECT_EQ(alerts_list({.all = true}, services_).value().alerts[0].alert.acknowledged_by, "ann");
}

TEST_F(AlertOperations, SinksThatCannotBeMeantAreRefused) {
  const auto error = [&](const std::string& text) { return set(text).error().message; };
  const std::string hook = "[[sinks]]\nname = \"a\"\nkind = \"webhook\"\n";
  EXPECT_THAT(error(hook + "url = \"http://ops.example.com/\"\n"), HasSubstr("https"));
  EXPECT_THAT(error(hook + "url = \"http://127.0.0.1.example.com/\"\n"), HasSubstr("https"));
  EXPECT_THAT(error(hook + "url = \"https://me:pw@ops.example.com/\"\n"), HasSubstr("password"));
  EXPECT_THAT(error(hook + "from = \"a@b\"\n"), HasSubstr("for mail"));
  EXPECT_THAT(error(hook + hook), HasSubstr("two of that name"));
  EXPECT_THAT(error("[[sinks]]\nname = \"a\"\nkind = \"email\"\nurl = \"smtp://mail.example.com\"\n"
                    "from = \"a@b\"\nto = [\"c@d\"]\nopen_line = true\n"),
              HasSubstr("this machine"));
  EXPECT_THAT(error("[[sinks]]\nname = \"A b\"\nkind = \"slack\"\n"), HasSubstr("lower-case"));
  EXPECT_THAT(alerts_sinks({}, services_).value().settings.sinks, IsEmpty());
}

TEST(AlertTexts, NothingInAChatIsTakenForMarkup) {
  act::KeptAlert kept;
  kept.number = 1;
  kept.alert.text = "<!channel> & <https://evil.example.com|click>";
  kept.alert.command = "reelforge drift";
  const std::string text =
      chat_text({.account = "meta:1", .at = Instant(), .open = {kept}, .over = {}});
  EXPECT_THAT(text, Not(HasSubstr("<!channel>")));
  EXPECT_THAT(text, HasSubstr("&lt;!channel&gt; &amp; "));
}

TEST(AlertTexts, AFloodIsOneShortMessage) {
  Telling telling{.account = "meta:1", .at = Instant()};
  for (int i = 0; i < 900; ++i) {
    act::KeptAlert kept;
    kept.number = i + 1;
    kept.alert.text = std::string(5000, 'x');
    telling.open.push_back(kept);
  }
  EXPECT_LT(chat_text(telling).size(), 10'000U);
  EXPECT_THAT(letter_text(telling), HasSubstr("and 890 more: reelforge alerts list"));
}

}  // namespace
}  // namespace rf::api
