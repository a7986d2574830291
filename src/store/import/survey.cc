#include "store/import/survey.h"

#include <algorithm>
#include <functional>
#include <string_view>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "store/import/refusals.h"
#include "store/import/row_class.h"
#include "store/import/text.h"

namespace rf::imports {
namespace {

constexpr std::size_t kWordsMax = 4096;
constexpr std::size_t kEntitiesMax = 4'000'000;
constexpr std::int64_t kRowsBetweenReports = 8192;

bool is_whole(Metric metric) {
  return metric == Metric::impressions || metric == Metric::reach || metric == Metric::clicks_all ||
         metric == Metric::link_clicks;
}

struct NumberColumn {
  int column = kAbsent;
  bool whole = false;
};

std::vector<NumberColumn> number_columns(const Layout& layout) {
  std::vector<NumberColumn> columns;
  for (const MetricColumn& each : layout.metrics) {
    if (each.how != Role::average_time) columns.push_back({each.column, is_whole(each.metric)});
  }
  for (const EventColumn& event : layout.events) {
    columns.push_back({event.column, false});
    if (event.value_column != kAbsent) columns.push_back({event.value_column, false});
  }
  std::ranges::sort(columns, {}, &NumberColumn::column);
  const auto same = [](const NumberColumn& a, const NumberColumn& b) {
    return a.column == b.column;
  };
  columns.erase(std::unique(columns.begin(), columns.end(), same), columns.end());
  return columns;
}

// What the language of the headers and the delimiter suggest of the decimal mark.
DecimalMark hint_of(const Layout& layout) {
  constexpr auto kCommaLocales = std::to_array<std::string_view>({"de", "fr", "es", "pt-BR", "hu"});
  if (layout.delimiter == ';') return DecimalMark::comma;
  if (std::ranges::find(kCommaLocales, layout.locale) != kCommaLocales.end())
    return DecimalMark::comma;
  return layout.platform == Platform::plain ? DecimalMark::undecided : DecimalMark::point;
}

// "1.2023E+17": digits that are gone.
bool is_rounded_id(std::string_view text) {
  const std::size_t e = text.find_first_of("eE");
  if (e == std::string_view::npos || e == 0 || e + 2 >= text.size() || text[e + 1] != '+')
    return false;
  return text.find_first_not_of("0123456789.,eE+") == std::string_view::npos;
}

struct EventSeen {
  bool reported = false;
  bool nonzero = false;
};

class Surveyor {
 public:
  Surveyor(const Layout& layout, const SurveyOptions& options)
      : layout_(layout),
        options_(options),
        numbers_(number_columns(layout)),
        events_(layout.events.size()) {}

  Status see(const TableRow& row) {
    see_numbers(row);
    if (classify(layout_, row) != RowClass::entity) return {};
    ++survey_.rows;
    RF_TRY(see_ids(row));
    see_dates(row);
    see_events(row);
    const std::uint32_t currency =
        currencies_.number_of(cell_text(row, layout_.column(Role::currency)));
    if (currency != Words::kNone) survey_.currencies.insert(currencies_.word(currency));
    return {};
  }

  Result<Survey> finish() {
    const Platform platform = layout_.platform;
    if (survey_.rows == 0) return refuse_headers_only(fmt::format("{}", layout_.header_line));
    RF_TRY(decide_days());
    survey_.mark = layout_.mark;
    if (survey_.mark == DecimalMark::undecided) {
      Result<DecimalMark> mark = marks_.decide(hint_of(layout_));
      if (!mark) return refuse_numbers(platform, mark.error());
      survey_.mark = *mark;
    }
    const bool has_currency = !survey_.currencies.empty() || !layout_.currency.empty();
    if (!has_currency && options_.currency.empty() && layout_.has(Metric::spend))
      return refuse_no_currency(platform);
    RF_TRY(choose_event());
    return std::move(survey_);
  }

 private:
  void see_numbers(const TableRow& row) {
    if (layout_.mark != DecimalMark::undecided) return;
    for (const NumberColumn& each : numbers_) {
      const auto column = static_cast<std::size_t>(each.column);
      if (column >= row.cells.size() || row.cells[column].kind == CellKind::number) continue;
      marks_.see(row.cells[column].text, each.whole, row.line);
    }
  }

  Status see_ids(const TableRow& row) {
    for (Role role : {Role::campaign_id, Role::adset_id, Role::ad_id, Role::account_id}) {
      std::string_view text = cell_text(row, layout_.column(role));
      if (!is_rounded_id(text)) continue;
      const auto column = static_cast<std::size_t>(layout_.column(role));
      return refuse_broken_ids(layout_.headers[column], text, fmt::format("{}", row.line));
    }
    return {};
  }

  void see_dates(const TableRow& row) {
    if (layout_.has(Role::day)) {
      dates_.see(cell_text(row, layout_.column(Role::day)), row.line);
      return;
    }
    std::string_view start = cell_text(row, layout_.column(Role::reporting_start));
    std::string_view end = cell_text(row, layout_.column(Role::reporting_end));
    dates_.see(start, row.line);
    dates_.see(end, row.line);
    if (period_.empty() && start != end)
      period_ = fmt::format("line {}: from {} to {}", row.line, start, end);
  }

  void see_events(const TableRow& row) {
    for (std::size_t i = 0; i < layout_.events.size(); ++i) {
      EventSeen& seen = events_[i];
      if (seen.nonzero) continue;
      std::string_view text = cell_text(row, layout_.events[i].column);
      if (is_blank(text)) continue;
      seen.reported = true;
      seen.nonzero = text.find_first_of("123456789") != std::string_view::npos;
    }
    if (!layout_.has(Role::indicator)) return;
    const std::uint32_t word =
        survey_.indicators.number_of(cell_text(row, layout_.column(Role::indicator)));
    if (word != Words::kNone) survey_.indicator_of.note(entity_key(layout_, row), word);
  }

