// `video retention`: where people leave an ad's film, and what is on the screen then.

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "api/film_view.h"
#include "api/operation.h"
#include "video/retention.h"

namespace rf::api {

struct VideoRetentionInput {
  std::string ad;
  std::optional<std::string> account;
  std::string curve;
};

struct VideoRetentionOutput {
  std::string ad;
  std::string key;
  std::string account;
  FilmView film;
  std::string curve;                  // What it was made from.
  std::optional<std::int64_t> plays;  // Those who began; null: not known, so no intervals.
  std::vector<video::Leaving> leaving;
  std::int64_t usual_ads = 0;  // Whose counts the account's usual curve is made from.
  std::vector<std::string> notices;
};

// The curve is made from the ad's counts (plays, three seconds, quarters, the end), else it is read
// from a file: 22 values by second as Meta gives them, or any other number, evenly spaced from the
// film's beginning to its end.
// Errors: not_found (the ad, its film, what was seen in it); invalid (several ads; a curve that
// rises; counts that are none).
Result<VideoRetentionOutput> video_retention(const VideoRetentionInput& input, Services& services);

}  // namespace rf::api

template <>
struct rf::Described<rf::api::VideoRetentionInput> {
  using Self = rf::api::VideoRetentionInput;
  static constexpr auto fields = std::tuple{
      field("ad", &Self::ad, "its name, a part of it, its id or its key",
            {.required = true, .positional = true}),
      field("account", &Self::account, "only in this account"),
      field("curve", &Self::curve,
            "file of the shares that stay, one a line or by comma: 22 by second as Meta gives "
            "them, else evenly spaced; without it, from the ad's counts")};
};

template <>
struct rf::Described<rf::api::VideoRetentionOutput> {
  using Self = rf::api::VideoRetentionOutput;
  static constexpr auto fields = std::tuple{
      field("ad", &Self::ad, "its name"),
      field("key", &Self::key, "under which it is remembered"),
      field("account", &Self::account, "whose it is"),
      field("film", &Self::film, "what it shows"),
      field("curve", &Self::curve, "what the curve was made from"),
      field("plays", &Self::plays, "those who began; null: not known"),
      field("leaving", &Self::leaving, "each stretch of the film"),
      field("usual_ads", &Self::usual_ads, "ads of the account that the usual curve is made from"),
      field("notices", &Self::notices, "what a reader should know first")};
};
