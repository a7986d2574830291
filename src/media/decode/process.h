// The decoder's process from our side: started with three descriptors and nothing else, ended and
// reaped whatever happens.

#pragma once

#include <optional>
#include <string>
#include <utility>

#include <sys/types.h>

#include "base/result.h"

namespace rf::media {

// Owns a descriptor; -1 is none.
class Descriptor {
 public:
  Descriptor() = default;
  explicit Descriptor(int number) : number_(number) {}
  Descriptor(Descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    std::swap(number_, other.number_);
    return *this;
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() { close(); }

  int number() const { return number_; }
  bool open() const { return number_ >= 0; }
  void close();

 private:
  int number_ = -1;
};

class Process {
 public:
  // `film`, `ring` and `talk` become wire::kFilmFd and so on over there; nothing else is passed,
  // also no environment.
  // Errors: unavailable.
  static Result<Process> start(const std::string& program, const Descriptor& film,
                               const Descriptor& ring, const Descriptor& talk);

  Process(Process&& other) noexcept : id_(std::exchange(other.id_, 0)) {}
  Process& operator=(Process&&) = delete;
  ~Process() { end(); }

  // Kills it if it still runs, and waits until it is gone. The status as of waitpid(2), once.
  std::optional<int> end();

 private:
  explicit Process(pid_t id) : id_(id) {}
  pid_t id_;
};

}  // namespace rf::media
