// From plans to the platforms: approve, execute, take back, stop everything.

#pragma once

#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "act/execute.h"
#include "act/kill_all.h"
#include "act/steps.h"
#include "api/failure.h"
#include "api/operation.h"

namespace rf::api {

struct PlanApproveInput {
  std::vector<std::string> items;
  std::string plan;
  std::optional<std::string> account;
  std::string as = "owner";
};

struct PlanExecuteInput {
  std::vector<std::string> items;
  std::string plan;
  std::optional<std::string> account;
  std::string as = "owner";
  bool dry_run = false;
  std::optional<std::string> write;
};

// A step that a person does in the platform's own tool.
struct ByHand {
  std::string item;
  std::string account;
  std::string entity;
  std::string name;
  std::string what;
  std::optional<Money> from;
  std::optional<Money> to;
  std::string reason;
};

struct StepView {
  std::string item;
  std::string reason;
};

struct ActingOutput {
  std::string account;  // Of the last account that was acted on.
  std::string plan;
  bool connected = false;  // A platform's client reaches the account.
  std::vector<act::StepResult> steps;
  std::vector<StepView> unplaced;
  std::vector<ByHand> by_hand;
  std::vector<std::string> notices;
  std::vector<Failure> failed;
};

struct PlanAutoInput {
  std::optional<std::string> account;
};

struct PlanAutoOutput {
  std::vector<ActingOutput> accounts;  // On which something was asked for.
  std::vector<Failure> failed;
};

struct UndoInput {
  std::vector<std::string> receipts;
  std::string batch;
  std::string since;
  std::optional<std::string> account;
  std::string as = "owner";
  bool dry_run = false;
};

struct ReceiptsInput {
  std::optional<std::string> account;
  std::string batch;
  std::int64_t limit = 50;
};

struct ReceiptView {
  std::string account;
  Receipt receipt;
};

struct ReceiptsOutput {
  std::vector<ReceiptView> receipts;  // Newest first.
  std::int64_t receipts_in_all = 0;
};

struct KillAllInput {
  std::optional<std::string> account;
  std::string reason = "asked for";
  bool lift = false;
  std::string as = "owner";
};

struct HaltView {
  std::string account;
  act::Halt halt;
  bool connected = false;
  std::int64_t still_running = 0;
  std::string trouble;
};

struct KillAllOutput {
  std::vector<HaltView> accounts;
  std::vector<Failure> failed;
};

// Freezes what each step would change, from what, to what, with the person's consent to exactly
// that. Nothing is changed.
// Errors: not_found; unsupported, when the account is known from files only; denied, without limits.
Result<ActingOutput> plan_approve(const PlanApproveInput& input, Services& services);

// Does what was approved, or at the level auto what the limits allow. For an account that is known
// from files only it gives a list to be done by hand, and does nothing.
// Errors: not_found; conflict, when the plan has expired or is not as it was made.
Result<ActingOutput> plan_execute(const PlanExecuteInput& input, Services& services);

// Does what the newest plans ask for where the limits and the verdicts leave it to the program: at
// the level auto, through the same gate. One account's trouble does not keep the others waiting.
Result<PlanAutoOutput> plan_auto(const PlanAutoInput& input, Services& services);

// Errors: invalid, when it does not say what; not_found; unsupported.
Result<ActingOutput> undo(const UndoInput& input, Services& services);

Result<ReceiptsOutput> receipts(const ReceiptsInput& input, Services& services);

// Halts every account that is asked, also one that cannot be reached: then it stays queued, and
// every later call of an acting operation tries again.
Result<KillAllOutput> kill_all(const KillAllInput& input, Services& services);

}  // namespace rf::api

template <>
struct rf::Described<rf::api::PlanApproveInput> {
  using I = rf::api::PlanApproveInput;
  static constexpr auto fields =
      std::tuple{field("items", &I::items, "of the plan; all that ask for something if left out",
                       {.positional = true}),
                 field("plan", &I::plan, "its hash; the account's newest if left out"),
                 field("account", &I::account, "of this account"),
                 field("as", &I::as, "who approves; a quorum counts different names")};
};

template <>
struct rf::Described<rf::api::PlanExecuteInput> {
  using I = rf::api::PlanExecuteInput;
  static constexpr auto fields =
      std::tuple{field("items", &I::items, "of the plan; all that ask for something if left out",
                       {.positional = true}),
                 field("plan", &I::plan, "its hash; the account's newest if left out"),
                 field("account", &I::account, "of this account"),
                 field("as", &I::as, "who asks for it, for the log"),
                 field("dry_run", &I::dry_run, "ask the gate and change nothing"),
                 field("write", &I::write, "write the list to be done by hand to this CSV file")};
};

