#include "learn/headlines.h"

#include <algorithm>
#include <cmath>
#include <unordered_set>

#include <fmt/format.h>

#include "learn/wording.h"

namespace rf::learn {
namespace {

// Runs are numbered by a hash into this many places for each block: of some 30,000 runs in 3,000
// headlines one in thirty-five shares its place.
constexpr std::size_t kPlaces = std::size_t{1} << 20;

enum Block : std::uint8_t { traits, letters, words, kinds, block_count };

// Ridge, in units of the mean squared length of a pair's difference. Measured by ten folds on 1,410
// pairs: .661, .654, .662, .663 at .5, 1, 2, 5.
constexpr double kRidge = 5;

constexpr int kStepsMax = 200;
constexpr double kResidualMin = 1e-6;

// FNV-1a, 64 bits.
// Source: Fowler, Noll & Vo, the constants of their reference.
std::uint64_t hash_of(std::string_view text) {
  std::uint64_t hash = 14'695'981'039'346'656'037U;
  for (char c : text) {
    hash ^= static_cast<unsigned char>(c);
    hash *= 1'099'511'628'211U;
  }
  return hash ^ (hash >> 29);
}

struct Term {
  std::uint32_t place = 0;
  float value = 0;
};

using Terms = std::vector<Term>;

// Places and how often each occurs, as 1 + ln(count).
Terms count_terms(std::vector<std::uint32_t>& places) {
  std::ranges::sort(places);
  Terms terms;
  for (std::size_t begin = 0, end = 0; begin < places.size(); begin = end) {
    while (end < places.size() && places[end] == places[begin]) ++end;
    terms.push_back({.place = places[begin],
                     .value = static_cast<float>(1 + std::log(static_cast<double>(end - begin)))});
  }
  return terms;
}

std::uint32_t place_of(std::string_view run, Block block) {
  return static_cast<std::uint32_t>(hash_of(run) % kPlaces + (block - letters) * kPlaces);
}

// Runs of two to five characters in the word with a space on either side.
void add_letters_of(std::string_view word, std::vector<std::uint32_t>& places) {
  if (word.empty()) return;
  const std::string padded = fmt::format(" {} ", word);
  for (std::size_t size = 2; size <= 5; ++size) {
    for (std::size_t i = 0; i + size <= padded.size(); ++i) {
      places.push_back(place_of(std::string_view(padded).substr(i, size), letters));
    }
    if (padded.size() <= size) break;
  }
}

void add_letters(std::string_view plain, std::vector<std::uint32_t>& places) {
  std::string word;
  for (char c : plain) {
    if (c == ' ' || c == '\t' || c == '\n' || c == '\r') {
      add_letters_of(word, places);
      word.clear();
    } else {
      word += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    }
  }
  add_letters_of(word, places);
}

void add_runs(const std::vector<std::string>& tokens, Block block,
              std::vector<std::uint32_t>& places) {
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    std::string run;
    for (std::size_t size = 1; size <= 3 && i + size <= tokens.size(); ++size) {
      run += tokens[i + size - 1];
      run += ' ';
      places.push_back(place_of(run, block));
    }
  }
}

const std::unordered_set<std::string_view>& plain_words() {
  static const std::unordered_set<std::string_view> all = [] {
    std::unordered_set<std::string_view> set;
    std::string_view rest =
        "a an the of to in and or but so it it's its is are was were be been do does did don't "
        "didn't can can't could will would should have has had having not no never i you he she "
        "they we me him her them us my your his their our this that these those here there's there "
        "what why how who when where which while than then until till before after because for "
        "from with without about at on by into out up down over off as just even still really all "
        "every everyone everything more most some any only one two first last other another ever "
        "very too much many like get gets got make makes made say says said know think see watch "
        "look let tell want need";
    while (!rest.empty()) {
      const std::size_t end = std::min(rest.find(' '), rest.size());
      set.insert(rest.substr(0, end));
      rest.remove_prefix(std::min(end + 1, rest.size()));
    }
    return set;
  }();
  return all;
}

// Words that hold a line together stay; the others become their kind.
std::string kind_of(const std::string& token) {
  const bool mark = std::ranges::none_of(
      token, [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c < 0; });
  if (mark || plain_words().contains(token)) return token;
  const std::string_view topic = topic_of(token);
  if (!topic.empty()) return fmt::format("<{}>", topic);
  if (std::ranges::any_of(token, [](char c) { return c >= '0' && c <= '9'; })) return "<number>";
  for (std::string_view ending : {"ing", "ed", "ly", "s"}) {
    if (token.ends_with(ending)) return fmt::format("<-{}>", ending);
  }
  return token.size() >= 8 ? "<long>" : "<word>";
}

Terms runs_of(std::string_view text) {
  std::vector<std::uint32_t> places;
  add_letters(plain_text(text), places);
  const std::vector<std::string> tokens = words_of(text);
  add_runs(tokens, words, places);
  std::vector<std::string> shapes{"<begin>"};
  for (const std::string& token : tokens) shapes.push_back(kind_of(token));
  shapes.emplace_back("<end>");
  add_runs(shapes, kinds, places);
  return count_terms(places);
}

Block block_of(std::uint32_t place) { return static_cast<Block>(letters + place / kPlaces); }

// first - second.
Terms difference(const Terms& first, const Terms& second) {
  Terms result;
  auto a = first.begin();
  auto b = second.begin();
  while (a != first.end() || b != second.end()) {
    if (b == second.end() || (a != first.end() && a->place < b->place)) {
      result.push_back(*a++);
    } else if (a == first.end() || b->place < a->place) {
      result.push_back({.place = b->place, .value = -b->value});
      ++b;
    } else {
      if (a->value != b->value) result.push_back({.place = a->place, .value = a->value - b->value});
      ++a;
      ++b;
    }
  }
  return result;
}

// Traits, and the square of the length beside it: a headline can be too long as well.
std::vector<double> traits_of(std::string_view text) {
  const std::vector<float> values = wording_of(text);
  std::vector<double> all(values.begin(), values.end());
  double characters = 0;
  for (std::size_t t = 0; t < values.size(); ++t) {
    if (wording_traits()[t].name == "characters") characters = all[t];
  }
  all.push_back(characters * characters / 1000);
  return all;
}

// A pair as the model sees it: sparse terms, and dense traits behind all places.
struct PairRow {
  Terms terms;
  std::vector<double> dense;
};

PairRow row_of_pair(std::string_view first, std::string_view second) {
  PairRow row{.terms = difference(runs_of(first), runs_of(second)), .dense = traits_of(first)};
  const std::vector<double> other = traits_of(second);
  for (std::size_t t = 0; t < other.size(); ++t) row.dense[t] -= other[t];
  return row;
}

constexpr std::size_t kDenseStart = kPlaces * (block_count - letters);

double dot(const PairRow& row, const std::vector<double>& weights) {
  double sum = 0;
  for (const Term& term : row.terms) sum += static_cast<double>(term.value) * weights[term.place];
  for (std::size_t t = 0; t < row.dense.size(); ++t) sum += row.dense[t] * weights[kDenseStart + t];
  return sum;
}

void add_times(const PairRow& row, double factor, std::vector<double>& to) {
  for (const Term& term : row.terms) to[term.place] += factor * static_cast<double>(term.value);
  for (std::size_t t = 0; t < row.dense.size(); ++t) to[kDenseStart + t] += factor * row.dense[t];
}

// Runs that stand in fewer than two pairs teach nothing.
void drop_rare_runs(std::vector<PairRow>& rows) {
  std::vector<std::uint8_t> seen(kDenseStart);
  for (const PairRow& row : rows) {
    for (const Term& term : row.terms) {
      seen[term.place] = static_cast<std::uint8_t>(std::min(2, seen[term.place] + 1));
    }
  }
  for (PairRow& row : rows) {
    std::erase_if(row.terms, [&](const Term& term) { return seen[term.place] < 2; });
  }
}

// Scales block by block. Returns each block's factor.
std::array<double, block_count> scale_blocks(std::vector<PairRow>& rows) {
  std::array<double, block_count> squares{};
  for (const PairRow& row : rows) {
    for (const Term& term : row.terms) {
      squares[block_of(term.place)] += static_cast<double>(term.value * term.value);
    }
    for (double value : row.dense) squares[traits] += value * value;
  }
  std::array<double, block_count> factors{};
  for (std::size_t b = 0; b < block_count; ++b) {
    factors[b] = squares[b] > 0 ? std::sqrt(static_cast<double>(rows.size()) / squares[b]) : 0;
  }
  for (PairRow& row : rows) {
    for (Term& term : row.terms) term.value *= static_cast<float>(factors[block_of(term.place)]);
    for (double& value : row.dense) value *= factors[traits];
  }
  return factors;
}

// a with (X X' + ridge) a = y: one number a pair. The weights are X' a.
// Source: Hestenes & Stiefel 1952, doi:10.6028/jres.049.044.
std::vector<double> solve(const std::vector<PairRow>& rows, const std::vector<double>& wanted,
                          double ridge) {
  std::vector<double> solution(rows.size());
  std::vector<double> residual = wanted;
  std::vector<double> direction = wanted;
  std::vector<double> weights;
  auto squares = [](const std::vector<double>& values) {
    double sum = 0;
    for (double value : values) sum += value * value;
    return sum;
  };
  double length = squares(residual);
  const double stop = kResidualMin * kResidualMin * length;
  for (int step = 0; step < kStepsMax && length > stop; ++step) {
    weights.assign(kDenseStart + rows[0].dense.size(), 0);
    for (std::size_t i = 0; i < rows.size(); ++i) add_times(rows[i], direction[i], weights);
    double curvature = 0;
    std::vector<double> image(rows.size());
    for (std::size_t i = 0; i < rows.size(); ++i) {
      image[i] = dot(rows[i], weights) + ridge * direction[i];
      curvature += image[i] * direction[i];
    }
    const double along = length / curvature;
    for (std::size_t i = 0; i < rows.size(); ++i) {
      solution[i] += along * direction[i];
      residual[i] -= along * image[i];
    }
    const double shorter = squares(residual);
    for (std::size_t i = 0; i < rows.size(); ++i) {
      direction[i] = residual[i] + shorter / length * direction[i];
    }
    length = shorter;
  }
  return solution;
}

// Puts the traits on one scale: their block's factor then weighs them alike. Returns each one's.
std::vector<double> scale_traits(std::vector<PairRow>& rows) {
  std::vector<double> scale(rows[0].dense.size());
  for (const PairRow& row : rows) {
    for (std::size_t t = 0; t < row.dense.size(); ++t) scale[t] += row.dense[t] * row.dense[t];
  }
  for (double& each : scale) {
    each = each > 0 ? std::sqrt(static_cast<double>(rows.size()) / each) : 0;
  }
  for (PairRow& row : rows) {
    for (std::size_t t = 0; t < row.dense.size(); ++t) row.dense[t] *= scale[t];
  }
  return scale;
}

}  // namespace

