#include "sim/faces/meta_face.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include <fmt/format.h>

#include "base/hmac.h"
#include "sim/faces/meta_desk.h"

namespace rf::sim {
namespace {

using meta::Call;
using meta::Desk;
using meta::refuse;

constexpr std::string_view kVersions = "v24.0 v25.0 v26.0";
constexpr std::size_t kBatchMax = 50;

// Calls of one account in an hour, with limited access.
// Source: Marketing API, rate limits: ads_management and ads_insights.
double calls_per_hour(const CallBook& book, bool insights, std::int64_t active_ads) {
  if (book.rules().calls_per_hour > 0) return book.rules().calls_per_hour;
  const auto ads = static_cast<double>(active_ads);
  return insights ? 600 + 400 * ads : 300 + 40 * ads;
}

// Fields that any call may carry and that are no fields of the object.
std::string take_out(Arrived& arrived, std::string_view name) {
  std::string value;
  for (TextFields* fields : {&arrived.query, &arrived.form}) {
    const auto at = std::ranges::find(*fields, name, &TextFields::value_type::first);
    if (at == fields->end()) continue;
    value = at->second;
    fields->erase(at);
  }
  if (const Json* given = arrived.body.if_contains(name)) {
    if (given->is_string()) value = std::string(given->get_string());
    arrived.body.erase(name);
  }
  return value;
}

std::string token_in(Arrived& arrived, const net::Request& request) {
  std::string token = take_out(arrived, "access_token");
  const std::string_view header = request.headers.find("authorization").value_or("");
  for (std::string_view scheme : {"Bearer ", "OAuth "}) {
    if (token.empty() && header.starts_with(scheme)) token = header.substr(scheme.size());
  }
  return token;
}

net::Response transient() {
  return refuse(
      {.code = 2, .message = "Service temporarily unavailable", .transient = true, .http = 503});
}

}  // namespace

class MetaAnswers {
 public:
  explicit MetaAnswers(CallBook& book) : desk_{book, book.sandbox()} {}

  net::Response answer(const net::Request& request) {
    auto lock = desk_.box.lock();
    Result<Arrived> taken = take_apart(request);
    if (!taken) {
      desk_.book.breach(request.method, request.target.substr(0, request.target.find('?')),
                        taken.error().message);
      return refuse({.code = 100, .message = taken.error().message});
    }
    Arrived arrived = std::move(taken).value();
    const std::string token = token_in(arrived, request);
    const Fault fault = desk_.book.begin();
    if (fault == Fault::lost_before) return no_answer();
    if (fault == Fault::refused) return transient();
    if (auto refusal = auth_refusal(arrived, token)) return *refusal;
    desk_.cut_short = fault == Fault::cut_short;
    net::Response response = served(arrived, token, request, fault == Fault::throttled);
    if (fault == Fault::twice) response = served(arrived, token, request, false);
    desk_.cut_short = false;
    return fault == Fault::lost_after ? no_answer() : response;
  }

 private:
  std::optional<net::Response> auth_refusal(Arrived& arrived, const std::string& token) const {
    const auto denied = [](int subcode, std::string message) {
      return refuse({.code = 190, .subcode = subcode, .message = std::move(message), .http = 401});
    };
    const std::string proof = take_out(arrived, "appsecret_proof");
    if (token.empty()) {
      return refuse({.code = 2500,
                     .message = "An active access token must be used to query information about "
                                "the current user"});
    }
    if (!desk_.book.token_is_good(token)) {
      return denied(467, "Error validating access token: The access token is invalid");
    }
    if (desk_.book.token_expired()) {
      return denied(463, "Error validating access token: Session has expired");
    }
    const std::string& secret = desk_.book.rules().app_secret;
    if (!proof.empty() && proof != hmac_sha256_hex(secret, token)) {
      return refuse(
          {.code = 100, .message = "Invalid appsecret_proof provided in the API argument"});
    }
    return std::nullopt;
  }

  // A call to an address that does not exist.
  net::Response unknown_path(const Arrived& arrived) {
    desk_.book.breach(arrived.method, arrived.path, "unknown path");
    return refuse(
        {.code = 2500, .message = fmt::format("Unknown path components: {}", arrived.path)});
  }

