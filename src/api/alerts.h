// What a person should know without asking: found, listed, told to sinks, acknowledged.

#pragma once

#include <functional>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "act/alerts.h"
#include "api/alert_sinks.h"
#include "api/failure.h"
#include "api/operation.h"

namespace rf::api {

struct AlertsListInput {
  std::optional<std::string> account;
  bool all = false;
  std::int64_t limit = 50;
};

struct AlertView {
  std::string account;
  act::KeptAlert alert;
};

struct AlertsListOutput {
  std::vector<AlertView> alerts;  // The most severe first, then the newest.
  std::int64_t alerts_in_all = 0;
  std::vector<std::string> notices;
};

struct AlertsCheckInput {
  std::optional<std::string> account;
  bool quiet = false;
};

struct Told {
  std::string account;
  std::string sink;
  std::int64_t open = 0;
  std::int64_t over = 0;
};

struct AlertsCheckOutput {
  std::vector<AlertView> alerts;  // That are open now.
  std::vector<Told> told;
  std::vector<Failure> failed;
};

struct AlertsAcknowledgeInput {
  std::vector<std::string> alerts;
  std::optional<std::string> account;
  std::string as = "owner";
};

struct AlertsSetInput {
  std::string file;
};

struct AlertsSinksInput {
  std::string sink;
};

struct AlertsSettingsOutput {
  AlertSettings settings;
};

struct AlertsTestOutput {
  std::vector<std::string> told;
  std::vector<Failure> failed;
};

// Those that nobody acknowledged and that are not over, or all that are kept.
Result<AlertsListOutput> alerts_list(const AlertsListInput& input, Services& services);

// Looks at each account, and tells each sink what it was not told yet. A sink that fails is tried
// again at the next look.
// Errors: conflict, while another process looks; those of the store.
Result<AlertsCheckOutput> alerts_check(const AlertsCheckInput& input, Services& services);

// Errors: invalid, without numbers; not_found.
Result<AlertsListOutput> alerts_acknowledge(const AlertsAcknowledgeInput& input,
                                            Services& services);

// Errors: invalid, with the place; not_found (the file).
Result<AlertsSettingsOutput> alerts_set(const AlertsSetInput& input, Services& services);
Result<AlertsSettingsOutput> alerts_sinks(const Nothing& input, Services& services);

// Tells each sink, or one, that it is reached.
// Errors: not_found, where there is none.
Result<AlertsTestOutput> alerts_test(const AlertsSinksInput& input, Services& services);

// Enters what a look at the account on its platform found, before that look becomes the last one.
// Errors: conflict, while another process looks; those of the store.
Status note_drifts(const Account& account, const std::vector<act::Drift>& drifts,
                   const act::Snapshot& seen, Services& services);

}  // namespace rf::api

template <>
struct rf::Described<rf::api::AlertsListInput> {
  using I = rf::api::AlertsListInput;
  static constexpr auto fields =
      std::tuple{field("account", &I::account, "of this account"),
                 field("all", &I::all, "also what is over or acknowledged"),
                 field("limit", &I::limit, "at most so many", {.min = 1, .max = 1000})};
};

template <>
struct rf::Described<rf::api::AlertView> {
  using V = rf::api::AlertView;
  static constexpr auto fields =
      std::tuple{field("account", &V::account, "whose"), field("alert", &V::alert, "all of it")};
};

template <>
struct rf::Described<rf::api::AlertsListOutput> {
  using O = rf::api::AlertsListOutput;
  static constexpr auto fields =
      std::tuple{field("alerts", &O::alerts, "the most severe first"),
                 field("alerts_in_all", &O::alerts_in_all, "also those beyond the limit"),
                 field("notices", &O::notices, "what a reader should know")};
};

template <>
struct rf::Described<rf::api::AlertsCheckInput> {
  using I = rf::api::AlertsCheckInput;
  static constexpr auto fields = std::tuple{field("account", &I::account, "only this account"),
                                            field("quiet", &I::quiet, "look, and tell no sink")};
};

template <>
struct rf::Described<rf::api::Told> {
  using T = rf::api::Told;
  static constexpr auto fields = std::tuple{field("account", &T::account, "of whose alerts"),
                                            field("sink", &T::sink, "who was told"),
                                            field("open", &T::open, "how many that hold"),
                                            field("over", &T::over, "how many that are over")};
};

template <>
struct rf::Described<rf::api::AlertsCheckOutput> {
  using O = rf::api::AlertsCheckOutput;
  static constexpr auto fields =
      std::tuple{field("alerts", &O::alerts, "open now"), field("told", &O::told, "to whom"),
                 field("failed", &O::failed, "accounts and sinks that were not reached")};
};

template <>
struct rf::Described<rf::api::AlertsAcknowledgeInput> {
  using I = rf::api::AlertsAcknowledgeInput;
  static constexpr auto fields = std::tuple{
      field("alerts", &I::alerts, "their numbers", {.required = true, .positional = true}),
      field("account", &I::account, "of this account"), field("as", &I::as, "who knows of them")};
};

template <>
struct rf::Described<rf::api::AlertsSetInput> {
  static constexpr auto fields =
      std::tuple{field("file", &rf::api::AlertsSetInput::file, "TOML or JSON with the sinks",
                       {.required = true, .positional = true})};
};

template <>
struct rf::Described<rf::api::AlertsSinksInput> {
  static constexpr auto fields = std::tuple{
      field("sink", &rf::api::AlertsSinksInput::sink, "only this one", {.positional = true})};
};

template <>
struct rf::Described<rf::api::AlertsSettingsOutput> {
  static constexpr auto fields = std::tuple{
      field("settings", &rf::api::AlertsSettingsOutput::settings, "who is told, and how often")};
};

template <>
struct rf::Described<rf::api::AlertsTestOutput> {
  using O = rf::api::AlertsTestOutput;
  static constexpr auto fields = std::tuple{field("told", &O::told, "sinks that took it"),
                                            field("failed", &O::failed, "sinks that did not")};
};
