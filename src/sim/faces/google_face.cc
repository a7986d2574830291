#include "sim/faces/google_face.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

#include <fmt/format.h>

#include "base/sha256.h"
#include "sim/faces/fields.h"
#include "sim/faces/google_rows.h"

namespace rf::sim {
namespace {

constexpr std::string_view kVersions = "v24 v25 v26";
// Source: googleAds:search has pages of 10,000 rows.
constexpr std::size_t kPageRows = 10'000;

// What is wrong with a call, in Google's words.
struct Trouble {
  int http = 400;
  std::string_view status = "INVALID_ARGUMENT";
  std::string_view family = "requestError";
  std::string_view code = "UNKNOWN";
  std::string message = {};
  std::int64_t operation = -1;  // Its index, where one of several is wrong.
};

JsonObject failure_error(const Trouble& trouble) {
  JsonObject error{{"errorCode", JsonObject{{trouble.family, trouble.code}}},
                   {"message", trouble.message}};
  if (trouble.operation >= 0) {
    error["location"] = JsonObject{
        {"fieldPathElements",
         JsonArray{JsonObject{{"fieldName", "operations"}, {"index", trouble.operation}}}}};
  }
  if (trouble.family == "quotaError") {
    error["details"] = JsonObject{
        {"quotaErrorDetails",
         JsonObject{{"rateScope", "DEVELOPER"}, {"rateName", "Requests"}, {"retryDelay", "900s"}}}};
  }
  return error;
}

JsonArray failure_details(const Trouble& trouble, std::string_view version) {
  return {JsonObject{
      {"@type",
       fmt::format("type.googleapis.com/google.ads.googleads.{}.errors.GoogleAdsFailure", version)},
      {"errors", JsonArray{failure_error(trouble)}},
      {"requestId", sha256_hex(trouble.message).substr(0, 22)}}};
}

net::Response refused(const Trouble& trouble, std::string_view version, bool stream) {
  JsonObject body{{"error", JsonObject{{"code", trouble.http},
                                       {"message", trouble.message},
                                       {"status", trouble.status},
                                       {"details", failure_details(trouble, version)}}}};
  return json_response(trouble.http, stream ? Json(JsonArray{std::move(body)}) : Json(body));
}

constexpr auto kSearch = std::to_array<FieldRule>({{"query", FieldKind::text, true},
                                                   {"pageToken", FieldKind::text},
                                                   {"validateOnly", FieldKind::boolean},
                                                   {"searchSettings", FieldKind::object}});

constexpr auto kMutate = std::to_array<FieldRule>(
    {{"operations", FieldKind::list, true},
     {"partialFailure", FieldKind::boolean},
     {"validateOnly", FieldKind::boolean},
     {"responseContentType", FieldKind::text, false, "RESOURCE_NAME_ONLY MUTABLE_RESOURCE"}});

constexpr auto kOperation = std::to_array<FieldRule>({{"create", FieldKind::object},
                                                      {"update", FieldKind::object},
                                                      {"updateMask", FieldKind::text},
                                                      {"remove", FieldKind::text}});

constexpr auto kUpdate =
    std::to_array<FieldRule>({{"resourceName", FieldKind::text, true},
                              {"status", FieldKind::text, false, "ENABLED PAUSED"},
                              {"name", FieldKind::text},
                              {"amountMicros", FieldKind::whole}});

struct Kind {
  std::string_view name;
  Level level;
  std::string_view masks;
};

constexpr auto kKinds = std::to_array<Kind>({{"campaignBudgets", Level::campaign, "amountMicros"},
                                             {"campaigns", Level::campaign, "status name"},
                                             {"adGroups", Level::adset, "status name"},
                                             {"adGroupAds", Level::ad, "status"}});

bool flag(const CheckedFields& checked, std::string_view name) {
  const Json* value = checked.fields.if_contains(name);
  return value != nullptr && value->is_bool() && value->get_bool();
}

// One change, looked through before anything is done.
struct Step {
  Sandbox::Place place;
  CheckedFields update;
  std::string mask;
  std::string name;
  bool remove = false;
};

}  // namespace

class GoogleAnswers {
 public:
  explicit GoogleAnswers(CallBook& book) : book_(book), box_(book.sandbox()) {}

