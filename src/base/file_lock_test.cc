#include "base/file_lock.h"

#include <csignal>
#include <filesystem>

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

namespace rf {
namespace {

class FileLockTest : public testing::Test {
 public:
  ~FileLockTest() override { std::filesystem::remove(path_); }

 protected:
  std::string path_ =
      (std::filesystem::temp_directory_path() / ("reelforge-lock-" + std::to_string(::getpid())))
          .string();
};

TEST_F(FileLockTest, IsHeldByOneAtATimeAndGoesWithItsHolder) {
  EXPECT_FALSE(FileLock::is_taken(path_));
  {
    const std::optional<FileLock> held = FileLock::take(path_).value();
    ASSERT_TRUE(held.has_value());
    EXPECT_TRUE(FileLock::is_taken(path_));
    EXPECT_FALSE(FileLock::take(path_).value().has_value());
  }
  EXPECT_FALSE(FileLock::is_taken(path_));
  EXPECT_TRUE(FileLock::take(path_).value().has_value());
}

TEST_F(FileLockTest, IsFreeOnceItsHolderWasKilled) {
  int told[2];
  ASSERT_EQ(::pipe(told), 0);
  const pid_t child = ::fork();
  if (child == 0) {
    const auto held = FileLock::take(path_);
    const char word = held && *held ? 'y' : 'n';
    static_cast<void>(::write(told[1], &word, 1) == 1);
    ::pause();
    ::_exit(0);
  }
  char word = 0;
  ASSERT_EQ(::read(told[0], &word, 1), 1);
  EXPECT_EQ(word, 'y');
  EXPECT_FALSE(FileLock::take(path_).value().has_value());
  ::kill(child, SIGKILL);
  ::waitpid(child, nullptr, 0);
  EXPECT_TRUE(FileLock::take(path_).value().has_value());
  ::close(told[0]);
  ::close(told[1]);
}

TEST_F(FileLockTest, NamesAFileThatCannotBeLocked) {
  const Result<std::optional<FileLock>> lock = FileLock::take("/nowhere/at/all");
  ASSERT_FALSE(lock.has_value());
  EXPECT_EQ(lock.error().code, ErrorCode::unavailable);
}

}  // namespace
}  // namespace rf
