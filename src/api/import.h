// The way in for files that people exported.

#pragma once

#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "api/failure.h"
#include "api/import_films.h"
#include "api/operation.h"
#include "store/import/file_report.h"

namespace rf::api {

struct ImportInput {
  std::vector<std::string> files;
  std::string map;
  std::string account;
  std::string currency;
  std::string time_zone;
  std::optional<Instant> as_of;
  std::string conversion;
  std::string decimal;
  std::string date_order;
  std::string rejects;
  std::string videos;
  std::string models;
  bool dry_run = false;
};

struct ImportOutput {
  std::vector<FileReport> files;
  std::vector<Failure> failed;
  std::optional<FilmsReport> videos;
};

// Each file is taken whole or not at all; what went wrong with some does not stop the others.
// Films that cannot be watched, or whose ads are not plain, are named and stop nothing.
// Errors: those of import_file(), when no file was taken; of import_films(), when the files were.
Result<ImportOutput> import(const ImportInput& input, Services& services);

}  // namespace rf::api

template <>
struct rf::Described<rf::api::ImportInput> {
  using Self = rf::api::ImportInput;
  static constexpr auto fields = std::tuple{
      field("files", &Self::files, "exports: CSV, UTF-16 TSV or XLSX",
            {.required = true, .positional = true}),
      field("map", &Self::map, "TOML that says what a plain file's columns mean"),
      field("account", &Self::account, "whose numbers they are, where the file does not say"),
      field("currency", &Self::currency, "ISO 4217 code, where the file does not say"),
      field("time_zone", &Self::time_zone, "IANA zone of the account's days"),
      field("as_of", &Self::as_of, "when the platform said this, now if left out"),
      field("conversion", &Self::conversion, "what counts as a conversion: purchases, leads, …"),
      field("decimal", &Self::decimal, "point or comma, where the file does not show it"),
      field("date_order", &Self::date_order, "dmy or mdy, where the file does not show it"),
      field("rejects", &Self::rejects, "where to list refused rows"),
      field("videos", &Self::videos,
            "folder of the ads' films, called like them, or listed in its videos.csv"),
      field("models", &Self::models, "folder of ONNX models; else 'models' beside the store"),
      field("dry_run", &Self::dry_run, "tell everything and write nothing")};
};

template <>
struct rf::Described<rf::api::ImportOutput> {
  using Self = rf::api::ImportOutput;
  static constexpr auto fields =
      std::tuple{field("files", &Self::files, "what each file was, and what it brought"),
                 field("failed", &Self::failed, "files that were not taken, and why"),
                 field("videos", &Self::videos, "the films; null: none were given")};
};