  net::Response answer(const net::Request& request) {
    auto lock = box_.lock();
    const Fault fault = book_.begin();
    const bool stream = request.target.find(":searchStream") != std::string::npos;
    if (fault == Fault::lost_before) return no_answer();
    if (fault == Fault::refused) {
      return refused({503, "UNAVAILABLE", "internalError", "TRANSIENT_ERROR",
                      "The service is currently unavailable."},
                     "v24", stream);
    }
    if (fault == Fault::throttled) return refused(too_many(), "v24", stream);
    net::Response response = served(request, stream);
    if (fault == Fault::twice) response = served(request, stream);
    return fault == Fault::lost_after ? no_answer() : response;
  }

 private:
  static Trouble too_many() {
    return {429, "RESOURCE_EXHAUSTED", "quotaError", "RESOURCE_EXHAUSTED", "Too many requests"};
  }

  Trouble broken(const Arrived& arrived, std::string_view family, std::string_view code,
                 std::string message) {
    book_.breach(arrived.method, arrived.path, message);
    return {400, "INVALID_ARGUMENT", family, code, std::move(message)};
  }

  net::Response served(const net::Request& request, bool stream) {
    Result<Arrived> taken = take_apart(request);
    if (!taken) {
      book_.breach(request.method, request.target, taken.error().message);
      return refused({.message = taken.error().message}, "v24", stream);
    }
    const Arrived& arrived = *taken;
    if (arrived.path == "/token" && arrived.method == "POST") return token(arrived);
    const std::vector<std::string>& parts = arrived.parts;
    if (parts.size() < 2 || !is_among(parts[0], kVersions)) return unknown(arrived, "v24", stream);
    if (auto trouble = auth_trouble(request)) return refused(*trouble, parts[0], stream);
    if (parts[1] == "customers:listAccessibleCustomers" && arrived.method == "GET") {
      return customers();
    }
    if (parts.size() != 4 || parts[1] != "customers" || arrived.method != "POST") {
      return unknown(arrived, parts[0], stream);
    }
    return of_customer(arrived, stream);
  }

  net::Response unknown(const Arrived& arrived, std::string_view version, bool stream) {
    book_.breach(arrived.method, arrived.path, "unknown path");
    return refused({404, "NOT_FOUND", "requestError", "UNKNOWN", "The path does not exist"},
                   version, stream);
  }

  std::optional<Trouble> auth_trouble(const net::Request& request) const {
    const auto denied = [](std::string_view code, std::string message) {
      return Trouble{401, "UNAUTHENTICATED", "authenticationError", code, std::move(message)};
    };
    const std::string_view header = request.headers.find("authorization").value_or("");
    if (!header.starts_with("Bearer ") || !book_.token_is_good(header.substr(7))) {
      return denied("OAUTH_TOKEN_INVALID", "Request had invalid authentication credentials.");
    }
    if (book_.token_expired())
      return denied("OAUTH_TOKEN_EXPIRED", "The access token has expired.");
    if (request.headers.find("developer-token").value_or("") != book_.rules().developer_token) {
      return denied("DEVELOPER_TOKEN_INVALID", "The developer token is not valid.");
    }
    return std::nullopt;
  }

  net::Response token(const Arrived& arrived) {
    constexpr auto kRules =
        std::to_array<FieldRule>({{"grant_type", FieldKind::text, true, "refresh_token"},
                                  {"client_id", FieldKind::text, true},
                                  {"client_secret", FieldKind::text, true},
                                  {"refresh_token", FieldKind::text, true}});
    const CheckedFields checked = check_fields(arrived, kRules);
    if (!checked.fine) {
      book_.breach(arrived.method, arrived.path, checked.trouble.message);
      return json_response(400, JsonObject{{"error", "invalid_request"},
                                           {"error_description", checked.trouble.message}});
    }
    book_.renew_token();
    return json_response(200, JsonObject{{"access_token", book_.rules().token},
                                         {"expires_in", 3599},
                                         {"token_type", "Bearer"}});
  }

