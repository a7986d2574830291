// A plan: what should be done, why, and what would change the verdict. The arrow from deciding to
// acting. Nothing in it has happened.

#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "base/described.h"
#include "base/time.h"
#include "model/entity.h"
#include "model/estimate.h"
#include "model/json_codecs.h"
#include "model/money.h"

namespace rf {

enum class Action : std::uint8_t {
  kill,             // Pause the ad: it is a loser beyond doubt.
  promote,          // A winner beyond doubt: ramp its budget up.
  revive,           // Let it run again: late conversions proved its kill wrong, or a rule asks it.
  increase_budget,  // Move money here.
  decrease_budget,  // Move money away.
  keep,             // Enough evidence, and nothing to change.
  wait,             // Not enough evidence: `need` says how much more.
};

template <>
struct EnumNames<Action> {
  static constexpr auto names = std::to_array<std::pair<Action, std::string_view>>(
      {{Action::kill, "kill"},
       {Action::promote, "promote"},
       {Action::revive, "revive"},
       {Action::increase_budget, "increase_budget"},
       {Action::decrease_budget, "decrease_budget"},
       {Action::keep, "keep"},
       {Action::wait, "wait"}});
};

// One number behind a judgement.
struct Evidence {
  std::string name;   // "ctr", "cpa", "spend".
  std::string claim;  // "ctr is below 0.5 %".
  std::optional<Estimate> estimate;
  std::optional<double> threshold;
  std::optional<double> probability;  // That the claim is true, given what is known. [0, 1]
  std::optional<double> required;     // The probability at which the policy acts. [0, 1]
  bool met = false;

  bool operator==(const Evidence&) const = default;
};

template <>
struct Described<Evidence> {
  static constexpr auto fields = std::tuple{
      field("name", &Evidence::name, "the metric"),
      field("claim", &Evidence::claim, "what the policy asks, in words"),
      field("estimate", &Evidence::estimate, "the pooled estimate, or null: not enough data"),
      field("threshold", &Evidence::threshold, "the policy's limit, in the metric's unit"),
      field("probability", &Evidence::probability, "that the claim is true"),
      field("required", &Evidence::required, "the probability at which the policy acts"),
      field("met", &Evidence::met, "whether the claim is established")};
};

// What is still missing before an ad can be judged.
struct Need {
  std::string metric;          // "impressions", "clicks", "conversions", "spend".
  double more = 0;             // In the metric's unit.
  std::optional<double> days;  // At its recent pace; null when it is not running.
  std::string text;            // "need 12,400 more impressions, about 3 days"

  bool operator==(const Need&) const = default;
};

template <>
struct Described<Need> {
  static constexpr auto fields =
      std::tuple{field("metric", &Need::metric, "what is missing"),
                 field("more", &Need::more, "how much more of it"),
                 field("days", &Need::days, "how long that takes at the recent pace"),
                 field("text", &Need::text, "the same in words")};
};

struct PlanItem {
  std::string id;  // Within the plan: "1", "2", …
  Action action = Action::keep;
  std::string account;
  std::string entity;         // The store's key.
  std::string ad;             // The name people know.
  std::string reason_code;    // "low_ctr", "no_conversions", "scaling", …: the notes' vocabulary.
  std::string reason;         // In words, with the numbers.
  std::optional<Money> from;  // Spend a day now, where money moves.
  std::optional<Money> to;    // Spend a day proposed.
  std::optional<double> confidence;  // That acting is right. [0, 1]
  std::vector<Evidence> evidence;
  std::string effect;        // What is expected to follow, in words.
  std::string would_change;  // What would change this verdict, in words.
  std::optional<Need> need;
  std::optional<bool> fatigued;  // Its performance falls; null: not enough data to say.
  std::int64_t priority = 0;     // 1 first; 0 for items that ask for nothing.

  bool operator==(const PlanItem&) const = default;
};

template <>
struct Described<PlanItem> {
  static constexpr auto fields =
      std::tuple{field("id", &PlanItem::id, "within the plan"),
                 field("action", &PlanItem::action, "what should be done"),
                 field("account", &PlanItem::account, "whose ad it is"),
                 field("entity", &PlanItem::entity, "the key under which the ad is remembered"),
                 field("ad", &PlanItem::ad, "the ad's name"),
                 field("reason_code", &PlanItem::reason_code, "the reason as one word"),
                 field("reason", &PlanItem::reason, "the reason in words"),
                 field("from", &PlanItem::from, "spend a day now"),
                 field("to", &PlanItem::to, "spend a day proposed"),
                 field("confidence", &PlanItem::confidence, "that acting is right"),
                 field("evidence", &PlanItem::evidence, "every number behind it"),
                 field("effect", &PlanItem::effect, "what is expected to follow"),
                 field("would_change", &PlanItem::would_change, "what would change the verdict"),
                 field("need", &PlanItem::need, "what is still missing, or null"),
                 field("fatigued", &PlanItem::fatigued, "it wears out; null: not enough data"),
                 field("priority", &PlanItem::priority, "1 is first; 0 asks for nothing")};
};

enum class Mode : std::uint8_t { observe, propose };

template <>
struct EnumNames<Mode> {
  static constexpr auto names = std::to_array<std::pair<Mode, std::string_view>>(
      {{Mode::observe, "observe"}, {Mode::propose, "propose"}});
};

struct Plan {
  std::string hash;  // SHA-256 of the plan's JSON without this field.
  std::string account;
  Mode mode = Mode::propose;
  Instant made_at;
  Instant expires_at;
  std::string attribution;       // The setting whose numbers were judged.
  std::string conversion_event;  // What counts as a conversion.
  std::vector<PlanItem> items;   // Every ad that was judged, most urgent first.

  bool operator==(const Plan&) const = default;
};

template <>
struct Described<Plan> {
  static constexpr auto fields = std::tuple{
      field("hash", &Plan::hash, "SHA-256 of the plan without this field"),
      field("account", &Plan::account, "whose ads"),
      field("mode", &Plan::mode, "observe: for reading only; propose: waits for approval"),
      field("made_at", &Plan::made_at, "when it was decided"),
      field("expires_at", &Plan::expires_at, "after this it must be made anew"),
      field("attribution", &Plan::attribution, "the attribution setting of the numbers"),
      field("conversion_event", &Plan::conversion_event, "what counts as a conversion"),
      field("items", &Plan::items, "every ad that was judged, most urgent first")};
};

}  // namespace rf
