#include "api/sandbox.h"

#include <algorithm>
#include <filesystem>
#include <map>
#include <optional>
#include <set>
#include <vector>

#include <fmt/format.h>

#include "api/sandbox_films.h"
#include "sim/bulk_export.h"
#include "sim/export.h"
#include "sim/films.h"
#include "sim/world.h"
#include "store/import/import.h"

namespace rf::api {
namespace {

namespace fs = std::filesystem;

// The first export is this much older than the second, so that the second restates its last days.
constexpr Days kBetweenExports{7};

// A glance; `report` shows the rest.
constexpr std::int64_t kReportRows = 12;

// A folder that is gone with this value unless it is to be kept.
class Workplace {
 public:
  static Result<Workplace> make(const std::string& keep, std::uint64_t tag) {
    std::error_code error;
    fs::path path =
        keep.empty() ? fs::temp_directory_path(error) / fmt::format("reelforge-demo-{:016x}", tag)
                     : fs::path(keep);
    if (!error) fs::create_directories(path, error);
    if (!error && !fs::is_empty(path, error) && !error) {
      return fail(ErrorCode::conflict,
                  fmt::format("{}: is not empty; name a new folder with --keep", path.string()));
    }
    if (error) {
      return fail(ErrorCode::unavailable,
                  fmt::format("{}: cannot be made: {}", path.string(), error.message()));
    }
    return Workplace(std::move(path), keep.empty());
  }

  Workplace(Workplace&& other) noexcept
      : path_(std::exchange(other.path_, {})), passing_(other.passing_) {}
  Workplace& operator=(Workplace&&) = delete;
  ~Workplace() {
    std::error_code ignored;
    if (passing_ && !path_.empty()) fs::remove_all(path_, ignored);
  }

  const fs::path& path() const { return path_; }
  bool kept() const { return !passing_; }

 private:
  Workplace(fs::path path, bool passing) : path_(std::move(path)), passing_(passing) {}

