// What was seen to move, and where a film is cut: motion, shots, moments, attention.
//
// Energies are pixels per picture-to-picture step, as the film would show them with its short side
// at kReferenceSide pixels; the flow itself is measured on smaller pictures and scaled up.

#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "base/described.h"

namespace rf {

inline constexpr int kReferenceSide = 1080;

enum class MotionType : std::uint8_t { still, smooth, fast, chaotic };

template <>
struct EnumNames<MotionType> {
  static constexpr auto names =
      std::to_array<std::pair<MotionType, std::string_view>>({{MotionType::still, "static"},
                                                              {MotionType::smooth, "smooth"},
                                                              {MotionType::fast, "fast"},
                                                              {MotionType::chaotic, "chaotic"}});
};

enum class Direction : std::uint8_t { left, right, up, down, mixed };

template <>
struct EnumNames<Direction> {
  static constexpr auto names =
      std::to_array<std::pair<Direction, std::string_view>>({{Direction::left, "left"},
                                                             {Direction::right, "right"},
                                                             {Direction::up, "up"},
                                                             {Direction::down, "down"},
                                                             {Direction::mixed, "mixed"}});
};

enum class MotionSpread : std::uint8_t { centered, peripheral, uniform };

template <>
struct EnumNames<MotionSpread> {
  static constexpr auto names = std::to_array<std::pair<MotionSpread, std::string_view>>(
      {{MotionSpread::centered, "centered"},
       {MotionSpread::peripheral, "peripheral"},
       {MotionSpread::uniform, "uniform"}});
};

// The step that ends at t_s.
struct MotionFrame {
  double t_s = 0;
  double energy = 0;  // Mean length of the flow.
  double max = 0;
  double total = 0;       // Summed over the picture at reference scale, in megapixel-pixels.
  double horizontal = 0;  // Mean, signed; right is positive.
  double vertical = 0;    // Mean, signed; down is positive.
  double camera = 0;      // Length of the whole picture's own movement.
  double object = 0;      // Mean length of what remains without it.
  double center = 0;
  double edge = 0;
  double face = 0;        // Weighted energy within faces; 0 without.
  double face_share = 0;  // Of the picture, that faces cover. [0, 1]
  double background = 0;  // Mean energy outside faces.
  Direction direction = Direction::mixed;
  MotionSpread spread = MotionSpread::uniform;
  MotionType type = MotionType::still;
  bool cut = false;  // The step crosses a cut: its motion is that of the step beside it.

  bool operator==(const MotionFrame&) const = default;
};

struct MotionSegment {
  double start_s = 0;
  double end_s = 0;
  double energy = 0;
  MotionType type = MotionType::still;

  bool operator==(const MotionSegment&) const = default;
};

enum class MomentType : std::uint8_t { hook, transition, cta, emotional };

template <>
struct EnumNames<MomentType> {
  static constexpr auto names = std::to_array<std::pair<MomentType, std::string_view>>(
      {{MomentType::hook, "hook"},
       {MomentType::transition, "transition"},
       {MomentType::cta, "cta"},
       {MomentType::emotional, "emotional"}});
};

struct MotionMoment {
  double start_s = 0;
  double end_s = 0;
  double peak_s = 0;
  double energy = 0;
  MomentType type = MomentType::transition;
  bool face_present = false;
  double face_weight = 1;

  bool operator==(const MotionMoment&) const = default;
};

// A place where a cut would disturb least, or is prepared by the motion.
struct CutPoint {
  double t_s = 0;
  double score = 0;  // [0, 1]
  MotionType type = MotionType::still;
  std::string reason;

  bool operator==(const CutPoint&) const = default;
};

// Something worth changing, and where.
struct Advice {
  double t_s = 0;
  std::string what;
  std::string reason;

  bool operator==(const Advice&) const = default;
};

struct Motion {
  std::string method;  // Which algorithm, with its parameters.
  std::int64_t reference_side_px = kReferenceSide;
  double mean = 0;
  double max = 0;
  std::map<std::string, double> distribution;  // Share of steps by type.
  std::vector<MotionFrame> timeline;
  std::vector<MotionSegment> segments;
  std::vector<MotionMoment> moments;
  std::vector<CutPoint> cut_points;
  std::vector<Advice> recommendations;

  bool operator==(const Motion&) const = default;
};

enum class Transition : std::uint8_t { start, cut, fade, dissolve };

template <>
struct EnumNames<Transition> {
  static constexpr auto names =
      std::to_array<std::pair<Transition, std::string_view>>({{Transition::start, "start"},
                                                              {Transition::cut, "cut"},
                                                              {Transition::fade, "fade"},
                                                              {Transition::dissolve, "dissolve"}});
};

// From its first picture to the first of the next; `transition` is how it begins. A dissolve's
// start_s is where the new shot is half there, a fade's the middle of the blank between.
struct Shot {
  double start_s = 0;
  double end_s = 0;
  Transition transition = Transition::cut;
  double transition_s = 0;  // How long the transition takes; 0 for a cut.

  bool operator==(const Shot&) const = default;
};

// How likely it is that people look, by a rule and not by measurement: see video/attention.h.
struct Attention {
  std::vector<double> t_s;
  std::vector<double> value;  // [0, 1]

