// TikTok's reports: page by page, or as a task whose text is downloaded.

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "sim/faces/tiktok_desk.h"

namespace rf::sim::tiktok {
namespace {

constexpr std::int64_t kLargestPage = 1000;
// Source: community documents: stat_time_day spans at most 30 days a call.
constexpr Days kRangeMax{30};
constexpr std::int64_t kLooksUntilDone = 3;

// Chosen; the last part takes what rounding leaves.
constexpr auto kAges = std::to_array<Part>({{"AGE_18_24", 0.34},
                                            {"AGE_25_34", 0.31},
                                            {"AGE_35_44", 0.19},
                                            {"AGE_45_54", 0.10},
                                            {"AGE_55_100", 0.06}});
constexpr auto kGenders = std::to_array<Part>({{"FEMALE", 0.56}, {"MALE", 0.42}, {"NONE", 0.02}});
constexpr auto kCountries = std::to_array<Part>({{"GB", 1.0}});
constexpr auto kDevices = std::to_array<Part>({{"IPHONE", 0.47}, {"ANDROID", 0.53}});

std::span<const Part> parts_of(std::string_view dimension) {
  if (dimension == "age") return kAges;
  if (dimension == "gender") return kGenders;
  if (dimension == "country_code") return kCountries;
  if (dimension == "platform") return kDevices;
  return {};
}

struct Question {
  ReportQuery query;
  std::string id_dimension;
  bool daily = false;
  std::vector<std::string> parts;
  std::vector<std::string> metrics;
};

struct Asked {
  Question question;
  std::optional<Outcome> refusal;
};

Level level_of(std::string_view data_level) {
  if (data_level == "AUCTION_AD") return Level::ad;
  if (data_level == "AUCTION_ADGROUP") return Level::adset;
  return data_level == "AUCTION_CAMPAIGN" ? Level::campaign : Level::account;
}

std::string_view id_dimension_of(Level level) {
  switch (level) {
    case Level::ad: return "ad_id";
    case Level::adset: return "adgroup_id";
    case Level::campaign: return "campaign_id";
    case Level::account: break;
  }
  return "advertiser_id";
}

std::optional<Outcome> read_dimensions(Desk& desk, const Call& call, Question& question) {
  const bool audience = call.checked.text("report_type") == "AUDIENCE";
  for (const std::string& dimension : texts_of(call.checked, "dimensions")) {
    if (dimension == id_dimension_of(question.query.level)) {
      question.id_dimension = dimension;
    } else if (dimension == "stat_time_day") {
      question.daily = true;
    } else if (audience && !parts_of(dimension).empty()) {
      question.parts.push_back(dimension);
    } else {
      return broken(desk, call, fmt::format("dimensions: '{}' does not fit the report", dimension));
    }
  }
  if (question.id_dimension.empty()) {
    return broken(desk, call, "dimensions: exactly one id dimension is required");
  }
  if (question.parts.size() > 2) return broken(desk, call, "dimensions: too many");
  return std::nullopt;
}

std::optional<Outcome> read_range(Desk& desk, const Call& call, Question& question) {
  Result<Day> first = parse_day(call.checked.text("start_date"));
  Result<Day> last = parse_day(call.checked.text("end_date"));
  if (!first || !last || *first > *last) {
    return broken(desk, call, "start_date and end_date: expected YYYY-MM-DD, in order");
  }
  question.query.first = *first;
  question.query.last = *last;
  question.query.days_per_row = question.daily ? 1 : 0;
  if (question.daily && *last - *first >= kRangeMax) {
    return refused(40002, "The time range of stat_time_day cannot exceed 30 days");
  }
  return std::nullopt;
}

Asked question_of(Desk& desk, const Call& call) {
  Question question;
  question.query.account = call.account;
  question.query.level = level_of(call.checked.text("data_level"));
  question.metrics = texts_of(call.checked, "metrics");
  for (const std::string& metric : question.metrics) {
    if (is_among(metric, kMetrics)) continue;
    return {{}, broken(desk, call, fmt::format("metrics: '{}' is not supported", metric))};
  }
  if (question.metrics.empty()) question.metrics = {"spend", "impressions"};
  if (auto refusal = read_dimensions(desk, call, question)) return {{}, refusal};
  if (auto refusal = read_range(desk, call, question)) return {{}, refusal};
  return {std::move(question), std::nullopt};
}

// Metrics.

double amount(const Counts& counts, Metric metric) {
  return as_number(metric, counts.or_zero(metric));
}

std::optional<Metric> plain_metric(std::string_view name) {
  constexpr auto kPlain = std::to_array<std::pair<std::string_view, Metric>>(
      {{"impressions", Metric::impressions},
       {"clicks", Metric::link_clicks},
       {"reach", Metric::reach},
       {"video_play_actions", Metric::video_plays},
       {"video_watched_2s", Metric::video_2s},
       {"video_watched_6s", Metric::video_6s},
       {"engaged_view", Metric::video_6s},
       {"video_views_p25", Metric::video_p25},
       {"video_views_p50", Metric::video_p50},
       {"video_views_p75", Metric::video_p75},
       {"video_views_p100", Metric::video_p100},
       {"likes", Metric::reactions},
       {"comments", Metric::comments},
       {"shares", Metric::shares},
       {"follows", Metric::follows},
       {"profile_visits", Metric::profile_visits}});
  const auto at = std::ranges::find(kPlain, name, &std::pair<std::string_view, Metric>::first);
  if (at == kPlain.end()) return std::nullopt;
  return at->second;
}

std::string rate(double above, double below, double scale) {
  return fmt::format("{:.2f}", below > 0 ? above * scale / below : 0.0);
}

std::string rate_metric(const Counts& counts, std::string_view name) {
  const double spend = amount(counts, Metric::spend);
  const double impressions = amount(counts, Metric::impressions);
  const double clicks = amount(counts, Metric::link_clicks);
  const double bought = amount(counts, Metric::purchases);
  const double value = amount(counts, Metric::purchase_value);
  if (name == "ctr") return rate(clicks, impressions, 100);
  if (name == "cpc") return rate(spend, clicks, 1);
  if (name == "cpm") return rate(spend, impressions, 1000);
  if (name == "frequency") return rate(impressions, amount(counts, Metric::reach), 1);
  if (name == "cost_per_1000_reached") return rate(spend, amount(counts, Metric::reach), 1000);
  if (name == "cost_per_conversion" || name == "cost_per_result") return rate(spend, bought, 1);
  if (name == "conversion_rate_v2" || name == "complete_payment_rate")
    return rate(bought, clicks, 100);
  if (name == "result_rate") return rate(bought, impressions, 100);
  if (name == "value_per_complete_payment") return rate(value, bought, 1);
  if (name == "complete_payment_roas") return rate(value, spend, 1);
  if (name == "average_video_play") {
    return rate(amount(counts, Metric::watch_time_ms) / 1000, amount(counts, Metric::video_plays),
                1);
  }
  if (name == "average_video_play_per_user") {
    return rate(amount(counts, Metric::watch_time_ms) / 1000, amount(counts, Metric::reach), 1);
  }
  return "-";
}

std::string metric_text(const Counts& counts, std::string_view name) {
  if (const std::optional<Metric> metric = plain_metric(name)) {
    return fmt::format("{}", counts.or_zero(*metric));
  }
  if (name == "spend" || name == "billed_cost") {
    return fmt::format("{:.2f}", amount(counts, Metric::spend));
  }
  if (is_among(name, "conversion complete_payment real_time_conversion result")) {
    return fmt::format("{:.0f}", amount(counts, Metric::purchases));
  }
  // The first is an amount too, whatever its name says.
  if (name == "total_complete_payment_rate" || name == "total_purchase_value") {
    return fmt::format("{:.2f}", amount(counts, Metric::purchase_value));
  }
  return rate_metric(counts, name);
}

const AdBook* some_ad_of(const Sandbox& box, Level level, std::size_t index) {
  if (level == Level::ad) return &box.ads()[index];
  for (const AdBook& ad : box.ads()) {
    if ((level == Level::campaign ? ad.campaign : ad.adset) == index) return &ad;
  }
  return nullptr;
}

std::string name_text(const Sandbox& box, const Question& question, std::size_t index,
                      std::string_view name) {
  const Level level = question.query.level;
  const AdBook* ad = level == Level::account ? nullptr : some_ad_of(box, level, index);
  if (ad == nullptr) return "-";
  if (name == "campaign_name") return box.campaigns()[ad->campaign].name;
  if (name == "adgroup_name" && level >= Level::adset) return box.adsets()[ad->adset].name;
  if (name == "ad_name" && level == Level::ad) return ad->name;
  return "-";
}

std::string id_text(const Sandbox& box, const Question& question, std::size_t index) {
  switch (question.query.level) {
    case Level::ad: return box.ads()[index].id;
    case Level::adset: return box.adsets()[index].id;
    case Level::campaign: return box.campaigns()[index].id;
    case Level::account: break;
  }
  return box.account_number(question.query.account);
}

JsonObject written(const Sandbox& box, const Question& question, const PartRow& row) {
  JsonObject dimensions{{question.id_dimension, id_text(box, question, row.row.index)}};
  if (question.daily) dimensions["stat_time_day"] = to_iso(row.row.first) + " 00:00:00";
  for (const auto& [name, value] : row.parts) dimensions[name] = std::string_view(value);
  JsonObject metrics;
  const Account& account = box.world().scene().accounts[question.query.account].account;
  for (const std::string& name : question.metrics) {
    if (name == "currency") {
      metrics[name] = account.currency.code();
    } else if (name.ends_with("_name")) {
      metrics[name] = name_text(box, question, row.row.index, name);
    } else {
      metrics[name] = metric_text(row.row.counts, name);
    }
  }
  return {{"dimensions", std::move(dimensions)}, {"metrics", std::move(metrics)}};
}

// Filtering by ids: [{"field_name":"campaign_ids","filter_type":"IN","filter_value":"[\"1\"]"}].
// The id that a filter's field names, of what is above or at the row's level.
std::string filtered_id(const Sandbox& box, const AdBook& ad, std::string_view field) {
  if (field == "campaign_ids") return box.campaigns()[ad.campaign].id;
  return field == "adgroup_ids" ? box.adsets()[ad.adset].id : ad.id;
}

void keep_rows(const Sandbox& box, Level level, const CheckedFields& filter,
               std::vector<PartRow>& rows) {
  const std::vector<std::string> ids = texts_of(filter, "filter_value");
  const std::string field = filter.text("field_name");
  std::erase_if(rows, [&](const PartRow& row) {
    const AdBook* ad = level == Level::account ? nullptr : some_ad_of(box, level, row.row.index);
    return ad == nullptr || std::ranges::find(ids, filtered_id(box, *ad, field)) == ids.end();
  });
}

std::optional<Outcome> filter_rows(Desk& desk, const Call& call, const Question& question,
                                   std::vector<PartRow>& rows) {
  constexpr auto kRules = std::to_array<FieldRule>(
      {{"field_name", FieldKind::text, true, "campaign_ids adgroup_ids ad_ids"},
       {"filter_type", FieldKind::text, true, "IN"},
       {"filter_value", FieldKind::list, true}});
  const Json* given = call.checked.fields.if_contains("filtering");
  if (given == nullptr) return std::nullopt;
  for (const Json& each : given->get_array()) {
    const CheckedFields filter =
        each.is_object() ? check_object(each.get_object(), kRules) : CheckedFields{.fine = false};
    if (!filter.fine) return broken(desk, call, "filtering: " + filter.trouble.message);
    keep_rows(desk.box, question.query.level, filter, rows);
  }
  return std::nullopt;
}

std::optional<Outcome> find_rows(Desk& desk, const Call& call, const Question& question) {
  JsonObject key = call.checked.fields;
  for (std::string_view name : {"page", "page_size", "metrics"}) key.erase(name);
  const std::string text = fmt::format("{} {}", desk.box.version(), to_text(Json(std::move(key))));
  if (text == desk.cached_key) return std::nullopt;
  std::vector<PartRow> rows;
  for (ReportedRow& row : desk.box.report(question.query)) rows.push_back({std::move(row), {}});
  for (const std::string& part : question.parts) split_into(rows, part, parts_of(part));
  if (auto refusal = filter_rows(desk, call, question, rows)) return refusal;
  desk.cached = std::move(rows);
  desk.cached_key = text;
  return std::nullopt;
}

std::string csv_cell(std::string_view text) {
  if (text.find_first_of(",\"\n") == std::string_view::npos) return std::string(text);
  std::string cell = "\"";
  for (char c : text) cell += c == '"' ? std::string("\"\"") : std::string(1, c);
  return cell + "\"";
}

// A row's names or its values.
std::string csv_line(const JsonObject& row, bool names) {
  std::string line;
  for (std::string_view side : {"dimensions", "metrics"}) {
    for (const auto& each : row.at(side).get_object()) {
      const std::string_view cell =
          names ? std::string_view(each.key()) : std::string_view(each.value().get_string());
      line += fmt::format("{}{}", line.empty() ? "" : ",", csv_cell(cell));
    }
  }
  return line + "\n";
}

Task* find_task(Desk& desk, const Call& call) {
  const auto at = std::ranges::find(desk.tasks, call.checked.text("task_id"), &Task::id);
  return at == desk.tasks.end() || at->account != call.account ? nullptr : &*at;
}

}  // namespace

Outcome report(Desk& desk, const Call& call) {
  Asked asked = question_of(desk, call);
  if (asked.refusal) return *asked.refusal;
  const std::int64_t page = call.checked.whole("page", 1);
  const std::int64_t size = call.checked.whole("page_size", 10);
  if (page < 1 || size < 1 || size > kLargestPage) {
    return broken(desk, call, "page_size: expected 1 to 1000");
  }
  if (auto refusal = find_rows(desk, call, asked.question)) return *refusal;
  const std::size_t start =
      std::min(desk.cached.size(), static_cast<std::size_t>((page - 1) * size));
  const std::size_t end = std::min(desk.cached.size(), start + static_cast<std::size_t>(size));
  JsonArray list;
  for (std::size_t i = start; i < end; ++i) {
    list.push_back(written(desk.box, asked.question, desk.cached[i]));
  }
  if (desk.cut_short && !list.empty()) list.pop_back();
  return {.data = JsonObject{{"list", std::move(list)},
                             {"page_info", page_info(page, size, desk.cached.size())}}};
}

Outcome task_create(Desk& desk, const Call& call) {
  Asked asked = question_of(desk, call);
  if (asked.refusal) return *asked.refusal;
  desk.tasks.push_back({.id = fmt::format("{}", 7'188'000'000'000'001 + desk.tasks.size()),
                        .account = call.account,
                        .question = call.checked});
  return {.data = JsonObject{{"task_id", desk.tasks.back().id}}};
}

Outcome task_check(Desk& desk, const Call& call) {
  Task* task = find_task(desk, call);
  if (task == nullptr) return refused(40200, "The task does not exist");
  ++task->looks;
  const std::string_view status = task->cancelled                  ? "CANCELED"
                                  : task->looks >= kLooksUntilDone ? "SUCCESS"
                                  : task->looks == 1               ? "QUEUING"
                                                                   : "PROCESSING";
  return {.data = JsonObject{{"status", status}, {"message", ""}}};
}

Outcome task_download(Desk& desk, const Call& call) {
  Task* task = find_task(desk, call);
  if (task == nullptr) return refused(40200, "The task does not exist");
  if (task->cancelled || task->looks < kLooksUntilDone)
    return refused(40201, "The task is not ready");
  const Call inner{call.arrived, call.path, task->question, task->account};
  Asked asked = question_of(desk, inner);
  if (asked.refusal) return *asked.refusal;
  if (auto refusal = find_rows(desk, inner, asked.question)) return *refusal;
  std::string csv;
  for (const PartRow& row : desk.cached) {
    const JsonObject object = written(desk.box, asked.question, row);
    if (csv.empty()) csv = csv_line(object, true);
    csv += csv_line(object, false);
  }
  return {.raw = csv.empty() ? "\n" : csv};
}

Outcome task_cancel(Desk& desk, const Call& call) {
  Task* task = find_task(desk, call);
  if (task == nullptr) return refused(40200, "The task does not exist");
  if (task->looks >= kLooksUntilDone) return refused(40202, "The task is done already");
  task->cancelled = true;
  return {};
}

}  // namespace rf::sim::tiktok
