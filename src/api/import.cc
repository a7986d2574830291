#include "api/import.h"

#include "store/import/import.h"

namespace rf::api {

Result<ImportOutput> import(const ImportInput& input, Services& services) {
  if (input.files.empty()) {
    return fail(ErrorCode::invalid, "input.files: is empty; expected at least one export");
  }
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
  return output;
}

}  // namespace rf::api
