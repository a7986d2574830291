#include "media/decode/process.h"

#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>

#include <fcntl.h>
#include <fmt/format.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include "media/decode/wire.h"

namespace rf::media {
namespace {

// Where descriptors are parked before they are put in their places, above all of those.
constexpr int kParked = 16;

class SpawnPlan {
 public:
  SpawnPlan() {
    posix_spawn_file_actions_init(&actions_);
    posix_spawnattr_init(&attributes_);
  }
  SpawnPlan(const SpawnPlan&) = delete;
  SpawnPlan& operator=(const SpawnPlan&) = delete;
  ~SpawnPlan() {
    posix_spawn_file_actions_destroy(&actions_);
    posix_spawnattr_destroy(&attributes_);
  }

  void silence(int number, int flags) {
    note(posix_spawn_file_actions_addopen(&actions_, number, "/dev/null", flags, 0));
  }
  void place(int from, int to) { note(posix_spawn_file_actions_adddup2(&actions_, from, to)); }
  void reset_signals() {
    sigset_t all;
    sigfillset(&all);
    sigset_t none;
    sigemptyset(&none);
    note(posix_spawnattr_setsigdefault(&attributes_, &all));
    note(posix_spawnattr_setsigmask(&attributes_, &none));
    note(posix_spawnattr_setflags(&attributes_, POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK));
  }

  // The process, or a negative error.
  pid_t spawn(const std::string& program) {
    std::string name = program;
    const std::array<char*, 2> arguments{name.data(), nullptr};
    const std::array<char*, 1> environment{nullptr};
    pid_t id = 0;
    if (error_ == 0) {
      note(posix_spawn(&id, program.c_str(), &actions_, &attributes_, arguments.data(),
                       environment.data()));
    }
    return error_ == 0 ? id : -error_;
  }

 private:
  void note(int error) {
    if (error_ == 0) error_ = error;
  }

  posix_spawn_file_actions_t actions_{};
  posix_spawnattr_t attributes_{};
  int error_ = 0;
};

Result<Descriptor> park(const Descriptor& descriptor) {
  Descriptor parked(fcntl(descriptor.number(), F_DUPFD_CLOEXEC, kParked));
  if (!parked.open()) {
    return fail(ErrorCode::unavailable, "no descriptor is left to start the decoder with");
  }
  return parked;
}

}  // namespace

void Descriptor::close() {
  if (number_ >= 0) ::close(number_);
  number_ = -1;
}

Result<Process> Process::start(const std::string& program, const Descriptor& film,
                               const Descriptor& ring, const Descriptor& talk) {
  const Descriptor parked_film = RF_TRY(park(film));
  const Descriptor parked_ring = RF_TRY(park(ring));
  const Descriptor parked_talk = RF_TRY(park(talk));
  SpawnPlan plan;
  plan.silence(STDIN_FILENO, O_RDONLY);
  plan.silence(STDOUT_FILENO, O_WRONLY);
#if !defined(__SANITIZE_ADDRESS__)  // Whose reports are wanted.
  plan.silence(STDERR_FILENO, O_WRONLY);
#endif
  plan.place(parked_film.number(), wire::kFilmFd);
  plan.place(parked_ring.number(), wire::kRingFd);
  plan.place(parked_talk.number(), wire::kTalkFd);
  plan.reset_signals();
  const pid_t id = plan.spawn(program);
  if (id < 0) {
    return fail(ErrorCode::unavailable,
                fmt::format("the decoder's program {} cannot be started: error {}", program, -id));
  }
  return Process(id);
}

std::optional<int> Process::end() {
  if (id_ == 0) return std::nullopt;
  const pid_t id = std::exchange(id_, 0);
  kill(id, SIGKILL);
  int status = 0;
  while (waitpid(id, &status, 0) < 0) {
    if (errno != EINTR) return std::nullopt;
  }
  return status;
}

}  // namespace rf::media
