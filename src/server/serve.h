// `reelforge serve`: the HTTP door on a port.

#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <tuple>
#include <vector>

#include "api/operation.h"
#include "base/described.h"
#include "net/server.h"
#include "server/door.h"

namespace rf::server {

struct ServeInput {
  std::int64_t port = 8077;
  std::string address = "127.0.0.1";
  std::vector<std::string> hosts;
  std::string certificate;
  std::string private_key;
  std::string videos;
  bool plain_text_beyond_this_machine = false;
  bool no_schedule = false;
  std::string first_token_file;
  std::string config;
};

// A door that is open until it is destroyed or its server is stopped.
struct Served {
  std::string address;  // "http://127.0.0.1:8077"
  // Of the owner, made because the store had no token at all; empty at later starts.
  std::string first_token;
  // Opens the dashboard once, as the owner, within minutes; empty where nobody holds every scope.
  std::string link;
  std::unique_ptr<Door> door;
  std::unique_ptr<net::HttpServer> server;  // Ends before the door.
};

// `around` and `operations` outlive what it returns.
// Errors: denied, for an address beyond this machine without TLS unless the input says so; invalid;
// unavailable, when it cannot listen there or open the store.
Result<Served> serve(const ServeInput& input, const std::vector<api::Operation>& operations,
                     const Surroundings& around);

}  // namespace rf::server

template <>
struct rf::Described<rf::server::ServeInput> {
  using Self = rf::server::ServeInput;
  static constexpr auto fields = std::tuple{
      field("port", &Self::port, "where to listen; 0 takes any free one", {.min = 0, .max = 65535}),
      field("address", &Self::address, "on which of this machine's addresses"),
      field("hosts", &Self::hosts, "names by which it is called, beside localhost"),
      field("certificate", &Self::certificate, "a PEM file, for TLS"),
      field("private_key", &Self::private_key, "a PEM file, for TLS"),
      field("videos", &Self::videos, "folder of the ads' films, to be played on the dashboard"),
      field("plain_text_beyond_this_machine", &Self::plain_text_beyond_this_machine,
            "listen to other machines without TLS: only behind a proxy that has it"),
      field("no_schedule", &Self::no_schedule, "leave recurring work to somebody else"),
      field("first_token_file", &Self::first_token_file,
            "write the owner's first token to this new file instead of showing it"),
      field("config", &Self::config, "a TOML file with these fields; the command line wins")};
};
