// The parts of Meta's face, and what they share while it runs. Internal to the face.

#pragma once

#include <deque>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "net/http.h"
#include "sim/faces/face.h"
#include "sim/faces/fields.h"
#include "sim/faces/meta_words.h"
#include "sim/faces/parts.h"

namespace rf::sim::meta {

// What a report was asked for.
struct InsightQuestion {
  std::size_t account = 0;
  ReportQuery query;
  std::vector<std::string> fields;
  std::vector<std::string> breakdowns;
  std::vector<std::string> windows;
  CheckedFields given;
};

struct ReportRun {
  std::string id;
  InsightQuestion question;
  std::int64_t looks = 0;
  Instant asked{};
};

struct CachedRows {
  std::string key;
  std::vector<PartRow> rows;
};

struct Desk {
  CallBook& book;
  Sandbox& box;
  std::vector<ReportRun> runs = {};
  std::deque<CachedRows> cached = {};
  bool cut_short = false;  // This call's list loses its last row.
};

// Where a call is directed, and how its own addresses begin: "http://host/v24.0".
struct Call {
  const Arrived& arrived;
  std::string base;
  std::string token;
  std::string node;  // "act_12" or an id.
  std::string edge;  // Empty for the node itself.
};

// Takes the call's fields; where they break the contract, notes it and says how Meta refuses it.
struct Taken {
  CheckedFields checked;
  std::optional<net::Response> refusal;
};
Taken take_fields(Desk& desk, const Arrived& arrived, std::span<const FieldRule> rules);
net::Response refuse_trouble(Desk& desk, const Arrived& arrived, const FieldTrouble& trouble);

// The asked names, refused where one is no field of the object.
struct AskedFields {
  std::vector<std::string> names;
  std::optional<net::Response> refusal;
};
AskedFields asked_fields(Desk& desk, const Arrived& arrived, const CheckedFields& checked,
                         std::string_view known, std::string_view otherwise);

// One page of `count` things, each written by `write`.
struct Page {
  std::size_t start = 0;
  std::size_t end = 0;
};
std::optional<Page> page_of(const CheckedFields& checked, std::size_t count, std::size_t usual);
net::Response paged(Desk& desk, const Call& call, JsonArray data, Page page, std::size_t count);

std::vector<std::string> texts_of(const CheckedFields& checked, std::string_view name);

// meta_nodes.cc: accounts, campaigns, ad sets, ads.
net::Response list_accounts(Desk& desk, const Call& call);
net::Response read_account(Desk& desk, const Call& call, std::size_t account);
net::Response minimum_budgets(Desk& desk, std::size_t account);
net::Response read_place(Desk& desk, const Call& call, Sandbox::Place place);

struct ListScope {
  std::size_t account = 0;
  Level level = Level::ad;
  std::optional<std::size_t> campaign, adset;
};
net::Response list_places(Desk& desk, const Call& call, const ListScope& scope);

// meta_writes.cc
net::Response create_place(Desk& desk, const Call& call, std::size_t account, Level level);
net::Response update_place(Desk& desk, const Call& call, Sandbox::Place place);
net::Response copy_place(Desk& desk, const Call& call, Sandbox::Place place);

// meta_insights.cc
net::Response insights(Desk& desk, const Call& call, std::size_t account,
                       std::optional<Sandbox::Place> place);
net::Response start_run(Desk& desk, const Call& call, std::size_t account);
net::Response read_run(Desk& desk, const Call& call, ReportRun& run);
net::Response run_rows(Desk& desk, const Call& call, ReportRun& run);

// meta_assets.cc
net::Response create_creative(Desk& desk, const Call& call, std::size_t account);
net::Response upload_video(Desk& desk, const Call& call, std::size_t account);
net::Response video_ads(Desk& desk, const Call& call, std::size_t account);
net::Response upload_image(Desk& desk, const Call& call, std::size_t account);
net::Response resumable_bytes(Desk& desk, const net::Request& request, std::string_view video_id);
net::Response list_assets(Desk& desk, const Call& call, std::size_t account, std::string_view kind);
net::Response read_asset(Desk& desk, const Call& call, std::size_t index);
net::Response thumbnails(const Call& call, std::string_view video);
net::Response take_events(Desk& desk, const Call& call);

}  // namespace rf::sim::meta
