// A model's header over HTTP: as much as it needs and no more, from servers that are kind and unkind.
#include <QtTest>
#include <fstream>
#include <sstream>

#include "app/hub/remote_header.h"
#include "engine/format/gguf_writer.h"
#include "fake_http.h"

using namespace pellucid;
using namespace pellucid::hub;

namespace {

const std::string kFixtures = PELLUCID_FIXTURES;

std::string content_of(const std::string& path) {
    std::ifstream in(path, std::ios::binary);
    std::ostringstream out;
    out << in.rdbuf();
    return out.str();
}

Variant variant_of(const std::vector<std::string>& names) {
    Variant variant;
    variant.name = names.front();
    variant.parts = static_cast<int>(names.size());
    for (const auto& name : names) variant.files.push_back({name, {}, {}, "https://host/" + name});
    return variant;
}

/// `content` followed by zeros up to `total`, of which a request never gets more than it asked for.
network::HttpAnswer serve_beginning(const std::string& content, std::uint64_t total,
                                    const network::HttpRequest& request) {
    const std::uint64_t first = request.range->first, last = std::min(request.range->last, total - 1);
    std::string body(last - first + 1, '\0');
    for (std::uint64_t i = first; i <= last && i < content.size(); ++i) body[i - first] = content[i];
    return answer_of(206, body,
                     {{"content-range", "bytes " + std::to_string(first) + "-" + std::to_string(last) + "/" +
                                            std::to_string(total)}});
}

}  // namespace

class TestRemoteHeader : public QObject {
    Q_OBJECT

    QTemporaryDir dir_;

    /// The tiny Llama with a vocabulary's worth of words more in its header.
    std::string with_a_long_header(int words, const std::vector<std::pair<std::string, MetaValue>>& more = {},
                                   bool tensors = true) {
        const auto file = GgufFile::open(kFixtures + "/architectures/llama.gguf");
        if (!file.ok()) return {};
        GgufWriter writer;
        writer.metadata() = (*file)->metadata();
        for (const auto& [key, value] : more) writer.metadata().set(key, value);
        if (words > 0)
            writer.metadata().set(
                "test.words",
                MetaValue{std::vector<std::string>(static_cast<std::size_t>(words), "twenty letters long!")});
        if (tensors)
            for (const FileTensor& tensor : (*file)->tensors())
                if (!writer.add_tensor(tensor.name, tensor.type, tensor.shape, tensor.bytes).ok()) return {};
        const std::string path = dir_.filePath("made.gguf").toStdString();
        return writer.write(path).ok() ? content_of(path) : std::string();
    }

private slots:
    void a_header_says_what_the_file_would() {
        const std::string path = kFixtures + "/architectures/llama.gguf", content = content_of(path);
        FakeHttp http([&](const network::HttpRequest& request) { return serve(content, request); });
        const auto remote =
            read_remote_header(http, variant_of({"llama.gguf"}), {{"Authorization", "Bearer t"}}, {});
        QVERIFY2(remote.ok(), remote.ok() ? "" : remote.error().message().c_str());
        const auto local = open_model_file(path);
        QVERIFY(local.ok());
        QCOMPARE(remote->model.facts.digest, local->facts.digest);
        QCOMPARE(remote->model.facts.parameters, local->facts.parameters);
        QCOMPARE(remote->model.facts.weight_bytes, local->facts.weight_bytes);
        QCOMPARE(remote->file_bytes, static_cast<std::uint64_t>(content.size()));
        QCOMPARE(http.requests.size(), std::size_t{1});
        QVERIFY(http.requests.front().purpose == network::Purpose::header);
        QCOMPARE(http.requests.front().headers.front().second, std::string("Bearer t"));
        // Nothing of the answer is kept: no tensor points into it.
        for (const std::string_view name : remote->model.weights->names())
            QVERIFY(remote->model.weights->find(name)->bytes.empty());
    }

