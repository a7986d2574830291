// One HTTP request and its answer, as values: what a client sends and what a server is asked.

#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"

namespace rf::net {

// Header fields in the order in which they were sent; a name may occur more than once.
class Headers {
 public:
  using Field = std::pair<std::string, std::string>;

  Headers() = default;
  Headers(std::initializer_list<Field> fields) : fields_(fields) {}

  void add(std::string name, std::string value);

  // The value of the first field of that name, whatever its case.
  std::optional<std::string_view> find(std::string_view name) const;

  const std::vector<Field>& fields() const { return fields_; }

  bool operator==(const Headers&) const = default;

 private:
  std::vector<Field> fields_;
};

struct Request {
  std::string method = "GET";
  // A client's: the whole address, "https://host/path?query". A server's: path and query.
  std::string target;
  Headers headers;
  std::string body;

  bool operator==(const Request&) const = default;
};

// The status of a response that a server does not send: it ends the connection instead, as a broken
// network would.
inline constexpr int kNoAnswer = 0;

struct Response {
  int status = 200;
  Headers headers;
  std::string body;

  bool operator==(const Response&) const = default;
};

// Sends requests. The seam between the platforms' clients and the network.
// Thread: any, unless an implementation says otherwise.
class HttpClient {
 public:
  virtual ~HttpClient() = default;

  // An answer of any status is a value; it is for the caller to read it.
  // Errors: unavailable, when the request was certainly not handled (no connection); outcome_unknown,
  // when it was sent and no whole answer came; over_limit, when the answer is too big.
  virtual Result<Response> send(const Request& request) = 0;
};

// Answers one request; never fails, because a failure is an answer too.
using Handler = std::function<Response(const Request&)>;

}  // namespace rf::net
