#include "api/prove/stage.h"

#include <utility>

#include <fmt/format.h>

#include "net/client.h"
#include "net/server.h"
#include "sim/faces/google_face.h"
#include "sim/faces/meta_face.h"
#include "sim/faces/tiktok_face.h"

namespace rf::api {
namespace {

std::size_t place_of(Platform platform) {
  if (platform == Platform::meta) return 0;
  return platform == Platform::tiktok ? 1 : 2;
}

std::string secret_of(const sim::FaceRules& rules, std::string_view name) {
  if (name == "REELFORGE_META_APP_SECRET") return rules.app_secret;
  if (name == "REELFORGE_GOOGLE_DEVELOPER_TOKEN") return rules.developer_token;
  return name.ends_with("_ACCESS_TOKEN") ? rules.token : std::string();
}

}  // namespace

Result<std::unique_ptr<ProofStage>> ProofStage::open(const StageRules& rules, Services& user) {
  std::unique_ptr<Scratch> scratch = RF_TRY(Scratch::make("proof"));
  auto stage = std::make_unique<ProofStage>(rules, user, std::move(scratch));
  RF_TRY(stage->start(rules, user));
  return stage;
}

ProofStage::ProofStage(const StageRules& rules, Services& user, std::unique_ptr<Scratch> scratch)
    : scratch_(std::move(scratch)),
      quiet_(user.progress()),
      skew_max_(rules.skew_max),
      chance_(rules.faces.faults.seed) {}

// Connections end before what answers them does.
ProofStage::~ProofStage() {
  for (const auto& server : servers_) {
    if (server) server->stop();
  }
}

Status ProofStage::start(const StageRules& rules, Services& user) {
  box_ = RF_TRY(sim::Sandbox::make(rules.world, wall_));
  clock_ = std::make_unique<OurClock>(*box_);
  sim::FaceRules faces = rules.faces;
  meta_ = std::make_unique<sim::MetaFace>(*box_, faces);
  ++faces.faults.seed;  // Three platforms do not fail in step.
  tiktok_ = std::make_unique<sim::TiktokFace>(*box_, faces);
  ++faces.faults.seed;
  google_ = std::make_unique<sim::GoogleFace>(*box_, faces);
  const std::array<net::Handler, 3> handlers{
      [this](const net::Request& request) { return meta_->answer(request); },
      [this](const net::Request& request) { return tiktok_->answer(request); },
      [this](const net::Request& request) { return google_->answer(request); }};
  for (std::size_t i = 0; i < handlers.size(); ++i) {
    servers_[i] =
        RF_TRY(net::start_server({.threads = 1, .workers = 1}, handlers[i], user.clock()));
  }
  net::ClientRules client;
  client.cancelled = [this] { return quiet_.cancelled(); };
  http_ = net::open_client(std::move(client));
  services_ = std::make_unique<Services>((scratch_->path() / "proof.db").string(),
                                         user.open_store(), *clock_, quiet_);
  services_->set_reach(reach());
  return {};
}

Reach ProofStage::reach() {
  return {
      .http = [this] { return http_.get(); },
      .wait = [this](Duration duration) { return wait(duration); },
      .secret = [this](std::string_view name) { return secret_of(meta_->book().rules(), name); }};
}

std::string ProofStage::url(Platform platform) const {
  return fmt::format("http://127.0.0.1:{}", servers_[place_of(platform)]->port());
}

platform::Line ProofStage::line() const {
  return {.http = http_.get(), .clock = clock_.get(), .wait = services_->reach().wait};
}

void ProofStage::next_day() {
  const auto lock = box_->lock();
  box_->run_days(1);
  const double share = 2 * chance_.uniform() - 1;
  clock_->set_skew(
      Duration(static_cast<Duration::rep>(share * static_cast<double>(skew_max_.count()))));
}

bool ProofStage::wait(Duration duration) {
  wall_.advance(duration);
  return !quiet_.cancelled();
}

std::array<sim::CallBook*, 3> ProofStage::books() const {
  return {&meta_->book(), &tiktok_->book(), &google_->book()};
}

std::int64_t ProofStage::calls() const {
  std::int64_t calls = 0;
  for (const sim::CallBook* book : books()) calls += book->calls();
  return calls;
}

std::int64_t ProofStage::faults() const {
  std::int64_t faults = 0;
  for (const sim::CallBook* book : books()) faults += book->faults();
  return faults;
}

std::vector<std::string> ProofStage::breaches() const {
  std::vector<std::string> all;
  for (const sim::CallBook* book : books()) {
    all.insert(all.end(), book->breach_texts().begin(), book->breach_texts().end());
  }
  return all;
}

}  // namespace rf::api
