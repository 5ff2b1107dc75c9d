#include "app/main/end_signals.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>

namespace pellucid::app {

namespace {

constexpr int kSignals[] = {SIGTERM, SIGINT, SIGHUP};
// What a handler can reach has static storage; it is set before any handler runs.
volatile std::sig_atomic_t pipeEnd = -1;

void onSignal(int) {
    const int error = errno;
    const char byte = 0;
    // A full pipe means that the request is already on its way.
    [[maybe_unused]] const auto written = write(pipeEnd, &byte, 1);
    errno = error;
}

}  // namespace

EndSignals::EndSignals() {
    // Without a pipe the signals keep ending the process as they did.
    if (pipe2(ends_, O_CLOEXEC | O_NONBLOCK) != 0) return;
    pipeEnd = ends_[1];
    notifier_ = new QSocketNotifier(ends_[0], QSocketNotifier::Read, this);
    connect(notifier_, &QSocketNotifier::activated, this, [this] {
        char bytes[16];
        if (read(ends_[0], bytes, sizeof bytes) > 0) emit asked();
    });
    struct sigaction action {};
    action.sa_handler = onSignal;
    action.sa_flags = static_cast<int>(SA_RESETHAND | SA_RESTART);
    for (const int signal : kSignals) {
        struct sigaction before {};
        sigaction(signal, nullptr, &before);
        // nohup and a shell's background jobs ignore some: they stay ignored.
        if (before.sa_handler != SIG_IGN) sigaction(signal, &action, nullptr);
    }
}

EndSignals::~EndSignals() {
    if (!notifier_) return;
    for (const int signal : kSignals) {
        struct sigaction before {};
        sigaction(signal, nullptr, &before);
        if (before.sa_handler == onSignal) std::signal(signal, SIG_DFL);
    }
    pipeEnd = -1;
    delete notifier_;
    close(ends_[0]);
    close(ends_[1]);
}

}  // namespace pellucid::app
