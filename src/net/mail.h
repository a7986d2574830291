// Sends letters: a few lines of text to people, through a mail server.

#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time.h"

namespace rf::net {

// The server that takes a letter on.
struct MailServer {
  std::string url;  // "smtps://mail.example.com:465", or "smtp://mail.example.com:587".
  std::string user;
  std::string password;
  bool open_line = false;  // Where the server offers no encryption: only for one on this machine.
};

struct Letter {
  std::string from;  // A bare address, "reelforge@example.com".
  std::vector<std::string> to;
  std::string subject;
  std::string text;
  std::string id;  // Letters, digits, dots, dashes: the same letter sent twice has the same.
  Instant at;
};

// The letter as it travels: headers, and the text in base64, so that no line of it is mistaken for
// the protocol's.
// Errors: invalid, when an address or the id cannot stand in a header.
// Source: RFC 5322, RFC 2045, RFC 2047.
Result<std::string> written(const Letter& letter);

class MailSender {
 public:
  virtual ~MailSender() = default;

  // The server has taken it on when this succeeds; whether it arrives is not known to anybody.
  // Errors: invalid, for an address of a kind that cannot be; denied, when the server refuses us, its
  // certificate or its encryption does not hold, or it is not a public host; unavailable, when it
  // may go well later. After `unavailable` it may have been taken on all the same.
  virtual Status send(const MailServer& server, const Letter& letter) = 0;
};

// Defaults are chosen: mail servers delay strangers by up to half a minute on purpose.
struct MailRules {
  Duration connect_max = std::chrono::seconds{10};
  Duration whole_max = std::chrono::minutes{2};
  bool public_hosts_only = true;
  std::string authorities;          // A PEM file of trusted certificates instead of the system's.
  std::function<bool()> cancelled;  // Asked about once a second.
};

// Thread: any.
std::unique_ptr<MailSender> open_mail(MailRules rules);

}  // namespace rf::net
