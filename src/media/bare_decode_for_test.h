// What a benchmark of watching is measured by: the same film decoded and thrown away, without a
// fence, in this process.

#pragma once

#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <system_error>
#include <vector>

#include <sys/resource.h>
#include <unistd.h>

#include "base/check.h"
#include "media/decode/av.h"
#include "media/watching_for_test.h"

namespace rf::media {

// Processor time of this process and of its children that ended.
inline double used_s() {
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
class BenchClip {
 public:
  BenchClip()
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
  BenchClip(const BenchClip&) = delete;
  BenchClip& operator=(const BenchClip&) = delete;
  ~BenchClip() {
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
  }
  std::string path() const { return (folder_ / "clip.mp4").string(); }

 private:
  std::filesystem::path folder_;
};

inline const BenchClip& bench_clip() {
  static const BenchClip made;
  return made;
}

inline Decoder bench_decoder() {
  const std::string given = environment_for_test("RF_DECODER");
  if (!given.empty()) return {.program = given};
  return {.program =
              std::filesystem::read_symlink("/proc/self/exe").parent_path() / "reelforge-decoder"};
}

inline Av<AVCodecContext> open_bare(const AVStream& stream) {
  const AVCodec* found = avcodec_find_decoder(stream.codecpar->codec_id);
  if (found == nullptr) return nullptr;  // A time code, say.
  Av<AVCodecContext> codec(avcodec_alloc_context3(found));
  RF_CHECK(avcodec_parameters_to_context(codec.get(), stream.codecpar) >= 0);
  codec->thread_count = static_cast<int>(sysconf(_SC_NPROCESSORS_ONLN));
  codec->thread_type = FF_THREAD_FRAME;
  RF_CHECK(avcodec_open2(codec.get(), found, nullptr) >= 0);
  return codec;
}

inline std::int64_t decode_all(AVCodecContext& codec, const AVPacket* packet, AVFrame& frame) {
  std::int64_t frames = 0;
  static_cast<void>(avcodec_send_packet(&codec, packet));
  while (avcodec_receive_frame(&codec, &frame) >= 0) ++frames;
  return frames;
}

// Pictures and sound decoded and thrown away; how many there were.
inline std::int64_t decode_without_fence(const std::string& path) {
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

}  // namespace rf::media
