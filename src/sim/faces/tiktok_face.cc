#include "sim/faces/tiktok_face.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "sim/faces/tiktok_desk.h"

namespace rf::sim {
namespace {

using tiktok::Call;
using tiktok::Desk;
using tiktok::Outcome;
using tiktok::refused;

constexpr std::string_view kBase = "/open_api/v1.3/";

}  // namespace

class TiktokAnswers {
 public:
  explicit TiktokAnswers(CallBook& book) : desk_{book, book.sandbox()} {}

  net::Response answer(const net::Request& request) {
    auto lock = desk_.box.lock();
    const Fault fault = desk_.book.begin();
    if (fault == Fault::lost_before) return no_answer();
    if (fault == Fault::refused) return enveloped(refused(50000, "System error"));
    if (fault == Fault::throttled) return enveloped(too_many());
    desk_.cut_short = fault == Fault::cut_short;
    Outcome outcome = served(request);
    if (fault == Fault::twice) outcome = served(request);
    desk_.cut_short = false;
    return fault == Fault::lost_after ? no_answer() : enveloped(outcome);
  }

 private:
  static Outcome too_many() {
    return refused(40100, "Requests made too frequently. Please retry later.");
  }

  net::Response enveloped(const Outcome& outcome) const {
    if (!outcome.raw.empty()) {
      return {.status = 200, .headers = {{"Content-Type", "text/csv"}}, .body = outcome.raw};
    }
    return json_response(
        outcome.http, JsonObject{{"code", outcome.code},
                                 {"message", outcome.message},
                                 {"request_id", fmt::format("20260302{:016X}", desk_.book.calls())},
                                 {"data", outcome.data}});
  }

  Outcome served(const net::Request& request) {
    Result<Arrived> taken = take_apart(request);
    if (!taken) {
      desk_.book.breach(request.method, request.target.substr(0, request.target.find('?')),
                        taken.error().message);
      return refused(40001, taken.error().message);
    }
    const Arrived& arrived = *taken;
    const std::string path =
        arrived.path.starts_with(kBase) ? arrived.path.substr(kBase.size()) : std::string();
    // The slash at the end is a part of the path.
    if (tiktok::rules_of(path).empty() || tiktok::method_of(path) != arrived.method) {
      desk_.book.breach(arrived.method, arrived.path, "unknown path or method");
      return {40006, "The requested path or method does not exist", JsonObject(), 404};
    }
    if (!path.starts_with("oauth2/")) {
      if (auto refusal = auth_refusal(request)) return *refusal;
    }
    Call call{arrived, path, check_fields(arrived, tiktok::rules_of(path))};
    if (!call.checked.fine) return broken_fields(call);
    return admitted(call);
  }

  std::optional<Outcome> auth_refusal(const net::Request& request) const {
    const std::string_view token = request.headers.find("access-token").value_or("");
    if (token.empty()) return refused(40104, "Access token is empty");
    if (!desk_.book.token_is_good(token)) return refused(40105, "Access token is incorrect");
    if (desk_.book.token_expired()) return refused(40102, "Access token has expired");
    return std::nullopt;
  }

  Outcome broken_fields(const Call& call) {
    const FieldTrouble& trouble = call.checked.trouble;
    if (trouble.breach == Breach::missing) return refused(40002, trouble.message);
    return tiktok::broken(desk_, call, trouble.message);
  }

  Outcome admitted(Call& call) {
    const std::string number = call.checked.text("advertiser_id");
    if (!number.empty()) {
      const auto account = desk_.box.find_account(Platform::tiktok, number);
      if (!account)
        return refused(40001, fmt::format("No permission to operate advertiser {}", number));
      call.account = *account;
    }
    if (const double limit = desk_.book.rules().calls_per_hour; limit > 0) {
      RateGauge& gauge = desk_.book.gauge(number);
      gauge.count(desk_.box.now(), limit);
      if (gauge.used_share(limit) > 1) return too_many();
    }
    return dispatch(call);
  }

  Outcome dispatch(const Call& call) {
    if (call.path.starts_with("report/")) return of_reports(call);
    if (call.path.starts_with("campaign/")) return of_campaigns(call);
    if (call.path.starts_with("adgroup/")) return of_groups(call);
    if (call.path.starts_with("ad/")) return of_ads(call);
    if (call.path.starts_with("file/")) return of_files(call);
    if (call.path == "event/track/") return tiktok::track_events(desk_, call);
    if (call.path == "pixel/track/") return tiktok::track_pixel(desk_, call);
    if (call.path == "advertiser/info/") return advertisers(call);
    if (call.path == "oauth2/access_token/") return token();
    if (call.path == "oauth2/advertiser/get/") return token_advertisers();
    return identities();
  }

  Outcome of_reports(const Call& call) {
    if (call.path == "report/integrated/get/") return tiktok::report(desk_, call);
    if (call.path == "report/task/create/") return tiktok::task_create(desk_, call);
    if (call.path == "report/task/check/") return tiktok::task_check(desk_, call);
    if (call.path == "report/task/download/") return tiktok::task_download(desk_, call);
    return tiktok::task_cancel(desk_, call);
  }

