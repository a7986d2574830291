// The members of the ensemble: models that see the same rows differently.

#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "base/result.h"
#include "learn/predict/examples.h"

namespace rf::learn {

enum class MemberKind : std::uint8_t {
  base,     // The average of all rows.
  segment,  // learn/predict/segment.h
  linear,   // learn/predict/linear.h
  pairs,    // The same with the pairs of its coarse columns.
  boosted,  // learn/predict/boosted_trees.h over learn/predict/encoding.h
};

std::string_view to_string(MemberKind kind);

// Thread: const members may be called from any thread.
class Member {
 public:
  virtual ~Member() = default;

  // Of rows it was not trained on; each starts at its offset.
  virtual std::vector<double> margins(const Frame& frame,
                                      std::span<const double> offsets) const = 0;

  // What each column of the schema moved one row's margin by. Correlation, not cause.
  virtual std::vector<double> explain(const Frame& frame, std::size_t row) const = 0;

  virtual JsonObject to_json_object() const = 0;
};

struct MemberSettings {
  std::uint64_t seed = 1;
  // Tried from the stiffest on; the one that validates best is used.
  std::vector<double> ridges{400, 200, 100, 50, 25, 12, 6, 3};
  int rounds_max = 300;
  int rounds_step = 25;
  std::size_t bags = 2;  // Boosted: the mean of that many, each with other draws.
  int depth = 4;
  double eta = 0.05;
  double row_share = 0.7;
  double column_share = 0.4;
  double child_weight_min = 5;
};

// How many settings a member of that kind is validated with.
std::size_t candidates(MemberKind kind, const MemberSettings& settings);

// Margins of `test`, one vector for each candidate, by models that saw `train` only.
// Errors: unsupported, from the library.
Result<std::vector<std::vector<double>>> try_member(MemberKind kind, const Schema& schema,
                                                    const Examples& train, const Examples& test,
                                                    const MemberSettings& settings);

// The member, trained with the candidate's setting.
Result<std::unique_ptr<Member>> fit_member(MemberKind kind, const Schema& schema,
                                           const Examples& train, const MemberSettings& settings,
                                           std::size_t candidate);

// Errors: corrupt, with the place.
Result<std::unique_ptr<Member>> read_member(MemberKind kind, const Schema& schema, Family family,
                                            const Json& json, std::string_view path);

}  // namespace rf::learn
