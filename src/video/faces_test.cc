#include "video/faces.h"

#include <deque>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/rng.h"
#include "media/frames_for_test.h"

namespace rf::video {
namespace {

using media::FoundFace;
using media::OwnFrame;
using media::Pixels;

constexpr int kWidth = 180;
constexpr int kHeight = 320;

// Finds what it was told to, one answer a picture.
class Scripted final : public media::FaceDetector {
 public:
  explicit Scripted(std::deque<std::vector<FoundFace>> answers) : answers_(std::move(answers)) {}
  std::string_view name() const override { return "scripted"; }
  double rate_hz() const override { return 5; }
  Result<std::vector<FoundFace>> find(const media::Frame&) override {
    if (answers_.empty()) return fail(ErrorCode::unsupported, "no more answers");
    std::vector<FoundFace> next = answers_.front();
    answers_.pop_front();
    return next;
  }

 private:
  std::deque<std::vector<FoundFace>> answers_;
};

FoundFace face_at(double x, double y, double side, double confidence = 0.9) {
  return {{x, y, side, side}, confidence, {}};
}

Faces analysed(std::deque<std::vector<FoundFace>> answers, double step_s = 0.2) {
  const std::size_t count = answers.size();
  Scripted detector(std::move(answers));
  FaceAnalyser faces(detector);
  OwnFrame frame = media::blank(kWidth, kHeight, Pixels::bgr, 100);
  for (std::size_t i = 0; i < count; ++i) {
    frame.t_s = static_cast<double>(i) * step_s;
    EXPECT_TRUE(faces.on_frame(frame.frame()));
  }
  return faces.finish();
}

TEST(FaceAnalyser, CountsSamplesFacesAndWhatTheyCover) {
  const Faces faces =
      analysed({{face_at(45, 80, 90)}, {}, {face_at(45, 80, 90), face_at(0, 0, 18)}, {}});
  EXPECT_EQ(faces.detector, "scripted");
  EXPECT_NEAR(faces.presence, 0.5, 1e-9);
  EXPECT_NEAR(faces.mean_count, 0.75, 1e-9);
  const double large = 90.0 * 90 / (kWidth * kHeight);
  const double small = 18.0 * 18 / (kWidth * kHeight);
  EXPECT_NEAR(faces.mean_coverage, (2 * large + small) / 4, 1e-9);
  EXPECT_EQ(faces.samples.size(), 4);
  EXPECT_EQ(faces.tracks, 1);  // The small one was there once.
}

TEST(FaceAnalyser, OfNothingIsZero) {
  const Faces faces = analysed({});
  EXPECT_EQ(faces.presence, 0);
  EXPECT_EQ(faces.tracks, 0);
  EXPECT_THAT(faces.best, testing::IsEmpty());
}

TEST(FaceAnalyser, PassesOnTheDetectorsError) {
  Scripted detector({});
  FaceAnalyser faces(detector);
  const OwnFrame frame = media::blank(kWidth, kHeight, Pixels::bgr, 100);
  const Status status = faces.on_frame(frame.frame());
  ASSERT_FALSE(status);
  EXPECT_EQ(status.error().code, ErrorCode::unsupported);
}

TEST(FaceAnalyser, PrefersLargeSureFacesAndKeepsMomentsApart) {
  std::deque<std::vector<FoundFace>> answers;
  for (int i = 0; i < 40; ++i) answers.push_back({face_at(60, 100, i == 20 ? 100 : 30, 0.8)});
  const Faces faces = analysed(std::move(answers));
  ASSERT_FALSE(faces.best.empty());
  EXPECT_LE(faces.best.size(), 5);
  EXPECT_NEAR(faces.best[0].t_s, 4.0, 1e-9);
  EXPECT_THAT(faces.best[0].recommendation, testing::HasSubstr("thumbnail"));
  for (std::size_t i = 0; i < faces.best.size(); ++i) {
    EXPECT_GE(faces.best[i].score, 0);
    EXPECT_LE(faces.best[i].score, 1);
    for (std::size_t j = 0; j < i; ++j)
      EXPECT_GE(std::abs(faces.best[i].t_s - faces.best[j].t_s), 1.0);
  }
}

TEST(Frontality, FallsAsTheNoseLeavesTheMiddle) {
  Face face;
  face.landmarks = {{0.4, 0.4}, {0.6, 0.4}, {0.5, 0.5}, {0.42, 0.6}, {0.58, 0.6}};
  EXPECT_NEAR(frontality(face), 1, 1e-9);
  face.landmarks[2].x = 0.55;
  EXPECT_NEAR(frontality(face), 0.5, 1e-9);
  face.landmarks[2].x = 0.65;
  EXPECT_EQ(frontality(face), 0);
}

Face boxed(double x, double y, double side) { return {{x, y, side, side}, 0.9, -1, {}}; }

TEST(FaceTracks, FollowTwoFacesThatMoveBesideEachOther) {
  FaceTracks tracks;
  for (int i = 0; i < 20; ++i) {
    std::vector<Face> faces = {boxed(0.1 + 0.01 * i, 0.2, 0.2), boxed(0.6 - 0.01 * i, 0.5, 0.2)};
    if (i % 2 == 1) std::swap(faces[0], faces[1]);  // The order of finds says nothing.
    tracks.follow(0.2 * i, faces);
    const Face& left = i % 2 == 1 ? faces[1] : faces[0];
    EXPECT_EQ(left.track, 0);
    EXPECT_EQ((i % 2 == 1 ? faces[0] : faces[1]).track, 1);
  }
  EXPECT_EQ(tracks.count(), 2);
}

TEST(FaceTracks, AreNewAfterALongAbsenceOrAtAnotherSize) {
  FaceTracks tracks;
  std::vector<Face> faces = {boxed(0.3, 0.3, 0.2)};
  tracks.follow(0, faces);
  EXPECT_EQ(faces[0].track, 0);
  tracks.follow(1.0, faces);
  EXPECT_EQ(faces[0].track, 0);
  tracks.follow(5.0, faces);
  EXPECT_EQ(faces[0].track, 1);
  std::vector<Face> close_up = {boxed(0.1, 0.1, 0.7)};
  tracks.follow(5.2, close_up);
  EXPECT_EQ(close_up[0].track, 2);
}

TEST(FaceTracks, GiveEachFaceOfASampleATrackOfItsOwn) {
  for (std::uint64_t seed = 1; seed <= 50; ++seed) {
    SCOPED_TRACE(fmt::format("seed {}", seed));
    Rng rng(seed);
    FaceTracks tracks;
    for (int i = 0; i < 20; ++i) {
      std::vector<Face> faces;
      for (std::uint64_t n = rng.below(8); n > 0; --n)
        faces.push_back(
            boxed(rng.uniform() * 0.8, rng.uniform() * 0.8, 0.05 + rng.uniform() * 0.2));
      tracks.follow(0.2 * i, faces);
      std::vector<std::int64_t> given;
      given.reserve(faces.size());
      for (const Face& face : faces) given.push_back(face.track);
      std::sort(given.begin(), given.end());
      EXPECT_TRUE(std::adjacent_find(given.begin(), given.end()) == given.end());
      EXPECT_TRUE(given.empty() || given.front() >= 0);
    }
  }
}

// One person talks in each of these clips.
TEST(FaceAnalyser, SeesOnePersonInATalkingHead) {
  const std::string model = media::shared_video("models/face_detection_yunet_2023mar.onnx");
  if (!media::is_there(model)) GTEST_SKIP() << "no models beside the repository";
  Result<std::unique_ptr<media::FaceDetector>> detector = media::open_yunet(model);
  ASSERT_TRUE(detector) << detector.error().message;
  for (const char* film : {"faces_talking/WDA_KatieHill_000.mp4", "faces_talking/sun.mp4",
                           "faces_talking/vretalk_1.mp4", "faces_talking/vretalk_3.mp4"}) {
    FaceAnalyser faces(**detector);
    for (const OwnFrame& frame :
         media::frames_of(media::shared_video(film), Pixels::bgr, 360, 5, 6))
      ASSERT_TRUE(faces.on_frame(frame.frame()));
    const Faces found = faces.finish();
    EXPECT_GE(found.presence, 0.9) << film;
    EXPECT_EQ(found.tracks, 1) << film;
    EXPECT_FALSE(found.best.empty()) << film;
  }
}

}  // namespace
}  // namespace rf::video
