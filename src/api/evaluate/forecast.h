// `evaluate forecast`: where a user's own daily figure is heading, and how likely tenfold is.

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "api/operation.h"

namespace rf::api {

struct EvaluateForecastInput {
  std::string series;
  std::string value;
  std::optional<std::string> holdout;
  std::optional<std::string> time;
};

struct ForecastView {
  std::int64_t days = 0;
  double value = 0;
  double low80 = 0;
  double high80 = 0;
  double low95 = 0;
  double high95 = 0;
};

struct NaiveForecast {
  double d = 0;
  std::optional<double> days30;
  std::optional<double> days90;
  std::optional<double> days365;
};

struct EvaluateForecastOutput {
  std::int64_t n = 0;
  std::string method;
  std::vector<ForecastView> forecasts;
  std::optional<NaiveForecast> naive;
  std::optional<double> chance_of_10x;
  std::vector<std::string> notes;
};

// Errors: corrupt, for a value below 0, a day that stands twice or more days than are read;
// those of read_data_table() and DataTable::column().
Result<EvaluateForecastOutput> evaluate_forecast(const EvaluateForecastInput& input,
                                                 Services& services);

}  // namespace rf::api

template <>
struct rf::Described<rf::api::EvaluateForecastInput> {
  using Self = rf::api::EvaluateForecastInput;
  static constexpr auto fields = std::tuple{
      field("series", &Self::series, "one row for each day: CSV, TSV or a workbook",
            {.required = true}),
      field("value", &Self::value, "the column of what the optimised spend brought, such as ROAS",
            {.required = true}),
      field("holdout", &Self::holdout,
            "the column of what the spend that is never optimised brought on the same day"),
      field("time", &Self::time, "the column of dates or numbers of days; else rows are days")};
};

template <>
struct rf::Described<rf::api::ForecastView> {
  using Self = rf::api::ForecastView;
  static constexpr auto fields = std::tuple{
      field("days", &Self::days, "after the last day of the series"),
      field("value", &Self::value, "as likely to be passed as not; with a hold-out, the ratio"),
      field("low80", &Self::low80, "the single day lies between low80 and high80 in 80 of 100"),
      field("high80", &Self::high80, "upper end"),
      field("low95", &Self::low95, "the same for 95 of 100"),
      field("high95", &Self::high95, "upper end")};
};

template <>
struct rf::Described<rf::api::NaiveForecast> {
  using Self = rf::api::NaiveForecast;
  static constexpr auto fields = std::tuple{
      field("d", &Self::d, "(last/first)^(1/days) - 1: two days' figures, no evidence"),
      field("days30", &Self::days30, "first (1 + d)^30; null beyond what a number can hold"),
      field("days90", &Self::days90, "first (1 + d)^90"),
      field("days365", &Self::days365, "first (1 + d)^365")};
};

template <>
struct rf::Described<rf::api::EvaluateForecastOutput> {
  using Self = rf::api::EvaluateForecastOutput;
  static constexpr auto fields = std::tuple{
      field("n", &Self::n, "days with a usable value"),
      field("method", &Self::method, "what was forecast, and how"),
      field("forecasts", &Self::forecasts, "30, 90 and 365 days ahead; empty without enough data"),
      field("naive", &Self::naive, "what carrying on two days' growth would say; naive"),
      field("chance_of_10x", &Self::chance_of_10x,
            "that the level is ten times its first day's in 365 days; null without enough data"),
      field("notes", &Self::notes, "what to know before these figures are believed")};
};
