// Stands in for pellucid-reader in test_hostile: enters the same sandbox, then does what the name of the file
// says. Answers with an empty document where the sandbox refused it and the process lives on.
#include <fcntl.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cstdlib>
#include <cstring>
#include <string>
#include <vector>

#include "app/reading/program/sandbox.h"
#include "app/reading/wire.h"

using namespace pellucid;
using namespace pellucid::reading;

namespace {

int deeper(int depth) {
    volatile char room[4096];
    room[0] = static_cast<char>(depth);
    return depth < 0 ? 0 : deeper(depth + 1) + room[0];
}

void say(const std::string& bytes) {
    for (std::size_t at = 0; at < bytes.size();) {
        const ssize_t written = ::write(1, bytes.data() + at, bytes.size() - at);
        if (written <= 0) _exit(9);
        at += static_cast<std::size_t>(written);
    }
}

/// True: the sandbox refused it. Whatever is forbidden outright ends the process here.
bool refused(const std::string& what) {
    if (what == "socket") return syscall(SYS_socket, 2, 1, 0) < 0;
    if (what == "connect") return syscall(SYS_connect, 0, nullptr, 0) < 0;
    if (what == "write") return ::open("/tmp/pellucid-probe", O_WRONLY) < 0;
    if (what == "create") return ::open("/tmp/pellucid-probe", O_CREAT | O_RDONLY, 0600) < 0;
    if (what == "unlink") return ::unlink("/tmp/pellucid-probe") < 0;
    if (what == "exec") return ::execl("/bin/true", "true", nullptr) < 0;
    if (what == "fork-old") return syscall(SYS_fork) < 0;
    if (what == "kill") return ::kill(getppid(), 0) < 0;
    if (what == "memfd") return syscall(SYS_memfd_create, "x", 0) < 0;
    if (what == "read-other") return ::open("/etc/passwd", O_RDONLY) < 0;
    if (what == "fork") return ::fork() < 0;
    if (what == "thread") return syscall(SYS_clone3, nullptr, 0) < 0;
    if (what == "program-memory")
        return ::mmap(nullptr, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) == MAP_FAILED;
    if (what == "environment") return std::getenv("HOME") == nullptr && std::getenv("PATH") == nullptr;
    if (what == "listing") return ::open("/", O_RDONLY | O_DIRECTORY) < 0 && ::dup(0) < 0;
    if (what == "memory") {
        std::vector<char*> blocks;
        for (;;) {
            char* block = static_cast<char*>(std::malloc(8 << 20));
            if (block == nullptr) std::abort();  // as PDFium does
            std::memset(block, 1, 8 << 20);
            blocks.push_back(block);
        }
    }
    if (what == "crash") *static_cast<volatile int*>(nullptr) = 1;
    if (what == "stack") return deeper(0) == 0;
    if (what == "sleep") return ::sleep(1'000) != 0;
    if (what == "lie") say(std::string(1'000, 'x'));
    if (what == "flood")
        for (;;) say(std::string(1 << 16, '\5'));
    return false;
}

}  // namespace

int main() {
    std::string question(1 << 17, '\0');
    const ssize_t got = ::read(0, question.data(), question.size());
    const auto request =
        decode_request(std::string_view(question).substr(0, got > 0 ? static_cast<std::size_t>(got) : 0));
    if (!request) return 2;
    enter_sandbox({request->memory_bytes, request->cpu_seconds});
    if (!refused(request->name)) _exit(7);
    Document document;
    document.pages.emplace_back();
    say(encode(document));
    _exit(0);
}
