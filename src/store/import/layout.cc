#include "store/import/layout.h"

#include <algorithm>
#include <map>
#include <set>
#include <string_view>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "store/import/refusals.h"
#include "store/import/text.h"

namespace rf::imports {
namespace {

// Report titles take two or three lines; ten leaves room for what people type above a table.
constexpr std::size_t kHeaderLinesMax = 15;
constexpr std::size_t kRecognisedMin = 2;

struct HeadRow {
  std::int64_t line = 0;
  std::vector<std::string> cells;
};

Result<std::vector<HeadRow>> read_head(TableReader& reader, std::size_t count) {
  std::vector<HeadRow> rows;
  TableRow row;
  while (rows.size() < count) {
    const bool more = RF_TRY(reader.next(row));
    if (!more) break;
    HeadRow head{.line = row.line, .cells = {}};
    for (const Cell& cell : row.cells) head.cells.emplace_back(trim(cell.text));
    rows.push_back(std::move(head));
  }
  return rows;
}

struct Match {
  Platform platform = Platform::plain;
  std::size_t row = 0;
  std::size_t recognised = 0;
  bool has_spend = false;

  bool better_than(const Match& other) const {
    return std::pair(recognised, has_spend) > std::pair(other.recognised, other.has_spend);
  }
};

Match match_row(Platform platform, const HeadRow& head, std::size_t row) {
  Match match{.platform = platform, .row = row, .recognised = 0, .has_spend = false};
  std::set<std::string_view> seen;
  for (const std::string& cell : head.cells) {
    std::optional<FoundColumn> found = find_column(platform, cell);
    if (!found || !seen.insert(found->alias->header).second) continue;
    ++match.recognised;
    match.has_spend |= found->alias->canonical == "spend";
  }
  return match;
}

Match best_match(const std::vector<HeadRow>& rows) {
  Match best;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    for (Platform platform : {Platform::meta, Platform::tiktok, Platform::google}) {
      Match match = match_row(platform, rows[i], i);
      if (match.better_than(best)) best = match;
    }
  }
  return best;
}

// The one day that the title lines name: "May 13, 2026 - May 13, 2026".
std::optional<Day> single_day_of(const HeadRow& title) {
  for (const std::string& cell : title.cells) {
    std::string_view text = cell;
    std::string_view last = text;
    for (std::string_view dash : {" - ", " \xE2\x80\x93 "}) {
      const std::size_t at = text.find(dash);
      if (at == std::string_view::npos) continue;
      last = text.substr(at + dash.size());
      text = text.substr(0, at);
      break;
    }
    DateSurvey survey;
    survey.see(text, 1);
    if (!survey.decide()) continue;
    const DateReading from = parse_date(text, DateOrder::day_first);
    const DateReading to = parse_date(last, DateOrder::day_first);
    const bool days = from.kind == DateReading::Kind::day && to.kind == DateReading::Kind::day;
    if (days && from.day == to.day) return from.day;
  }
  return std::nullopt;
}

// Gathers the columns; where several mean the same, the lowest rank wins, then the first.
class LayoutBuilder {
 public:
  explicit LayoutBuilder(Layout& layout) : layout_(layout) { layout_.at.fill(kAbsent); }

  void add(const FoundColumn& found, int column) {
    const ColumnMeaning meaning = meaning_of(layout_.platform, found.alias->canonical);
    note_locale(*found.alias);
    if (!found.currency.empty() && meaning.canonical == "spend") {
      if (layout_.currency.empty()) layout_.currency = found.currency;
      spend_codes_.insert(found.currency);
    } else if (!found.currency.empty()) {
      other_code_ = found.currency;
    }
    columns_.emplace(std::string(meaning.canonical), column);
    add_event(*found.alias, column);
    switch (meaning.role) {
      case Role::metric:
      case Role::quartile_rate:
      case Role::average_time: return add_metric(meaning, column);
      case Role::breakdown: return add_breakdown(meaning, column);
      case Role::other:
      case Role::event: return;
      default: return add_role(meaning, column);
    }
  }

