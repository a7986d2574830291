#include "store/sqlite_features.h"

#include <string>
#include <utility>

#include <fmt/format.h>

namespace rf {

Result<std::optional<Json>> find_features(Database& db, std::string_view sha256,
                                          std::string_view method) {
  Statement select =
      RF_TRY(db.prepare("SELECT body FROM features WHERE sha256 = ?1 AND method = ?2"));
  bool found = RF_TRY(select.bind(1, sha256).bind(2, method).first());
  if (!found) return std::optional<Json>();
  Result<Json> body = parse_json(select.text(0));
  if (body) return std::optional<Json>(std::move(*body));
  return fail(ErrorCode::corrupt,
              fmt::format("features of {} in the store are not JSON ({}); restore a backup", sha256,
                          body.error().message));
}

Status put_features(Database& db, const FeaturesKey& key, Instant made_at, const Json& features) {
  const std::string body = to_text(features);
  Statement insert = RF_TRY(
      db.prepare("INSERT INTO features (sha256, method, made_at, body) VALUES (?1, ?2, ?3, ?4)"
                 " ON CONFLICT (sha256, method) DO NOTHING"));
  insert.bind(1, key.sha256).bind(2, key.method);
  return insert.bind(3, made_at.time_since_epoch().count()).bind(4, body).run();
}

}  // namespace rf
