#include "sim/faces/control_face.h"

#include <algorithm>

#include <fmt/format.h>

#include "sim/faces/fields.h"

namespace rf::sim {
namespace {

// Chosen: a year in one call, and a decade with some patience.
constexpr std::int64_t kDaysMax = 366;

net::Response problem(int status, const std::string& message) {
  return json_response(status, JsonObject{{"error", message}});
}

std::int64_t orders_of(const AdDay& day) { return std::ssize(day.orders); }

}  // namespace

JsonObject ControlFace::overview() const {
  JsonArray accounts;
  for (std::size_t i = 0; i < sandbox_.world().scene().accounts.size(); ++i) {
    const Account& account = sandbox_.world().scene().accounts[i].account;
    accounts.push_back(JsonObject{{"platform", to_string(account.platform)},
                                  {"id", sandbox_.account_number(i)},
                                  {"name", account.name},
                                  {"currency", account.currency.code()},
                                  {"zone", account.zone.name()}});
  }
  JsonObject faces;
  for (const auto& [name, book] : books_) {
    JsonArray texts;
    for (const std::string& text : book->breach_texts()) texts.emplace_back(std::string_view(text));
    faces[name] = JsonObject{{"calls", book->calls()},
                             {"faults", book->faults()},
                             {"breaches", book->breaches()},
                             {"breach_texts", std::move(texts)}};
  }
  return {{"today", to_iso(sandbox_.today())},
          {"now", to_rfc3339(sandbox_.now())},
          {"accounts", std::move(accounts)},
          {"faces", std::move(faces)},
          {"writes", std::ssize(sandbox_.writes())},
          {"events_kept", sandbox_.events_kept()},
          {"events_doubled", sandbox_.events_doubled()}};
}

JsonArray ControlFace::ads() const {
  JsonArray list;
  for (std::size_t i = 0; i < sandbox_.ads().size(); ++i) {
    const AdBook& ad = sandbox_.ads()[i];
    std::int64_t spend = 0;
    std::int64_t impressions = 0;
    std::int64_t orders = 0;
    for (const AdDay& day : sandbox_.world().days_of(ad.world_ad)) {
      spend += day.counts.or_zero(Metric::spend);
      impressions += day.counts.or_zero(Metric::impressions);
      orders += orders_of(day);
    }
    const Truth truth = sandbox_.world().truth(ad.world_ad);
    list.push_back(JsonObject{{"account", sandbox_.account_number(ad.account)},
                              {"ad_id", ad.id},
                              {"adset_id", sandbox_.adsets()[ad.adset].id},
                              {"campaign_id", sandbox_.campaigns()[ad.campaign].id},
                              {"delivers", sandbox_.delivers({Level::ad, i})},
                              {"spend_micros", spend},
                              {"impressions", impressions},
                              {"orders", orders},
                              {"truth", name_of(truth.ad_class)},
                              {"roas_ratio", truth.roas_ratio}});
  }
  return list;
}

JsonArray ControlFace::writes() const {
  JsonArray list;
  for (const WriteRecord& write : sandbox_.writes()) {
    list.push_back(JsonObject{{"at", to_rfc3339(write.at)},
                              {"what", write.what},
                              {"id", write.id},
                              {"from", write.from},
                              {"to", write.to}});
  }
  return list;
}

net::Response ControlFace::advance(const net::Request& request) {
  Result<Json> body = parse_json(request.body.empty() ? "{}" : request.body);
  if (!body) return problem(400, body.error().message);
  constexpr FieldRule kDays[] = {{"days", FieldKind::whole}};
  const CheckedFields checked =
      body->is_object() ? check_object(body->get_object(), kDays) : CheckedFields{.fine = false};
  const std::int64_t days = checked.whole("days", 1);
  if (!checked.fine || days < 0 || days > kDaysMax) {
    return problem(400, fmt::format("expected {{\"days\": 0 to {}}}", kDaysMax));
  }
  sandbox_.run_days(days);
  return json_response(200, overview());
}

net::Response ControlFace::answer(const net::Request& request) {
  auto lock = sandbox_.lock();
  const std::string call = request.method + " " + request.target;
  if (call == "GET /sandbox") return json_response(200, overview());
  if (call == "GET /sandbox/ads") return json_response(200, ads());
  if (call == "GET /sandbox/writes") return json_response(200, writes());
  if (call == "POST /sandbox/advance") return advance(request);
  if (call == "POST /sandbox/renew-token") {
    for (const auto& [name, book] : books_) book->renew_token();
    return json_response(200, overview());
  }
  if (call == "POST /sandbox/stop") {
    stopped_ = true;
    return json_response(200, overview());
  }
  return problem(404, fmt::format("{} is not known here", call));
}

}  // namespace rf::sim