  net::Response unknown_node(const Call& call) {
    return refuse({.code = 100,
                   .subcode = 33,
                   .message = fmt::format("Unsupported {} request. Object with ID '{}' does not "
                                          "exist, cannot be loaded due to missing permissions, or "
                                          "does not support this operation",
                                          call.arrived.method, call.node)});
  }

  net::Response served(Arrived& arrived, const std::string& token, const net::Request& request,
                       bool throttled) {
    if (arrived.parts.size() == 2 && arrived.parts[0] == "rupload") {
      return meta::resumable_bytes(desk_, request, arrived.parts[1]);
    }
    if (arrived.parts.empty() || !is_among(arrived.parts[0], kVersions) ||
        arrived.parts.size() > 3) {
      return unknown_path(arrived);
    }
    if (arrived.method == "POST" && arrived.parts.size() > 1) take_out(arrived, "id");
    if (arrived.parts.size() == 1) return batch(arrived, token);
    return one_call(arrived, token, throttled);
  }

  net::Response one_call(const Arrived& arrived, const std::string& token, bool throttled) {
    const Call call{.arrived = arrived,
                    .base = fmt::format("http://{}/{}", arrived.host, arrived.parts[0]),
                    .token = token,
                    .node = arrived.parts[1],
                    .edge = arrived.parts.size() == 3 ? arrived.parts[2] : ""};
    const std::optional<std::size_t> account = account_behind(call.node);
    const std::string key = account ? desk_.box.account_number(*account) : "app";
    const bool insights = call.edge == "insights";
    const double per_hour = calls_per_hour(desk_.book, insights, active_ads(account));
    RateGauge& gauge = desk_.book.gauge(key + (insights ? " insights" : " management"));
    gauge.count(desk_.box.now(), per_hour);
    const double used = gauge.used_share(per_hour);
    net::Response response = used > 1 || throttled ? too_many(insights) : dispatch(call, account);
    add_usage(response, key, insights, throttled ? std::max(used, 1.0) : used);
    return response;
  }

  std::int64_t active_ads(std::optional<std::size_t> account) const {
    if (!account) return 0;
    return std::ranges::count_if(desk_.box.ads(), [&](const AdBook& ad) {
      return ad.account == *account && ad.state == RunState::active;
    });
  }

  static net::Response too_many(bool insights) {
    return refuse({.code = insights ? 80000 : 80004,
                   .subcode = 2446079,
                   .message = "There have been too many calls to this ad-account. Wait a bit and "
                              "try again",
                   .transient = true});
  }

  static void add_usage(net::Response& response, const std::string& key, bool insights,
                        double used) {
    const auto percent = static_cast<std::int64_t>(std::floor(100 * used));
    // The limit drains within the hour; a client may go on once a tenth of it is free.
    const auto minutes = used > 1 ? static_cast<std::int64_t>(std::ceil((used - 0.9) * 60)) : 0;
    JsonObject use{{"type", insights ? "ads_insights" : "ads_management"},
                   {"call_count", percent},
                   {"total_cputime", percent / 2},
                   {"total_time", percent / 2},
                   {"estimated_time_to_regain_access", minutes},
                   {"ads_api_access_tier", "development_access"}};
    response.headers.add("x-business-use-case-usage",
                         to_text(Json(JsonObject{{key, JsonArray{std::move(use)}}})));
    response.headers.add("x-app-usage", to_text(Json(JsonObject{{"call_count", percent / 10},
                                                                {"total_time", percent / 20},
                                                                {"total_cputime", percent / 20}})));
    response.headers.add(
        "x-ad-account-usage",
        to_text(Json(JsonObject{{"acc_id_util_pct", std::round(used * 10000) / 100},
                                {"reset_time_duration", minutes * 60},
                                {"ads_api_access_tier", "development_access"}})));
    if (!insights) return;
    response.headers.add("x-fb-ads-insights-throttle",
                         to_text(Json(JsonObject{{"app_id_util_pct", percent / 10},
                                                 {"acc_id_util_pct", percent},
                                                 {"ads_api_access_tier", "development_access"}})));
  }

