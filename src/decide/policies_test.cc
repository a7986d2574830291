#include "decide/policies.h"

#include <gtest/gtest.h>

namespace rf::decide {
namespace {

TEST(Policies, AreBornWithTheConstantsOfTheNotes) {
  const Policies policies;
  EXPECT_EQ(policies.kill.ctr_min, 0.005);
  EXPECT_EQ(policies.kill.ctr_impressions, 1000);
  EXPECT_EQ(policies.kill.cvr_min, 0.005);
  EXPECT_EQ(policies.kill.cvr_clicks, 100);
  EXPECT_EQ(policies.kill.cpa_multiple, 3);
  EXPECT_EQ(policies.kill.cpa_conversions, 3);
  EXPECT_EQ(policies.kill.roas_min, 0.5);
  EXPECT_EQ(policies.kill.roas_spend, 100);
  EXPECT_EQ(policies.kill.no_conversions_spend, 100);
  EXPECT_EQ(policies.promote.impressions, 1000);
  EXPECT_EQ(policies.promote.confidence, 0.95);
  EXPECT_EQ(policies.promote.lift, 0.20);
  EXPECT_EQ(policies.promote.factor, 2);
  EXPECT_EQ(policies.budget.min_spend, 50);
  EXPECT_EQ(policies.budget.min_conversions, 5);
  EXPECT_EQ(policies.budget.target_roas, 2.0);
  EXPECT_EQ(policies.budget.loser_roas, 1.0);
  EXPECT_EQ(policies.budget.scale_roas, 3.0);
  EXPECT_EQ(policies.budget.min_budget, 10);
  EXPECT_EQ(policies.budget.shift_max, 0.5);
  EXPECT_EQ(policies.learning_hours, 24);
}

TEST(Policies, ComeBackFromTheirOwnJson) {
  Policies policies;
  policies.target_cpa = 31.5;
  policies.kill.delta = 0.01;
  Result<Policies> back = from_json<Policies>(to_json(policies), "policies");
  ASSERT_TRUE(back) << back.error().message;
  EXPECT_EQ(*back, policies);
}

TEST(Policies, AreReadFromToml) {
  Result<Json> toml = parse_toml("target_cpa = 25.0\n[kill]\ndelta = 0.02\n");
  ASSERT_TRUE(toml) << toml.error().message;
  Result<Policies> policies = from_json<Policies>(*toml, "policies");
  ASSERT_TRUE(policies) << policies.error().message;
  EXPECT_EQ(policies->target_cpa, 25.0);
  EXPECT_EQ(policies->kill.delta, 0.02);
  EXPECT_EQ(policies->promote, PromotePolicy());
}

TEST(Policies, RefuseWhatCanNotBeMeantAndSayWhere) {
  Result<Json> toml = parse_toml("[budget]\nshift_max = 5.0\n");
  ASSERT_TRUE(toml);
  Result<Policies> policies = from_json<Policies>(*toml, "policies");
  ASSERT_FALSE(policies);
  EXPECT_NE(policies.error().message.find("policies.budget.shift_max"), std::string::npos);
}

TEST(Policies, EveryFieldIsDescribed) {
  const std::string schema = to_text(Json(schema_of<Policies>()));
  EXPECT_NE(schema.find("what a conversion may cost"), std::string::npos);
  EXPECT_EQ(schema.find("\"description\":\"\""), std::string::npos);
}

}  // namespace
}  // namespace rf::decide
