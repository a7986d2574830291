#include "video/retention.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include <fmt/format.h>

#include "video/seen.h"

namespace rf::video {
namespace {

// 95th percentile of the standard normal: an interval of 90 % has 5 % on either side.
constexpr double kZ90 = 1.6448536269514722;

// A rate is worked out as if this share stayed where nobody does, because its logarithm has no end.
constexpr double kShareMin = 1e-6;

constexpr std::size_t kTextShown = 40;  // Bytes; enough to know which words are meant.

Status check_shares(const std::vector<double>& shares) {
  for (std::size_t i = 0; i < shares.size(); ++i) {
    if (std::isfinite(shares[i]) && shares[i] >= 0) continue;
    return fail(ErrorCode::invalid,
                fmt::format("value {} of the curve is {}; expected a share of 0 or more", i + 1,
                            shares[i]));
  }
  return {};
}

double rate(double before, double after, double seconds) {
  return -std::log(std::max(after, kShareMin) / std::max(before, kShareMin)) / seconds;
}

// Wilson's interval of the share that leaves, as rates.
// Source: Wilson 1927, doi:10.1080/01621459.1927.10502953.
std::pair<double, double> rates_of(double leaves, double n, double seconds) {
  const double p = std::clamp(leaves / n, 0.0, 1.0);
  const double z2 = kZ90 * kZ90 / n;
  const double middle = (p + z2 / 2) / (1 + z2);
  const double half = kZ90 * std::sqrt(p * (1 - p) / n + z2 / n / 4) / (1 + z2);
  auto as_rate = [&](double share) { return -std::log(std::max(1 - share, kShareMin)) / seconds; };
  return {as_rate(std::max(0.0, middle - half)), as_rate(std::min(1.0, middle + half))};
}

double share_at(const RetentionCurve& curve, double t_s) {
  auto after = std::ranges::lower_bound(curve.points, t_s, {}, &RetentionPoint::t_s);
  if (after == curve.points.begin()) return curve.points.front().share;
  if (after == curve.points.end()) return curve.points.back().share;
  const RetentionPoint& before = *std::prev(after);
  const double way = (t_s - before.t_s) / std::max(after->t_s - before.t_s, 1e-9);
  return before.share + way * (after->share - before.share);
}

// No more than kTextShown bytes, cut between letters.
std::string shortened(const std::string& text) {
  if (text.size() <= kTextShown) return text;
  std::size_t end = kTextShown;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) --end;
  return text.substr(0, end) + "…";
}

void add_text(const std::vector<TextSighting>& text, Stretch stretch,
              std::vector<std::string>& seen) {
  for (const TextSighting& each : text) {
    if (each.start_s < stretch.end_s && each.end_s > stretch.start_s) {
      seen.push_back("text: " + shortened(each.text));
    }
  }
}

std::vector<std::string> on_screen(const Features& features, Stretch stretch) {
  std::vector<std::string> seen;
  const std::int64_t cuts = cuts_in(features.shots, stretch);
  if (cuts > 0) seen.push_back(cuts == 1 ? "cut" : fmt::format("{} cuts", cuts));
  if (was_measured(features, "faces")) {
    auto share = face_share(features.faces, stretch);
    if (share) seen.emplace_back(*share >= 0.5 ? "face" : "no face");
  }
  if (auto energy = mean_energy(features.motion, stretch)) {
    seen.push_back(fmt::format("{} motion", motion_level(*energy)));
  }
  add_text(features.text, stretch, seen);
  if (auto kind = sound_during(features.audio, stretch)) seen.emplace_back(name_of(*kind));
  if (features.cta.existing_start_s && stretch.has(*features.cta.existing_start_s)) {
    seen.emplace_back("call to action appears");
  }
  return seen;
}

}  // namespace

