#include "mcp/listeners.h"

#include <map>
#include <utility>

namespace rf::mcp {
namespace {

// Chosen: far more than the clients that one person runs, few enough to tell all of them at once.
constexpr std::size_t kListenersMax = 256;
constexpr std::size_t kUrisMax = 256;

constexpr std::string_view kSubscriptionKey = "io.modelcontextprotocol/subscriptionId";

std::string_view method_of(Change::What what) {
  switch (what) {
    case Change::What::tools: return "notifications/tools/list_changed";
    case Change::What::prompts: return "notifications/prompts/list_changed";
    case Change::What::resources: return "notifications/resources/list_changed";
    case Change::What::resource: return "notifications/resources/updated";
  }
  check_failed(__FILE__, __LINE__, "What in range");
}

bool is_true(const JsonObject& object, std::string_view name) {
  const Json* found = object.if_contains(name);
  return found != nullptr && found->is_bool() && found->get_bool();
}

void tag(JsonObject& params, const Json& subscription) {
  if (!subscription.is_null()) params["_meta"] = JsonObject{{kSubscriptionKey, subscription}};
}

}  // namespace

bool ListenFilter::wants(const Change& change) const {
  switch (change.what) {
    case Change::What::tools: return tools;
    case Change::What::prompts: return prompts;
    case Change::What::resources: return resources;
    case Change::What::resource: return uris.contains(change.uri);
  }
  check_failed(__FILE__, __LINE__, "What in range");
}

Outcome<ListenFilter> listen_filter_of(const JsonObject& params) {
  const JsonObject* wanted = object_of(params, "notifications");
  if (wanted == nullptr) return Refusal{.message = "params.notifications: expected an object"};
  ListenFilter filter{.tools = is_true(*wanted, "toolsListChanged"),
                      .prompts = is_true(*wanted, "promptsListChanged"),
                      .resources = is_true(*wanted, "resourcesListChanged"),
                      .uris = {}};
  const Json* uris = wanted->if_contains("resourceSubscriptions");
  if (uris == nullptr) return filter;
  if (!uris->is_array() || uris->get_array().size() > kUrisMax) {
    return Refusal{.message =
                       "params.notifications.resourceSubscriptions: expected at most 256 URIs"};
  }
  for (const Json& uri : uris->get_array()) {
    if (!uri.is_string()) {
      return Refusal{.message = "params.notifications.resourceSubscriptions: expected text"};
    }
    filter.uris.emplace(uri.get_string());
  }
  return filter;
}

JsonObject to_params(const ListenFilter& filter) {
  JsonObject granted;
  if (filter.tools) granted["toolsListChanged"] = true;
  if (filter.prompts) granted["promptsListChanged"] = true;
  if (filter.resources) granted["resourcesListChanged"] = true;
  if (!filter.uris.empty()) {
    JsonArray uris;
    uris.reserve(filter.uris.size());
    for (const std::string& uri : filter.uris) uris.emplace_back(std::string_view(uri));
    granted["resourceSubscriptions"] = std::move(uris);
  }
  return {{"notifications", std::move(granted)}};
}

Json change_message(const Change& change, const Json& subscription) {
  JsonObject params;
  if (change.what == Change::What::resource) params["uri"] = change.uri;
  tag(params, subscription);
  return notification_message(method_of(change.what), std::move(params));
}

std::optional<std::uint64_t> Listeners::add(ListenFilter filter, const Json& subscription,
                                            Send send) {
  const std::lock_guard lock(mutex_);
  if (listeners_.size() >= kListenersMax) return std::nullopt;
  JsonObject params = to_params(filter);
  tag(params, subscription);
  if (!send(notification_message("notifications/subscriptions/acknowledged", std::move(params)))) {
    return std::nullopt;
  }
  const std::uint64_t ticket = next_++;
  listeners_.emplace(ticket, Listener{std::move(filter), subscription, std::move(send)});
  return ticket;
}

void Listeners::remove(std::uint64_t ticket) {
  const std::lock_guard lock(mutex_);
  listeners_.erase(ticket);
}

void Listeners::announce(const Change& change) {
  const std::lock_guard lock(mutex_);
  std::erase_if(listeners_, [&](const auto& each) {
    const Listener& listener = each.second;
    return listener.filter.wants(change) &&
           !listener.send(change_message(change, listener.subscription));
  });
}

std::size_t Listeners::size() const {
  const std::lock_guard lock(mutex_);
  return listeners_.size();
}

}  // namespace rf::mcp
