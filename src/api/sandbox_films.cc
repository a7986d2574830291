#include "api/sandbox_films.h"

#include <atomic>
#include <filesystem>
#include <fstream>
#include <optional>
#include <set>
#include <thread>

#include <fmt/format.h>

#include "api/film_matching.h"
#include "media/film_writer.h"
#include "sim/films.h"

namespace rf::api {
namespace {

namespace fs = std::filesystem;

Status write_film(const std::string& path, std::size_t film) {
  const sim::FilmShape shape;
  media::FilmWriter writer =
      RF_TRY(media::FilmWriter::open(path, {.width = shape.width,
                                            .height = shape.height,
                                            .fps = shape.fps,
                                            .audio_rate_hz = shape.audio_rate_hz}));
  const std::vector<float> sound = sim::play(film, shape);
  std::span<const float> rest(sound);
  const auto part = static_cast<std::size_t>(shape.audio_rate_hz / shape.fps);
  for (int i = 0; i < shape.pictures(); ++i) {
    RF_TRY(writer.add_picture(sim::paint(film, i, shape)));
    const std::size_t count = std::min(part, rest.size());
    RF_TRY(writer.add_samples(rest.first(count)));
    rest = rest.subspan(count);
  }
  RF_TRY(writer.add_samples(rest));
  return writer.finish();
}

// A cell of a CSV, quoted.
std::string quoted(const std::string& text) {
  std::string cell = "\"";
  for (char c : text) {
    if (c == '"') cell += '"';
    cell += c;
  }
  return cell + '"';
}

Status write_mapping(const fs::path& path, const std::vector<FilmLine>& lines) {
  std::ofstream out(path, std::ios::binary | std::ios::trunc);
  out << "file,ad,account\n";
  for (const FilmLine& line : lines) {
    out << sim::film_file_name(line.film) << ',' << quoted(line.ad) << ',' << quoted(line.account)
        << '\n';
  }
  out.close();
  if (out) return {};
  return fail(ErrorCode::unavailable,
              fmt::format("'{}': cannot be written; check its folder and the disk", path.string()));
}

// Films side by side, one a core.
class Work {
 public:
  Work(const fs::path& folder, std::vector<std::size_t> films)
      : folder_(folder), films_(std::move(films)), done_(films_.size()) {}

  Status run(Progress& progress) {
    const std::size_t workers =
        std::min<std::size_t>(films_.size(), std::max(1U, std::thread::hardware_concurrency()));
    std::vector<std::jthread> others;
    others.reserve(workers);
    for (std::size_t i = 1; i < workers; ++i) {
      others.emplace_back([this] {
        while (step()) {
        }
      });
    }
    while (step()) {
      if (progress.cancelled()) next_ = films_.size();
      progress.report("painting films",
                      static_cast<std::int64_t>(std::min(next_.load(), films_.size())),
                      std::ssize(films_));
    }
    others.clear();
    for (const std::optional<Status>& each : done_) {
      if (!each) return fail(ErrorCode::conflict, "cancelled; films are missing");
      RF_TRY(*each);
    }
    return {};
  }

 private:
  bool step() {
    const std::size_t i = next_++;
    if (i >= films_.size()) return false;
    done_[i] = write_film((folder_ / sim::film_file_name(films_[i])).string(), films_[i]);
    return true;
  }

  const fs::path& folder_;
  std::vector<std::size_t> films_;
  std::vector<std::optional<Status>> done_;  // Each written by one thread.
  std::atomic<std::size_t> next_ = 0;
};

}  // namespace

Status write_films(const std::string& folder, const std::vector<FilmLine>& lines,
                   Progress& progress) {
  std::error_code error;
  fs::create_directories(folder, error);
  if (error) {
    return fail(ErrorCode::unavailable,
                fmt::format("{}: cannot be made: {}", folder, error.message()));
  }
  std::set<std::size_t> films;
  for (const FilmLine& line : lines) films.insert(line.film);
  const fs::path place(folder);
  RF_TRY(Work(place, {films.begin(), films.end()}).run(progress));
  return write_mapping(place / kMappingName, lines);
}

}  // namespace rf::api
