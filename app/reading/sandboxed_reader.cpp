#include "app/reading/sandboxed_reader.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <optional>
#include <utility>

#include "app/reading/ocr_process.h"
#include "app/reading/wire.h"
#include "engine/text/utf8.h"

namespace pellucid::reading {

namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

constexpr std::uint64_t kMostPixels = 64'000'000;  // of a picture for OCR

class Descriptor {
public:
    explicit Descriptor(int fd = -1) : fd_(fd) {}
    Descriptor(Descriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
    Descriptor& operator=(Descriptor&& other) noexcept {
        std::swap(fd_, other.fd_);
        return *this;
    }
    ~Descriptor() { close(); }
    int get() const { return fd_; }
    void close() {
        if (fd_ >= 0) ::close(fd_);
        fd_ = -1;
    }

private:
    int fd_;
};

struct Pipe {
    Descriptor read, write;
};

Result<Pipe> make_pipe() {
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0)
        return fail(ErrorCode::io, std::string("a pipe could not be made: ") + std::strerror(errno));
    return Pipe{Descriptor(ends[0]), Descriptor(ends[1])};
}

std::string shown(const fs::path& file) {
    return to_well_formed_utf8(file.string());
}

Failure of_errno(const std::string& name, int number) {
    switch (number) {
        case ENOENT:
        case ENOTDIR:
            return fail(ErrorCode::not_found, name + " is not there",
                        "it may have been moved or deleted, or its disk is not mounted");
        case EACCES:
        case EPERM:
            return fail(ErrorCode::not_allowed, name + " may not be read",
                        "give yourself permission to read it");
        default:
            return fail(ErrorCode::io, name + " could not be read: " + std::strerror(number),
                        "check the disk that it lies on");
    }
}

struct Opened {
    Descriptor file;
    struct stat state;
};

Result<Opened> open_file(const fs::path& path, const ReadOptions& options) {
    const std::string name = shown(path);
    // Nonblocking, so that a pipe with no writer does not wait; only regular files are read.
    Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
    if (file.get() < 0) return of_errno(name, errno);
    struct stat state {};
    if (fstat(file.get(), &state) != 0) return of_errno(name, errno);
    if (!S_ISREG(state.st_mode))
        return fail(ErrorCode::unsupported, name + " is not a file", "choose a file, or add its folder");
    if (state.st_size == 0) return fail(ErrorCode::corrupt, name + " is empty");
    if (static_cast<std::uint64_t>(state.st_size) > options.max_file_bytes)
        return fail(ErrorCode::too_large,
                    name + " is larger than files that are read (" +
                        std::to_string(options.max_file_bytes >> 20) + " MiB)",
                    "split it, or raise the limit in the settings");
    return Opened{std::move(file), state};
}

bool changed(const struct stat& before, const struct stat& after) {
    return before.st_size != after.st_size || before.st_mtim.tv_sec != after.st_mtim.tv_sec ||
           before.st_mtim.tv_nsec != after.st_mtim.tv_nsec;
}

/// One pellucid-reader. Killed and waited for at the latest by the destructor.
class Child {
public:
    Child() = default;
    Child(Child&& other) noexcept
        : pid_(std::exchange(other.pid_, -1)),
          answer_(std::move(other.answer_)),
          question_(std::move(other.question_)) {}
    Child& operator=(Child&&) = delete;
    ~Child() {
        if (pid_ < 0) return;
        kill(pid_, SIGKILL);
        wait();
    }

