// What is heard, and how it falls together with what is seen.

#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "base/described.h"

namespace rf {

enum class SoundKind : std::uint8_t { silence, speech, music, noise };

template <>
struct EnumNames<SoundKind> {
  static constexpr auto names =
      std::to_array<std::pair<SoundKind, std::string_view>>({{SoundKind::silence, "silence"},
                                                             {SoundKind::speech, "speech"},
                                                             {SoundKind::music, "music"},
                                                             {SoundKind::noise, "noise"}});
};

struct SoundSegment {
  double start_s = 0;
  double end_s = 0;
  SoundKind kind = SoundKind::silence;

  bool operator==(const SoundSegment&) const = default;
};

struct Sound {
  bool present = false;
  std::vector<double> beats_s;
  std::vector<double> onsets_s;
  std::vector<double> drops_s;
  std::vector<double> vocals_s;  // Where speech or singing sets in.
  std::optional<double> tempo_bpm;
  std::optional<double> beat_confidence;  // [0, 1]
  std::optional<double> loudness_lufs;    // Integrated.
  std::optional<double> loudness_range_lu;
  std::optional<double> true_peak_dbtp;
  std::string loudness_of;  // What it was measured on: "channels" or "mono mix"; empty: nothing.
  double speech_share = 0;
  double music_share = 0;
  double silence_share = 0;
  std::vector<SoundSegment> segments;
  std::vector<double> energy;  // RMS, one value each energy_step_s.
  double energy_step_s = 0;
  // From subtitles or a transcript, where given.
  std::optional<double> words_per_minute;
  std::optional<double> captions_per_second;

  bool operator==(const Sound&) const = default;
};

enum class AudioPeakType : std::uint8_t { beat, onset, vocal, drop };

template <>
struct EnumNames<AudioPeakType> {
  static constexpr auto names =
      std::to_array<std::pair<AudioPeakType, std::string_view>>({{AudioPeakType::beat, "beat"},
                                                                 {AudioPeakType::onset, "onset"},
                                                                 {AudioPeakType::vocal, "vocal"},
                                                                 {AudioPeakType::drop, "drop"}});
};

enum class VisualPeakType : std::uint8_t { cut, motion, face_appear, transition };

template <>
struct EnumNames<VisualPeakType> {
  static constexpr auto names = std::to_array<std::pair<VisualPeakType, std::string_view>>(
      {{VisualPeakType::cut, "cut"},
       {VisualPeakType::motion, "motion"},
       {VisualPeakType::face_appear, "face_appear"},
       {VisualPeakType::transition, "transition"}});
};

// A visual peak and the audio peak nearest to it.
struct SyncPoint {
  double visual_s = 0;
  VisualPeakType visual = VisualPeakType::cut;
  double audio_s = 0;
  AudioPeakType audio = AudioPeakType::beat;
  double offset_s = 0;  // visual_s - audio_s.
  bool synced = false;
  double score = 0;  // [0, 1]

  bool operator==(const SyncPoint&) const = default;
};

struct SyncAdjustment {
  double current_s = 0;
  double target_s = 0;
  double shift_s = 0;
  std::string direction;  // "earlier" or "later".

  bool operator==(const SyncAdjustment&) const = default;
};

struct Sync {
  double tolerance_s = 0.1;
  std::optional<double> percent;  // Of cuts and transitions; none without them or without peaks.
  std::optional<double> mean_offset_s;
  std::vector<SyncPoint> points;
  std::vector<SyncAdjustment> adjustments;
  std::string recommendation;

  bool operator==(const Sync&) const = default;
};

}  // namespace rf

template <>
struct rf::Described<rf::SoundSegment> {
  using Self = rf::SoundSegment;
  static constexpr auto fields = std::tuple{
      field("start_s", &Self::start_s, "where it begins"), field("end_s", &Self::end_s, "ends"),
      field("kind", &Self::kind, "silence, speech, music or noise")};
};

template <>
struct rf::Described<rf::Sound> {
  using Self = rf::Sound;
  static constexpr auto fields = std::tuple{
      field("present", &Self::present, "whether there is a sound track"),
      field("beats_s", &Self::beats_s, "beats"),
      field("onsets_s", &Self::onsets_s, "where something sounds anew"),
      field("drops_s", &Self::drops_s, "where the music comes in at full force"),
      field("vocals_s", &Self::vocals_s, "where a voice sets in"),
      field("tempo_bpm", &Self::tempo_bpm, "beats a minute; null: no beat"),
      field("beat_confidence", &Self::beat_confidence, "how regular the beat is, 0 to 1"),
      field("loudness_lufs", &Self::loudness_lufs, "integrated, EBU R 128"),
      field("loudness_range_lu", &Self::loudness_range_lu, "EBU Tech 3342"),
      field("true_peak_dbtp", &Self::true_peak_dbtp, "highest true peak"),
      field("loudness_of", &Self::loudness_of, "measured on the channels, or on a mono mix"),
      field("speech_share", &Self::speech_share, "share of the time"),
      field("music_share", &Self::music_share, "share of the time"),
      field("silence_share", &Self::silence_share, "share of the time"),
      field("segments", &Self::segments, "stretches of one kind"),
      field("energy", &Self::energy, "root mean square, evenly spaced"),
      field("energy_step_s", &Self::energy_step_s, "seconds between two of them"),
      field("words_per_minute", &Self::words_per_minute, "from a transcript, where given"),
      field("captions_per_second", &Self::captions_per_second, "from subtitles, where given")};
};

template <>
struct rf::Described<rf::SyncPoint> {
  using Self = rf::SyncPoint;
  static constexpr auto fields =
      std::tuple{field("visual_s", &Self::visual_s, "the visual peak"),
                 field("visual", &Self::visual, "its kind"),
                 field("audio_s", &Self::audio_s, "the nearest audio peak"),
                 field("audio", &Self::audio, "its kind"),
                 field("offset_s", &Self::offset_s, "visual minus audio"),
                 field("synced", &Self::synced, "within the tolerance"),
                 field("score", &Self::score, "1 together, 0 at twice the tolerance")};
};

template <>
struct rf::Described<rf::SyncAdjustment> {
  using Self = rf::SyncAdjustment;
  static constexpr auto fields = std::tuple{field("current_s", &Self::current_s, "the cut"),
                                            field("target_s", &Self::target_s, "where to put it"),
                                            field("shift_s", &Self::shift_s, "target less current"),
                                            field("direction", &Self::direction, "earlier, later")};
};

template <>
struct rf::Described<rf::Sync> {
  using Self = rf::Sync;
  static constexpr auto fields = std::tuple{
      field("tolerance_s", &Self::tolerance_s, "what counts as together"),
      field("percent", &Self::percent, "of cuts and transitions that are in sync; null: none"),
      field("mean_offset_s", &Self::mean_offset_s, "mean distance to the nearest peak"),
      field("points", &Self::points, "every visual peak with its audio peak"),
      field("adjustments", &Self::adjustments, "cuts to move"),
      field("recommendation", &Self::recommendation, "in a sentence")};
};
