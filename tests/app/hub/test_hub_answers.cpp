// What hubs answer, well formed and otherwise: pages, gates, missing fields, refusals, hostile JSON.
#include <QtTest>

#include "app/hub/answer.h"
#include "app/hub/huggingface.h"
#include "app/hub/modelscope.h"
#include "app/hub/plain_url.h"
#include "fake_http.h"

using namespace pellucid;
using namespace pellucid::hub;

namespace {

const std::string kDigest(64, 'a');

FakeHttp always(int status, const std::string& body,
                std::vector<std::pair<std::string, std::string>> headers = {}) {
    return FakeHttp([=](const network::HttpRequest&) { return answer_of(status, body, headers); });
}

std::string header_of(const network::HttpRequest& request, const std::string& name) {
    for (const auto& [key, value] : request.headers)
        if (key == name) return value;
    return {};
}

}  // namespace

class TestHubAnswers : public QObject {
    Q_OBJECT

private slots:
    void missing_and_strange_fields_stay_empty() {
        const auto page = huggingface::parse_list(
            "[{\"id\":\"a/b\"},{\"id\":7},{},null,5,[],{\"id\":\"no-owner\"},{\"id\":\"../x\"},"
            "{\"id\":\"c/d\",\"downloads\":-5,\"likes\":\"many\",\"gated\":\"perhaps\",\"tags\":{\"a\":1},"
            "\"cardData\":[],\"gguf\":3,\"lastModified\":null,\"private\":\"yes\"}]");
        QVERIFY2(page.ok(), page.ok() ? "" : page.error().message().c_str());
        QCOMPARE(page->listings.size(), std::size_t{2});
        QCOMPARE(page->skipped, 7);
        const Listing& strange = page->listings.back();
        QCOMPARE(strange.repository, std::string("c/d"));
        QCOMPARE(strange.downloads, std::uint64_t{0});
        QVERIFY(strange.gate == Gate::open && !strange.private_repository && strange.licence.empty());
    }

    void a_card_is_read() {
        const auto page = huggingface::parse_list(
            "[{\"id\":\"a/b\",\"gated\":\"manual\",\"tags\":[\"base_model:quantized:o/"
            "base\",\"license:mit\",3],"
            "\"cardData\":{\"license\":\"other\",\"license_name\":\"gemma\",\"language\":[\"en\",\"zh\","
            "\"en\",2],"
            "\"base_model\":\"o/"
            "base\"},\"gguf\":{\"architecture\":\"qwen2\",\"total\":7000,\"context_length\":99}}]");
        QVERIFY(page.ok());
        const Listing& read = page->listings.front();
        QVERIFY(read.gate == Gate::author);
        QCOMPARE(read.licence, std::string("gemma"));
        QCOMPARE(read.languages, (std::vector<std::string>{"en", "zh"}));
        QCOMPARE(read.base_models, (std::vector<std::string>{"o/base"}));
        QCOMPARE(read.architecture, std::string("qwen2"));
        QCOMPARE(read.trained_context, 99);
    }

    void files_of_a_model_are_read() {
        const std::string body =
            "{\"id\":\"o/n\",\"sha\":\"abc123\",\"siblings\":[{\"rfilename\":\"n "
            "Q8_0.gguf\",\"size\":12,\"lfs\":{\"sha256\":\"" +
            kDigest +
            "\",\"size\":12}},{\"rfilename\":\"../n-Q4_0.gguf\",\"size\":1},{\"rfilename\":\"x.md\"},{},"
            "{\"rfilename\":\"n-Q4_0.gguf\",\"size\":1.5,\"lfs\":{\"sha256\":\"short\"}}]}";
        const auto repository = huggingface::parse_model(body, "https://hub");
        QVERIFY(repository.ok());
        QCOMPARE(repository->skipped, 2);
        QCOMPARE(repository->other_files, 1);
        QCOMPARE(repository->variants.size(), std::size_t{2});
        const HubFile& file = repository->variants[0].files[0];
        QCOMPARE(file.url, std::string("https://hub/o/n/resolve/abc123/n%20Q8_0.gguf"));
        QCOMPARE(file.sha256, kDigest);
        QVERIFY(!repository->variants[1].files[0].bytes && repository->variants[1].files[0].sha256.empty());
        // A revision that would lead elsewhere is not followed.
        const auto odd =
            huggingface::parse_model("{\"id\":\"o/n\",\"sha\":\"../../x\",\"siblings\":[]}", "https://hub");
        QCOMPARE(odd->revision, std::string("main"));
    }

