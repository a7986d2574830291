// What Meta's answers say, in the words of the model.

#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/entity.h"
#include "model/metric_row.h"
#include "platform/ad_platform.h"
#include "platform/reply.h"

namespace rf::platform {

// "7-day click or 1-day view" of "7d_click_or_1d_view": as Ads Manager's exports spell it. What is
// not made of such windows stays as it is.
std::string meta_attribution(std::string_view setting);

Result<Account> meta_account(const Reply& reply);
Result<EntityState> meta_entity(const Reply& reply, Level level, Currency currency);

// Where the next page begins; none on the last.
// Errors: corrupt, when there is a next page and no cursor to it.
Result<std::optional<std::string>> meta_next_page(const Reply& reply);

// The smallest budget a day for ads that pay for impressions, in the account's currency.
Result<std::optional<Money>> meta_smallest_budget(const Reply& reply, Currency currency);

struct MetaReport {
  enum class State : std::uint8_t { working, done, failed };
  State state = State::working;
  std::int64_t percent = 0;
  std::string words;
};
Result<MetaReport> meta_report(const Reply& reply);

// Our name of what rows are split by, and Meta's: "placement" is "platform_position".
// Errors: invalid, for what Meta does not split by or an export would not name.
Result<std::string> meta_breakdown(std::string_view kind);

// Which action is counted as the conversion: "purchases", "leads", "adds_to_cart", "checkouts",
// "content_views", or "action:" and Meta's own word for it.
// Errors: invalid.
Status meta_check_conversion(std::string_view name);

// Reads rows, and keeps account of which of an event's several action types it counted. Meta says
// one purchase under up to five types; a row counts one of them and never their sum.
// Thread: one at a time.
class MetaRowReader {
 public:
  struct Form {
    Level level = Level::ad;
    Currency currency;
    std::vector<std::string> kinds;  // Of the breakdowns, ours, sorted.
    std::string conversion;          // Empty: "purchases".
    std::string window;              // Empty: each ad set's own setting.
  };

  explicit MetaRowReader(Form form);

  Result<MetricRow> read(const Reply& reply);

  // What was counted as what, for people.
  std::vector<std::string> notices() const;

 private:
  using Actions = std::map<std::string, std::int64_t, std::less<>>;  // Type to millionths.

  Result<Actions> actions(const Reply& reply, std::string_view field) const;
  Status set_entity(const Reply& reply, MetricRow& row) const;
  Status set_breakdown(const Reply& reply, MetricRow& row) const;
  Status set_delivery(const Reply& reply, Counts& counts) const;
  Status set_video(const Reply& reply, Counts& counts) const;
  Status set_actions(const Reply& reply, const Actions& acts, Counts& counts);
  Status set_conversion(const Reply& reply, const Actions& acts, MetricRow& row) const;

  Form form_;
  std::map<std::string, std::int64_t> purchases_as_;  // Action type to rows.
};

}  // namespace rf::platform
