#include "learn/predict/member.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

#include "base/check.h"
#include "learn/predict/boosted_trees.h"
#include "learn/predict/encoding.h"
#include "learn/predict/json_fields.h"
#include "learn/predict/linear.h"
#include "learn/predict/segment.h"

namespace rf::learn {
namespace {

class BaseMember final : public Member {
 public:
  explicit BaseMember(double margin) : margin_(margin) {}

  std::vector<double> margins(const Frame&, std::span<const double> offsets) const override {
    std::vector<double> margins(offsets.begin(), offsets.end());
    for (double& margin : margins) margin += margin_;
    return margins;
  }

  std::vector<double> explain(const Frame& frame, std::size_t) const override {
    return std::vector<double>(frame.columns.size(), 0);
  }

  JsonObject to_json_object() const override { return {{"margin", margin_}}; }

 private:
  double margin_;
};

// A model that is a member as it is.
template <typename Model>
class ModelMember final : public Member {
 public:
  explicit ModelMember(Model model) : model_(std::move(model)) {}

  std::vector<double> margins(const Frame& frame, std::span<const double> offsets) const override {
    return model_.margins(frame, offsets);
  }

  std::vector<double> explain(const Frame& frame, std::size_t row) const override {
    return model_.explain(frame, row);
  }

  JsonObject to_json_object() const override { return model_.to_json_object(); }

 private:
  Model model_;
};

using SegmentMember = ModelMember<SegmentModel>;
using LinearMember = ModelMember<LinearModel>;

class BoostedMember final : public Member {
 public:
  BoostedMember(TargetEncoder encoder, std::vector<BoostedTrees> bags, double intercept)
      : encoder_(std::move(encoder)), bags_(std::move(bags)), intercept_(intercept) {}

  std::vector<double> margins(const Frame& frame, std::span<const double> offsets) const override {
    const FloatMatrix matrix = encoder_.encode(frame);
    std::vector<double> sum(frame.rows, 0);
    for (const BoostedTrees& trees : bags_) trees.add_margins(matrix, sum);
    for (std::size_t i = 0; i < sum.size(); ++i) {
      sum[i] = offsets[i] + intercept_ + sum[i] / static_cast<double>(bags_.size());
    }
    return sum;
  }

  std::vector<double> explain(const Frame& frame, std::size_t row) const override {
    const std::array<std::uint32_t, 1> one{static_cast<std::uint32_t>(row)};
    const FloatMatrix matrix = encoder_.encode(take(frame, one));
    std::vector<double> parts(frame.columns.size(), 0);
    for (const BoostedTrees& trees : bags_) {
      const Contribution found = trees.explain(matrix.row(0));
      for (std::size_t f = 0; f < found.columns.size(); ++f) {
        parts[encoder_.features()[f].column] +=
            found.columns[f] / static_cast<double>(bags_.size());
      }
    }
    return parts;
  }

  JsonObject to_json_object() const override {
    JsonArray bags;
    for (const BoostedTrees& trees : bags_) bags.push_back(trees.to_json_object());
    return {{"intercept", intercept_},
            {"encoder", encoder_.to_json_object()},
            {"bags", std::move(bags)}};
  }

