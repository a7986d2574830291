#include "store/import/preset_join.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

namespace rf::imports {
namespace {

// What is held stays in memory, about a kilobyte a row.
constexpr std::size_t kHeldMax = 300'000;

Role id_role(Level level) {
  if (level == Level::ad) return Role::ad_id;
  return level == Level::adset ? Role::adset_id : Role::campaign_id;
}

bool lacks_something(const Layout& a, const Layout& b) {
  return std::ranges::any_of(b.metrics,
                             [&](const MetricColumn& each) { return !a.has(each.metric); });
}

}  // namespace

bool are_presets(const Layout& a, const Layout& b) {
  const bool alike = a.platform == b.platform && a.level == b.level && a.grain == b.grain &&
                     a.breakdown_kind == b.breakdown_kind && a.platform != Platform::plain;
  return alike && (lacks_something(a, b) || lacks_something(b, a));
}

PresetJoin::PresetJoin(const Layout& own, const std::vector<const Layout*>& others,
                       std::string event)
    : files_(others.size()), event_(std::move(event)) {
  const auto narrow = [&](const Layout& each) {
    by_id_ = by_id_ && each.has(id_role(own.level));
    campaign_ = campaign_ && each.has(Role::campaign_name);
    adset_ = adset_ && each.has(Role::adset_name);
  };
  narrow(own);
  for (const Layout* each : others) narrow(*each);
}

std::string PresetJoin::key_of(const MetricRow& row) const {
  const Entity& entity = row.entity;
  std::string key = fmt::format("{}\x1f{}\x1f", row.day.time_since_epoch().count(), row.breakdown);
  if (by_id_) return key + id_of(entity).text;
  if (campaign_) key += entity.campaign_name;
  key += '\x1f';
  if (adset_) key += entity.adset_name;
  key += '\x1f';
  return key + entity.name();
}

Status PresetJoin::hold(std::size_t file, const MetricRow& row) {
  if (held_.size() >= kHeldMax) {
    return fail(ErrorCode::over_limit,
                fmt::format("joins more than {} rows; export all columns in one report instead",
                            kHeldMax));
  }
  auto [found, is_new] = held_.try_emplace(key_of(row), Held{row, std::vector<bool>(files_), false});
  Held& held = found->second;
  if (held.files[file]) {
    return fail(ErrorCode::invalid,
                fmt::format("line {}: '{}' has several rows of one day, so it cannot be told which "
                            "numbers belong to which; add the column of its id to every report",
                            row.line, row.entity.name()));
  }
  held.files[file] = true;
  if (is_new) return {};
  for (const MetricInfo& info : all_metrics()) {
    if (held.row.counts.has(info.metric) || !row.counts.has(info.metric)) continue;
    held.row.counts.set(info.metric, row.counts.or_zero(info.metric));
  }
  return {};
}

Status PresetJoin::join(MetricRow& row) {
  // Also where nothing is joined: rows of one file must not differ in their event.
  const bool own_event = !row.conversion_event.empty();
  if (!own_event) row.conversion_event = event_;
  auto found = held_.find(key_of(row));
  if (found == held_.end()) return {};
  Held& held = found->second;
  if (held.joined) {
    return fail(ErrorCode::invalid,
                fmt::format("line {}: '{}' has several rows of one day, so it cannot be told to "
                            "which the numbers of the other files belong; add the column of its id "
                            "to every report",
                            row.line, row.entity.name()));
  }
  held.joined = true;
  for (const MetricInfo& info : all_metrics()) {
    if (row.counts.has(info.metric) || !held.row.counts.has(info.metric)) continue;
    const bool counts_event =
        info.metric == Metric::conversions || info.metric == Metric::conversion_value;
    if (counts_event && row.conversion_event != held.row.conversion_event) continue;
    row.counts.set(info.metric, held.row.counts.or_zero(info.metric));
  }
  return {};
}

std::vector<MetricRow> PresetJoin::rest() const {
  std::vector<MetricRow> rows;
  for (const auto& [key, held] : held_) {
    if (!held.joined) rows.push_back(held.row);
  }
  std::ranges::sort(rows, {}, &MetricRow::line);
  return rows;
}

}  // namespace rf::imports