    /// 404 GB on the server, one megabyte over the network.
    void the_whole_of_deepseek_r1_from_its_first_megabyte() {
        const std::string content = content_of(kFixtures + "/headers/deepseek_r1_671b.header.gguf");
        const std::uint64_t total = 404'950'000'000;
        FakeHttp http(
            [&](const network::HttpRequest& request) { return serve_beginning(content, total, request); });
        const auto remote = read_remote_header(http, variant_of({"r1.gguf"}), {}, {});
        QVERIFY2(remote.ok(), remote.ok() ? "" : remote.error().message().c_str());
        QCOMPARE(remote->fetched_bytes, first_header_bytes);
        QCOMPARE(remote->file_bytes, total);
        QVERIFY(remote->model.facts.parameters > 670'000'000'000);
        // A server whose file is shorter than its own directory says has half an upload.
        FakeHttp half([&](const network::HttpRequest& request) {
            return serve_beginning(content, 1'000'000'000, request);
        });
        const auto refused = read_remote_header(half, variant_of({"r1.gguf"}), {}, {});
        QVERIFY(!refused.ok());
        QCOMPARE(refused.error().code, ErrorCode::corrupt);
        QCOMPARE(half.requests.size(), std::size_t{1});
    }

    void what_is_asked_for_grows_with_the_header() {
        const std::string content = with_a_long_header(200'000);  // 5.6 MB before the tensors
        QVERIFY(content.size() > 5'000'000);
        const std::uint64_t total = content.size();
        FakeHttp http([&](const network::HttpRequest& request) { return serve(content, request); });
        const auto remote = read_remote_header(http, variant_of({"long.gguf"}), {}, {});
        QVERIFY2(remote.ok(), remote.ok() ? "" : remote.error().message().c_str());
        QCOMPARE(http.requests.size(), std::size_t{4});  // 1, 2, 4 and 8 MB or the end
        std::uint64_t next = 0;
        for (const auto& request : http.requests) {
            QCOMPARE(request.range->first, next);  // nothing twice
            next = request.range->last + 1;
        }
        QCOMPARE(next, total);
        // The second request is only good for the same file.
        QCOMPARE(http.requests[1].headers.back(), (std::pair<std::string, std::string>("If-Range", "\"1\"")));
    }

    void parts_are_read_each_by_its_own_header() {
        const auto part = [&](int number, bool tensors) {
            return with_a_long_header(
                0,
                {{"split.no", MetaValue{std::int64_t{number}}}, {"split.count", MetaValue{std::int64_t{2}}}},
                tensors);
        };
        const std::string first = part(0, false), second = part(1, true);
        FakeHttp http([&](const network::HttpRequest& request) {
            return serve(request.url.ends_with("a.gguf") ? first : second, request);
        });
        const auto remote = read_remote_header(http, variant_of({"a.gguf", "b.gguf"}), {}, {});
        QVERIFY2(remote.ok(), remote.ok() ? "" : remote.error().message().c_str());
        QCOMPARE(remote->file_bytes, static_cast<std::uint64_t>(first.size() + second.size()));
        QVERIFY(http.requests.back().range->last < first_header_bytes / 16);
        const auto turned = read_remote_header(http, variant_of({"b.gguf", "a.gguf"}), {}, {});
        QVERIFY(!turned.ok());
        QCOMPARE(turned.error().code, ErrorCode::corrupt);
        Variant lacking = variant_of({"a.gguf"});
        lacking.parts = 2;
        QCOMPARE(read_remote_header(http, lacking, {}, {}).error().code, ErrorCode::not_found);
    }

    void unkind_servers_data() {
        QTest::addColumn<int>("kind");
        QTest::addColumn<int>("code");
        const auto row = [](const char* name, int kind, ErrorCode code) {
            QTest::newRow(name) << kind << static_cast<int>(code);
        };
        row("200 and the whole file", 0, ErrorCode::unsupported);
        row("200 and a small page", 1, ErrorCode::unsupported);
        row("another range", 2, ErrorCode::corrupt);
        row("no Content-Range", 3, ErrorCode::corrupt);
        row("fewer bytes than it says", 4, ErrorCode::corrupt);
        row("the file changes its length", 5, ErrorCode::corrupt);
        row("403", 6, ErrorCode::not_allowed);
        row("404", 7, ErrorCode::not_found);
        row("503", 8, ErrorCode::http_status);
        row("offline", 9, ErrorCode::offline);
        row("a web page as 206", 10, ErrorCode::corrupt);
        row("a number that is no number", 11, ErrorCode::corrupt);
        row("a header without end", 12, ErrorCode::corrupt);
    }
    void unkind_servers() {
        QFETCH(int, kind);
        QFETCH(int, code);
        const std::string content = with_a_long_header(200'000);
        int asked = 0;
        FakeHttp http([&](const network::HttpRequest& request) -> Result<network::HttpAnswer> {
            network::HttpAnswer answer = serve(content, request);
            auto& range = answer.head.headers.back().second;
            ++asked;
            switch (kind) {
                case 0:
                    return answer_of(200, content);
                case 1:
                    return answer_of(200, "<html>");
                case 2:
                    range = "bytes 1-5/9";
                    break;
                case 3:
                    answer.head.headers.clear();
                    break;
                case 4:
                    answer.body.pop_back();
                    break;
                case 5:
                    if (asked == 2) range.replace(range.find('/'), std::string::npos, "/99999999");
                    break;
                case 6:
                    return answer_of(403, "no");
                case 7:
                    return answer_of(404, "no");
                case 8:
                    return answer_of(503, "no");
                case 9:
                    return fail(ErrorCode::offline, "offline");
                case 10:
                    return serve("<!DOCTYPE html><html>sign in</html>", request);
                case 11:
                    range = "bytes 0-18446744073709551617/*";
                    break;
                case 12: {  // a first key as long as the file
                    std::string endless = content.substr(0, 24) + std::string(8, '\xff');
                    endless[30] = endless[31] = 0;
                    return serve_beginning(endless, std::uint64_t{1} << 60, request);
                }
                default:
                    break;
            }
            return answer;
        });
        const auto remote = read_remote_header(http, variant_of({"x.gguf"}), {}, {});
        QVERIFY(!remote.ok());
        QCOMPARE(static_cast<int>(remote.error().code), code);
        QVERIFY(!remote.error().what.empty());
    }
};

QTEST_APPLESS_MAIN(TestRemoteHeader)
#include "test_remote_header.moc"
