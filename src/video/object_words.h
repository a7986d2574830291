// What COCO's eighty classes mean to someone who makes ads: category, whether it can be sold,
// whether it only sets the scene, and whether a brand may not want to stand beside it.

#pragma once

#include <cstdint>
#include <string_view>

namespace rf::video {

// Our own table; chosen, not measured.
struct ObjectWord {
  std::string_view name;  // As COCO has it.
  std::string_view
      category;  // people, product, technology, food, sports, travel, animals, home, street
  std::string_view scene;   // The kind of scene it speaks for; empty: none.
  bool sellable = false;    // Counts as a product when it is seen.
  bool setting = false;     // What things stand on or in: never what a film is about.
  std::string_view danger;  // blade, alcohol, sanitary; empty: none.
};

// Of a class that is not in the table: the name with category "other".
ObjectWord word_for(std::string_view coco_name);

}  // namespace rf::video
