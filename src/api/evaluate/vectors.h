// Files of vectors: .fvecs, .npy, and text with numbers apart by commas, tabs or spaces.

#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "base/result.h"

namespace rf::api {

// Shape: rows x dims, row-major.
struct VectorFile {
  std::size_t dims = 0;
  std::vector<float> values;
};

// What it is, is seen from its first bytes: "\x93NUMPY"; text; else fvecs (each vector a 32-bit
// count, then as many 32-bit floats, little-endian). Of .npy: two dimensions, little-endian 32-bit
// floats, row by row. A first line of text that holds no number is a header.
// Errors: not_found, unavailable; corrupt, naming the place; over_limit, beyond 16 GB or 65,536
// dimensions.
Result<VectorFile> read_vectors(const std::string& path);

// The same, of bytes in memory; `name` is for errors.
Result<VectorFile> parse_vectors(const std::string& name, std::string_view bytes);

}  // namespace rf::api