  std::optional<std::size_t> account_behind(std::string_view node) const {
    if (node.starts_with("act_")) return desk_.box.find_account(Platform::meta, node.substr(4));
    if (const auto place = desk_.box.find(node)) return desk_.box.account_of(*place);
    if (const auto asset = desk_.box.find_asset(node)) return desk_.box.assets()[*asset].account;
    const auto run = std::ranges::find(desk_.runs, node, &meta::ReportRun::id);
    if (run != desk_.runs.end()) return run->question.account;
    return std::nullopt;
  }

  net::Response dispatch(const Call& call, std::optional<std::size_t> account) {
    if (call.node == "me" && call.edge == "adaccounts" && call.arrived.method == "GET") {
      return meta::list_accounts(desk_, call);
    }
    if (call.edge == "events" && call.arrived.method == "POST" && is_digits(call.node) &&
        !account) {
      return meta::take_events(desk_, call);
    }
    if (!account || !is_meta(*account)) return unknown_node(call);
    if (call.node.starts_with("act_")) return of_account(call, *account);
    const auto run = std::ranges::find(desk_.runs, call.node, &meta::ReportRun::id);
    if (run != desk_.runs.end()) return of_run(call, *run);
    if (const auto place = desk_.box.find(call.node)) return of_place(call, *account, *place);
    return of_asset(call, *desk_.box.find_asset(call.node));
  }

  bool is_meta(std::size_t account) const {
    return desk_.box.world().scene().accounts[account].account.platform == Platform::meta;
  }

  net::Response of_account(const Call& call, std::size_t account) {
    if (call.arrived.method == "GET") return account_reads(call, account);
    if (call.arrived.method == "POST") return account_writes(call, account);
    return unknown_path(call.arrived);
  }

  net::Response account_reads(const Call& call, std::size_t account) {
    if (call.edge.empty()) return meta::read_account(desk_, call, account);
    if (call.edge == "campaigns")
      return meta::list_places(desk_, call, {account, Level::campaign, {}, {}});
    if (call.edge == "adsets")
      return meta::list_places(desk_, call, {account, Level::adset, {}, {}});
    if (call.edge == "ads") return meta::list_places(desk_, call, {account, Level::ad, {}, {}});
    if (call.edge == "insights") return meta::insights(desk_, call, account, std::nullopt);
    if (call.edge == "minimum_budgets") return meta::minimum_budgets(desk_, account);
    if (call.edge == "adcreatives") return meta::list_assets(desk_, call, account, "creative");
    if (call.edge == "advideos" || call.edge == "video_ads") {
      return meta::list_assets(desk_, call, account, "video");
    }
    return unknown_path(call.arrived);
  }

  net::Response account_writes(const Call& call, std::size_t account) {
    if (call.edge == "campaigns") return meta::create_place(desk_, call, account, Level::campaign);
    if (call.edge == "adsets") return meta::create_place(desk_, call, account, Level::adset);
    if (call.edge == "ads") return meta::create_place(desk_, call, account, Level::ad);
    if (call.edge == "insights") return meta::start_run(desk_, call, account);
    if (call.edge == "adcreatives") return meta::create_creative(desk_, call, account);
    if (call.edge == "advideos") return meta::upload_video(desk_, call, account);
    if (call.edge == "video_ads") return meta::video_ads(desk_, call, account);
    if (call.edge == "adimages") return meta::upload_image(desk_, call, account);
    return unknown_path(call.arrived);
  }

  net::Response of_run(const Call& call, meta::ReportRun& run) {
    if (call.arrived.method == "GET" && call.edge.empty()) return meta::read_run(desk_, call, run);
    if (call.arrived.method == "GET" && call.edge == "insights")
      return meta::run_rows(desk_, call, run);
    return unknown_path(call.arrived);
  }

  net::Response of_place(const Call& call, std::size_t account, Sandbox::Place place) {
    if (call.arrived.method == "GET") return place_reads(call, account, place);
    if (call.arrived.method == "DELETE" && call.edge.empty()) {
      desk_.box.set_state(place, RunState::deleted);
      return json_response(200, JsonObject{{"success", true}});
    }
    if (call.arrived.method != "POST") return unknown_path(call.arrived);
    if (call.edge.empty()) return meta::update_place(desk_, call, place);
    if (call.edge == "copies") return meta::copy_place(desk_, call, place);
    return unknown_path(call.arrived);
  }

