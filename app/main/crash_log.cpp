#include "app/main/crash_log.h"

#include <execinfo.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <QDateTime>
#include <QDir>
#include <QFile>
#include <csignal>
#include <cstring>

namespace pellucid::app {

namespace {

// A signal handler can only reach what has static storage; it is written once, before any handler runs.
constexpr int kSignals[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT};
char reportPath[4096];
char stackSpace[64 * 1024];

void put(int file, const char* text) {
    // Nothing can be done about a failure here.
    [[maybe_unused]] const auto written = write(file, text, std::strlen(text));
}

const char* nameOf(int signal) {
    switch (signal) {
        case SIGSEGV:
            return "SIGSEGV (memory that is not there)";
        case SIGBUS:
            return "SIGBUS (a mapped file became shorter, or bad memory)";
        case SIGFPE:
            return "SIGFPE (arithmetic)";
        case SIGILL:
            return "SIGILL (an instruction this processor lacks)";
        case SIGABRT:
            return "SIGABRT (a broken promise inside the program)";
        default:
            return "unknown";
    }
}

// Only calls that are safe in a handler: open, write, close; backtrace was called once before, so that it
// loads nothing.
void onSignal(int signal) {
    const int file = open(reportPath, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (file >= 0) {
        put(file, "Pellucid " PELLUCID_VERSION " ended by ");
        put(file, nameOf(signal));
        put(file, "\n\n");
        void* frames[64];
        const int count = backtrace(frames, 64);
        backtrace_symbols_fd(frames, count, file);
        close(file);
    }
    raise(signal);  // the default action, restored by SA_RESETHAND
}

}  // namespace

void installCrashLog(const QString& dataFolder) {
    const QString folder = dataFolder + QStringLiteral("/crashes");
    QDir().mkpath(folder);
    const QByteArray path = QFile::encodeName(folder + QStringLiteral("/last.txt"));
    if (path.size() >= static_cast<qsizetype>(sizeof reportPath)) return;
    std::memcpy(reportPath, path.constData(), static_cast<std::size_t>(path.size()) + 1);
    void* frames[2];
    backtrace(frames, 2);
    stack_t stack{};
    stack.ss_sp = stackSpace;
    stack.ss_size = sizeof stackSpace;
    sigaltstack(&stack, nullptr);
    struct sigaction action {};
    action.sa_handler = onSignal;
    action.sa_flags = static_cast<int>(SA_RESETHAND | SA_NODEFER | SA_ONSTACK);
    for (const int signal : kSignals) sigaction(signal, &action, nullptr);
}

QString takeNewCrashReport(const QString& dataFolder) {
    const QString folder = dataFolder + QStringLiteral("/crashes");
    const QString last = folder + QStringLiteral("/last.txt");
    const QFileInfo info(last);
    if (!info.exists()) return {};
    const QString kept = folder + u'/' + info.lastModified().toString(QStringLiteral("yyyy-MM-dd HH-mm-ss")) +
                         QStringLiteral(".txt");
    QFile::remove(kept);
    return QFile::rename(last, kept) ? kept : QString();
}

}  // namespace pellucid::app
