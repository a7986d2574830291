// Calls to action as priors: what an industry asks for and how, where it may stand, the whole
// closing of an ad, and other wordings of the same request.

#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include "base/described.h"

namespace rf::video {

enum class CtaType : std::uint8_t {
  button,
  swipe_up,
  link_bio,
  shop_now,
  learn_more,
  sign_up,
  download,
  call_now,
  countdown,
  custom
};

enum class CtaPosition : std::uint8_t { end, mid_end, repeated, early_end };

struct CtaConfig {
  CtaType type = CtaType::button;
  std::string text;
  CtaPosition position = CtaPosition::end;
  double duration_s = 4;
  std::string urgency;  // A second line; empty for none.
  std::string color;    // "#rrggbb"
  std::string animation;

  bool operator==(const CtaConfig&) const = default;
};

// Of ecommerce, saas, leadgen and app; ecommerce's for an industry without one of its own.
const CtaConfig& cta_for_industry(std::string_view industry);

// For what the ad is to bring about: sales, leads, trials, installs, traffic, calls, followers;
// that of sales for any other.
CtaConfig cta_for_goal(std::string_view goal);

// Where calls to action of that position stand in a film of that length, first to last.
// REQUIRES: duration_s > 0.
std::vector<std::pair<double, double>> cta_spans(CtaPosition position, double duration_s,
                                                 double cta_s);

struct CtaStep {
  double start_s = 0;
  double end_s = 0;
  std::string kind;  // hook, body, proof, urgency, cta.
  std::string content;
};

// The whole film as steps that end in the industry's call to action, from 0 to its end.
// REQUIRES: duration_s > 0.
std::vector<CtaStep> cta_sequence(double duration_s, std::string_view industry);

// Other wordings, each different, the first one nearest; `n` at most.
std::vector<std::string> cta_variations(std::string_view text, std::size_t n);

// A phrase that asks for an action, in folded text (see seen.h), and its language.
struct CtaPhrase {
  std::string_view words;
  std::string_view language;  // ISO 639-1.
  CtaType type = CtaType::button;
};

// The longest known phrase in a text that people read; null when there is none.
const CtaPhrase* find_cta_phrase(std::string_view text);

}  // namespace rf::video

template <>
struct rf::EnumNames<rf::video::CtaType> {
  using enum rf::video::CtaType;
  static constexpr auto names =
      std::to_array<std::pair<rf::video::CtaType, std::string_view>>({{button, "button"},
                                                                      {swipe_up, "swipe_up"},
                                                                      {link_bio, "link_bio"},
                                                                      {shop_now, "shop_now"},
                                                                      {learn_more, "learn_more"},
                                                                      {sign_up, "sign_up"},
                                                                      {download, "download"},
                                                                      {call_now, "call_now"},
                                                                      {countdown, "countdown"},
                                                                      {custom, "custom"}});
};

template <>
struct rf::EnumNames<rf::video::CtaPosition> {
  using enum rf::video::CtaPosition;
  static constexpr auto names = std::to_array<std::pair<rf::video::CtaPosition, std::string_view>>(
      {{end, "end"}, {mid_end, "mid_end"}, {repeated, "repeated"}, {early_end, "early_end"}});
};

template <>
struct rf::Described<rf::video::CtaConfig> {
  using Self = rf::video::CtaConfig;
  static constexpr auto fields =
      std::tuple{field("type", &Self::type, "what is asked for"),
                 field("text", &Self::text, "its words"),
                 field("position", &Self::position, "end, mid_end, repeated or early_end"),
                 field("duration_s", &Self::duration_s, "how long it stands"),
                 field("urgency", &Self::urgency, "a second line"),
                 field("color", &Self::color, "of the button"),
                 field("animation", &Self::animation, "of the button")};
};

template <>
struct rf::Described<rf::video::CtaStep> {
  using Self = rf::video::CtaStep;
  static constexpr auto fields =
      std::tuple{field("start_s", &Self::start_s, "from"), field("end_s", &Self::end_s, "to"),
                 field("kind", &Self::kind, "hook, body, proof, urgency or cta"),
                 field("content", &Self::content, "what is shown and said")};
};
