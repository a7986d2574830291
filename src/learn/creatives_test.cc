#include "learn/creatives.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace rf::learn {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

constexpr double kAll = 100'000;

Belief belief(const std::string& key, double clicks, double impressions, double group_clicks) {
  Belief belief{.id = {key}, .group = "everyone", .first_day = Day(Days(20'000))};
  belief.entity.ad_name = key;
  belief.closed.set(Metric::impressions, static_cast<std::int64_t>(impressions));
  belief.ctr = RateBelief{.events = clicks,
                          .exposure = impressions,
                          .group_events = group_clicks,
                          .group_exposure = kAll,
                          .prior_events = 1,
                          .prior_exposure = 100};
  return belief;
}

Creative film(const std::string& sha256, double first) {
  Creative creative{.sha256 = sha256, .method = "m"};
  creative.dna = {.version = "1", .features = {}, .vector = {first, 0.5}, .mask = {1, 1}};
  return creative;
}

// a and b show film x, c shows y, d shows z; e none that is known.
class Creatives : public testing::Test {
 protected:
  void SetUp() override {
    films_.creatives = {film("x", 0.1), film("y", 0.2), film("z", 0.9)};
    films_.by_ad = {{"a", {.file = "x.mp4", .creative = 0}},
                    {"b", {.file = "x.mp4", .creative = 0}},
                    {"c", {.file = "y.mp4", .creative = 1}},
                    {"d", {.file = "z.mp4", .creative = 2}}};
    beliefs_ = {belief("a", 300, 10'000, 1500), belief("b", 300, 10'000, 1500),
                belief("c", 50, 10'000, 1500), belief("d", 3, 200, 1500),
                belief("e", 847, 69'800, 1500)};
  }
  std::vector<CreativeRecord> records() const {
    return creative_records(beliefs_, films_, "meta:1", "meta");
  }
  FilmsSeen films_;
  std::vector<Belief> beliefs_;
};

TEST_F(Creatives, AFilmBringsWhatAllItsAdsBring) {
  const std::vector<CreativeRecord> all = records();
  ASSERT_THAT(all, SizeIs(3));
  EXPECT_THAT(all[0].ads, ElementsAre("a", "b"));
  EXPECT_EQ(all[0].ctr->events, 600);
  EXPECT_EQ(all[0].ctr->exposure, 20'000);
  EXPECT_EQ(all[0].closed.get(Metric::impressions), 20'000);
  // The rest is everybody else: 900 clicks of 80,000, and not the other ad of the same film.
  EXPECT_NEAR(all[0].lift->value, 0.03 / (900.0 / 80'000) - 1, 0.1);
}

TEST_F(Creatives, WhoIsSureIsWinnerOrLoserAndWhoIsNotIsNeither) {
  const std::vector<CreativeRecord> all = records();
  EXPECT_EQ(all[0].fate, Fate::winner);
  EXPECT_EQ(all[1].fate, Fate::loser);
  EXPECT_EQ(all[2].fate, Fate::unsure);  // 1.5 % of 200: nothing can be said.
}

TEST_F(Creatives, TheMemoryHoldsOnlyWhatCanBeCompared) {
  std::vector<CreativeRecord> all = records();
  EXPECT_EQ(memory_of(all, all[0].creative).size(), 3U);
  all[1].creative.method = "with another model";
  EXPECT_EQ(memory_of(all, all[0].creative).size(), 2U);
  all[2].rate.reset();
  EXPECT_EQ(memory_of(all, all[0].creative).size(), 1U);
}

TEST_F(Creatives, NoFilmsNoRecords) {
  EXPECT_THAT(creative_records(beliefs_, {}, "meta:1", "meta"), IsEmpty());
  EXPECT_EQ(films_.of("e"), nullptr);
  EXPECT_EQ(films_.of("b")->sha256, "x");
}

}  // namespace
}  // namespace rf::learn
