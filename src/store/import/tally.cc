#include "store/import/tally.h"

#include <algorithm>

#include <fmt/format.h>

#include "store/import/text.h"

namespace rf::imports {
namespace {

constexpr std::size_t kDroppedShown = 50;
constexpr std::size_t kRefusedShown = 20;
constexpr std::size_t kIndicatorsMax = 256;

// Exact, with at least the currency's own digits and no more than are needed.
std::string exact_decimal(std::int64_t micros, Currency currency) {
  const bool negative = micros < 0;
  std::uint64_t size = static_cast<std::uint64_t>(micros);
  if (negative) size = 0 - size;
  const std::uint64_t unit = static_cast<std::uint64_t>(kMicrosPerUnit);
  std::string text = fmt::format("{}{}.{:06}", negative ? "-" : "", size / unit, size % unit);
  const std::size_t shortest = text.find('.') + 1 + static_cast<std::size_t>(currency.minor_digits());
  while (text.size() > shortest && text.back() == '0') text.pop_back();
  if (text.back() == '.') text.pop_back();
  return text;
}

std::optional<double> in_units(const Counts& counts, Metric metric) {
  std::optional<std::int64_t> value = counts.get(metric);
  if (!value) return std::nullopt;
  return as_number(metric, *value);
}

// Rounded to the minor unit, as a platform shows it.
std::string shown(std::int64_t micros, Currency currency) {
  return to_decimal({.micros = micros, .currency = currency});
}

}  // namespace

void Tally::add_up(std::int64_t& sum, std::int64_t value) {
  if (__builtin_add_overflow(sum, value, &sum)) {
    sum = 0;
    fits_ = false;
  }
}

void Tally::add_metrics(const Counts& row) {
  for (const MetricInfo& info : all_metrics()) {
    if (!info.additive || !row.has(info.metric)) continue;
    std::int64_t sum = sums_.or_zero(info.metric);
    add_up(sum, row.or_zero(info.metric));
    sums_.set(info.metric, sum);
  }
}

void Tally::add(const RowConverter& converter, const TableRow& row) {
  const MetricRow& made = converter.row();
  ++rows_;
  masked_ = converter.masked();
  add_metrics(made.counts);
  for (std::size_t i = 0; i < event_sums_.size(); ++i)
    add_up(event_sums_[i], converter.events()[i].value_or(0));
  if (layout_->has(Role::indicator)) {
    auto results = std::ranges::find(layout_->events, "results", &EventColumn::name);
    const auto index = static_cast<std::size_t>(results - layout_->events.begin());
    if (index < event_sums_.size() && converter.events()[index] &&
        indicator_sums_.size() < kIndicatorsMax) {
      const std::string indicator(cell_text(row, layout_->column(Role::indicator)));
      add_up(indicator_sums_[indicator], *converter.events()[index]);
    }
  }
  if (&converter.account() != last_account_) note_account(converter.account());
  ++last_part_->part.rows;
  add_up(last_part_->spend, made.counts.or_zero(Metric::spend));
  note_words(made);
  if (made.grain == Grain::day) {
    from_ = std::min(from_.value_or(made.day), made.day);
    to_ = std::max(to_.value_or(made.day), made.day);
  }
}

void Tally::note_account(const Account& account) {
  last_account_ = &account;
  Part& part = parts_[account.id.text];
  part.part.account = account.id.text;
  part.part.name = account.name;
  part.part.currency = account.currency.code();
  part.part.time_zone = account.zone.name();
  part.currency = account.currency;
  last_part_ = &part;
}

void Tally::note_words(const MetricRow& made) {
  if (attributions_.empty() || made.attribution != last_attribution_) {
    attributions_.insert(made.attribution);
    last_attribution_ = made.attribution;
  }
  if (!made.conversion_event.empty() && made.conversion_event != last_event_) {
    conversion_events_.insert(made.conversion_event);
    last_event_ = made.conversion_event;
  }
}

void Tally::add_dropped(RowClass what, const TableRow& row, const RowConverter& converter) {
  ++dropped_rows_;
  std::string label;
  clean_name(label_of(row), label);
  const bool total = what == RowClass::total;
  const bool named = total && is_total_label(label);
  if (dropped_.size() < kDroppedShown) {
    dropped_.push_back({.line = row.line,
                        .kind = total ? "total" : "subtotal",
                        .label = named ? label : "(no name)"});
  }
  if (!total || totals_.size() >= kDroppedShown) return;
  totals_.push_back({.line = row.line,
                     .label = named ? label : "(no name)",
                     .spend = converter.total_of(row, Metric::spend),
                     .impressions = converter.total_of(row, Metric::impressions),
                     .clicks = converter.total_of(row, click_metric())});
}

void Tally::add_refused(const Refusal& refusal) {
  ++refused_rows_;
  if (refused_.size() >= kRefusedShown) return;
  std::string value;
  clean_name(is_utf8(refusal.value) ? refusal.value : "(not UTF-8)", value);
  refused_.push_back({.line = refusal.line,
                      .column = refusal.column,
                      .value = value,
                      .reason = refusal.reason});
}

Metric Tally::click_metric() const {
  return layout_->has(Metric::link_clicks) ? Metric::link_clicks : Metric::clicks_all;
}

FileReport Tally::report() const {
  FileReport report;
  report.platform = to_string(layout_->platform);
  report.level = to_string(layout_->level);
  report.grain = to_string(layout_->grain);
  report.breakdown = layout_->breakdown_kind;
  report.locale = layout_->locale;
  report.rows = rows_;
  if (from_) report.from = to_iso(*from_);
  if (to_) report.to = to_iso(*to_);
  report.attributions.assign(attributions_.begin(), attributions_.end());
  if (attributions_.size() == 1) report.attribution = *attributions_.begin();
  if (attributions_.size() > 1) report.attribution = "mixed";
  report.dropped = dropped_;
  report.dropped_rows = dropped_rows_;
  report.refused = refused_;
  report.refused_rows = refused_rows_;
  report.masked = masked_;
  fill_accounts(report);
  const bool one_currency = report.currency != "mixed";
  const Currency currency = parts_.empty() ? Currency() : parts_.begin()->second.currency;
  for (const MetricInfo& info : all_metrics()) {
    const bool own = layout_->has(info.metric) || sums_.has(info.metric);
    if (own) report.metrics.emplace_back(info.name);
  }
  fill_totals(report, currency, one_currency);
  fill_events(report);
  if (one_currency) fill_check(report, currency);
  fill_notices(report);
  return report;
}

void Tally::fill_accounts(FileReport& report) const {
  for (const auto& [id, part] : parts_) {
    const bool first = report.currency.empty();
    if (first) report.currency = part.currency.code();
    if (report.currency != part.currency.code()) report.currency = "mixed";
    AccountPart shown_part = part.part;
    shown_part.spend = shown(part.spend, part.currency);
    report.accounts.push_back(std::move(shown_part));
  }
}

void Tally::fill_totals(FileReport& report, Currency currency, bool one_currency) const {
  FileTotals& totals = report.totals;
  const auto money = [&](Metric metric) -> std::optional<std::string> {
    if (!one_currency || !sums_.has(metric)) return std::nullopt;
    return shown(sums_.or_zero(metric), currency);
  };
  totals.spend = money(Metric::spend);
  if (totals.spend) totals.spend_exact = exact_decimal(sums_.or_zero(Metric::spend), currency);
  totals.impressions = sums_.get(Metric::impressions);
  totals.link_clicks = sums_.get(Metric::link_clicks);
  totals.clicks_all = sums_.get(Metric::clicks_all);
  totals.clicks = sums_.get(click_metric());
  totals.purchases = in_units(sums_, Metric::purchases);
  // Conversions of different kinds have no sum.
  if (conversion_events_.size() > 1) return;
  totals.conversions = in_units(sums_, Metric::conversions);
  totals.conversion_value = money(Metric::conversion_value);
}

void Tally::fill_events(FileReport& report) const {
  if (conversion_events_.size() == 1) report.conversion_event = *conversion_events_.begin();
  if (conversion_events_.size() > 1) report.conversion_event = "results";
  const ChosenEvent& chosen = survey_->event;
  for (std::size_t i = 0; i < layout_->events.size(); ++i) {
    const EventColumn& event = layout_->events[i];
    if (event.name == "results" && layout_->has(Role::indicator)) continue;
    if (chosen.kind == EventKind::column && chosen.index == i) continue;
    report.alternatives.push_back({event.name, as_number(Metric::conversions, event_sums_[i])});
  }
  for (const auto& [indicator, sum] : indicator_sums_) {
    const std::string name = "results:" + indicator;
    if (name == report.conversion_event || indicator.empty()) continue;
    report.alternatives.push_back({name, as_number(Metric::conversions, sum)});
  }
}

TotalCheck Tally::check(const TotalRow& total, Currency currency) const {
  const std::int64_t spend = sums_.or_zero(Metric::spend);
  TotalCheck check{.line = total.line, .label = total.label};
  check.spend = exact_decimal(*total.spend, currency);
  check.spend_difference = exact_decimal(spend - *total.spend, currency);
  if (total.impressions)
    check.impressions_difference =
        sums_.or_zero(Metric::impressions) - *total.impressions / kMicrosPerUnit;
  if (total.clicks)
    check.clicks_difference = sums_.or_zero(click_metric()) - *total.clicks / kMicrosPerUnit;
  check.equal = shown(spend, currency) == shown(*total.spend, currency) &&
                check.impressions_difference == 0 && check.clicks_difference == 0;
  return check;
}

// A file may have several totals: of the account, of the search network. One of them is of its rows;
// when none fits, the largest is shown.
void Tally::fill_check(FileReport& report, Currency currency) const {
  const TotalRow* largest = nullptr;
  for (const TotalRow& total : totals_) {
    if (!total.spend) continue;
    const TotalCheck each = check(total, currency);
    if (each.equal) {
      report.file_total = each;
      return;
    }
    if (largest == nullptr || *total.spend > *largest->spend) largest = &total;
  }
  if (largest != nullptr) report.file_total = check(*largest, currency);
}

void Tally::fill_notices(FileReport& report) const {
  auto& notices = report.notices;
  notices.insert(notices.end(), layout_->notices.begin(), layout_->notices.end());
  if (report.grain == "day" && !layout_->has(Role::time_zone) && !report.accounts.empty() &&
      report.accounts.front().time_zone == "UTC")
    notices.emplace_back("the file names no time zone; its days are taken as UTC's");
  if (!layout_->has(Metric::spend))
    notices.emplace_back("the file has no spend; import it together with the one that has");
  if (masked_ > 0)
    notices.push_back(fmt::format("{} small counts are hidden as '<5': kept as not reported, 0 to 4 "
                                  "each", masked_));
  if (survey_->indicators.count() > 1 && survey_->event.kind != EventKind::results)
    notices.push_back(fmt::format("results count {} different things in different rows and are left "
                                  "out; choose one with --conversion", survey_->indicators.count()));
  if (report.file_total && !report.file_total->equal)
    notices.push_back(fmt::format("the file's own total '{}' (line {}) differs from its rows by {} "
                                  "spend, {} impressions and {} clicks",
                                  report.file_total->label, report.file_total->line,
                                  report.file_total->spend_difference,
                                  report.file_total->impressions_difference,
                                  report.file_total->clicks_difference));
}

}  // namespace rf::imports