    void what_is_no_answer_is_told_data() {
        QTest::addColumn<QByteArray>("body");
        QTest::newRow("nothing") << QByteArray();
        QTest::newRow("a sign-in page") << QByteArray("<html><body>Welcome to the hotel</body></html>");
        QTest::newRow("cut") << QByteArray("[{\"id\":\"a/b\"");
        QTest::newRow("not UTF-8") << QByteArray("[\"\xff\xfe\"]");
        QTest::newRow("a number") << QByteArray("1e400");
        QTest::newRow("deep") << QByteArray(100000, '[');
        QTest::newRow("deep and closed") << QByteArray(100000, '[') + QByteArray(100000, ']');
        QTest::newRow("null") << QByteArray("null");
    }
    void what_is_no_answer_is_told() {
        QFETCH(QByteArray, body);
        const std::string text = body.toStdString();
        const auto no_list = huggingface::parse_list(text);
        // A list of lists is a list of which nothing is a model.
        QVERIFY(!no_list.ok() || (no_list->listings.empty() && no_list->skipped == 1));
        QVERIFY(!huggingface::parse_model(text, "https://h").ok());
        const auto scope = modelscope::parse_list(text);
        QVERIFY(!scope.ok() || scope->page.listings.empty());
        QVERIFY(!modelscope::parse_model(text).ok());
        Repository repository;
        QVERIFY(!modelscope::parse_files(text, "https://h", repository).ok() || repository.variants.empty());
        if (!no_list.ok()) {
            QCOMPARE(no_list.error().code, ErrorCode::corrupt);
            QVERIFY(!no_list.error().hint.empty());
        }
    }

    void links_to_the_next_page() {
        QCOMPARE(huggingface::next_link("<https://h/api/models?cursor=a%2C1>; rel=\"next\""),
                 std::string("https://h/api/models?cursor=a%2C1"));
        QCOMPARE(huggingface::next_link("<https://h/1>; rel=\"first\", <https://h/2>; rel=\"next\""),
                 std::string("https://h/2"));
        for (const char* none :
             {"", "<", "<>", "<https://h/1>", ">rel=\"next\"<", "<https://h/1>; rel=\"prev\"", ",,,"})
            QCOMPARE(huggingface::next_link(none), std::string());
    }

    // A mirror that hands on the original's links: neither the person's words nor the token go there.
    void pages_stay_with_the_mirror() {
        FakeHttp http([](const network::HttpRequest&) {
            return answer_of(
                200, "[{\"id\":\"a/b\"}]",
                {{"link", "<https://huggingface.co/api/models?limit=1&cursor=xyz>; rel=\"next\""}});
        });
        const auto hub = make_huggingface(http, {"https://mirror.example/hf/", "secret"});
        const auto page = hub->search({}, {});
        QVERIFY(page.ok());
        QCOMPARE(page->next, std::string("https://mirror.example/hf/api/models?limit=1&cursor=xyz"));
        QVERIFY(hub->more(page->next, {}).ok());
        QVERIFY(http.requests.back().url.starts_with("https://mirror.example/hf/"));
        QCOMPARE(header_of(http.requests.back(), "Authorization"), std::string("Bearer secret"));
        QVERIFY(!hub->more("https://elsewhere.example/api/models?x=1", {}).ok());
        QCOMPARE(http.requests.size(), std::size_t{2});
        QVERIFY(hub->headers("https://mirror.example.evil/x").empty());
        QVERIFY(hub->headers("http://mirror.example/x").empty());  // not without encryption
        QVERIFY(hub->headers("https://cdn.example/x").empty());
        QCOMPARE(hub->headers("https://MIRROR.example/x").size(), std::size_t{1});
    }

    void words_of_a_search_are_escaped() {
        FakeHttp http = always(200, "[]");
        const auto hub = make_huggingface(http, {});
        QVERIFY(hub->search({"a&b=c d/é", "me", 1000}, {}).ok());
        const std::string url = http.requests.back().url;
        QVERIFY2(url.starts_with("https://huggingface.co/api/models?") &&
                     url.find("&search=a%26b%3Dc%20d%2F%C3%A9&author=me") != std::string::npos &&
                     url.find("limit=100&") != std::string::npos,
                 url.c_str());
        QVERIFY(http.requests.back().purpose == network::Purpose::search);
    }

    void modelscope_counts_its_pages() {
        FakeHttp http([](const network::HttpRequest& request) {
            const bool second = request.url.ends_with("page_number=2");
            return answer_of(200, std::string("{\"data\":{\"models\":[{\"id\":\"a/") +
                                      (second ? "two" : "one") +
                                      "\",\"gated\":true}],\"total_count\":2,\"page_size\":1}}");
        });
        const auto hub = make_modelscope(http, {});
        const auto first = hub->search({"qwen", {}, 1}, {});
        QVERIFY(first.ok());
        QCOMPARE(first->total, std::optional<std::uint64_t>(2));
        QVERIFY(first->listings.front().gate == Gate::terms);
        QVERIFY(http.requests.back().url.find("search=qwen%20GGUF") != std::string::npos);
        const auto second = hub->more(first->next, {});
        QVERIFY(second.ok());
        QCOMPARE(second->listings.front().name, std::string("two"));
        QVERIFY(second->next.empty());
        for (const char* wrong :
             {"", "https://modelscope.cn/openapi/v1/models?x",
              "https://e/openapi/v1/models?&page_size=1&page_number=2",
              "https://modelscope.cn/openapi/v1/models?&page_size=1&page_number=99999999999"})
            QVERIFY2(!hub->more(wrong, {}).ok(), wrong);
    }

