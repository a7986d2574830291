#include "learn/predict/boosted_trees.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <memory>
#include <type_traits>

#include <fmt/format.h>
#include <xgboost/c_api.h>

#include "base/check.h"
#include "learn/predict/json_fields.h"

namespace rf::learn {
namespace {

struct FreeMatrix {
  void operator()(void* handle) const { XGDMatrixFree(handle); }
};
struct FreeBooster {
  void operator()(void* handle) const { XGBoosterFree(handle); }
};
using MatrixHandle = std::unique_ptr<void, FreeMatrix>;
using GrowerHandle = std::unique_ptr<void, FreeBooster>;

// The library answers 0 or keeps words for the thread that asked.
Status done(int code, std::string_view step) {
  if (code == 0) return {};
  const std::string_view words = XGBGetLastError();
  return fail(ErrorCode::unsupported,
              fmt::format("xgboost: {}: {}", step, words.substr(0, words.find('\n'))));
}

Result<MatrixHandle> load_matrix(const FloatMatrix& matrix, std::span<const double> outcomes,
                                 std::span<const double> offsets) {
  const std::string array = fmt::format(
      R"({{"data":[{},true],"shape":[{},{}],"typestr":"<f4","version":3}})",
      reinterpret_cast<std::uintptr_t>(matrix.cells.data()), matrix.rows, matrix.columns);
  DMatrixHandle handle = nullptr;
  RF_TRY(done(XGDMatrixCreateFromDense(array.c_str(), R"({"missing":NaN,"nthread":1})", &handle),
              "reading the features"));
  MatrixHandle owned(handle);
  const std::vector<float> labels(outcomes.begin(), outcomes.end());
  RF_TRY(done(XGDMatrixSetFloatInfo(handle, "label", labels.data(), labels.size()), "outcomes"));
  const std::vector<float> margins(offsets.begin(), offsets.end());
  RF_TRY(done(XGDMatrixSetFloatInfo(handle, "base_margin", margins.data(), margins.size()),
              "offsets"));
  return owned;
}

std::string_view objective_of(Family family) {
  switch (family) {
    case Family::binary: return "binary:logistic";
    case Family::count: return "count:poisson";
    case Family::real: return "reg:squarederror";
  }
  check_failed(__FILE__, __LINE__, "family has an objective");
}

Status set_parameters(BoosterHandle booster, const TreeSettings& settings) {
  const std::vector<std::pair<std::string, std::string>> parameters{
      {"objective", std::string(objective_of(settings.family))},
      {"tree_method", "hist"},
      {"verbosity", "0"},
      {"nthread", "1"},
      {"max_depth", fmt::format("{}", settings.depth)},
      {"eta", fmt::format("{}", settings.eta)},
      {"subsample", fmt::format("{}", settings.row_share)},
      {"colsample_bytree", fmt::format("{}", settings.column_share)},
      {"min_child_weight", fmt::format("{}", settings.child_weight_min)},
      {"lambda", fmt::format("{}", settings.ridge)},
      {"max_bin", fmt::format("{}", settings.bins)},
      // The library reads a 31-bit seed.
      {"seed", fmt::format("{}", settings.seed & 0x7fffffffU)}};
  for (const auto& [name, value] : parameters) {
    RF_TRY(done(XGBoosterSetParam(booster, name.c_str(), value.c_str()), name));
  }
  return {};
}

template <typename T>
T number_as(const Json& json) {
  if constexpr (std::is_floating_point_v<T>) {
    return static_cast<T>(json.to_number<double>());
  } else {
    return static_cast<T>(json.to_number<std::int64_t>());
  }
}

// One tree of the library's own JSON. It is the library that wrote it, so what is missing is a bug.
std::vector<TreeNode> read_tree(const JsonObject& tree) {
  const JsonArray& left = tree.at("left_children").as_array();
  const JsonArray& right = tree.at("right_children").as_array();
  const JsonArray& column = tree.at("split_indices").as_array();
  const JsonArray& value = tree.at("split_conditions").as_array();
  const JsonArray& missing_left = tree.at("default_left").as_array();
  const JsonArray& cover = tree.at("sum_hessian").as_array();
  std::vector<TreeNode> nodes(left.size());
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    TreeNode& node = nodes[i];
    const auto child = number_as<std::int64_t>(left[i]);
    node.value = number_as<float>(value[i]);
    node.cover = number_as<float>(cover[i]);
    if (child < 0) continue;
    node.column = number_as<std::int32_t>(column[i]);
    node.missing_left = number_as<std::int64_t>(missing_left[i]) != 0;
    node.left = static_cast<std::uint32_t>(child);
    node.right = number_as<std::uint32_t>(right[i]);
  }
  return nodes;
}

Result<Json> saved_model(BoosterHandle booster) {
  const char* bytes = nullptr;
  bst_ulong length = 0;
  RF_TRY(done(XGBoosterSaveModelToBuffer(booster, R"({"format":"json"})", &length, &bytes),
              "saving the trees"));
  return parse_json(std::string_view(bytes, length));
}

// One column on the way from the root to a leaf: the share of rows that follow the path without
// and with knowing it, and its weight among orderings.
struct Step {
  std::int32_t column = -1;
  double without = 1;
  double with = 1;
  double weight = 0;
};
using Path = std::vector<Step>;

void extend(Path& path, Step step) {
  const std::size_t length = path.size();
  step.weight = length == 0 ? 1 : 0;
  path.push_back(step);
  const double all = static_cast<double>(length + 1);
  for (std::size_t i = length; i-- > 0;) {
    const double place = static_cast<double>(i + 1);
    path[i + 1].weight += step.with * path[i].weight * place / all;
    path[i].weight *= step.without * static_cast<double>(length - i) / all;
  }
}

void unwind(Path& path, std::size_t index) {
  const std::size_t last = path.size() - 1;
  const double all = static_cast<double>(path.size());
  const Step removed = path[index];
  double next = path[last].weight;
  for (std::size_t i = last; i-- > 0;) {
    const double place = static_cast<double>(i + 1);
    const double after = static_cast<double>(last - i);
    if (removed.with != 0) {
      const double before = path[i].weight;
      path[i].weight = next * all / (place * removed.with);
      next = before - path[i].weight * removed.without * after / all;
    } else {
      path[i].weight *= all / (removed.without * after);
    }
  }
  for (std::size_t i = index; i < last; ++i) {
    path[i].column = path[i + 1].column;
    path[i].without = path[i + 1].without;
    path[i].with = path[i + 1].with;
  }
  path.pop_back();
}

// Walks one tree along all paths at once.
class Shapley {
 public:
  Shapley(std::span<const TreeNode> tree, std::span<const float> row, std::vector<double>& out)
      : tree_(tree), row_(row), out_(out) {}

