// A 16-point Gauss-Legendre rule for one panel, and the running integral inside it.

#pragma once

#include <array>
#include <cstddef>

namespace rf::learn {

constexpr std::size_t kPanelNodes = 16;

// On [-1, 1]. Exact for polynomials up to degree 31, `upto` up to degree 15.
struct PanelRule {
  std::array<double, kPanelNodes> x{};
  std::array<double, kPanelNodes> w{};
  // upto[k][l]: weight of the value at node l in the integral from -1 to node k.
  std::array<std::array<double, kPanelNodes>, kPanelNodes> upto{};
};

// Worked out once.
// Source: nodes as the zeros of P_16 by Newton's method, weights NIST DLMF 3.5.22.
const PanelRule& panel_rule();

}  // namespace rf::learn
