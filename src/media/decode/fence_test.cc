// Behind the fence nothing but computing is left. Each attempt runs in a process of its own.

#include "media/decode/fence.h"

#include <array>
#include <cerrno>
#include <csignal>
#include <functional>
#include <thread>

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

namespace rf::media {
namespace {

constexpr int kNoFence = 99;

// What waitpid says of a process that builds its fence and then does that.
int status_behind_fence(const std::function<int()>& attempt) {
  const pid_t child = fork();
  if (child == 0) {
    const Status built =
        build_fence(STDERR_FILENO, {.cpu_s = 60, .memory_bytes = std::int64_t{1} << 31});
    _exit(built ? attempt() : kNoFence);
  }
  int status = 0;
  EXPECT_EQ(waitpid(child, &status, 0), child);
  return status;
}

bool refused(const std::function<long()>& call) {
  const int status = status_behind_fence([&] { return call() < 0 ? 0 : 1; });
  return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

bool killed(const std::function<long()>& call) {
  const int status = status_behind_fence([&] {
    call();
    return 1;
  });
  return WIFSIGNALED(status) && WTERMSIG(status) == SIGSYS;
}

TEST(Fence, LeavesComputingAndWhatIsOpen) {
  std::array<int, 2> pipe_ends{};
  ASSERT_EQ(pipe(pipe_ends.data()), 0);
  const int status = status_behind_fence([&] {
    int sum = 0;
    std::thread worker([&] { sum = 42; });
    worker.join();
    return sum;
  });
  EXPECT_TRUE(WIFEXITED(status));
  EXPECT_EQ(WEXITSTATUS(status), 42);
  close(pipe_ends[0]);
  close(pipe_ends[1]);
}

TEST(Fence, OpensNoFile) {
  EXPECT_TRUE(refused([] { return open("/etc/hostname", O_RDONLY | O_CLOEXEC); }));
  EXPECT_TRUE(refused([] { return open("/tmp/rf_fence", O_CREAT | O_WRONLY | O_CLOEXEC, 0600); }));
  EXPECT_TRUE(refused([] { return unlink("/tmp/rf_fence"); }));
}

TEST(Fence, MakesNoProcessAndReachesNobody) {
  EXPECT_TRUE(refused([] { return syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0); }));
  EXPECT_TRUE(refused([] { return kill(getppid(), SIGUSR1); }));
  EXPECT_TRUE(killed([] { return syscall(SYS_fork); }));
  EXPECT_TRUE(killed([] { return socket(AF_INET, SOCK_STREAM, 0); }));
  EXPECT_TRUE(killed([] { return execl("/bin/true", "true", nullptr); }));
}

TEST(Fence, KeepsNoDescriptorThatWasNotPassed) {
  const int extra = open("/dev/null", O_RDONLY | O_CLOEXEC);
  ASSERT_GT(extra, STDERR_FILENO);
  EXPECT_TRUE(refused([extra] {
    char byte = 0;
    return read(extra, &byte, 1);
  }));
  close(extra);
}

}  // namespace
}  // namespace rf::media
