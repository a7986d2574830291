#include "learn/discovery.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "base/check.h"

namespace rf::learn {
namespace {

// Indices by rising value; ties in order of index, so that the answer never depends on the sort.
std::vector<std::size_t> ranked(std::span<const double> values) {
  std::vector<std::size_t> order(values.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [values](std::size_t i, std::size_t j) { return values[i] < values[j]; });
  return order;
}

}  // namespace

std::vector<double> q_values(std::span<const double> p_values) {
  for (double p : p_values) RF_CHECK(p >= 0 && p <= 1);
  const std::vector<std::size_t> order = ranked(p_values);
  const double count = static_cast<double>(p_values.size());
  std::vector<double> q(p_values.size());
  double least = 1;
  for (std::size_t rank = order.size(); rank > 0; --rank) {
    const std::size_t i = order[rank - 1];
    least = std::min(least, p_values[i] * count / static_cast<double>(rank));
    q[i] = least;
  }
  return q;
}

std::vector<std::size_t> discoveries(std::span<const double> p_values, double rate) {
  RF_CHECK(rate > 0 && rate < 1);
  const std::vector<double> q = q_values(p_values);
  std::vector<std::size_t> found;
  for (std::size_t i = 0; i < q.size(); ++i) {
    if (q[i] <= rate) found.push_back(i);
  }
  return found;
}

std::vector<std::size_t> e_discoveries(std::span<const double> log_e_values, double rate) {
  RF_CHECK(rate > 0 && rate < 1);
  for (double log_e : log_e_values) RF_CHECK(!std::isnan(log_e));
  const std::vector<std::size_t> order = ranked(log_e_values);
  const double count = static_cast<double>(order.size());
  std::vector<std::size_t> found;
  for (std::size_t k = order.size(); k > 0; --k) {
    const double kth_largest = log_e_values[order[order.size() - k]];
    if (kth_largest < std::log(count / (static_cast<double>(k) * rate))) continue;
    found.assign(order.end() - static_cast<std::ptrdiff_t>(k), order.end());
    break;
  }
  std::sort(found.begin(), found.end());
  return found;
}

}  // namespace rf::learn