template <>
struct rf::Described<rf::api::ByHand> {
  using B = rf::api::ByHand;
  static constexpr auto fields =
      std::tuple{field("item", &B::item, "of the plan"),
                 field("account", &B::account, "whose ad it is"),
                 field("entity", &B::entity, "the platform's id, where a file told it"),
                 field("name", &B::name, "the ad's name"),
                 field("what", &B::what, "what to do, in words"),
                 field("from", &B::from, "spend a day now"),
                 field("to", &B::to, "spend a day proposed"),
                 field("reason", &B::reason, "why")};
};

template <>
struct rf::Described<rf::api::StepView> {
  static constexpr auto fields =
      std::tuple{field("item", &rf::api::StepView::item, "of the plan"),
                 field("reason", &rf::api::StepView::reason, "why it is no step here")};
};

template <>
struct rf::Described<rf::api::ActingOutput> {
  using O = rf::api::ActingOutput;
  static constexpr auto fields = std::tuple{
      field("account", &O::account, "of the account"),
      field("plan", &O::plan, "its hash"),
      field("connected", &O::connected, "whether a platform's client reaches the account"),
      field("steps", &O::steps, "what became of each step"),
      field("unplaced", &O::unplaced, "items that are no change here"),
      field("by_hand", &O::by_hand, "what a person must do, where nothing is connected"),
      field("notices", &O::notices, "what a reader should know first"),
      field("failed", &O::failed, "what did not go well")};
};

template <>
struct rf::Described<rf::api::PlanAutoInput> {
  static constexpr auto fields =
      std::tuple{field("account", &rf::api::PlanAutoInput::account, "only this account")};
};

template <>
struct rf::Described<rf::api::PlanAutoOutput> {
  using O = rf::api::PlanAutoOutput;
  static constexpr auto fields =
      std::tuple{field("accounts", &O::accounts, "on which something was asked for"),
                 field("failed", &O::failed, "accounts that were not reached")};
};

template <>
struct rf::Described<rf::api::UndoInput> {
  using I = rf::api::UndoInput;
  static constexpr auto fields = std::tuple{
      field("receipts", &I::receipts, "their numbers", {.positional = true}),
      field("batch", &I::batch, "everything that was done together under this name"),
      field("since", &I::since,
            "everything since then: a time, a day, or 'monday 10:00', in the account's zone"),
      field("account", &I::account, "of this account"),
      field("as", &I::as, "who asks for it"),
      field("dry_run", &I::dry_run, "ask the gate and change nothing")};
};

template <>
struct rf::Described<rf::api::ReceiptsInput> {
  using I = rf::api::ReceiptsInput;
  static constexpr auto fields = std::tuple{
      field("account", &I::account, "of this account"),
      field("batch", &I::batch, "only those of this batch"),
      field("limit", &I::limit, "at most so many, newest first", {.min = 1, .max = 100000})};
};

template <>
struct rf::Described<rf::api::ReceiptView> {
  using V = rf::api::ReceiptView;
  static constexpr auto fields = std::tuple{field("account", &V::account, "whose it is"),
                                            field("receipt", &V::receipt, "all of it")};
};

template <>
struct rf::Described<rf::api::ReceiptsOutput> {
  using O = rf::api::ReceiptsOutput;
  static constexpr auto fields =
      std::tuple{field("receipts", &O::receipts, "newest first"),
                 field("receipts_in_all", &O::receipts_in_all, "also those beyond the limit")};
};

template <>
struct rf::Described<rf::api::KillAllInput> {
  using I = rf::api::KillAllInput;
  static constexpr auto fields =
      std::tuple{field("account", &I::account, "only this account; all of them if left out"),
                 field("reason", &I::reason, "for the log"),
                 field("lift", &I::lift, "end it; what was stopped stays stopped until undone"),
                 field("as", &I::as, "who asks for it")};
};

template <>
struct rf::Described<rf::api::HaltView> {
  using V = rf::api::HaltView;
  static constexpr auto fields = std::tuple{
      field("account", &V::account, "whose"), field("halt", &V::halt, "what is in force"),
      field("connected", &V::connected, "whether a platform's client reaches the account"),
      field("still_running", &V::still_running, "campaigns that were seen running"),
      field("trouble", &V::trouble, "why it is not confirmed, or empty")};
};

template <>
struct rf::Described<rf::api::KillAllOutput> {
  using O = rf::api::KillAllOutput;
  static constexpr auto fields = std::tuple{field("accounts", &O::accounts, "each account"),
                                            field("failed", &O::failed, "what did not go well")};
};
