#include "app/reading/program/sandbox.h"

#include <fcntl.h>
#include <seccomp.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>

namespace pellucid::reading {

namespace {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool kSanitized = true;  // shadow memory takes terabytes of addresses
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
constexpr bool kSanitized = true;
#else
constexpr bool kSanitized = false;
#endif
#else
constexpr bool kSanitized = false;
#endif

/// Address space that is mapped now, bytes.
std::uint64_t mapped() {
    unsigned long pages = 0;
    if (FILE* statm = std::fopen("/proc/self/statm", "re")) {
        if (std::fscanf(statm, "%lu", &pages) != 1) pages = 0;
        std::fclose(statm);
    }
    return pages * static_cast<std::uint64_t>(sysconf(_SC_PAGESIZE));
}

bool limit(int resource, rlim_t value) {
    const rlimit both{value, value};
    return setrlimit(static_cast<__rlimit_resource_t>(resource), &both) == 0;
}

/// What parsing needs once every library is loaded.
constexpr int kAllowed[] = {
    SCMP_SYS(read),
    SCMP_SYS(readv),
    SCMP_SYS(pread64),
    SCMP_SYS(preadv),
    SCMP_SYS(write),
    SCMP_SYS(writev),
    SCMP_SYS(lseek),
    SCMP_SYS(fstat),
    SCMP_SYS(close),
    SCMP_SYS(munmap),
    SCMP_SYS(mremap),
    SCMP_SYS(madvise),
    SCMP_SYS(brk),
    SCMP_SYS(futex),
    SCMP_SYS(rt_sigaction),
    SCMP_SYS(rt_sigprocmask),
    SCMP_SYS(rt_sigreturn),
    SCMP_SYS(sigaltstack),
    SCMP_SYS(exit),
    SCMP_SYS(exit_group),
    SCMP_SYS(getpid),
    SCMP_SYS(gettid),
    SCMP_SYS(clock_gettime),
    SCMP_SYS(clock_getres),
    SCMP_SYS(clock_nanosleep),
    SCMP_SYS(nanosleep),
    SCMP_SYS(gettimeofday),
    SCMP_SYS(time),
    SCMP_SYS(getrandom),
    SCMP_SYS(sched_yield),
    SCMP_SYS(sched_getaffinity),
    SCMP_SYS(sysinfo),
    SCMP_SYS(uname),
    SCMP_SYS(getrusage),
    SCMP_SYS(getrlimit),
    SCMP_SYS(poll),
    SCMP_SYS(ppoll),
    SCMP_SYS(restart_syscall),
    SCMP_SYS(set_robust_list),
    SCMP_SYS(rseq),
    SCMP_SYS(membarrier),
    SCMP_SYS(getuid),
    SCMP_SYS(geteuid),
    SCMP_SYS(getgid),
    SCMP_SYS(getegid),
    SCMP_SYS(getcpu),
};

/// What nothing that parses would ever try: the process is ended, and the app says so.
constexpr int kFatal[] = {
    SCMP_SYS(socket),      SCMP_SYS(socketpair),     SCMP_SYS(connect),          SCMP_SYS(bind),
    SCMP_SYS(listen),      SCMP_SYS(accept),         SCMP_SYS(accept4),          SCMP_SYS(sendto),
    SCMP_SYS(sendmsg),     SCMP_SYS(execve),         SCMP_SYS(execveat),         SCMP_SYS(fork),
    SCMP_SYS(vfork),       SCMP_SYS(ptrace),         SCMP_SYS(process_vm_readv), SCMP_SYS(process_vm_writev),
    SCMP_SYS(unlink),      SCMP_SYS(unlinkat),       SCMP_SYS(rename),           SCMP_SYS(renameat),
    SCMP_SYS(renameat2),   SCMP_SYS(mkdir),          SCMP_SYS(mkdirat),          SCMP_SYS(rmdir),
    SCMP_SYS(link),        SCMP_SYS(linkat),         SCMP_SYS(symlink),          SCMP_SYS(symlinkat),
    SCMP_SYS(chmod),       SCMP_SYS(fchmod),         SCMP_SYS(fchmodat),         SCMP_SYS(chown),
    SCMP_SYS(fchown),      SCMP_SYS(fchownat),       SCMP_SYS(truncate),         SCMP_SYS(ftruncate),
    SCMP_SYS(creat),       SCMP_SYS(mknod),          SCMP_SYS(mknodat),          SCMP_SYS(mount),
    SCMP_SYS(umount2),     SCMP_SYS(setuid),         SCMP_SYS(setgid),           SCMP_SYS(kill),
    SCMP_SYS(bpf),         SCMP_SYS(keyctl),         SCMP_SYS(unshare),          SCMP_SYS(setns),
    SCMP_SYS(init_module), SCMP_SYS(io_uring_setup), SCMP_SYS(memfd_create),
};

class Filter {
public:
    Filter() : context_(seccomp_init(SCMP_ACT_ERRNO(ENOSYS))) {}
    ~Filter() {
        if (context_ != nullptr) seccomp_release(context_);
    }
    Filter(const Filter&) = delete;
    Filter& operator=(const Filter&) = delete;

