#include "net/query.h"

#include <set>

#include <gtest/gtest.h>

#include "base/rng.h"
#include "net/gzip.h"
#include "net/secret.h"

namespace rf::net {
namespace {

TEST(Query, GivesFieldsInOrderAndDecoded) {
  const QueryFields fields = parse_query("a=1&b=x%20y+z&&c&a=%3D%26&=v").value();
  EXPECT_EQ(fields, (QueryFields{{"a", "1"}, {"b", "x y z"}, {"c", ""}, {"a", "=&"}, {"", "v"}}));
}

TEST(Query, RefusesBrokenEscapesAndFloods) {
  for (const char* text : {"a=%", "a=%4", "a=%zz", "%=1"}) EXPECT_FALSE(parse_query(text)) << text;
  std::string many;
  for (int i = 0; i < 1001; ++i) many += "a&";
  EXPECT_FALSE(parse_query(many));
}

TEST(Query, DecodesWhatItEncodes) {
  Rng rng(1);
  for (int i = 0; i < 500; ++i) {
    std::string bytes;
    for (std::uint64_t n = rng.below(40); n > 0; --n) bytes += static_cast<char>(rng.below(256));
    EXPECT_EQ(percent_decoded(percent_encoded(bytes)).value(), bytes);
  }
}

TEST(Gzip, GivesBackWhatWentIn) {
  Rng rng(1);
  for (const std::size_t size : {0U, 1U, 1000U, 200000U}) {
    std::string bytes;
    for (std::size_t i = 0; i < size; ++i) bytes += static_cast<char>(rng.below(8));
    EXPECT_EQ(gunzip(gzip(bytes), size).value(), bytes);
  }
}

TEST(Gzip, StopsAtTheLimitAndSeesDamage) {
  const std::string packed = gzip(std::string(1 << 20, 'x'));
  EXPECT_LT(packed.size(), 10'000U);
  EXPECT_EQ(gunzip(packed, 1000).error().code, ErrorCode::over_limit);
  EXPECT_EQ(gunzip(packed.substr(0, packed.size() - 1), 1 << 20).error().code, ErrorCode::corrupt);
  EXPECT_EQ(gunzip("not gzip", 1000).error().code, ErrorCode::corrupt);
}

TEST(Secret, IsLongAndNeverTheSame) {
  std::set<std::string> seen;
  for (int i = 0; i < 100; ++i) {
    const std::string secret = new_secret();
    EXPECT_EQ(secret.size(), 43U);
    EXPECT_TRUE(seen.insert(secret).second);
  }
}

TEST(Secret, IsComparedWhole) {
  EXPECT_TRUE(same_secret("abc", "abc"));
  EXPECT_FALSE(same_secret("abc", "abd"));
  EXPECT_FALSE(same_secret("abc", "ab"));
  EXPECT_TRUE(same_secret("", ""));
}

}  // namespace
}  // namespace rf::net
