// `video seen`: everything that was seen and heard in an ad's film, from the store.

#pragma once

#include <optional>
#include <string>
#include <tuple>

#include "api/film_view.h"
#include "api/operation.h"
#include "model/features.h"

namespace rf::api {

struct VideoSeenInput {
  std::string ad;
  std::optional<std::string> account;
};

struct VideoSeenOutput {
  std::string ad;
  std::string key;
  std::string account;
  FilmView film;
  Features features;
};

// Errors: not_found (the ad, its film, what was seen in it); invalid, when several ads answer.
Result<VideoSeenOutput> video_seen(const VideoSeenInput& input, Services& services);

// What was seen in the film of that fingerprint, which is called `file` in errors.
// Errors: not_found, when it is not in the store.
Result<Features> features_behind(const Creative& creative, const std::string& file, Store& store);

}  // namespace rf::api

template <>
struct rf::Described<rf::api::VideoSeenInput> {
  using Self = rf::api::VideoSeenInput;
  static constexpr auto fields =
      std::tuple{field("ad", &Self::ad, "its name, a part of it, its id or its key",
                       {.required = true, .positional = true}),
                 field("account", &Self::account, "only in this account")};
};

template <>
struct rf::Described<rf::api::VideoSeenOutput> {
  using Self = rf::api::VideoSeenOutput;
  static constexpr auto fields = std::tuple{
      field("ad", &Self::ad, "its name"), field("key", &Self::key, "under which it is remembered"),
      field("account", &Self::account, "whose it is"),
      field("film", &Self::film, "what the ad shows"),
      field("features", &Self::features, "everything that was seen and heard")};
};