  net::Response place_reads(const Call& call, std::size_t account, Sandbox::Place place) {
    if (call.edge.empty()) return meta::read_place(desk_, call, place);
    if (call.edge == "insights") return meta::insights(desk_, call, account, place);
    if (place.level == Level::campaign && call.edge == "adsets") {
      return meta::list_places(desk_, call, {account, Level::adset, place.index, {}});
    }
    if (place.level == Level::campaign && call.edge == "ads") {
      return meta::list_places(desk_, call, {account, Level::ad, place.index, {}});
    }
    if (place.level == Level::adset && call.edge == "ads") {
      return meta::list_places(desk_, call, {account, Level::ad, {}, place.index});
    }
    return unknown_path(call.arrived);
  }

  net::Response of_asset(const Call& call, std::size_t asset) {
    const bool video = desk_.box.assets()[asset].kind == "video";
    if (call.arrived.method == "GET" && call.edge.empty())
      return meta::read_asset(desk_, call, asset);
    if (call.arrived.method == "GET" && call.edge == "thumbnails" && video) {
      return meta::thumbnails(call, call.node);
    }
    return unknown_path(call.arrived);
  }

  // Several calls in one: each has its own answer, and the whole is fine.
  net::Response batch(Arrived& arrived, const std::string& token) {
    constexpr auto kRules = std::to_array<FieldRule>(
        {{"batch", FieldKind::list, true}, {"include_headers", FieldKind::boolean}});
    if (arrived.method != "POST") return unknown_path(arrived);
    meta::Taken taken = meta::take_fields(desk_, arrived, kRules);
    if (taken.refusal) return *taken.refusal;
    const JsonArray& items = taken.checked.fields.at("batch").get_array();
    if (items.size() > kBatchMax) {
      return refuse({.message = "Too many requests in batch message", .field = "batch"});
    }
    JsonArray answers;
    for (const Json& item : items) answers.push_back(batch_item(arrived, token, item));
    return json_response(200, answers);
  }

  Json batch_item(const Arrived& arrived, const std::string& token, const Json& item) {
    constexpr auto kRules =
        std::to_array<FieldRule>({{"method", FieldKind::text, true},
                                  {"relative_url", FieldKind::text, true},
                                  {"body", FieldKind::text},
                                  {"name", FieldKind::text},
                                  {"omit_response_on_success", FieldKind::boolean}});
    const CheckedFields checked =
        item.is_object() ? check_object(item.get_object(), kRules) : CheckedFields{.fine = false};
    net::Response response;
    if (!checked.fine) {
      response = meta::refuse_trouble(desk_, arrived, checked.trouble);
    } else {
      net::Request request{
          .method = checked.text("method"),
          .target = fmt::format("/{}/{}", arrived.parts[0], checked.text("relative_url")),
          .headers = {{"host", arrived.host},
                      {"content-type", "application/x-www-form-urlencoded"}},
          .body = checked.text("body")};
      Result<Arrived> inner = take_apart(request);
      const bool fine = inner.has_value() && inner->parts.size() >= 2 && inner->parts.size() <= 3;
      response = fine ? one_call(*inner, token, false) : unknown_path(arrived);
    }
    JsonArray headers;
    for (const auto& [name, value] : response.headers.fields()) {
      headers.push_back(JsonObject{{"name", name}, {"value", value}});
    }
    return JsonObject{
        {"code", response.status}, {"headers", std::move(headers)}, {"body", response.body}};
  }

  Desk desk_;
};

MetaFace::MetaFace(Sandbox& sandbox, FaceRules rules)
    : book_(sandbox, std::move(rules)), answers_(std::make_unique<MetaAnswers>(book_)) {}

MetaFace::~MetaFace() = default;

net::Response MetaFace::answer(const net::Request& request) { return answers_->answer(request); }

}  // namespace rf::sim
