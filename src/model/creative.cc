#include "model/creative.h"

namespace rf {

Creative creative_of(const Features& features, const std::string& method) {
  return {.sha256 = features.sha256,
          .method = method,
          .duration_s = features.duration_s,
          .partial = features.partial,
          .hook_type = std::string(name_of(features.hook.type)),
          .hook_score = features.hook.score,
          .first_face_s = features.hook.first_face_s,
          .first_motion_peak_s = features.hook.first_motion_peak_s,
          .first_text_s = features.hook.first_text_s,
          .first_cut_s = features.hook.first_cut_s,
          .shots = static_cast<std::int64_t>(features.shots.size()),
          .tempo_bpm = features.audio.tempo_bpm,
          .cta_text = features.cta.existing_text,
          .cta_score = features.cta.existing_score,
          .recipe = features.recipe,
          .dna = features.dna};
}

}  // namespace rf
