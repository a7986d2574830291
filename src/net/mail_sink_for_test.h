// A mail server as small as it can be, to see what reaches one.

#pragma once

#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "net/peer_for_test.h"

namespace rf::net {

class MailSink {
 public:
  // `refuses`: what it says to a letter instead of taking it on, "451 later".
  explicit MailSink(std::string refuses = "") : refuses_(std::move(refuses)) {}

  std::string url() const { return "smtp://127.0.0.1:" + std::to_string(server_.port()); }

  // Everything that was said to it, one string a letter or attempt.
  std::vector<std::string> heard() {
    const std::lock_guard lock(mutex_);
    return heard_;
  }

 private:
  void treat(RawSocket& socket) {
    std::string all;
    socket.write("220 sink\r\n");
    for (std::string line = socket.read_until("\r\n"); !line.empty();
         line = socket.read_until("\r\n")) {
      all += line;
      if (line.starts_with("QUIT")) break;
      if (line.starts_with("DATA")) {
        socket.write("354 go on\r\n");
        all += socket.read_until("\r\n.\r\n");
        keep(all);  // Before the answer, so that whoever looks afterwards sees it.
        socket.write(refuses_.empty() ? "250 taken\r\n" : refuses_ + "\r\n");
      } else {
        socket.write("250 fine\r\n");
      }
    }
    socket.write("221 bye\r\n");
  }

  void keep(const std::string& all) {
    const std::lock_guard lock(mutex_);
    heard_.push_back(all);
  }

  std::string refuses_;
  std::mutex mutex_;
  std::vector<std::string> heard_;
  RawServer server_{[this](RawSocket& socket) { treat(socket); }};
};

}  // namespace rf::net
