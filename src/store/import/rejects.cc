#include "store/import/rejects.h"

#include <fmt/format.h>

#include "store/import/text.h"

namespace rf::imports {

Error Rejects::cannot_write() const {
  return fail(ErrorCode::unavailable,
              fmt::format("the list of refused rows cannot be written to '{}'; choose another path "
                          "with --rejects",
                          path_));
}

Status Rejects::add(const Refusal& refusal) {
  if (path_.empty()) return {};
  if (!file_) {
    // Closed by the pointer's own deleter. NOLINTNEXTLINE(cppcoreguidelines-owning-memory)
    file_.reset(std::fopen(path_.c_str(), "wb"));
    if (!file_) return cannot_write();
    opened_ = true;
    if (std::fputs("line,column,value,reason\n", file_.get()) < 0) return cannot_write();
  }
  const std::string line = fmt::format("{},{},{},{}\n", refusal.line, csv_field(refusal.column),
                                       csv_field(refusal.value), csv_field(refusal.reason));
  if (std::fwrite(line.data(), 1, line.size(), file_.get()) != line.size()) return cannot_write();
  return {};
}

Status Rejects::close() {
  if (!file_) return {};
  const bool sound = std::fflush(file_.get()) == 0;
  file_.reset();
  if (!sound) return cannot_write();
  return {};
}

}  // namespace rf::imports
