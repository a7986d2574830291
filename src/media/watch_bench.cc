// What the fence, the taps and the sound add to a bare decode of the same film.
// Budget: 1.12 times the processor time of the bare decode, the decoder's process included.

#include <cstdlib>
#include <filesystem>
#include <string>

#include <benchmark/benchmark.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/check.h"
#include "media/decode/av.h"
#include "media/watch.h"
#include "media/watching_for_test.h"

namespace rf::media {

std::string environment_for_test(const char* name) {
  // One thread so far. NOLINTNEXTLINE(concurrency-mt-unsafe)
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

namespace {

// Processor time of this process and of its children that ended.
double used_s() {
  double total = 0;
  for (const int who : {RUSAGE_SELF, RUSAGE_CHILDREN}) {
    rusage used{};
    RF_CHECK(getrusage(who, &used) == 0);
    for (const timeval& each : {used.ru_utime, used.ru_stime}) {
      total += static_cast<double>(each.tv_sec) + static_cast<double>(each.tv_usec) * 1e-6;
    }
  }
  return total;
}

// Thirty seconds of 1080 x 1920 at 30 pictures a second: a real clip where there is one, else a
// test card with noise.
class Clip {
 public:
  Clip()
      : folder_(std::filesystem::temp_directory_path() / ("rf_bench_" + std::to_string(getpid()))) {
    std::filesystem::create_directories(folder_);
    const std::string real = films_folder() + "/objects_sam2/02_cups.mp4";
    const std::string source = std::filesystem::exists(real)
                                   ? "-stream_loop 3 -i " + real
                                   : "-f lavfi -i testsrc2=s=540x960:r=30,noise=alls=12:allf=t";
    const std::string command =
        "ffmpeg -nostdin -v error -y " + source +
        " -f lavfi -i sine=440:sample_rate=44100 -map 0:v:0 -map 1:a -write_tmcd 0 -t 30"
        " -vf crop=ih*9/16:ih,scale=1080:1920,setsar=1,fps=30 -c:v libx264 -preset veryfast"
        " -b:v 6M -pix_fmt yuv420p -c:a aac " +
        path();
    // One thread so far. NOLINTNEXTLINE(concurrency-mt-unsafe)
    RF_CHECK(std::system(command.c_str()) == 0);
  }
  Clip(const Clip&) = delete;
  Clip& operator=(const Clip&) = delete;
  ~Clip() {
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
  }
  std::string path() const { return (folder_ / "clip.mp4").string(); }

 private:
  std::filesystem::path folder_;
};

const Clip& clip() {
  static const Clip made;
  return made;
}

Decoder decoder() {
  const std::string given = environment_for_test("RF_DECODER");
  if (!given.empty()) return {.program = given};
  return {.program =
              std::filesystem::read_symlink("/proc/self/exe").parent_path() / "reelforge-decoder"};
}

Av<AVCodecContext> open_bare(const AVStream& stream) {
  const AVCodec* found = avcodec_find_decoder(stream.codecpar->codec_id);
  if (found == nullptr) return nullptr;  // A time code, say.
  Av<AVCodecContext> codec(avcodec_alloc_context3(found));
  RF_CHECK(avcodec_parameters_to_context(codec.get(), stream.codecpar) >= 0);
  codec->thread_count = static_cast<int>(sysconf(_SC_NPROCESSORS_ONLN));
  codec->thread_type = FF_THREAD_FRAME;
  RF_CHECK(avcodec_open2(codec.get(), found, nullptr) >= 0);
  return codec;
}

std::int64_t decode_all(AVCodecContext& codec, const AVPacket* packet, AVFrame& frame) {
  std::int64_t frames = 0;
  static_cast<void>(avcodec_send_packet(&codec, packet));
  while (avcodec_receive_frame(&codec, &frame) >= 0) ++frames;
  return frames;
}

// Pictures and sound decoded and thrown away.
std::int64_t decode_without_fence(const std::string& path) {
  AVFormatContext* opened = nullptr;
  RF_CHECK(avformat_open_input(&opened, path.c_str(), nullptr, nullptr) >= 0);
  const Av<AVFormatContext> format(opened);
  RF_CHECK(avformat_find_stream_info(opened, nullptr) >= 0);
  std::vector<Av<AVCodecContext>> codecs;
  for (unsigned i = 0; i < opened->nb_streams; ++i)
    codecs.push_back(open_bare(*opened->streams[i]));
  const Av<AVPacket> packet(av_packet_alloc());
  const Av<AVFrame> frame(av_frame_alloc());
  std::int64_t frames = 0;
  while (av_read_frame(opened, packet.get()) >= 0) {
    frames +=
        decode_all(*codecs[static_cast<std::size_t>(packet->stream_index)], packet.get(), *frame);
    av_packet_unref(packet.get());
  }
  for (const auto& codec : codecs) {
    if (codec != nullptr) frames += decode_all(*codec, nullptr, *frame);
  }
  return frames;
}

void decode_bare(benchmark::State& state) {
  const std::string path = clip().path();
  for (auto _ : state) {
    const double before = used_s();
    benchmark::DoNotOptimize(decode_without_fence(path));
    state.SetIterationTime(used_s() - before);
  }
}
BENCHMARK(decode_bare)->UseManualTime()->Iterations(1)->Unit(benchmark::kMillisecond);

class Idle final : public Viewer {
 public:
  Status begin(const MediaFacts&) override { return {}; }
  Status on_frame(std::size_t, const Frame&) override { return {}; }
  Status on_samples(const Samples&) override { return {}; }
};

void watch_with(benchmark::State& state, const WatchOptions& options) {
  const std::string path = clip().path();
  for (auto _ : state) {
    Idle viewer;
    NoProgress progress;
    const double before = used_s();
    const Result<Watched> watched = watch(decoder(), path, options, viewer, progress);
    state.SetIterationTime(used_s() - before);
    RF_CHECK(watched.has_value() && !watched->partial);
  }
}

void watch_default_taps(benchmark::State& state) {
  watch_with(state, {.taps = {{Pixels::grey, 180, 0}, {Pixels::bgr, 360, 5}, {Pixels::bgr, 416, 1}},
                     .audio_rate_hz = 22050});
}
BENCHMARK(watch_default_taps)->UseManualTime()->Iterations(1)->Unit(benchmark::kMillisecond);

void watch_no_taps(benchmark::State& state) { watch_with(state, {.taps = {}}); }
BENCHMARK(watch_no_taps)->UseManualTime()->Iterations(1)->Unit(benchmark::kMillisecond);

void watch_triage(benchmark::State& state) {
  watch_with(state, {.taps = {{Pixels::grey, 180, 0}, {Pixels::bgr, 360, 5}, {Pixels::bgr, 416, 1}},
                     .audio_rate_hz = 22050,
                     .pace = Pace::triage});
}
BENCHMARK(watch_triage)->UseManualTime()->Iterations(1)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace rf::media
