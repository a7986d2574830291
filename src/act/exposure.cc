#include "act/exposure.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

namespace rf::act {
namespace {

// What one thing was at its highest.
struct Peak {
  bool ran = false;
  std::optional<std::int64_t> budget;  // Daily and lifetime together; a thing has one of them.
};

class Peaks {
 public:
  Peaks(Currency currency, Exposure& exposure) : currency_(currency), exposure_(&exposure) {}

  void see(const EntityState& state) {
    Peak& peak = see(state.entity.level, own_id(state.entity), setting_of(state));
    if (state.lifetime_budget) raise(peak, *state.lifetime_budget, own_id(state.entity));
  }

  Peak& see(Level level, const std::string& id, const Setting& setting) {
    Peak& peak = peaks_[{level, id}];
    peak.ran = peak.ran || setting.status == RunStatus::active;
    if (setting.daily_budget) raise(peak, *setting.daily_budget, id);
    return peak;
  }

  // None where the platform did not show it.
  const Peak* find(Level level, const std::string& id) const {
    auto found = peaks_.find({level, id});
    return found == peaks_.end() ? nullptr : &found->second;
  }

 private:
  void raise(Peak& peak, const Money& budget, const std::string& id) {
    if (budget.currency != currency_) {
      exposure_->unknown = fmt::format("the budget of {} is in {}, the account's currency is {}",
                                       id, budget.currency.code(), currency_.code());
    }
    peak.budget = std::max(peak.budget.value_or(0), budget.micros);
  }

  Currency currency_;
  Exposure* exposure_;
  std::map<std::pair<Level, std::string>, Peak> peaks_;
};

void add(Exposure& exposure, const std::string& campaign, std::int64_t micros) {
  std::int64_t& of_campaign = exposure.campaigns[campaign];
  if (__builtin_add_overflow(exposure.account, micros, &exposure.account) ||
      __builtin_add_overflow(of_campaign, micros, &of_campaign)) {
    exposure.unknown = "the budgets are too large to be added up";
  }
}

void add_campaigns(const AccountNow& now, const Peaks& peaks, Exposure& exposure) {
  for (const EntityState& campaign : now.campaigns) {
    const std::string& id = campaign.entity.campaign_id;
    const Peak* peak = peaks.find(Level::campaign, id);
    if (peak->budget && peak->ran) add(exposure, id, *peak->budget);
  }
}

// Those of campaigns that hold the budget themselves spend out of it.
void add_adsets(const AccountNow& now, const Peaks& peaks, Exposure& exposure) {
  for (const EntityState& adset : now.adsets) {
    const Peak* campaign = peaks.find(Level::campaign, adset.entity.campaign_id);
    if (campaign != nullptr && (campaign->budget || !campaign->ran)) continue;
    const Peak* peak = peaks.find(Level::adset, adset.entity.adset_id);
    if (!peak->ran) continue;
    if (peak->budget) {
      add(exposure, adset.entity.campaign_id, *peak->budget);
    } else {
      exposure.unknown = fmt::format(
          "ad set {} runs and neither it nor its campaign shows a budget", adset.entity.adset_id);
    }
  }
}

}  // namespace

Exposure exposure(const AccountNow& now, Currency currency, std::span<const Receipt> today) {
  Exposure exposure;
  Peaks peaks(currency, exposure);
  for (const EntityState& state : now.campaigns) peaks.see(state);
  for (const EntityState& state : now.adsets) peaks.see(state);
  for (const Receipt& receipt : today) {
    if (receipt.state == ReceiptState::failed) continue;
    const Step& step = receipt.step;
    for (const Setting& setting : {step.before, step.after}) {
      peaks.see(step.level, step.entity, setting);
    }
    if (receipt.found) peaks.see(step.level, step.entity, *receipt.found);
  }
  add_campaigns(now, peaks, exposure);
  add_adsets(now, peaks, exposure);
  return exposure;
}

Exposure exposure_with(const AccountNow& now, Currency currency, const Step& step,
                       const Setting& setting, std::span<const Receipt> open) {
  AccountNow changed{.campaigns = now.campaigns, .adsets = now.adsets, .ads = {}};
  set(changed, step.level, step.entity, setting);
  return exposure(changed, currency, open);
}

}  // namespace rf::act
