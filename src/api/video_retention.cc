#include "api/video_retention.h"

#include <algorithm>
#include <charconv>
#include <cmath>

#include <fmt/format.h>

#include "api/judged.h"
#include "api/video_seen.h"
#include "base/file.h"

namespace rf::api {
namespace {

constexpr std::int64_t kCurveBytesMax = 1 << 20;
constexpr std::size_t kSecondsValues = 22;

// A ThruPlay of a film of at most this length is a play to its end, which p100 says by itself.
constexpr double kThruPlaySeconds = 15;

// Whether three seconds are all but a quarter of the film: two counts of one moment would make a
// stretch so short that its rate says nothing.
bool three_is_a_quarter(double duration_s) {
  constexpr double kNear = 0.25;
  return std::abs(0.25 * duration_s - 3) < kNear || std::abs(0.5 * duration_s - 3) < kNear ||
         std::abs(0.75 * duration_s - 3) < kNear;
}

video::WatchedTo watched_to(const Counts& counts, double duration_s) {
  const bool is_end = duration_s <= kThruPlaySeconds && counts.has(Metric::video_p100);
  return {
      .plays = counts.or_zero(Metric::video_plays),
      .three_seconds = three_is_a_quarter(duration_s) ? std::nullopt : counts.get(Metric::video_3s),
      .p25 = counts.get(Metric::video_p25),
      .p50 = counts.get(Metric::video_p50),
      .p75 = counts.get(Metric::video_p75),
      .p95 = counts.get(Metric::video_p95),
      .p100 = counts.get(Metric::video_p100),
      .thruplay = is_end ? std::nullopt : counts.get(Metric::thruplays)};
}

bool is_between(char c) {
  return c == ',' || c == ';' || c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '[' ||
         c == ']';
}

// Numbers between commas, spaces or lines.
Result<std::vector<double>> read_curve(const std::string& path) {
  std::string text = RF_TRY(read_file(path, kCurveBytesMax));
  std::vector<double> values;
  const char* at = text.data();
  const char* const end = at + text.size();
  while (true) {
    at = std::find_if_not(at, end, is_between);
    if (at == end) return values;
    double value = 0;
    auto [stopped, error] = std::from_chars(at, end, value);
    if (error != std::errc() || (stopped != end && !is_between(*stopped))) {
      const char* word_end = std::find_if(at, end, is_between);
      return fail(ErrorCode::corrupt,
                  fmt::format("{}: value {}: found '{}', expected a number", path,
                              values.size() + 1, std::string(at, std::min(word_end, at + 40))));
    }
    values.push_back(value);
    at = stopped;
  }
}

// The counts of the account's other ads with quarters, laid over each other: their films may differ
// in length, so only parts of the film can be compared, not seconds.
struct Usual {
  Counts counts;
  std::int64_t ads = 0;
};

Usual usual_of(const Judged& judged, const EntityId& own) {
  Usual usual;
  for (const Belief& belief : judged.beliefs) {
    if (belief.id == own || belief.closed.or_zero(Metric::video_plays) <= 0) continue;
    bool whole = true;
    for (Metric each :
         {Metric::video_p25, Metric::video_p50, Metric::video_p75, Metric::video_p100}) {
      whole = whole && belief.closed.has(each);
    }
    if (!whole) continue;
    ++usual.ads;
    for (Metric each : {Metric::video_plays, Metric::video_p25, Metric::video_p50,
                        Metric::video_p75, Metric::video_p100}) {
      usual.counts.set(each, usual.counts.or_zero(each) + belief.closed.or_zero(each));
    }
  }
  return usual;
}

Result<video::RetentionCurve> curve_of(const VideoRetentionInput& input, const Belief& belief,
                                       double duration_s, std::string& source) {
  if (input.curve.empty()) {
    source = "the ad's counts over its closed days";
    Result<video::RetentionCurve> curve =
        video::curve_of_counts(watched_to(belief.closed, duration_s), duration_s);
    if (curve) return curve;
    return std::move(curve).error().with(fmt::format(
        "'{}' has no curve in its counts; give one with --curve", belief.entity.name()));
  }
  std::vector<double> values = RF_TRY(read_curve(input.curve));
  const bool seconds = values.size() == kSecondsValues;
  source = fmt::format("{}: {} values {}", input.curve, values.size(),
                       seconds ? "by second" : "evenly spaced");
  return seconds ? video::curve_of_seconds(values, duration_s)
                 : video::curve_of_even(values, duration_s);
}

}  // namespace

Result<VideoRetentionOutput> video_retention(const VideoRetentionInput& input, Services& services) {
  Store* store = RF_TRY(services.store());
  std::vector<Judged> all = RF_TRY(all_judged(*store, input.account, services.clock().now()));
  AdMatch match = RF_TRY(ad_called(all, input.ad));
  const Judged& judged = *match.judged;
  const Belief& belief = *match.belief;
  std::optional<FilmView> film = film_view(judged.sight.films, belief.id.text);
  if (!film) {
    return fail(ErrorCode::not_found,
                fmt::format("the film of '{}' is not known; 'reelforge import EXPORT --videos "
                            "FOLDER' brings films to ads",
                            belief.entity.name()));
  }
  const Creative& creative = *judged.sight.films.of(belief.id.text);
  Features features = RF_TRY(features_behind(creative, film->file, *store));
  VideoRetentionOutput output{.ad = belief.entity.name(),
                              .key = belief.id.text,
                              .account = judged.account.id.text,
                              .film = std::move(*film)};
  video::RetentionCurve curve = RF_TRY(curve_of(input, belief, features.duration_s, output.curve));
  output.plays = curve.plays;
  const Usual usual = usual_of(judged, belief.id);
  Result<video::RetentionCurve> average =
      video::curve_of_counts(watched_to(usual.counts, features.duration_s), features.duration_s);
  if (average) output.usual_ads = usual.ads;
  output.leaving =
      video::leaving(features, curve, average ? &*average : nullptr, features.duration_s);
  if (!average) {
    output.notices.emplace_back(
        "no other ad of the account reports plays and quarters, so there is nothing usual to "
        "compare with");
  }
  output.notices.emplace_back(
      "what is on the screen when people leave need not be why they leave; only a test tells");
  return output;
}

}  // namespace rf::api
