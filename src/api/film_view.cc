#include "api/film_view.h"

#include <algorithm>
#include <array>

namespace rf::api {
namespace {

// The seconds that decide whether somebody stays, as for the hook.
constexpr double kOpeningSeconds = 3;

struct Dimension {
  std::string_view name;
  std::string (*of)(const Creative& creative);
};

std::string known(const std::string& word) { return word.empty() ? "(not known)" : word; }

std::string first_face(const Creative& creative) {
  if (!creative.first_face_s) return "no face";
  return *creative.first_face_s < kOpeningSeconds ? "within 3 s" : "later";
}

constexpr auto kDimensions = std::to_array<Dimension>(
    {{"creative", [](const Creative& c) { return c.sha256; }},
     {"hook_type", [](const Creative& c) { return known(c.hook_type); }},
     {"opening", [](const Creative& c) { return known(c.recipe.hook_type); }},
     {"ending", [](const Creative& c) { return known(c.recipe.ending); }},
     {"captions", [](const Creative& c) { return known(c.recipe.captions); }},
     {"first_face", first_face},
     {"cta",
      [](const Creative& c) -> std::string { return c.cta_text.empty() ? "none" : "read"; }}});

}  // namespace

std::optional<FilmView> film_view(const learn::FilmsSeen& films, const std::string& ad) {
  const Creative* creative = films.of(ad);
  if (creative == nullptr) return std::nullopt;
  const learn::ShownFilm& shown = films.by_ad.at(ad);
  return FilmView{.sha256 = creative->sha256,
                  .file = shown.file,
                  .matched_by = shown.matched_by,
                  .duration_s = creative->duration_s,
                  .hook_type = creative->hook_type,
                  .hook_score = creative->hook_score,
                  .first_face_s = creative->first_face_s,
                  .first_motion_peak_s = creative->first_motion_peak_s,
                  .first_text_s = creative->first_text_s,
                  .first_cut_s = creative->first_cut_s,
                  .shots = creative->shots,
                  .tempo_bpm = creative->tempo_bpm,
                  .ending = creative->recipe.ending,
                  .cta_text = creative->cta_text,
                  .cta_score = creative->cta_score,
                  .partial = creative->partial};
}

std::vector<std::string_view> film_dimensions() {
  std::vector<std::string_view> names;
  names.reserve(kDimensions.size());
  for (const Dimension& each : kDimensions) names.push_back(each.name);
  return names;
}

FilmGroup film_group(const learn::FilmsSeen& films, const std::string& ad,
                     std::string_view dimension) {
  const auto* found = std::ranges::find(kDimensions, dimension, &Dimension::name);
  RF_CHECK(found != kDimensions.end());
  const Creative* creative = films.of(ad);
  if (creative == nullptr) return {"(no film)", "(no film)"};
  std::string key = found->of(*creative);
  std::string name = dimension == "creative" ? films.by_ad.at(ad).file : key;
  return {std::move(key), std::move(name)};
}

CreativeLine creative_line(const learn::CreativeRecord& record) {
  std::string_view fate = "unsure";
  if (record.fate == learn::Fate::winner) fate = "winner";
  if (record.fate == learn::Fate::loser) fate = "loser";
  return {.sha256 = record.creative.sha256,
          .file = record.file,
          .account = record.account,
          .ads = record.ads,
          .fate = std::string(fate),
          .ctr = record.rate,
          .lift = record.lift,
          .distance = {}};
}

}  // namespace rf::api
