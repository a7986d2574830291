#include "store/import/import.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <filesystem>
#include <memory>
#include <set>
#include <string_view>
#include <system_error>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/sha256.h"
#include "store/import/preset_join.h"
#include "store/import/refusals.h"
#include "store/import/rejects.h"
#include "store/import/row_class.h"
#include "store/import/row_converter.h"
#include "store/import/source_file.h"
#include "store/import/tally.h"

namespace rf {
namespace {

// NOLINTNEXTLINE(google-build-using-namespace)
using namespace imports;

// Goes up whenever the same bytes become other rows, so that a known file is read again.
constexpr std::string_view kImporterVersion = "1";

Error cancelled() { return fail(ErrorCode::conflict, "the import was stopped; nothing was kept"); }

Status check_options(const ImportOptions& options) {
  if (!options.currency.empty()) RF_TRY(Currency::parse(options.currency));
  if (!options.time_zone.empty()) RF_TRY(TimeZone::parse(options.time_zone));
  const auto one_of = [](const std::string& value, std::string_view a, std::string_view b) {
    return value.empty() || value == a || value == b;
  };
  if (!one_of(options.decimal, "point", "comma"))
    return fail(ErrorCode::invalid,
                fmt::format("decimal: '{}' is neither point nor comma", options.decimal));
  if (!one_of(options.date_order, "dmy", "mdy"))
    return fail(ErrorCode::invalid,
                fmt::format("date_order: '{}' is neither dmy nor mdy", options.date_order));
  return {};
}

// Everything but the bytes that decides what the rows become. The time of a default `as_of` is no
// choice of anyone's, and neither a dry run nor the place of the rejects changes a row.
std::string hash_of_options(const ImportOptions& options, const std::string& mapping_sha256) {
  const std::string as_of = options.as_of ? to_rfc3339(*options.as_of) : "";
  return sha256_hex(fmt::format("{}\x1f{}\x1f{}\x1f{}\x1f{}\x1f{}\x1f{}\x1f{}\x1f{}",
                                kImporterVersion, options.account, options.currency,
                                options.time_zone, as_of, options.conversion, options.decimal,
                                options.date_order, mapping_sha256));
}

std::string rejects_path(const std::string& path, const ImportOptions& options) {
  if (options.rejects_path.empty()) return options.dry_run ? "" : path + ".rejects.csv";
  std::error_code error;
  const std::filesystem::path place(options.rejects_path);
  if (!std::filesystem::is_directory(place, error)) return options.rejects_path;
  return (place / std::filesystem::path(path).filename()).string() + ".rejects.csv";
}

// One file being written, or held to be joined to another.
class FileReading {
 public:
  FileReading(const SourceFile& file, RowConverter converter, const ImportOptions& options)
      : file_(&file),
        converter_(std::move(converter)),
        tally_(file.layout, file.survey),
        rejects_(rejects_path(file.path, options)) {}

  static Result<FileReading> start(const SourceFile& file, const ImportOptions& options) {
    const AccountDefaults defaults{
        .account = options.account, .currency = options.currency, .time_zone = options.time_zone};
    RowConverter converter = RF_TRY(RowConverter::make(file.layout, file.survey, defaults));
    return FileReading(file, std::move(converter), options);
  }

  // `take` gets the converter after each row that could be taken.
  template <typename Take>
  Status read(Progress& progress, Take take) {
    std::unique_ptr<TableReader> reader = RF_TRY(reopen(*file_));
    TableRow row;
    std::int64_t seen = 0;
    for (;;) {
      const bool more = RF_TRY(reader->next(row));
      if (!more) break;
      if (row.line <= file_->layout.header_line) continue;
      RF_TRY(keep_informed(progress, "import", *reader, seen++));
      const RowClass what = classify(file_->layout, row);
      if (what == RowClass::total || what == RowClass::subtotal) {
        tally_.add_dropped(what, row, converter_);
        continue;
      }
      std::optional<Refusal> refusal = converter_.convert(row);
      if (what == RowClass::nameless && !refusal) refusal = nameless(row);
      if (refusal) {
        tally_.add_refused(*refusal);
        RF_TRY(rejects_.add(*refusal));
        continue;
      }
      tally_.add(converter_, row);
      RF_TRY(take(converter_));
    }
    if (progress.cancelled()) return cancelled();
    RF_TRY(rejects_.close());
    return check_read();
  }

  FileReport report() const {
    FileReport report = tally_.report();
    report.file = file_->path;
    report.sha256 = file_->print.sha256;
    report.rejects = rejects_.path();
    return report;
  }

 private:
  static Refusal nameless(const TableRow& row) {
    return {.line = row.line, .column = "", .value = "", .reason = "has neither a name nor an id"};
  }

