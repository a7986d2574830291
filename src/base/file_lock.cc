#include "base/file_lock.h"

#include <cerrno>
#include <system_error>

#include <fcntl.h>
#include <unistd.h>

namespace rf {
namespace {

// Of the whole file. Source: fcntl_locking(2), open file description locks: unlike a process's,
// they exclude threads of one process too, and other closes of the file do not let them go.
struct flock whole_file() {
  struct flock range {};
  range.l_type = F_WRLCK;
  range.l_whence = SEEK_SET;
  return range;
}

Error trouble(const std::string& path, int number) {
  return fail(ErrorCode::unavailable,
              "cannot lock " + path + ": " + std::generic_category().message(number));
}

}  // namespace

Result<std::optional<FileLock>> FileLock::take(const std::string& path) {
  constexpr int kOwnerOnly = 0600;
  // NOLINTNEXTLINE(cppcoreguidelines-pro-type-vararg)
  const int file = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, kOwnerOnly);
  if (file < 0) return trouble(path, errno);
  FileLock lock(file);
  struct flock range = whole_file();
  // NOLINTNEXTLINE(cppcoreguidelines-pro-type-vararg)
  if (::fcntl(file, F_OFD_SETLK, &range) == 0) return std::optional<FileLock>(std::move(lock));
  if (errno == EAGAIN || errno == EACCES) return std::optional<FileLock>();
  return trouble(path, errno);
}

bool FileLock::is_taken(const std::string& path) {
  // NOLINTNEXTLINE(cppcoreguidelines-pro-type-vararg)
  const int file = ::open(path.c_str(), O_RDWR | O_CLOEXEC);
  if (file < 0) return false;
  const FileLock closes(file);
  struct flock range = whole_file();
  // NOLINTNEXTLINE(cppcoreguidelines-pro-type-vararg)
  return ::fcntl(file, F_OFD_GETLK, &range) == 0 && range.l_type != F_UNLCK;
}

FileLock::~FileLock() {
  if (file_ >= 0) static_cast<void>(::close(file_));
}

}  // namespace rf
