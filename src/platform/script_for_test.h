// A platform that answers from a script, and the vendor's own requests to compare ours with.

#pragma once

#include <cstdlib>
#include <deque>
#include <fstream>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "base/json.h"
#include "base/time.h"
#include "net/http.h"
#include "platform/caller.h"

namespace rf::platform {

// Answers each request with the next of its script, and keeps what was asked.
class ScriptedHttp final : public net::HttpClient {
 public:
  void answer(std::string body, int status = 200, net::Headers headers = {}) {
    script_.emplace_back(
        net::Response{.status = status, .headers = std::move(headers), .body = std::move(body)});
  }
  void break_off(ErrorCode code) { script_.emplace_back(fail(code, "the line broke")); }

  Result<net::Response> send(const net::Request& request) override {
    asked.push_back(request);
    if (script_.empty()) return fail(ErrorCode::unavailable, "the script is over");
    Result<net::Response> next = std::move(script_.front());
    script_.pop_front();
    return next;
  }

  std::vector<net::Request> asked;

 private:
  std::deque<Result<net::Response>> script_;
};

// A line to a script, with a clock that waiting moves.
struct ScriptedLine {
  ScriptedHttp http;
  ManualClock clock{Instant(std::chrono::seconds(1'795'237'733))};  // 2026-11-21T05:08:53Z
  Duration waited{0};

  Line line() {
    return {.http = &http, .clock = &clock, .wait = [this](Duration duration) {
              clock.advance(duration);
              waited += duration;
              return true;
            }};
  }
  Line impatient() { return {.http = &http, .clock = &clock, .wait = {}}; }
};

// A request taken apart: path, query with its values decoded, body.
struct Parts {
  std::string method;
  std::string path;
  std::map<std::string, std::string> query;
  Json body;
};

inline std::string decoded(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%' && i + 2 < text.size()) {
      out +=
          static_cast<char>(std::strtol(std::string(text.substr(i + 1, 2)).c_str(), nullptr, 16));
      i += 2;
    } else {
      out += text[i] == '+' ? ' ' : text[i];
    }
  }
  return out;
}

inline Parts parts_of(std::string method, std::string_view target, std::string_view body) {
  Parts parts{.method = std::move(method), .path = "", .query = {}, .body = {}};
  if (const std::size_t host = target.find("://"); host != std::string_view::npos)
    target.remove_prefix(std::min(target.find('/', host + 3), target.size()));
  const std::size_t mark = std::min(target.find('?'), target.size());
  parts.path = target.substr(0, mark);
  std::string_view rest = target.substr(std::min(mark + 1, target.size()));
  while (!rest.empty()) {
    const std::string_view pair = rest.substr(0, rest.find('&'));
    rest.remove_prefix(std::min(pair.size() + 1, rest.size()));
    const std::size_t equals = std::min(pair.find('='), pair.size());
    parts.query[decoded(pair.substr(0, equals))] =
        decoded(pair.substr(std::min(equals + 1, pair.size())));
  }
  if (Result<Json> json = parse_json(body)) parts.body = *json;
  return parts;
}

inline Parts parts_of(const net::Request& request) {
  return parts_of(request.method, request.target, request.body);
}

// What the vendor's own client was seen to send; empty where the recordings are not at hand.
inline std::vector<Parts> recorded(const std::string& file) {
  // NOLINTNEXTLINE(concurrency-mt-unsafe): one thread.
  const char* source = std::getenv("RF_SOURCE_DIR");
  std::vector<Parts> all;
  std::ifstream in(std::string(source == nullptr ? "." : source) + "/../shared/contracts/rig/" +
                   file);
  std::string line;
  while (std::getline(in, line)) {
    Result<Json> json = parse_json(line);
    if (!json) continue;
    const auto text = [&](const char* name) {
      const auto& value = json->at(name).as_string();
      return std::string(value.data(), value.size());
    };
    all.push_back(parts_of(text("method"), text("url"), text("body")));
  }
  return all;
}

// The recorded request of a method whose path ends so; the first of several.
inline std::optional<Parts> recorded_like(const std::string& file, std::string_view method,
                                          std::string_view path_end) {
  for (Parts& parts : recorded(file)) {
    if (parts.method == method && parts.path.ends_with(path_end)) return std::move(parts);
  }
  return std::nullopt;
}

// "number", "text", "array" of a query's value, as far as its text tells.
inline std::string type_in_query(const std::string& value) {
  if (value.starts_with('[')) return "array";
  if (value.starts_with('{')) return "object";
  if (value == "true" || value == "false") return "boolean";
  const bool digits = !value.empty() && value.find_first_not_of("0123456789") == std::string::npos;
  return digits ? "number" : "text";
}

// Every key that both send has the same type in both.
inline void expect_same_types(const Parts& ours, const Parts& theirs) {
  EXPECT_EQ(ours.method, theirs.method);
  for (const auto& [key, value] : ours.query) {
    auto other = theirs.query.find(key);
    if (other == theirs.query.end()) continue;
    EXPECT_EQ(type_in_query(value), type_in_query(other->second)) << key;
  }
}

}  // namespace rf::platform
