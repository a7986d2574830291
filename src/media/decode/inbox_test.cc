// What a decoder that lies can send, and that nothing of it arrives.

#include "media/decode/inbox.h"

#include <cmath>
#include <cstring>
#include <functional>
#include <limits>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/rng.h"

namespace rf::media {
namespace {

template <typename Packet>
std::span<const std::byte> bytes_of(const Packet& packet) {
  return std::as_bytes(std::span(&packet, 1));
}

class Counting final : public Viewer {
 public:
  Status begin(const MediaFacts&) override {
    ++begun;
    return {};
  }
  Status on_frame(std::size_t, const Frame& frame) override {
    EXPECT_EQ(frame.data.size(), static_cast<std::size_t>(frame.width) *
                                     static_cast<std::size_t>(frame.height) *
                                     static_cast<std::size_t>(channels_of(frame.pixels)));
    ++frames;
    return {};
  }
  Status on_samples(const Samples& samples) override {
    for (const float each : samples.mono) EXPECT_LE(std::abs(each), 1.0F);
    ++stretches;
    return {};
  }
  int begun = 0;
  int frames = 0;
  int stretches = 0;
};

class InboxTest : public testing::Test {
 protected:
  InboxTest() {
    facts_.width = 180;
    facts_.height = 320;
    facts_.container.set("mov");
    picture_.taps = 0b01;
    picture_.width = 180;
    picture_.height = 320;
    picture_.channels = 1;
    samples_.count = 100;
  }

  template <typename Packet>
  Status take(const Packet& packet) {
    return inbox_.take(bytes_of(packet), viewer_);
  }

  template <typename Packet>
  void expect_lie(const Packet& packet) {
    Inbox inbox = inbox_;
    Counting viewer;
    EXPECT_FALSE(inbox.take(bytes_of(packet), viewer));
    EXPECT_TRUE(inbox.lied());
    EXPECT_EQ(viewer.frames + viewer.stretches + viewer.begun, 0);
  }

  template <typename Packet>
  void expect_lie_with(Packet packet, const std::function<void(Packet&)>& change) {
    change(packet);
    expect_lie(packet);
  }

