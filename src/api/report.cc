#include "api/report.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <map>
#include <set>
#include <unordered_map>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "api/judged.h"
#include "learn/beliefs.h"
#include "learn/naming.h"
#include "loop/naming.h"

namespace rf::api {
namespace {

constexpr Days kSparkDays{14};

// What a row is made of before it is shown.
struct Line {
  ReportRow row;
  Counts counts;
  Currency currency;
  std::optional<RateBelief> hook, hold, ctr, cvr, sales, roas;
  Metric clicks = Metric::link_clicks;
};

std::optional<Estimate> rate_of(const std::optional<RateBelief>& rate) {
  if (!rate || rate->exposure <= 0) return std::nullopt;
  return learn::estimate(*rate);
}

std::optional<Estimate> cost_of(const std::optional<RateBelief>& sales) {
  if (!sales || sales->exposure <= 0) return std::nullopt;
  return learn::inverse_estimate(*sales);
}

void finish(Line& line) {
  ReportRow& row = line.row;
  row.currency = line.currency.code();
  row.spend = to_decimal({line.counts.or_zero(Metric::spend), line.currency});
  row.impressions = line.counts.get(Metric::impressions);
  row.clicks = line.counts.get(line.clicks);
  if (auto conversions = line.counts.get(Metric::conversions)) {
    row.conversions = as_number(Metric::conversions, *conversions);
  }
  row.hook_rate = rate_of(line.hook);
  row.hold_rate = rate_of(line.hold);
  row.ctr = rate_of(line.ctr);
  row.cvr = rate_of(line.cvr);
  row.cpa = cost_of(line.sales);
  row.roas = rate_of(line.roas);
}

Line line_of(const Belief& belief, const Account& account) {
  return {.row = {.key = belief.id.text,
                  .name = belief.entity.name(),
                  .account = account.id.text,
                  .attribution = belief.attribution,
                  .conversion_event = belief.conversion_event},
          .currency = account.currency,
          .hook = belief.hook,
          .hold = belief.hold,
          .ctr = belief.ctr,
          .cvr = belief.cvr,
          .sales = belief.sales,
          .roas = belief.roas,
          .clicks = belief.clicks};
}

// The days of a range as the totals of a history of its own.
Result<learn::History> history_between(Store& store, const Account& account,
                                       const loop::Sight& sight, Day from, Day to) {
  learn::History history{.platform = account.platform};
  std::map<std::tuple<std::string, std::string, std::string>, learn::AdTotals> sums;
  for (const learn::AdTotals& each : sight.history.totals) {
    learn::AdTotals empty = each;
    empty.counts = Counts();
    empty.days = 0;
    sums.emplace(std::tuple(each.id.text, each.attribution, each.conversion_event), empty);
  }
  auto add = [&](const EntityDay& day) -> Status {
    auto found = sums.find({day.id.text, day.attribution, day.conversion_event});
    if (found == sums.end()) return {};  // Of another level's making since; not in this report.
    learn::AdTotals& sum = found->second;
    sum.counts.add(day.counts);
    if (sum.days++ == 0) sum.first_day = day.day;
    sum.last_day = day.day;
    history.days.push_back({day.id, day.attribution, day.conversion_event, day.day, day.counts});
    return {};
  };
  RF_TRY(store.each_day(account.id, sight.level, from, to, add));
  // Beliefs want the days of their lookback only.
  std::erase_if(history.days,
                [&](const learn::AdDay& day) { return day.day < sight.today - learn::kLookback; });
  for (auto& [key, sum] : sums) {
    if (sum.days > 0) history.totals.push_back(std::move(sum));
  }
  return history;
}

Result<learn::History> history_as_of(Store& store, const Account& account, const loop::Sight& sight,
                                     Instant as_of) {
  learn::History history{.platform = account.platform};
  std::vector<EntityTotals> totals = RF_TRY(store.totals_as_of(account.id, sight.level, as_of));
  for (EntityTotals& each : totals) {
    history.totals.push_back({each.id, each.entity, each.attribution, each.conversion_event,
                              each.counts, each.first_day, each.last_day, each.days});
  }
  return history;
}

// What one account brings into the report.
struct Part {
  Account account;
  learn::History history;
  std::vector<Belief> beliefs;
  learn::FilmsSeen films;
  Judged now;
  bool past = false;  // Not the present: without verdicts.
};

Result<Part> part_of(Store& store, const Account& account, const ReportInput& input, Instant now) {
  Part part{.account = account, .past = input.as_of || input.from || input.to};
  part.now = RF_TRY(judged(store, account, now));
  const loop::Sight& sight = part.now.sight;
  part.films = input.as_of ? RF_TRY(loop::films_seen(store, account.id, input.as_of)) : sight.films;
  if (!part.past) {
    part.history = sight.history;
    part.beliefs = part.now.beliefs;
    return part;
  }
  decide::Policies policies = RF_TRY(loop::policies_of(store, account.id));
  if (input.as_of) {
    part.history = RF_TRY(history_as_of(store, account, sight, *input.as_of));
  } else {
    part.history = RF_TRY(history_between(store, account, sight, input.from.value_or(kNoDay),
                                          input.to.value_or(sight.today)));
  }
  part.beliefs = learn::beliefs(part.history, sight.today, loop::rules_under(policies));
  return part;
}

// Every ad of the part as a line of its own, with sums over all its days.
std::vector<Line> lines_of(const Part& part) {
  std::unordered_map<std::string, const PlanItem*> items;
  for (const PlanItem& item : part.now.plan.items) items[item.entity] = &item;
  std::map<std::tuple<std::string, std::string, std::string>, const learn::AdTotals*> totals;
  for (const learn::AdTotals& each : part.history.totals) {
    totals[{each.id.text, each.attribution, each.conversion_event}] = &each;
  }
  std::vector<Line> lines;
  for (const Belief& belief : part.beliefs) {
    Line& line = lines.emplace_back(line_of(belief, part.account));
    auto sum = totals.find({belief.id.text, belief.attribution, belief.conversion_event});
    if (sum != totals.end()) line.counts = sum->second->counts;
    line.row.film = film_view(part.films, belief.id.text);
    auto item = items.find(belief.id.text);
    if (part.past || item == items.end()) continue;
    line.row.verdict = name_of(item->second->action);
    line.row.reason = item->second->reason;
    line.row.need = item->second->need;
    line.row.fatigued = item->second->fatigued;
  }
  return lines;
}

void add_days(const Part& part, std::vector<Line>& lines) {
  std::unordered_map<std::string, Line*> by_key;
  for (Line& line : lines) by_key[line.row.key] = &line;
  const Day first = part.now.sight.today - kSparkDays;
  for (const learn::AdDay& day : part.now.sight.history.days) {
    auto found = by_key.find(day.id.text);
    auto spend = day.counts.get(Metric::spend);
    if (found == by_key.end() || !spend || day.day < first) continue;
    auto& values = found->second->row.spend_by_day;
    auto index = static_cast<std::size_t>((day.day - first).count());
    if (values.size() <= index) values.resize(index + 1);
    values[index] = values[index].value_or(0) + as_number(Metric::spend, *spend);
  }
}

// Which group an ad is in.
using GroupName = FilmGroup;

std::vector<Line> grouped(std::vector<Line>&& lines, const std::vector<GroupName>& groups) {
  std::vector<Line> out;
  std::map<std::pair<std::string, std::string>, std::size_t> index;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    Line& line = lines[i];
    auto [found, is_new] = index.try_emplace({line.row.account, groups[i].key}, out.size());
    if (is_new) {
      Line& group = out.emplace_back(std::move(line));
      group.row.key = groups[i].key;
      group.row.name = groups[i].name;
      group.row.verdict = group.row.reason = "";
      group.row.need.reset();
      group.row.fatigued.reset();
      continue;
    }
    Line& group = out[found->second];
    ++group.row.ads;
    const auto& film = line.row.film;
    if (!film || (group.row.film && film->sha256 != group.row.film->sha256)) group.row.film.reset();
    group.counts.add(line.counts);
    for (auto rate :
         {&Line::hook, &Line::hold, &Line::ctr, &Line::cvr, &Line::sales, &Line::roas}) {
      learn::merge(group.*rate, line.*rate);
    }
    auto& days = group.row.spend_by_day;
    days.resize(std::max(days.size(), line.row.spend_by_day.size()));
    for (std::size_t d = 0; d < line.row.spend_by_day.size(); ++d) {
      if (line.row.spend_by_day[d]) days[d] = days[d].value_or(0) + *line.row.spend_by_day[d];
    }
  }
  return out;
}

std::string dimension_of(const learn::Taxonomy& taxonomy, const std::string& name,
                         const std::string& dimension) {
  std::optional<learn::Dimensions> dimensions = learn::dimensions_of(taxonomy, name);
  if (!dimensions) return "(unnamed)";
  auto found = dimensions->find(dimension);
  return found == dimensions->end() ? "(none)" : found->second;
}

// Errors: not_found, with the dimensions there are.
Status check_dimension(const learn::Taxonomy& taxonomy, const std::string& dimension) {
  std::set<std::string> known;
  for (const learn::NamePattern& pattern : taxonomy.patterns) {
    for (std::string token : pattern.tokens) {
      if (token.ends_with('?')) token.pop_back();
      known.insert(std::move(token));
    }
  }
  if (known.contains(dimension)) return {};
  return fail(ErrorCode::not_found,
              fmt::format("input.by: found '{}', expected ad, adset, campaign, a dimension of "
                          "films: {}, or one of names: {}; 'reelforge naming set' changes those",
                          dimension, fmt::join(film_dimensions(), ", "), fmt::join(known, ", ")));
}

bool is_of_films(const std::string& by) {
  const std::vector<std::string_view> names = film_dimensions();
  return std::ranges::find(names, by) != names.end();
}

std::vector<GroupName> groups_of(const Part& part, const std::string& by,
                                 const learn::Taxonomy& taxonomy) {
  std::vector<GroupName> groups;
  for (const Belief& belief : part.beliefs) {
    const Entity& entity = belief.entity;
    if (by == "campaign") {
      groups.push_back({entity.campaign_name, entity.campaign_name});
    } else if (by == "adset") {
      groups.push_back({entity.campaign_name + " / " + entity.adset_name, entity.adset_name});
    } else if (is_of_films(by)) {
      groups.push_back(film_group(part.films, belief.id.text, by));
    } else {
      std::string value = dimension_of(taxonomy, entity.name(), by);
      groups.push_back({value, value});
    }
  }
  return groups;
}

// What rows are sorted by, the largest first.
struct Rank {
  std::string_view name;
  double (*of)(const ReportRow& row);
};

double value_of(const std::optional<Estimate>& estimate) { return estimate ? estimate->value : -1; }

Result<Rank> rank_by(const std::string& sort) {
  static constexpr auto kRanks = std::to_array<Rank>(
      {{"spend", [](const ReportRow& row) { return units(parse_money(row.spend, {}).value()); }},
       {"ctr", [](const ReportRow& row) { return value_of(row.ctr); }},
       {"cvr", [](const ReportRow& row) { return value_of(row.cvr); }},
       {"cpa", [](const ReportRow& row) { return value_of(row.cpa); }},
       {"roas", [](const ReportRow& row) { return value_of(row.roas); }},
       {"hook_rate", [](const ReportRow& row) { return value_of(row.hook_rate); }},
       {"hold_rate", [](const ReportRow& row) { return value_of(row.hold_rate); }},
       {"conversions", [](const ReportRow& row) { return row.conversions.value_or(-1); }}});
  const auto* found = std::ranges::find(kRanks, sort, &Rank::name);
  if (found != kRanks.end()) return *found;
  std::vector<std::string_view> known;
  known.reserve(kRanks.size());
  for (const Rank& each : kRanks) known.push_back(each.name);
  return described::unknown_name("input.sort", sort, known);
}

void add_notices(const Part& part, std::vector<std::string>& notices) {
  std::ranges::move(loop::notices_of(part.account, part.now.sight, part.now.beliefs),
                    std::back_inserter(notices));
  if (part.past) notices.push_back(part.account.id.text + ": of the past, so without verdicts");
}

}  // namespace