    static Result<Child> start(const fs::path& program, const Request& request, int file) {
        PELLUCID_TRY(Pipe question, make_pipe());
        PELLUCID_TRY(Pipe answer, make_pipe());
        // The request is written before anyone reads it: it is shorter than a pipe holds.
        const std::string bytes = encode(request);
        if (::write(question.write.get(), bytes.data(), bytes.size()) != static_cast<ssize_t>(bytes.size()))
            return fail(ErrorCode::internal, "the reader's request could not be written");

        posix_spawn_file_actions_t actions;
        posix_spawn_file_actions_init(&actions);
        // Through high numbers first: an inherited end may have a number that is a target.
        constexpr int kHigh = 200;
        const int ends[] = {question.read.get(), answer.write.get(), -1, file};
        for (int target : {0, 1, 3}) posix_spawn_file_actions_adddup2(&actions, ends[target], kHigh + target);
        for (int target : {0, 1, 3}) posix_spawn_file_actions_adddup2(&actions, kHigh + target, target);
        posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0);
        posix_spawn_file_actions_addclosefrom_np(&actions, 4);
        posix_spawnattr_t attributes;
        posix_spawnattr_init(&attributes);
        sigset_t none, all;
        sigemptyset(&none);
        sigfillset(&all);
        sigdelset(&all, SIGKILL);
        sigdelset(&all, SIGSTOP);
        posix_spawnattr_setsigmask(&attributes, &none);
        posix_spawnattr_setsigdefault(&attributes, &all);
        posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);

        // Nothing of the person's environment, but what finds libraries and data.
        std::vector<std::string> environment = {"LC_ALL=C.UTF-8", "OMP_THREAD_LIMIT=1"};
        for (const char* kept :
             {"LD_LIBRARY_PATH", "TESSDATA_PREFIX", "ASAN_OPTIONS", "UBSAN_OPTIONS", "TSAN_OPTIONS"})
            if (const char* value = std::getenv(kept)) environment.push_back(std::string(kept) + "=" + value);
        std::vector<char*> variables;
        for (std::string& one : environment) variables.push_back(one.data());
        variables.push_back(nullptr);
        std::string name = program.string();
        char* arguments[] = {name.data(), nullptr};

        Child child;
        const int status =
            posix_spawn(&child.pid_, program.c_str(), &actions, &attributes, arguments, variables.data());
        posix_spawn_file_actions_destroy(&actions);
        posix_spawnattr_destroy(&attributes);
        if (status != 0) {
            child.pid_ = -1;
            return fail(ErrorCode::internal,
                        "the reader process could not be started: " + std::string(std::strerror(status)),
                        "Install Pellucid again.");
        }
        child.answer_ = std::move(answer.read);
        child.question_ = std::move(question.write);
        return child;
    }

    int answer() const { return answer_.get(); }

    /// Writes a reply. False: the process takes no more of it, or not before the deadline.
    bool reply(std::string_view bytes, Clock::time_point deadline) {
        // A process that has ended must not end this one by SIGPIPE: the signal waits, and is taken back.
        sigset_t pipe, before;
        sigemptyset(&pipe);
        sigaddset(&pipe, SIGPIPE);
        pthread_sigmask(SIG_BLOCK, &pipe, &before);
        fcntl(question_.get(), F_SETFL, O_NONBLOCK);
        bool good = true;
        while (good && !bytes.empty()) {
            const auto left =
                std::chrono::duration_cast<std::chrono::milliseconds>(deadline - Clock::now()).count();
            pollfd waiting{question_.get(), POLLOUT, 0};
            if (left <= 0 || poll(&waiting, 1, static_cast<int>(std::min<std::int64_t>(left, 1000))) < 0)
                good = false;
            const ssize_t written = good && (waiting.revents & (POLLOUT | POLLERR)) != 0
                                        ? ::write(question_.get(), bytes.data(), bytes.size())
                                        : 0;
            if (written < 0 && errno == EPIPE) {
                const timespec now{0, 0};
                sigtimedwait(&pipe, nullptr, &now);
            }
            if (written < 0 && errno != EAGAIN && errno != EINTR) good = false;
            if (written > 0) bytes.remove_prefix(static_cast<std::size_t>(written));
        }
        pthread_sigmask(SIG_SETMASK, &before, nullptr);
        return good;
    }

    struct End {
        int status = 0;
        std::uint64_t most_memory = 0;  ///< resident, bytes
    };
    /// Waits for the end of the process. PRECONDITION: it ends, or was killed.
    End wait() {
        End end;
        struct rusage usage {};
        while (wait4(pid_, &end.status, 0, &usage) < 0 && errno == EINTR) {
        }
        end.most_memory = static_cast<std::uint64_t>(usage.ru_maxrss) * 1024;
        pid_ = -1;
        return end;
    }
    void stop() { kill(pid_, SIGKILL); }