Result<RetentionCurve> curve_of_counts(const WatchedTo& counts, double duration_s) {
  if (counts.plays <= 0 || !(duration_s > 0)) {
    return fail(ErrorCode::invalid, "a curve of counts needs plays and a film with a duration");
  }
  std::vector<std::pair<double, std::int64_t>> at;
  auto add = [&](const std::optional<std::int64_t>& count, double t_s) {
    if (count && t_s <= duration_s) at.emplace_back(t_s, *count);
  };
  add(counts.three_seconds, 3);
  add(counts.p25, 0.25 * duration_s);
  add(counts.p50, 0.50 * duration_s);
  add(counts.p75, 0.75 * duration_s);
  add(counts.p95, 0.95 * duration_s);
  add(counts.p100, duration_s);
  add(counts.thruplay, std::min(15.0, duration_s));
  // Of two counts at one moment (a short film's ThruPlay is its end) the larger comes first.
  std::ranges::stable_sort(at, [](const auto& a, const auto& b) {
    return a.first != b.first ? a.first < b.first : a.second > b.second;
  });
  RetentionCurve curve{.points = {{0, 1}}, .plays = counts.plays};
  std::int64_t before = counts.plays;
  for (const auto& [t_s, count] : at) {
    if (count < 0 || count > before) {
      return fail(ErrorCode::invalid,
                  fmt::format("{} watched to {:.2f} s and {} to a moment before; expected fewer "
                              "the later",
                              count, t_s, before));
    }
    before = count;
    if (t_s <= curve.points.back().t_s + 1e-9) continue;
    curve.points.push_back({t_s, static_cast<double>(count) / static_cast<double>(counts.plays)});
  }
  if (curve.points.size() < 2) {
    return fail(ErrorCode::invalid, "a curve needs plays and at least one count of a later moment");
  }
  return curve;
}

Result<RetentionCurve> curve_of_even(const std::vector<double>& shares, double duration_s) {
  RF_TRY(check_shares(shares));
  if (shares.size() < 2 || !(duration_s > 0)) {
    return fail(ErrorCode::invalid, fmt::format("found {} values and a film of {} s; expected two "
                                                "values or more and a film with a duration",
                                                shares.size(), duration_s));
  }
  RetentionCurve curve;
  const double step = duration_s / static_cast<double>(shares.size() - 1);
  for (std::size_t i = 0; i < shares.size(); ++i) {
    curve.points.push_back({static_cast<double>(i) * step, shares[i]});
  }
  return curve;
}

Result<RetentionCurve> curve_of_seconds(const std::vector<double>& values, double duration_s) {
  static constexpr std::array<double, 22> kStarts{0,  1,  2,  3,  4,  5,  6,  7,  8,  9,  10,
                                                  11, 12, 13, 14, 15, 20, 25, 30, 40, 50, 60};
  RF_TRY(check_shares(values));
  if (values.size() != kStarts.size() || !(duration_s > 0)) {
    return fail(
        ErrorCode::invalid,
        fmt::format("found {} values; expected 22 and a film with a duration", values.size()));
  }
  // Percentages where any value is above what a share can be.
  const double most = *std::ranges::max_element(values);
  const double unit = most > 1.5 ? 0.01 : 1;
  RetentionCurve curve;
  for (std::size_t i = 0; i < kStarts.size(); ++i) {
    if (kStarts.at(i) > duration_s) break;
    curve.points.push_back({kStarts.at(i), values[i] * unit});
  }
  if (curve.points.size() < 2) {
    return fail(ErrorCode::invalid, "a film shorter than a second has no curve by second");
  }
  return curve;
}

std::vector<Leaving> leaving(const Features& features, const RetentionCurve& curve,
                             const RetentionCurve* average, double average_duration_s) {
  RF_CHECK(curve.points.size() >= 2);
  std::vector<Leaving> all;
  const double duration = curve.points.back().t_s;
  for (std::size_t i = 1; i < curve.points.size(); ++i) {
    const RetentionPoint& from = curve.points[i - 1];
    const RetentionPoint& to = curve.points[i];
    const double seconds = to.t_s - from.t_s;
    Leaving each{.start_s = from.t_s,
                 .end_s = to.t_s,
                 .stay_share = to.share,
                 .hazard = rate(from.share, to.share, seconds)};
    if (curve.plays && from.share > 0) {
      const double n = std::round(from.share * static_cast<double>(*curve.plays));
      each.n = static_cast<std::int64_t>(n);
      if (n >= 1) {
        auto [low, high] = rates_of(n * (1 - to.share / from.share), n, seconds);
        each.low = low;
        each.high = high;
      }
    }
    if (average != nullptr) {
      const double scale = average_duration_s / std::max(duration, 1e-9);
      each.usual = rate(share_at(*average, from.t_s * scale), share_at(*average, to.t_s * scale),
                        seconds * scale) *
                   scale;
      if (*each.usual > 0) each.against_usual = each.hazard / *each.usual - 1;
    }
    each.on_screen = on_screen(features, {from.t_s, to.t_s});
    all.push_back(std::move(each));
  }
  return all;
}

}  // namespace rf::video
