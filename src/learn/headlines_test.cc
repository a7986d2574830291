#include "learn/headlines.h"

#include <vector>

#include <gtest/gtest.h>

#include "learn/wording.h"

namespace rf::learn {
namespace {

float trait(std::string_view text, std::string_view name) {
  const std::vector<float> values = wording_of(text);
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (wording_traits()[i].name == name) return values[i];
  }
  ADD_FAILURE() << name;
  return 0;
}

TEST(Wording, SaysHowALineSpeaks) {
  EXPECT_EQ(trait("Would You Help?", "question"), 1);
  EXPECT_EQ(trait("Would You Help?", "you"), 1);
  EXPECT_EQ(trait("5 Things Nobody Told Her", "starts_with_number"), 1);
  EXPECT_EQ(trait("5 Things Nobody Told Her", "words"), 5);
  EXPECT_EQ(trait("It\xE2\x80\x99s over. Really.", "sentences"), 2);
  EXPECT_EQ(trait("A NSFW Talk", "capitals"), 1);
  EXPECT_EQ(trait("A Talk", "capitals"), 0);
  EXPECT_EQ(trait("", "words"), 0);
}

TEST(Wording, ReadsWhatAReaderSees) {
  EXPECT_EQ(plain_text("<p>\xE2\x80\x9CHi\xE2\x80\x9D</p>"), " \"Hi\" ");
  EXPECT_EQ(words_of("Don't wait... 37% off!"),
            (std::vector<std::string>{"don't", "wait", "...", "37%", "off", "!"}));
}

TEST(HeadlineModel, TurnsWithThePair) {
  std::vector<HeadlinePair> pairs;
  for (int i = 0; i < 40; ++i) {
    const std::string topic = "about thing " + std::to_string(i);
    const HeadlinePair pair{
        .first = "Watch what happens " + topic, .second = "A report " + topic, .first_won = true};
    pairs.push_back(i % 2 == 0 ? pair : HeadlinePair{.first = pair.second, .second = pair.first});
  }
  const HeadlineModel model = HeadlineModel::train(pairs);
  const double margin = model.margin("Watch what happens now", "A report of the year");
  EXPECT_GT(margin, 0);
  EXPECT_NEAR(model.margin("A report of the year", "Watch what happens now"), -margin, 1e-9);
  EXPECT_EQ(model.margin("same", "same"), 0);
  EXPECT_EQ(HeadlineModel::train({}).margin("a", "b"), 0);
}

}  // namespace
}  // namespace rf::learn
