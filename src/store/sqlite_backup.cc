#include "store/sqlite_backup.h"

#include <cerrno>
#include <cstdio>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include "store/sqlite.h"
#include "store/sqlite_check.h"
#include "store/sqlite_open.h"

namespace rf {
namespace {

Error file_error(std::string_view doing, const std::string& path, int error) {
  return fail(ErrorCode::unavailable,
              fmt::format("{} '{}': {}; check the disk and the permissions of its folder", doing,
                          path, std::generic_category().message(error)));
}

bool exists(const std::string& path) {
  struct stat found {};
  return ::lstat(path.c_str(), &found) == 0;
}

// Makes the file's bytes, or a folder's entries, survive a power cut.
Status sync(const std::string& path) {
  int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) return file_error("opening", path, errno);
  int failed = ::fsync(file) == 0 ? 0 : errno;
  ::close(file);
  if (failed != 0) return file_error("syncing", path, failed);
  return {};
}

std::string folder_of(const std::string& path) {
  std::size_t slash = path.rfind('/');
  if (slash == std::string::npos) return ".";
  return slash == 0 ? "/" : path.substr(0, slash);
}

Status move_file(const std::string& from, const std::string& to) {
  if (std::rename(from.c_str(), to.c_str()) != 0) return file_error("renaming", from, errno);
  return {};
}

// A file that goes away again unless it is kept.
class TemporaryFile {
 public:
  explicit TemporaryFile(std::string path) : path_(std::move(path)) { remove(); }
  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;
  ~TemporaryFile() {
    if (!kept_) remove();
  }
  const std::string& path() const { return path_; }
  Status keep_as(const std::string& path) {
    RF_TRY(sync(path_));
    RF_TRY(move_file(path_, path));
    kept_ = true;
    return sync(folder_of(path));
  }

 private:
  void remove() {
    for (const char* part : {"", "-wal", "-shm", "-journal"}) ::unlink((path_ + part).c_str());
  }
  std::string path_;
  bool kept_ = false;
};

// Copies all pages of `from`, as one reader sees them, into a new file.
Status copy_pages(Database& from, const std::string& path) {
  Database to = RF_TRY(Database::open(path, from.options()));
  sqlite3_backup* copy = sqlite3_backup_init(to.raw(), "main", from.raw(), "main");
  if (copy == nullptr) return sqlite_error(to.raw(), sqlite3_extended_errcode(to.raw()));
  int code = sqlite3_backup_step(copy, -1);
  int end = sqlite3_backup_finish(copy);
  if (code == SQLITE_BUSY || code == SQLITE_LOCKED) return sqlite_error(from.raw(), code);
  if (end != SQLITE_OK) return sqlite_error(to.raw(), end);
  // The copy stands alone: a single file, without a log beside it.
  return to.execute("PRAGMA journal_mode = DELETE");
}

// Folds the log into the file and makes sure that nobody else has it open. A file that is too
// damaged for that is left as it is.
Status settle(const std::string& path) {
  SqliteOptions options;
  Result<Database> db = Database::open(path, options);
  Status settled = db ? db->execute("PRAGMA journal_mode = DELETE") : Status(db.error());
  if (settled || settled.error().code == ErrorCode::corrupt) return {};
  return settled;
}

// Keeps what stands at `path` under another name as well; `path` itself stays in its place, so
// that there is a store at every moment.
Status keep_old(const std::string& path, const std::string& kept) {
  RF_TRY(settle(path));
  for (const char* part : {"-wal", "-shm"}) {
    if (exists(path + part)) RF_TRY(move_file(path + part, kept + part));
  }
  if (::link(path.c_str(), kept.c_str()) != 0) return file_error("keeping", path, errno);
  return {};
}

}  // namespace

Status backup_database(Database& db, const std::string& path) {
  if (exists(path)) {
    return fail(ErrorCode::conflict,
                fmt::format("'{}' exists; expected a new file; choose another name", path));
  }
  TemporaryFile partial(path + ".partial");
  RF_TRY(copy_pages(db, partial.path()));
  return partial.keep_as(path);
}

Status restore_sqlite(const std::string& backup, const std::string& path) {
  if (!exists(backup)) {
    return fail(ErrorCode::not_found, fmt::format("there is no backup '{}'", backup));
  }
  std::string kept = path + ".before-restore";
  if (exists(path) && exists(kept)) {
    return fail(ErrorCode::conflict,
                fmt::format("'{}' from an earlier restore exists; move it away first", kept));
  }
  TemporaryFile incoming(path + ".restoring");
  {
    // Looked at in a copy: the backup itself is not even migrated.
    RF_TRY(check_size(backup));
    Database source = RF_TRY(Database::open(backup, SqliteOptions()));
    RF_TRY(copy_pages(source, incoming.path()));
    Database copy = RF_TRY(open_database(incoming.path(), SqliteOptions()));
    std::vector<std::string> defects = RF_TRY(check_database(copy));
    if (!defects.empty()) {
      return fail(ErrorCode::corrupt,
                  fmt::format("backup '{}' is not sound: {} ({} defects); take another one", backup,
                              defects.front(), defects.size()));
    }
    RF_TRY(copy.execute("PRAGMA journal_mode = DELETE"));
  }
  bool replaces = exists(path);
  if (replaces) RF_TRY(keep_old(path, kept));
  Status restored = incoming.keep_as(path);
  // The old store still stands in its place; a second name for it would only stop the next try.
  if (!restored && replaces) ::unlink(kept.c_str());
  return restored;
}

}  // namespace rf
