// How sound and picture fall together: every visual peak with the audio peak that is its own, how
// much of the cutting is on the beat, and how far each cut that is not would have to move.

#pragma once

#include <vector>

#include "model/features_motion.h"
#include "model/features_sound.h"

namespace rf::video {

// Source: the notes' SYNC_TOLERANCE.
inline constexpr double kSyncToleranceS = 0.1;

struct AudioPeak {
  double t_s = 0;
  AudioPeakType type = AudioPeakType::onset;
  double energy = 0;  // RMS around it, [0, 1].

  bool operator==(const AudioPeak&) const = default;
};

struct VisualPeak {
  double t_s = 0;
  VisualPeakType type = VisualPeakType::motion;
  double energy = 0;  // In the measure of whoever found it.

  bool operator==(const VisualPeak&) const = default;
};

// Audio peaks of a sound track in order of time. Of peaks that fall together one stays, of the type
// that weighs most with an editor: drop, beat, vocal, onset.
std::vector<AudioPeak> audio_peaks(const Sound& sound);

// Visual peaks in order of time: the beginning of every shot but the first, peaks of motion and
// first appearances of faces that are not themselves a cut's.
// REQUIRES: motion and faces in order of time.
std::vector<VisualPeak> visual_peaks(const std::vector<Shot>& shots,
                                     const std::vector<VisualPeak>& motion,
                                     const std::vector<double>& faces_s);

// Matches peaks one by one, so that no audio peak serves two visual ones: as many cuts and
// transitions within the tolerance as can be, then as many pairs, and of those the nearest. What is
// left over is shown with its nearest audio peak. `percent` counts cuts and transitions, or, where
// there are none, is null.
// REQUIRES: both in order of time; tolerance_s > 0.
// Cost: audio peaks near each visual one; memory linear in visual peaks.
Sync find_sync(const std::vector<AudioPeak>& audio, const std::vector<VisualPeak>& visual,
               double tolerance_s = kSyncToleranceS);

}  // namespace rf::video
