#include "create/render.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <filesystem>
#include <numbers>
#include <span>
#include <vector>

#include <fmt/format.h>

#include "base/rng.h"
#include "create/music.h"
#include "media/film_writer.h"
#include "media/lettering.h"
#include "media/rgb.h"

namespace rf::create {
namespace {

using Picture = std::vector<std::uint8_t>;  // Height x width x 3, blue green red.
using Colour = std::array<double, 3>;       // Blue green red, 0 to 255.

// Soft discs that drift over a scene, so that it lives. Chosen: three do not distract from words.
constexpr std::size_t kDiscs = 3;
constexpr double kDiscLight = 0.13;
constexpr auto kDiscPeak = static_cast<float>(256 * kDiscLight);

Result<Colour> colour_of(const std::string& text) {
  const std::optional<media::Rgb> rgb = media::parse_rgb(text);
  if (!rgb) {
    return fail(ErrorCode::invalid, fmt::format("plan: colour '{}' is not \"#rrggbb\"", text));
  }
  return Colour{static_cast<double>(rgb->blue), static_cast<double>(rgb->green),
                static_cast<double>(rgb->red)};
}

struct Disc {
  double x = 0, y = 0, radius = 0;  // Shares of the width and height, and of the width.
  double drift_x = 0, drift_y = 0;  // Shares a second.
};

// What a scene looks like before anything moves, and what moves.
class Backdrop {
 public:
  static Result<Backdrop> make(const RenderScene& scene, std::int64_t width, std::int64_t height) {
    Backdrop made(width, height);
    const Colour above = RF_TRY(colour_of(scene.from));
    const Colour below = RF_TRY(colour_of(scene.to));
    made.fill(above, below);
    Rng rng(static_cast<std::uint64_t>(scene.seed) + 1);
    for (Disc& disc : made.discs_) {
      disc = {.x = rng.uniform(),
              .y = rng.uniform(),
              .radius = 0.2 + 0.35 * rng.uniform(),
              .drift_x = 0.12 * (rng.uniform() - 0.5),
              .drift_y = 0.12 * (rng.uniform() - 0.5)};
    }
    return made;
  }

  // As it looks so long after the scene began.
  void paint(double t_s, Picture& picture) const {
    picture = base_;
    for (const Disc& disc : discs_) lighten(disc, t_s, picture);
  }

 private:
  Backdrop(std::int64_t width, std::int64_t height)
      : width_(width), height_(height), base_(static_cast<std::size_t>(width * height * 3)) {}

  void fill(const Colour& above, const Colour& below) {
    for (std::int64_t y = 0; y < height_; ++y) {
      const double share = static_cast<double>(y) / static_cast<double>(height_ - 1);
      for (std::int64_t x = 0; x < width_; ++x) {
        for (std::size_t c = 0; c < 3; ++c) {
          base_[static_cast<std::size_t>((y * width_ + x) * 3) + c] =
              static_cast<std::uint8_t>(std::lround(above[c] + share * (below[c] - above[c])));
        }
      }
    }
  }

  void lighten(const Disc& disc, double t_s, Picture& picture) const {
    const auto width = static_cast<double>(width_);
    const double cx = (disc.x + disc.drift_x * t_s) * width;
    const double cy = (disc.y + disc.drift_y * t_s) * static_cast<double>(height_);
    const double radius = disc.radius * width;
    const auto first = static_cast<std::int64_t>(std::max(0.0, cy - radius));
    const auto last =
        static_cast<std::int64_t>(std::clamp(cy + radius, 0.0, static_cast<double>(height_ - 1)));
    for (std::int64_t y = first; y <= last; ++y) {
      lighten_row(y, cx, static_cast<double>(y) - cy, radius, picture);
    }
  }

  void lighten_row(std::int64_t y, double cx, double dy, double radius, Picture& picture) const {
    const double half = std::sqrt(std::max(0.0, radius * radius - dy * dy));
    const auto from = static_cast<std::int64_t>(std::clamp(cx - half, 0.0, double(width_)));
    const auto to = static_cast<std::int64_t>(std::clamp(cx + half, 0.0, double(width_)));
    std::uint8_t* at = picture.data() + (y * width_ + from) * 3;
    // Inside the disc nothing is below zero, so that adding a half and cutting is rounding; lround
    // would keep the loop from being done several at a time.
    constexpr float up = 0.5F;
    const auto over = static_cast<float>(1 / (radius * radius));
    const auto high = static_cast<float>(1 - dy * dy / (radius * radius));
    const auto middle = static_cast<float>(cx);
    for (std::int64_t x = from; x < to; ++x, at += 3) {
      const float dx = static_cast<float>(x) - middle;
      const float near = std::max(0.0F, high - dx * dx * over);
      const auto light = static_cast<unsigned>(static_cast<int>(kDiscPeak * near + up));
      for (std::size_t c = 0; c < 3; ++c) {
        at[c] = static_cast<std::uint8_t>(at[c] + ((255U - at[c]) * light >> 8));
      }
    }
  }

