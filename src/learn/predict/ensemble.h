// The compound learner: members blended by the skill they showed on rows they had not seen.
//
// fit     every member is tried out of fold, its setting chosen, weights and calibration fitted to
//         the out-of-fold margins, then trained on all rows.
// predict the blended margin, calibrated, with an interval that covers what it says.
// explain what each member said, its weight, and which columns moved it.
// update  new outcomes move the weights between the members, nothing else.

#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "learn/predict/member.h"
#include "learn/predict/predictive.h"
#include "learn/predict/stack.h"

namespace rf::learn {

struct EnsembleSettings {
  std::vector<MemberKind> members{MemberKind::base, MemberKind::segment, MemberKind::linear,
                                  MemberKind::pairs, MemberKind::boosted};
  MemberSettings member;
  std::size_t folds = 5;
  std::size_t threads = 1;  // The result does not depend on it.
};

// What a member showed out of fold.
struct MemberRecord {
  MemberKind kind = MemberKind::base;
  std::size_t candidate = 0;
  double weight = 0;
  double loss = 0;  // Mean, out of fold.
};

struct OutOfFold {
  std::vector<std::uint32_t> rows;           // Of the examples; those that some split predicts.
  std::vector<std::vector<double>> margins;  // By member, then as `rows`.
};

struct Explanation {
  struct Voice {
    MemberKind kind = MemberKind::base;
    double weight = 0;
    double mean = 0;              // What it would have said alone.
    std::vector<double> columns;  // What each column moved its margin by.
  };
  double mean = 0;
  std::vector<Voice> members;
  std::vector<double> columns;  // Weighted over members.
};

class Ensemble {
 public:
  Ensemble() = default;
  Ensemble(Ensemble&&) = default;
  Ensemble& operator=(Ensemble&&) = default;

  // REQUIRES: splits of the examples' rows, at least one.
  // Errors: unsupported, from the tree library; invalid, when outcomes do not vary.
  static Result<Ensemble> fit(const Schema& schema, const Examples& examples,
                              std::span<const Split> splits, const EnsembleSettings& settings);

  // Calibrated margins. `exposure` is empty for one each.
  std::vector<double> margins(const Frame& frame, std::span<const double> exposure) const;
  std::vector<std::vector<double>> member_margins(const Frame& frame,
                                                  std::span<const double> exposure) const;
  // From the members' margins, without asking them again.
  std::vector<double> blended(std::span<const std::vector<double>> members,
                              std::span<const double> offsets) const;

  Explanation explain(const Frame& frame, std::span<const double> exposure, std::size_t row) const;

  // New rows with outcomes: weights follow the members' losses by Hedge.
  // REQUIRES: rate >= 0.
  void update(const Examples& seen, double rate);

  Family family() const { return family_; }
  std::span<const MemberRecord> records() const { return records_; }
  const Calibration& calibration() const { return calibration_; }
  const Predictive& predictive() const { return predictive_; }
  double loss() const { return loss_; }

  JsonObject to_json_object() const;
  // Errors: corrupt, with the place.
  static Result<Ensemble> from_json_value(const Json& json, const Schema& schema,
                                          std::string_view path);

 private:
  Family family_ = Family::binary;
  std::vector<MemberRecord> records_;
  std::vector<std::unique_ptr<Member>> members_;
  Calibration calibration_;
  Predictive predictive_;
  double loss_ = 0;  // Mean out-of-fold loss of the blend, calibrated.
};

}  // namespace rf::learn