private:
    pid_t pid_ = -1;
    Descriptor answer_, question_;
};

Failure timed_out(const std::string& name, const ReadOptions& options) {
    return fail(ErrorCode::timed_out,
                "reading " + name + " took longer than " + std::to_string(options.time.count() / 1000) + " s",
                "it may be damaged or made to keep a reader busy; the limit is in the settings");
}
Failure out_of_memory(const std::string& name, const ReadOptions& options) {
    return fail(ErrorCode::out_of_memory,
                "reading " + name + " needs more memory than a reader may have (" +
                    std::to_string(options.memory_bytes >> 20) + " MiB)",
                "it may be damaged or made to fill memory; the limit is in the settings");
}

/// What the end of a process that gave no whole answer says of its file.
Failure of_end(const Child::End& end, const std::string& name, const ReadOptions& options) {
    const bool full = end.most_memory > options.memory_bytes - options.memory_bytes / 4;
    if (WIFSIGNALED(end.status)) {
        switch (const int number = WTERMSIG(end.status)) {
            case SIGSYS:
                return fail(ErrorCode::forbidden,
                            "reading " + name + " tried something that its sandbox forbids",
                            "the file may be hostile; nothing was changed");
            case SIGXCPU:
                return timed_out(name, options);
            case SIGKILL:
                return out_of_memory(name,
                                     options);  // not ours: the system's memory ran out, or its own limit
            default:
                if (full) return out_of_memory(name, options);
                return fail(ErrorCode::crashed,
                            "the reader crashed on " + name + " (signal " + std::to_string(number) + ")",
                            "the file is damaged or hostile; nothing else was affected");
        }
    }
    if (full) return out_of_memory(name, options);
    return fail(ErrorCode::crashed,
                "the reader ended without an answer on " + name + " (status " +
                    std::to_string(WEXITSTATUS(end.status)) + ")",
                "the file is damaged or hostile; nothing else was affected");
}

/// Whether the process itself said that it is out of time or memory, in the words of this file.
Failure in_our_words(const Error& error, const std::string& name, const ReadOptions& options) {
    if (error.code == ErrorCode::out_of_memory) return out_of_memory(name, options);
    if (error.code == ErrorCode::timed_out) return timed_out(name, options);
    return fail(error.code, name + ": " + error.what, error.hint);
}

}  // namespace

SandboxedReader::SandboxedReader(fs::path program) : program_(std::move(program)) {}

fs::path SandboxedReader::installed_program() {
    std::error_code error;
    const fs::path self = fs::read_symlink("/proc/self/exe", error);
    if (error) return {};
    for (const char* beside :
         {"pellucid-reader", "../libexec/pellucid/pellucid-reader", "../bin/pellucid-reader"})
        if (const fs::path program = self.parent_path() / beside; ::access(program.c_str(), X_OK) == 0)
            return program.lexically_normal();
    return {};
}

