#include "media/face_detector.h"

#include <algorithm>
#include <cstdio>
#include <fstream>
#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "media/frames_for_test.h"

namespace rf::media {
namespace {

using testing::HasSubstr;

const std::string kYunet2022 = "models/face_detection_yunet_2022mar.onnx";
const std::string kYunet2023 = "models/face_detection_yunet_2023mar.onnx";

struct Annotated {
  std::string file;
  std::vector<PixelBox> faces;
};

// What stands between the quotes of name='…'; "0" where it is not there.
std::string value_of(const std::string& line, std::string_view name) {
  std::string opening(1, ' ');
  opening += name;
  opening += "='";
  const std::size_t at = line.find(opening);
  if (at == std::string::npos) return "0";
  const std::size_t first = at + opening.size();
  return line.substr(first, line.find('\'', first) - first);
}

// dlib's annotation of its example pictures.
std::vector<Annotated> annotated_pictures() {
  std::ifstream in(shared_video("faces_images/training_with_face_landmarks.xml"));
  std::vector<Annotated> pictures;
  for (std::string line; std::getline(in, line);) {
    if (line.find("<image ") != std::string::npos) pictures.push_back({value_of(line, "file"), {}});
    if (line.find("<box ") == std::string::npos || pictures.empty()) continue;
    const auto number = [&](std::string_view name) { return std::stod(value_of(line, name)); };
    pictures.back().faces.push_back(
        {number("left"), number("top"), number("width"), number("height")});
  }
  return pictures;
}

struct Scores {
  int annotated = 0;
  int found = 0;
  int right = 0;
  double recall() const { return annotated == 0 ? 0 : static_cast<double>(right) / annotated; }
  double precision() const { return found == 0 ? 1 : static_cast<double>(right) / found; }
};

// A found box is right when its centre lies in an annotated one that no better box took; dlib draws
// tighter boxes than YuNet, so that their overlap says little. `scale` is the detector's pixels to
// one of the annotated picture.
int count_right(const std::vector<FoundFace>& found, double scale,
                std::vector<PixelBox> annotated) {
  int right = 0;
  for (const FoundFace& face : found) {
    const double x = (face.box.x + face.box.width / 2) / scale;
    const double y = (face.box.y + face.box.height / 2) / scale;
    const auto taken = std::find_if(annotated.begin(), annotated.end(), [&](const PixelBox& box) {
      return x >= box.x && x <= box.x + box.width && y >= box.y && y <= box.y + box.height;
    });
    if (taken == annotated.end()) continue;
    annotated.erase(taken);
    ++right;
  }
  return right;
}

Scores on_pictures(FaceDetector& detector) {
  Scores scores;
  for (const Annotated& picture : annotated_pictures()) {
    const std::vector<OwnFrame> frames =
        frames_of(shared_video("faces_images/" + picture.file), Pixels::bgr, 360, 0);
    const std::string size = printed("ffprobe -v quiet -show_entries stream=width -of csv=p=0 '" +
                                     shared_video("faces_images/" + picture.file) + "'");
    if (frames.empty() || size.empty()) continue;
    const double scale = frames[0].width / std::stod(size);
    Result<std::vector<FoundFace>> found = detector.find(frames[0].frame());
    if (!found) continue;
    scores.annotated += static_cast<int>(picture.faces.size());
    scores.found += static_cast<int>(found->size());
    scores.right += count_right(*found, scale, picture.faces);
  }
  return scores;
}

// Every other second is enough to tell a detector that works from one that does not.
constexpr double kFilmRateHz = 0.5;

// Pictures with a face, and all, of the first 30 s of each film.
std::pair<int, int> on_films(FaceDetector& detector, const std::vector<std::string>& films) {
  int with_face = 0;
  int all = 0;
  for (const std::string& film : films) {
    const int before = with_face;
    const int before_all = all;
    for (const OwnFrame& frame : frames_of(shared_video(film), Pixels::bgr, 360, kFilmRateHz)) {
      Result<std::vector<FoundFace>> found = detector.find(frame.frame());
      EXPECT_TRUE(found) << found.error().message;
      ++all;
      with_face += found && !found->empty() ? 1 : 0;
    }
    std::printf("    %s: %d of %d\n", film.c_str(), with_face - before, all - before_all);
  }
  return {with_face, all};
}

// Looked at by eye: a face in every sampled picture.
const std::vector<std::string> kTalking = {"faces_talking/WDA_KatieHill_000.mp4",
                                           "faces_talking/sun.mp4", "faces_talking/vretalk_1.mp4",
                                           "faces_talking/vretalk_3.mp4"};
// And a face in none.
const std::vector<std::string> kFaceless = {"intel_samples/bottle-detection.mp4",
                                            "intel_samples/car-detection.mp4",
                                            "misc/big_buck_bunny_0_30.webm",
                                            "mdn/crystal.mp4",
                                            "scenedetect/counter.mp4",
                                            "objects_sam2/01_dog.mp4"};

void show(const char* what, FaceDetector& detector, const Scores& scores,
          std::pair<int, int> talking, std::pair<int, int> faceless) {
  std::printf(
      "%s (%s): pictures precision %.2f recall %.2f (n=%d faces); talking heads %d of %d "
      "pictures; faceless films %d of %d pictures with a false face\n",
      what, std::string(detector.name()).c_str(), scores.precision(), scores.recall(),
      scores.annotated, talking.first, talking.second, faceless.first, faceless.second);
}

void expect_yunet(const std::string& model) {
  if (!is_there(shared_video(model))) GTEST_SKIP() << "no models beside the repository";
  Result<std::unique_ptr<FaceDetector>> detector = open_yunet(shared_video(model));
  ASSERT_TRUE(detector) << detector.error().message;
  const Scores scores = on_pictures(**detector);
  const auto talking = on_films(**detector, kTalking);
  const auto faceless = on_films(**detector, kFaceless);
  show("YuNet", **detector, scores, talking, faceless);
  EXPECT_GE(scores.recall(), 0.9);
  EXPECT_GE(scores.precision(), 0.85);
  EXPECT_GE(talking.first, 0.9 * talking.second);
  EXPECT_LE(faceless.first, 0.05 * faceless.second);
}

TEST(Yunet, OfTheYear2023FindsTheAnnotatedFacesAndTalkingHeads) { expect_yunet(kYunet2023); }

TEST(Yunet, OfTheYear2022FindsTheAnnotatedFacesAndTalkingHeads) { expect_yunet(kYunet2022); }

TEST(Haar, FindsTheTalkingHeads) {
  if (!is_there(shared_video("faces_talking"))) GTEST_SKIP() << "no films beside the repository";
  Result<std::unique_ptr<FaceDetector>> detector = open_haar(std::string(kHaarPath));
  ASSERT_TRUE(detector) << detector.error().message;
  const Scores scores = on_pictures(**detector);
  const auto talking = on_films(**detector, kTalking);
  const auto faceless = on_films(**detector, kFaceless);
  show("Haar", **detector, scores, talking, faceless);
  EXPECT_GE(scores.precision(), 0.8);
  EXPECT_GE(talking.first, 0.8 * talking.second);
  EXPECT_LE(faceless.first, 0.05 * faceless.second);
}

TEST(Yunet, PutsTheLandmarksInsideTheFace) {
  if (!is_there(shared_video(kYunet2023))) GTEST_SKIP() << "no models beside the repository";
  for (const std::string& model : {kYunet2022, kYunet2023}) {
    Result<std::unique_ptr<FaceDetector>> detector = open_yunet(shared_video(model));
    ASSERT_TRUE(detector) << detector.error().message;
    const std::vector<OwnFrame> frames =
        frames_of(shared_video(kTalking[0]), Pixels::bgr, 360, 1, 1);
    ASSERT_FALSE(frames.empty());
    Result<std::vector<FoundFace>> found = (*detector)->find(frames[0].frame());
    ASSERT_TRUE(found && !found->empty());
    const FoundFace& face = found->front();
    ASSERT_EQ(face.landmarks.size(), 5);
    for (const Spot& spot : face.landmarks) {
      EXPECT_GT(spot.x, face.box.x);
      EXPECT_LT(spot.x, face.box.x + face.box.width);
      EXPECT_GT(spot.y, face.box.y);
      EXPECT_LT(spot.y, face.box.y + face.box.height);
    }
    // The subject's right eye is on the picture's left; both are above the mouth.
    EXPECT_LT(face.landmarks[0].x, face.landmarks[1].x);
    EXPECT_LT(face.landmarks[0].y, face.landmarks[3].y);
    EXPECT_LT(face.landmarks[3].x, face.landmarks[4].x);
  }
}

TEST(Yunet, SaysTheSameTwice) {
  if (!is_there(shared_video(kYunet2023))) GTEST_SKIP() << "no models beside the repository";
  Result<std::unique_ptr<FaceDetector>> one = open_yunet(shared_video(kYunet2023));
  Result<std::unique_ptr<FaceDetector>> two = open_yunet(shared_video(kYunet2023));
  ASSERT_TRUE(one && two);
  const std::vector<OwnFrame> frames = frames_of(shared_video(kTalking[1]), Pixels::bgr, 360, 1, 3);
  for (const OwnFrame& frame : frames) {
    Result<std::vector<FoundFace>> a = (*one)->find(frame.frame());
    Result<std::vector<FoundFace>> b = (*two)->find(frame.frame());
    ASSERT_TRUE(a && b);
    EXPECT_EQ(*a, *b);
  }
}

TEST(FaceDetectors, WorkOnPicturesOfAnyShape) {
  std::vector<std::unique_ptr<FaceDetector>> detectors;
  Result<std::unique_ptr<FaceDetector>> haar = open_haar(std::string(kHaarPath));
  ASSERT_TRUE(haar) << haar.error().message;
  detectors.push_back(std::move(*haar));
  for (const std::string& model : {kYunet2022, kYunet2023}) {
    if (!is_there(shared_video(model))) continue;
    Result<std::unique_ptr<FaceDetector>> yunet = open_yunet(shared_video(model));
    ASSERT_TRUE(yunet) << yunet.error().message;
    detectors.push_back(std::move(*yunet));
  }
  for (const auto& detector : detectors) {
    for (const auto& [width, height] : std::vector<std::pair<int, int>>{
             {1, 1}, {1, 500}, {500, 1}, {33, 31}, {202, 360}, {1080, 17}}) {
      SCOPED_TRACE(fmt::format("{} at {} x {}", detector->name(), width, height));
      const OwnFrame frame = blank(width, height, Pixels::bgr, 127);
      Result<std::vector<FoundFace>> found = detector->find(frame.frame());
      ASSERT_TRUE(found) << found.error().message;
      EXPECT_TRUE(found->empty());
    }
  }
}

TEST(ChooseFaceDetector, WithoutModelsIsTheCascadeAndSaysSo) {
  Result<FaceDetectorChoice> choice = choose_face_detector("");
  ASSERT_TRUE(choice) << choice.error().message;
  EXPECT_THAT(std::string(choice->detector->name()), HasSubstr("haar haarcascade_frontalface"));
  EXPECT_THAT(choice->passed_over, testing::IsEmpty());
}

TEST(ChooseFaceDetector, OfAFolderThatIsNotThereIsAnError) {
  Result<FaceDetectorChoice> choice = choose_face_detector("/nowhere/models");
  ASSERT_FALSE(choice);
  EXPECT_EQ(choice.error().code, ErrorCode::not_found);
}

TEST(ChooseFaceDetector, NamesEveryModelThatItPassedOver) {
  const std::string folder = testing::TempDir() + "face_models";
  std::filesystem::create_directories(folder);
  std::ofstream(folder + "/face_detection_yunet_2030jan.onnx") << "not a network";
  Result<FaceDetectorChoice> choice = choose_face_detector(folder);
  ASSERT_TRUE(choice) << choice.error().message;
  EXPECT_THAT(std::string(choice->detector->name()), HasSubstr("haar"));
  ASSERT_EQ(choice->passed_over.size(), 1);
  EXPECT_THAT(choice->passed_over[0], HasSubstr("face_detection_yunet_2030jan.onnx"));
  EXPECT_THAT(choice->passed_over[0], HasSubstr("is not a whole ONNX model"));
  std::filesystem::remove_all(folder);
}

TEST(Haar, RefusesWhatIsNotACascade) {
  const std::string path = testing::TempDir() + "cascade.xml";
  for (const char* text :
       {"", "<", "hello", "<?xml version=\"1.0\"?><opencv_storage></opencv_storage>",
        "<?xml version=\"1.0\"?><opencv_storage><cascade>1</cascade></opencv_storage>"}) {
    std::ofstream(path) << text;
    Result<std::unique_ptr<FaceDetector>> opened = open_haar(path);
    ASSERT_FALSE(opened) << text;
    EXPECT_EQ(opened.error().code, ErrorCode::corrupt);
  }
  std::filesystem::remove(path);
}

}  // namespace
}  // namespace rf::media
