// Whether what was done was right, and what somebody else did.

#pragma once

#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "act/drift.h"
#include "api/operation.h"
#include "loop/ladder.h"
#include "loop/observed.h"
#include "model/estimate.h"
#include "model/receipt.h"

namespace rf::api {

struct VerdictsInput {
  std::optional<std::string> account;
};

struct VerdictView {
  std::string account;
  std::string name;
  VerdictRecord verdict;
};

struct StandingView {
  std::string account;
  std::string policy;
  std::int64_t right = 0;
  std::int64_t wrong = 0;
  std::int64_t unclear = 0;
  std::optional<Estimate> win_rate;
  std::string level;
  std::string suggested;
  std::string reason;
};

// What a higher level would have done, and what others did.
struct ObservedView {
  std::string account;
  loop::ObservedAct act;
};

struct MoveView {
  std::string account;
  std::string policy;
  std::string from;
  std::string to;
  std::string reason;
};

struct VerdictsOutput {
  std::vector<VerdictView> verdicts;
  std::vector<StandingView> policies;
  std::vector<ObservedView> observed;
  std::vector<MoveView> moved;  // Policies that these verdicts moved on the ladder.
};

struct LadderShowInput {
  std::optional<std::string> account;
};

struct RungView {
  std::string account;
  std::string policy;
  std::string level;               // As it stands, and counts.
  std::string most;                // As the limits have it.
  std::optional<loop::Rung> rung;  // None where it never moved.
};

struct LadderOutput {
  std::vector<RungView> rungs;
};

struct LadderSetInput {
  std::string policy;
  act::Autonomy level = act::Autonomy::approve;
  std::optional<std::string> account;
  std::string as = "owner";
};

struct DriftInput {
  std::optional<std::string> account;
};

struct DriftOutput {
  std::optional<Instant> since;  // The look before; null for the first.
  std::vector<act::Drift> changes;
  std::vector<std::string> notices;
};

// A look at an account on its platform, beside the look before.
struct Sighting {
  act::Snapshot seen;
  std::optional<Instant> since;  // The look before; none for the first.
  std::vector<act::Drift> changes;
};

// Errors: those of the platform and the store.
Result<Sighting> sight_of(Store& store, const Account& account, AdPlatform& platform, Instant now);

// Makes it the look before of the next one, and keeps what others did, to be judged.
Status keep_sighting(Store& store, const AccountId& account, const Sighting& sighting);

// Judges what has come due, also what was only wanted and what others did; moves policies whose
// verdicts speak for it; shows all of it.
Result<VerdictsOutput> verdicts(const VerdictsInput& input, Services& services);

// How much each policy and rule may do by itself.
Result<LadderOutput> ladder_show(const LadderShowInput& input, Services& services);

// Puts a policy on a rung, as a person decides; the limits still say the most.
// Errors: invalid; denied, without limits.
Result<LadderOutput> ladder_set(const LadderSetInput& input, Services& services);

// Looks at the account on its platform, tells what changed since the last look and was not our
// doing, and keeps what it saw.
// Errors: unsupported, when the account is known from files only; those of the platform.
Result<DriftOutput> drift(const DriftInput& input, Services& services);

}  // namespace rf::api

template <>
struct rf::Described<rf::api::VerdictsInput> {
  static constexpr auto fields =
      std::tuple{field("account", &rf::api::VerdictsInput::account, "of this account")};
};

template <>
struct rf::Described<rf::api::VerdictView> {
  using V = rf::api::VerdictView;
  static constexpr auto fields = std::tuple{field("account", &V::account, "whose action it was"),
                                            field("name", &V::name, "of what it was done to"),
                                            field("verdict", &V::verdict, "all of it")};
};

template <>
struct rf::Described<rf::api::StandingView> {
  using V = rf::api::StandingView;
  static constexpr auto fields = std::tuple{
      field("account", &V::account, "whose"),
      field("policy", &V::policy, "what acted"),
      field("right", &V::right, "actions that were clearly right"),
      field("wrong", &V::wrong, "actions that were clearly wrong"),
      field("unclear", &V::unclear, "actions of which the numbers do not say"),
      field("win_rate", &V::win_rate, "share of the clear ones that were right, or null"),
      field("level", &V::level, "its autonomy, as the limits have it"),
      field("suggested", &V::suggested, "what the verdicts speak for"),
      field("reason", &V::reason, "in numbers")};
};

template <>
struct rf::Described<rf::api::VerdictsOutput> {
  using O = rf::api::VerdictsOutput;
  static constexpr auto fields = std::tuple{
      field("verdicts", &O::verdicts, "by receipt and day"),
      field("policies", &O::policies, "how often each was right"),
      field("observed", &O::observed, "what was wanted and not done, and what others did"),
      field("moved", &O::moved, "policies that these verdicts moved")};
};

template <>
struct rf::Described<rf::api::ObservedView> {
  using V = rf::api::ObservedView;
  static constexpr auto fields =
      std::tuple{field("account", &V::account, "whose"), field("act", &V::act, "all of it")};
};

template <>
struct rf::Described<rf::api::MoveView> {
  using V = rf::api::MoveView;
  static constexpr auto fields =
      std::tuple{field("account", &V::account, "whose"), field("policy", &V::policy, "which"),
                 field("from", &V::from, "its level before"), field("to", &V::to, "and now"),
                 field("reason", &V::reason, "in numbers")};
};

template <>
struct rf::Described<rf::api::LadderShowInput> {
  static constexpr auto fields =
      std::tuple{field("account", &rf::api::LadderShowInput::account, "of this account")};
};

template <>
struct rf::Described<rf::api::RungView> {
  using V = rf::api::RungView;
  static constexpr auto fields =
      std::tuple{field("account", &V::account, "whose"), field("policy", &V::policy, "which"),
                 field("level", &V::level, "what it may do"),
                 field("most", &V::most, "the most, as the limits have it"),
                 field("rung", &V::rung, "when it moved and why, or null")};
};

template <>
struct rf::Described<rf::api::LadderOutput> {
  static constexpr auto fields =
      std::tuple{field("rungs", &rf::api::LadderOutput::rungs, "by account and policy")};
};

template <>
struct rf::Described<rf::api::LadderSetInput> {
  using I = rf::api::LadderSetInput;
  static constexpr auto fields = std::tuple{
      field("policy", &I::policy, "kill, promote, …, or rule:NAME",
            {.required = true, .positional = true}),
      field("level", &I::level, "observe, propose, approve or auto",
            {.required = true, .positional = true}),
      field("account", &I::account, "of this account"), field("as", &I::as, "who decides it")};
};

template <>
struct rf::Described<rf::api::DriftInput> {
  static constexpr auto fields =
      std::tuple{field("account", &rf::api::DriftInput::account, "of this account")};
};

template <>
struct rf::Described<rf::api::DriftOutput> {
  using O = rf::api::DriftOutput;
  static constexpr auto fields =
      std::tuple{field("since", &O::since, "the look before, or null"),
                 field("changes", &O::changes, "what somebody else changed"),
                 field("notices", &O::notices, "what a reader should know first")};
};