  WatchOptions options_{.taps = {{Pixels::grey, 180, 0}, {Pixels::bgr, 360, 5}},
                        .audio_rate_hz = 22050};
  std::vector<std::uint8_t> ring_ = std::vector<std::uint8_t>(1 << 20);
  Inbox inbox_{options_, 1000, ring_};
  Counting viewer_;
  wire::FactsPacket facts_;
  wire::PicturePacket picture_;
  wire::SamplesPacket samples_;
};

TEST_F(InboxTest, HandsOnWhatIsInOrder) {
  EXPECT_TRUE(take(facts_));
  EXPECT_TRUE(take(picture_));
  EXPECT_TRUE(take(samples_));
  EXPECT_TRUE(take(wire::EndPacket{}));
  EXPECT_EQ(viewer_.begun, 1);
  EXPECT_EQ(viewer_.frames, 1);
  EXPECT_EQ(viewer_.stretches, 1);
  EXPECT_EQ(inbox_.released(), 2U);
  EXPECT_EQ(inbox_.released(), 0U);
  EXPECT_TRUE(inbox_.ended());
  expect_lie(picture_);  // After its last word.
}

TEST_F(InboxTest, WantsTheFactsFirstAndOnce) {
  expect_lie(picture_);
  expect_lie(samples_);
  expect_lie(wire::EndPacket{});
  EXPECT_TRUE(take(facts_));
  expect_lie(facts_);
}

TEST_F(InboxTest, RefusesPicturesThatCannotBe) {
  using P = wire::PicturePacket;
  const double nan = std::numeric_limits<double>::quiet_NaN();
  ASSERT_TRUE(take(facts_));
  expect_lie_with<P>(picture_, [](P& p) { p.taps = 0; });
  expect_lie_with<P>(picture_, [](P& p) { p.taps = 0b100; });
  expect_lie_with<P>(picture_, [](P& p) { p.taps = 0b11; });  // Of other pixels.
  expect_lie_with<P>(picture_, [](P& p) { p.channels = 3; });
  expect_lie_with<P>(picture_, [](P& p) { p.width = p.height = 181; });
  expect_lie_with<P>(picture_, [](P& p) { p.width = -180; });
  expect_lie_with<P>(picture_, [](P& p) { p.height = 1 << 30; });
  expect_lie_with<P>(picture_, [](P& p) { p.offset = -1; });
  expect_lie_with<P>(picture_, [](P& p) { p.offset = (1 << 20) - 180 * 320 + 1; });
  expect_lie_with<P>(picture_, [](P& p) { p.offset = std::numeric_limits<std::int64_t>::max(); });
  expect_lie_with<P>(picture_, [&](P& p) { p.t_s = nan; });
  expect_lie_with<P>(picture_, [](P& p) { p.t_s = -0.1; });
  expect_lie_with<P>(picture_, [](P& p) { p.t_s = 1e12; });
  expect_lie_with<P>(picture_, [](P& p) { p.index = -1; });
}

TEST_F(InboxTest, RefusesTimeThatStandsStill) {
  ASSERT_TRUE(take(facts_));
  ASSERT_TRUE(take(picture_));
  expect_lie(picture_);
  picture_.index = 1;
  expect_lie(picture_);
  picture_.t_s = 0.1;
  EXPECT_TRUE(take(picture_));
}

TEST_F(InboxTest, RefusesSoundWithGapsAndTamesItsSamples) {
  using S = wire::SamplesPacket;
  ASSERT_TRUE(take(facts_));
  std::vector<float> wild(100, std::numeric_limits<float>::infinity());
  wild[1] = std::numeric_limits<float>::quiet_NaN();
  std::memcpy(ring_.data(), wild.data(), wild.size() * sizeof(float));
  ASSERT_TRUE(take(samples_));
  expect_lie(samples_);  // The same stretch again.
  samples_.first = 100;
  expect_lie_with<S>(samples_, [](S& s) { s.first = 101; });
  expect_lie_with<S>(samples_, [](S& s) { s.count = 0; });
  expect_lie_with<S>(samples_, [](S& s) { s.count = 1U << 31; });
  expect_lie_with<S>(samples_, [](S& s) { s.offset = (1 << 20) - 100; });
  EXPECT_TRUE(take(samples_));
}

TEST_F(InboxTest, RefusesWhatNobodyAskedFor) {
  ASSERT_TRUE(take(facts_));
  wire::VectorsPacket vectors;
  vectors.count = 1;
  expect_lie(vectors);
  const wire::FailurePacket failure{.code = 12345};
  expect_lie(failure);
}

TEST_F(InboxTest, LetsOnlyPrintableWordsThrough) {
  ASSERT_TRUE(take(facts_));
  wire::ProblemPacket problem;
  problem.text.bytes.fill('\x1b');  // And no zero at its end.
  ASSERT_TRUE(take(problem));
  EXPECT_EQ(inbox_.watched().problems.front(), std::string(problem.text.bytes.size(), '?'));
}

TEST_F(InboxTest, SurvivesAnyBytes) {
  for (std::uint64_t seed = 1; seed <= 2000; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    Rng rng(seed);
    Inbox inbox(options_, 1000, ring_);
    Counting viewer;
    if (!inbox.take(bytes_of(facts_), viewer)) FAIL();
    wire::PicturePacket packet = picture_;
    auto* raw = reinterpret_cast<std::uint8_t*>(&packet);
    for (int i = 0; i < 20 && !inbox.lied(); ++i) {
      raw[4 + rng.below(sizeof(packet) - 4)] = static_cast<std::uint8_t>(rng.next());
      static_cast<void>(
          inbox.take(bytes_of(packet).first(rng.below(8) == 0 ? rng.below(56) : 56), viewer));
    }
  }
}

}  // namespace
}  // namespace rf::media
