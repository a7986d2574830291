#include "store/import/row_converter.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "store/import/row_class.h"
#include "store/import/text.h"

namespace rf::imports {
namespace {

constexpr std::int64_t kMicros = 1'000'000;
constexpr std::size_t kNameBytesMax = 2000;

bool may_be_negative(Metric metric) {
  return metric == Metric::conversion_value || metric == Metric::purchase_value;
}

__extension__ using Wide = __int128;

// a * b / c, rounded half away from zero; nothing when it does not fit.
std::optional<std::int64_t> scaled(std::int64_t a, std::int64_t b, std::int64_t c) {
  const Wide product = static_cast<Wide>(a) * b;
  const Wide half = product < 0 ? -(c / 2) : c / 2;
  const Wide result = (product + half) / c;
  if (result > std::numeric_limits<std::int64_t>::max() / 2 || result < 0) return std::nullopt;
  return static_cast<std::int64_t>(result);
}

// "0:07", "00:01:05": seconds in millionths.
std::optional<std::int64_t> seconds_of(std::string_view text) {
  if (text.find(':') == std::string_view::npos || text.size() > 12) return std::nullopt;
  std::int64_t total = 0;
  std::int64_t part = 0;
  for (char c : text) {
    if (c == ':') {
      total = (total + part) * 60;
      part = 0;
    } else if (c >= '0' && c <= '9') {
      part = part * 10 + (c - '0');
    } else {
      return std::nullopt;
    }
  }
  return (total + part) * kMicros;
}

// "act_12" of Meta and "123-456-7890" of Google are 12 and 1234567890 everywhere else.
std::string plain_account_id(std::string_view id) {
  if (id.starts_with("act_")) id.remove_prefix(4);
  std::string out;
  clean_name(id, out);
  if (out.find_first_not_of("0123456789-") == std::string::npos) std::erase(out, '-');
  return out;
}

}  // namespace

Result<RowConverter> RowConverter::make(const Layout& layout, const Survey& survey,
                                        const AccountDefaults& defaults) {
  RowConverter converter(layout, survey);
  converter.defaults_ = defaults;
  if (!defaults.currency.empty()) RF_TRY(Currency::parse(defaults.currency));
  if (!defaults.time_zone.empty()) RF_TRY(TimeZone::parse(defaults.time_zone));
  converter.out_.entity.level = layout.level;
  converter.out_.grain = layout.grain;
  converter.out_.breakdown_kind = layout.breakdown_kind;
  converter.events_.resize(layout.events.size());
  return converter;
}

RowConverter::Fault RowConverter::fault(const TableRow& row, int column,
                                        std::string_view reason) const {
  Refusal refusal{.line = row.line, .column = "", .value = "", .reason = std::string(reason)};
  if (column >= 0 && static_cast<std::size_t>(column) < layout_->headers.size())
    refusal.column = layout_->headers[static_cast<std::size_t>(column)];
  refusal.value = cell_text(row, column).substr(0, 200);
  return refusal;
}

RowConverter::Fault RowConverter::convert(const TableRow& row) {
  out_.line = row.line;
  out_.counts = Counts();
  out_.conversion_event.clear();
  if (Fault wrong = set_account(row)) return wrong;
  if (Fault wrong = set_day(row)) return wrong;
  if (Fault wrong = set_entity(row)) return wrong;
  if (Fault wrong = set_breakdown(row)) return wrong;
  if (Fault wrong = set_metrics(row)) return wrong;
  if (Fault wrong = set_events(row)) return wrong;
  return std::nullopt;
}

RowConverter::Fault RowConverter::set_account(const TableRow& row) {
  key_scratch_.clear();
  for (Role role : {Role::account_id, Role::currency, Role::time_zone}) {
    if (!layout_->has(role)) continue;
    key_scratch_ += cell_text(row, layout_->column(role));
    key_scratch_ += '\x1f';
  }
  if (account_ != nullptr && key_scratch_ == account_key_) return std::nullopt;
  auto known = accounts_.find(key_scratch_);
  if (known == accounts_.end()) {
    if (Fault wrong = make_account(row)) return wrong;
    known = accounts_.find(key_scratch_);
  }
  account_ = &known->second;
  account_key_ = key_scratch_;
  return std::nullopt;
}

RowConverter::Fault RowConverter::make_account(const TableRow& row) {
  Account account;
  account.platform = layout_->platform;
  std::string_view code = cell_text(row, layout_->column(Role::currency));
  if (is_blank(code)) code = layout_->currency.empty() ? defaults_.currency : layout_->currency;
  Result<Currency> currency = Currency::parse(code.empty() ? "XXX" : code);
  if (!currency) return fault(row, layout_->column(Role::currency), currency.error().message);
  if (code.empty() && layout_->has(Metric::spend))
    return fault(row, layout_->column(Role::currency), "the row has no currency");
  account.currency = *currency;
  std::string_view zone = cell_text(row, layout_->column(Role::time_zone));
  if (is_blank(zone)) zone = layout_->time_zone.empty() ? defaults_.time_zone : layout_->time_zone;
  Result<TimeZone> parsed = TimeZone::parse(zone.empty() ? "UTC" : zone);
  if (!parsed) return fault(row, layout_->column(Role::time_zone), parsed.error().message);
  account.zone = *parsed;
  std::string id = plain_account_id(cell_text(row, layout_->column(Role::account_id)));
  if (is_blank(id)) id = defaults_.account.empty() ? layout_->account : defaults_.account;
  if (id.empty()) {
    id = "default";
    // Rows of one manager's file may be in several currencies, and an account has one.
    if (survey_->currencies.size() > 1) id += fmt::format("-{}", account.currency.code());
  }
  const std::string prefix = fmt::format("{}:", to_string(layout_->platform));
  account.id.text = id.starts_with(prefix) ? id : prefix + id;
  clean_name(cell_text(row, layout_->column(Role::account_name)), account.name);
  accounts_.emplace(key_scratch_, std::move(account));
  return std::nullopt;
}

RowConverter::Fault RowConverter::set_day(const TableRow& row) {
  if (layout_->grain == Grain::total) return std::nullopt;
  const int column =
      layout_->has(Role::day) ? layout_->column(Role::day) : layout_->column(Role::reporting_start);
  if (column == kAbsent) {
    out_.day = layout_->title_day.value_or(kNoDay);
    return std::nullopt;
  }
  const DateReading reading = parse_date(cell_text(row, column), survey_->order);
  if (reading.kind == DateReading::Kind::bad) return fault(row, column, reading.reason);
  if (reading.kind == DateReading::Kind::none) return fault(row, column, "the row has no day");
  out_.day = reading.day;
  return std::nullopt;
}

RowConverter::Fault RowConverter::set_text(const TableRow& row, Role role,
                                           const std::string& constant, std::string& out) {
  if (!layout_->has(role)) {
    out = constant;
    return std::nullopt;
  }
  std::string_view text = cell_text(row, layout_->column(role));
  if (text == out) return std::nullopt;
  if (text.size() > kNameBytesMax) return fault(row, layout_->column(role), "the name is too long");
  if (!is_utf8(text)) {
    return fault(row, layout_->column(role),
                 "the name is not UTF-8; save the file as 'CSV UTF-8'");
  }
  clean_name(is_blank(text) ? "" : text, out);
  return std::nullopt;
}

RowConverter::Fault RowConverter::set_entity(const TableRow& row) {
  Entity& entity = out_.entity;
  const Entity& fixed = layout_->constants;
  if (Fault wrong = set_text(row, Role::campaign_id, fixed.campaign_id, entity.campaign_id)) return wrong;
  if (Fault wrong = set_text(row, Role::campaign_name, fixed.campaign_name, entity.campaign_name))
    return wrong;
  if (layout_->level >= Level::adset) {
    if (Fault wrong = set_text(row, Role::adset_id, fixed.adset_id, entity.adset_id)) return wrong;
    if (Fault wrong = set_text(row, Role::adset_name, fixed.adset_name, entity.adset_name)) return wrong;
  }
  if (layout_->level >= Level::ad) {
    if (Fault wrong = set_text(row, Role::ad_id, fixed.ad_id, entity.ad_id)) return wrong;
    if (Fault wrong = set_text(row, Role::ad_name, fixed.ad_name, entity.ad_name)) return wrong;
    if (entity.ad_name.empty()) return set_text(row, Role::ad_stand_in, "", entity.ad_name);
  }
  return std::nullopt;
}

RowConverter::Fault RowConverter::set_breakdown(const TableRow& row) {
  out_.breakdown.clear();
  for (const BreakdownColumn& each : layout_->breakdowns) {
    std::string_view text = cell_text(row, each.column);
    if (!is_utf8(text)) return fault(row, each.column, "not UTF-8; save the file as 'CSV UTF-8'");
    clean_name(text, name_scratch_);
    if (&each != layout_->breakdowns.data()) out_.breakdown += ',';
    out_.breakdown += name_scratch_;
  }
  const std::uint32_t attribution =
      words_.number_of(cell_text(row, layout_->column(Role::attribution)));
  const std::string& words = words_.word(attribution);
  out_.attribution = attribution == Words::kNone ? layout_->attribution : words;
  return std::nullopt;
}

RowConverter::Fault RowConverter::read(const TableRow& row, int column,
                                       std::optional<std::int64_t>& out) {
  out.reset();
  if (column < 0 || static_cast<std::size_t>(column) >= row.cells.size()) return std::nullopt;
  const Cell& cell = row.cells[static_cast<std::size_t>(column)];
  if (cell.text.empty()) return std::nullopt;
  const bool exact = cell.kind == CellKind::number;
  const NumberReading reading = parse_number(cell.text, exact ? DecimalMark::point : survey_->mark);
  switch (reading.kind) {
    case NumberReading::Kind::value: out = reading.micros; break;
    case NumberReading::Kind::masked: ++masked_; break;
    case NumberReading::Kind::blank: break;
    case NumberReading::Kind::bad: return fault(row, column, reading.reason);
  }
  return std::nullopt;
}

RowConverter::Fault RowConverter::set_metrics(const TableRow& row) {
  average_.reset();
  quartile_rates_.clear();
  for (const MetricColumn& column : layout_->metrics) {
    if (Fault wrong = set_metric(row, column)) return wrong;
  }
  set_derived();
  return std::nullopt;
}

RowConverter::Fault RowConverter::set_metric(const TableRow& row, const MetricColumn& column) {
  std::optional<std::int64_t> value;
  if (column.how == Role::average_time) {
    value = seconds_of(cell_text(row, column.column));
    if (!value) {
      if (Fault wrong = read(row, column.column, value)) return wrong;
    }
    average_ = value;
    return std::nullopt;
  }
  if (Fault wrong = read(row, column.column, value)) return wrong;
  if (!value) return std::nullopt;
  if (*value < 0 && !may_be_negative(column.metric))
    return fault(row, column.column, "is negative");
  if (column.how == Role::quartile_rate) {
    quartile_rates_.emplace_back(column.metric, *value);
    return std::nullopt;
  }
  if (info_of(column.metric).unit == MetricUnit::count) {
    if (*value % kMicros != 0) return fault(row, column.column, "is not a whole number");
    *value /= kMicros;
  }
  out_.counts.set(column.metric, *value);
  return std::nullopt;
}

// Source: Google Ads API, metrics.video_quartile_p25_rate: "percentage of impressions where the
// viewer watched 25 % of your video"; average play time is per play on Meta and TikTok.
void RowConverter::set_derived() {
  Counts& counts = out_.counts;
  const bool shown = counts.has(Metric::impressions);
  for (const auto& [metric, percent] : quartile_rates_) {
    const std::int64_t base = counts.or_zero(shown ? Metric::impressions : Metric::views);
    if (!shown && !counts.has(Metric::views)) continue;
    if (auto plays = scaled(percent, base, 100 * kMicros)) counts.set(metric, *plays);
  }
  if (average_ && counts.has(Metric::video_plays)) {
    auto watched = scaled(*average_, counts.or_zero(Metric::video_plays), kMicros / 1000);
    if (watched) counts.set(Metric::watch_time_ms, *watched);
  }
}

RowConverter::Fault RowConverter::set_events(const TableRow& row) {
  for (std::size_t i = 0; i < events_.size(); ++i) {
    const int column = layout_->events[i].column;
    if (Fault wrong = read(row, column, events_[i])) return wrong;
    if (events_[i] && *events_[i] < 0) return fault(row, column, "is negative");
  }
  return set_chosen(row);
}

std::uint32_t RowConverter::indicator_of(const TableRow& row) {
  const std::uint32_t own = words_.number_of(cell_text(row, layout_->column(Role::indicator)));
  if (own != Words::kNone) return own;
  const std::uint32_t other = survey_->indicator_of.find(entity_key(*layout_, row));
  return other == Words::kNone ? Words::kNone : words_.number_of(survey_->indicators.word(other));
}

// Results count different things in different rows: they stay apart under their own event.
RowConverter::Fault RowConverter::set_chosen(const TableRow& row) {
  const ChosenEvent& chosen = survey_->event;
  const bool mixed = survey_->indicators.count() > 1;
  if (chosen.kind != EventKind::results) {
    if (mixed) out_.counts.clear(Metric::results);
    if (chosen.kind == EventKind::none) return std::nullopt;
    const EventColumn& event = layout_->events[chosen.index];
    out_.conversion_event = event.name;
    if (!events_[chosen.index]) return std::nullopt;
    return set_conversions(row, event, *events_[chosen.index]);
  }
  const std::string& indicator = words_.word(indicator_of(row));
  const bool counts = chosen.only_indicator.empty() ? is_conversion(indicator)
                                                    : indicator == chosen.only_indicator;
  if (!counts) {
    if (mixed) out_.counts.clear(Metric::results);
    return std::nullopt;
  }
  const EventColumn& event = layout_->events[chosen.index];
  out_.conversion_event.assign("results:").append(indicator);
  if (!events_[chosen.index]) return std::nullopt;
  return set_conversions(row, event, *events_[chosen.index]);
}

RowConverter::Fault RowConverter::set_conversions(const TableRow& row, const EventColumn& event,
                                                  std::int64_t count) {
  out_.counts.set(Metric::conversions, count);
  if (event.value_column == kAbsent) return std::nullopt;
  std::optional<std::int64_t> value;
  if (Fault wrong = read(row, event.value_column, value)) return wrong;
  if (value) out_.counts.set(Metric::conversion_value, *value);
  return std::nullopt;
}

std::optional<std::int64_t> RowConverter::total_of(const TableRow& row, Metric metric) const {
  auto column = std::ranges::find(layout_->metrics, metric, &MetricColumn::metric);
  if (column == layout_->metrics.end()) return std::nullopt;
  const auto index = static_cast<std::size_t>(column->column);
  if (index >= row.cells.size()) return std::nullopt;
  const bool exact = row.cells[index].kind == CellKind::number;
  const NumberReading reading =
      parse_number(row.cells[index].text, exact ? DecimalMark::point : survey_->mark);
  if (reading.kind != NumberReading::Kind::value) return std::nullopt;
  return reading.micros;
}

}  // namespace rf::imports
