#include "api/import.h"

#include "store/import/import.h"

namespace rf::api {
namespace {

Status check_input(const ImportInput& input) {
  if (input.files.empty()) {
    return fail(ErrorCode::invalid, "input.files: is empty; expected at least one export");
  }
  if (input.dry_run && !input.videos.empty()) {
    return fail(ErrorCode::invalid,
                "input.videos: found with dry_run; films are matched to ads that were written, so "
                "leave one of the two out");
  }
  return {};
}

FilmsAsked films_asked(const ImportInput& input, const ImportOutput& output, Instant now) {
  FilmsAsked asked{.folder = input.videos,
                   .models = input.models,
                   .accounts = {},
                   .as_of = input.as_of.value_or(now)};
  for (const FileReport& file : output.files) {
    for (const AccountPart& part : file.accounts) asked.accounts.insert(part.account);
  }
  return asked;
}

}  // namespace

Result<ImportOutput> import(const ImportInput& input, Services& services) {
  RF_TRY(check_input(input));
  Store* store = RF_TRY(services.store());
  ImportOptions options{.account = input.account,
                        .currency = input.currency,
                        .time_zone = input.time_zone,
                        .as_of = input.as_of,
                        .conversion = input.conversion,
                        .decimal = input.decimal,
                        .date_order = input.date_order,
                        .mapping_path = input.map,
                        .rejects_path = input.rejects,
                        .dry_run = input.dry_run};
  std::vector<Result<FileReport>> reports =
      import_files(input.files, options, *store, services.clock(), services.progress());
  ImportOutput output;
  for (std::size_t i = 0; i < reports.size(); ++i) {
    if (reports[i]) {
      output.files.push_back(std::move(*reports[i]));
      continue;
    }
    Error error = std::move(reports[i]).error();
    if (reports.size() == 1) return error;
    output.failed.push_back({.what = input.files[i],
                             .code = std::string(to_string(error.code)),
                             .message = std::move(error.message)});
  }
  if (!input.videos.empty()) {
    output.videos =
        RF_TRY(import_films(films_asked(input, output, services.clock().now()), services));
  }
  return output;
}

}  // namespace rf::api