  Status decide_days() {
    const Platform platform = layout_.platform;
    if (layout_.grain == Grain::total) return {};
    const bool ranged = layout_.has(Role::reporting_start) && layout_.has(Role::reporting_end);
    if (!layout_.has(Role::day) && !ranged && !layout_.title_day) {
      if (!layout_.has(Role::period)) return refuse_period(platform, "it has no column of days");
      const auto column = static_cast<std::size_t>(layout_.column(Role::period));
      return refuse_period(platform, fmt::format("by '{}'", layout_.headers[column]));
    }
    survey_.order = layout_.order;
    if (survey_.order == DateOrder::undecided) {
      Result<DateOrder> order = dates_.decide();
      if (!order) return refuse_dates(platform, order.error());
      survey_.order = *order;
    }
    if (!layout_.has(Role::day) && ranged && !period_.empty())
      return refuse_period(platform, period_);
    return {};
  }

  bool any_conversion_indicator() const {
    for (std::uint32_t i = 1; i <= survey_.indicators.count(); ++i) {
      if (is_conversion(survey_.indicators.word(i))) return true;
    }
    return false;
  }

  // An event that happened at all comes before one that is only reported as zero.
  Status choose_event() {
    if (!options_.conversion.empty()) return choose_asked();
    for (const bool nonzero : {true, false}) {
      for (std::size_t i = 0; i < events_.size(); ++i) {
        const EventColumn& event = layout_.events[i];
        const bool results = event.name == "results";
        const bool seen = nonzero ? events_[i].nonzero : events_[i].reported;
        if (!event.by_default || !seen || (results && !any_conversion_indicator())) continue;
        survey_.event = {results ? EventKind::results : EventKind::column, i};
        return {};
      }
    }
    return {};
  }

  Status choose_asked() {
    constexpr std::string_view kOneKind = "results:";
    const bool one = options_.conversion.starts_with(kOneKind);
    const std::string name = one ? "results" : options_.conversion;
    for (std::size_t i = 0; i < layout_.events.size(); ++i) {
      if (layout_.events[i].name != name) continue;
      const bool results = name == "results" && layout_.has(Role::indicator);
      survey_.event = {results ? EventKind::results : EventKind::column, i,
                       one ? options_.conversion.substr(kOneKind.size()) : ""};
      return {};
    }
    std::vector<std::string> names;
    for (const EventColumn& event : layout_.events) names.push_back(event.name);
    return fail(ErrorCode::invalid,
                fmt::format("has no conversions called '{}'; it has: {}", options_.conversion,
                            names.empty() ? "none" : fmt::format("{}", fmt::join(names, ", "))));
  }

  const Layout& layout_;
  const SurveyOptions& options_;
  std::vector<NumberColumn> numbers_;
  std::vector<EventSeen> events_;
  NumberSurvey marks_;
  DateSurvey dates_;
  Words currencies_;
  std::string period_;
  Survey survey_;
};

}  // namespace

std::uint32_t Words::number_of(std::string_view word) {
  if (is_blank(word)) return kNone;
  if (word == last_) return last_number_;
  auto found = numbers_.find(std::string(word));
  if (found == numbers_.end()) {
    if (words_.size() > kWordsMax) return kNone;
    std::string clean;
    clean_name(word, clean);
    words_.push_back(std::move(clean));
    found = numbers_.emplace(word, static_cast<std::uint32_t>(words_.size() - 1)).first;
  }
  last_ = word;
  last_number_ = found->second;
  return last_number_;
}

void IndicatorOf::note(std::uint64_t entity, std::uint32_t indicator) {
  if (map_.size() < kEntitiesMax) map_.emplace(entity, indicator);
}

std::uint32_t IndicatorOf::find(std::uint64_t entity) const {
  auto found = map_.find(entity);
  return found == map_.end() ? Words::kNone : found->second;
}

std::uint64_t entity_key(const Layout& layout, const TableRow& row) {
  std::uint64_t key = 0;
  const auto mix = [&](Role role) {
    const std::size_t hash = std::hash<std::string_view>()(cell_text(row, layout.column(role)));
    key = (key ^ hash) * 0x9E3779B97F4A7C15U;
  };
  for (Role role : {Role::campaign_id, Role::campaign_name, Role::adset_id, Role::adset_name,
                    Role::ad_id, Role::ad_name}) {
    if (layout.has(role)) mix(role);
  }
  return key;
}

Status keep_informed(Progress& progress, std::string_view what, const TableReader& reader,
                     std::int64_t rows) {
  if (rows % kRowsBetweenReports != 0) return {};
  if (progress.cancelled())
    return fail(ErrorCode::conflict, "the import was stopped; nothing was kept");
  progress.report(what, reader.bytes_done(), reader.bytes_total());
  return {};
}

Result<Survey> survey_table(TableReader& reader, const Layout& layout, const SurveyOptions& options,
                            Progress& progress) {
  Surveyor surveyor(layout, options);
  TableRow row;
  std::int64_t seen = 0;
  for (;;) {
    const bool more = RF_TRY(reader.next(row));
    if (!more) break;
    if (row.line <= layout.header_line) continue;
    RF_TRY(surveyor.see(row));
    RF_TRY(keep_informed(progress, "survey", reader, seen++));
  }
  return surveyor.finish();
}

}  // namespace rf::imports
