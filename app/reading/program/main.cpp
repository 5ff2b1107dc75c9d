// pellucid-reader: reads a request from its standard input, one file from descriptor 3, and writes the
// document to its standard output (app/reading/wire.h). Started by SandboxedReader alone; a person has no use
// for it.
#include <libxml/parser.h>
#include <sys/stat.h>
#include <unicode/uclean.h>
#include <unicode/ucnv.h>
#include <unistd.h>
#include <QCoreApplication>
#include <QLoggingCategory>
#include <QPdfDocument>
#include <clocale>
#include <cstdlib>
#include <memory>
#include <new>
#include <string>

#include "app/reading/formats/format.h"
#include "app/reading/program/asking_recogniser.h"
#include "app/reading/program/page_drawing.h"
#include "app/reading/program/pdf_source.h"
#include "app/reading/program/sandbox.h"
#include "app/reading/wire.h"

using namespace pellucid;
using namespace pellucid::reading;

namespace {

constexpr int kFile = 3;

void put(std::string_view bytes) {
    while (!bytes.empty()) {
        const ssize_t written = ::write(STDOUT_FILENO, bytes.data(), bytes.size());
        if (written <= 0) _exit(4);  // the app has gone
        bytes.remove_prefix(static_cast<std::size_t>(written));
    }
}

[[noreturn]] void end_with(std::string_view bytes) {
    put(bytes);
    _exit(0);  // nothing that was built of a stranger's bytes is taken apart again
}

/// Said with what is at hand: there is no memory for more.
void no_memory() {
    static const std::string kWords =
        encode(Error{ErrorCode::out_of_memory, "it needs more memory than it may have", ""});
    end_with(kWords);
}

Result<std::string> whole_file() {
    struct stat state {};
    if (fstat(kFile, &state) != 0) return fail(ErrorCode::io, "it could not be read");
    std::string bytes(static_cast<std::size_t>(state.st_size), '\0');
    std::size_t have = 0;
    while (have < bytes.size()) {
        const ssize_t got = pread(kFile, bytes.data() + have, bytes.size() - have, static_cast<off_t>(have));
        if (got < 0)
            return fail(ErrorCode::io, "it could not be read: the disk reports an error",
                        "check the disk that it lies on");
        if (got == 0) break;  // it became shorter
        have += static_cast<std::size_t>(got);
    }
    bytes.resize(have);
    return bytes;
}

/// Its first bytes, which tell a PDF.
Result<std::string> head_of_file() {
    std::string head(1024, '\0');
    const ssize_t got = pread(kFile, head.data(), head.size(), 0);
    if (got < 0)
        return fail(ErrorCode::io, "it could not be read: the disk reports an error",
                    "check the disk that it lies on");
    head.resize(static_cast<std::size_t>(got));
    return head;
}

bool is_pdf(std::string_view head) {
    return head.find("%PDF-") != std::string_view::npos;
}

Result<PagePicture> draw_page(std::uint32_t page, float scale) {
    PELLUCID_TRY(const std::string head, head_of_file());
    if (is_pdf(head)) return draw_pdf(kFile, page, scale);
    if (page > 0) return fail(ErrorCode::not_found, "it has no such page");
    PELLUCID_TRY(const std::string bytes, whole_file());
    return draw_image(bytes, scale);
}

Result<Document> read_file(const FormatContext& context) {
    // A PDF is read where it lies; everything else is held whole.
    PELLUCID_TRY(const std::string head, head_of_file());
    const auto pdf = [](const FormatContext& with) { return read_pdf(kFile, with); };
    if (is_pdf(head)) return read_bytes(head, context, pdf);
    PELLUCID_TRY(const std::string bytes, whole_file());
    return read_bytes(bytes, context, pdf);
}

}  // namespace

int main(int argc, char** argv) {
    // One write, one read: a request is shorter than a pipe holds, and what follows it are replies to
    // pictures.
    std::string question(1 << 17, '\0');
    const ssize_t got = ::read(STDIN_FILENO, question.data(), question.size());
    const auto request =
        decode_request(std::string_view(question).substr(0, got > 0 ? static_cast<std::size_t>(got) : 0));
    if (!request) {
        static constexpr std::string_view kUsage =
            "pellucid-reader is started by Pellucid to read documents; it is of no use by itself.\n";
        (void)!::write(STDERR_FILENO, kUsage.data(), kUsage.size());
        return 2;
    }
    // Everything that opens files of its own happens here, before the filter.
    std::setlocale(LC_ALL, "C.UTF-8");
    std::set_new_handler(no_memory);
    qInstallMessageHandler([](QtMsgType, const QMessageLogContext&, const QString&) {});
    const QCoreApplication application(argc, argv);
    UErrorCode status = U_ZERO_ERROR;
    u_init(&status);
    for (const char* charset : {"windows-1252", "GB18030"}) {
        status = U_ZERO_ERROR;
        ucnv_close(ucnv_open(charset, &status));
    }
    xmlInitParser();
    { const QPdfDocument warm; }
    FormatContext context;
    context.name = request->name;
    context.limits = {request->max_text_bytes, request->max_pages};
    std::unique_ptr<Recogniser> recogniser;
    if (request->recognise) recogniser = std::make_unique<AskingRecogniser>();
    context.recogniser = recogniser.get();
    if (request->picture_scale > 0) load_picture_formats();
    context.progress = [last = time_t(0)](std::uint32_t done, std::uint32_t pages) mutable {
        if (const time_t now = time(nullptr); now != last) {
            last = now;
            put(encode_progress(done, pages));
        }
    };
    const std::string sandbox = enter_sandbox({request->memory_bytes, request->cpu_seconds});
    try {
        if (request->picture_scale > 0) {
            const auto picture = draw_page(request->picture_page, request->picture_scale);
            end_with(picture ? encode(*picture) : encode(picture.error()));
        }
        Result<Document> document = read_file(context);
        if (!document) end_with(encode(document.error()));
        document->notices.push_back({NoticeCode::sandbox, sandbox, {}});
        end_with(encode(*document));
    } catch (const std::bad_alloc&) {
        no_memory();
    } catch (const std::exception& failure) {
        end_with(
            encode(Error{ErrorCode::corrupt, std::string("it could not be read (") + failure.what() + ")",
                         "get the file again from where it came"}));
    }
    return 0;
}