  net::Response customers() const {
    JsonArray names;
    const auto& accounts = box_.world().scene().accounts;
    for (std::size_t i = 0; i < accounts.size(); ++i) {
      if (accounts[i].account.platform != Platform::google) continue;
      names.emplace_back("customers/" + box_.account_number(i));
    }
    return json_response(200, JsonObject{{"resourceNames", std::move(names)}});
  }

  net::Response of_customer(const Arrived& arrived, bool stream) {
    const std::string& version = arrived.parts[0];
    const auto account = box_.find_account(Platform::google, arrived.parts[2]);
    if (!account) {
      return refused({403, "PERMISSION_DENIED", "authorizationError", "USER_PERMISSION_DENIED",
                      "User doesn't have permission to access customer."},
                     version, stream);
    }
    if (const double limit = book_.rules().calls_per_hour; limit > 0) {
      RateGauge& gauge = book_.gauge(arrived.parts[2]);
      gauge.count(box_.now(), limit);
      if (gauge.used_share(limit) > 1) return refused(too_many(), version, stream);
    }
    const std::string& call = arrived.parts[3];
    if (call == "googleAds:searchStream" || call == "googleAds:search") {
      return search(arrived, *account, stream);
    }
    const auto kind = std::ranges::find_if(
        kKinds, [&](const Kind& each) { return call == fmt::format("{}:mutate", each.name); });
    if (kind == kKinds.end()) return unknown(arrived, version, stream);
    return mutate(arrived, *account, *kind);
  }

  net::Response search(const Arrived& arrived, std::size_t account, bool stream) {
    const std::string& version = arrived.parts[0];
    const CheckedFields checked = check_fields(arrived, kSearch);
    if (!checked.fine) {
      return refused(broken(arrived, "requestError", "UNKNOWN", checked.trouble.message), version,
                     stream);
    }
    Result<google::Query> query = google::parse_query(checked.text("query"));
    if (!query) {
      return refused(broken(arrived, "queryError", "UNEXPECTED_INPUT", query.error().message),
                     version, stream);
    }
    Result<std::vector<JsonObject>> rows = google::find_rows(box_, account, *query);
    if (!rows) {
      return refused(broken(arrived, "queryError", "UNRECOGNIZED_FIELD", rows.error().message),
                     version, stream);
    }
    std::string mask;
    for (const std::string& field : query->fields) {
      mask += fmt::format("{}{}", mask.empty() ? "" : ",", google::camel(field));
    }
    if (stream) return streamed(*rows, mask);
    return paged(arrived, *rows, mask, checked.text("pageToken"));
  }

  // An array of batches; one of nothing where there are no rows.
  net::Response streamed(const std::vector<JsonObject>& rows, const std::string& mask) const {
    JsonArray batches;
    for (std::size_t start = 0; start < rows.size(); start += kPageRows) {
      JsonArray results;
      const std::size_t end = std::min(rows.size(), start + kPageRows);
      for (std::size_t i = start; i < end; ++i) results.push_back(rows[i]);
      batches.push_back(JsonObject{
          {"results", std::move(results)}, {"fieldMask", mask}, {"requestId", request_id()}});
    }
    if (rows.empty())
      batches.push_back(JsonObject{{"fieldMask", mask}, {"requestId", request_id()}});
    return json_response(200, batches);
  }