    void refusals_say_what_to_do_data() {
        QTest::addColumn<int>("status");
        QTest::addColumn<QByteArray>("code");
        QTest::addColumn<bool>("token");
        QTest::addColumn<int>("error");
        const auto row = [](const char* name, int status, const char* code, bool token, ErrorCode error) {
            QTest::newRow(name) << status << QByteArray(code) << token << static_cast<int>(error);
        };
        row("gated", 401, "GatedRepo", false, ErrorCode::not_allowed);
        row("not let in", 403, "GatedRepo", true, ErrorCode::not_allowed);
        row("private or not there", 401, "RepoNotFound", false, ErrorCode::not_allowed);
        row("token of yesterday", 401, "", true, ErrorCode::not_allowed);
        row("not there", 404, "RepoNotFound", true, ErrorCode::not_found);
        row("too many", 429, "", false, ErrorCode::http_status);
        row("broken", 503, "", false, ErrorCode::http_status);
        row("moved", 418, "", false, ErrorCode::http_status);
    }
    void refusals_say_what_to_do() {
        QFETCH(int, status);
        QFETCH(QByteArray, code);
        QFETCH(bool, token);
        QFETCH(int, error);
        FakeHttp http = always(status, "{\"error\":\"no\"}",
                               {{"x-error-code", code.toStdString()}, {"retry-after", "30"}});
        for (const char* id : {"hf", "ms"}) {
            const auto hub = make_hub(id, http, {"", token ? "t" : ""});
            const auto looked = (*hub)->look("owner/name", {}, {});
            QVERIFY(!looked.ok());
            QCOMPARE(static_cast<int>(looked.error().code), error);
            QVERIFY(!looked.error().hint.empty());
            if (status == 429) QVERIFY(looked.error().hint.find("30 s") != std::string::npos);
            if (code == "GatedRepo") QVERIFY(looked.error().hint.find("owner/name") != std::string::npos);
        }
    }

    void wrong_names_and_addresses_ask_nobody() {
        FakeHttp http = always(200, "[]");
        const auto hub = make_huggingface(http, {});
        for (const char* wrong : {"", "name", "a/b/c", "../b", "a/..", "a b/c", "a/b?c", "/a", "a/"}) {
            const auto looked = hub->look(wrong, {}, {});
            QVERIFY2(!looked.ok() && looked.error().code == ErrorCode::invalid_argument, wrong);
        }
        for (const char* wrong : {"hub.example", "ftp://hub", "https://", "https://u:p@hub", "https://hub?x"})
            QVERIFY2(!make_huggingface(http, {wrong, ""})->search({}, {}).ok(), wrong);
        QVERIFY(!make_hub("nowhere", http, {}).ok());
        QVERIFY(http.requests.empty());
    }

    void a_plain_address() {
        const std::string content(5000, 'x');
        FakeHttp http([&](const network::HttpRequest& request) { return serve(content, request); });
        const auto one = look_at_url(http, "https://host/x/My%20Model-Q4_0.gguf?download=true", {});
        QVERIFY2(one.ok(), one.ok() ? "" : one.error().message().c_str());
        QCOMPARE(one->name, std::string("My Model-Q4_0"));
        QCOMPARE(one->bytes(), std::optional<std::uint64_t>(5000));
        const auto parts =
            look_at_url(http, "https://huggingface.co/a/b/blob/main/m-F16-00002-of-00003.gguf", {});
        QVERIFY(parts.ok());
        QCOMPARE(parts->files.size(), std::size_t{3});
        QCOMPARE(parts->files[2].url,
                 std::string("https://huggingface.co/a/b/resolve/main/m-F16-00003-of-00003.gguf"));
        QCOMPARE(parts->bytes(), std::optional<std::uint64_t>(15000));
        for (const char* wrong :
             {"", "model.gguf", "file:///etc/x.gguf", "https://host/model.bin", "https://host/..%2Fx.gguf",
              "https://host/mmproj-x.gguf", "https://host/x-00001-of-99999.gguf"})
            QVERIFY2(!look_at_url(http, wrong, {}).ok(), wrong);
        FakeHttp closed = always(403, "");
        QCOMPARE(look_at_url(closed, "https://host/x.gguf", {}).error().code, ErrorCode::not_allowed);
        FakeHttp whole = always(200, content);  // no ranges here: its length is told by the download
        const auto unknown = look_at_url(whole, "https://host/x.gguf", {});
        QVERIFY(unknown.ok() && !unknown->bytes());
    }
};

QTEST_APPLESS_MAIN(TestHubAnswers)
#include "test_hub_answers.moc"
