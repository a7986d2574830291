#include "api/script.h"

#include <algorithm>
#include <map>
#include <utility>

#include <fmt/format.h>

#include "api/report.h"
#include "api/settings_file.h"
#include "create/concept.h"
#include "loop/naming.h"

namespace rf::api {
namespace {

// Errors: not_found, invalid.
Result<create::Concept> read_brief(const std::string& path) {
  Json json = RF_TRY(read_settings(path));
  create::Concept brief = RF_TRY(from_json<create::Concept>(json, "concept"));
  return create::checked(std::move(brief));
}

// Errors: invalid, naming the flag.
template <typename Enum>
Result<Enum> named(std::string_view flag, const std::string& name) {
  std::string known;
  for (const auto& [value, each] : EnumNames<Enum>::names) {
    if (each == name) return value;
    if (!known.empty()) known += ", ";
    known += each;
  }
  return fail(ErrorCode::invalid,
              fmt::format("{}: '{}' is not known; one of {}", flag, name, known));
}

// Errors: invalid.
Result<Recipe> recipe_asked(const ScriptInput& input) {
  return Recipe{.preset = input.preset,
                .hook_type = RF_TRY(named<HookStyle>("hook", input.hook)),
                .scene_count = input.scenes,
                .narration_wpm_bucket = RF_TRY(named<NarrationPace>("narration", input.narration)),
                .caption_density_bucket = RF_TRY(named<CaptionDensity>("captions", input.captions)),
                .ending_type = RF_TRY(named<Ending>("ending", input.ending))};
}

// Click rate of ads by what their names say, as a multiple of all named ads' together.
using Lifts = std::map<std::pair<std::string, std::string>, Estimate>;

void add_lifts(Lifts& to, const std::string& dimension, const ReportOutput& report) {
  std::int64_t clicks = 0;
  std::int64_t impressions = 0;
  for (const ReportRow& row : report.rows) {
    clicks += row.clicks.value_or(0);
    impressions += row.impressions.value_or(0);
  }
  if (clicks == 0 || impressions == 0) return;
  const double all = static_cast<double>(clicks) / static_cast<double>(impressions);
  for (const ReportRow& row : report.rows) {
    if (!row.ctr) continue;
    to[{dimension, row.key}] = {row.ctr->value / all, row.ctr->low / all, row.ctr->high / all,
                                row.ctr->n};
  }
}

bool has_dimension(const learn::Taxonomy& taxonomy, std::string_view name) {
  return std::ranges::any_of(taxonomy.patterns, [&](const learn::NamePattern& pattern) {
    return std::ranges::any_of(pattern.tokens, [&](std::string_view token) {
      return token.substr(0, token.find('?')) == name;
    });
  });
}

// Errors: not_found (the account); those of the store.
Result<Lifts> lifts_of(const std::optional<std::string>& account, Services& services) {
  Lifts lifts;
  Store* store = RF_TRY(services.store());
  const learn::Taxonomy taxonomy = RF_TRY(loop::taxonomy_of(*store));
  for (const auto& [dimension, name] : EnumNames<create::Dimension>::names) {
    if (!has_dimension(taxonomy, name)) continue;
    const ReportOutput rows =
        RF_TRY(report({.by = std::string(name), .account = account, .limit = 1'000'000}, services));
    add_lifts(lifts, std::string(name), rows);
  }
  return lifts;
}

}  // namespace

Result<Written> write_asked(const ScriptInput& input) {
  create::Concept brief = RF_TRY(read_brief(input.brief));
  create::ScriptWish wish{
      .recipe = RF_TRY(recipe_asked(input)), .duration_s = input.duration_s, .take = input.take};
  create::Script script = RF_TRY(create::write_script(brief, wish));
  return Written{std::move(brief), std::move(script)};
}

Result<create::Script> script(const ScriptInput& input, Services&) {
  Written written = RF_TRY(write_asked(input));
  return std::move(written.script);
}

Result<VariationsOutput> variations(const VariationsInput& input, Services& services) {
  const create::Concept brief = RF_TRY(read_brief(input.brief));
  VariationsOutput out;
  out.variations = RF_TRY(create::variations_of(
      brief, {.count = input.count, .seed = static_cast<std::uint64_t>(input.seed)}));
  const Lifts lifts = RF_TRY(lifts_of(input.account, services));
  create::rank(out.variations, [&](std::string_view dimension, std::string_view value) {
    auto at = lifts.find({std::string(dimension), std::string(value)});
    return at == lifts.end() ? std::nullopt : std::optional(at->second);
  });
  const auto known = std::ranges::count_if(
      out.variations, [](const auto& each) { return each.predicted_performance.has_value(); });
  out.ranked_by = known == 0
                      ? "difference from each other: there is not enough data to expect more "
                        "of one than of another"
                      : "click rate of ads whose names say the same, as a multiple of the "
                        "account's; that they did better does not prove why";
  if (std::ssize(out.variations) < input.count) {
    out.notices.push_back(fmt::format("the brief has words for {} different variations, not for {}",
                                      out.variations.size(), input.count));
  }
  return out;
}

}  // namespace rf::api
