#include "video/analyse_parts.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

namespace rf::video {
namespace {

constexpr auto kNames =
    std::to_array<std::string_view>({"motion", "shots", "faces", "objects", "text", "look", "sound",
                                     "sync", "attention", "hashes"});

// Keeps the first and the last picture, small, to see whether the film ends as it began.
class Ends final : public Part {
 public:
  std::vector<media::Tap> taps() const override {
    // As small as shows what is where; twice a second is near enough to the end.
    return {{.pixels = media::Pixels::grey, .short_side_px = 32, .rate_hz = 2}};
  }
  Status on_frame(std::size_t, const media::Frame& frame) override {
    std::vector<std::uint8_t>& kept = first_.empty() ? first_ : last_;
    kept.assign(frame.data.begin(), frame.data.end());
    return {};
  }
  Status finish(Features&) override { return {}; }

  // Alike where brightness correlates beyond .9: chosen; neighbouring pictures have .95 and more,
  // pictures of different shots seldom .7.
  bool alike() const {
    if (last_.size() != first_.size() || first_.empty()) return false;
    const auto n = static_cast<double>(first_.size());
    double a = 0;
    double b = 0;
    double aa = 0;
    double bb = 0;
    double ab = 0;
    for (std::size_t i = 0; i < first_.size(); ++i) {
      const double x = first_[i];
      const double y = last_[i];
      a += x;
      b += y;
      aa += x * x;
      bb += y * y;
      ab += x * y;
    }
    const double spread = std::sqrt((aa / n - a * a / n / n) * (bb / n - b * b / n / n));
    return spread > 1 && (ab / n - a * b / n / n) / spread > 0.9;
  }

 private:
  std::vector<std::uint8_t> first_;
  std::vector<std::uint8_t> last_;
};

class AllParts final : public Parts {
 public:
  AllParts() {
    auto ends = std::make_unique<Ends>();
    ends_ = ends.get();
    parts.push_back(std::move(ends));
  }
  bool ends_as_it_began() const override { return ends_->alike(); }

 private:
  const Ends* ends_;
};

}  // namespace

std::span<const std::string_view> analyser_names() { return kNames; }

Result<std::unique_ptr<Parts>> parts_for(const AnalyseOptions&, std::vector<std::string>&) {
  auto all = std::make_unique<AllParts>();
  return std::unique_ptr<Parts>(std::move(all));
}

}  // namespace rf::video