Result<ReportOutput> report(const ReportInput& input, Services& services) {
  Rank rank = RF_TRY(rank_by(input.sort));
  Store* store = RF_TRY(services.store());
  std::vector<Account> accounts = RF_TRY(accounts_asked(*store, input.account));
  learn::Taxonomy taxonomy = RF_TRY(loop::taxonomy_of(*store));
  const bool by_name =
      input.by != "ad" && input.by != "campaign" && input.by != "adset" && !is_of_films(input.by);
  if (by_name) RF_TRY(check_dimension(taxonomy, input.by));

  ReportOutput output;
  std::vector<ReportRow> rows;
  std::vector<learn::NamedSpend> named;
  for (const Account& account : accounts) {
    Part part = RF_TRY(part_of(*store, account, input, services.clock().now()));
    std::vector<Line> lines = lines_of(part);
    add_days(part, lines);
    named.reserve(named.size() + lines.size());
    for (const Line& line : lines) {
      named.push_back({line.row.name, line.counts.or_zero(Metric::spend)});
    }
    if (input.by != "ad") lines = grouped(std::move(lines), groups_of(part, input.by, taxonomy));
    for (Line& line : lines) {
      finish(line);
      rows.push_back(std::move(line.row));
    }
    add_notices(part, output.notices);
  }
  std::ranges::stable_sort(rows, std::ranges::greater(), rank.of);
  output.rows_in_all = std::ssize(rows);
  if (output.rows_in_all > input.limit) rows.resize(static_cast<std::size_t>(input.limit));
  output.rows = std::move(rows);
  if (by_name) output.unnamed_spend_share = learn::unnamed_share(taxonomy, named);
  return output;
}

}  // namespace rf::api
