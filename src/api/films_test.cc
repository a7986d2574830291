// Films of ads, from the import to what is said of them.

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "api/explain.h"
#include "api/import.h"
#include "api/patterns.h"
#include "api/report.h"
#include "api/sandbox.h"
#include "api/turn.h"
#include "api/video_dna.h"
#include "api/video_retention.h"
#include "api/video_seen.h"
#include "base/rng.h"
#include "media/film_writer.h"
#include "store/sqlite.h"
#include "store/store_testing.h"
#include "video/dna.h"

namespace rf::api {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

std::string decoder() {
  // One thread so far. NOLINTNEXTLINE(concurrency-mt-unsafe)
  const char* value = std::getenv("RF_DECODER");
  return value == nullptr ? "" : value;
}

class Stopped final : public Progress {
 public:
  void report(std::string_view, std::int64_t, std::int64_t) override {}
  bool cancelled() const override { return stopped; }
  bool stopped = true;
};

// A store of one account whose ads' numbers and films are made up.
class FilmsOfAds : public testing::Test {
 protected:
  Services services(const std::string& program, Progress& progress) {
    return {folder_.file("store.db"), open_sqlite, clock_, progress, program};
  }
  Services services() { return services(decoder(), progress_); }

  std::string export_file(int ads) {
    std::string path = folder_.file("meta.csv");
    std::ofstream out(path);
    out << "Day,Ad ID,Ad name,Amount spent (USD),Impressions,Link clicks,Video plays,"
           "3-second video plays,Video plays at 25%,Video plays at 50%,Video plays at 75%,"
           "Video plays at 100%,Reporting starts,Reporting ends\n";
    for (int day = 1; day <= 9; ++day) {
      for (int ad = 1; ad <= ads; ++ad) {
        out << "2026-03-0" << day << ",12023000000000" << ad << ",Ad " << ad << ",10.00,10000,"
            << (ad == 1 ? 300 : 100) << ",8000,4000,3900,3000,2500,2000,2026-03-0" << day
            << ",2026-03-0" << day << '\n';
      }
    }
    return path;
  }

  std::string film(const std::string& name, int shade) {
    const std::string folder = folder_.file("films");
    std::filesystem::create_directories(folder);
    std::string path = folder + "/" + name;
    const media::FilmFormat format{.width = 96, .height = 160, .fps = 10, .audio_rate_hz = 22050};
    media::FilmWriter writer = media::FilmWriter::open(path, format).value();
    for (std::size_t i = 0; i < 130; ++i) {
      std::vector<std::uint8_t> bgr(std::size_t{96} * 160 * 3, static_cast<std::uint8_t>(shade));
      for (std::size_t y = 0; y < 40; ++y) bgr[((y + i % 100) * 96 + y) * 3] = 255;
      EXPECT_TRUE(writer.add_picture(bgr));
    }
    EXPECT_TRUE(writer.add_samples(std::vector<float>(std::size_t{22050} * 13, 0.1F)));
    EXPECT_TRUE(writer.finish());
    return path;
  }

