// Peers that speak bytes and not HTTP, to try what a client or a server stands.

#pragma once

#include <cstring>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <utility>

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

namespace rf::net {

inline sockaddr_in loopback(int port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  return address;
}

// One end of a connection.
class RawSocket {
 public:
  explicit RawSocket(int file) : file_(file) {}
  ~RawSocket() {
    if (file_ >= 0) ::close(file_);
  }
  RawSocket(RawSocket&& other) noexcept : file_(std::exchange(other.file_, -1)) {}
  RawSocket& operator=(RawSocket&&) = delete;

  static RawSocket connect(int port) {
    RawSocket made(::socket(AF_INET, SOCK_STREAM, 0));
    const sockaddr_in address = loopback(port);
    EXPECT_EQ(::connect(made.file_, reinterpret_cast<const sockaddr*>(&address), sizeof address),
              0);
    return made;
  }

  // False when the other side no longer takes bytes.
  bool write(std::string_view bytes) const {
    while (!bytes.empty()) {
      const ssize_t sent = ::send(file_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (sent <= 0) return false;
      bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
    return true;
  }

  // Empty at the end.
  std::string read_some() const {
    std::string bytes(4096, '\0');
    const ssize_t got = ::recv(file_, bytes.data(), bytes.size(), 0);
    bytes.resize(got > 0 ? static_cast<std::size_t>(got) : 0);
    return bytes;
  }

  std::string read_until(std::string_view mark) const {
    std::string all;
    while (all.find(mark) == std::string::npos) {
      const std::string bytes = read_some();
      if (bytes.empty()) break;
      all += bytes;
    }
    return all;
  }

  std::string read_all() const {
    std::string all;
    for (std::string bytes = read_some(); !bytes.empty(); bytes = read_some()) all += bytes;
    return all;
  }

  void end_writing() const { ::shutdown(file_, SHUT_WR); }

 private:
  int file_;
};

// A server that treats each connection in turn as it is told, in a thread of its own.
class RawServer {
 public:
  using Treat = std::function<void(RawSocket&)>;

  explicit RawServer(Treat treat) : file_(::socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address = loopback(0);
    socklen_t size = sizeof address;
    EXPECT_EQ(::bind(file_, reinterpret_cast<const sockaddr*>(&address), size), 0);
    EXPECT_EQ(::listen(file_, 16), 0);
    EXPECT_EQ(::getsockname(file_, reinterpret_cast<sockaddr*>(&address), &size), 0);
    port_ = ntohs(address.sin_port);
    thread_ = std::thread([this, treat = std::move(treat)] {
      for (int one = ::accept(file_, nullptr, nullptr); one >= 0;
           one = ::accept(file_, nullptr, nullptr)) {
        RawSocket socket(one);
        treat(socket);
      }
    });
  }
  ~RawServer() {
    ::shutdown(file_, SHUT_RDWR);
    thread_.join();
    ::close(file_);
  }
  RawServer(const RawServer&) = delete;
  RawServer& operator=(const RawServer&) = delete;

  int port() const { return port_; }
  std::string address(std::string_view path = "/") const {
    return "http://127.0.0.1:" + std::to_string(port_) + std::string(path);
  }

 private:
  int file_;
  int port_ = 0;
  std::thread thread_;
};

}  // namespace rf::net