  Status finish() {
    if (spend_codes_.size() > 1) {
      return fail(ErrorCode::invalid,
                  fmt::format("has spend in several currencies side by side ({}); export the "
                              "accounts one by one",
                              fmt::join(spend_codes_, ", ")));
    }
    if (layout_.currency.empty()) layout_.currency = other_code_;
    std::ranges::sort(layout_.breakdowns, {}, &BreakdownColumn::kind);
    std::vector<std::string_view> kinds;
    for (const BreakdownColumn& each : layout_.breakdowns) kinds.push_back(each.kind);
    layout_.breakdown_kind = fmt::format("{}", fmt::join(kinds, ","));
    finish_events();
    finish_locale();
    return {};
  }

 private:
  void note_locale(const ColumnAlias& alias) {
    for (std::size_t start = 0; start < alias.locale.size();) {
      const std::size_t end = std::min(alias.locale.find('/', start), alias.locale.size());
      ++locales_[std::string(alias.locale.substr(start, end - start))];
      start = end + 1;
    }
  }

  void add_role(const ColumnMeaning& meaning, int column) {
    const auto index = static_cast<std::size_t>(meaning.role);
    if (layout_.at[index] != kAbsent && rank_[index] <= meaning.rank) return;
    layout_.at[index] = column;
    rank_[index] = meaning.rank;
  }

  void add_metric(const ColumnMeaning& meaning, int column) {
    // Conversions and their value are set by the chosen event alone.
    if (meaning.metric == Metric::conversions || meaning.metric == Metric::conversion_value) return;
    if (layout_.platform == Platform::tiktok && meaning.canonical == "results" &&
        fold_header(layout_.headers[static_cast<std::size_t>(column)]) == "conversions")
      return;
    auto [rank, is_new] = metric_rank_.emplace(meaning.metric, meaning.rank);
    if (is_new) {
      layout_.metrics.push_back({meaning.metric, meaning.role, column});
    } else if (meaning.rank < rank->second) {
      rank->second = meaning.rank;
      auto old = std::ranges::find(layout_.metrics, meaning.metric, &MetricColumn::metric);
      *old = {meaning.metric, meaning.role, column};
    }
  }

  void add_breakdown(const ColumnMeaning& meaning, int column) {
    const bool known = std::ranges::any_of(layout_.breakdowns, [&](const BreakdownColumn& each) {
      return each.kind == meaning.canonical;
    });
    if (!known) layout_.breakdowns.push_back({std::string(meaning.canonical), column});
  }

  void add_event(const ColumnAlias& alias, int column) {
    std::string_view name = event_name(layout_.platform, alias.canonical);
    if (alias.header == "Results") name = "results";
    const bool known = std::ranges::any_of(
        layout_.events, [&](const EventColumn& each) { return each.name == name; });
    if (!name.empty() && !known) layout_.events.push_back({std::string(name), column});
  }

  int column_named(std::string_view canonical) const {
    auto found = columns_.find(canonical);
    return found == columns_.end() ? kAbsent : found->second;
  }

  // Which of the columns are taken unasked, in which order, and what their value is.
  void finish_events() {
    using Names = std::vector<std::string_view>;
    const Names order = layout_.platform == Platform::meta
                            ? Names{"purchases",     "website_purchases", "leads",
                                    "website_leads", "meta_leads",        "results"}
                            : Names{"conversions", "purchases"};
    const auto place = [&](const EventColumn& event) {
      return std::ranges::find(order, event.name) - order.begin();
    };
    std::ranges::stable_sort(layout_.events, {}, place);
    int purchase_value = column_named("purchase_value");
    if (purchase_value == kAbsent) purchase_value = column_named("purchase_value_website");
    for (EventColumn& event : layout_.events) {
      event.by_default = static_cast<std::size_t>(place(event)) < order.size();
      if (event.name == "results") {
        event.value_column = column_named("result_value");
      } else if (event.name == "conversions" && layout_.platform == Platform::google) {
        event.value_column = column_named("conversion_value");
      } else if (event.name == "conversions" || event.name.ends_with("purchases")) {
        event.value_column = purchase_value;
      }
    }
  }

  void finish_locale() {
    int most = 0;
    for (const auto& [locale, count] : locales_) {
      // English wins ties: its words are in other languages' exports too.
      if (count > most || (count == most && locale == "en")) {
        layout_.locale = locale;
        most = count;
      }
    }
  }

