// SHA-256, for fingerprints of files, plans and settings.

#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

namespace rf {

class Sha256 {
 public:
  Sha256();
  ~Sha256();
  Sha256(const Sha256&) = delete;
  Sha256& operator=(const Sha256&) = delete;

  void add(std::string_view bytes);

  // 64 lower-case hexadecimal digits. Ends this object's use.
  std::string finish();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

std::string sha256_hex(std::string_view bytes);

}  // namespace rf
