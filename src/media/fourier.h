// Spectra of real signals, many windows at a time.

#pragma once

#include <span>

namespace rf::media {

// Power of each frequency of each row: |X_k|^2 for k = 0 .. size/2, without normalisation.
// The rows are overwritten.
// REQUIRES: size is a power of two, at least 4; rows.size() is a multiple of it; power has
// size/2 + 1 places for each row.
// Shape: both row-major, one window after another.
// Cost: about 4 us for a row of 1024 when some tens come at once; the tables are built once a call.
void power_spectra(std::span<float> rows, int size, std::span<float> power);

}  // namespace rf::media
