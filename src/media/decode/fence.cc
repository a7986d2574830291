#include "media/decode/fence.h"

#include <array>
#include <cerrno>
#include <cmath>
#include <cstring>
#include <memory>
#include <span>
#include <string>

#include <fmt/format.h>
#include <linux/close_range.h>
#include <malloc.h>
#include <sched.h>
#include <seccomp.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

namespace rf::media {
namespace {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool kSanitized = true;
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
constexpr bool kSanitized = true;
#else
constexpr bool kSanitized = false;
#endif
#else
constexpr bool kSanitized = false;
#endif

// Memory, threads, time, and what is open already.
constexpr std::array kAllowed = {
    SCMP_SYS(read),           SCMP_SYS(write),           SCMP_SYS(pread64),
    SCMP_SYS(recvfrom),       SCMP_SYS(sendto),          SCMP_SYS(close),
    SCMP_SYS(mmap),           SCMP_SYS(munmap),          SCMP_SYS(mprotect),
    SCMP_SYS(mremap),         SCMP_SYS(madvise),         SCMP_SYS(brk),
    SCMP_SYS(futex),          SCMP_SYS(set_robust_list), SCMP_SYS(rseq),
    SCMP_SYS(rt_sigprocmask), SCMP_SYS(rt_sigaction),    SCMP_SYS(rt_sigreturn),
    SCMP_SYS(sigaltstack),    SCMP_SYS(sched_yield),     SCMP_SYS(sched_getaffinity),
    SCMP_SYS(gettid),         SCMP_SYS(getpid),          SCMP_SYS(clock_gettime),
    SCMP_SYS(getrandom),      SCMP_SYS(restart_syscall), SCMP_SYS(exit),
    SCMP_SYS(exit_group)};

// No decoder has a reason for these: whoever tries has taken it over.
constexpr std::array kFatal = {SCMP_SYS(execve), SCMP_SYS(execveat),         SCMP_SYS(fork),
                               SCMP_SYS(vfork),  SCMP_SYS(socket),           SCMP_SYS(connect),
                               SCMP_SYS(ptrace), SCMP_SYS(process_vm_writev)};

struct FreeFilter {
  void operator()(void* filter) const { seccomp_release(filter); }
};

Error broken(std::string_view step, int error) {
  return fail(ErrorCode::unavailable,
              fmt::format("the decoder's fence cannot be built: {}: error {}", step, error));
}

Status limit(__rlimit_resource what, rlim_t value, std::string_view name) {
  const rlimit both{.rlim_cur = value, .rlim_max = value};
  if (setrlimit(what, &both) != 0) return broken(name, errno);
  return {};
}

Status limit_resources(const FenceLimits& limits) {
  const auto cpu_s = static_cast<rlim_t>(std::ceil(limits.cpu_s));
  RF_TRY(limit(RLIMIT_CPU, cpu_s, "processor time"));
  if (!kSanitized) {
    // One arena: each further one reserves 64 MB of the address space that is limited here. The
    // decoder has one thread so far. NOLINTNEXTLINE(concurrency-mt-unsafe)
    mallopt(M_ARENA_MAX, 1);
    RF_TRY(limit(RLIMIT_AS, static_cast<rlim_t>(limits.memory_bytes), "memory"));
    RF_TRY(limit(RLIMIT_NOFILE, 0, "descriptors"));
  }
  RF_TRY(limit(RLIMIT_FSIZE, 0, "file size"));
  RF_TRY(limit(RLIMIT_CORE, 0, "core dumps"));
  return {};
}

int add_calls(scmp_filter_ctx filter, std::uint32_t action, std::span<const int> calls) {
  for (const int call : calls) {
    if (const int added = seccomp_rule_add_array(filter, action, call, 0, nullptr); added != 0) {
      return added;
    }
  }
  return 0;
}

// Allowed when the bits of `mask` in the first argument are `value`.
int allow_when(scmp_filter_ctx filter, int call, scmp_datum_t mask, scmp_datum_t value) {
  const scmp_arg_cmp first{.arg = 0, .op = SCMP_CMP_MASKED_EQ, .datum_a = mask, .datum_b = value};
  return seccomp_rule_add_array(filter, SCMP_ACT_ALLOW, call, 1, &first);
}

int allow_calls(scmp_filter_ctx filter) {
  constexpr scmp_datum_t kAll = ~scmp_datum_t{0};
  int added = add_calls(filter, SCMP_ACT_ALLOW, kAllowed);
  if (added == 0) added = add_calls(filter, SCMP_ACT_KILL_PROCESS, kFatal);
  // Threads, not processes. The newer call hides its flags from filters; without it the C library
  // takes the older one.
  if (added == 0) added = allow_when(filter, SCMP_SYS(clone), CLONE_THREAD, CLONE_THREAD);
  if (added == 0)
    added = seccomp_rule_add_array(filter, SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(clone3), 0, nullptr);
  // The sanitizers ask by way of a pipe whether memory can be read, and take a refusal for a bug.
  if (kSanitized) {
    for (int call : {SCMP_SYS(pipe), SCMP_SYS(pipe2)}) {
      if (added == 0) added = seccomp_rule_add_array(filter, SCMP_ACT_ALLOW, call, 0, nullptr);
    }
  }
  if (added == 0) added = allow_when(filter, SCMP_SYS(prctl), kAll, PR_SET_NAME);
  // For abort(): signals to itself only.
  if (added == 0) {
    added = allow_when(filter, SCMP_SYS(tgkill), kAll, static_cast<scmp_datum_t>(getpid()));
  }
  return added;
}

Status filter_calls() {
  const std::unique_ptr<void, FreeFilter> filter(seccomp_init(SCMP_ACT_ERRNO(EPERM)));
  if (filter == nullptr) return broken("system calls", ENOMEM);
  if (const int added = allow_calls(filter.get()); added != 0) {
    return broken("system calls", -added);
  }
  // Also for threads that run already; there are none, except under sanitizers.
  if (const int set = seccomp_attr_set(filter.get(), SCMP_FLTATR_CTL_TSYNC, 1); set != 0) {
    return broken("threads", -set);
  }
  if (const int loaded = seccomp_load(filter.get()); loaded != 0) {
    return broken("system calls", -loaded);
  }
  return {};
}

}  // namespace

Status build_fence(int last_fd, const FenceLimits& limits) {
  if (close_range(static_cast<unsigned>(last_fd) + 1, ~0U, 0) != 0) {
    return broken("descriptors", errno);
  }
  if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) return broken("privileges", errno);
  RF_TRY(limit_resources(limits));
  return filter_calls();
}

}  // namespace rf::media