HeadlineModel HeadlineModel::train(std::span<const HeadlinePair> pairs) {
  HeadlineModel model;
  if (pairs.empty()) return model;
  std::vector<PairRow> rows;
  std::vector<double> wanted;
  for (const HeadlinePair& pair : pairs) {
    rows.push_back(row_of_pair(pair.first, pair.second));
    wanted.push_back(pair.first_won ? 1 : -1);
  }
  model.trait_scale_ = scale_traits(rows);
  drop_rare_runs(rows);
  const std::array<double, block_count> factors = scale_blocks(rows);
  // Each block's mean squared length is 1 now, so that of a pair is their number.
  const std::vector<double> solution =
      solve(rows, wanted, kRidge * static_cast<double>(block_count));
  std::vector<double> weights(kDenseStart + rows[0].dense.size());
  for (std::size_t i = 0; i < rows.size(); ++i) add_times(rows[i], solution[i], weights);
  model.weights_.resize(weights.size());
  for (std::size_t i = 0; i < weights.size(); ++i) {
    const Block block = i < kDenseStart ? block_of(static_cast<std::uint32_t>(i)) : traits;
    model.weights_[i] = static_cast<float>(weights[i] * factors[block]);
  }
  return model;
}

double HeadlineModel::margin(std::string_view first, std::string_view second) const {
  if (weights_.empty()) return 0;
  const PairRow row = row_of_pair(first, second);
  double sum = 0;
  for (const Term& term : row.terms) {
    sum += static_cast<double>(term.value) * static_cast<double>(weights_[term.place]);
  }
  for (std::size_t t = 0; t < row.dense.size(); ++t) {
    sum += row.dense[t] * trait_scale_[t] * static_cast<double>(weights_[kDenseStart + t]);
  }
  return sum;
}

}  // namespace rf::learn