  std::int64_t width_;
  std::int64_t height_;
  Picture base_;
  std::array<Disc, kDiscs> discs_{};
};

Result<media::TextPlace> place_called(const std::string& name) {
  if (name == "top") return media::TextPlace::top;
  if (name == "bottom") return media::TextPlace::bottom;
  if (name == "middle") return media::TextPlace::middle;
  return fail(ErrorCode::invalid,
              fmt::format("plan.texts: place '{}' is not top, bottom or middle", name));
}

Result<media::Lettering> lettering_of(const RenderPlan& plan) {
  std::vector<media::TimedText> texts;
  texts.reserve(plan.texts.size());
  for (const RenderText& each : plan.texts) {
    texts.push_back({.start_s = each.start_s,
                     .end_s = each.end_s,
                     .place = RF_TRY(place_called(each.place)),
                     .text = each.text,
                     .colour = each.colour,
                     .behind = each.behind});
  }
  return media::Lettering::open(
      {.width = static_cast<int>(plan.width), .height = static_cast<int>(plan.height)}, texts);
}

struct Sound {
  std::vector<float> samples;  // Empty: silence.
  Mastered mastered;
};

Result<Sound> sound_of(const RenderPlan& plan) {
  Sound sound;
  if (plan.music_bpm <= 0) return sound;
  sound.samples = compose(plan.duration_s, std::clamp(plan.music_bpm, 40.0, 200.0),
                          static_cast<std::uint64_t>(plan.music_seed));
  sound.mastered = RF_TRY(master(sound.samples));
  return sound;
}

// The samples that sound while picture `number` is shown.
std::span<const float> part_of(const Sound& sound, std::int64_t number, std::int64_t fps) {
  const std::span<const float> all(sound.samples);
  const auto place = [&](std::int64_t picture) {
    return std::min(all.size(), static_cast<std::size_t>(picture * kMusicRateHz / fps));
  };
  return all.subspan(place(number), place(number + 1) - place(number));
}

Status write_film(const RenderPlan& plan, const Sound& sound, const std::string& path,
                  Progress& progress, std::int64_t pictures) {
  media::Lettering lettering = RF_TRY(lettering_of(plan));
  media::FilmWriter film = RF_TRY(
      media::FilmWriter::open(path, {.width = static_cast<int>(plan.width),
                                     .height = static_cast<int>(plan.height),
                                     .fps = static_cast<int>(plan.fps),
                                     .audio_rate_hz = sound.samples.empty() ? 0 : kMusicRateHz,
                                     .audio_channels = 2,
                                     .quality = 20}));
  auto scene = plan.scenes.begin();
  Backdrop backdrop = RF_TRY(Backdrop::make(*scene, plan.width, plan.height));
  Picture picture;
  for (std::int64_t number = 0; number < pictures; ++number) {
    if (progress.cancelled()) return fail(ErrorCode::conflict, "rendering was stopped");
    progress.report("rendering", number, pictures);
    const double t_s = static_cast<double>(number) / static_cast<double>(plan.fps);
    if (t_s >= scene->end_s - 1e-9 && std::next(scene) != plan.scenes.end()) {
      backdrop = RF_TRY(Backdrop::make(*++scene, plan.width, plan.height));
    }
    backdrop.paint(t_s - scene->start_s, picture);
    lettering.draw(t_s, picture);
    RF_TRY(film.add_picture(picture));
    if (!sound.samples.empty()) RF_TRY(film.add_samples(part_of(sound, number, plan.fps)));
  }
  return film.finish();
}

}  // namespace

Result<Rendered> render(const RenderPlan& plan, const std::string& path, Progress& progress) {
  RF_TRY(check(plan));
  const auto pictures = std::llround(plan.duration_s * static_cast<double>(plan.fps));
  const Sound sound = RF_TRY(sound_of(plan));
  const std::string unfinished = path + ".part.mp4";
  std::error_code failed;
  if (Status written = write_film(plan, sound, unfinished, progress, pictures); !written) {
    std::filesystem::remove(unfinished, failed);
    return written.error();
  }
  std::filesystem::rename(unfinished, path, failed);
  if (failed) {
    std::error_code kept;
    std::filesystem::remove(unfinished, kept);
    return fail(ErrorCode::unavailable, fmt::format("{}: {}", path, failed.message()));
  }
  return Rendered{.pictures = pictures,
                  .loudness_lufs = sound.mastered.loudness_lufs,
                  .true_peak_dbtp = sound.mastered.true_peak_dbtp};
}

}  // namespace rf::create
