#include "api/video_seen.h"

#include <fmt/format.h>

#include "api/judged.h"

namespace rf::api {

Result<Features> features_behind(const Creative& creative, const std::string& file, Store& store) {
  std::optional<Json> json =
      RF_TRY(store.find_features({.sha256 = creative.sha256, .method = creative.method}));
  if (!json) {
    return fail(
        ErrorCode::not_found,
        fmt::format("what is in {} is not in the store; import it again with --videos", file));
  }
  return from_json<Features>(*json, "features");
}

Result<VideoSeenOutput> video_seen(const VideoSeenInput& input, Services& services) {
  Store* store = RF_TRY(services.store());
  std::vector<Judged> all = RF_TRY(all_judged(*store, input.account, services.clock().now()));
  AdMatch match = RF_TRY(ad_called(all, input.ad));
  const loop::Sight& sight = match.judged->sight;
  const Belief& belief = *match.belief;
  std::optional<FilmView> film = film_view(sight.films, belief.id.text);
  if (!film) {
    return fail(ErrorCode::not_found,
                fmt::format("the film of '{}' is not known; 'reelforge import EXPORT --videos "
                            "FOLDER' brings films to ads",
                            belief.entity.name()));
  }
  VideoSeenOutput output{.ad = belief.entity.name(),
                         .key = belief.id.text,
                         .account = match.judged->account.id.text,
                         .film = std::move(*film)};
  output.features =
      RF_TRY(features_behind(*sight.films.of(belief.id.text), output.film.file, *store));
  return output;
}

}  // namespace rf::api
