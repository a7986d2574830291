#include "api/evaluate/headlines.h"

#include <algorithm>
#include <set>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "base/file.h"
#include "learn/headlines.h"
#include "learn/posterior.h"

namespace rf::api {
namespace {

// A hundred times what was published of this kind.
constexpr std::int64_t kFileMax = 64 << 20;

Result<std::vector<std::string>> texts(const std::string& path, const JsonObject& object,
                                       std::string_view name) {
  const Json* found = object.if_contains(name);
  if (found == nullptr) {
    return fail(ErrorCode::corrupt, fmt::format("{}: has no array '{}'", path, name));
  }
  Result<std::vector<std::string>> read =
      from_json<std::vector<std::string>>(*found, fmt::format("{}: {}", path, name));
  if (!read) return fail(ErrorCode::corrupt, read.error().message);
  return read;
}

// Which headline a label names as the better one.
Result<bool> first_won(const std::string& path, std::size_t index, std::string_view label) {
  if (label.starts_with("Headline 1 has more")) return true;
  if (label.starts_with("Headline 2 has more")) return false;
  return fail(
      ErrorCode::corrupt,
      fmt::format("{}: label[{}]: found '{}', expected 'Headline 1 has more …' or 'Headline "
                  "2 has more …'",
                  path, index, label.substr(0, 80)));
}

Result<std::vector<learn::HeadlinePair>> read_pairs(const std::string& path) {
  const std::string text = RF_TRY(read_file(path, kFileMax));
  Result<Json> json = parse_json(text);
  if (!json) return std::move(json).error().with(path);
  const JsonObject* object = json->if_object();
  if (object == nullptr) return fail(ErrorCode::corrupt, path + ": expected a JSON object");
  const std::vector<std::string> first = RF_TRY(texts(path, *object, "headline_1"));
  const std::vector<std::string> second = RF_TRY(texts(path, *object, "headline_2"));
  const std::vector<std::string> labels = RF_TRY(texts(path, *object, "label"));
  if (first.size() != second.size() || first.size() != labels.size() || first.empty()) {
    return fail(ErrorCode::corrupt,
                fmt::format("{}: found {}, {} and {} of headline_1, headline_2 and label, expected "
                            "as many of each",
                            path, first.size(), second.size(), labels.size()));
  }
  std::vector<learn::HeadlinePair> pairs;
  for (std::size_t i = 0; i < first.size(); ++i) {
    const bool won = RF_TRY(first_won(path, i, labels[i]));
    pairs.push_back({.first = first[i], .second = second[i], .first_won = won});
  }
  return pairs;
}

std::pair<std::string, std::string> unordered(const learn::HeadlinePair& pair) {
  return std::minmax(pair.first, pair.second);
}

}  // namespace

Result<EvaluateHeadlinesOutput> evaluate_headlines(const EvaluateHeadlinesInput& input, Services&) {
  std::vector<learn::HeadlinePair> train = RF_TRY(read_pairs(input.train));
  const std::vector<learn::HeadlinePair> test = RF_TRY(read_pairs(input.test));
  // A pair that is in both would be remembered, not judged.
  std::set<std::pair<std::string, std::string>> judged;
  for (const learn::HeadlinePair& pair : test) judged.insert(unordered(pair));
  const std::size_t left_out = std::erase_if(
      train, [&](const learn::HeadlinePair& pair) { return judged.contains(unordered(pair)); });
  const learn::HeadlineModel model = learn::HeadlineModel::train(train);
  std::size_t right = 0;
  for (const learn::HeadlinePair& pair : test) {
    right += (model.margin(pair.first, pair.second) > 0) == pair.first_won ? 1U : 0U;
  }
  const auto n = static_cast<double>(test.size());
  // Jeffreys' prior, for an interval that covers as it says.
  const learn::BetaPosterior belief = learn::rate_posterior(
      {.successes = static_cast<double>(right), .trials = n}, {.a = 0.5, .b = 0.5}, 1);
  const learn::Interval interval = learn::central_interval(belief, 0.9);
  return EvaluateHeadlinesOutput{.accuracy = {.value = static_cast<double>(right) / n,
                                              .low = interval.low,
                                              .high = interval.high,
                                              .n = static_cast<std::int64_t>(test.size())},
                                 .trained_on = static_cast<std::int64_t>(train.size()),
                                 .left_out = static_cast<std::int64_t>(left_out)};
}

}  // namespace rf::api
