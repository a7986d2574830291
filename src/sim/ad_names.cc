#include "sim/ad_names.h"

#include <array>
#include <string_view>

#include <fmt/format.h>

#include "base/check.h"

namespace rf::sim {
namespace {

using Words = std::array<std::string_view, 6>;

constexpr std::array<std::string_view, 10> kConcepts{
    "MorningRoutine", "BaristaAtHome", "ColdBrewHack", "UnboxingDay", "FarmStory",
    "DeskBreak",      "TasteTest",     "GiftGuide",    "BeforeAfter", "MythBusting"};
constexpr Words kAngles{"Ease", "Price", "Status", "Pain", "Proof", "Curiosity"};
constexpr Words kPersonas{"BusyParents", "HomeOffice", "Students",
                          "Foodies",     "Commuters",  "GiftBuyers"};
constexpr std::array<std::string_view, 5> kAwareness{"Unaware", "ProblemAware", "SolutionAware",
                                                     "ProductAware", "MostAware"};
constexpr Words kFormats{"UGC", "Testimonial", "Demo", "Founder", "Skit", "Slideshow"};
constexpr Words kHooks{"Question", "BoldClaim", "POV", "Statistic", "FaceClose", "ProductShot"};
constexpr Words kCreators{"Lena", "Tom", "Aisha", "Marco", "José", "Zoë"};

constexpr std::array<std::string_view, 6> kUnnamed{
    "IMG_2034.mov, final (2)", "she said \"wow\", v2", "☕ neue Röstung – Übersicht",
    "=copy of winner",         "test 🚀 do not touch",  "video ad, 50 % off; \"last\" one"};

constexpr std::array<std::string_view, 3> kMetaRatios{"9x16", "4x5", "1x1"};
constexpr std::array<std::string_view, 2> kGoogleRatios{"16x9", "9x16"};

// One of `words`, drawn.
template <typename List>
std::string_view draw(Rng& rng, const List& words) {
  return words[rng.below(words.size())];
}

std::string_view ratio_of(Platform platform, Rng& rng) {
  if (platform == Platform::meta) return draw(rng, kMetaRatios);
  if (platform == Platform::google) return draw(rng, kGoogleRatios);
  return "9x16";
}

// `words[index]`, and with a number behind it once they are used up.
template <typename List>
std::string numbered(const List& words, std::size_t index) {
  std::string name(words[index % words.size()]);
  if (index >= words.size()) name += fmt::format(" {}", index / words.size() + 1);
  return name;
}

}  // namespace

std::string concept_name(std::size_t index) {
  std::string name(kConcepts[index % kConcepts.size()]);
  if (index >= kConcepts.size()) name += fmt::format("{}", index / kConcepts.size() + 1);
  return name;
}

std::string taxonomy_name(const AdNaming& naming, Rng rng) {
  // What belongs to the concept is drawn from its index, so that its ads agree.
  const std::size_t c = naming.concept_index;
  std::string date = to_iso(naming.start);
  std::erase(date, '-');
  std::string_view format = draw(rng, kFormats);
  std::string_view creator = draw(rng, kCreators);
  std::string_view ratio = ratio_of(naming.platform, rng);
  return fmt::format("{}_{}_{}_{}_{}_{}_{}_{}_{}s_{}_v{}", date, concept_name(c),
                     kAngles[c % kAngles.size()], kPersonas[c / 2 % kPersonas.size()],
                     kAwareness[c % kAwareness.size()], format,
                     kHooks[(c + naming.ad_index) % kHooks.size()], creator, naming.length_s, ratio,
                     naming.ad_index + 1);
}

std::string unnamed_name(std::size_t index) { return numbered(kUnnamed, index); }

std::string campaign_name(Platform platform) {
  switch (platform) {
    case Platform::meta: return "Prospecting | Café, \"always on\" ☀️";
    case Platform::tiktok: return "UK Spark, broad – \"launch\" 🎬";
    case Platform::google: return "DemandGen | Kaffee & Röstung, Total Genuss";
    case Platform::plain: break;
  }
  check_failed(__FILE__, __LINE__, "platform has a sandbox");
}

}  // namespace rf::sim
