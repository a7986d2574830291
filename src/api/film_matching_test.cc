#include "api/film_matching.h"

#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "store/store_testing.h"

namespace rf::api {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

constexpr const char* kConvention =
    "20260302_MorningRoutine_Ease_BusyParents_Unaware_UGC_Question_Lena_15s_9x16_v1";

AdToMatch ad(const std::string& id, const std::string& name,
             const std::string& account = "meta:1") {
  AdToMatch ad{.account = account, .id = {"ad:" + id}, .entity = {}};
  ad.entity.ad_id = id;
  ad.entity.ad_name = name;
  return ad;
}

FilmMatching match(const std::vector<std::string>& films, const std::vector<AdToMatch>& ads,
                   const std::vector<FilmMapping>& mapping = {}) {
  std::vector<FilmToMatch> all;
  all.reserve(films.size());
  // Each film has bytes of its own.
  for (const std::string& film : films) all.push_back({"ads/" + film, film});
  return match_films(all, ads, mapping, learn::default_taxonomy());
}

TEST(FilmMatching, AFileThatIsCalledLikeAnAdIsIts) {
  const FilmMatching found =
      match({"Ad One.mp4", "ad-two.mov"}, {ad("1", "ad one"), ad("2", "Ad: Two"), ad("3", "x")});
  ASSERT_THAT(found.matched, SizeIs(2));
  EXPECT_THAT(found.matched[0].ads, ElementsAre(0));
  EXPECT_EQ(found.matched[0].by, "name");
  EXPECT_THAT(found.matched[1].ads, ElementsAre(1));
  EXPECT_THAT(found.open, IsEmpty());
}

TEST(FilmMatching, AnAdsIdInTheNameComesBeforeAnotherAdsName) {
  const FilmMatching found = match({"final 120230000000001.mp4"},
                                   {ad("120230000000001", "b"), ad("2", "final 120230000000001")});
  ASSERT_THAT(found.matched, SizeIs(1));
  EXPECT_THAT(found.matched[0].ads, ElementsAre(0));
  EXPECT_EQ(found.matched[0].by, "id");
}

TEST(FilmMatching, ShortNumbersAreNoIds) {
  EXPECT_THAT(match({"take 2.mp4"}, {ad("2", "winter")}).matched, IsEmpty());
}

TEST(FilmMatching, WordsThatOnlyOneNameHoldsAreEnough) {
  const FilmMatching found =
      match({"BaristaAtHome_UGC.mp4", "2026 summer sale 1080x1920.mp4"},
            {ad("1", "20260302_BaristaAtHome_UGC_Lena_v2"),
             ad("2", "20260302_BaristaAtHome_Demo_Lena_v2"), ad("3", "Summer Sale")});
  ASSERT_THAT(found.matched, SizeIs(2));
  EXPECT_THAT(found.matched[0].ads, ElementsAre(0));
  EXPECT_EQ(found.matched[0].by, "token");
  EXPECT_THAT(found.matched[1].ads, ElementsAre(2));
}

TEST(FilmMatching, WordsThatSeveralNamesHoldAreAskedAndNotGuessed) {
  const FilmMatching found =
      match({"BaristaAtHome.mp4", "v2.mp4"},
            {ad("1", "BaristaAtHome_UGC_v2"), ad("2", "BaristaAtHome_Demo_v2")});
  EXPECT_THAT(found.matched, IsEmpty());
  ASSERT_THAT(found.open, SizeIs(2));
  EXPECT_EQ(found.open[0].why, "several ads have names that fit");
  EXPECT_THAT(found.open[0].candidates, SizeIs(2));
  EXPECT_THAT(found.open[0].what_to_do, HasSubstr("videos.csv"));
  EXPECT_THAT(found.open[1].candidates, IsEmpty());  // Two letters say nothing.
}

TEST(FilmMatching, SeveralAdsOfOneNameShareAFilmOnlyWhereNamesFollowTheConvention) {
  const FilmMatching found =
      match({std::string(kConvention) + ".mp4", "Video 1.mp4"},
            {ad("1", kConvention), ad("2", kConvention), ad("3", "Video 1"), ad("4", "Video 1")});
  ASSERT_THAT(found.matched, SizeIs(1));
  EXPECT_THAT(found.matched[0].ads, ElementsAre(0, 1));
  ASSERT_THAT(found.open, SizeIs(1));
  EXPECT_THAT(found.open[0].why, HasSubstr("no naming convention"));
}

TEST(FilmMatching, OneNameInTwoAccountsIsAsked) {
  const FilmMatching found =
      match({"spring.mp4"}, {ad("1", "spring", "meta:1"), ad("2", "spring", "tiktok:1")});
  EXPECT_THAT(found.matched, IsEmpty());
  EXPECT_EQ(found.open[0].why, "ads of several accounts are called so");
}

TEST(FilmMatching, TwoFilmsOfOneAdAreAskedUnlessTheirBytesAreTheSame) {
  const std::vector<AdToMatch> ads{ad("1", "spring")};
  EXPECT_THAT(match({"spring.mp4", "spring.mov"}, ads).open, SizeIs(2));
  const FilmMatching same =
      match_films({{"spring.mp4", "x"}, {"spring.mov", "x"}}, ads, {}, learn::default_taxonomy());
  EXPECT_THAT(same.open, IsEmpty());
  EXPECT_THAT(same.matched, SizeIs(2));
}

TEST(FilmMatching, TheMappingDecidesAndItsStrayLinesAreNamed) {
  const FilmMatching found =
      match({"spring.mp4"}, {ad("1", "spring"), ad("2", "autumn")},
            {{.line = 2, .file = "spring.mp4", .ad = "2", .account = ""},
             {.line = 3, .file = "gone.mp4", .ad = "1", .account = ""},
             {.line = 4, .file = "spring.mp4", .ad = "none", .account = ""}});
  ASSERT_THAT(found.matched, SizeIs(1));
  EXPECT_THAT(found.matched[0].ads, ElementsAre(1));
  EXPECT_EQ(found.matched[0].by, "mapping");
  ASSERT_THAT(found.open, SizeIs(2));
  EXPECT_EQ(found.open[0].why, "videos.csv:3: there is no such film in the folder");
  EXPECT_EQ(found.open[1].why, "videos.csv:4: no ad of this import answers to 'none'");
}

TEST(FilmMatching, AMappingIsReadFromATable) {
  TemporaryFolder folder;
  const std::string path = folder.file("videos.csv");
  std::ofstream(path) << "ad,file,account\n\"a, b\",x.mp4,meta:1\n2,y.mp4,\n";
  const std::vector<FilmMapping> lines = read_film_mapping(path).value();
  ASSERT_THAT(lines, SizeIs(2));
  EXPECT_EQ(lines[0].ad, "a, b");
  EXPECT_EQ(lines[0].file, "x.mp4");
  EXPECT_EQ(lines[0].account, "meta:1");
  EXPECT_EQ(lines[1].line, 3);
  std::ofstream(path) << "film,ad\nx.mp4,1\n";
  EXPECT_EQ(read_film_mapping(path).error().code, ErrorCode::not_found);
}

}  // namespace
}  // namespace rf::api
