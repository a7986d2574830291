// What the doors show of the film behind an ad, and the ways to group ads by it.

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "base/described.h"
#include "learn/creatives.h"
#include "model/creative.h"
#include "model/estimate.h"

namespace rf::api {

struct FilmView {
  std::string sha256;
  std::string file;
  std::string matched_by;
  double duration_s = 0;
  std::string hook_type;
  double hook_score = 0;
  std::optional<double> first_face_s;
  std::optional<double> first_motion_peak_s;
  std::optional<double> first_text_s;
  std::optional<double> first_cut_s;
  std::int64_t shots = 0;
  std::optional<double> tempo_bpm;
  std::string ending;
  std::string cta_text;
  std::optional<double> cta_score;
  bool partial = false;
};

// None where the ad's film is not known.
std::optional<FilmView> film_view(const learn::FilmsSeen& films, const std::string& ad);

// The ways to group by films: creative, hook_type, opening, ending, captions, first_face, cta.
std::vector<std::string_view> film_dimensions();

// Under what the film stands; what was not looked for is "(not known)", an ad without a known film
// "(no film)". The key of `creative` is the film's hash, its name the file's.
// REQUIRES: `dimension` is one of film_dimensions().
struct FilmGroup {
  std::string key;
  std::string name;
};
FilmGroup film_group(const learn::FilmsSeen& films, const std::string& ad,
                     std::string_view dimension);

// A creative beside its numbers, as `explain` and `video dna` list it.
struct CreativeLine {
  std::string sha256;
  std::string file;
  std::string account;
  std::vector<std::string> ads;
  std::string fate;  // winner, loser or unsure, by the lift's interval.
  std::optional<Estimate> ctr;
  std::optional<Estimate> lift;
  std::optional<double> distance;  // In DNA from the one that was asked about, 0 to 1.
};

CreativeLine creative_line(const learn::CreativeRecord& record);

}  // namespace rf::api

template <>
struct rf::Described<rf::api::FilmView> {
  using Self = rf::api::FilmView;
  static constexpr auto fields =
      std::tuple{field("sha256", &Self::sha256, "of its bytes: the creative"),
                 field("file", &Self::file, "as it was called"),
                 field("matched_by", &Self::matched_by, "how it was found to be this ad's"),
                 field("duration_s", &Self::duration_s, "its length"),
                 field("hook_type", &Self::hook_type, "what its first seconds work with"),
                 field("hook_score", &Self::hook_score, "0 to 100, by rule; not a measurement"),
                 field("first_face_s", &Self::first_face_s, "null: none was found"),
                 field("first_motion_peak_s", &Self::first_motion_peak_s, "null: none"),
                 field("first_text_s", &Self::first_text_s, "null: none was read"),
                 field("first_cut_s", &Self::first_cut_s, "null: none"),
                 field("shots", &Self::shots, "how many"),
                 field("tempo_bpm", &Self::tempo_bpm, "of its music; null: no beat"),
                 field("ending", &Self::ending, "how it ends"),
                 field("cta_text", &Self::cta_text, "a call to action that was read"),
                 field("cta_score", &Self::cta_score, "0 to 100, by rule; null: none was read"),
                 field("partial", &Self::partial, "whether something could not be read")};
};

template <>
struct rf::Described<rf::api::CreativeLine> {
  using Self = rf::api::CreativeLine;
  static constexpr auto fields = std::tuple{
      field("sha256", &Self::sha256, "of the film's bytes"),
      field("file", &Self::file, "as it was called"),
      field("account", &Self::account, "whose ads show it"),
      field("ads", &Self::ads, "that show it"),
      field("fate", &Self::fate, "winner or loser: its lift is surely above or below 0"),
      field("ctr", &Self::ctr, "clicks per impression"),
      field("lift", &Self::lift, "of the CTR over the account's other ads, 0.2: 20 % more"),
      field("distance", &Self::distance, "in DNA, 0 to 1; null: not asked for")};
};
