#include "api/video_batch.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cmath>
#include <condition_variable>
#include <filesystem>
#include <mutex>
#include <optional>
#include <set>
#include <system_error>
#include <thread>
#include <utility>

#include <fmt/format.h>

#include "base/file.h"

namespace rf::api {
namespace {

namespace fs = std::filesystem;

constexpr std::array<std::string_view, 14> kFilmEndings{".mp4", ".m4v", ".mov",  ".webm", ".mkv",
                                                        ".avi", ".mpg", ".mpeg", ".ts",   ".3gp",
                                                        ".wmv", ".flv", ".ogv",  ".gif"};

// How often a waiting run looks whether it was cancelled and shows how far it is.
constexpr auto kLook = std::chrono::milliseconds(100);

bool is_called_like_a_film(const fs::path& path) {
  std::string ending = path.extension().string();
  for (char& c : ending) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return std::ranges::find(kFilmEndings, ending) != kFilmEndings.end();
}

// Six decimals: a microsecond, a millionth of a share. What lies beyond differs between machines
// and means nothing.
void round_numbers(Json& json) {
  if (double* number = json.if_double()) {
    const double rounded = std::round(*number * 1e6) / 1e6;
    *number = std::abs(*number) < 1e9 ? rounded : *number;
  } else if (JsonArray* array = json.if_array()) {
    for (Json& each : *array) round_numbers(each);
  } else if (JsonObject* object = json.if_object()) {
    for (auto& each : *object) round_numbers(each.value());
  }
}

// What the thread that works asks, for it must not ask the caller's own Progress.
class Flag final : public Progress {
 public:
  explicit Flag(const std::atomic<bool>& cancelled) : cancelled_(cancelled) {}
  void report(std::string_view, std::int64_t, std::int64_t) override {}
  bool cancelled() const override { return cancelled_; }

 private:
  const std::atomic<bool>& cancelled_;
};

class Batch {
 public:
  Batch(const std::vector<std::string>& films, const video::AnalyseOptions& options,
        std::string method, Store& store, const Services& services)
      : films_(films),
        options_(options),
        method_(std::move(method)),
        store_(store),
        decoder_{services.decoder()},
        clock_(services.clock()),
        results_(films.size()) {}

  std::vector<Result<Json>> run(Progress& progress) {
    const std::size_t workers =
        std::min<std::size_t>(films_.size(), std::max(1U, std::thread::hardware_concurrency()));
    // Several films at once keep every core busy; more threads for one would only cost memory.
    if (workers > 1) options_.decoder_threads = 1;
    cancelled_ = progress.cancelled();  // Asked once before the first film, however short it is.
    std::vector<std::jthread> threads;
    for (std::size_t i = 0; i < workers; ++i) threads.emplace_back([this] { work(); });
    watch_over(progress);
    threads.clear();
    std::vector<Result<Json>> results;
    for (auto& each : results_) {
      results.push_back(each ? std::move(*each) : fail(ErrorCode::conflict, "was cancelled"));
    }
    return results;
  }

 private:
  void watch_over(Progress& progress) {
    const auto total = std::ssize(films_);
    std::unique_lock lock(mutex_);
    while (done_ < total) {
      changed_.wait_for(lock, kLook);
      const std::int64_t done = done_;
      lock.unlock();
      if (progress.cancelled()) cancelled_ = true;
      progress.report("watching films", done, total);
      lock.lock();
    }
  }

  void work() {
    for (std::size_t i = next_++; i < films_.size(); i = next_++) {
      std::optional<Result<Json>> result;
      if (!cancelled_) result = film(films_[i]);
      std::scoped_lock lock(mutex_);
      results_[i] = std::move(result);
      ++done_;
      changed_.notify_all();
    }
  }

  Result<Json> film(const std::string& path) {
    std::string sha256 = RF_TRY(file_sha256(path));
    claim(sha256);
    Result<Json> features = known_or_watched(path, sha256);
    release(sha256);
    if (features) features->as_object()["file"] = path;
    return features;
  }

