#include "api/sandbox_serve.h"

#include <array>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <vector>

#include "net/server.h"
#include "sim/faces/control_face.h"
#include "sim/faces/google_face.h"
#include "sim/faces/maker_face.h"
#include "sim/faces/meta_face.h"
#include "sim/faces/tiktok_face.h"
#include "sim/world_file.h"

namespace rf::api {
namespace {

// Chosen: an end is noticed soon enough for a person.
constexpr std::chrono::milliseconds kLook{100};

sim::FaceRules rules_of(const SandboxServeInput& input) {
  return {.token = input.token,
          .faults = {.seed = static_cast<std::uint64_t>(input.fault_seed),
                     .refused = input.refused,
                     .throttled = input.throttled,
                     .lost_before = input.lost_before,
                     .lost_after = input.lost_after,
                     .twice = input.twice,
                     .token_calls = input.token_calls}};
}

// Returns when the face was told to stop, or the progress was cancelled.
void wait_for_end(const sim::ControlFace& control, Services& services) {
  std::mutex mutex;
  std::condition_variable never;
  std::unique_lock lock(mutex);
  while (!control.stopped() && !services.progress().cancelled()) never.wait_for(lock, kLook);
}

struct Door {
  std::int64_t offset = 0;
  net::Handler handler;
};

}  // namespace

Result<SandboxServeOutput> sandbox_serve(const SandboxServeInput& input, Services& services) {
  sim::WorldSpec spec;
  if (!input.world.empty()) spec = RF_TRY(sim::read_world_file(input.world));
  std::unique_ptr<sim::Sandbox> box = RF_TRY(sim::Sandbox::make(spec, services.clock()));
  box->run_days(input.days);
  sim::MetaFace meta(*box, rules_of(input));
  sim::TiktokFace tiktok(*box, rules_of(input));
  sim::GoogleFace google(*box, rules_of(input));
  const std::array makers{
      sim::make_runway_face(*box, rules_of(input)), sim::make_luma_face(*box, rules_of(input)),
      sim::make_elevenlabs_face(*box, rules_of(input)), sim::make_chat_face(*box, rules_of(input))};
  const std::vector<sim::ControlFace::Book> books{
      {"meta", &meta.book()},       {"tiktok", &tiktok.book()},
      {"google", &google.book()},   {"runway", &makers[0]->book()},
      {"luma", &makers[1]->book()}, {"elevenlabs", &makers[2]->book()},
      {"chat", &makers[3]->book()}};
  sim::ControlFace control(*box, books);
  std::vector<Door> doors{
      Door{0, [&](const net::Request& request) { return control.answer(request); }},
      Door{1, [&](const net::Request& request) { return meta.answer(request); }},
      Door{2, [&](const net::Request& request) { return tiktok.answer(request); }},
      Door{3, [&](const net::Request& request) { return google.answer(request); }}};
  for (std::size_t i = 0; i < makers.size(); ++i)
    doors.push_back({std::ssize(doors), [maker = makers[i].get()](const net::Request& request) {
                       return maker->answer(request);
                     }});
  std::vector<std::unique_ptr<net::HttpServer>> servers;
  for (const Door& door : doors) {
    net::ServerRules rules{.port = static_cast<int>(input.port + door.offset)};
    std::unique_ptr<net::HttpServer> server =
        RF_TRY(net::start_server(rules, door.handler, services.clock()));
    servers.push_back(std::move(server));
  }
  wait_for_end(control, services);
  for (const auto& server : servers) server->stop();
  SandboxServeOutput output{.writes = std::ssize(box->writes())};
  for (const auto& [name, book] : books) {
    output.calls += book->calls();
    output.faults += book->faults();
    output.breaches += book->breaches();
  }
  return output;
}

}  // namespace rf::api