    bool load() {
        if (context_ == nullptr) return false;
        for (const int call : kAllowed) add(SCMP_ACT_ALLOW, call);
        for (const int call : kFatal) add(SCMP_ACT_KILL_PROCESS, call);
        // Memory may never become a program.
        add(SCMP_ACT_ALLOW, SCMP_SYS(mmap), SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0));
        add(SCMP_ACT_ALLOW, SCMP_SYS(mprotect), SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0));
        // Opening to write ends the process. Opening to read finds nothing: what libraries look for by the
        // way (fonts, converters) they must do without.
        constexpr int kWriting = O_WRONLY | O_RDWR | O_CREAT | O_TRUNC;
        for (const unsigned bit : {O_WRONLY, O_RDWR, O_CREAT, O_TRUNC}) {
            add(SCMP_ACT_KILL_PROCESS, SCMP_SYS(openat), SCMP_A2(SCMP_CMP_MASKED_EQ, bit, bit));
            add(SCMP_ACT_KILL_PROCESS, SCMP_SYS(open), SCMP_A1(SCMP_CMP_MASKED_EQ, bit, bit));
        }
        add(SCMP_ACT_ERRNO(EACCES), SCMP_SYS(openat), SCMP_A2(SCMP_CMP_MASKED_EQ, kWriting, 0));
        add(SCMP_ACT_ERRNO(EACCES), SCMP_SYS(open), SCMP_A1(SCMP_CMP_MASKED_EQ, kWriting, 0));
        for (const int call :
             {SCMP_SYS(stat), SCMP_SYS(lstat), SCMP_SYS(access), SCMP_SYS(faccessat), SCMP_SYS(faccessat2),
              SCMP_SYS(readlink), SCMP_SYS(readlinkat), SCMP_SYS(getcwd)})
            add(SCMP_ACT_ERRNO(EACCES), call);
        // Of an open descriptor only (its path is then ""): a pointer cannot be looked through, the flag can.
        add(SCMP_ACT_ALLOW, SCMP_SYS(newfstatat), SCMP_A3(SCMP_CMP_MASKED_EQ, AT_EMPTY_PATH, AT_EMPTY_PATH));
        add(SCMP_ACT_ERRNO(EPERM), SCMP_SYS(clone));
        add(SCMP_ACT_ERRNO(ENOTTY), SCMP_SYS(ioctl));
        add(SCMP_ACT_ALLOW, SCMP_SYS(fcntl), SCMP_A1(SCMP_CMP_EQ, F_GETFL));
        add(SCMP_ACT_ALLOW, SCMP_SYS(fcntl), SCMP_A1(SCMP_CMP_EQ, F_GETFD));
        // abort() of the process itself.
        add(SCMP_ACT_ALLOW, SCMP_SYS(tgkill), SCMP_A0(SCMP_CMP_EQ, static_cast<scmp_datum_t>(getpid())));
        add(SCMP_ACT_ALLOW, SCMP_SYS(prlimit64), SCMP_A2(SCMP_CMP_EQ, 0));
        return good_ && seccomp_load(context_) == 0;
    }

private:
    template <typename... Conditions>
    void add(std::uint32_t action, int call, Conditions... conditions) {
        // A call that this machine does not have needs no rule.
        if (call < 0) return;
        if (const int status = seccomp_rule_add(context_, action, call, sizeof...(conditions), conditions...);
            status != 0)
            good_ = false;
    }

    scmp_filter_ctx context_;
    bool good_ = true;
};

}  // namespace

std::string enter_sandbox(const SandboxLimits& limits) {
    std::string force, missing;
    const auto note = [&](bool good, const char* what) {
        std::string& list = good ? force : missing;
        list += (list.empty() ? "" : ", ") + std::string(what);
    };
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    prctl(PR_SET_DUMPABLE, 0);
    note(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0, "no new privileges");
    note(!kSanitized && limit(RLIMIT_AS, mapped() + limits.memory_bytes), "memory limit");
    note(limit(RLIMIT_CPU, limits.cpu_seconds), "processor time limit");
    note(limit(RLIMIT_FSIZE, 0) && limit(RLIMIT_NOFILE, 4) && limit(RLIMIT_CORE, 0) && limit(RLIMIT_NPROC, 0),
         "no writing, no new files, no new processes");
    note(Filter().load(), "system call filter");
    return "sandbox: " + force + (missing.empty() ? "" : "; NOT in force: " + missing);
}

}  // namespace pellucid::reading
