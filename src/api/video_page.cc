#include "api/video_page.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <iterator>
#include <utility>

#include <fmt/format.h>

#include "base/base64.h"
#include "media/picture.h"
#include "video/seen.h"

namespace rf::api {
namespace {

constexpr std::size_t kStripPictures = 12;  // As many as fit one row on a desk.
constexpr int kStripSidePx = 120;           // Twice what is shown, for sharp screens.
constexpr int kJpegQuality = 70;
constexpr std::size_t kCurvePoints = 400;  // Finer than the plot's pixels would not show.
constexpr std::size_t kListed = 40;        // Rows of a table that people still read.

// The plot's coordinates.
constexpr double kLeft = 90;
constexpr double kWidth = 880;

class Strip final : public media::Viewer {
 public:
  Status begin(const media::MediaFacts&) override { return {}; }
  Status on_frame(std::size_t, const media::Frame& frame) override {
    if (pictures.size() >= kStripPictures * 2) return {};
    std::string jpeg = RF_TRY(media::to_jpeg(frame, kJpegQuality));
    pictures.push_back({frame.t_s, std::move(jpeg)});
    return {};
  }
  Status on_samples(const media::Samples&) override { return {}; }

  std::vector<StripPicture> pictures;
};

constexpr std::string_view kHead = R"html(<!doctype html>
<html lang="en"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<style>
:root{--ink:#1c2430;--dim:#6b7686;--line:#e3e7ed;--a:#3867d6;--b:#e67e22;--c:#20a464;--bg:#fff}
@media (prefers-color-scheme:dark){:root{--ink:#e8ecf2;--dim:#97a3b4;--line:#303946;--bg:#151a21;--a:#7aa2ff;--b:#f0a35e;--c:#4cd08f}}
*{box-sizing:border-box}body{margin:0 auto;max-width:1080px;padding:24px;font:15px/1.5 system-ui,sans-serif;color:var(--ink);background:var(--bg)}
h1{font-size:22px;margin:0;overflow-wrap:anywhere}h2{font-size:16px;margin:28px 0 8px}p{margin:4px 0}.dim{color:var(--dim)}
.cards{display:grid;grid-template-columns:repeat(auto-fit,minmax(150px,1fr));gap:12px;margin:18px 0}
.card{border:1px solid var(--line);border-radius:10px;padding:12px}.card b{display:block;font-size:24px}
.strip{display:flex;gap:4px}.strip figure{margin:0;flex:1;min-width:0;text-align:center}.strip img{width:100%;border-radius:4px;display:block}
.strip figcaption{font-size:11px;color:var(--dim)}svg{width:100%;height:auto;display:block}svg text{font:11px system-ui,sans-serif;fill:var(--dim)}
table{border-collapse:collapse;width:100%}td,th{padding:4px 8px;border-bottom:1px solid var(--line);text-align:left;vertical-align:top;overflow-wrap:anywhere}
th{color:var(--dim);font-weight:500}td.n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}ul{margin:4px 0;padding-left:20px}
.bar{display:inline-block;height:8px;border-radius:4px;background:var(--a)}.scroll{overflow-x:auto}
</style>
)html";

class Page {
 public:
  Page(const Features& features, const std::vector<StripPicture>& strip)
      : f_(features), strip_(strip) {}

  std::string write() {
    out_ = kHead;
    say("<title>{}</title></head><body>\n", html_escaped(f_.file));
    heading();
    pictures();
    timeline();
    advice();
    words();
    genes();
    say("<p class=\"dim\">Scores and attention follow rules, not measurements of people; results "
        "of "
        "ads decide.</p></body></html>\n");
    return std::move(out_);
  }

 private:
  template <typename... Values>
  void say(std::string_view form, const Values&... values) {
    fmt::format_to(std::back_inserter(out_), fmt::runtime(form), values...);
  }

  double x(double t_s) const {
    return kLeft + kWidth * std::clamp(t_s / std::max(f_.duration_s, 1e-9), 0.0, 1.0);
  }

  void card(std::string_view name, const std::string& value, std::string_view note) {
    say("<div class=\"card\"><span class=\"dim\">{}</span><b>{}</b><span class=\"dim\">{}</span>"
        "</div>\n",
        name, html_escaped(value), html_escaped(note));
  }

  void heading() {
    say("<h1>{}</h1>\n<p class=\"dim\">{:.1f} s, {}×{}, {:.2f} pictures a second, SHA-256 {}</p>\n",
        html_escaped(f_.file), f_.duration_s, f_.width, f_.height, f_.fps,
        html_escaped(f_.sha256.substr(0, 12)));
    for (const std::string& problem : f_.problems) say("<p>⚠ {}</p>\n", html_escaped(problem));
    out_ += "<div class=\"cards\">\n";
    card("hook, by rule", fmt::format("{:.0f} / 100", f_.hook.score),
         fmt::format("works with {}", name_of(f_.hook.type)));
    card("call to action",
         f_.cta.existing_score ? fmt::format("{:.0f} / 100", *f_.cta.existing_score)
                               : std::string("none read"),
         fmt::format("best at {:.1f} to {:.1f} s", f_.cta.start_s, f_.cta.end_s));
    card("cuts on the sound",
         f_.sync.percent ? fmt::format("{:.0f} %", *f_.sync.percent) : std::string("–"),
         f_.audio.tempo_bpm ? fmt::format("{:.0f} beats a minute", *f_.audio.tempo_bpm)
                            : std::string("no beat"));
    card("shots", fmt::format("{}", f_.shots.size()),
         fmt::format("recipe: {}, ends: {}", f_.recipe.hook_type, f_.recipe.ending));
    card("faces", fmt::format("{:.0f} %", 100 * f_.faces.presence), "of the film");
    out_ += "</div>\n";
  }

  void pictures() {
    if (strip_.empty()) return;
    out_ += "<div class=\"strip\">\n";
    for (const StripPicture& each : strip_) {
      say("<figure><img alt=\"at {:.1f} s\" src=\"data:image/jpeg;base64,{}\">"
          "<figcaption>{:.1f}</figcaption></figure>\n",
          each.t_s, base64(each.jpeg), each.t_s);
    }
    out_ += "</div>\n";
  }

  // One point a pixel at most, each the largest of what it stands for.
  void curve(double top, double height, const std::vector<std::pair<double, double>>& points,
             double most, std::string_view color) {
    if (points.empty() || most <= 0) return;
    say("<polyline fill=\"none\" stroke=\"var(--{})\" stroke-width=\"1.5\" points=\"", color);
    const std::size_t step = points.size() / kCurvePoints + 1;
    for (std::size_t i = 0; i < points.size(); i += step) {
      double value = 0;
      for (std::size_t j = i; j < std::min(i + step, points.size()); ++j) {
        value = std::max(value, points[j].second);
      }
      say("{:.1f},{:.1f} ", x(points[i].first),
          top + height * (1 - std::clamp(value / most, 0.0, 1.0)));
    }
    out_ += "\"/>\n";
  }

  void label(double y, std::string_view text) {
    say("<text x=\"0\" y=\"{:.0f}\">{}</text>\n", y, text);
  }

  void block(double y, double from_s, double to_s, std::string_view color, double opacity,
             std::string_view title) {
    say("<rect x=\"{:.1f}\" y=\"{:.1f}\" width=\"{:.1f}\" height=\"14\" rx=\"2\" "
        "fill=\"var(--{})\" opacity=\"{:.2f}\"><title>{}</title></rect>\n",
        x(from_s), y, std::max(1.0, x(to_s) - x(from_s) - 0.8), color, opacity,
        html_escaped(title));
  }

  void tick(double y, double t_s, std::string_view color) {
    say("<path d=\"M{:.1f} {:.0f}v14\" stroke=\"var(--{})\"/>\n", x(t_s), y, color);
  }

  void timeline() {
    out_ +=
        "<h2>Second by second</h2>\n<div class=\"scroll\">"
        "<svg viewBox=\"0 0 1000 330\" role=\"img\" aria-label=\"timeline\">\n";
    axis();
    curves();
    lanes();
    out_ +=
        "</svg></div>\n<p class=\"dim\">Blue: motion. Orange: attention, predicted by rule. Green: "
        "loudness.</p>\n";
  }

  void axis() {
    // The smallest usual step that leaves at most twelve marks.
    static constexpr std::array<double, 9> kSteps{1, 2, 5, 10, 30, 60, 300, 600, 1800};
    double step = kSteps.back();
    for (double each : kSteps) {
      if (f_.duration_s / each <= 12) {
        step = each;
        break;
      }
    }
    for (double t_s = 0; t_s <= f_.duration_s; t_s += step) {
      say("<path d=\"M{:.1f} 0V310\" stroke=\"var(--line)\"/><text x=\"{:.1f}\" y=\"325\" "
          "text-anchor=\"middle\">{:.0f} s</text>\n",
          x(t_s), x(t_s), t_s);
    }
  }

  void curves() {
    std::vector<std::pair<double, double>> points;
    for (const MotionFrame& step : f_.motion.timeline) points.emplace_back(step.t_s, step.energy);
    label(50, "motion");
    // At least up to the border of chaotic, so that a still film looks still.
    curve(4, 90, points, std::max(f_.motion.max, 15.0), "a");
    points.clear();
    const Attention& attention = f_.attention;
    for (std::size_t i = 0; i < std::min(attention.t_s.size(), attention.value.size()); ++i) {
      points.emplace_back(attention.t_s[i], attention.value[i]);
    }
    curve(4, 90, points, 1, "b");
    points.clear();
    double loudest = 0;
    for (std::size_t i = 0; i < f_.audio.energy.size(); ++i) {
      points.emplace_back(static_cast<double>(i) * f_.audio.energy_step_s, f_.audio.energy[i]);
      loudest = std::max(loudest, f_.audio.energy[i]);
    }
    label(126, "sound");
    curve(104, 36, points, loudest, "c");
  }

  void lanes() {
    label(162, "shots");
    bool odd = false;
    for (const Shot& shot : f_.shots) {
      block(151, shot.start_s, shot.end_s, "a", (odd = !odd) ? 0.8 : 0.5, name_of(shot.transition));
    }
    label(184, "faces");
    face_lane();
    label(206, "words");
    for (const TextSighting& text : f_.text)
      block(195, text.start_s, text.end_s, "b", 0.7, text.text);
    label(228, "beats");
    for (double beat : f_.audio.beats_s) tick(217, beat, "c");
    label(250, "heard");
    for (const SoundSegment& each : f_.audio.segments) {
      if (each.kind == SoundKind::silence) continue;
      block(239, each.start_s, each.end_s, "c", each.kind == SoundKind::speech ? 0.9 : 0.45,
            name_of(each.kind));
    }
    label(272, "pitch plan");
    for (const TriggerPlacement& each : f_.timing.plan) {
      block(261, each.start_s, each.end_s, "a", 0.3 + 0.6 * each.score, name_of(each.trigger));
    }
    label(294, "CTA");
    block(283, f_.cta.start_s, f_.cta.end_s, "b", 0.4, "best place");
    if (f_.cta.existing_start_s) tick(283, *f_.cta.existing_start_s, "b");
  }

  void face_lane() {
    const auto& samples = f_.faces.samples;
    for (std::size_t i = 0; i < samples.size();) {
      std::size_t end = i;
      while (end < samples.size() && !samples[end].faces.empty()) ++end;
      if (end > i) {
        const double until = end < samples.size() ? samples[end].t_s : f_.duration_s;
        block(173, samples[i].t_s, until, "a", 0.8, "face");
      }
      i = end + 1;
    }
  }

  void list(std::string_view title, const std::vector<std::string>& lines) {
    if (lines.empty()) return;
    say("<h2>{}</h2>\n<ul>\n", title);
    for (std::size_t i = 0; i < std::min(lines.size(), kListed); ++i) {
      say("<li>{}</li>\n", html_escaped(lines[i]));
    }
    out_ += "</ul>\n";
  }

  void advice() {
    list("The first three seconds could be stronger", f_.hook.improvements);
    std::vector<std::string> lines;
    for (const Advice& each : f_.motion.recommendations) {
      lines.push_back(fmt::format("{:.1f} s: {} ({})", each.t_s, each.what, each.reason));
    }
    for (const SyncAdjustment& each : f_.sync.adjustments) {
      lines.push_back(fmt::format("{:.2f} s: cut {:.2f} s {}, onto the sound at {:.2f} s",
                                  each.current_s, std::abs(each.shift_s), each.direction,
                                  each.target_s));
    }
    list("In the cut", lines);
    lines.clear();
    for (const TriggerPlacement& each : f_.timing.plan) {
      lines.push_back(fmt::format("{:.1f} to {:.1f} s: {}. {}", each.start_s, each.end_s,
                                  name_of(each.trigger), each.reason));
    }
    list("What fits where", lines);
    lines = f_.cta.before;
    lines.insert(lines.begin(), fmt::format("{:.1f} to {:.1f} s: {}", f_.cta.start_s, f_.cta.end_s,
                                            f_.cta.reason));
    list("Call to action: the best place, and what comes before", lines);
  }

  void words() {
    if (f_.text.empty()) return;
    out_ +=
        "<h2>Words in the picture</h2>\n<table><tr><th>from</th><th>to</th><th>words</th>"
        "<th>clear of buttons</th></tr>\n";
    for (std::size_t i = 0; i < std::min(f_.text.size(), kListed); ++i) {
      const TextSighting& text = f_.text[i];
      say("<tr><td class=\"n\">{:.1f}</td><td class=\"n\">{:.1f}</td><td>{}</td><td>{}</td></tr>\n",
          text.start_s, text.end_s, html_escaped(text.text), text.in_safe_zone ? "yes" : "no");
    }
    out_ += "</table>\n";
  }

  void genes() {
    say("<h2>DNA, version {}</h2>\n<table><tr><th>feature</th><th>value</th><th>unit</th><th></th>"
        "<th>made by</th></tr>\n",
        html_escaped(f_.dna.version));
    for (const auto& [name, gene] : f_.dna.features) {
      const double share =
          gene.value ? std::clamp((*gene.value - gene.low) / (gene.high - gene.low), 0.0, 1.0) : 0;
      say("<tr><td>{}</td><td class=\"n\">{}</td><td>{}</td><td><span class=\"bar\" "
          "style=\"width:{:.0f}px\"></span></td><td class=\"dim\">{}</td></tr>\n",
          html_escaped(name), gene.value ? fmt::format("{:.2f}", *gene.value) : "–",
          html_escaped(gene.unit), 100 * share, html_escaped(gene.made_by));
    }
    out_ += "</table>\n";
  }

  const Features& f_;
  const std::vector<StripPicture>& strip_;
  std::string out_;
};

}  // namespace

Result<std::vector<StripPicture>> frame_strip(const media::Decoder& decoder,
                                              const Features& features, Progress& progress) {
  Strip strip;
  if (features.width <= 0 || features.duration_s <= 0) return strip.pictures;
  media::WatchOptions options;
  options.taps = {{.pixels = media::Pixels::bgr,
                   .short_side_px = kStripSidePx,
                   .rate_hz = static_cast<double>(kStripPictures) / features.duration_s}};
  options.pace = media::Pace::triage;
  RF_TRY(media::watch(decoder, features.file, options, strip, progress));
  if (strip.pictures.size() > kStripPictures) strip.pictures.resize(kStripPictures);
  return std::move(strip.pictures);
}

std::string video_page(const Features& features, const std::vector<StripPicture>& strip) {
  return Page(features, strip).write();
}

std::string html_escaped(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (char c : text) {
    switch (c) {
      case '&': out += "&amp;"; break;
      case '<': out += "&lt;"; break;
      case '>': out += "&gt;"; break;
      case '"': out += "&quot;"; break;
      case '\'': out += "&#39;"; break;
      default:
        // Other control characters are not allowed in a page.
        if (static_cast<unsigned char>(c) >= 0x20 || c == '\n' || c == '\t') out += c;
    }
  }
  return out;
}

}  // namespace rf::api
