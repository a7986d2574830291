#include "video/segments.h"

#include <algorithm>
#include <cstddef>

#include <fmt/format.h>

namespace rf::video {
namespace {

// All chosen; a still picture of three seconds is where a viewer's thumb is said to move.
constexpr double kStartS = 1.0;
constexpr double kStillMaxS = 3.0;
constexpr double kEndS = 2.0;
constexpr double kOneKind = 0.9;
constexpr double kUnrest = 0.5;
constexpr double kShortS = 5.0;  // Films shorter than this have no middle to vary.

std::string_view name_of(MotionType type) {
  for (const auto& [value, name] : EnumNames<MotionType>::names) {
    if (value == type) return name;
  }
  return "";
}

struct Run {
  double start_s, end_s, sum;
  MotionType type;

  double length() const { return end_s - start_s; }
};

void append(std::vector<Run>& runs, const Run& run) {
  const bool joins = !runs.empty() && (runs.back().type == run.type || run.length() < kSegmentMinS);
  if (!joins) {
    runs.push_back(run);
    return;
  }
  runs.back().end_s = run.end_s;
  runs.back().sum += run.sum;
}

}  // namespace

std::vector<MotionSegment> segments_of(const std::vector<Step>& steps) {
  std::vector<Run> plain;
  for (const Step& step : steps) {
    const double sum = step.frame.energy * (step.frame.t_s - step.from_s);
    if (plain.empty() || plain.back().type != step.frame.type) {
      plain.push_back({step.from_s, step.frame.t_s, 0, step.frame.type});
    }
    plain.back().end_s = step.frame.t_s;
    plain.back().sum += sum;
  }
  // A short start has nothing before it and joins what follows.
  std::size_t first = 0;
  for (; first + 1 < plain.size() && plain[first].length() < kSegmentMinS; ++first) {
    plain[first + 1].start_s = plain[first].start_s;
    plain[first + 1].sum += plain[first].sum;
  }
  std::vector<Run> runs;
  for (; first < plain.size(); ++first) append(runs, plain[first]);
  std::vector<MotionSegment> segments;
  for (const Run& run : runs) {
    const double length = std::max(run.length(), 1e-9);
    segments.push_back({run.start_s, run.end_s, run.sum / length, run.type});
  }
  return segments;
}

namespace {

// On how much of the film is of one kind.
void advise_on_shares(const Motion& motion, double end_s, std::vector<Advice>& advice) {
  for (const auto& [kind, share] : motion.distribution) {
    const bool restless = kind == name_of(MotionType::chaotic) && share > kUnrest;
    if (restless) {
      advice.push_back(
          {0, "let some shots rest", fmt::format("{:.0f} % of the film is chaotic", share * 100)});
    } else if (share > kOneKind && end_s > kShortS) {
      advice.push_back(
          {0, "vary the motion", fmt::format("{:.0f} % of the film is {}", share * 100, kind)});
    }
  }
}

}  // namespace

std::vector<Advice> advise(const Motion& motion, double end_s) {
  std::vector<Advice> advice;
  const std::vector<MotionSegment>& segments = motion.segments;
  if (segments.empty()) return advice;
  const MotionSegment& opening = segments.front();
  if (opening.type == MotionType::still && opening.end_s - opening.start_s >= kStartS) {
    advice.push_back(
        {opening.start_s, "open on movement",
         fmt::format("the first {:.1f} s stand still", opening.end_s - opening.start_s)});
  }
  for (const MotionSegment& segment : segments) {
    const double length = segment.end_s - segment.start_s;
    const bool told = &segment == &opening && length >= kStartS;
    if (segment.type != MotionType::still || length < kStillMaxS || told) continue;
    advice.push_back(
        {segment.start_s, "cut, move or shorten", fmt::format("{:.1f} s stand still", length)});
  }
  const MotionSegment& ending = segments.back();
  if (ending.type == MotionType::chaotic && end_s - ending.start_s >= kEndS) {
    advice.push_back({ending.start_s, "hold the end still",
                      "what it asks for cannot be read while everything moves"});
  }
  advise_on_shares(motion, end_s, advice);
  return advice;
}

}  // namespace rf::video
