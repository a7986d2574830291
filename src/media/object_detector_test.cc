#include "media/object_detector.h"

#include <algorithm>
#include <cmath>
#include <fstream>
#include <map>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "base/file.h"
#include "base/rng.h"
#include "media/face_detector.h"
#include "media/frames_for_test.h"
#include "media/onnx_file.h"
#include "media/yolo_output.h"

namespace rf::media {
namespace {

using testing::HasSubstr;

const std::string kYolox = "models/yolox_nano.onnx";
constexpr int kSide = 64;  // 64 + 16 + 4 = 84 cells.

TEST(YoloLayout, IsSeenFromTheShapeOfTheOutput) {
  EXPECT_EQ(*yolo_layout(3549, 85, 416, 416), YoloLayout::yolox);
  EXPECT_EQ(*yolo_layout(10647, 85, 416, 416), YoloLayout::yolov5);
  EXPECT_EQ(*yolo_layout(84, 3549, 416, 416), YoloLayout::yolov8);
  EXPECT_EQ(*yolo_layout(84, 8400, 640, 640), YoloLayout::yolov8);
}

TEST(YoloLayout, ThatIsNotKnownIsNamedBesideThoseThatAre) {
  const Result<YoloLayout> layout = yolo_layout(3549, 6, 416, 416);  // One class only.
  ASSERT_FALSE(layout);
  EXPECT_EQ(layout.error().code, ErrorCode::unsupported);
  EXPECT_THAT(layout.error().message, HasSubstr("1 x 3549 x 6"));
  EXPECT_THAT(layout.error().message, HasSubstr("1 x 84 x 3549 (yolov8)"));
}

constexpr std::size_t kCells = 84;  // Of the grids of 8, 16 and 32 pixels: 64 + 16 + 4.
constexpr std::size_t kRow = 85;    // Four of the box, one of any object, 80 classes.
constexpr std::size_t kRowV8 = 84;  // Without the one of any object.

// By hand: the second cell of the first grid's first row, a box of 16 x 32 pixels around its
// middle.
TEST(ReadYolo, ReadsTheSameBoxFromEachLayout) {
  constexpr int kClass = 39;  // bottle
  const PixelBox expected{4, -12, 16, 32};

  std::vector<float> yolox(kCells * kRow, 0);
  float* row = &yolox[kRow];
  row[0] = 0.5F;
  row[1] = 0.5F;
  row[2] = static_cast<float>(std::log(16.0 / 8));
  row[3] = static_cast<float>(std::log(32.0 / 8));
  row[4] = 0.9F;
  row[5 + kClass] = 0.8F;

  std::vector<float> yolov5(3 * kCells * kRow, 0);
  const std::vector<float> pixels = {12, 4, 16, 32};
  std::copy(pixels.begin(), pixels.end(), &yolov5[kRow * 7]);
  yolov5[kRow * 7 + 4] = 0.9F;
  yolov5[kRow * 7 + 5 + kClass] = 0.8F;

  std::vector<float> yolov8(kRowV8 * kCells, 0);
  for (std::size_t i = 0; i < 4; ++i) yolov8[i * kCells + 7] = pixels[i];
  yolov8[(4 + kClass) * kCells + 7] = 0.72F;

  for (const auto& [layout, numbers] :
       std::map<YoloLayout, std::vector<float>>{{YoloLayout::yolox, yolox},
                                                {YoloLayout::yolov5, yolov5},
                                                {YoloLayout::yolov8, yolov8}}) {
    SCOPED_TRACE(std::string(name_of(layout)));
    const std::vector<FoundObject> found = read_yolo(layout, numbers, kSide, kSide, 0.4);
    ASSERT_EQ(found.size(), 1);
    EXPECT_EQ(found[0].class_id, kClass);
    EXPECT_EQ(coco_class(found[0].class_id), "bottle");
    EXPECT_NEAR(found[0].confidence, 0.72, 1e-6);
    EXPECT_NEAR(found[0].box.x, expected.x, 1e-5);
    EXPECT_NEAR(found[0].box.y, expected.y, 1e-5);
    EXPECT_NEAR(found[0].box.width, expected.width, 1e-5);
    EXPECT_NEAR(found[0].box.height, expected.height, 1e-5);
  }
}

TEST(ReadYolo, KeepsTheSurestOfOverlappingBoxesOfOneClassOnly) {
  std::vector<float> numbers(kRowV8 * kCells, 0);
  const auto put = [&](std::size_t cell, float x, std::size_t class_id, float confidence) {
    numbers[cell] = x;
    numbers[kCells + cell] = 20;
    numbers[2 * kCells + cell] = 20;
    numbers[3 * kCells + cell] = 20;
    numbers[(4 + class_id) * kCells + cell] = confidence;
  };
  put(0, 20, 0, 0.5F);
  put(1, 21, 0, 0.9F);  // Nearly the same place and class: only this one stays.
  put(2, 20, 1, 0.6F);  // Same place, other class.
  put(3, 50, 0, 0.7F);  // Same class, other place.
  const std::vector<FoundObject> found = read_yolo(YoloLayout::yolov8, numbers, kSide, kSide, 0.4);
  ASSERT_EQ(found.size(), 3);
  EXPECT_NEAR(found[0].confidence, 0.9, 1e-6);
  EXPECT_NEAR(found[1].confidence, 0.7, 1e-6);
  EXPECT_NEAR(found[2].confidence, 0.6, 1e-6);
}

TEST(ReadYolo, DropsNumbersThatAreNone) {
  for (const float odd : {NAN, INFINITY, -INFINITY}) {
    std::vector<float> numbers(kCells * kRow, odd);
    const std::vector<FoundObject> found = read_yolo(YoloLayout::yolox, numbers, kSide, kSide, 0.4);
    for (const FoundObject& each : found) EXPECT_TRUE(std::isfinite(each.box.x));
  }
}

TEST(Yolox, WorksOnPicturesOfAnyShapeAndInAnyOrder) {
  if (!is_there(shared_video(kYolox))) GTEST_SKIP() << "no models beside the repository";
  Result<std::unique_ptr<ObjectDetector>> one = open_yolo(shared_video(kYolox));
  Result<std::unique_ptr<ObjectDetector>> two = open_yolo(shared_video(kYolox));
  ASSERT_TRUE(one && two);
  for (const auto& [width, height] :
       std::vector<std::pair<int, int>>{{1, 1}, {3, 900}, {234, 416}, {720, 720}, {500, 20}}) {
    const OwnFrame frame = blank(width, height, Pixels::bgr, 90);
    ASSERT_TRUE((*one)->find(frame.frame()));
  }
  const OwnFrame frame =
      frames_of(shared_video("objects_sam2/01_dog.mp4"), Pixels::bgr, 360, 1, 1).at(0);
  Result<std::vector<FoundObject>> a = (*one)->find(frame.frame());
  Result<std::vector<FoundObject>> b = (*two)->find(frame.frame());
  ASSERT_TRUE(a && b);
  EXPECT_EQ(*a, *b);
}

TEST(ChooseObjectDetector, WithoutModelsIsNone) {
  Result<ObjectDetectorChoice> choice = choose_object_detector("");
  ASSERT_TRUE(choice);
  EXPECT_EQ(choice->detector, nullptr);
}

TEST(OnnxFile, OfEachModelHasAPictureInput) {
  if (!is_there(shared_video(kYolox))) GTEST_SKIP() << "no models beside the repository";
  const std::map<std::string, std::array<std::int64_t, 4>> shapes = {
      {kYolox, {1, 3, 416, 416}},
      {"models/face_detection_yunet_2023mar.onnx", {1, 3, 640, 640}},
      {"models/face_detection_yunet_2022mar.onnx", {0, 3, 0, 0}}};
  for (const auto& [model, shape] : shapes) {
    Result<OnnxFile> file = read_onnx(shared_video(model));
    ASSERT_TRUE(file) << file.error().message;
    Result<OnnxInput> input = picture_input(file->bytes);
    ASSERT_TRUE(input);
    EXPECT_EQ(input->shape, shape);
    Result<std::string> settled = with_input_size(file->bytes, 64, 96);
    ASSERT_TRUE(settled);
    const std::array<std::int64_t, 4> expected = {1, 3, 64, 96};
    EXPECT_EQ(picture_input(*settled)->shape, expected);
  }
}

// Every way in which a model file may be wrong is an error with a name, and never a crash.
class HostileModel : public testing::Test {
 protected:
  void SetUp() override {
    path_ = testing::TempDir() + fmt::format("hostile_model_{}.onnx", getpid());
  }
  void TearDown() override { std::filesystem::remove(path_); }

