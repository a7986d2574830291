// The stage of a proof: a world behind the platforms' own APIs, on this machine's network, with
// faults and with clocks that do not agree; and a store of our own that reaches it as a user's
// does.

#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "api/operation.h"
#include "api/scratch.h"
#include "base/rng.h"
#include "platform/caller.h"
#include "sim/faces/face.h"
#include "sim/platform/sandbox.h"

namespace rf::sim {
class MetaFace;
class TiktokFace;
class GoogleFace;
}  // namespace rf::sim

namespace rf::net {
class HttpServer;
}  // namespace rf::net

namespace rf::api {

struct StageRules {
  sim::WorldSpec world;
  sim::FaceRules faces;
  // Our clock is ahead of or behind the platforms' by at most this much, another share of it each
  // day.
  Duration skew_max = std::chrono::minutes(9);
};

// Time is the world's own: whoever waits moves it, and nothing here takes the system's.
// Thread: one at a time.
class ProofStage {
 public:
  // REQUIRES: `user` outlives this; only its way to open a store and its wish to stop are used.
  // Errors: as Sandbox::make(); unavailable, without a folder or a port.
  static Result<std::unique_ptr<ProofStage>> open(const StageRules& rules, Services& user);
  // An empty one; open() starts it.
  ProofStage(const StageRules& rules, Services& user, std::unique_ptr<Scratch> scratch);
  ~ProofStage();
  ProofStage(const ProofStage&) = delete;
  ProofStage& operator=(const ProofStage&) = delete;

  Services& services() { return *services_; }
  sim::Sandbox& box() { return *box_; }
  const sim::Scene& scene() const { return box_->world().scene(); }
  std::string folder() const { return scratch_->path().string(); }

  // Where the platform's API answers: "http://127.0.0.1:40123".
  std::string url(Platform platform) const;
  platform::Line line() const;

  void next_day();
  // False when the user wants to stop.
  bool wait(Duration duration);

  std::int64_t calls() const;
  std::int64_t faults() const;
  // Of the contract, in words.
  std::vector<std::string> breaches() const;

 private:
  // What we take for the time.
  class OurClock final : public Clock {
   public:
    explicit OurClock(const sim::Sandbox& box) : box_(box) {}
    Instant now() const override { return box_.now() + skew_; }
    void set_skew(Duration skew) { skew_ = skew; }

   private:
    const sim::Sandbox& box_;
    Duration skew_{0};
  };
  // Passes on the wish to stop, and nothing of what single operations report.
  class Quiet final : public Progress {
   public:
    explicit Quiet(const Progress& user) : user_(user) {}
    void report(std::string_view, std::int64_t, std::int64_t) override {}
    bool cancelled() const override { return user_.cancelled(); }

   private:
    const Progress& user_;
  };

  Status start(const StageRules& rules, Services& user);
  std::array<sim::CallBook*, 3> books() const;
  Reach reach();

  std::unique_ptr<Scratch> scratch_;
  Quiet quiet_;
  // A whole second, for no reason but to be easy to read.
  ManualClock wall_{Instant(std::chrono::seconds(1'800'000'000))};
  Duration skew_max_;
  Rng chance_;
  std::unique_ptr<sim::Sandbox> box_;
  std::unique_ptr<OurClock> clock_;
  std::unique_ptr<sim::MetaFace> meta_;
  std::unique_ptr<sim::TiktokFace> tiktok_;
  std::unique_ptr<sim::GoogleFace> google_;
  std::unique_ptr<net::HttpClient> http_;
  std::array<std::unique_ptr<net::HttpServer>, 3> servers_;
  std::unique_ptr<Services> services_;
};

}  // namespace rf::api