  Status check_read() const {
    if (!tally_.fits())
      return fail(ErrorCode::invalid, "its sums are too large for 64 bits; the file is damaged");
    if (tally_.rows() > 0) return check_unchanged(*file_);
    const RefusedRow& first = tally_.refused().front();
    return fail(ErrorCode::invalid,
                fmt::format("every row was refused; line {}, '{}': '{}' {}", first.line,
                            first.column, first.value, first.reason));
  }

  const SourceFile* file_;
  RowConverter converter_;
  Tally tally_;
  Rejects rejects_;
};

// What an earlier import of the same rows had and this one does not.
struct Loss {
  std::string file;
  std::vector<std::string> metrics;
};

bool overlap(const FileReport& a, const FileReport& b) {
  if (a.platform != b.platform || a.level != b.level || a.grain != b.grain ||
      a.breakdown != b.breakdown)
    return false;
  if (a.from && b.from && (*a.to < *b.from || *b.to < *a.from)) return false;
  return std::ranges::any_of(a.accounts, [&](const AccountPart& part) {
    return std::ranges::any_of(
        b.accounts, [&](const AccountPart& other) { return part.account == other.account; });
  });
}

Result<std::vector<Loss>> find_losses(Store& store, const FileReport& report) {
  std::vector<ImportRecord> imports = RF_TRY(store.imports());
  std::vector<Loss> losses;
  for (const ImportRecord& record : imports) {
    Result<FileReport> earlier = from_json<FileReport>(record.report, "report");
    if (!earlier || !overlap(*earlier, report)) continue;
    Loss loss{.file = earlier->file, .metrics = {}};
    for (const std::string& metric : earlier->metrics) {
      if (std::ranges::find(report.metrics, metric) == report.metrics.end())
        loss.metrics.push_back(metric);
    }
    if (!loss.metrics.empty()) losses.push_back(std::move(loss));
  }
  return losses;
}

// A new version of a row has what the newest file says, and no more. A report without spend must
// not make known spend vanish.
Status guard_known_metrics(Store& store, FileReport& report) {
  std::vector<Loss> losses = RF_TRY(find_losses(store, report));
  for (const Loss& loss : losses) {
    const bool spend = std::ranges::find(loss.metrics, "spend") != loss.metrics.end();
    if (spend) {
      return fail(ErrorCode::invalid,
                  fmt::format("has no spend for days whose spend is known from '{}', and would "
                              "replace them; import both files in one command, and their columns "
                              "are joined",
                              loss.file));
    }
  }
  if (losses.empty()) return {};
  report.notices.push_back(
      fmt::format("'{}' had columns for the same days that this file lacks ({}): rows that differ "
                  "get a newest version without them; import both files in one command to join "
                  "them",
                  losses.back().file, fmt::join(losses.back().metrics, ", ")));
  return {};
}

// Files that are written as one.
class GroupImport {
 public:
  GroupImport(std::vector<const SourceFile*> files, const ImportOptions& options, Store& store,
              Progress& progress)
      : files_(std::move(files)), options_(options), store_(store), progress_(progress) {
    choose_first();
  }

  // The first file's report comes first.
  Result<std::vector<FileReport>> run(const ImportSource& source) {
    const Layout& own = files_.front()->layout;
    const bool has_currency = !own.currency.empty() || !options_.currency.empty() ||
                              !files_.front()->survey.currencies.empty();
    if (!has_currency) return refuse_no_currency(own.platform);
    RF_TRY(read_others());
    FileReading first = RF_TRY(FileReading::start(*files_.front(), options_));
    std::unique_ptr<MetricWriter> writer = RF_TRY(store_.write_metrics(source));
    const auto write = [&](RowConverter& converter) -> Status {
      if (join_) {
        RF_TRY(join_->join(converter.row()));
        account_ = converter.account();
      }
      return writer->add(converter.account(), converter.row());
    };
    RF_TRY(first.read(progress_, write));
    if (join_) RF_TRY(write_rest(*writer));
    reports_.insert(reports_.begin(), first.report());
    RF_TRY(complete(source, *writer));
    return std::move(reports_);
  }

 private:
  // Spend decides whose rows the others are joined to.
  void choose_first() {
    auto best = std::ranges::max_element(files_, {}, [](const SourceFile* file) {
      return std::pair(file->layout.has(Metric::spend), file->survey.rows);
    });
    std::rotate(files_.begin(), best, best + 1);
  }

