// Five ways to begin an ad, which fits an industry, and what to say and show second by second.

#pragma once

#include <array>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "base/described.h"
#include "model/features_story.h"

namespace rf::video {

struct HookStep {
  double start_s = 0;
  double end_s = 0;
  std::string show;  // What is seen.
  std::string say;   // Words, spoken or written; empty for none.
};

struct HookTemplate {
  std::string name;
  HookType type = HookType::face;
  double prior = 0;  // [0, 100]: what is expected before any result; not a measurement.
  std::vector<std::string> best_for;
  std::vector<HookStep> steps;  // "{product}" and "{pain}" stand for what a script puts there.
};

const std::array<HookTemplate, 5>& hook_templates();

// The one of highest prior among those that are best for the industry; of all when none is.
const HookTemplate& best_hook_template(std::string_view industry);

// The steps with the product and the pain point put in.
std::vector<HookStep> hook_script(const HookTemplate& from, std::string_view product,
                                  std::string_view pain);

}  // namespace rf::video

template <>
struct rf::Described<rf::video::HookStep> {
  using Self = rf::video::HookStep;
  static constexpr auto fields =
      std::tuple{field("start_s", &Self::start_s, "from"), field("end_s", &Self::end_s, "to"),
                 field("show", &Self::show, "what is seen"),
                 field("say", &Self::say, "words, spoken or written")};
};

template <>
struct rf::Described<rf::video::HookTemplate> {
  using Self = rf::video::HookTemplate;
  static constexpr auto fields =
      std::tuple{field("name", &Self::name, "what it is called"),
                 field("type", &Self::type, "what it works with"),
                 field("prior", &Self::prior, "expected before any result, 0 to 100"),
                 field("best_for", &Self::best_for, "industries"),
                 field("steps", &Self::steps, "second by second")};
};
