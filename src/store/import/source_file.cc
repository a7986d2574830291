#include "store/import/source_file.h"

#include <array>
#include <system_error>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "base/sha256.h"
#include "model/money.h"

namespace rf::imports {
namespace {

constexpr std::size_t kBlock = std::size_t{1} << 20;
constexpr std::size_t kMappingBytesMax = std::size_t{1} << 20;

Status apply_options(Layout& layout, const ImportOptions& options) {
  if (options.decimal == "comma") layout.mark = DecimalMark::comma;
  if (options.decimal == "point") layout.mark = DecimalMark::point;
  if (options.date_order == "dmy") layout.order = DateOrder::day_first;
  if (options.date_order == "mdy") layout.order = DateOrder::month_first;
  if (layout.currency_optional && options.currency.empty()) layout.currency = "XXX";
  if (options.currency.empty() || layout.currency.empty()) return {};
  if (layout.currency == options.currency) return {};
  return fail(ErrorCode::invalid,
              fmt::format("its spend is in {}, but the options say {}; leave the option out",
                          layout.currency, options.currency));
}

}  // namespace

Result<Fingerprint> fingerprint(const std::string& path, Progress& progress) {
  std::unique_ptr<ByteSource> bytes = RF_TRY(open_bytes(path));
  Fingerprint print;
  std::error_code error;
  print.size = std::filesystem::file_size(path, error);
  print.modified = std::filesystem::last_write_time(path, error);
  Sha256 hash;
  std::string buffer(kBlock, '\0');
  std::int64_t done = 0;
  for (;;) {
    if (progress.cancelled())
      return fail(ErrorCode::conflict, "the import was stopped; nothing was kept");
    const std::size_t count = RF_TRY(bytes->read(buffer));
    if (count == 0) break;
    hash.add(std::string_view(buffer).substr(0, count));
    done += static_cast<std::int64_t>(count);
    progress.report("fingerprint", done, bytes->size());
  }
  print.sha256 = hash.finish();
  return print;
}

Status check_unchanged(const SourceFile& file) {
  std::error_code error;
  const bool same = std::filesystem::file_size(file.path, error) == file.print.size &&
                    std::filesystem::last_write_time(file.path, error) == file.print.modified;
  if (same && !error) return {};
  return fail(ErrorCode::conflict, "the file changed while it was read; import it again");
}

Result<MappingText> read_mapping(const std::string& path) {
  MappingText text;
  if (path.empty()) return text;
  Result<std::unique_ptr<ByteSource>> opened = open_bytes(path);
  if (!opened) return std::move(opened).error().with(path);
  std::string toml(kMappingBytesMax, '\0');
  const std::size_t count = RF_TRY((*opened)->read(toml));
  toml.resize(count);
  Result<Mapping> mapping = parse_mapping(toml);
  if (!mapping) return std::move(mapping).error().with(path);
  text.mapping = *std::move(mapping);
  text.sha256 = sha256_hex(toml);
  return text;
}

Result<SourceFile> prepare(const std::string& path, Fingerprint print,
                           const std::optional<Mapping>& mapping, const ImportOptions& options,
                           Progress& progress) {
  SourceFile file;
  file.path = path;
  file.print = std::move(print);
  std::unique_ptr<TableReader> head = RF_TRY(open_table(path));
  file.layout = RF_TRY(mapping ? apply_mapping(*head, *mapping) : find_layout(*head));
  RF_TRY(apply_options(file.layout, options));
  std::unique_ptr<TableReader> reader = RF_TRY(reopen(file));
  const SurveyOptions survey{.currency = options.currency, .conversion = options.conversion};
  file.survey = RF_TRY(survey_table(*reader, file.layout, survey, progress));
  return file;
}

Result<std::unique_ptr<TableReader>> reopen(const SourceFile& file) { return open_table(file.path); }

}  // namespace rf::imports