  Layout& layout_;
  std::map<std::string, int> locales_;
  std::map<Metric, std::int8_t> metric_rank_;
  std::array<std::int8_t, static_cast<std::size_t>(Role::value_indicator) + 1> rank_{};
  std::map<std::string, int, std::less<>> columns_;
  std::set<std::string> spend_codes_;
  std::string other_code_;
};

bool find_level(Layout& layout) {
  const bool ad = layout.has(Role::ad_id) || layout.has(Role::ad_name);
  const bool adset = layout.has(Role::adset_id) || layout.has(Role::adset_name);
  if (ad || layout.has(Role::ad_stand_in)) {
    layout.level = Level::ad;
  } else if (adset) {
    layout.level = Level::adset;
  } else {
    layout.level = Level::campaign;
    return layout.has(Role::campaign_id) || layout.has(Role::campaign_name);
  }
  return true;
}

bool is_kag(const HeadRow& head) {
  return fmt::format("{}", fmt::join(head.cells, ",")) == kKagHeader;
}

Result<int> column_of(const HeadRow& head, const std::string& header, std::string_view path) {
  const std::string wanted = fold_header(header);
  for (std::size_t i = 0; i < head.cells.size(); ++i) {
    if (fold_header(head.cells[i]) == wanted) return static_cast<int>(i);
  }
  return fail(ErrorCode::invalid, fmt::format("mapping.{}: the file has no column '{}'; found: {}",
                                              path, header, fmt::join(head.cells, ", ")));
}

Role role_named(std::string_view name) {
  constexpr auto kRoles =
      std::to_array<std::pair<std::string_view, Role>>({{"day", Role::day},
                                                        {"account_id", Role::account_id},
                                                        {"account_name", Role::account_name},
                                                        {"currency", Role::currency},
                                                        {"time_zone", Role::time_zone},
                                                        {"campaign_id", Role::campaign_id},
                                                        {"campaign_name", Role::campaign_name},
                                                        {"adset_id", Role::adset_id},
                                                        {"adset_name", Role::adset_name},
                                                        {"ad_id", Role::ad_id},
                                                        {"ad_name", Role::ad_name},
                                                        {"attribution", Role::attribution}});
  for (const auto& [each, role] : kRoles) {
    if (each == name) return role;
  }
  return Role::other;
}

// The first row that holds every header the mapping names, or the one it says.
Result<std::size_t> mapped_header(const std::vector<HeadRow>& rows, const Mapping& mapping) {
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (mapping.header_line && rows[i].line != *mapping.header_line) continue;
    if (mapping.header_line) return i;
    const bool whole = std::ranges::all_of(mapping.columns, [&](const auto& each) {
      return column_of(rows[i], each.second, "").has_value();
    });
    if (whole) return i;
  }
  if (mapping.header_line || rows.empty())
    return fail(ErrorCode::invalid, "mapping.header_line: the file has no such line");
  return std::size_t{0};
}

template <typename Value>
Value value_named(std::string_view name,
                  std::initializer_list<std::pair<std::string_view, Value>> all) {
  for (const auto& [each, value] : all) {
    if (each == name) return value;
  }
  return all.begin()->second;
}

void set_constants(Layout& layout, const Mapping& mapping) {
  const auto constant = [&](const char* name) {
    auto found = mapping.constants.find(name);
    return found == mapping.constants.end() ? std::string() : found->second;
  };
  layout.constants = {.campaign_id = constant("campaign_id"),
                      .campaign_name = constant("campaign_name"),
                      .adset_id = constant("adset_id"),
                      .adset_name = constant("adset_name"),
                      .ad_id = constant("ad_id"),
                      .ad_name = constant("ad_name")};
  layout.platform = value_named<Platform>(mapping.platform, {{"plain", Platform::plain},
                                                             {"meta", Platform::meta},
                                                             {"tiktok", Platform::tiktok},
                                                             {"google", Platform::google}});
  layout.level = value_named<Level>(
      mapping.level, {{"ad", Level::ad}, {"adset", Level::adset}, {"campaign", Level::campaign}});
  layout.grain = mapping.grain == "total" ? Grain::total : Grain::day;
  layout.account = mapping.account;
  layout.currency = mapping.currency;
  layout.time_zone = mapping.time_zone;
  layout.attribution = mapping.attribution;
  layout.mark = value_named<DecimalMark>(
      mapping.decimal,
      {{"", DecimalMark::undecided}, {"point", DecimalMark::point}, {"comma", DecimalMark::comma}});
  layout.order = value_named<DateOrder>(
      mapping.date_order,
      {{"", DateOrder::undecided}, {"dmy", DateOrder::day_first}, {"mdy", DateOrder::month_first}});
}