  TemporaryFolder folder_{"/tmp"};  // The decoder's process may not see every place.
  NoProgress progress_;
  ManualClock clock_{parse_instant("2026-03-11T12:00:00Z").value()};
};

TEST_F(FilmsOfAds, AreBroughtToThemOnceWhateverElseLiesInTheFolder) {
  if (decoder().empty()) GTEST_SKIP() << "RF_DECODER is not set";
  film("Ad 1.mp4", 20);
  film("ad-2.mp4", 90);
  film("holiday.mp4", 40);
  std::ofstream(folder_.file("films") + "/Ad 3.mp4") << "this is no film";
  const ImportInput input{.files = {export_file(4)}, .videos = folder_.file("films")};
  Services first = services();
  FilmsReport report = import(input, first).value().videos.value();
  EXPECT_EQ(report.films, 4);
  ASSERT_THAT(report.taken, SizeIs(2));
  EXPECT_THAT(report.open, SizeIs(1));
  ASSERT_THAT(report.failed, SizeIs(1));
  EXPECT_THAT(report.failed[0].what, HasSubstr("Ad 3.mp4"));
  EXPECT_EQ(report.added, 2);
  EXPECT_EQ(report.ads_with_film, 2);
  // Again, and without a decoder: what is known needs none, and nothing changes.
  Services second = services("/no/such/decoder", progress_);
  report = import(input, second).value().videos.value();
  EXPECT_THAT(report.taken, SizeIs(2));
  EXPECT_EQ(report.unchanged, 2);
}

TEST_F(FilmsOfAds, AreSeenByTheTurnTheReportTheExplanationAndTheRetention) {
  if (decoder().empty()) GTEST_SKIP() << "RF_DECODER is not set";
  film("Ad 1.mp4", 20);
  film("Ad 2.mp4", 90);
  const ImportInput input{.files = {export_file(4)}, .videos = folder_.file("films")};
  Services all = services();
  ASSERT_TRUE(import(input, all));
  const TurnOutput turned = turn({}, all).value();
  const auto& steps = turned.turn.steps;
  const auto step = std::ranges::find(steps, "films", &TurnStepView::name);
  ASSERT_NE(step, steps.end());
  EXPECT_EQ(step->rows, 2);

  const ReportOutput by_film = report({.by = "creative"}, all).value();
  EXPECT_THAT(by_film.rows, SizeIs(3));  // Two films, and ads whose film is not known.
  const ReportOutput by_ad = report({}, all).value();
  const auto one = std::ranges::find(by_ad.rows, "Ad 1", &ReportRow::name);
  ASSERT_TRUE(one->film);
  EXPECT_EQ(one->film->file, "Ad 1.mp4");
  EXPECT_NEAR(one->film->duration_s, 13, 0.2);
  EXPECT_THAT(report({.by = "nonsense"}, all).error().message, HasSubstr("hook_type"));

  const ExplainOutput explained = explain({.ad = "Ad 2"}, all).value();
  EXPECT_TRUE(explained.film);
  ASSERT_THAT(explained.nearest_winners, SizeIs(1));  // Ad 1 has three times the clicks.
  EXPECT_THAT(explained.nearest_winners[0].ads, ElementsAre("Ad 1"));
  EXPECT_GT(explained.nearest_winners[0].lift->low, 0);
  EXPECT_THAT(explained.nearest_losers, IsEmpty());
  EXPECT_THAT(explained.likeness, HasSubstr("not enough data for a loser"));
  EXPECT_THAT(explain({.ad = "Ad 3"}, all).value().likeness, HasSubstr("not known"));

  const VideoRetentionOutput left = video_retention({.ad = "Ad 1"}, all).value();
  ASSERT_THAT(left.leaving, SizeIs(5));  // 3 s, the quarters, the end.
  EXPECT_EQ(left.plays, 72'000);
  EXPECT_EQ(left.usual_ads, 3);
  EXPECT_NEAR(left.leaving.front().stay_share, 0.5, 1e-9);
  EXPECT_EQ(video_retention({.ad = "Ad 3"}, all).error().code, ErrorCode::not_found);
  const VideoSeenOutput seen = video_seen({.ad = "Ad 1"}, all).value();
  EXPECT_EQ(seen.features.sha256, seen.film.sha256);
  EXPECT_THAT(seen.features.shots, Not(IsEmpty()));
  EXPECT_EQ(video_seen({.ad = "Ad 3"}, all).error().code, ErrorCode::not_found);
  EXPECT_THAT(video_dna({}, all).value().notices.front(), HasSubstr("not enough data"));
}

TEST_F(FilmsOfAds, ACurveOfAFileIsLaidOverTheFilm) {
  if (decoder().empty()) GTEST_SKIP() << "RF_DECODER is not set";
  film("Ad 1.mp4", 20);
  Services all = services();
  ASSERT_TRUE(import({.files = {export_file(2)}, .videos = folder_.file("films")}, all));
  std::ofstream(folder_.file("curve.csv")) << "1, .8, .6\n.5 .4\n";
  VideoRetentionInput input{.ad = "Ad 1", .curve = folder_.file("curve.csv")};
  const VideoRetentionOutput left = video_retention(input, all).value();
  ASSERT_THAT(left.leaving, SizeIs(4));
  EXPECT_FALSE(left.plays);
  EXPECT_FALSE(left.leaving.front().low);  // Without plays no interval.
  std::ofstream(folder_.file("curve.csv")) << "1, half";
  EXPECT_THAT(video_retention(input, all).error().message, HasSubstr("value 2: found 'half'"));
}

TEST_F(FilmsOfAds, AnImportThatIsStoppedKeepsWhatIsDoneAndGoesOn) {
  if (decoder().empty()) GTEST_SKIP() << "RF_DECODER is not set";
  film("Ad 1.mp4", 20);
  const std::string csv = export_file(2);
  Services before = services();
  ASSERT_TRUE(import({.files = {csv}}, before));
  Stopped stopped;
  Services halted = services(decoder(), stopped);
  const FilmsAsked asked{.folder = folder_.file("films"),
                         .models = {},
                         .accounts = {"meta:default"},
                         .as_of = clock_.now()};
  EXPECT_EQ(import_films(asked, halted).value().failed.front().code, "conflict");
  Services again = services();
  EXPECT_THAT(import_films(asked, again).value().taken, SizeIs(1));
}

TEST_F(FilmsOfAds, ADryRunAndAFolderThatIsNoneAreRefused) {
  Services all = services();
  const std::string csv = export_file(1);
  EXPECT_EQ(import({.files = {csv}, .videos = "x", .dry_run = true}, all).error().code,
            ErrorCode::invalid);
  EXPECT_EQ(import({.files = {csv}, .videos = "/no/such"}, all).error().code, ErrorCode::not_found);
}

// Films whose DNA is made up: the first feature of each half of the weeks moves the CTR, the others
// do not.
class PatternsOfFilms : public FilmsOfAds {
 protected:
  void fill(int weeks, double effect, std::uint64_t seed) {
    Rng rng(seed);
    auto store = open_sqlite(folder_.file("store.db")).value();
    Account account = test_account();
    ImportSource source = test_source(0);
    source.as_of = clock_.now();
    auto writer = store->write_metrics(source).value();
    std::vector<AdFilm> films;
    const Day today = account.zone.day_at(clock_.now());
    for (int week = 0; week < weeks; ++week) {
      for (int i = 0; i < 6; ++i) {
        const int ad = week * 6 + i;
        Creative creative = made_up(ad, rng);
        const bool has = *creative.dna.features.at("hook.is_motion").value > 0;
        const double rate = 0.01 * std::exp((has ? effect : 0) + 0.1 * rng.normal());
        MetricRow row = test_row(ad, 0, 20'000);
        row.day = today - Days(7 * (weeks - week));
        row.counts.set(Metric::link_clicks, rng.binomial(20'000, rate));
        ASSERT_TRUE(writer->add(account, row));
        films.push_back({.ad = id_of(row.entity),
                         .film = {creative.sha256, creative.method},
                         .file = creative.sha256 + ".mp4",
                         .matched_by = "name",
                         .as_of = clock_.now()});
        creatives_.push_back(std::move(creative));
      }
    }
    ASSERT_TRUE(writer->commit(Json("made up")));
    for (const Creative& each : creatives_) ASSERT_TRUE(store->put_creative(clock_.now(), each));
    ASSERT_TRUE(store->put_ad_films(account.id, films));
  }

  static Creative made_up(int number, Rng& rng) {
    Creative creative{.sha256 = "film" + std::to_string(number), .method = "made up"};
    creative.recipe.ending = "cta";
    creative.dna.version = "1";
    for (const video::DnaDefinition& each : video::dna_definitions()) {
      const double value = each.unit == "yes" ? static_cast<double>(rng.below(2)) : rng.normal();
      DnaFeature& feature = creative.dna.features[std::string(each.name)];
      feature.value = value;
      feature.unit = each.unit;
      creative.dna.vector.push_back(rng.uniform());
      creative.dna.mask.push_back(1);
    }
    return creative;
  }

  std::vector<Creative> creatives_;
};

TEST_F(PatternsOfFilms, AnEffectThatHoldsUpInLaterWeeksIsFoundAndNamedAnAssociation) {
  fill(48, 0.35, 1);
  Services all = services();
  const PatternsOutput found = patterns({}, all).value();
  ASSERT_FALSE(found.patterns.empty());
  EXPECT_EQ(found.patterns[0].feature, "hook.is_motion");
  EXPECT_NEAR(found.patterns[0].effect, std::exp(0.35) - 1, 0.12);
  EXPECT_TRUE(found.patterns[0].replicated);
  EXPECT_EQ(found.patterns[0].design, learn::Design::observational);
  EXPECT_EQ(found.weeks, 48);
  EXPECT_GT(found.tested, 50);
  EXPECT_LE(found.patterns.size(), 2U);

  const VideoDnaOutput dna = video_dna({}, all).value();
  ASSERT_FALSE(dna.apart.empty());
  EXPECT_EQ(dna.apart[0].feature, "hook.is_motion");
  EXPECT_GT(dna.apart[0].low, 0);
  // The plain rule as well: nobody has 3 % for sure.
  EXPECT_THAT(video_dna({.ctr_min = 0.03}, all).value().winners, IsEmpty());
}

TEST_F(PatternsOfFilms, WhereNothingMattersNothingIsBelieved) {
  fill(40, 0, 2);
  Services all = services();
  EXPECT_THAT(patterns({}, all).value().patterns, IsEmpty());
}

TEST_F(PatternsOfFilms, FewWeeksAreNotEnoughAndAnUnknownOutcomeIsNamed) {
  fill(3, 0.5, 3);
  Services all = services();
  const PatternsOutput found = patterns({}, all).value();
  EXPECT_THAT(found.patterns, IsEmpty());
  EXPECT_THAT(found.notices.front(), HasSubstr("not enough data"));
  EXPECT_THAT(patterns({.outcome = "likes"}, all).error().message, HasSubstr("hook_rate"));
}

TEST_F(FilmsOfAds, TheDemoWatchesItsFilms) {
  if (decoder().empty()) GTEST_SKIP() << "RF_DECODER is not set";
  Services all = services();
  const DemoOutput output = demo({}, all).value();
  ASSERT_TRUE(output.films);
  EXPECT_THAT(output.films->failed, IsEmpty());
  EXPECT_GE(output.films->creatives, 10);
  EXPECT_GE(output.films->ads_with_film, 30);
  EXPECT_TRUE(output.report.rows.front().film);
  EXPECT_GE(output.by_hook->rows.size(), 2U);
}

}  // namespace
}  // namespace rf::api
