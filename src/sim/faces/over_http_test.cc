// The faces behind a real server, reached by a real client.

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "net/client.h"
#include "net/server.h"
#include "sim/faces/control_face.h"
#include "sim/faces/direct_client.h"
#include "sim/faces/meta_face.h"

namespace rf::sim {
namespace {

class OverHttp : public ::testing::Test {
 protected:
  void open(const FaultPlan& faults) {
    box_ = std::move(Sandbox::make({.days = 4}, clock_)).value();
    box_->run_days(3);
    face_ = std::make_unique<MetaFace>(*box_, FaceRules{.faults = faults});
    server_ = std::move(net::start_server(net::ServerRules{},
                                          net::Handler([this](const net::Request& request) {
                                            return face_->answer(request);
                                          }),
                                          clock_))
                  .value();
  }

  net::Request pause_first() const {
    return {
        .method = "POST",
        .target = fmt::format("http://127.0.0.1:{}/v24.0/{}", server_->port(), box_->ads()[0].id),
        .headers = {{"Authorization", "Bearer sandbox-token"},
                    {"Content-Type", "application/json"}},
        .body = R"({"status":"PAUSED"})"};
  }

  SystemClock clock_;
  std::unique_ptr<Sandbox> box_;
  std::unique_ptr<MetaFace> face_;
  std::unique_ptr<net::HttpServer> server_;
  std::unique_ptr<net::HttpClient> client_ = net::open_client({});
};

TEST_F(OverHttp, AWriteIsAnswered) {
  open({});
  const Result<net::Response> answer = client_->send(pause_first());
  ASSERT_TRUE(answer.has_value()) << answer.error().message;
  EXPECT_EQ(answer->status, 200);
  EXPECT_EQ(box_->ads()[0].state, RunState::paused);
}

TEST_F(OverHttp, ALostAnswerMayHaveTakenEffectOnce) {
  open({.lost_after = 1});
  const Result<net::Response> answer = client_->send(pause_first());
  ASSERT_FALSE(answer.has_value());
  EXPECT_EQ(answer.error().code, ErrorCode::outcome_unknown);
  EXPECT_EQ(box_->ads()[0].state, RunState::paused);
  EXPECT_EQ(box_->writes().size(), 1U);
}

TEST_F(OverHttp, ARequestLostOnItsWayHasNoEffect) {
  open({.lost_before = 1});
  EXPECT_FALSE(client_->send(pause_first()).has_value());
  EXPECT_TRUE(box_->writes().empty());
}

TEST_F(OverHttp, WithoutANetworkItIsTheSame) {
  open({.lost_after = 1});
  DirectClient direct([this](const net::Request& request) { return face_->answer(request); });
  const Result<net::Response> answer = direct.send(pause_first());
  ASSERT_FALSE(answer.has_value());
  EXPECT_EQ(answer.error().code, ErrorCode::outcome_unknown);
  EXPECT_EQ(box_->writes().size(), 1U);
}

TEST_F(OverHttp, TheSandboxsOwnDoorMovesItsDaysAndEnds) {
  open({});
  ControlFace control(*box_, {{"meta", &face_->book()}});
  const Day before = box_->today();
  EXPECT_EQ(
      control.answer({.method = "POST", .target = "/sandbox/advance", .body = R"({"days":2})"})
          .status,
      200);
  EXPECT_EQ(box_->today(), before + Days(2));
  EXPECT_EQ(
      control.answer({.method = "POST", .target = "/sandbox/advance", .body = R"({"days":-1})"})
          .status,
      400);
  EXPECT_EQ(control.answer({.method = "GET", .target = "/sandbox/nowhere"}).status, 404);
  const net::Response overview = control.answer({.method = "GET", .target = "/sandbox"});
  EXPECT_EQ(parse_json(overview.body)->at("faces").at("meta").at("breaches"), 0);
  EXPECT_FALSE(control.stopped());
  control.answer({.method = "POST", .target = "/sandbox/stop"});
  EXPECT_TRUE(control.stopped());
}

}  // namespace
}  // namespace rf::sim