  net::Response paged(const Arrived& arrived, const std::vector<JsonObject>& rows,
                      const std::string& mask, const std::string& token) {
    std::size_t start = 0;
    const auto [end, error] = std::from_chars(token.data(), token.data() + token.size(), start);
    if (!token.empty() && (error != std::errc() || start > rows.size())) {
      return refused(broken(arrived, "requestError", "INVALID_PAGE_TOKEN", "Page token is invalid"),
                     arrived.parts[0], false);
    }
    const std::size_t stop = std::min(rows.size(), start + kPageRows);
    JsonObject body;
    if (stop > start)
      body["results"] = JsonArray(rows.begin() + static_cast<std::ptrdiff_t>(start),
                                  rows.begin() + static_cast<std::ptrdiff_t>(stop));
    if (stop < rows.size()) body["nextPageToken"] = fmt::format("{}", stop);
    body["fieldMask"] = mask;
    if (!rows.empty()) body["totalResultsCount"] = fmt::format("{}", rows.size());
    return json_response(200, body);
  }

  std::string request_id() const { return fmt::format("r{:020d}", book_.calls()); }

  net::Response mutate(const Arrived& arrived, std::size_t account, const Kind& kind) {
    const std::string& version = arrived.parts[0];
    const CheckedFields checked = check_fields(arrived, kMutate);
    if (!checked.fine) {
      return refused(broken(arrived, "requestError", "UNKNOWN", checked.trouble.message), version,
                     false);
    }
    const Steps steps = read_steps(arrived, account, kind, checked);
    if (steps.first && !flag(checked, "partialFailure")) {
      return refused(*steps.first, version, false);
    }
    if (flag(checked, "validateOnly")) return json_response(200, JsonObject());
    const bool whole = checked.text("responseContentType") == "MUTABLE_RESOURCE";
    JsonArray results;
    for (const std::optional<Step>& step : steps.all) {
      results.push_back(step ? done(kind, *step, whole) : JsonObject());
    }
    JsonObject body{{"results", std::move(results)}};
    if (steps.first) {
      body["partialFailureError"] = JsonObject{{"code", 3},
                                               {"message", steps.first->message},
                                               {"details", failure_details(*steps.first, version)}};
    }
    return json_response(200, body);
  }

  // None where an operation is in trouble; the first trouble speaks for all.
  struct Steps {
    std::vector<std::optional<Step>> all;
    std::optional<Trouble> first;
  };

  Steps read_steps(const Arrived& arrived, std::size_t account, const Kind& kind,
                   const CheckedFields& checked) {
    Steps steps;
    for (const Json& operation : checked.fields.at("operations").get_array()) {
      Step step;
      std::optional<Trouble> trouble = read_step(arrived, account, kind, operation, step);
      if (trouble) trouble->operation = std::ssize(steps.all);
      if (trouble && !steps.first) steps.first = trouble;
      steps.all.push_back(trouble ? std::nullopt : std::optional<Step>(std::move(step)));
    }
    return steps;
  }

  std::optional<Trouble> read_step(const Arrived& arrived, std::size_t account, const Kind& kind,
                                   const Json& json, Step& step) {
    const CheckedFields operation = json.is_object() ? check_object(json.get_object(), kOperation)
                                                     : CheckedFields{.fine = false};
    if (!operation.fine) {
      return broken(arrived, "requestError", "UNKNOWN", operation.trouble.message);
    }
    if (operation.has("create")) {
      return Trouble{501, "UNIMPLEMENTED", "operationAccessDeniedError",
                     "CREATE_OPERATION_NOT_PERMITTED",
                     "The sandbox does not create Google objects"};
    }
    step.remove = operation.has("remove");
    step.name = operation.text("remove");
    if (!step.remove) {
      if (!operation.has("update")) {
        return broken(arrived, "mutateError", "UNKNOWN", "An operation needs update or remove");
      }
      step.update = check_object(operation.fields.at("update").get_object(), kUpdate);
      if (!step.update.fine) {
        return broken(arrived, "requestError", "UNKNOWN", step.update.trouble.message);
      }
      step.name = step.update.text("resourceName");
      step.mask = google::camel(operation.text("updateMask"));
      if (!is_among(step.mask, kind.masks) || !step.update.has(step.mask)) {
        return broken(
            arrived, "fieldMaskError", "FIELD_NOT_FOUND",
            fmt::format("updateMask '{}': expected one of {}, and given", step.mask, kind.masks));
      }
    }
    return find_place(account, kind, step);
  }