  // NOLINTNEXTLINE(misc-no-recursion)
  void walk(std::uint32_t at, Path path, const Step& step) {
    extend(path, step);
    const TreeNode& node = tree_[at];
    if (node.column < 0) {
      credit(path, static_cast<double>(node.value));
      return;
    }
    const float cell = row_[static_cast<std::size_t>(node.column)];
    const bool go_left = std::isnan(cell) ? node.missing_left : cell < node.value;
    const std::uint32_t hot = go_left ? node.left : node.right;
    const std::uint32_t cold = go_left ? node.right : node.left;
    Step inherited{.column = node.column, .without = 1, .with = 1};
    auto seen = std::find_if(path.begin() + 1, path.end(),
                             [&](const Step& s) { return s.column == node.column; });
    if (seen != path.end()) {
      inherited = *seen;
      unwind(path, static_cast<std::size_t>(seen - path.begin()));
    }
    const Step hot_step{.column = node.column,
                        .without = inherited.without * share(hot, at),
                        .with = inherited.with};
    const Step cold_step{
        .column = node.column, .without = inherited.without * share(cold, at), .with = 0};
    walk(hot, path, hot_step);
    walk(cold, std::move(path), cold_step);
  }

 private:
  double share(std::uint32_t child, std::uint32_t parent) const {
    return static_cast<double>(tree_[child].cover) / static_cast<double>(tree_[parent].cover);
  }

  void credit(const Path& path, double value) {
    for (std::size_t i = 1; i < path.size(); ++i) {
      Path without = path;
      unwind(without, i);
      double weight = 0;
      for (const Step& step : without) weight += step.weight;
      const double part = weight * (path[i].with - path[i].without) * value;
      // Covers that no training could leave may divide by 0.
      if (std::isfinite(part)) out_[static_cast<std::size_t>(path[i].column)] += part;
    }
  }