Status set_mapped_columns(Layout& layout, const HeadRow& head, const Mapping& mapping) {
  int conversions = kAbsent;
  int value = kAbsent;
  for (const auto& [name, header] : mapping.columns) {
    const int column = RF_TRY(column_of(head, header, "columns." + name));
    const std::optional<Metric> metric = find_metric(name);
    if (!metric) {
      layout.at[static_cast<std::size_t>(role_named(name))] = column;
    } else if (*metric == Metric::conversions) {
      conversions = column;
    } else if (*metric == Metric::conversion_value) {
      value = column;
    } else {
      layout.metrics.push_back({*metric, Role::metric, column});
    }
  }
  for (const auto& [kind, header] : mapping.breakdowns) {
    const int column = RF_TRY(column_of(head, header, "breakdowns." + kind));
    layout.breakdowns.push_back({kind, column});
    layout.breakdown_kind += (layout.breakdown_kind.empty() ? "" : ",") + kind;
  }
  if (conversions != kAbsent) {
    const std::string& event = mapping.conversion_event;
    layout.events.push_back({event.empty() ? "conversions" : event, conversions, value, true});
  }
  return {};
}

Result<Layout> mapped_layout(const std::vector<HeadRow>& rows, const Mapping& mapping,
                             char delimiter) {
  const std::size_t row = RF_TRY(mapped_header(rows, mapping));
  Layout layout;
  layout.at.fill(kAbsent);
  layout.headers = rows[row].cells;
  layout.header_line = rows[row].line;
  layout.delimiter = delimiter;
  set_constants(layout, mapping);
  RF_TRY(set_mapped_columns(layout, rows[row], mapping));
  return layout;
}

}  // namespace

bool Layout::has(Metric metric) const {
  return std::ranges::any_of(metrics,
                             [&](const MetricColumn& each) { return each.metric == metric; });
}

Result<Layout> find_layout(TableReader& reader) {
  std::vector<HeadRow> rows = RF_TRY(read_head(reader, kHeaderLinesMax));
  if (!rows.empty() && is_kag(rows.front())) {
    Layout kag = RF_TRY(mapped_layout(rows, kag_mapping(), reader.delimiter()));
    kag.currency_optional = true;
    kag.notices.emplace_back("recognised as the public KAG data set: one row an ad, without days");
    return kag;
  }
  const Match match = best_match(rows);
  if (match.recognised < kRecognisedMin)
    return refuse_unknown(rows.empty() ? std::vector<std::string>() : rows.front().cells);
  const HeadRow& head = rows[match.row];
  Layout layout;
  layout.platform = match.platform;
  layout.header_line = head.line;
  layout.headers = head.cells;
  layout.delimiter = reader.delimiter();
  LayoutBuilder builder(layout);
  for (std::size_t i = 0; i < head.cells.size(); ++i) {
    if (std::optional<FoundColumn> found = find_column(layout.platform, head.cells[i])) {
      builder.add(*found, static_cast<int>(i));
    } else if (!head.cells[i].empty()) {
      layout.unknown.push_back(head.cells[i]);
    }
  }
  RF_TRY(builder.finish());
  for (std::size_t i = 0; i < match.row && !layout.title_day; ++i)
    layout.title_day = single_day_of(rows[i]);
  const bool counts =
      layout.has(Metric::spend) || (layout.platform == Platform::meta && !layout.metrics.empty());
  if (!find_level(layout) || !counts) return refuse_columns(layout.platform, head.cells);
  return layout;
}

Result<Layout> apply_mapping(TableReader& reader, const Mapping& mapping) {
  const auto lines = static_cast<std::size_t>(mapping.header_line.value_or(kHeaderLinesMax));
  std::vector<HeadRow> rows = RF_TRY(read_head(reader, std::max(lines, kHeaderLinesMax)));
  return mapped_layout(rows, mapping, reader.delimiter());
}

}  // namespace rf::imports
