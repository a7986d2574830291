#include "create/variations.h"

#include <algorithm>
#include <cmath>
#include <set>
#include <span>

#include <fmt/format.h>

#include "base/check.h"
#include "base/json.h"
#include "base/rng.h"
#include "base/sha256.h"
#include "create/colors.h"
#include "create/phrases.h"
#include "create/words.h"

namespace rf::create {
namespace {

// One dimension with one of its values, as people read it.
struct Step {
  Dimension dimension = Dimension::hook;
  std::string value;
  ColorScheme colors;  // Of Dimension::color.
};

// Every value that each dimension can take, the concept's own left out.
using Values = std::array<std::vector<Step>, 9>;

std::vector<Step>& of(Values& values, Dimension dimension) {
  return values.at(static_cast<std::size_t>(dimension));
}

// What the concept shows and says by itself.
Variation base_of(const Concept& from, const Phrases& phrases) {
  const std::string call = from.cta_text.empty() ? std::string(phrases.shop) : from.cta_text;
  const std::string hook = from.hook_script.empty()
                               ? filled(phrases.hooks[1].back(), from, call).value_or(from.product)
                               : from.hook_script;
  return {.concept_id = from.id,
          .hook = hook,
          .headline = from.name,
          .cta = call,
          .color_scheme = color_schemes(from.brand_colors, 1).front(),
          .music = "upbeat",
          .voice = "warm"};
}

void add_texts(std::vector<Step>& to, Dimension dimension, Sentences from, const Concept& brief) {
  for (std::string_view each : from) {
    auto text = filled(each, brief, "");
    if (text) to.push_back({.dimension = dimension, .value = std::move(*text)});
  }
}

// Styles by turns, so that the first ten hooks are not ten questions.
void add_hooks(std::vector<Step>& to, const Phrases& phrases, const Concept& from) {
  for (std::size_t place = 0; place < 5; ++place) {
    for (Sentences style : phrases.hooks) {
      if (place < style.size()) add_texts(to, Dimension::hook, style.subspan(place, 1), from);
    }
  }
}

void add_words(std::vector<Step>& to, Dimension dimension,
               std::span<const std::string_view> words) {
  for (std::string_view each : words) to.push_back({dimension, std::string(each), {}});
}

// "fast, 30 s": both of them at once, because a length without a pace says little.
void add_pacings(std::vector<Step>& to) {
  for (std::string_view pacing : {"fast", "medium", "slow"}) {
    for (int seconds : {15, 30, 60}) {
      to.push_back({Dimension::pacing, fmt::format("{}, {} s", pacing, seconds), {}});
    }
  }
}

std::string pacing_text(const Variation& of_one) {
  return fmt::format("{}, {} s", of_one.pacing, of_one.duration);
}

std::string colors_text(const ColorScheme& colors) {
  return fmt::format("{}", fmt::join(colors, " "));
}

Values values_of(const Concept& from, const Phrases& phrases, const Variation& base) {
  constexpr auto kMusic =
      std::to_array<std::string_view>({"calm", "cinematic", "electronic", "acoustic", "none"});
  constexpr auto kVoices =
      std::to_array<std::string_view>({"energetic", "deep", "bright", "calm", "none"});
  constexpr auto kFormats = std::to_array<std::string_view>({"4:5", "1:1", "16:9", "21:9"});
  Values values;
  add_hooks(of(values, Dimension::hook), phrases, from);
  add_texts(of(values, Dimension::headline), Dimension::headline, phrases.headlines, from);
  add_texts(of(values, Dimension::cta), Dimension::cta, phrases.calls, from);
  for (ColorScheme& each : color_schemes(from.brand_colors, 6)) {
    std::string text = colors_text(each);
    of(values, Dimension::color).push_back({Dimension::color, std::move(text), std::move(each)});
  }
  add_words(of(values, Dimension::music), Dimension::music, kMusic);
  add_words(of(values, Dimension::voice), Dimension::voice, kVoices);
  add_words(of(values, Dimension::format), Dimension::format, kFormats);
  add_pacings(of(values, Dimension::pacing));
  const std::set<std::string> own{base.hook, base.headline, base.cta,
                                  colors_text(base.color_scheme), pacing_text(base)};
  for (std::vector<Step>& each : values) {
    std::erase_if(each, [&](const Step& step) { return own.contains(step.value); });
  }
  return values;
}

void apply(Variation& to, const Step& step) {
  to.variations_applied[std::string(name_of(step.dimension))] = step.value;
  switch (step.dimension) {
    case Dimension::hook: to.hook = step.value; return;
    case Dimension::cta: to.cta = step.value; return;
    case Dimension::headline: to.headline = step.value; return;
    case Dimension::color: to.color_scheme = step.colors; return;
    case Dimension::music: to.music = step.value; return;
    case Dimension::voice: to.voice = step.value; return;
    case Dimension::format: to.format = step.value; return;
    case Dimension::duration: return;  // Comes with the pacing.
    case Dimension::pacing: break;
  }
  const std::size_t comma = step.value.find(',');
  const std::string_view seconds = std::string_view(step.value).substr(comma + 2);
  to.pacing = step.value.substr(0, comma);
  to.duration = seconds.starts_with("15") ? 15 : seconds.starts_with("30") ? 30 : 60;
  to.variations_applied["pacing"] = to.pacing;
  to.variations_applied["duration"] = fmt::format("{} s", to.duration);
}

// Of what is seen and heard, without what only the eye of a machine tells apart.
std::string hash_of(const Variation& of_one) {
  std::string all;
  for (const std::string& text :
       {of_one.hook, of_one.headline, of_one.cta, colors_text(of_one.color_scheme), of_one.music,
        of_one.voice, pacing_text(of_one), of_one.format}) {
    for (char c : text) {
      const bool seen = static_cast<unsigned char>(c) >= 0x80 || std::isalnum(c) != 0 || c == '?';
      if (seen) all += static_cast<char>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
    }
    all += '\n';
  }
  return sha256_hex(all);
}

// Makes the variations one after the other, each once.
class Maker {
 public:
  Maker(const Variation& base, std::size_t count) : base_(base), count_(count) {
    seen_.insert(hash_of(base));
  }

