#include "video/object_words.h"

#include <array>

namespace rf::video {
namespace {

constexpr std::array<ObjectWord, 80> kWords = {{
    {"person", "people", "people", false, false, ""},
    {"bicycle", "travel", "street", true, false, ""},
    {"motorcycle", "travel", "street", true, false, ""},
    {"car", "travel", "street", true, false, ""},
    {"bus", "travel", "street", true, false, ""},
    {"train", "travel", "street", true, false, ""},
    {"truck", "travel", "street", true, false, ""},
    {"airplane", "travel", "outdoors", true, false, ""},
    {"boat", "travel", "outdoors", true, false, ""},
    {"traffic light", "street", "street", false, true, ""},
    {"fire hydrant", "street", "street", false, true, ""},
    {"stop sign", "street", "street", false, true, ""},
    {"parking meter", "street", "street", false, true, ""},
    {"bench", "street", "outdoors", false, true, ""},
    {"bird", "animals", "animals", false, false, ""},
    {"cat", "animals", "animals", false, false, ""},
    {"dog", "animals", "animals", false, false, ""},
    {"horse", "animals", "animals", false, false, ""},
    {"sheep", "animals", "animals", false, false, ""},
    {"cow", "animals", "animals", false, false, ""},
    {"elephant", "animals", "animals", false, false, ""},
    {"bear", "animals", "animals", false, false, ""},
    {"zebra", "animals", "animals", false, false, ""},
    {"giraffe", "animals", "animals", false, false, ""},
    {"backpack", "product", "fashion", true, false, ""},
    {"umbrella", "product", "fashion", true, false, ""},
    {"handbag", "product", "fashion", true, false, ""},
    {"tie", "product", "fashion", true, false, ""},
    {"suitcase", "product", "fashion", true, false, ""},
    {"frisbee", "sports", "sport", true, false, ""},
    {"skis", "sports", "sport", true, false, ""},
    {"snowboard", "sports", "sport", true, false, ""},
    {"sports ball", "sports", "sport", true, false, ""},
    {"kite", "sports", "sport", true, false, ""},
    {"baseball bat", "sports", "sport", true, false, ""},
    {"baseball glove", "sports", "sport", true, false, ""},
    {"skateboard", "sports", "sport", true, false, ""},
    {"surfboard", "sports", "sport", true, false, ""},
    {"tennis racket", "sports", "sport", true, false, ""},
    {"bottle", "product", "kitchen", true, false, ""},
    {"cup", "product", "kitchen", true, false, ""},
    {"wine glass", "product", "kitchen", true, false, "alcohol"},
    {"fork", "product", "kitchen", true, false, ""},
    {"spoon", "product", "kitchen", true, false, ""},
    {"bowl", "product", "kitchen", true, false, ""},
    {"knife", "product", "kitchen", true, false, "blade"},
    {"banana", "food", "food", true, false, ""},
    {"apple", "food", "food", true, false, ""},
    {"sandwich", "food", "food", true, false, ""},
    {"orange", "food", "food", true, false, ""},
    {"broccoli", "food", "food", true, false, ""},
    {"carrot", "food", "food", true, false, ""},
    {"hot dog", "food", "food", true, false, ""},
    {"pizza", "food", "food", true, false, ""},
    {"donut", "food", "food", true, false, ""},
    {"cake", "food", "food", true, false, ""},
    {"chair", "home", "home", true, true, ""},
    {"couch", "home", "home", true, true, ""},
    {"potted plant", "home", "home", true, true, ""},
    {"bed", "home", "home", true, true, ""},
    {"dining table", "home", "kitchen", false, true, ""},
    {"toilet", "home", "home", false, true, "sanitary"},
    {"tv", "technology", "desk", true, false, ""},
    {"laptop", "technology", "desk", true, false, ""},
    {"mouse", "technology", "desk", true, false, ""},
    {"remote", "technology", "desk", true, false, ""},
    {"keyboard", "technology", "desk", true, false, ""},
    {"cell phone", "technology", "desk", true, false, ""},
    {"microwave", "home", "kitchen", true, false, ""},
    {"oven", "home", "kitchen", true, false, ""},
    {"toaster", "home", "kitchen", true, false, ""},
    {"refrigerator", "home", "kitchen", true, false, ""},
    {"sink", "home", "kitchen", false, true, ""},
    {"book", "product", "desk", true, false, ""},
    {"clock", "home", "home", true, false, ""},
    {"vase", "home", "home", true, false, ""},
    {"scissors", "product", "desk", true, false, "blade"},
    {"teddy bear", "product", "home", true, false, ""},
    {"hair drier", "product", "home", true, false, ""},
    {"toothbrush", "product", "home", true, false, ""},
}};

}  // namespace

ObjectWord word_for(std::string_view coco_name) {
  for (const ObjectWord& word : kWords) {
    if (word.name == coco_name) return word;
  }
  return {coco_name, "other", "", false, false, ""};
}

}  // namespace rf::video
