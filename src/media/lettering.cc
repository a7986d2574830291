#include "media/lettering.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdarg>
#include <cstdio>
#include <optional>
#include <string_view>

#include <ass/ass.h>
#include <fmt/format.h>

#include "base/check.h"
#include "media/rgb.h"

namespace rf::media {
namespace {

// Kept free on every side, as shares of the picture: what any of the platforms covers of a 9:16
// film (src/video/safe_zones.h), and a little more.
constexpr double kSideFree = 0.18;
constexpr double kTopFree = 0.16;
constexpr double kBottomFree = 0.36;

// Heights of letters as shares of the picture's height. Chosen: read on a phone at arm's length.
constexpr double kCaptionHeight = 0.030;
constexpr double kHeadlineHeight = 0.040;
constexpr double kCardHeight = 0.050;

// Wider pictures than 9:16 have shorter sides above and below; letters follow the width there.
double unit_of(PictureSize size) {
  return std::min<double>(size.height, static_cast<double>(size.width) * 16 / 9);
}

// "#rrggbb" as "&HAABBGGRR", as ASS writes colours.
Result<std::string> ass_colour(std::string_view text, unsigned alpha) {
  const std::optional<Rgb> colour = parse_rgb(text);
  if (!colour) {
    return fail(ErrorCode::invalid, fmt::format("colour '{}' is not \"#rrggbb\"", text));
  }
  return fmt::format("&H{:02X}{:02X}{:02X}{:02X}", alpha, colour->blue, colour->green, colour->red);
}

struct Style {
  int alignment = 2;  // As on a keypad.
  double height = kCaptionHeight;
  double free_below = kBottomFree;
};

Style style_of(TextPlace place) {
  switch (place) {
    case TextPlace::top: return {8, kHeadlineHeight, kTopFree};
    case TextPlace::bottom: return {2, kCaptionHeight, kBottomFree};
    case TextPlace::middle: return {5, kCardHeight, 0};
  }
  return {};
}

std::string time_of(double t_s) {
  const auto hundredths = std::llround(std::clamp(t_s, 0.0, 35'999.0) * 100);
  return fmt::format("{}:{:02}:{:02}.{:02}", hundredths / 360'000, hundredths / 6000 % 60,
                     hundredths / 100 % 60, hundredths % 100);
}

// Everything on 4/3 of its height: that is how ASS counts a font's size.
Result<std::string> style_line(std::size_t number, const TimedText& text, PictureSize size) {
  const Style style = style_of(text.place);
  const double unit = unit_of(size);
  const std::string letters = RF_TRY(ass_colour(text.colour, 0));
  const std::string outline =
      text.behind.empty() ? std::string("&H00101010") : RF_TRY(ass_colour(text.behind, 0x30));
  return fmt::format(
      "Style: s{},DejaVu Sans,{:.0f},{},{},{},&H80000000,-1,0,0,0,100,100,0,0,{},{:.1f},0,{},"
      "{:.0f},{:.0f},{:.0f},1\n",
      number, style.height * unit * 4 / 3, letters, letters, outline, text.behind.empty() ? 1 : 3,
      (text.behind.empty() ? 0.004 : 0.010) * unit, style.alignment, kSideFree * size.width,
      kSideFree * size.width, style.free_below * unit);
}

Result<std::string> script_of(PictureSize size, std::span<const TimedText> texts) {
  std::string styles;
  std::string events;
  for (std::size_t i = 0; i < texts.size(); ++i) {
    styles += RF_TRY(style_line(i, texts[i], size));
    events += fmt::format("Dialogue: 0,{},{},s{},,0,0,0,,{}\n", time_of(texts[i].start_s),
                          time_of(texts[i].end_s), i, RF_TRY(without_markup(texts[i].text)));
  }
  return fmt::format(
      "[Script Info]\nScriptType: v4.00+\nPlayResX: {}\nPlayResY: {}\nWrapStyle: 0\n"
      "ScaledBorderAndShadow: yes\n\n[V4+ Styles]\nFormat: Name, Fontname, Fontsize, "
      "PrimaryColour, SecondaryColour, OutlineColour, BackColour, Bold, Italic, Underline, "
      "StrikeOut, ScaleX, ScaleY, Spacing, Angle, BorderStyle, Outline, Shadow, Alignment, "
      "MarginL, MarginR, MarginV, Encoding\n{}\n[Events]\nFormat: Layer, Start, End, Style, Name, "
      "MarginL, MarginR, MarginV, Effect, Text\n{}",
      size.width, size.height, styles, events);
}

// One bitmap of libass onto the picture.
void blend(const ASS_Image& image, int width, std::span<std::uint8_t> bgr) {
  const unsigned opacity = 255 - (image.color & 255);
  const std::array<unsigned, 3> colour{image.color >> 8 & 255, image.color >> 16 & 255,
                                       image.color >> 24 & 255};
  for (int y = 0; y < image.h; ++y) {
    const unsigned char* row = image.bitmap + static_cast<std::ptrdiff_t>(y) * image.stride;
    std::uint8_t* to =
        bgr.data() + (static_cast<std::ptrdiff_t>(image.dst_y + y) * width + image.dst_x) * 3;
    for (int x = 0; x < image.w; ++x, to += 3) {
      const unsigned cover = row[x] * opacity / 255;
      if (cover == 0) continue;
      for (std::size_t c = 0; c < 3; ++c) {
        to[c] = static_cast<std::uint8_t>((to[c] * (255 - cover) + colour[c] * cover) / 255);
      }
    }
  }
}

void say_nothing(int /*level*/, const char* /*format*/, va_list /*arguments*/, void* /*data*/) {}

}  // namespace

struct Lettering::Parts {
  PictureSize size;
  ASS_Library* library = nullptr;
  ASS_Renderer* renderer = nullptr;
  ASS_Track* track = nullptr;

  Parts() = default;
  Parts(const Parts&) = delete;
  Parts& operator=(const Parts&) = delete;
  ~Parts() {
    if (track != nullptr) ass_free_track(track);
    if (renderer != nullptr) ass_renderer_done(renderer);
    if (library != nullptr) ass_library_done(library);
  }
};

Result<std::string> without_markup(std::string_view text) {
  std::string safe;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20 || byte == 0x7f) {
      return fail(ErrorCode::invalid, "a text to be shown holds a control character");
    }
    if (c == '{' || c == '}') safe += '\\';
    safe += c;
    // A word joiner, which nobody sees, so that no letter after it makes it a command.
    if (c == '\\') safe += "\u2060";
  }
  return safe;
}

Lettering::Lettering(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
Lettering::Lettering(Lettering&&) noexcept = default;
Lettering& Lettering::operator=(Lettering&&) noexcept = default;
Lettering::~Lettering() = default;

Result<Lettering> Lettering::open(PictureSize size, std::span<const TimedText> texts) {
  if (size.width < 16 || size.height < 16 || size.width > 8192 || size.height > 8192) {
    return fail(ErrorCode::invalid, "a picture's sides are 16 to 8192");
  }
  std::string script = RF_TRY(script_of(size, texts));
  auto parts = std::make_unique<Parts>();
  parts->size = size;
  parts->library = ass_library_init();
  if (parts->library != nullptr) {
    ass_set_message_cb(parts->library, say_nothing, nullptr);
    parts->renderer = ass_renderer_init(parts->library);
  }
  if (parts->renderer == nullptr) return fail(ErrorCode::unavailable, "no memory for lettering");
  ass_set_frame_size(parts->renderer, size.width, size.height);
  ass_set_fonts(parts->renderer, nullptr, "DejaVu Sans", ASS_FONTPROVIDER_AUTODETECT, nullptr, 1);
  parts->track = ass_read_memory(parts->library, script.data(), script.size(), nullptr);
  if (parts->track == nullptr) {
    return fail(ErrorCode::unavailable, "the texts could not be laid out");
  }
  return Lettering(std::move(parts));
}

void Lettering::draw(double t_s, std::span<std::uint8_t> bgr) {
  const PictureSize size = parts_->size;
  RF_CHECK(bgr.size() ==
           static_cast<std::size_t>(size.width) * static_cast<std::size_t>(size.height) * 3);
  const ASS_Image* image =
      ass_render_frame(parts_->renderer, parts_->track, std::llround(t_s * 1000), nullptr);
  for (; image != nullptr; image = image->next) blend(*image, size.width, bgr);
}

}  // namespace rf::media