  bool full() const { return made_.size() == count_; }

  void make(std::initializer_list<const Step*> steps) {
    if (full()) return;
    Variation next = base_;
    for (const Step* each : steps) apply(next, *each);
    next.variation_hash = hash_of(next);
    if (!seen_.insert(next.variation_hash).second) return;
    next.variation_number = std::ssize(made_) + 1;
    next.id = fmt::format("{}-{:02}", next.concept_id, next.variation_number);
    made_.push_back(std::move(next));
  }

  std::vector<Variation> take() { return std::move(made_); }

 private:
  const Variation& base_;
  std::size_t count_;
  std::set<std::string> seen_;
  std::vector<Variation> made_;
};

// The notes' shares of fifty.
void make_single(Maker& maker, Values& values, std::int64_t count) {
  struct Share {
    Dimension dimension;
    std::int64_t of_fifty;
  };
  for (const Share& share :
       {Share{Dimension::hook, 10}, Share{Dimension::cta, 10}, Share{Dimension::headline, 10},
        Share{Dimension::color, 5}, Share{Dimension::pacing, 9}}) {
    const std::int64_t quota = std::max<std::int64_t>(1, count * share.of_fifty / 50);
    const std::vector<Step>& steps = of(values, share.dimension);
    for (std::size_t i = 0; i < std::min<std::size_t>(steps.size(), std::size_t(quota)); ++i) {
      maker.make({&steps[i]});
    }
  }
}

// Two dimensions at once, by lot, music, voice and format among them.
void make_crossed(Maker& maker, Values& values, std::uint64_t seed) {
  std::vector<const Step*> steps;
  for (const std::vector<Step>& each : values) {
    for (const Step& step : each) steps.push_back(&step);
  }
  Rng rng(seed);
  // A brief with few words has few pairs; what is drawn twice is not made twice.
  for (std::int64_t tries = 0; !maker.full() && tries < 20 * kVariationsMax; ++tries) {
    const Step* a = steps[rng.below(steps.size())];
    const Step* b = steps[rng.below(steps.size())];
    if (a->dimension != b->dimension) maker.make({a, b});
  }
}

double shared_words(std::string_view a, std::string_view b) {
  const std::vector<std::string_view> words_a = words_of(a);
  const std::vector<std::string_view> words_b = words_of(b);
  const std::set<std::string_view> set_a(words_a.begin(), words_a.end());
  const std::set<std::string_view> set_b(words_b.begin(), words_b.end());
  const auto both = std::ranges::count_if(set_a, [&](auto each) { return set_b.contains(each); });
  const std::size_t either = set_a.size() + set_b.size() - static_cast<std::size_t>(both);
  return either == 0 ? 1 : static_cast<double>(both) / static_cast<double>(either);
}

// 1 for the same changes, about a half for other values of the same dimensions, 0 for others. [0,
// 1]
double likeness(const Variation& a, const Variation& b) {
  std::set<std::string> dimensions;
  double sum = 0;
  for (const auto& [dimension, value] : a.variations_applied) {
    dimensions.insert(dimension);
    auto other = b.variations_applied.find(dimension);
    if (other == b.variations_applied.end()) continue;
    sum += 0.5 + 0.5 * shared_words(value, other->second);
  }
  for (const auto& [dimension, value] : b.variations_applied) dimensions.insert(dimension);
  return dimensions.empty() ? 1 : sum / static_cast<double>(dimensions.size());
}

// What is expected if what changed acts on its own: lifts multiply, their uncertainties add up on
// the logarithm. None, as soon as one change has no belief.
std::optional<Estimate> expected(const Variation& of_one, const DimensionBelief& belief) {
  double log_value = 0;
  double log_low = 0;
  double log_high = 0;
  std::optional<std::int64_t> n;
  for (const auto& [dimension, value] : of_one.variations_applied) {
    const auto one = belief(dimension, value);
    if (!one || one->low <= 0) return std::nullopt;
    log_value += std::log(one->value);
    log_low += std::pow(std::log(one->value / one->low), 2);
    log_high += std::pow(std::log(one->high / one->value), 2);
    n = std::min(n.value_or(one->n), one->n);
  }
  if (!n) return std::nullopt;
  return Estimate{.value = std::exp(log_value),
                  .low = std::exp(log_value - std::sqrt(log_low)),
                  .high = std::exp(log_value + std::sqrt(log_high)),
                  .n = *n};
}

// A near twin has to promise this much more, as a factor's logarithm, to stand beside its twin on
// top. Chosen: about 10 %.
constexpr double kTwinPrice = 0.1;

}  // namespace

Result<std::vector<Variation>> variations_of(const Concept& from, const VariationWish& wish) {
  if (wish.count < 1 || wish.count > kVariationsMax) {
    return fail(ErrorCode::invalid,
                fmt::format("count: {} is not 1 to {}", wish.count, kVariationsMax));
  }
  const Phrases* phrases = phrases_in(from.language);
  RF_CHECK(phrases != nullptr);
  const Variation base = base_of(from, *phrases);
  Values values = values_of(from, *phrases, base);
  Maker maker(base, static_cast<std::size_t>(wish.count));
  make_single(maker, values, wish.count);
  make_crossed(maker, values, wish.seed);
  return maker.take();
}

void rank(std::vector<Variation>& variations, const DimensionBelief& belief) {
  for (Variation& each : variations) each.predicted_performance = expected(each, belief);
  std::vector<double> worth(variations.size());
  std::vector<double> twin(variations.size(), 0);
  for (std::size_t i = 0; i < variations.size(); ++i) {
    const auto& expects = variations[i].predicted_performance;
    worth[i] = expects ? std::log(expects->value) : 0;
  }
  for (std::size_t place = 0; place < variations.size(); ++place) {
    std::size_t best = place;
    for (std::size_t i = place + 1; i < variations.size(); ++i) {
      const double ahead =
          worth[i] - kTwinPrice * twin[i] - (worth[best] - kTwinPrice * twin[best]);
      const bool earlier = variations[i].variation_number < variations[best].variation_number;
      if (ahead > 0 || (ahead == 0 && earlier)) best = i;
    }
    std::swap(variations[place], variations[best]);
    std::swap(worth[place], worth[best]);
    std::swap(twin[place], twin[best]);
    variations[place].rank = static_cast<std::int64_t>(place) + 1;
    for (std::size_t i = place + 1; i < variations.size(); ++i) {
      twin[i] = std::max(twin[i], likeness(variations[i], variations[place]));
    }
  }
}

}  // namespace rf::create