namespace {

Request request_for(const fs::path& path, const ReadOptions& options) {
    Request request;
    request.name = path.filename().string();
    request.max_text_bytes = std::min<std::uint64_t>(options.max_text_bytes, 1ull << 30);
    request.max_pages = std::max(1u, options.max_pages);
    request.memory_bytes = options.memory_bytes;
    request.cpu_seconds =
        static_cast<std::uint32_t>(std::clamp<std::int64_t>(options.time.count() / 1000 + 1, 1, 86'400));
    request.languages = options.languages;
    return request;
}

/// Starts a process with the request and feeds its answer to the parser; `heard(child, deadline)` is called
/// after each piece. Nothing: the parser has all of it, whatever it thinks of it.
template <typename Parser, typename Heard>
Result<void> converse(const fs::path& program, const Request& request, const Opened& opened,
                      const std::string& name, const ReadOptions& options, const CancelToken& cancel,
                      Parser& parser, const Heard& heard) {
    const auto deadline = Clock::now() + options.time;
    PELLUCID_TRY(Child child, Child::start(program, request, opened.file.get()));
    std::vector<char> buffer(1 << 16);
    for (;;) {
        if (cancel.cancelled()) return fail(ErrorCode::cancelled, "reading " + name + " was stopped");
        const auto left =
            std::chrono::duration_cast<std::chrono::milliseconds>(deadline - Clock::now()).count();
        if (left <= 0) return timed_out(name, options);
        pollfd waiting{child.answer(), POLLIN, 0};
        const int ready = poll(&waiting, 1, static_cast<int>(std::min<std::int64_t>(left, 20)));
        if (ready < 0 && errno != EINTR) return of_errno(name, errno);
        if (ready <= 0) continue;
        const ssize_t got = ::read(child.answer(), buffer.data(), buffer.size());
        if (got < 0 && errno == EINTR) continue;
        if (got <= 0) break;
        if (auto fed = parser.feed({buffer.data(), static_cast<std::size_t>(got)}); !fed)
            return fail(ErrorCode::crashed, name + ": " + fed.error().what,
                        "the file is damaged or hostile; nothing else was affected");
        heard(child, deadline);
    }
    if (!parser.ended()) child.stop();  // it closed its end: what is left of it cannot answer any more
    const bool whole = parser.ended();
    const Child::End end = child.wait();
    if (!whole) return of_end(end, name, options);
    if (struct stat after{}; fstat(opened.file.get(), &after) == 0 && changed(opened.state, after))
        return fail(ErrorCode::busy, name + " changed while it was read", "it is read again when it rests");
    return {};
}

}  // namespace

Result<Document> SandboxedReader::read(const fs::path& path, const ReadOptions& options, CancelToken cancel) {
    const std::string name = shown(path);
    PELLUCID_TRY(const Opened opened, open_file(path, options));
    Request request = request_for(path, options);
    const bool no_tesseract = options.recognise && tesseract_program().empty();
    request.recognise = options.recognise && !no_tesseract;
    AnswerParser parser({request.max_text_bytes, request.max_pages, request.recognise ? kMostPixels : 0});
    std::optional<Error> ocr_failed;  // the first of its errors; the rest of the document goes on
    auto last_progress = Clock::now();
    PELLUCID_CHECK(converse(
        program_, request, opened, name, options, cancel, parser,
        [&](Child& child, Clock::time_point deadline) {
            if (const auto picture = parser.take_picture()) {
                auto lines = recognise(*picture, options.languages, {deadline, options.memory_bytes}, cancel);
                if (!lines && !ocr_failed) ocr_failed = lines.error();
                if (!child.reply(encode(lines ? *lines : std::vector<RecognisedLine>{}), deadline))
                    child.stop();
            }
            const auto progress = parser.take_progress();
            if (!progress || !options.progress) return;
            if (const auto now = Clock::now(); now - last_progress > std::chrono::milliseconds(200)) {
                last_progress = now;
                options.progress(progress->first, progress->second);
            }
        }));
    auto document = std::move(parser).finish();
    if (!document) return in_our_words(document.error(), name, options);
    if (no_tesseract)
        ocr_failed =
            Error{ErrorCode::unsupported, "OCR needs the program tesseract, which is not installed", {}};
    if (ocr_failed) document->notices.push_back({NoticeCode::no_text_layer, ocr_failed->what, {}});
    return document;
}

Result<PagePicture> SandboxedReader::picture(const fs::path& path, std::uint32_t page, float scale,
                                             const ReadOptions& options, CancelToken cancel) {
    if (!(scale > 0) || !(scale <= 100)) return fail(ErrorCode::invalid_argument, "a page has no such size");
    const std::string name = shown(path);
    PELLUCID_TRY(const Opened opened, open_file(path, options));
    Request request = request_for(path, options);
    request.picture_page = page;
    request.picture_scale = scale;
    PictureParser parser;
    PELLUCID_CHECK(
        converse(program_, request, opened, name, options, cancel, parser, [](Child&, Clock::time_point) {}));
    auto picture = std::move(parser).finish();
    if (!picture) return in_our_words(picture.error(), name, options);
    return picture;
}

}  // namespace pellucid::reading