 private:
  TargetEncoder encoder_;
  std::vector<BoostedTrees> bags_;
  double intercept_;
};

TreeSettings tree_settings(Family family, const MemberSettings& settings, int rounds,
                           std::size_t bag) {
  return {.family = family,
          .rounds = rounds,
          .depth = settings.depth,
          .eta = settings.eta,
          .row_share = settings.row_share,
          .column_share = settings.column_share,
          .child_weight_min = settings.child_weight_min,
          .seed = settings.seed * 1000 + bag};
}

// Parts for the out-of-part means of levels. Chosen: ten keep a row's mean close to that of new
// rows.
constexpr std::size_t kEncodingParts = 10;

struct Grown {
  TargetEncoder encoder;
  std::vector<BoostedTrees> bags;
  double intercept = 0;
};

Result<Grown> grow_bags(const Schema& schema, const Examples& train, const MemberSettings& settings,
                        int rounds) {
  Grown grown;
  grown.intercept = base_margin(train.family, train.outcomes, train.exposure);
  grown.encoder = TargetEncoder::fit(schema, train);
  std::vector<double> offsets = offsets_of(train.family, train.exposure, train.rows());
  for (double& offset : offsets) offset += grown.intercept;
  for (std::size_t bag = 0; bag < settings.bags; ++bag) {
    const TreeSettings trees = tree_settings(train.family, settings, rounds, bag);
    const FloatMatrix matrix = grown.encoder.encode_training(train, kEncodingParts, trees.seed);
    BoostedTrees bag_trees = RF_TRY(BoostedTrees::grow(trees, matrix, train.outcomes, offsets));
    grown.bags.push_back(std::move(bag_trees));
  }
  return grown;
}

Result<std::vector<std::vector<double>>> try_boosted(const Schema& schema, const Examples& train,
                                                     const Examples& test,
                                                     const MemberSettings& settings) {
  Grown grown = RF_TRY(grow_bags(schema, train, settings, settings.rounds_max));
  const FloatMatrix matrix = grown.encoder.encode(test.frame);
  const std::vector<double> offsets = offsets_of(test.family, test.exposure, test.rows());
  std::vector<double> sum(test.rows(), 0);
  std::vector<std::vector<double>> found;
  const auto step = static_cast<std::size_t>(settings.rounds_step);
  const auto end = static_cast<std::size_t>(settings.rounds_max);
  for (std::size_t from = 0; from < end; from += step) {
    for (const BoostedTrees& trees : grown.bags) {
      trees.add_margins(matrix, sum, from, std::min(from + step, end));
    }
    std::vector<double> margins(sum);
    for (std::size_t i = 0; i < margins.size(); ++i) {
      margins[i] =
          offsets[i] + grown.intercept + margins[i] / static_cast<double>(grown.bags.size());
    }
    found.push_back(std::move(margins));
  }
  return found;
}

Result<std::unique_ptr<Member>> read_boosted(const Schema& schema, Family family, const Json& json,
                                             std::string_view path) {
  const JsonObject* object = RF_TRY(object_at(json, path));
  const double intercept = RF_TRY(number_member(*object, "intercept", path));
  const Json* encoder_json = RF_TRY(member_at(*object, "encoder", path));
  TargetEncoder encoder =
      RF_TRY(TargetEncoder::from_json_value(*encoder_json, family, schema, path));
  const Json* list = RF_TRY(member_at(*object, "bags", path));
  const JsonArray* array = RF_TRY(array_at(*list, path));
  std::vector<BoostedTrees> bags;
  for (const Json& each : *array) {
    BoostedTrees trees = RF_TRY(BoostedTrees::from_json_value(each, path));
    if (trees.columns() != encoder.features().size()) {
      return fail(ErrorCode::corrupt, std::string(path) + ": trees of another number of columns");
    }
    bags.push_back(std::move(trees));
  }
  if (bags.empty()) return fail(ErrorCode::corrupt, std::string(path) + ": expected trees");
  return std::unique_ptr<Member>(
      std::make_unique<BoostedMember>(std::move(encoder), std::move(bags), intercept));
}

// Pairs of columns whose codes make at most this many cells.
constexpr std::size_t kPairCellsMax = 5000;
// Chosen: 60 columns have 1,770 pairs; the first 200 of the coarsest are enough to try.
constexpr std::size_t kPairsMax = 200;

std::vector<std::pair<std::uint32_t, std::uint32_t>> coarse_pairs(const Schema& schema) {
  struct Candidate {
    std::size_t cells = 0;
    std::pair<std::uint32_t, std::uint32_t> columns;
  };
  std::vector<Candidate> found;
  for (std::uint32_t a = 0; a < schema.columns.size(); ++a) {
    for (std::uint32_t b = a + 1; b < schema.columns.size(); ++b) {
      const std::size_t cells = schema.columns[a].codes() * schema.columns[b].codes();
      if (cells <= kPairCellsMax) found.push_back({.cells = cells, .columns = {a, b}});
    }
  }
  std::ranges::stable_sort(found, {}, &Candidate::cells);
  if (found.size() > kPairsMax) found.resize(kPairsMax);
  std::vector<std::pair<std::uint32_t, std::uint32_t>> pairs;
  pairs.reserve(found.size());
  for (const Candidate& candidate : found) pairs.push_back(candidate.columns);
  return pairs;
}

LinearSettings linear_settings(MemberKind kind, const Schema& schema, double ridge) {
  LinearSettings settings{.ridge = ridge};
  if (kind == MemberKind::pairs) settings.pairs = coarse_pairs(schema);
  return settings;
}

std::vector<std::vector<double>> try_linear(MemberKind kind, const Schema& schema,
                                            const Examples& train, const Examples& test,
                                            const MemberSettings& settings) {
  const std::vector<double> offsets = offsets_of(test.family, test.exposure, test.rows());
  std::vector<std::vector<double>> found;
  found.reserve(settings.ridges.size());
  LinearModel model;
  for (std::size_t i = 0; i < settings.ridges.size(); ++i) {
    const LinearSettings chosen = linear_settings(kind, schema, settings.ridges[i]);
    model = LinearModel::fit(schema, train, chosen, i == 0 ? nullptr : &model);
    found.push_back(model.margins(test.frame, offsets));
  }
  return found;
}

}  // namespace

std::string_view to_string(MemberKind kind) {
  switch (kind) {
    case MemberKind::base: return "base";
    case MemberKind::segment: return "segment";
    case MemberKind::linear: return "linear";
    case MemberKind::pairs: return "linear_pairs";
    case MemberKind::boosted: return "boosted";
  }
  check_failed(__FILE__, __LINE__, "kind has a name");
}

std::size_t candidates(MemberKind kind, const MemberSettings& settings) {
  switch (kind) {
    case MemberKind::linear:
    case MemberKind::pairs: return settings.ridges.size();
    case MemberKind::boosted:
      return static_cast<std::size_t>((settings.rounds_max + settings.rounds_step - 1) /
                                      settings.rounds_step);
    case MemberKind::base:
    case MemberKind::segment: return 1;
  }
  return 1;
}

Result<std::vector<std::vector<double>>> try_member(MemberKind kind, const Schema& schema,
                                                    const Examples& train, const Examples& test,
                                                    const MemberSettings& settings) {
  if (kind == MemberKind::boosted) return try_boosted(schema, train, test, settings);
  if (kind == MemberKind::linear || kind == MemberKind::pairs) {
    return try_linear(kind, schema, train, test, settings);
  }
  std::unique_ptr<Member> member = RF_TRY(fit_member(kind, schema, train, settings, 0));
  const std::vector<double> offsets = offsets_of(test.family, test.exposure, test.rows());
  return std::vector<std::vector<double>>{member->margins(test.frame, offsets)};
}

Result<std::unique_ptr<Member>> fit_member(MemberKind kind, const Schema& schema,
                                           const Examples& train, const MemberSettings& settings,
                                           std::size_t candidate) {
  RF_CHECK(candidate < candidates(kind, settings));
  switch (kind) {
    case MemberKind::base:
      return std::unique_ptr<Member>(
          std::make_unique<BaseMember>(base_margin(train.family, train.outcomes, train.exposure)));
    case MemberKind::segment:
      return std::unique_ptr<Member>(
          std::make_unique<SegmentMember>(SegmentModel::fit(schema, train)));
    case MemberKind::linear:
    case MemberKind::pairs:
      return std::unique_ptr<Member>(std::make_unique<LinearMember>(LinearModel::fit(
          schema, train, linear_settings(kind, schema, settings.ridges[candidate]))));
    case MemberKind::boosted: {
      const int rounds =
          std::min(settings.rounds_max, static_cast<int>(candidate + 1) * settings.rounds_step);
      Grown grown = RF_TRY(grow_bags(schema, train, settings, rounds));
      return std::unique_ptr<Member>(std::make_unique<BoostedMember>(
          std::move(grown.encoder), std::move(grown.bags), grown.intercept));
    }
  }
  check_failed(__FILE__, __LINE__, "kind is known");
}

Result<std::unique_ptr<Member>> read_member(MemberKind kind, const Schema& schema, Family family,
                                            const Json& json, std::string_view path) {
  using Owned = std::unique_ptr<Member>;
  switch (kind) {
    case MemberKind::base: {
      const JsonObject* object = RF_TRY(object_at(json, path));
      const double margin = RF_TRY(number_member(*object, "margin", path));
      return Owned(std::make_unique<BaseMember>(margin));
    }
    case MemberKind::segment: {
      SegmentModel model = RF_TRY(SegmentModel::from_json_value(json, family, schema, path));
      return Owned(std::make_unique<SegmentMember>(std::move(model)));
    }
    case MemberKind::linear:
    case MemberKind::pairs: {
      LinearModel model = RF_TRY(LinearModel::from_json_value(json, schema, path));
      return Owned(std::make_unique<LinearMember>(std::move(model)));
    }
    case MemberKind::boosted: return read_boosted(schema, family, json, path);
  }
  check_failed(__FILE__, __LINE__, "kind is known");
}

}  // namespace rf::learn
