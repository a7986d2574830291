// What lies outside the program, as far as operations need it: the network, waiting, secrets.

#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "base/time.h"
#include "net/http.h"
#include "net/mail.h"

namespace rf::api {

// Without it, no platform is reached. What is pointed to must outlive the services.
struct Reach {
  // Null where there is no network. Made when first asked for.
  std::function<net::HttpClient*()> http;
  // The same, for addresses that somebody typed: it reaches public hosts only, unless whoever
  // started the program allows others.
  std::function<net::HttpClient*()> typed_http;
  std::function<net::MailSender*()> mail;
  // Waits, and tells whether to go on.
  std::function<bool(Duration)> wait;
  // A secret by its name, "REELFORGE_META_ACCESS_TOKEN"; empty where there is none.
  std::function<std::string(std::string_view name)> secret;
};

}  // namespace rf::api
