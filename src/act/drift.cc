#include "act/drift.h"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "act/execute.h"
#include "act/redact.h"

namespace rf::act {
namespace {

std::string key_of(Level level, const std::string& id) {
  return fmt::format("{}:{}", to_string(level), id);
}

std::string shown(const std::optional<Money>& money) {
  return money ? fmt::format("{} {}", to_decimal(*money), money->currency.code()) : "none";
}

std::string shown(const std::vector<std::string>& issues) {
  return issues.empty() ? "none" : without_secrets(fmt::format("{}", fmt::join(issues, "; ")));
}

// Whether one of our own changes left the thing as it is now.
bool is_ours(const std::string& key, const Setting& now, const std::vector<Receipt>& receipts) {
  return std::ranges::any_of(receipts, [&](const Receipt& receipt) {
    return receipt.state != ReceiptState::failed && same(receipt.step.after, now) &&
           key_of(receipt.step.level, receipt.step.entity) == key;
  });
}

class Comparison {
 public:
  explicit Comparison(const std::vector<Receipt>& receipts) : receipts_(&receipts) {}

  void compare(const std::string& key, const Seen& before, const Seen& after) {
    if (!same(before.setting, after.setting) && !is_ours(key, after.setting, *receipts_)) {
      compare_setting(key, before, after);
    }
    if (before.creative != after.creative) {
      tell({key, after.name, "creative", before.creative, after.creative, true,
            "look at what is shown; platforms alter creatives by themselves"});
    }
    if (before.attribution != after.attribution) {
      tell({key, after.name, "attribution", before.attribution, after.attribution, true,
            "numbers before and after do not compare; make a new plan"});
    }
    if (before.issues != after.issues) {
      tell({key, after.name, "issues", shown(before.issues), shown(after.issues),
            !after.issues.empty(), after.issues.empty() ? "" : "mend it on the platform"});
    }
    const bool meant =
        after.setting.status == RunStatus::active && same(before.setting, after.setting);
    if (meant && before.delivers && !after.delivers) {
      tell({key, after.name, "delivery", "delivers", "does not deliver", true,
            "it is meant to run and does not; look at its issues"});
    }
  }

  void tell(Drift drift) { found_.push_back(std::move(drift)); }
  std::vector<Drift> finish() { return std::move(found_); }

 private:
  void compare_setting(const std::string& key, const Seen& before, const Seen& after) {
    if (before.setting.status != after.setting.status) {
      tell({key, after.name, "status", std::string(name_of(before.setting.status)),
            std::string(name_of(after.setting.status)), after.setting.status == RunStatus::active,
            "if it was not meant, set it back on the platform"});
    }
    const std::string from = shown(before.setting.daily_budget);
    const std::string to = shown(after.setting.daily_budget);
    if (from == to) return;
    const bool raised = before.setting.daily_budget && after.setting.daily_budget &&
                        after.setting.daily_budget->micros > before.setting.daily_budget->micros;
    tell({key, after.name, "daily_budget", from, to, raised,
          "if it was not meant, set it back on the platform"});
  }

  const std::vector<Receipt>* receipts_;
  std::vector<Drift> found_;
};

}  // namespace

Snapshot snapshot_of(const AccountNow& now, Instant at) {
  Snapshot snapshot{.at = at};
  for (const auto* part : {&now.campaigns, &now.adsets, &now.ads}) {
    for (const EntityState& state : *part) {
      snapshot.things[key_of(state.entity.level, own_id(state.entity))] = {
          .name = state.entity.name(),
          .setting = setting_of(state),
          .delivers = state.delivers,
          .issues = state.issues,
          .creative = state.creative_id,
          .attribution = state.attribution};
    }
  }
  return snapshot;
}

std::vector<Drift> drift(const Snapshot& before, const Snapshot& after,
                         const std::vector<Receipt>& receipts) {
  Comparison comparison(receipts);
  for (const auto& [key, seen] : before.things) {
    auto found = after.things.find(key);
    if (found == after.things.end()) {
      comparison.tell({key, seen.name, "gone", "there", "not there", true,
                       "deleted, or part of the answer is missing"});
    } else {
      comparison.compare(key, seen, found->second);
    }
  }
  for (const auto& [key, seen] : after.things) {
    if (before.things.contains(key)) continue;
    const bool runs = seen.setting.status == RunStatus::active;
    comparison.tell(
        {key, seen.name, "new", "not there", std::string(name_of(seen.setting.status)), runs, ""});
  }
  return comparison.finish();
}

std::int64_t ads_in(const Snapshot& snapshot) {
  return std::ranges::count_if(snapshot.things,
                               [](const auto& each) { return each.first.starts_with("ad:"); });
}

}  // namespace rf::act
