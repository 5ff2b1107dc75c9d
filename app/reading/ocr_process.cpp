#include "app/reading/ocr_process.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <cstring>

#include "engine/text/utf8.h"

namespace pellucid::reading {

namespace {

/// Wide characters are written without blanks between them.
bool wide(char32_t c) {
    return (c >= 0x2E80 && c <= 0x9FFF) || (c >= 0xF900 && c <= 0xFAFF) || (c >= 0xFF00 && c <= 0xFF60);
}

char32_t last_character(std::string_view text) {
    std::size_t at = text.size();
    while (at > 0 && (static_cast<unsigned char>(text[--at]) & 0xC0) == 0x80) {
    }
    return text.empty() ? 0 : decode_utf8(text, at).code_point;
}

float number(std::string_view text) {
    int value = 0;
    std::from_chars(text.data(), text.data() + text.size(), value);
    return static_cast<float>(value);
}

/// The picture as a file that has no name (a PGM), to be a program's standard input.
int pgm_of(const GreyPicture& picture) {
    const int file = memfd_create("picture", MFD_CLOEXEC);
    if (file < 0) return -1;
    const std::string head =
        "P5\n" + std::to_string(picture.width) + " " + std::to_string(picture.height) + "\n255\n";
    for (std::string_view left : {std::string_view(head), std::string_view(picture.pixels)})
        while (!left.empty()) {
            const ssize_t written = ::write(file, left.data(), left.size());
            if (written <= 0) {
                ::close(file);
                return -1;
            }
            left.remove_prefix(static_cast<std::size_t>(written));
        }
    lseek(file, 0, SEEK_SET);
    return file;
}

}  // namespace

std::filesystem::path tesseract_program() {
    for (const char* path : {"/usr/bin/tesseract", "/usr/local/bin/tesseract"})
        if (::access(path, X_OK) == 0) return path;
    return {};
}

std::vector<RecognisedLine> lines_from_tsv(std::string_view tsv) {
    std::vector<RecognisedLine> lines;
    std::string paragraph;  // block and paragraph of the last line
    for (std::size_t at = 0; at < tsv.size();) {
        const std::size_t end = std::min(tsv.find('\n', at), tsv.size());
        std::string_view row = tsv.substr(at, end - at);
        at = end + 1;
        // level page block par line word left top width height conf text
        std::vector<std::string_view> cells;
        while (cells.size() < 11) {
            const std::size_t tab = row.find('\t');
            if (tab == row.npos) break;
            cells.push_back(row.substr(0, tab));
            row.remove_prefix(tab + 1);
        }
        if (cells.size() < 11) continue;
        if (cells[0] == "4") {
            const std::string here = std::string(cells[2]) + "/" + std::string(cells[3]);
            const std::uint32_t block =
                (lines.empty() ? 0 : lines.back().block) + (here == paragraph ? 0 : 1);
            paragraph = here;
            lines.push_back(
                {{}, number(cells[6]), number(cells[7]), number(cells[8]), number(cells[9]), block});
        } else if (cells[0] == "5" && !lines.empty()) {
            if (number(cells[10].substr(0, cells[10].find('.'))) < 20) continue;  // specks and drawings
            const std::string word = to_well_formed_utf8(row.substr(0, row.find('\r')));
            if (word.find_first_not_of(' ') == word.npos) continue;
            std::string& text = lines.back().text;
            if (!text.empty() && !(wide(last_character(text)) && wide(decode_utf8(word, 0).code_point)))
                text += ' ';
            text += word;
        }
    }
    std::erase_if(lines, [](const RecognisedLine& line) { return line.text.empty(); });
    return lines;
}

Result<std::vector<RecognisedLine>> recognise(const GreyPicture& picture,
                                              const std::vector<std::string>& languages,
                                              const OcrLimits& limits, const CancelToken& cancel) {
    const std::filesystem::path program = tesseract_program();
    if (program.empty())
        return fail(ErrorCode::unsupported, "OCR needs the program tesseract, which is not installed",
                    "install the packages tesseract-ocr, tesseract-ocr-eng and tesseract-ocr-chi-sim");
    std::string joined;
    for (const std::string& language : languages) {
        // A language is a file's name: nothing else may be in it.
        if (language.empty() ||
            language.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_0123456789") !=
                language.npos)
            continue;
        joined += (joined.empty() ? "" : "+") + language;
    }
    if (joined.empty()) joined = "eng";
    const int input = pgm_of(picture);
    int ends[2];
    if (input < 0 || pipe2(ends, O_CLOEXEC) != 0) {
        if (input >= 0) ::close(input);
        return fail(ErrorCode::internal,
                    std::string("the picture could not be handed to OCR: ") + std::strerror(errno));
    }
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, input, 200);
    posix_spawn_file_actions_adddup2(&actions, ends[1], 201);
    posix_spawn_file_actions_adddup2(&actions, 200, 0);
    posix_spawn_file_actions_adddup2(&actions, 201, 1);
    posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0);
    posix_spawn_file_actions_addclosefrom_np(&actions, 3);
    const std::string dots = std::to_string(std::max(70u, picture.dots_per_inch));
    std::vector<std::string> words = {"tesseract", "stdin", "stdout", "-l", joined, "--dpi", dots, "tsv"};
    std::vector<char*> arguments;
    for (std::string& word : words) arguments.push_back(word.data());
    arguments.push_back(nullptr);
    std::vector<std::string> environment = {"LC_ALL=C.UTF-8", "OMP_THREAD_LIMIT=1"};
    if (const char* data = std::getenv("TESSDATA_PREFIX"))
        environment.push_back(std::string("TESSDATA_PREFIX=") + data);
    std::vector<char*> variables;
    for (std::string& one : environment) variables.push_back(one.data());
    variables.push_back(nullptr);
    pid_t pid = -1;
    const int status =
        posix_spawn(&pid, program.c_str(), &actions, nullptr, arguments.data(), variables.data());
    posix_spawn_file_actions_destroy(&actions);
    ::close(input);
    ::close(ends[1]);
    if (status != 0) {
        ::close(ends[0]);
        return fail(ErrorCode::internal,
                    std::string("tesseract could not be started: ") + std::strerror(status));
    }
    const rlimit memory{limits.memory_bytes + (512u << 20), limits.memory_bytes + (512u << 20)}, none{0, 0};
    prlimit(pid, RLIMIT_AS, &memory, nullptr);
    prlimit(pid, RLIMIT_FSIZE, &none, nullptr);
    prlimit(pid, RLIMIT_CORE, &none, nullptr);

    std::string output;
    std::optional<Failure> stopped;
    char buffer[1 << 14];
    for (;;) {
        const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
                              limits.deadline - std::chrono::steady_clock::now())
                              .count();
        if (cancel.cancelled())
            stopped = fail(ErrorCode::cancelled, "OCR was stopped");
        else if (left <= 0)
            stopped = fail(ErrorCode::timed_out, "OCR took too long");
        else if (output.size() > (16u << 20))
            stopped = fail(ErrorCode::internal, "OCR answers without an end");
        if (stopped) break;
        pollfd waiting{ends[0], POLLIN, 0};
        if (poll(&waiting, 1, static_cast<int>(std::min<std::int64_t>(left, 20))) <= 0) continue;
        const ssize_t got = ::read(ends[0], buffer, sizeof buffer);
        if (got < 0 && errno == EINTR) continue;
        if (got <= 0) break;
        output.append(buffer, static_cast<std::size_t>(got));
    }
    ::close(ends[0]);
    if (stopped) kill(pid, SIGKILL);
    int end = 0;
    while (waitpid(pid, &end, 0) < 0 && errno == EINTR) {
    }
    if (stopped) return *stopped;
    if (!WIFEXITED(end) || WEXITSTATUS(end) != 0)
        return fail(ErrorCode::unsupported,
                    "tesseract could not read the picture with the languages " + joined,
                    "install the packages tesseract-ocr-eng and tesseract-ocr-chi-sim");
    return lines_from_tsv(output);
}

}  // namespace pellucid::reading
