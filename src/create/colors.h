// Colour schemes of three: background, text and accent, in which the text can be read.

#pragma once

#include <array>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace rf::create {

// Background, text, accent; each "#rrggbb".
using ColorScheme = std::vector<std::string>;

// How far two colours stand apart, 1 to 21.
// REQUIRES: both "#rrggbb".
// Source: WCAG 2.2, relative luminance and contrast ratio.
double contrast(std::string_view a, std::string_view b);

// Different schemes out of a brand's colours, then plain ones, `n` at most. In each of them the
// text has a contrast of at least 4.5 to the background (WCAG 2.2, 1.4.3).
// REQUIRES: colours that are "#rrggbb".
std::vector<ColorScheme> color_schemes(const std::vector<std::string>& brand, std::size_t n);

}  // namespace rf::create
