#include "video/objects.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <utility>

#include <fmt/format.h>

#include "base/check.h"
#include "video/object_words.h"

namespace rf::video {
namespace {

// The same pictures as for faces, so that the film is scaled once for both; the network scales them
// to its own size.
constexpr int kShortSide = 360;
constexpr double kRateHz = 1;

constexpr std::size_t kMostCommonMax = 10;
// A scene must show in so many of the samples; less is "mixed".
constexpr double kSceneShareMin = 0.2;
// A flag needs two samples or one that is this sure: one weak find in a film is mostly none.
constexpr double kFlagSure = 0.7;
// A product is large enough to recognise on a telephone at this share of the picture; chosen.
constexpr double kProductArea = 0.05;
constexpr double kProductEarly_s = 3.0;  // Within the notes' hook.

std::vector<std::string> most_common(const std::map<std::string, std::int64_t>& counts) {
  struct Ranked {
    std::string name;
    std::int64_t count = 0;
    bool thing = false;
  };
  std::vector<Ranked> ranked;
  for (const auto& [name, count] : counts) {
    const ObjectWord word = word_for(name);
    ranked.push_back({name, count, !word.setting && word.category != "people"});
  }
  const bool has_things =
      std::any_of(ranked.begin(), ranked.end(), [](const Ranked& each) { return each.thing; });
  std::vector<std::string> names;
  std::stable_sort(ranked.begin(), ranked.end(),
                   [](const Ranked& a, const Ranked& b) { return a.count > b.count; });
  for (const Ranked& each : ranked) {
    if (names.size() < kMostCommonMax && (each.thing || !has_things)) names.push_back(each.name);
  }
  return names;
}

// The kind of scene that the most samples speak for; things decide before people, whom nearly every
// ad shows.
std::string scene_of(const std::vector<ObjectSample>& samples) {
  if (samples.empty()) return "unknown";
  std::map<std::string, std::int64_t> votes;
  for (const ObjectSample& sample : samples) {
    std::set<std::string> seen;
    for (const ObjectSighting& each : sample.objects)
      seen.insert(std::string(word_for(each.name).scene));
    for (const std::string& scene : seen) {
      if (!scene.empty()) ++votes[scene];
    }
  }
  if (votes.empty()) return "unknown";
  const double needed = kSceneShareMin * static_cast<double>(samples.size());
  std::string best = "mixed";
  double best_votes = needed;
  for (const auto& [scene, count] : votes) {
    if (scene == "people") continue;
    if (static_cast<double>(count) >= best_votes &&
        (best == "mixed" || static_cast<double>(count) > best_votes)) {
      best = scene;
      best_votes = static_cast<double>(count);
    }
  }
  const auto people = votes.find("people");
  const bool of_people = people != votes.end() && static_cast<double>(people->second) >= needed;
  return best == "mixed" && of_people ? "people" : best;
}

std::string product_advice(const ProductVisibility& product) {
  if (!product.first_s)
    return "no product was recognised: show it, or check that the model knows it";
  if (*product.first_s > kProductEarly_s)
    return fmt::format("first seen at {:.1f} s: show it within the first {:.0f} s",
                       *product.first_s, kProductEarly_s);
  if (product.mean_area < kProductArea)
    return fmt::format("covers {:.1f} % of the picture where seen: bring it closer",
                       100 * product.mean_area);
  if (product.presence < 0.3)
    return fmt::format("seen in {:.0f} % of the samples: let it come back", 100 * product.presence);
  return "seen early, large and often";
}

ProductVisibility product_visibility(const std::vector<ObjectSample>& samples) {
  ProductVisibility product;
  double with_product = 0;
  for (const ObjectSample& sample : samples) {
    double area = 0;
    for (const ObjectSighting& each : sample.objects) {
      const ObjectWord word = word_for(each.name);
      if (word.sellable && !word.setting) area += each.box.area();
    }
    if (area <= 0) continue;
    ++with_product;
    product.mean_area += std::min(1.0, area);
    if (!product.first_s) product.first_s = sample.t_s;
  }
  if (with_product > 0) product.mean_area /= with_product;
  if (!samples.empty()) product.presence = with_product / static_cast<double>(samples.size());
  product.recommendation = product_advice(product);
  return product;
}

struct Flag {
  std::int64_t samples = 0;
  double first_s = 0;
  double surest = 0;
};

// "blade: knife, first at 2.0 s, in 3 of 30 samples".
std::vector<std::string> safety_flags(const std::vector<ObjectSample>& samples) {
  std::map<std::string, Flag> flags;
  for (const ObjectSample& sample : samples) {
    std::set<std::string> seen;
    for (const ObjectSighting& each : sample.objects) {
      const ObjectWord word = word_for(each.name);
      if (word.danger.empty()) continue;
      const std::string key = fmt::format("{}: {}", word.danger, word.name);
      Flag& flag = flags.try_emplace(key, Flag{0, sample.t_s, 0}).first->second;
      flag.surest = std::max(flag.surest, each.confidence);
      if (seen.insert(key).second) ++flag.samples;
    }
  }
  std::vector<std::string> words;
  for (const auto& [key, flag] : flags) {
    if (flag.samples < 2 && flag.surest < kFlagSure) continue;
    words.push_back(fmt::format("{}, first at {:.1f} s, in {} of {} samples", key, flag.first_s,
                                flag.samples, samples.size()));
  }
  return words;
}

}  // namespace

void sum_up(Objects& objects) {
  objects.counts.clear();
  objects.categories.clear();
  for (const ObjectSample& sample : objects.samples) {
    for (const ObjectSighting& each : sample.objects) {
      ++objects.counts[each.name];
      ++objects.categories[each.category];
    }
  }
  objects.most_common = most_common(objects.counts);
  objects.scene = scene_of(objects.samples);
  objects.product_visibility = product_visibility(objects.samples);
  objects.safety_flags = safety_flags(objects.samples);
}

ObjectAnalyser::ObjectAnalyser(media::ObjectDetector* detector) : detector_(detector) {
  if (detector_ != nullptr) objects_.detector = detector_->name();
}

media::Tap ObjectAnalyser::tap() const { return {media::Pixels::bgr, kShortSide, kRateHz}; }

Status ObjectAnalyser::on_frame(const media::Frame& frame) {
  if (detector_ == nullptr) return {};
  RF_CHECK(objects_.samples.empty() || frame.t_s >= objects_.samples.back().t_s);
  const std::vector<media::FoundObject> found = RF_TRY(detector_->find(frame));
  ObjectSample sample;
  sample.t_s = frame.t_s;
  for (const media::FoundObject& each : found) {
    const std::string_view name = media::coco_class(each.class_id);
    sample.objects.push_back({std::string(name),
                              std::string(word_for(name).category),
                              each.confidence,
                              {each.box.x / frame.width, each.box.y / frame.height,
                               each.box.width / frame.width, each.box.height / frame.height}});
  }
  objects_.samples.push_back(std::move(sample));
  return {};
}

Objects ObjectAnalyser::finish() {
  // Without a model nothing is known of the scene or a product, which is not the same as none.
  if (detector_ == nullptr) return std::move(objects_);
  sum_up(objects_);
  return std::move(objects_);
}

}  // namespace rf::video
