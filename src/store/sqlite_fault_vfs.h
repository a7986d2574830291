// A disk that fails, or ends the process, at the n-th change made to it. For tests.

#pragma once

#include <csignal>
#include <cstring>
#include <new>

#include <sqlite3.h>

#include "base/check.h"

namespace rf {

enum class Fault {
  none,
  io_error,   // The n-th change is refused, what comes after works again.
  disk_full,  // The n-th change and all that write after it are refused.
  kill,       // The process ends as by kill -9, before the change.
};

// An SQLite file system layer over the machine's own that counts every change: write, truncate,
// sync, delete. Nothing else outlives the process, so between two changes all moments are alike.
// Thread: one at a time.
class FaultVfs {
 public:
  static constexpr const char* kName = "rf_fault";

  // Makes kName known to SQLite, once.
  static void install() {
    if (sqlite3_vfs_find(kName) != nullptr) return;
    state().base = sqlite3_vfs_find(nullptr);
    static sqlite3_vfs vfs = *state().base;
    vfs.zName = kName;
    vfs.pNext = nullptr;
    vfs.szOsFile = static_cast<int>(sizeof(File)) + state().base->szOsFile;
    vfs.xOpen = open;
    vfs.xDelete = remove;
    RF_CHECK(sqlite3_vfs_register(&vfs, 0) == SQLITE_OK);
  }

  // Starts counting anew: the n-th change from now on meets the fault.
  static void arm(Fault fault, int n) {
    state().fault = fault;
    state().n = n;
    state().changes = 0;
  }
  static void disarm() { arm(Fault::none, 0); }

  // Whether the fault has happened.
  static bool struck() { return state().fault != Fault::none && state().changes >= state().n; }

 private:
  struct State {
    sqlite3_vfs* base = nullptr;
    Fault fault = Fault::none;
    int n = 0;
    int changes = 0;
  };

  // The machine's own file stands in memory right behind this one.
  struct File {
    sqlite3_file head;
    sqlite3_file* own() { return reinterpret_cast<sqlite3_file*>(this + 1); }
  };

  static State& state() {
    static State state;
    return state;
  }
  static sqlite3_file* own(sqlite3_file* file) { return reinterpret_cast<File*>(file)->own(); }

  static bool refuses() {
    State& now = state();
    ++now.changes;
    if (now.fault == Fault::none || now.changes < now.n) return false;
    if (now.fault == Fault::kill) std::raise(SIGKILL);
    return now.fault == Fault::disk_full || now.changes == now.n;
  }
  static int code(int io_error) {
    return state().fault == Fault::disk_full ? SQLITE_FULL : io_error;
  }

  static int close(sqlite3_file* file) { return own(file)->pMethods->xClose(own(file)); }
  static int read(sqlite3_file* file, void* to, int size, sqlite3_int64 at) {
    return own(file)->pMethods->xRead(own(file), to, size, at);
  }
  static int write(sqlite3_file* file, const void* from, int size, sqlite3_int64 at) {
    if (refuses()) return code(SQLITE_IOERR_WRITE);
    return own(file)->pMethods->xWrite(own(file), from, size, at);
  }
  static int truncate(sqlite3_file* file, sqlite3_int64 size) {
    if (refuses()) return code(SQLITE_IOERR_TRUNCATE);
    return own(file)->pMethods->xTruncate(own(file), size);
  }
  static int sync(sqlite3_file* file, int flags) {
    if (refuses()) return code(SQLITE_IOERR_FSYNC);
    return own(file)->pMethods->xSync(own(file), flags);
  }
  static int file_size(sqlite3_file* file, sqlite3_int64* size) {
    return own(file)->pMethods->xFileSize(own(file), size);
  }
  static int lock(sqlite3_file* file, int kind) {
    return own(file)->pMethods->xLock(own(file), kind);
  }
  static int unlock(sqlite3_file* file, int kind) {
    return own(file)->pMethods->xUnlock(own(file), kind);
  }
  static int check_lock(sqlite3_file* file, int* held) {
    return own(file)->pMethods->xCheckReservedLock(own(file), held);
  }
  static int control(sqlite3_file* file, int what, void* argument) {
    return own(file)->pMethods->xFileControl(own(file), what, argument);
  }
  static int sector_size(sqlite3_file* file) { return own(file)->pMethods->xSectorSize(own(file)); }
  static int traits(sqlite3_file* file) {
    return own(file)->pMethods->xDeviceCharacteristics(own(file));
  }
  static int shm_map(sqlite3_file* file, int page, int size, int extend, volatile void** memory) {
    return own(file)->pMethods->xShmMap(own(file), page, size, extend, memory);
  }
  static int shm_lock(sqlite3_file* file, int offset, int n, int flags) {
    return own(file)->pMethods->xShmLock(own(file), offset, n, flags);
  }
  static void shm_barrier(sqlite3_file* file) { own(file)->pMethods->xShmBarrier(own(file)); }
  static int shm_unmap(sqlite3_file* file, int remove_it) {
    return own(file)->pMethods->xShmUnmap(own(file), remove_it);
  }

  static int open(sqlite3_vfs* /*vfs*/, const char* name, sqlite3_file* file, int flags,
                  int* flags_out) {
    static const sqlite3_io_methods methods = {
        2,        close,       read,       write,   truncate,    sync,   file_size,
        lock,     unlock,      check_lock, control, sector_size, traits, shm_map,
        shm_lock, shm_barrier, shm_unmap,  nullptr, nullptr};
    std::memset(static_cast<void*>(file), 0, sizeof(File));
    sqlite3_vfs* base = state().base;
    int result = base->xOpen(base, name, own(file), flags, flags_out);
    // Only a file with methods is closed.
    if (own(file)->pMethods != nullptr) file->pMethods = &methods;
    return result;
  }
  static int remove(sqlite3_vfs* /*vfs*/, const char* name, int sync_folder) {
    if (refuses()) return code(SQLITE_IOERR_DELETE);
    return state().base->xDelete(state().base, name, sync_folder);
  }
};

}  // namespace rf
