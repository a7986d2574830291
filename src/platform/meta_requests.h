// What is asked of Meta: each call as the vendor's own client sends it.

#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "model/calendar.h"
#include "model/entity.h"
#include "net/http.h"
#include "platform/ad_platform.h"
#include "platform/meta.h"
#include "platform/wire_text.h"

namespace rf::platform {

// What is asked of insights, for one node: "act_12".
struct MetaInsightsCall {
  std::string node;
  Level level = Level::ad;
  Day from = kNoDay;
  Day to = kNoDay;
  bool by_day = true;
  std::string fields;
  std::vector<std::string> breakdowns;  // In Meta's words.
  std::string window;
};

// The fields of a list of one level, joined by commas.
std::string_view meta_entity_fields(Level level);
std::string meta_insights_fields(Level level);

class MetaRequests {
 public:
  explicit MetaRequests(const MetaSettings& settings);

  // GET of a node's fields.
  net::Request node(std::string_view id, std::string_view fields) const;

  // GET of a node's list. `after` is the cursor of the page before, empty for the first.
  net::Request list(std::string_view node, std::string_view edge, std::string_view fields,
                    std::string_view after) const;

  net::Request insights(const MetaInsightsCall& call, std::string_view after) const;
  net::Request start_report(const MetaInsightsCall& call) const;
  net::Request report_state(std::string_view run_id) const;
  net::Request report_page(std::string_view run_id, std::string_view after) const;

  // REQUIRES: the change holds a status that Meta takes, or a budget.
  net::Request change(std::string_view id, std::string_view status, std::int64_t minor_units) const;

  // POST of a body to a path, `id` added as the vendor's client adds it.
  net::Request post(std::string_view path, Body body, std::string_view id) const;

 private:
  net::Request get(std::string target) const;
  Query at(std::string_view path) const;

  std::string base_;
  std::string proof_;
  std::string authorization_;
};

// Meta's amounts of budgets are whole numbers of the hundredth part of the unit, or of the unit
// itself for currencies that have no smaller one.
// Source: Marketing API, currencies: offset 1 for CLP COP CRC HUF ISK IDR JPY KRW PYG TWD VND.
std::int64_t meta_offset(Currency currency);

}  // namespace rf::platform
