#include "api/explain.h"

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "api/counts.h"
#include "api/judged.h"

namespace rf::api {
namespace {

constexpr std::size_t kNamesShown = 5;

struct Match {
  const Judged* judged = nullptr;
  const Belief* belief = nullptr;
};

bool is_exactly(const Belief& belief, const std::string& asked) {
  const Entity& entity = belief.entity;
  return asked == belief.id.text || asked == entity.name() ||
         (!entity.ad_id.empty() && asked == entity.ad_id);
}

// The one ad that was meant: exact matches before parts of names.
Result<Match> only_match(const std::vector<Judged>& all, const std::string& asked) {
  std::vector<Match> exact;
  std::vector<Match> partial;
  for (const Judged& judged : all) {
    for (const Belief& belief : judged.beliefs) {
      Match match{&judged, &belief};
      if (is_exactly(belief, asked)) exact.push_back(match);
      if (belief.entity.name().find(asked) != std::string::npos) partial.push_back(match);
    }
  }
  const std::vector<Match>& found = exact.empty() ? partial : exact;
  if (found.size() == 1) return found.front();
  if (found.empty()) {
    return fail(ErrorCode::not_found,
                fmt::format("no ad answers to '{}'; 'reelforge report' lists them", asked));
  }
  std::string names;
  for (std::size_t i = 0; i < std::min(found.size(), kNamesShown); ++i) {
    names += fmt::format("{}{} ({}, {})", i == 0 ? "" : "; ", found[i].belief->entity.name(),
                         found[i].belief->id.text, found[i].judged->account.id.text);
  }
  return fail(ErrorCode::invalid,
              fmt::format("{} ads answer to '{}': {}; use the key in brackets, and --account",
                          found.size(), asked, names));
}

// Newest day first, then newest version; a version is current unless a later one of its key
// follows.
std::vector<SourceRow> sources_of(std::vector<MetricVersion>&& versions, std::int64_t days) {
  std::vector<SourceRow> rows;
  std::set<std::tuple<Day, std::string, std::string, std::string, std::string>> later;
  std::ranges::reverse(versions);
  for (const MetricVersion& version : versions) {
    const MetricRow& row = version.row;
    const bool restated = !later
                               .insert({row.day, row.breakdown_kind, row.breakdown, row.attribution,
                                        row.conversion_event})
                               .second;
    rows.push_back({.day = version.row.day,
                    .breakdown = version.row.breakdown,
                    .as_of = version.as_of,
                    .current = !restated,
                    .file = version.file,
                    .line = version.row.line,
                    .counts = reported(version.row.counts)});
  }
  std::ranges::stable_sort(rows, [](const SourceRow& a, const SourceRow& b) {
    return std::tuple(b.day, b.as_of) < std::tuple(a.day, a.as_of);
  });
  std::int64_t seen = 0;
  auto end = rows.begin();
  for (Day day{}; end != rows.end(); ++end) {
    if (seen == 0 || end->day != day) {
      if (++seen > days) break;
      day = end->day;
    }
  }
  rows.erase(end, rows.end());
  return rows;
}

}  // namespace

Result<ExplainOutput> explain(const ExplainInput& input, Services& services) {
  Store* store = RF_TRY(services.store());
  std::vector<Account> accounts = RF_TRY(accounts_asked(*store, input.account));
  std::vector<Judged> all;
  all.reserve(accounts.size());
  for (const Account& account : accounts) {
    all.push_back(RF_TRY(judged(*store, account, services.clock().now())));
  }
  Match match = RF_TRY(only_match(all, input.ad));
  const Account& account = match.judged->account;
  const Belief& belief = *match.belief;
  const auto& items = match.judged->plan.items;
  auto item = std::ranges::find(items, belief.id.text, &PlanItem::entity);
  RF_CHECK(item != items.end());

  std::vector<MetricVersion> versions =
      RF_TRY(store->versions(account.id, belief.id, kNoDay, Day::max()));
  ExplainOutput output{.item = *item,
                       .group = belief.group,
                       .group_ads = belief.group_ads,
                       .closed = reported(belief.closed),
                       .settled = reported(belief.settled),
                       .attribution = belief.attribution,
                       .conversion_event = belief.conversion_event,
                       .currency = std::string(account.currency.code()),
                       .sources_in_all = std::ssize(versions)};
  output.sources = sources_of(std::move(versions), input.days);
  return output;
}

}  // namespace rf::api
