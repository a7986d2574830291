#include "sim/films.h"

#include <cmath>

#include <gtest/gtest.h>

#include "sim/world.h"

namespace rf::sim {
namespace {

double difference(const std::vector<std::uint8_t>& a, const std::vector<std::uint8_t>& b) {
  double sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i) sum += std::abs(int{a[i]} - int{b[i]});
  return sum / static_cast<double>(a.size());
}

TEST(Films, GoodAdsMostlyShowOneThatOpensAtOnceAndBadOnesOneThatDoesNot) {
  int good = 0;
  int good_at_once = 0;
  int bad = 0;
  int bad_at_once = 0;
  for (std::int64_t seed = 1; seed <= 10; ++seed) {
    World world = World::make({.seed = seed}).value();
    for (std::size_t ad = 0; ad < world.scene().ads.size(); ++ad) {
      const Role role = world.scene().ads[ad].role;
      const int at_once = opens_at_once(film_of(world.scene(), ad)) ? 1 : 0;
      if (role == Role::winner) {
        ++good;
        good_at_once += at_once;
      }
      if (role == Role::loser) {
        ++bad;
        bad_at_once += at_once;
      }
    }
  }
  EXPECT_NEAR(static_cast<double>(good_at_once) / good, 0.9, 0.15);
  EXPECT_NEAR(static_cast<double>(bad_at_once) / bad, 0.1, 0.15);
}

TEST(Films, OpenAtOnceOrStill) {
  const FilmShape shape{.width = 90, .height = 160};
  for (std::size_t film = 0; film < kFilms; ++film) {
    SCOPED_TRACE(film);
    const double moved = difference(paint(film, 0, shape), paint(film, 5, shape));
    if (opens_at_once(film)) {
      EXPECT_GT(moved, 5);
    } else {
      EXPECT_EQ(moved, 0);
    }
    // After 1.2 s there is another picture altogether, or the same one still.
    const double later = difference(paint(film, 0, shape), paint(film, 13, shape));
    EXPECT_EQ(later > 20, opens_at_once(film));
  }
}

TEST(Films, SoundAsLongAsTheyLastAndNeverTooLoud) {
  const FilmShape shape;
  for (std::size_t film = 0; film < kFilms; ++film) {
    const std::vector<float> sound = play(film, shape);
    EXPECT_EQ(sound.size(), static_cast<std::size_t>(shape.length_s * shape.audio_rate_hz));
    for (float each : sound) ASSERT_LE(std::abs(each), 1.0F);
  }
}

}  // namespace
}  // namespace rf::sim