  std::optional<Trouble> find_place(std::size_t account, const Kind& kind, Step& step) const {
    const std::string head =
        fmt::format("customers/{}/{}/", box_.account_number(account), kind.name);
    std::string id = step.name.starts_with(head) ? step.name.substr(head.size()) : std::string();
    if (const std::size_t mark = id.find('~'); mark != std::string::npos) id.erase(0, mark + 1);
    const auto place = box_.find(id);
    if (!place || place->level != kind.level || box_.account_of(*place) != account) {
      return Trouble{404, "NOT_FOUND", "mutateError", "RESOURCE_NOT_FOUND",
                     "Resource was not found."};
    }
    step.place = *place;
    if (box_.state_of(*place) == RunState::deleted) {
      return Trouble{400, "INVALID_ARGUMENT", "mutateError", "MUTATE_NOT_ALLOWED",
                     "A removed resource cannot be changed."};
    }
    return step.mask == "amountMicros" ? budget_trouble(account, step) : std::nullopt;
  }

  std::optional<Trouble> budget_trouble(std::size_t account, const Step& step) const {
    const Currency currency = box_.world().scene().accounts[account].account.currency;
    std::int64_t unit = kMicrosPerUnit;
    for (int digit = 0; digit < currency.minor_digits(); ++digit) unit /= 10;
    const std::int64_t micros = step.update.whole("amountMicros", 0);
    const auto wrong = [](std::string_view code, std::string message) {
      return Trouble{400, "INVALID_ARGUMENT", "campaignBudgetError", code, std::move(message)};
    };
    if (micros < 0) return wrong("NEGATIVE_MONEY_AMOUNT", "The amount is negative.");
    if (micros < kMicrosPerUnit) {
      return wrong("BUDGET_BELOW_PER_DAY_MINIMUM", "The budget is below the daily minimum.");
    }
    if (micros % unit != 0) {
      return wrong("NON_MULTIPLE_OF_MINIMUM_CURRENCY_UNIT",
                   "The amount is no multiple of the currency's smallest unit.");
    }
    return std::nullopt;
  }

  JsonObject done(const Kind& kind, const Step& step, bool whole) {
    JsonObject result{{"resourceName", step.name}};
    if (step.remove) {
      box_.set_state(step.place, RunState::deleted);
      return result;
    }
    if (step.mask == "status") {
      box_.set_state(step.place,
                     step.update.text("status") == "ENABLED" ? RunState::active : RunState::paused);
    } else if (step.mask == "name") {
      box_.set_name(step.place, step.update.text("name"));
    } else {
      const Currency currency =
          box_.world().scene().accounts[box_.account_of(step.place)].account.currency;
      box_.set_budget(step.place,
                      {.micros = step.update.whole("amountMicros", 0), .currency = currency});
    }
    if (!whole) return result;
    JsonObject resource{{"resourceName", step.name}};
    const Json& value = step.update.fields.at(step.mask);
    resource[step.mask] = value.is_int64() ? Json(fmt::format("{}", value.get_int64())) : value;
    std::string singular(kind.name.substr(0, kind.name.size() - 1));
    result[singular] = std::move(resource);
    return result;
  }

  CallBook& book_;
  Sandbox& box_;
};

GoogleFace::GoogleFace(Sandbox& sandbox, FaceRules rules)
    : book_(sandbox, std::move(rules)), answers_(std::make_unique<GoogleAnswers>(book_)) {}

GoogleFace::~GoogleFace() = default;

net::Response GoogleFace::answer(const net::Request& request) { return answers_->answer(request); }

}  // namespace rf::sim
