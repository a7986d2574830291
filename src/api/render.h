// `render`: a brief becomes a film on this machine, and the film is watched before anybody uses it.

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "api/operation.h"
#include "api/script.h"
#include "create/render_plan.h"
#include "model/features.h"

namespace rf::api {

struct RenderInput : ScriptInput {
  std::string out;
  std::string shape = "9x16";
  std::int64_t short_side = 1080;
  bool plan_only = false;
};

// One thing that was looked at in the finished film.
struct FilmCheck {
  std::string name;
  bool good = false;
  std::string said;
};

struct RenderOutput {
  std::string file;  // Empty: only planned.
  std::string sha256;
  std::int64_t bytes = 0;
  create::RenderPlan plan;
  std::vector<FilmCheck> checks;
  bool ready = false;  // Every check is good.
  std::vector<std::string> notices;
};

// Errors: as script(); invalid (no name for the film, an unknown shape); unavailable, when the film
// cannot be written or watched; conflict, when cancelled: nothing half-made is left.
Result<RenderOutput> render(const RenderInput& input, Services& services);

// What was planned beside what is seen in the film.
std::vector<FilmCheck> check_film(const create::RenderPlan& plan, const Features& seen);

}  // namespace rf::api

template <>
struct rf::Described<rf::api::RenderInput> {
  using Self = rf::api::RenderInput;
  static constexpr auto fields = std::tuple_cat(
      rf::Described<rf::api::ScriptInput>::fields,
      std::tuple{field("out", &Self::out, "the film to write, an .mp4", {.required = true}),
                 field("shape", &Self::shape, "9x16, 4x5, 1x1 or 16x9"),
                 field("short_side", &Self::short_side, "pixels", {.min = 180, .max = 1080}),
                 field("plan_only", &Self::plan_only, "show what would be rendered")});
};

template <>
struct rf::Described<rf::api::FilmCheck> {
  using Self = rf::api::FilmCheck;
  static constexpr auto fields = std::tuple{field("name", &Self::name, "what was looked at"),
                                            field("good", &Self::good, "whether it is as planned"),
                                            field("said", &Self::said, "what was found")};
};

template <>
struct rf::Described<rf::api::RenderOutput> {
  using Self = rf::api::RenderOutput;
  static constexpr auto fields =
      std::tuple{field("file", &Self::file, "the film; empty: only planned"),
                 field("sha256", &Self::sha256, "of its bytes"),
                 field("bytes", &Self::bytes, "its size"),
                 field("plan", &Self::plan, "what was rendered"),
                 field("checks", &Self::checks, "the film, watched, beside its plan"),
                 field("ready", &Self::ready, "whether every check is good"),
                 field("notices", &Self::notices, "what to know of it")};
};