  Status read_others() {
    if (files_.size() < 2) return {};
    std::vector<const Layout*> layouts;
    std::string event;
    for (const SourceFile* file : std::span(files_).subspan(1)) {
      layouts.push_back(&file->layout);
      const ChosenEvent& chosen = file->survey.event;
      if (event.empty() && chosen.kind == EventKind::column)
        event = file->layout.events[chosen.index].name;
    }
    const bool own_event = files_.front()->survey.event.kind != EventKind::none;
    join_ = std::make_unique<PresetJoin>(files_.front()->layout, layouts, own_event ? "" : event);
    for (std::size_t i = 1; i < files_.size(); ++i) {
      FileReading reading = RF_TRY(FileReading::start(*files_[i], options_));
      const auto hold = [&](RowConverter& converter) {
        return join_->hold(i - 1, converter.row());
      };
      Status status = reading.read(progress_, hold);
      if (!status) return std::move(status).error().with(files_[i]->path);
      FileReport report = reading.report();
      report.merged_into = files_.front()->path;
      reports_.push_back(std::move(report));
    }
    return {};
  }

  Status write_rest(MetricWriter& writer) {
    for (const MetricRow& row : join_->rest()) {
      RF_TRY(writer.add(account_, row));
      ++unmatched_;
    }
    return {};
  }

  Status complete(const ImportSource& source, MetricWriter& writer) {
    FileReport& first = reports_.front();
    for (FileReport& report : reports_) {
      report.as_of = source.as_of;
      report.dry_run = options_.dry_run;
    }
    if (reports_.size() > 1) note_join();
    RF_TRY(guard_known_metrics(store_, first));
    const WriteSummary summary =
        RF_TRY(options_.dry_run ? writer.preview() : writer.commit(to_json(first)));
    first.added = summary.added;
    first.restated = summary.restated;
    first.unchanged = summary.unchanged;
    return {};
  }

  void note_join() {
    FileReport& first = reports_.front();
    std::set<std::string> metrics(first.metrics.begin(), first.metrics.end());
    for (const FileReport& report : std::span(reports_).subspan(1)) {
      const bool twice = first.totals.spend && report.totals.spend;
      const bool same = twice && *first.totals.spend == *report.totals.spend;
      first.notices.push_back(
          fmt::format("joined with '{}'{}", report.file,
                      !twice ? ""
                             : (same ? ", which has the same spend; it is counted once"
                                     : fmt::format(", whose spend differs ({}); it is counted once",
                                                   *report.totals.spend))));
      metrics.insert(report.metrics.begin(), report.metrics.end());
    }
    first.metrics.assign(metrics.begin(), metrics.end());
    if (unmatched_ > 0)
      first.notices.push_back(fmt::format(
          "{} rows of the joined files are of days or ads that '{}' does not have; they "
          "were added as they are",
          unmatched_, first.file));
  }

  std::vector<const SourceFile*> files_;
  const ImportOptions& options_;
  Store& store_;
  Progress& progress_;
  std::unique_ptr<PresetJoin> join_;
  Account account_;
  std::int64_t unmatched_ = 0;
  std::vector<FileReport> reports_;
};

FileReport repeated(FileReport report, const std::string& path, const ImportOptions& options) {
  report.file = path;
  report.repeated = true;
  report.dry_run = options.dry_run;
  report.added = 0;
  report.restated = 0;
  report.unchanged = report.rows;
  return report;
}

void stamp(FileReport& report, Instant start, Instant end) {
  report.seconds = std::chrono::duration<double>(end - start).count();
  report.rows_per_s = report.seconds > 0 ? static_cast<double>(report.rows) / report.seconds : 0;
}

// All of a call's files on their way in.
class Batch {
 public:
  Batch(std::span<const std::string> paths, const ImportOptions& options, Store& store,
        const Clock& clock, Progress& progress)
      : paths_(paths),
        options_(options),
        store_(store),
        clock_(clock),
        progress_(progress),
        start_(clock.now()),
        files_(paths.size()),
        results_(paths.size()) {}

  std::vector<Result<FileReport>> run() {
    Status ready = make_ready();
    for (std::size_t i = 0; i < paths_.size(); ++i) {
      if (!ready) {
        results_[i] = ready.error();
      } else {
        look_at(i);
      }
    }
    for (const std::vector<std::size_t>& group : groups()) import_group(group);
    std::vector<Result<FileReport>> results;
    for (std::size_t i = 0; i < paths_.size(); ++i) {
      RF_CHECK(results_[i].has_value());
      Result<FileReport> result = *std::move(results_[i]);
      if (!result) {
        results.emplace_back(std::move(result).error().with(paths_[i]));
        continue;
      }
      stamp(*result, start_, clock_.now());
      results.push_back(std::move(result));
    }
    return results;
  }

 private:
  Status make_ready() {
    RF_TRY(check_options(options_));
    MappingText text = RF_TRY(read_mapping(options_.mapping_path));
    mapping_ = std::move(text.mapping);
    options_sha256_ = hash_of_options(options_, text.sha256);
    return {};
  }

