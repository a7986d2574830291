// What is written on the picture: lines that stand for a while, read once each.
//
// Reading is dear, so three gates stand before it: lines are first found by their strokes, a line
// that still stands where it stood is not read again, and a film has a budget of readings that
// grows with its length. What the budget left unread is counted, and said.

#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"
#include "media/frame.h"
#include "media/text_reader.h"
#include "media/watch.h"
#include "model/features_sights.h"
#include "video/pixels.h"

namespace rf::video {

struct TextSummary {
  std::string reader;                   // Program, version and language.
  std::vector<TextSighting> sightings;  // By start, then from the top.
  double share = 0;                     // Of samples with text.
  double coverage = 0;                  // Mean share of the picture that text covers.
  double words_per_second = 0;          // Words that appear, by seconds of the film.
  std::int64_t readings = 0;            // Times that the reader was asked.
  std::int64_t unread = 0;              // Lines that the budget left out.
};

class TextAnalyser {
 public:
  // `reader` outlives the analyser.
  explicit TextAnalyser(media::TextReader& reader);

  media::Tap tap() const;

  // REQUIRES: the frame is grey; times do not fall.
  // Errors: of the reader.
  Status on_frame(const media::Frame& frame);

  TextSummary finish();

 private:
  // A line that stands, or stood, and what is known of it.
  struct Line {
    TextSighting sighting;
    std::uint64_t look = 0;  // Hash of its pixels, to know it again.
    bool is_text = false;    // Read, and words came out.
    bool is_read = false;
    std::int64_t samples = 0;
  };

  Line* find_again(const Box& box, std::uint64_t look, double t_s);
  Status read(const Grey& picture, const Patch& patch, Line& line);

  media::TextReader& reader_;
  std::vector<Line> lines_;
  std::int64_t samples_ = 0;
  std::int64_t samples_with_text_ = 0;
  double coverage_ = 0;
  double last_s_ = 0;
  bool upright_ = false;
  TextSummary summary_;
};

// Puts the numbers on text where the look of the film has them.
void add_text(const TextSummary& text, Look& look);

}  // namespace rf::video