  Result<Json> known_or_watched(const std::string& path, const std::string& sha256) {
    const FeaturesKey key{sha256, method_};
    {
      std::scoped_lock lock(store_mutex_);
      std::optional<Json> known = RF_TRY(store_.find_features(key));
      if (known) return std::move(*known);
    }
    Flag flag(cancelled_);
    Features features = RF_TRY(video::analyse(decoder_, path, options_, flag));
    features.file.clear();
    features.sha256 = sha256;
    Json json = to_json(features);
    round_numbers(json);
    std::scoped_lock lock(store_mutex_);
    RF_TRY(store_.put_features(key, clock_.now(), json));
    return json;
  }

  // Two files of the same bytes are not watched at the same time: the second finds the first's.
  void claim(const std::string& sha256) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return claimed_.insert(sha256).second; });
  }
  void release(const std::string& sha256) {
    std::scoped_lock lock(mutex_);
    claimed_.erase(sha256);
    changed_.notify_all();
  }

  const std::vector<std::string>& films_;
  video::AnalyseOptions options_;
  std::string method_;
  Store& store_;
  media::Decoder decoder_;
  const Clock& clock_;
  std::atomic<std::size_t> next_ = 0;
  std::atomic<bool> cancelled_ = false;
  std::mutex store_mutex_;
  std::mutex mutex_;  // Of everything below.
  std::condition_variable changed_;
  std::vector<std::optional<Result<Json>>> results_;
  std::set<std::string> claimed_;
  std::int64_t done_ = 0;
};

Status add_folder(const std::string& path, std::vector<std::string>& films) {
  std::error_code error;
  std::vector<std::string> found;
  fs::recursive_directory_iterator walk(path, fs::directory_options::skip_permission_denied, error);
  for (; !error && walk != fs::recursive_directory_iterator(); walk.increment(error)) {
    std::error_code gone;
    if (walk->is_regular_file(gone) && is_called_like_a_film(walk->path())) {
      found.push_back(walk->path().string());
    }
  }
  if (error) {
    return fail(ErrorCode::unavailable, fmt::format("folder '{}': {}", path, error.message()));
  }
  if (found.empty()) {
    return fail(ErrorCode::not_found, fmt::format("folder '{}' holds no film; expected files that "
                                                  "end in {}",
                                                  path, fmt::join(kFilmEndings, ", ")));
  }
  std::ranges::sort(found);
  films.insert(films.end(), found.begin(), found.end());
  return {};
}

}  // namespace

Result<std::vector<std::string>> films_in(const std::vector<std::string>& paths) {
  std::vector<std::string> films;
  for (const std::string& path : paths) {
    std::error_code error;
    const fs::file_status status = fs::status(path, error);
    if (!fs::exists(status)) {
      return fail(ErrorCode::not_found, fmt::format("{}: there is no such file", path));
    }
    if (fs::is_directory(status)) {
      RF_TRY(add_folder(path, films));
    } else {
      films.push_back(path);
    }
  }
  std::set<std::string> seen;
  std::erase_if(films, [&](const std::string& film) { return !seen.insert(film).second; });
  return films;
}

std::string models_folder(const std::string& given, const Services& services) {
  if (!given.empty()) return given;
  const fs::path beside = fs::path(services.store_path()).parent_path() / "models";
  std::error_code error;
  return fs::is_directory(beside, error) ? beside.string() : "";
}

Result<std::vector<Result<Json>>> features_of(const std::vector<std::string>& films,
                                              const video::AnalyseOptions& options,
                                              Services& services) {
  RF_TRY(video::check_only(options.only));
  std::string method = RF_TRY(video::analysis_method(options));
  Store* store = RF_TRY(services.store());
  return Batch(films, options, std::move(method), *store, services).run(services.progress());
}

Result<Features> features_of(const std::string& film, const video::AnalyseOptions& options,
                             Services& services) {
  std::vector<Result<Json>> all =
      RF_TRY(features_of(std::vector<std::string>{film}, options, services));
  Json json = RF_TRY(std::move(all.front()));
  return from_json<Features>(json, film);
}

}  // namespace rf::api
