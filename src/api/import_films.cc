#include "api/import_films.h"

#include <filesystem>
#include <map>
#include <utility>

#include <fmt/format.h>

#include "api/video_batch.h"
#include "base/file.h"
#include "loop/naming.h"
#include "model/creative.h"

namespace rf::api {
namespace {

namespace fs = std::filesystem;

Result<std::vector<FilmMapping>> mapping_in(const std::string& folder) {
  const fs::path path = fs::path(folder) / kMappingName;
  std::error_code error;
  if (!fs::exists(path, error)) return std::vector<FilmMapping>();
  return read_film_mapping(path.string());
}

// Brings the memory up to date, as the ads of the import may be new.
Result<std::vector<AdToMatch>> ads_of(const std::set<std::string>& accounts, Store& store) {
  std::vector<AdToMatch> ads;
  for (const std::string& account : accounts) {
    RF_TRY(store.remember(AccountId{account}));
    std::vector<EntityTotals> totals = RF_TRY(store.totals(AccountId{account}, Level::ad));
    for (EntityTotals& each : totals) {
      // One line for each of its attribution settings and events, by id.
      if (!ads.empty() && ads.back().account == account && ads.back().id == each.id) continue;
      ads.push_back({account, std::move(each.id), std::move(each.entity)});
    }
  }
  return ads;
}

// Films that cannot be read are named and left out.
std::vector<FilmToMatch> readable(const std::vector<std::string>& paths,
                                  std::vector<Failure>& failed) {
  std::vector<FilmToMatch> films;
  for (const std::string& path : paths) {
    Result<std::string> sha256 = file_sha256(path);
    if (sha256) {
      films.push_back({path, std::move(*sha256)});
    } else {
      failed.push_back({path, std::string(to_string(sha256.error().code)), sha256.error().message});
    }
  }
  return films;
}

// Keeps what ads are compared by. Returns the creative.
Result<Creative> remember_creative(const Json& json, const std::string& path,
                                   const std::string& method, Services& services) {
  Features features = RF_TRY(from_json<Features>(json, path));
  Creative creative = creative_of(features, method);
  Store* store = RF_TRY(services.store());
  RF_TRY(store->put_creative(services.clock().now(), creative));
  return creative;
}

TakenFilm taken_film(const FilmMatch& match, const std::vector<AdToMatch>& ads,
                     const Creative& creative) {
  TakenFilm taken{.film = match.film,
                  .sha256 = creative.sha256,
                  .matched_by = match.by,
                  .ads = {},
                  .duration_s = creative.duration_s,
                  .hook_type = creative.hook_type,
                  .hook_score = creative.hook_score};
  for (std::size_t i : match.ads) {
    taken.ads.push_back({ads[i].account, ads[i].id.text, ads[i].entity.name()});
  }
  return taken;
}

Status remember_links(const FilmsAsked& asked, const std::string& method, Store& store,
                      FilmsReport& report) {
  std::map<std::string, std::vector<AdFilm>> by_account;
  for (const TakenFilm& taken : report.taken) {
    for (const AdShown& ad : taken.ads) {
      by_account[ad.account].push_back({.ad = EntityId{ad.key},
                                        .film = {taken.sha256, method},
                                        .file = fs::path(taken.film).filename().string(),
                                        .matched_by = taken.matched_by,
                                        .as_of = asked.as_of});
    }
  }
  for (const auto& [account, films] : by_account) {
    AdFilmsWritten written = RF_TRY(store.put_ad_films(AccountId{account}, films));
    report.added += written.added;
    report.changed += written.changed;
    report.unchanged += written.unchanged;
  }
  for (const std::string& account : asked.accounts) {
    std::vector<AdFilm> films = RF_TRY(store.ad_films(AccountId{account}, std::nullopt));
    report.ads_with_film += std::ssize(films);
  }
  return {};
}

Status watch_matched(const FilmMatching& matching, const std::vector<AdToMatch>& ads,
                     const video::AnalyseOptions& options, Services& services,
                     FilmsReport& report) {
  std::vector<std::string> paths;
  for (const FilmMatch& match : matching.matched) paths.push_back(match.film);
  if (paths.empty()) return {};
  std::string method = RF_TRY(video::analysis_method(options));
  std::vector<Result<Json>> all = RF_TRY(features_of(paths, options, services));
  std::set<std::string> different;
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (!all[i]) {
      Error error = std::move(all[i]).error();
      report.failed.push_back(
          {paths[i], std::string(to_string(error.code)), std::move(error.message)});
      continue;
    }
    Creative creative = RF_TRY(remember_creative(*all[i], paths[i], method, services));
    all[i] = Json();  // A folder's reports are large; each is dropped once it is read.
    different.insert(creative.sha256);
    report.taken.push_back(taken_film(matching.matched[i], ads, creative));
  }
  report.creatives = std::ssize(different);
  return {};
}

}  // namespace

Result<FilmsReport> import_films(const FilmsAsked& asked, Services& services) {
  std::error_code error;
  if (!fs::is_directory(asked.folder, error)) {
    return fail(ErrorCode::not_found,
                fmt::format("input.videos: '{}' is not a folder; name the one that holds the films",
                            asked.folder));
  }
  std::vector<std::string> paths = RF_TRY(films_in({asked.folder}));
  std::vector<FilmMapping> mapping = RF_TRY(mapping_in(asked.folder));
  Store* store = RF_TRY(services.store());
  std::vector<AdToMatch> ads = RF_TRY(ads_of(asked.accounts, *store));
  learn::Taxonomy taxonomy = RF_TRY(loop::taxonomy_of(*store));
  FilmsReport report{.folder = asked.folder, .films = std::ssize(paths), .ads = std::ssize(ads)};
  const std::vector<FilmToMatch> films = readable(paths, report.failed);
  FilmMatching matching = match_films(films, ads, mapping, taxonomy);
  const video::AnalyseOptions options{.models = models_folder(asked.models, services)};
  RF_TRY(watch_matched(matching, ads, options, services, report));
  report.open = std::move(matching.open);
  std::string method = RF_TRY(video::analysis_method(options));
  RF_TRY(remember_links(asked, method, *store, report));
  return report;
}

}  // namespace rf::api