  void expect_refused(const std::string& bytes) {
    std::ofstream(path_, std::ios::binary) << bytes;
    Result<std::unique_ptr<ObjectDetector>> yolo = open_yolo(path_);
    ASSERT_FALSE(yolo);
    EXPECT_FALSE(yolo.error().message.empty());
    Result<std::unique_ptr<FaceDetector>> yunet = open_yunet(path_);
    ASSERT_FALSE(yunet);
    EXPECT_FALSE(yunet.error().message.empty());
  }

  std::string path_;
};

TEST_F(HostileModel, ThatIsNotThereIsNotFound) {
  EXPECT_EQ(open_yolo("/nowhere/yolo.onnx").error().code, ErrorCode::not_found);
  EXPECT_EQ(open_yunet("/nowhere/yunet.onnx").error().code, ErrorCode::not_found);
}

TEST_F(HostileModel, OfGarbageIsRefused) {
  expect_refused("");
  expect_refused("<html>404</html>");
  expect_refused(std::string(1000, '\0'));
  expect_refused(std::string(1000, '\xff'));
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    SCOPED_TRACE(fmt::format("seed {}", seed));
    Rng rng(seed);
    std::string bytes(rng.below(5000), ' ');
    for (char& each : bytes) each = static_cast<char>(rng.below(256));
    expect_refused(bytes);
  }
}

TEST_F(HostileModel, CutOffAnywhereIsRefused) {
  if (!is_there(shared_video(kYolox))) GTEST_SKIP() << "no models beside the repository";
  for (const std::string& model :
       {kYolox, std::string("models/face_detection_yunet_2023mar.onnx")}) {
    const std::string whole = *read_file(shared_video(model), 1 << 24);
    for (std::uint64_t seed = 1; seed <= 20; ++seed) {
      SCOPED_TRACE(fmt::format("{} seed {}", model, seed));
      Rng rng(seed);
      expect_refused(whole.substr(0, rng.below(whole.size() - 64)));
    }
  }
}

TEST_F(HostileModel, OfAnotherTaskIsRefusedByItsShape) {
  if (!is_there(shared_video(kYolox))) GTEST_SKIP() << "no models beside the repository";
  Result<std::unique_ptr<ObjectDetector>> faces_as_objects =
      open_yolo(shared_video("models/face_detection_yunet_2023mar.onnx"));
  ASSERT_FALSE(faces_as_objects);
  EXPECT_EQ(faces_as_objects.error().code, ErrorCode::unsupported);
  EXPECT_THAT(faces_as_objects.error().message, HasSubstr("yolov8"));
  Result<std::unique_ptr<FaceDetector>> objects_as_faces = open_yunet(shared_video(kYolox));
  ASSERT_FALSE(objects_as_faces);
  EXPECT_EQ(objects_as_faces.error().code, ErrorCode::unsupported);
  EXPECT_THAT(objects_as_faces.error().message, HasSubstr("cls_8 to kps_32"));
}

}  // namespace
}  // namespace rf::media