  std::span<const TreeNode> tree_;
  std::span<const float> row_;
  std::vector<double>& out_;
};

// Mean of a tree's leaves by cover; children stand after their parents, so from the back.
double mean_leaf(std::span<const TreeNode> tree) {
  std::vector<double> means(tree.size());
  for (std::size_t i = tree.size(); i-- > 0;) {
    const TreeNode& node = tree[i];
    if (node.column < 0) {
      means[i] = static_cast<double>(node.value);
      continue;
    }
    const double left = static_cast<double>(tree[node.left].cover);
    const double right = static_cast<double>(tree[node.right].cover);
    means[i] = (left * means[node.left] + right * means[node.right]) / (left + right);
  }
  return means.front();
}

}  // namespace

Result<BoostedTrees> BoostedTrees::grow(const TreeSettings& settings, const FloatMatrix& matrix,
                                        std::span<const double> outcomes,
                                        std::span<const double> offsets) {
  RF_CHECK(matrix.rows > 0 && outcomes.size() == matrix.rows && offsets.size() == matrix.rows);
  MatrixHandle loaded = RF_TRY(load_matrix(matrix, outcomes, offsets));
  DMatrixHandle cached = loaded.get();
  BoosterHandle handle = nullptr;
  RF_TRY(done(XGBoosterCreate(&cached, 1, &handle), "starting"));
  GrowerHandle booster(handle);
  RF_TRY(set_parameters(handle, settings));
  for (int round = 0; round < settings.rounds; ++round) {
    RF_TRY(done(XGBoosterUpdateOneIter(handle, round, cached), "growing a tree"));
  }
  Json model = RF_TRY(saved_model(handle));
  BoostedTrees grown;
  grown.columns_ = matrix.columns;
  const Json& trees = model.at("learner").at("gradient_booster").at("model").at("trees");
  for (const Json& tree : trees.as_array()) {
    grown.starts_.push_back(grown.nodes_.size());
    const std::vector<TreeNode> nodes = read_tree(tree.as_object());
    grown.nodes_.insert(grown.nodes_.end(), nodes.begin(), nodes.end());
  }
  return grown;
}

double BoostedTrees::leaf_of(std::size_t tree, const float* row) const {
  const TreeNode* nodes = nodes_.data() + starts_[tree];
  const TreeNode* node = nodes;
  while (node->column >= 0) {
    const float cell = row[node->column];
    const bool go_left = std::isnan(cell) ? node->missing_left : cell < node->value;
    node = nodes + (go_left ? node->left : node->right);
  }
  return static_cast<double>(node->value);
}

void BoostedTrees::add_margins(const FloatMatrix& matrix, std::span<double> margins,
                               std::size_t from, std::size_t to) const {
  RF_CHECK(matrix.columns == columns_ && margins.size() == matrix.rows);
  const std::size_t end = to == 0 ? rounds() : std::min(to, rounds());
  // A few rows at a time, so that both they and a tree stay in the cache.
  constexpr std::size_t kBlock = 64;
  for (std::size_t begin = 0; begin < matrix.rows; begin += kBlock) {
    const std::size_t stop = std::min(begin + kBlock, matrix.rows);
    for (std::size_t tree = from; tree < end; ++tree) {
      for (std::size_t i = begin; i < stop; ++i) {
        margins[i] += leaf_of(tree, matrix.cells.data() + i * columns_);
      }
    }
  }
}

Contribution BoostedTrees::explain(std::span<const float> row) const {
  RF_CHECK(row.size() == columns_);
  Contribution found;
  found.columns.assign(columns_, 0);
  for (std::size_t tree = 0; tree < rounds(); ++tree) {
    const std::size_t end = tree + 1 < rounds() ? starts_[tree + 1] : nodes_.size();
    const std::span<const TreeNode> nodes =
        std::span<const TreeNode>(nodes_).subspan(starts_[tree], end - starts_[tree]);
    found.base += mean_leaf(nodes);
    if (nodes.front().column < 0) continue;
    Shapley(nodes, row, found.columns).walk(0, {}, {});
  }
  return found;
}

void BoostedTrees::keep_first(std::size_t rounds) {
  if (rounds >= starts_.size()) return;
  nodes_.resize(starts_[rounds]);
  starts_.resize(rounds);
}

