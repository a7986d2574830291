// The imitated world: exports to try with, and one round of the loop over them.

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "api/import.h"
#include "api/operation.h"
#include "api/patterns.h"
#include "api/report.h"
#include "api/turn.h"
#include "api/video_dna.h"

namespace rf::api {

struct SandboxExportInput {
  std::string file;
  std::int64_t rows = 1000;
  std::int64_t ads = 100;
  std::int64_t seed = 42;
  std::string films;
};

struct SandboxExportOutput {
  std::string file;
  std::int64_t rows = 0;
  std::int64_t bytes = 0;
  std::int64_t films = 0;
};

struct DemoInput {
  std::int64_t seed = 42;
  std::int64_t days = 28;
  std::string keep;
};

// A judgement beside the truth that the sandbox hid.
struct TruthRow {
  std::string ad;
  std::string account;
  std::string verdict;
  std::string truth;  // winner, loser, average, undecidable.
  double roas_ratio = 0;
  bool sound = true;  // False: a winner or average ad killed, or a loser promoted or given money.
};

struct DemoOutput {
  std::string folder;
  std::vector<FileReport> imports;
  TurnOutput turn;
  ReportOutput report;
  std::vector<TruthRow> truth;
  std::int64_t unsound = 0;
  std::optional<FilmsReport> films;  // Null: no program to decode films is known.
  std::optional<ReportOutput> by_hook;
  std::optional<VideoDnaOutput> dna;
  std::optional<PatternsOutput> patterns;
};

// Writes a made-up Meta export of any size, and films that its ads may show: those with the higher
// CTR mostly one that opens at once.
Result<SandboxExportOutput> sandbox_export(const SandboxExportInput& input, Services& services);

// A world of three accounts runs for some weeks; its exports of a week ago and of today are
// imported into a store of their own with the films that its ads show, and the loop goes round
// once.
Result<DemoOutput> demo(const DemoInput& input, Services& services);

}  // namespace rf::api

template <>
struct rf::Described<rf::api::SandboxExportInput> {
  using Self = rf::api::SandboxExportInput;
  static constexpr auto fields = std::tuple{
      field("file", &Self::file, "where to write it", {.required = true, .positional = true}),
      field("rows", &Self::rows, "ad days", {.min = 1, .max = 1e9}),
      field("ads", &Self::ads, "ads, each with a row a day", {.min = 1, .max = 1e7}),
      field("seed", &Self::seed, "the same seed gives the same bytes", {.min = 0}),
      field("films", &Self::films, "a folder to paint the ads' films in, with a videos.csv")};
};

template <>
struct rf::Described<rf::api::SandboxExportOutput> {
  using Self = rf::api::SandboxExportOutput;
  static constexpr auto fields =
      std::tuple{field("file", &Self::file, "the export"), field("rows", &Self::rows, "rows in it"),
                 field("bytes", &Self::bytes, "its size"),
                 field("films", &Self::films, "films that were painted")};
};

template <>
struct rf::Described<rf::api::DemoInput> {
  using Self = rf::api::DemoInput;
  static constexpr auto fields =
      std::tuple{field("seed", &Self::seed, "another seed is another world", {.min = 0}),
                 field("days", &Self::days, "how long its ads have run", {.min = 14, .max = 400}),
                 field("keep", &Self::keep, "a folder to leave the exports and the store in")};
};

template <>
struct rf::Described<rf::api::TruthRow> {
  using Self = rf::api::TruthRow;
  static constexpr auto fields = std::tuple{
      field("ad", &Self::ad, "its name"),
      field("account", &Self::account, "whose it is"),
      field("verdict", &Self::verdict, "what the plan says"),
      field("truth", &Self::truth, "what it is: winner, loser, average or undecidable"),
      field("roas_ratio", &Self::roas_ratio, "true return against an average ad's"),
      field("sound", &Self::sound, "false: killed without being a loser, or fed while one")};
};

template <>
struct rf::Described<rf::api::DemoOutput> {
  using Self = rf::api::DemoOutput;
  static constexpr auto fields =
      std::tuple{field("folder", &Self::folder, "where exports and store are; empty if not kept"),
                 field("imports", &Self::imports, "what each export was"),
                 field("turn", &Self::turn, "the round of the loop"),
                 field("report", &Self::report, "the scoreboard"),
                 field("truth", &Self::truth, "each judgement beside the hidden truth"),
                 field("unsound", &Self::unsound, "judgements that the truth contradicts"),
                 field("films", &Self::films, "what the ads show; null: films cannot be decoded"),
                 field("by_hook", &Self::by_hook, "the scoreboard by what films open with"),
                 field("dna", &Self::dna, "winners' films against losers'"),
                 field("patterns", &Self::patterns, "what is believed of the films")};
};