  void look_at(std::size_t i) {
    Result<std::optional<SourceFile>> file = try_file(i);
    if (!file) {
      results_[i] = std::move(file).error();
    } else {
      files_[i] = *std::move(file);
    }
  }

  // Nothing when the file is known and its report is at hand.
  Result<std::optional<SourceFile>> try_file(std::size_t i) {
    Fingerprint print = RF_TRY(fingerprint(paths_[i], progress_));
    for (std::size_t j = 0; j < i; ++j) {
      if (files_[j] && files_[j]->print.sha256 == print.sha256)
        return fail(ErrorCode::invalid, fmt::format("is the same file as '{}'", paths_[j]));
    }
    const bool known = RF_TRY(repeat_known(i, print.sha256, paths_[i]));
    if (known) return std::optional<SourceFile>();
    SourceFile file = RF_TRY(prepare(paths_[i], std::move(print), mapping_, options_, progress_));
    return std::optional<SourceFile>(std::move(file));
  }

  Result<bool> repeat_known(std::size_t i, const std::string& sha256, const std::string& path) {
    std::optional<ImportRecord> known = RF_TRY(store_.find_import(sha256, options_sha256_));
    if (!known) return false;
    FileReport report = RF_TRY(from_json<FileReport>(known->report, "report"));
    results_[i] = repeated(std::move(report), path, options_);
    return true;
  }

  // Files whose rows are joined, by index; each file is in one group.
  std::vector<std::vector<std::size_t>> groups() const {
    std::vector<std::vector<std::size_t>> groups;
    for (std::size_t i = 0; i < files_.size(); ++i) {
      if (!files_[i]) continue;
      auto group = std::ranges::find_if(groups, [&](const std::vector<std::size_t>& each) {
        return std::ranges::all_of(each, [&](std::size_t other) {
          return are_presets(files_[other]->layout, files_[i]->layout);
        });
      });
      if (group == groups.end()) {
        groups.push_back({i});
      } else {
        group->push_back(i);
      }
    }
    return groups;
  }

  void import_group(const std::vector<std::size_t>& group) {
    Status status = try_group(group);
    if (status) return;
    for (std::size_t i : group) results_[i] = status.error();
  }

  Status try_group(const std::vector<std::size_t>& group) {
    std::vector<const SourceFile*> files;
    std::vector<std::string> names;
    std::vector<std::string> hashes;
    for (std::size_t i : group) {
      files.push_back(&*files_[i]);
      names.push_back(paths_[i]);
      hashes.push_back(files_[i]->print.sha256);
    }
    std::ranges::sort(hashes);
    const bool one = group.size() == 1;
    const ImportSource source{
        .file = fmt::format("{}", fmt::join(names, " + ")),
        .sha256 = one ? hashes[0] : sha256_hex(fmt::format("{}", fmt::join(hashes, "+"))),
        .options_sha256 = options_sha256_,
        .as_of = options_.as_of.value_or(start_),
        .imported_at = start_};
    if (!one) {
      const bool known = RF_TRY(repeat_group(group, source.sha256));
      if (known) return {};
    }
    GroupImport import(std::move(files), options_, store_, progress_);
    std::vector<FileReport> reports = RF_TRY(import.run(source));
    for (FileReport& report : reports) {
      auto place =
          std::ranges::find_if(group, [&](std::size_t i) { return paths_[i] == report.file; });
      results_[*place] = std::move(report);
    }
    return {};
  }

  Result<bool> repeat_group(const std::vector<std::size_t>& group, const std::string& sha256) {
    for (std::size_t i : group) {
      const bool known = RF_TRY(repeat_known(i, sha256, paths_[i]));
      if (!known) return false;
    }
    return true;
  }

  std::span<const std::string> paths_;
  const ImportOptions& options_;
  Store& store_;
  const Clock& clock_;
  Progress& progress_;
  Instant start_;
  std::optional<Mapping> mapping_;
  std::string options_sha256_;
  std::vector<std::optional<SourceFile>> files_;
  std::vector<std::optional<Result<FileReport>>> results_;
};

}  // namespace

Result<FileReport> import_file(const std::string& path, const ImportOptions& options, Store& store,
                               const Clock& clock, Progress& progress) {
  const std::array<std::string, 1> paths{path};
  std::vector<Result<FileReport>> results = import_files(paths, options, store, clock, progress);
  return std::move(results.front());
}

std::vector<Result<FileReport>> import_files(std::span<const std::string> paths,
                                             const ImportOptions& options, Store& store,
                                             const Clock& clock, Progress& progress) {
  return Batch(paths, options, store, clock, progress).run();
}

}  // namespace rf
