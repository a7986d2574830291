#include "create/captions.h"

#include <algorithm>
#include <cmath>
#include <string>

#include "create/words.h"

namespace rf::create {
namespace {

// What is read at a glance on a phone: longer ones are cut. Chosen; subtitles of broadcasters hold
// about as many in a line and a half.
constexpr std::size_t kCaptionWordsMax = 8;
// Until the next one, but no longer than this: words that stand still are read only once. Chosen.
constexpr double kCaptionSecondsMax = 4;

struct SpokenWord {
  std::string_view text;
  double start_s = 0;
  double end_s = 0;
};

// Said evenly over their scene.
std::vector<SpokenWord> spoken(const std::vector<Scene>& scenes) {
  std::vector<SpokenWord> all;
  for (const Scene& scene : scenes) {
    const std::vector<std::string_view> words = words_of(scene.say);
    const double each_s = (scene.end_s - scene.start_s) / std::max(1.0, double(words.size()));
    for (std::size_t i = 0; i < words.size(); ++i) {
      const double start_s = scene.start_s + static_cast<double>(i) * each_s;
      all.push_back({words[i], start_s, start_s + each_s});
    }
  }
  return all;
}

// The nearest whole count to the middle of the range that lies inside it.
std::size_t count_for(CaptionDensity density, double duration_s, std::size_t words) {
  const RateRange rate = captions_a_second(density);
  const double wanted = std::round((rate.low + rate.high) / 2 * duration_s);
  const double low = std::ceil(rate.low * duration_s);
  const double high = std::max(low, std::floor(rate.high * duration_s));
  const double most = std::max(1.0, static_cast<double>(words));
  return static_cast<std::size_t>(std::clamp(std::clamp(wanted, low, high), 1.0, most));
}

}  // namespace

std::vector<Caption> captions_of(const std::vector<Scene>& scenes, CaptionDensity density) {
  const std::vector<SpokenWord> words = spoken(scenes);
  const std::size_t count = count_for(density, scenes.back().end_s, words.size());
  std::vector<Caption> captions(count);
  for (std::size_t i = 0; i < count; ++i) {
    const std::size_t from = i * words.size() / count;
    const std::size_t to = (i + 1) * words.size() / count;
    const std::size_t shown = std::min(to, from + kCaptionWordsMax);
    for (std::size_t w = from; w < shown; ++w) {
      if (w > from) captions[i].text += ' ';
      captions[i].text += words[w].text;
    }
    captions[i].start_s = words[from].start_s;
    captions[i].end_s = std::min(words[to - 1].end_s, captions[i].start_s + kCaptionSecondsMax);
  }
  return captions;
}

}  // namespace rf::create