  fs::path path_;
  bool passing_;
};

Result<FileReport> import_account(const sim::World& world, std::size_t account, Day as_of,
                                  const fs::path& folder, Store& store, Services& services) {
  sim::Export file = world.export_as_of(account, as_of);
  sim::Layout layout = sim::layout_of(file.account.platform);
  std::string path = (folder / sim::file_name_of(file, layout)).string();
  RF_TRY(sim::write_export(file, layout, path));
  ImportOptions options{.account = file.account.id.text,
                        .time_zone = file.account.zone.name(),
                        .as_of = world.taken_at(account, as_of)};
  FileReport report =
      RF_TRY(import_file(path, options, store, services.clock(), services.progress()));
  report.file = fs::path(path).filename().string();
  return report;
}

// The latest moment at which one of the accounts was asked.
Instant now_of(const sim::World& world, Day last) {
  Instant now{};
  for (std::size_t i = 0; i < world.scene().accounts.size(); ++i) {
    now = std::max(now, world.taken_at(i, last));
  }
  return now;
}

bool is_sound(const std::string& verdict, sim::AdClass truth) {
  if (verdict == "kill") return truth == sim::AdClass::loser;
  if (verdict == "promote" || verdict == "increase_budget") return truth != sim::AdClass::loser;
  return true;
}

void compare(const sim::World& world, DemoOutput& output) {
  std::map<std::string, std::size_t> by_name;
  for (std::size_t i = 0; i < world.scene().ads.size(); ++i) {
    by_name[world.scene().ads[i].entity.name()] = i;
  }
  for (const PlanItem& item : output.turn.plan.items) {
    auto found = by_name.find(item.ad);
    if (found == by_name.end()) continue;
    sim::Truth truth = world.truth(found->second);
    std::string verdict(name_of(item.action));
    bool sound = is_sound(verdict, truth.ad_class);
    output.truth.push_back({.ad = item.ad,
                            .account = item.account,
                            .verdict = std::move(verdict),
                            .truth = std::string(name_of(truth.ad_class)),
                            .roas_ratio = truth.roas_ratio,
                            .sound = sound});
    if (!sound) ++output.unsound;
  }
}

// Of a bulk ad: the middle of what its CTR is drawn from, and every tenth ad is an exception.
std::size_t film_of_bulk_ad(std::int64_t ad, std::uint64_t seed) {
  constexpr double kMiddle = 0.014;
  const bool good = (sim::bulk_ctr(ad, seed) > kMiddle) != (ad % 10 == 7);
  return 2 * static_cast<std::size_t>(ad % 6) + (good ? 0 : 1);
}

// Paints the films of the world's ads and takes them in.
Result<FilmsReport> take_films(const sim::World& world, Day as_of, const fs::path& folder,
                               Services& services) {
  const sim::Scene& scene = world.scene();
  std::vector<FilmLine> lines;
  FilmsAsked asked{.folder = folder.string(), .models = {}, .accounts = {}, .as_of = {}};
  for (std::size_t ad = 0; ad < scene.ads.size(); ++ad) {
    const std::string& account = scene.accounts[scene.ads[ad].account].account.id.text;
    asked.accounts.insert(account);
    asked.as_of = std::max(asked.as_of, world.taken_at(scene.ads[ad].account, as_of));
    // By name, because not every platform's export has ids.
    lines.push_back({sim::film_of(scene, ad), scene.ads[ad].entity.name(), account});
  }
  RF_TRY(write_films(asked.folder, lines, services.progress()));
  FilmsReport report = RF_TRY(import_films(asked, services));
  for (TakenFilm& taken : report.taken) taken.film = fs::path(taken.film).filename().string();
  return report;
}

}  // namespace

Result<SandboxExportOutput> sandbox_export(const SandboxExportInput& input, Services& services) {
  sim::BulkExport written = RF_TRY(sim::write_bulk_meta_export(
      input.file, input.rows, input.ads, static_cast<std::uint64_t>(input.seed)));
  SandboxExportOutput output{.file = input.file, .rows = written.rows, .bytes = written.bytes};
  if (input.films.empty()) return output;
  std::vector<FilmLine> lines;
  std::set<std::size_t> films;
  for (std::int64_t ad = 0; ad < std::min(input.ads, input.rows); ++ad) {
    const std::size_t film = film_of_bulk_ad(ad, static_cast<std::uint64_t>(input.seed));
    films.insert(film);
    lines.push_back({film, sim::bulk_ad_id(ad), ""});
  }
  RF_TRY(write_films(input.films, lines, services.progress()));
  output.films = std::ssize(films);
  return output;
}

Result<DemoOutput> demo(const DemoInput& input, Services& services) {
  auto tag = static_cast<std::uint64_t>(services.clock().now().time_since_epoch().count());
  Workplace workplace = RF_TRY(Workplace::make(input.keep, tag));
  sim::WorldSpec spec{.seed = input.seed, .days = input.days};
  sim::World world = RF_TRY(sim::World::make(spec));
  world.run_days(spec.days);
  const Day last = world.today() - Days(1);

  // From here on it is the sandbox's time, and the sandbox's store.
  ManualClock clock(now_of(world, last));
  Services inside((workplace.path() / "demo.db").string(), services.open_store(), clock,
                  services.progress(), services.decoder());
  Store* store = RF_TRY(inside.store());
  DemoOutput output;
  for (Day as_of : {last - kBetweenExports, last}) {
    for (std::size_t account = 0; account < world.scene().accounts.size(); ++account) {
      FileReport report =
          RF_TRY(import_account(world, account, as_of, workplace.path(), *store, inside));
      output.imports.push_back(std::move(report));
    }
  }
  if (!services.decoder().empty()) {
    output.films = RF_TRY(take_films(world, last, workplace.path() / "films", inside));
    output.films->folder = "films";
  }
  output.turn = RF_TRY(turn({}, inside));
  output.report = RF_TRY(report({.limit = kReportRows}, inside));
  if (output.films) {
    output.by_hook = RF_TRY(report({.by = "hook_type"}, inside));
    output.dna = RF_TRY(video_dna({}, inside));
    output.patterns = RF_TRY(patterns({}, inside));
  }
  compare(world, output);
  if (workplace.kept()) output.folder = workplace.path().string();
  return output;
}

}  // namespace rf::api