  Outcome of_campaigns(const Call& call) {
    if (call.path == "campaign/get/") return tiktok::list_things(desk_, call, Level::campaign);
    if (call.path == "campaign/create/") return tiktok::create_campaign(desk_, call);
    if (call.path == "campaign/update/") return tiktok::update_campaign(desk_, call);
    return tiktok::update_status(desk_, call, Level::campaign);
  }

  Outcome of_groups(const Call& call) {
    if (call.path == "adgroup/get/") return tiktok::list_things(desk_, call, Level::adset);
    if (call.path == "adgroup/create/") return tiktok::create_group(desk_, call);
    if (call.path == "adgroup/update/") return tiktok::update_group(desk_, call);
    if (call.path == "adgroup/budget/update/") return tiktok::update_budgets(desk_, call);
    return tiktok::update_status(desk_, call, Level::adset);
  }

  Outcome of_ads(const Call& call) {
    if (call.path == "ad/get/") return tiktok::list_things(desk_, call, Level::ad);
    if (call.path == "ad/create/") return tiktok::create_ads(desk_, call);
    if (call.path == "ad/update/") return tiktok::update_ads(desk_, call);
    return tiktok::update_status(desk_, call, Level::ad);
  }

  Outcome of_files(const Call& call) {
    if (call.path == "file/video/ad/upload/") return tiktok::upload_video(desk_, call);
    if (call.path == "file/video/ad/info/") return tiktok::video_info(desk_, call);
    if (call.path == "file/video/ad/search/") return tiktok::video_search(desk_, call);
    return tiktok::upload_image(desk_, call);
  }

  Json advertiser_field(std::size_t account, std::string_view name) const {
    const Account& about = desk_.box.world().scene().accounts[account].account;
    if (name == "advertiser_id") return Json(desk_.box.account_number(account));
    if (name == "name" || name == "company") return Json(std::string_view(about.name));
    if (name == "currency") return Json(about.currency.code());
    if (name == "timezone" || name == "display_timezone")
      return Json(std::string_view(about.zone.name()));
    if (name == "balance") return Json(0.0);
    if (name == "status") return Json("STATUS_ENABLE");
    return Json("");
  }

  Outcome advertisers(const Call& call) {
    std::vector<std::string> names = tiktok::texts_of(call.checked, "fields");
    for (const std::string& name : names) {
      if (!is_among(name, tiktok::kAdvertiserFields)) {
        return tiktok::broken(desk_, call, fmt::format("fields: '{}' is not supported", name));
      }
    }
    if (names.empty()) names = {"name", "currency", "timezone", "status"};
    names.emplace_back("advertiser_id");
    JsonArray list;
    for (const std::string& number : tiktok::texts_of(call.checked, "advertiser_ids")) {
      const auto account = desk_.box.find_account(Platform::tiktok, number);
      if (!account)
        return refused(40001, fmt::format("No permission to operate advertiser {}", number));
      JsonObject object;
      for (const std::string& name : names) object[name] = advertiser_field(*account, name);
      list.push_back(std::move(object));
    }
    return {.data = JsonObject{{"list", std::move(list)}}};
  }

  JsonArray numbers() const {
    JsonArray list;
    const auto& accounts = desk_.box.world().scene().accounts;
    for (std::size_t i = 0; i < accounts.size(); ++i) {
      if (accounts[i].account.platform == Platform::tiktok)
        list.emplace_back(desk_.box.account_number(i));
    }
    return list;
  }

  Outcome token() {
    desk_.book.renew_token();
    return {.data = JsonObject{{"access_token", desk_.book.rules().token},
                               {"advertiser_ids", numbers()},
                               {"scope", JsonArray{1, 2, 3, 4}}}};
  }

  Outcome token_advertisers() {
    JsonArray list;
    for (const Json& number : numbers()) {
      const auto account = desk_.box.find_account(Platform::tiktok, number.get_string());
      list.push_back(JsonObject{{"advertiser_id", number},
                                {"advertiser_name", advertiser_field(*account, "name")}});
    }
    return {.data = JsonObject{{"list", std::move(list)}}};
  }

  Outcome identities() {
    JsonObject identity{{"identity_id", "7100000000000000009"},
                        {"identity_type", "CUSTOMIZED_USER"},
                        {"display_name", "Sandbox"}};
    return {.data = JsonObject{{"identity_list", JsonArray{std::move(identity)}},
                               {"page_info", tiktok::page_info(1, 10, 1)}}};
  }

  Desk desk_;
};

TiktokFace::TiktokFace(Sandbox& sandbox, FaceRules rules)
    : book_(sandbox, std::move(rules)), answers_(std::make_unique<TiktokAnswers>(book_)) {}

TiktokFace::~TiktokFace() = default;

net::Response TiktokFace::answer(const net::Request& request) { return answers_->answer(request); }

}  // namespace rf::sim
