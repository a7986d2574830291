#include "sim/faces/face.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "base/rng.h"

namespace rf::sim {
namespace {

constexpr std::size_t kBreachTexts = 100;
constexpr double kHourMicros = 3.6e9;

}  // namespace

void RateGauge::count(Instant now, double per_hour) {
  const auto passed = static_cast<double>((now - last_).count());
  used_ = std::max(0.0, used_ - passed * per_hour / kHourMicros) + 1;
  last_ = now;
}

Fault CallBook::begin() {
  ++calls_;
  const FaultPlan& plan = rules_.faults;
  double draw = Rng(plan.seed).split(static_cast<std::uint64_t>(calls_)).uniform();
  const std::pair<double, Fault> shares[] = {{plan.refused, Fault::refused},
                                             {plan.throttled, Fault::throttled},
                                             {plan.lost_before, Fault::lost_before},
                                             {plan.lost_after, Fault::lost_after},
                                             {plan.twice, Fault::twice},
                                             {plan.cut_short, Fault::cut_short}};
  for (const auto& [share, fault] : shares) {
    if (draw < share) {
      ++faults_;
      return fault;
    }
    draw -= share;
  }
  return Fault::none;
}

void CallBook::breach(std::string_view method, std::string_view path, std::string_view what) {
  ++breaches_;
  if (breach_texts_.size() < kBreachTexts) {
    breach_texts_.push_back(fmt::format("{} {}: {}", method, path, what));
  }
}

bool CallBook::token_is_good(std::string_view token) const { return token == rules_.token; }

bool CallBook::token_expired() const {
  const std::int64_t calls = rules_.faults.token_calls;
  return calls > 0 && calls_ - renewed_at_ > calls;
}

net::Response json_response(int status, const Json& body) {
  return {.status = status,
          .headers = {{"Content-Type", "application/json; charset=UTF-8"}},
          .body = to_text(body)};
}

}  // namespace rf::sim
