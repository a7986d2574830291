#include "mcp/message.h"

#include <string>

#include <gtest/gtest.h>

namespace rf::mcp {
namespace {

int code_of(std::string_view text, Json* id = nullptr) {
  Json found;
  Outcome<Message> outcome = parse_message(text, found);
  if (id != nullptr) *id = found;
  const auto* refusal = std::get_if<Refusal>(&outcome);
  return refusal == nullptr ? 0 : refusal->code;
}

TEST(Message, IsARequestANotificationOrAnAnswer) {
  Json id;
  const auto kind = [&](std::string_view text) {
    return std::get<Message>(parse_message(text, id)).kind;
  };
  EXPECT_EQ(kind(R"({"jsonrpc":"2.0","id":1,"method":"m"})"), Message::Kind::request);
  EXPECT_EQ(kind(R"({"jsonrpc":"2.0","method":"m","params":{}})"), Message::Kind::notification);
  EXPECT_EQ(kind(R"({"jsonrpc":"2.0","id":"a","result":{}})"), Message::Kind::answer);
  EXPECT_EQ(kind(R"({"jsonrpc":"2.0","id":"a","error":{"code":1}})"), Message::Kind::answer);
}

TEST(Message, ThatIsNoneOfThemIsRefused) {
  EXPECT_EQ(code_of("{"), kParseError);
  EXPECT_EQ(code_of(""), kParseError);
  EXPECT_EQ(code_of("\xff\xfe"), kParseError);
  EXPECT_EQ(code_of(R"({"jsonrpc":"2.0","id":1,"method":"a)"
                    "\xff"
                    R"("})"),
            kParseError);
  EXPECT_EQ(code_of("[]"), kInvalidRequest);
  EXPECT_EQ(code_of("1"), kInvalidRequest);
  EXPECT_EQ(code_of(R"([{"jsonrpc":"2.0","id":1,"method":"m"}])"), kInvalidRequest);
  EXPECT_EQ(code_of(R"({"id":1,"method":"m"})"), kInvalidRequest);
  EXPECT_EQ(code_of(R"({"jsonrpc":"1.0","id":1,"method":"m"})"), kInvalidRequest);
  EXPECT_EQ(code_of(R"({"jsonrpc":"2.0","id":1.5,"method":"m"})"), kInvalidRequest);
  EXPECT_EQ(code_of(R"({"jsonrpc":"2.0","id":[],"method":"m"})"), kInvalidRequest);
  EXPECT_EQ(code_of(R"({"jsonrpc":"2.0","id":1,"method":7})"), kInvalidRequest);
  EXPECT_EQ(code_of(R"({"jsonrpc":"2.0","id":1,"method":"m","params":[]})"), kInvalidRequest);
  EXPECT_EQ(code_of(R"({"jsonrpc":"2.0","id":1})"), kInvalidRequest);
  EXPECT_EQ(code_of(R"({"jsonrpc":"2.0","id":1,"result":{},"error":{}})"), kInvalidRequest);
  EXPECT_EQ(code_of(R"({"jsonrpc":"2.0","result":{}})"), kInvalidRequest);
}

TEST(Message, DeeperThanWeReadIsRefused) {
  const std::string deep =
      R"({"jsonrpc":"2.0","id":1,"method":"m","params":)" + std::string(100'000, '[');
  EXPECT_EQ(code_of(deep), kParseError);
}

TEST(Message, ARefusalReachesWhoeverAsked) {
  Json id;
  EXPECT_EQ(code_of(R"({"jsonrpc":"2.0","id":"q","method":7})", &id), kInvalidRequest);
  EXPECT_EQ(id, Json("q"));
}

}  // namespace
}  // namespace rf::mcp