JsonObject BoostedTrees::to_json_object() const {
  JsonArray trees;
  for (std::size_t tree = 0; tree < rounds(); ++tree) {
    const std::size_t end = tree + 1 < rounds() ? starts_[tree + 1] : nodes_.size();
    JsonArray nodes;
    for (std::size_t i = starts_[tree]; i < end; ++i) {
      const TreeNode& node = nodes_[i];
      if (node.column < 0) {
        nodes.push_back(JsonArray{node.value, node.cover});
      } else {
        nodes.push_back(JsonArray{node.value, node.cover, node.column, node.missing_left, node.left,
                                  node.right});
      }
    }
    trees.push_back(std::move(nodes));
  }
  return {{"columns", columns_}, {"trees", std::move(trees)}};
}

namespace {

Result<TreeNode> node_from_json(const Json& json, std::string_view path) {
  const JsonArray* cells = json.if_array();
  if (cells == nullptr || (cells->size() != 2 && cells->size() != 6)) {
    return fail(ErrorCode::corrupt, std::string(path) + ": expected 2 or 6 values of a tree node");
  }
  TreeNode node;
  node.value = RF_TRY(finite_float((*cells)[0], path));
  node.cover = RF_TRY(finite_float((*cells)[1], path));
  if (cells->size() == 2) return node;
  node.column = static_cast<std::int32_t>(RF_TRY(index_below((*cells)[2], 1U << 30, path)));
  node.missing_left = RF_TRY(from_json<bool>((*cells)[3], path));
  node.left = RF_TRY(index_below((*cells)[4], 1U << 30, path));
  node.right = RF_TRY(index_below((*cells)[5], 1U << 30, path));
  return node;
}

// Deeper trees are not grown, and explaining one would go as deep into the stack.
constexpr std::uint32_t kDepthMax = 64;

bool leads_inside(std::span<const TreeNode> tree, std::size_t at, std::size_t columns) {
  const TreeNode& node = tree[at];
  return static_cast<std::size_t>(node.column) < columns && node.left > at && node.right > at &&
         node.left < tree.size() && node.right < tree.size() && node.left != node.right;
}

Status check_tree(std::span<const TreeNode> tree, std::size_t columns, std::string_view path) {
  if (tree.empty()) return fail(ErrorCode::corrupt, std::string(path) + ": a tree without nodes");
  std::vector<std::uint32_t> depth(tree.size(), 0);
  for (std::size_t i = 0; i < tree.size(); ++i) {
    const TreeNode& node = tree[i];
    if (!(node.cover > 0)) {
      return fail(ErrorCode::corrupt, fmt::format("{}: no row came to node {}", path, i));
    }
    if (node.column < 0) continue;
    if (!leads_inside(tree, i, columns)) {
      return fail(ErrorCode::corrupt, fmt::format("{}: node {} leads outside its tree", path, i));
    }
    for (std::uint32_t child : {node.left, node.right}) {
      depth[child] = std::max(depth[child], depth[i] + 1);
      if (depth[child] > kDepthMax) {
        return fail(ErrorCode::corrupt,
                    fmt::format("{}: node {} is more than {} deep", path, child, kDepthMax));
      }
    }
  }
  return {};
}

}  // namespace

Result<BoostedTrees> BoostedTrees::from_json_value(const Json& json, std::string_view path) {
  BoostedTrees trees;
  const JsonObject& object = *RF_TRY(object_at(json, path));
  const Json& columns = *RF_TRY(member_at(object, "columns", path));
  trees.columns_ = RF_TRY(index_below(columns, 1U << 20, path));
  const Json& list = *RF_TRY(member_at(object, "trees", path));
  const JsonArray& array = *RF_TRY(array_at(list, path));
  for (std::size_t t = 0; t < array.size(); ++t) {
    const std::string where = fmt::format("{}.trees[{}]", path, t);
    const JsonArray& nodes = *RF_TRY(array_at(array[t], where));
    trees.starts_.push_back(trees.nodes_.size());
    for (const Json& each : nodes) {
      TreeNode node = RF_TRY(node_from_json(each, where));
      trees.nodes_.push_back(node);
    }
    RF_TRY(check_tree(std::span<const TreeNode>(trees.nodes_).subspan(trees.starts_.back()),
                      trees.columns_, where));
  }
  return trees;
}

}  // namespace rf::learn
