// What each analyser of the picture costs for one second of film, beside the way it is usually
// done: the cascade on every picture at full size.

#include <benchmark/benchmark.h>

#include "base/rng.h"
#include "media/frames_for_test.h"
#include "video/faces.h"
#include "video/hashes.h"
#include "video/look.h"
#include "video/objects.h"
#include "video/text.h"

namespace rf::video {
namespace {

using media::OwnFrame;
using media::Pixels;

// A second of a real film where there is one, else of noise in blocks.
OwnFrame picture(Pixels pixels, int short_side) {
  const std::string film = media::shared_video("faces_talking/sun.mp4");
  std::vector<OwnFrame> frames;
  if (media::is_there(film)) frames = media::frames_of(film, pixels, short_side, 1, 1);
  if (!frames.empty()) return frames[0];
  OwnFrame made = media::blank(short_side, short_side * 16 / 9, pixels, 0);
  Rng rng(1);
  for (std::uint8_t& each : made.data) each = static_cast<std::uint8_t>(rng.below(256));
  return made;
}

template <typename Analyser>
void one_second(benchmark::State& state, Analyser& analyser, const media::Tap& tap) {
  OwnFrame frame = picture(tap.pixels, tap.short_side_px);
  for (auto _ : state) {
    for (int i = 0; i < static_cast<int>(tap.rate_hz); ++i) {
      frame.t_s += 1 / tap.rate_hz;
      if constexpr (std::is_void_v<decltype(analyser.on_frame(frame.frame()))>) {
        analyser.on_frame(frame.frame());
      } else if (!analyser.on_frame(frame.frame())) {
        state.SkipWithError("the analyser failed");
        return;
      }
    }
  }
}

void faces_haar_on_every_full_picture(benchmark::State& state) {
  Result<std::unique_ptr<media::FaceDetector>> detector =
      media::open_haar(std::string(media::kHaarPath), {.short_side_px = 1080, .scale_step = 1.1});
  if (!detector) return state.SkipWithError("no cascade");
  OwnFrame frame = picture(Pixels::bgr, 1080);
  for (auto _ : state) {
    for (int i = 0; i < 30; ++i) {
      if (!(*detector)->find(frame.frame())) return state.SkipWithError("the cascade failed");
    }
  }
}
BENCHMARK(faces_haar_on_every_full_picture)->Unit(benchmark::kMillisecond)->Iterations(1);

void faces_haar_a_second(benchmark::State& state) {
  Result<std::unique_ptr<media::FaceDetector>> detector =
      media::open_haar(std::string(media::kHaarPath));
  if (!detector) return state.SkipWithError("no cascade");
  FaceAnalyser analyser(**detector);
  one_second(state, analyser, analyser.tap());
}
BENCHMARK(faces_haar_a_second)->Unit(benchmark::kMillisecond);

void faces_yunet_a_second(benchmark::State& state) {
  Result<std::unique_ptr<media::FaceDetector>> detector =
      media::open_yunet(media::shared_video("models/face_detection_yunet_2023mar.onnx"));
  if (!detector) return state.SkipWithError("no model");
  FaceAnalyser analyser(**detector);
  one_second(state, analyser, analyser.tap());
}
BENCHMARK(faces_yunet_a_second)->Unit(benchmark::kMillisecond);

void objects_yolox_nano_a_second(benchmark::State& state) {
  Result<std::unique_ptr<media::ObjectDetector>> detector =
      media::open_yolo(media::shared_video("models/yolox_nano.onnx"));
  if (!detector) return state.SkipWithError("no model");
  ObjectAnalyser analyser(detector->get());
  one_second(state, analyser, analyser.tap());
}
BENCHMARK(objects_yolox_nano_a_second)->Unit(benchmark::kMillisecond);

void text_a_second(benchmark::State& state) {
  const std::unique_ptr<media::TextReader> reader = media::tesseract_reader();
  TextAnalyser analyser(*reader);
  one_second(state, analyser, analyser.tap());
}
BENCHMARK(text_a_second)->Unit(benchmark::kMillisecond);

void look_a_second(benchmark::State& state) {
  LookAnalyser analyser;
  one_second(state, analyser, analyser.tap());
}
BENCHMARK(look_a_second)->Unit(benchmark::kMillisecond);

void hashes_a_second(benchmark::State& state) {
  HashAnalyser analyser;
  one_second(state, analyser, analyser.tap());
}
BENCHMARK(hashes_a_second)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace rf::video
