// A client that reaches handlers without a network: the whole loop in one process.

#pragma once

#include <string>
#include <utility>

#include "net/http.h"

namespace rf::sim {

// Hands every request to `handler`, its address cut down to path and query as a server's is.
class DirectClient final : public net::HttpClient {
 public:
  explicit DirectClient(net::Handler handler) : handler_(std::move(handler)) {}

  Result<net::Response> send(const net::Request& request) override {
    net::Request arrived = request;
    const std::size_t scheme = arrived.target.find("://");
    if (scheme != std::string::npos) {
      const std::size_t path = arrived.target.find('/', scheme + 3);
      arrived.headers.add("host", arrived.target.substr(scheme + 3, path - scheme - 3));
      arrived.target = path == std::string::npos ? "/" : arrived.target.substr(path);
    }
    net::Response response = handler_(arrived);
    if (response.status == net::kNoAnswer) {
      return fail(ErrorCode::outcome_unknown, "the connection ended without an answer");
    }
    return response;
  }

 private:
  net::Handler handler_;
};

}  // namespace rf::sim
