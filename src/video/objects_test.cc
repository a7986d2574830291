#include "video/objects.h"

#include <cstdio>
#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "media/frames_for_test.h"
#include "video/object_words.h"

namespace rf::video {
namespace {

using media::OwnFrame;
using media::Pixels;
using testing::ElementsAre;
using testing::HasSubstr;

ObjectSighting seen(const std::string& name, double side = 0.3, double confidence = 0.8) {
  return {name, std::string(word_for(name).category), confidence, {0.1, 0.1, side, side}};
}

Objects summed(std::vector<std::vector<ObjectSighting>> samples) {
  Objects objects;
  for (std::size_t i = 0; i < samples.size(); ++i)
    objects.samples.push_back({static_cast<double>(i), std::move(samples[i])});
  sum_up(objects);
  return objects;
}

TEST(ObjectWords, KnowEveryClassOfTheDetector) {
  std::set<std::string> categories;
  for (int id = 0; id < media::kCocoClasses; ++id) {
    const ObjectWord word = word_for(media::coco_class(id));
    EXPECT_EQ(word.name, media::coco_class(id));
    EXPECT_NE(word.category, "other") << word.name;
    categories.insert(std::string(word.category));
  }
  EXPECT_THAT(categories, ElementsAre("animals", "food", "home", "people", "product", "sports",
                                      "street", "technology", "travel"));
  EXPECT_EQ(word_for("unicorn").category, "other");
}

TEST(SumUp, CountsByClassAndCategory) {
  const Objects objects = summed({{seen("bottle"), seen("bottle")}, {seen("bottle"), seen("cup")}});
  EXPECT_EQ(objects.counts.at("bottle"), 3);
  EXPECT_EQ(objects.counts.at("cup"), 1);
  EXPECT_EQ(objects.categories.at("product"), 4);
  EXPECT_THAT(objects.most_common, ElementsAre("bottle", "cup"));
}

TEST(SumUp, NamesThingsBeforePeopleAndFurniture) {
  const Objects with_thing =
      summed({{seen("person"), seen("dining table"), seen("cup")}, {seen("person")}});
  EXPECT_THAT(with_thing.most_common, ElementsAre("cup"));
  EXPECT_EQ(with_thing.counts.at("person"), 2);
  const Objects without = summed({{seen("person"), seen("chair")}, {seen("person")}});
  EXPECT_THAT(without.most_common, ElementsAre("person", "chair"));
}

TEST(SumUp, SaysWhatKindOfSceneItIs) {
  EXPECT_EQ(summed({}).scene, "unknown");
  EXPECT_EQ(summed({{}, {}}).scene, "unknown");
  EXPECT_EQ(summed({{seen("person")}, {seen("person")}}).scene, "people");
  EXPECT_EQ(summed({{seen("person"), seen("pizza")}, {seen("pizza")}}).scene, "food");
  EXPECT_EQ(summed({{seen("laptop")}, {seen("keyboard")}, {seen("car")}}).scene, "desk");
}

TEST(SumUp, MeasuresHowWellAProductIsSeen) {
  const ProductVisibility product =
      summed({{}, {seen("person")}, {seen("bottle", 0.5)}, {seen("bottle", 0.5)}})
          .product_visibility;
  EXPECT_NEAR(product.presence, 0.5, 1e-9);
  EXPECT_EQ(product.first_s, 2.0);
  EXPECT_NEAR(product.mean_area, 0.25, 1e-9);
  EXPECT_THAT(product.recommendation, HasSubstr("early"));
  const ProductVisibility none = summed({{seen("person")}}).product_visibility;
  EXPECT_FALSE(none.first_s);
  EXPECT_EQ(none.presence, 0);
  EXPECT_THAT(none.recommendation, HasSubstr("no product"));
  EXPECT_THAT(summed({{}, {}, {}, {}, {seen("cup")}}).product_visibility.recommendation,
              HasSubstr("first seen at 4.0 s"));
  EXPECT_THAT(summed({{seen("cup", 0.05)}}).product_visibility.recommendation, HasSubstr("closer"));
}

TEST(SumUp, FlagsWhatABrandMayNotWant) {
  const Objects objects = summed({{seen("knife", 0.2, 0.9)},
                                  {seen("wine glass", 0.1, 0.5)},
                                  {seen("wine glass", 0.1, 0.5)},
                                  {seen("scissors", 0.1, 0.5)}});
  EXPECT_THAT(objects.safety_flags,
              ElementsAre("alcohol: wine glass, first at 1.0 s, in 2 of 4 samples",
                          "blade: knife, first at 0.0 s, in 1 of 4 samples"));
}

TEST(ObjectAnalyser, WithoutAModelSaysSoByAnEmptyName) {
  ObjectAnalyser objects(nullptr);
  EXPECT_FALSE(objects.wants_frames());
  EXPECT_EQ(objects.finish(), Objects{});
}

struct Clip {
  std::string file;
  std::string object;
};

// What each clip is of. The film of cars is not here: it is taken from right above, and the model
// calls the cars telephones; the figure is printed all the same.
TEST(ObjectAnalyser, NamesTheObjectOfAClipAsTheMostCommon) {
  const std::string model = media::shared_video("models/yolox_nano.onnx");
  if (!media::is_there(model)) GTEST_SKIP() << "no models beside the repository";
  Result<std::unique_ptr<media::ObjectDetector>> detector = media::open_yolo(model);
  ASSERT_TRUE(detector) << detector.error().message;
  for (const Clip& clip : std::vector<Clip>{{"objects_sam2/01_dog.mp4", "dog"},
                                            {"objects_sam2/02_cups.mp4", "cup"},
                                            {"objects_sam2/04_coffee.mp4", "cup"},
                                            {"intel_samples/bottle-detection.mp4", "bottle"},
                                            {"intel_samples/car-detection.mp4", ""}}) {
    ObjectAnalyser objects(detector->get());
    for (const OwnFrame& frame :
         media::frames_of(media::shared_video(clip.file), Pixels::bgr, 360, 1))
      ASSERT_TRUE(objects.on_frame(frame.frame()));
    const Objects found = objects.finish();
    std::printf("%s:", clip.file.c_str());
    for (const auto& [name, count] : found.counts)
      std::printf(" %s %d", name.c_str(), static_cast<int>(count));
    std::printf("; scene %s; %s\n", found.scene.c_str(),
                found.product_visibility.recommendation.c_str());
    ASSERT_FALSE(found.most_common.empty()) << clip.file;
    if (!clip.object.empty()) {
      EXPECT_EQ(found.most_common[0], clip.object) << clip.file;
    }
  }
}

}  // namespace
}  // namespace rf::video