  bool operator==(const Attention&) const = default;
};

// Motion in and out of faces over the whole film.
struct FaceMotion {
  double weight = 0;  // How much more a face counts than background.
  double face_total = 0;
  double face_total_weighted = 0;
  double background_total = 0;
  double face_to_background = 0;
  double mean_coverage = 0;  // Share of the picture that faces cover. [0, 1]
  std::vector<CutPoint> peaks;

  bool operator==(const FaceMotion&) const = default;
};

}  // namespace rf

template <>
struct rf::Described<rf::MotionFrame> {
  using Self = rf::MotionFrame;
  static constexpr auto fields = std::tuple{
      field("t_s", &Self::t_s, "the picture at which the step ends"),
      field("energy", &Self::energy, "mean length of the flow, pixels at the reference side"),
      field("max", &Self::max, "its largest length"),
      field("total", &Self::total, "summed over the picture, millions"),
      field("horizontal", &Self::horizontal, "mean, right is positive"),
      field("vertical", &Self::vertical, "mean, down is positive"),
      field("camera", &Self::camera, "the whole picture's own movement"),
      field("object", &Self::object, "what remains without it"),
      field("center", &Self::center, "mean in the middle half of the picture"),
      field("edge", &Self::edge, "mean outside of it"),
      field("face", &Self::face, "weighted energy within faces"),
      field("face_share", &Self::face_share, "share of the picture that faces cover"),
      field("background", &Self::background, "mean outside faces"),
      field("direction", &Self::direction, "where most of it goes"),
      field("spread", &Self::spread, "where in the picture it is"),
      field("type", &Self::type, "static, smooth, fast or chaotic"),
      field("cut", &Self::cut, "the step crosses a cut; its motion is its neighbour's")};
};

template <>
struct rf::Described<rf::MotionSegment> {
  using Self = rf::MotionSegment;
  static constexpr auto fields = std::tuple{field("start_s", &Self::start_s, "first picture"),
                                            field("end_s", &Self::end_s, "end of the last"),
                                            field("energy", &Self::energy, "mean energy"),
                                            field("type", &Self::type, "of all its steps")};
};

template <>
struct rf::Described<rf::MotionMoment> {
  using Self = rf::MotionMoment;
  static constexpr auto fields =
      std::tuple{field("start_s", &Self::start_s, "where it begins"),
                 field("end_s", &Self::end_s, "where it ends"),
                 field("peak_s", &Self::peak_s, "where it is strongest"),
                 field("energy", &Self::energy, "at the peak, faces weighted"),
                 field("type", &Self::type, "hook, transition, cta or emotional"),
                 field("face_present", &Self::face_present, "whether a face is seen"),
                 field("face_weight", &Self::face_weight, "the weight that was applied")};
};

template <>
struct rf::Described<rf::CutPoint> {
  using Self = rf::CutPoint;
  static constexpr auto fields = std::tuple{
      field("t_s", &Self::t_s, "when"), field("score", &Self::score, "how good, 0 to 1"),
      field("type", &Self::type, "the motion there"), field("reason", &Self::reason, "why")};
};

template <>
struct rf::Described<rf::Advice> {
  using Self = rf::Advice;
  static constexpr auto fields =
      std::tuple{field("t_s", &Self::t_s, "where"), field("what", &Self::what, "what to change"),
                 field("reason", &Self::reason, "why")};
};

template <>
struct rf::Described<rf::Motion> {
  using Self = rf::Motion;
  static constexpr auto fields = std::tuple{
      field("method", &Self::method, "the algorithm and its parameters"),
      field("reference_side_px", &Self::reference_side_px, "short side that energies are said at"),
      field("mean", &Self::mean, "mean energy over all steps"),
      field("max", &Self::max, "largest energy of a step"),
      field("distribution", &Self::distribution, "share of steps by type"),
      field("timeline", &Self::timeline, "every step"),
      field("segments", &Self::segments, "stretches of one type"),
      field("moments", &Self::moments, "where attention peaks"),
      field("cut_points", &Self::cut_points, "where to cut"),
      field("recommendations", &Self::recommendations, "what to change")};
};

template <>
struct rf::Described<rf::Shot> {
  using Self = rf::Shot;
  static constexpr auto fields =
      std::tuple{field("start_s", &Self::start_s, "first picture"),
                 field("end_s", &Self::end_s, "first picture of the next"),
                 field("transition", &Self::transition, "how it begins"),
                 field("transition_s", &Self::transition_s, "how long that takes")};
};

template <>
struct rf::Described<rf::Attention> {
  using Self = rf::Attention;
  static constexpr auto fields =
      std::tuple{field("t_s", &Self::t_s, "times"),
                 field("value", &Self::value, "predicted by rule, 0 to 1; not measured")};
};

template <>
struct rf::Described<rf::FaceMotion> {
  using Self = rf::FaceMotion;
  static constexpr auto fields = std::tuple{
      field("weight", &Self::weight, "how much more a face counts"),
      field("face_total", &Self::face_total, "motion within faces, summed"),
      field("face_total_weighted", &Self::face_total_weighted, "the same, weighted"),
      field("background_total", &Self::background_total, "motion outside faces, summed"),
      field("face_to_background", &Self::face_to_background, "weighted ratio of the two"),
      field("mean_coverage", &Self::mean_coverage, "share of the picture that faces cover"),
      field("peaks", &Self::peaks, "the strongest face moments")};
};
