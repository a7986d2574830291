#include "api/explain.h"

#include <algorithm>
#include <set>

#include "api/counts.h"
#include "api/creatives.h"
#include "api/judged.h"

namespace rf::api {
namespace {

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

constexpr std::size_t kNearest = 3;

void add_nearest(const std::vector<Judged>& all, const AdMatch& match, ExplainOutput& output) {
  const Creative* own = match.judged->sight.films.of(match.belief->id.text);
  if (own == nullptr) {
    output.likeness = "its film is not known: import EXPORT --videos FOLDER brings films to ads";
    return;
  }
  const Likeness found = creatives_like(*own, creatives_of(all), kNearest);
  output.nearest_winners = found.winners;
  output.nearest_losers = found.losers;
  output.likeness = found.rests_on;
}

}  // namespace

Result<ExplainOutput> explain(const ExplainInput& input, Services& services) {
  Store* store = RF_TRY(services.store());
  std::vector<Judged> all = RF_TRY(all_judged(*store, input.account, services.clock().now()));
  AdMatch match = RF_TRY(ad_called(all, input.ad));
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
  output.film = film_view(match.judged->sight.films, belief.id.text);
  add_nearest(all, match, output);
  return output;
}

}  // namespace rf::api
