#include "sim/faces/maker_face.h"

#include <functional>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace rf::sim {
namespace {

using testing::HasSubstr;

using Make = std::function<std::unique_ptr<MakerFace>(Sandbox&, FaceRules)>;

struct Maker {
  std::string_view name;
  Make make;
  net::Request good;       // A call that is taken.
  std::string_view wrong;  // The same body with a field that the call does not have.
};

net::Headers headers() {
  return {{"Content-Type", "application/json"},
          {"Authorization", "Bearer sandbox-token"},
          {"xi-api-key", "sandbox-token"},
          {"X-Runway-Version", "2024-11-06"}};
}

std::vector<Maker> makers() {
  const auto post = [](std::string path, std::string body) {
    return net::Request{
        .method = "POST", .target = std::move(path), .headers = headers(), .body = std::move(body)};
  };
  return {
      {"runway", make_runway_face,
       post("/v1/text_to_video",
            R"({"model":"gen4.5","promptText":"a bottle","ratio":"720:1280","duration":5})"),
       R"({"model":"gen4.5","promptText":"a","ratio":"720:1280","duration":5,"mood":"fine"})"},
      {"luma", make_luma_face,
       post("/dream-machine/v1/generations/video", R"({"model":"ray-2","prompt":"p"})"),
       R"({"model":"ray-2","prompt":"p","mood":"fine"})"},
      {"elevenlabs", make_elevenlabs_face,
       post("/v1/text-to-speech/v1", R"({"text":"Hello","model_id":"eleven_v3"})"),
       R"({"text":"Hello","mood":"fine"})"},
      {"chat", make_chat_face,
       post("/v1/chat/completions", R"({"model":"m","messages":[{"role":"user","content":"u"}]})"),
       R"({"model":"m","messages":[{"role":"user","content":"u"}],"mood":"fine"})"}};
}

class Makers : public testing::Test {
 protected:
  ManualClock clock_{Instant(std::chrono::seconds(1'800'000'000))};
  std::unique_ptr<Sandbox> box_ = std::move(Sandbox::make({.days = 4}, clock_)).value();
};

TEST_F(Makers, TakeAGoodCallAndRefuseAnUnknownFieldPathOrKey) {
  for (const Maker& maker : makers()) {
    const auto face = maker.make(*box_, {});
    EXPECT_EQ(face->answer(maker.good).status / 100, 2) << maker.name;
    EXPECT_EQ(face->book().breaches(), 0) << maker.name;
    net::Request request = maker.good;
    request.body = maker.wrong;
    const net::Response wrong = face->answer(request);
    EXPECT_EQ(wrong.status / 100, 4) << maker.name;
    EXPECT_THAT(wrong.body, HasSubstr("mood")) << maker.name;
    EXPECT_EQ(face->book().breaches(), 1) << maker.name;
    request = maker.good;
    request.target += "/nowhere/at/all";
    EXPECT_EQ(face->answer(request).status, 404) << maker.name;
    EXPECT_EQ(face->book().breaches(), 2) << maker.name;
    request = maker.good;
    request.headers = {{"Content-Type", "application/json"}};
    EXPECT_EQ(face->answer(request).status, 401) << maker.name;
    request = maker.good;
    request.body = "{";
    EXPECT_EQ(face->answer(request).status / 100, 4) << maker.name;
  }
}

TEST_F(Makers, FailOnDemandAndTheSameCallsEachTime) {
  for (const Maker& maker : makers()) {
    std::string runs[2];
    for (std::string& statuses : runs) {
      const auto face = maker.make(
          *box_, {.faults = {.seed = 3, .refused = 0.2, .throttled = 0.2, .lost_after = 0.2}});
      for (int i = 0; i < 40; ++i) statuses += fmt::format("{} ", face->answer(maker.good).status);
      EXPECT_GT(face->book().faults(), 5) << maker.name;
    }
    EXPECT_EQ(runs[0], runs[1]) << maker.name;
    for (const char* status : {"503", "429", " 0 ", "20"})
      EXPECT_THAT(runs[0], HasSubstr(status)) << maker.name;
  }
}

TEST_F(Makers, AKeyExpires) {
  for (const Maker& maker : makers()) {
    const auto face = maker.make(*box_, {.faults = {.token_calls = 1}});
    EXPECT_EQ(face->answer(maker.good).status / 100, 2) << maker.name;
    EXPECT_EQ(face->answer(maker.good).status, 401) << maker.name;
    face->book().renew_token();
    EXPECT_EQ(face->answer(maker.good).status / 100, 2) << maker.name;
  }
}

TEST_F(Makers, RunwayKnowsWhatEachModelTakes) {
  const auto face = make_runway_face(*box_, {});
  for (const char* body :
       {R"({"model":"gen4_turbo","promptText":"a","ratio":"720:1280"})",  // Needs a picture.
        R"({"model":"gen4.5","promptText":"a","ratio":"720:1280"})",      // Needs a duration.
        R"({"model":"gen4.5","promptText":"a","ratio":"1:1","duration":5})",
        R"({"model":"gen4.5","promptText":"a","ratio":"720:1280","duration":11})",
        R"({"model":"gen3a_turbo","promptText":"a","ratio":"720:1280","duration":5})"}) {
    EXPECT_EQ(face->answer({.method = "POST",
                            .target = "/v1/text_to_video",
                            .headers = headers(),
                            .body = body})
                  .status,
              400)
        << body;
  }
  net::Request old = makers()[0].good;
  old.headers = {{"Content-Type", "application/json"}, {"Authorization", "Bearer sandbox-token"}};
  EXPECT_EQ(face->answer(old).status, 400);
  EXPECT_EQ(face->book().breaches(), 6);
}

TEST_F(Makers, TheChatRefusesWhatTheStrictSubsetDoes) {
  const auto face = make_chat_face(*box_, {});
  const auto ask = [&](const std::string& schema) {
    return face
        ->answer({.method = "POST",
                  .target = "/v1/chat/completions",
                  .headers = headers(),
                  .body = fmt::format(
                      R"({{"model":"m","messages":[{{"role":"user","content":"u"}}],)"
                      R"("response_format":{{"type":"json_schema","json_schema":{{"name":"p",)"
                      R"("strict":true,"schema":{}}}}}}})",
                      schema)})
        .status;
  };
  EXPECT_EQ(ask(R"({"type":"object","properties":{"a":{"type":"string"}},"required":["a"],)"
                R"("additionalProperties":false})"),
            200);
  EXPECT_EQ(ask(R"({"type":"object","properties":{"a":{"type":"string"}},"required":["a"]})"), 400);
  EXPECT_EQ(ask(R"({"type":"object","properties":{"a":{"type":"string"}},"required":[],)"
                R"("additionalProperties":false})"),
            400);
  EXPECT_EQ(ask(R"({"type":"array"})"), 400);
  EXPECT_EQ(ask(R"({"type":"object","oneOf":[],"properties":{},"required":[],)"
                R"("additionalProperties":false})"),
            400);
}

}  // namespace
}  // namespace rf::sim
