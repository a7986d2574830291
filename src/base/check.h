// RF_CHECK: stops the process when the code itself is wrong.
//
// For our own mistakes only: a broken invariant, an argument outside its contract. Whatever the
// outside world may send is a Result instead. The check stays on in release builds: this program
// moves money, so a wrong state has to stop it, and the next turn starts from the store anyway.

#pragma once

namespace rf {

[[noreturn]] void check_failed(const char* file, int line, const char* condition);

}  // namespace rf

#define RF_CHECK(condition) \
  ((condition) ? void(0) : ::rf::check_failed(__FILE__, __LINE__, #condition))
