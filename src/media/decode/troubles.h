// What went wrong on the way through a film: each kind once, with its first place and its number.

#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace rf::media {

class Troubles {
 public:
  void note(std::string_view words, double t_s);
  bool any() const { return !found_.empty(); }
  // "a picture is damaged: at 1.250 s, and 3 times more".
  std::vector<std::string> in_words() const;

 private:
  struct Trouble {
    std::string words;
    double first_s = 0;
    std::int64_t count = 0;
  };
  std::vector<Trouble> found_;
};

}  // namespace rf::media
