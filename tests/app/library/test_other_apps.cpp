// Other apps' folders, planted: found, named, and offered where they lie; hostile manifests are not believed.
#include <sys/stat.h>

#include <QtTest>
#include <algorithm>

#include "tests/app/library/planted.h"

using namespace pellucid;
using namespace pellucid::library;
using namespace pellucid::library::test;

namespace {

const FoundModel* named(const FoundModels& found, const std::string& name) {
    const auto place = std::ranges::find(found.models, name, &FoundModel::name);
    return place == found.models.end() ? nullptr : &*place;
}

FoundModels look(const Home& home) {
    auto found = find_models(home.surroundings());
    return found ? *std::move(found) : FoundModels();
}

}  // namespace

class TestOtherApps : public QObject {
    Q_OBJECT

private slots:
    void an_empty_home_has_nothing() {
        Home home;
        QVERIFY(app_folders(home.surroundings()).empty());
        const auto found = look(home);
        QVERIFY(found.models.empty() && found.skipped.empty());
    }

    void origins_have_words_that_come_back() {
        for (const Origin origin :
             {Origin::file, Origin::download, Origin::starter, Origin::ollama, Origin::lm_studio, Origin::jan,
              Origin::gpt4all, Origin::llama_cpp, Origin::hugging_face})
            QVERIFY(origin_from(to_string(origin)) == origin);
        QVERIFY(!origin_from("something else"));
        QCOMPARE(std::string(app_name(Origin::lm_studio)), std::string("LM Studio"));
    }

    void ollama() {
        Home home;
        const std::string small = model_bytes(1), other = model_bytes(2), adapted = model_bytes(3);
        const fs::path blob = home.plant_ollama("registry.ollama.ai/library/qwen3/latest", small);
        home.plant_ollama("registry.ollama.ai/library/qwen3/0.6b", small);  // the same blob, another tag
        home.plant_ollama("hf.co/bartowski/Llama-GGUF/Q4_K_M", other);
        const std::string lora = model_bytes(4, 600);
        write(home.path() / ".ollama/models/blobs" / ("sha256-" + sha256_of(lora)), lora);
        home.plant_ollama("registry.ollama.ai/me/mine/v1", adapted, "," + Home::layer("adapter", lora));
        const auto found = look(home);
        QVERIFY(found.skipped.empty());
        QCOMPARE(found.models.size(), std::size_t{3});
        const FoundModel* qwen = named(found, "qwen3:0.6b");
        QVERIFY(qwen != nullptr);
        QVERIFY(qwen->origin == Origin::ollama);
        QVERIFY(qwen->path == blob);
        QCOMPARE(qwen->files.at(0).sha256, sha256_of(small));
        QCOMPARE(qwen->bytes(), std::uint64_t{small.size()});
        QCOMPARE(qwen->repository, std::string("qwen3"));
        QCOMPARE(qwen->revision, std::string("0.6b"));
        QVERIFY(named(found, "hf.co/bartowski/Llama-GGUF:Q4_K_M") != nullptr);
        const FoundModel* mine = named(found, "me/mine:v1");
        QVERIFY(mine != nullptr && mine->adapters.size() == 1);
        QCOMPARE(mine->adapters[0].sha256, sha256_of(lora));
    }

    /// One blob under many names: one model, and one behaviour for each name that has its own. With an
    /// adapter it is another model.
    void ollama_names_with_a_behaviour_of_their_own() {
        Home home;
        const std::string bytes = model_bytes(1), lora = model_bytes(4, 600);
        const auto layers = [&](const std::string& kind, const std::string& text) {
            write(home.path() / ".ollama/models/blobs" / ("sha256-" + sha256_of(text)), text);
            return "," + Home::layer(kind, text);
        };
        home.plant_ollama("registry.ollama.ai/library/base/1b", bytes, layers("template", "{{ .Prompt }}"));
        home.plant_ollama("registry.ollama.ai/library/zmario/latest", bytes,
                          layers("system", "You are Mario.\xff") +
                              layers("params",
                                     "{\"temperature\":1.5,\"top_k\":20,\"stop\":[\"<end>\"],"
                                     "\"penalize_newline\":false,\"num_ctx\":\"many\"}"));
        home.plant_ollama("registry.ollama.ai/library/calm/latest", bytes,
                          layers("params", "{\"temperature\":0.1}"));
        home.plant_ollama("registry.ollama.ai/library/tuned/latest", bytes,
                          layers("adapter", lora) + layers("system", "Be brief."));
        auto found = look(home);
        QVERIFY2(found.skipped.empty(), found.skipped.empty() ? "" : found.skipped[0].error.what.c_str());
        QCOMPARE(found.models.size(), std::size_t{2});
        const FoundModel* base = named(found, "base:1b");
        QVERIFY(base != nullptr && base->adapters.empty());
        QCOMPARE(base->behaviours.size(), std::size_t{2});
        QVERIFY(base->behaviours[0] == (FoundBehaviour{"calm:latest", {}, {{"temperature", 0.1}}}));
        QCOMPARE(base->behaviours[1].name, std::string("zmario:latest"));
        QCOMPARE(base->behaviours[1].system, std::string("You are Mario.\xef\xbf\xbd"));
        QVERIFY(base->behaviours[1].parameters ==
                (std::map<std::string, double>{{"temperature", 1.5}, {"top_k", 20}}));
        const FoundModel* tuned = named(found, "tuned:latest");
        QVERIFY(tuned != nullptr && tuned->adapters.size() == 1 && tuned->path == base->path);
        QVERIFY(tuned->id() != base->id());
        QCOMPARE(base->id(), base->path.string());
        QCOMPARE(tuned->behaviours.size(), std::size_t{1});
        // An adapter that is missing: not offered without it, and said why.
        fs::remove(home.path() / ".ollama/models/blobs" / ("sha256-" + sha256_of(lora)));
        found = look(home);
        QVERIFY(named(found, "tuned:latest") == nullptr);
        QCOMPARE(found.skipped.size(), std::size_t{1});
        QVERIFY(found.skipped[0].error.what.find("is missing") != std::string::npos);
    }

    void ollama_elsewhere_and_in_its_newer_tree() {
        Home home;
        const std::string bytes = model_bytes(5);
        const fs::path root = home.path() / "disk two/ollama";
        home.variables["OLLAMA_MODELS"] = root.string();
        // A list with a child for another runner first, and ours by reference to a blob.
        const std::string child =
            "{\"schemaVersion\":2,\"mediaType\":\"application/vnd.docker.distribution.manifest.v2+json\","
            "\"config\":{},\"layers\":[" +
            Home::layer("model", bytes) + "]}";
        write(root / "blobs" / ("sha256-" + sha256_of(bytes)), bytes);
        write(root / "blobs" / ("sha256-" + sha256_of(child)), child);
        const std::string list =
            "{\"schemaVersion\":2,\"mediaType\":\"application/vnd.ollama.manifest.list.v2+json\","
            "\"manifests\":[{\"runner\":\"mlx\",\"digest\":\"sha256:" +
            std::string(64, '1') +
            "\"},{\"runner\":\"llamacpp\",\"format\":\"gguf\",\"digest\":\"sha256:" + sha256_of(child) +
            "\"}]}";
        const fs::path list_blob = root / "blobs" / ("sha256-" + sha256_of(list));
        write(list_blob, list);
        fs::create_directories(root / "manifest-v2/ollama.com/library/gemma3");
        fs::create_symlink(list_blob, root / "manifest-v2/ollama.com/library/gemma3/270m");
        const auto found = look(home);
        QVERIFY2(found.skipped.empty(), found.skipped.empty() ? "" : found.skipped[0].error.what.c_str());
        QCOMPARE(found.models.size(), std::size_t{1});
        QCOMPARE(found.models[0].name, std::string("gemma3:270m"));
        QCOMPARE(found.models[0].files.at(0).sha256, sha256_of(bytes));
    }

    void lm_studio() {
        Home home;
        home.plant_lm_studio("lmstudio-community/Qwen3-0.6B-GGUF/Qwen3-0.6B-Q4_K_M.gguf", model_bytes(1));
        home.plant_lm_studio("lmstudio-community/Qwen3-0.6B-GGUF/mmproj-model-f16.gguf", model_bytes(2));
        for (int part = 1; part <= 3; ++part)
            home.plant_lm_studio("big/Big-GGUF/Big-Q8_0-0000" + std::to_string(part) + "-of-00003.gguf",
                                 model_bytes(10u + static_cast<unsigned>(part)));
        home.plant_lm_studio("big/Half-GGUF/Half-Q8_0-00001-of-00002.gguf", model_bytes(20));
        home.plant_lm_studio("big/Half-GGUF/empty.gguf", "");
        const auto found = look(home);
        QCOMPARE(found.models.size(), std::size_t{2});
        const FoundModel* qwen = named(found, "Qwen3-0.6B-Q4_K_M");
        QVERIFY(qwen != nullptr && qwen->origin == Origin::lm_studio);
        QCOMPARE(qwen->repository, std::string("lmstudio-community/Qwen3-0.6B-GGUF"));
        const FoundModel* big = named(found, "Big-Q8_0");
        QVERIFY(big != nullptr);
        QCOMPARE(big->files.size(), std::size_t{3});
        QVERIFY(big->path == big->files[0].path);
        QCOMPARE(big->bytes(), std::uint64_t{15000});
        QCOMPARE(found.skipped.size(), std::size_t{2});
    }

    void lm_studio_where_its_settings_say() {
        Home home;
        write(home.path() / ".lmstudio-home-pointer", (home.path() / "lm").string() + "\n");
        write(home.path() / "lm/settings.json",
              "{\"downloadsFolder\":\"" + (home.path() / "big disk").string() + "\"}");
        write(home.path() / "big disk/a/b/c.gguf", model_bytes(1));
        write(home.path() / "lm/models/a/b/d.gguf", model_bytes(2));
        // A link back to the top is no reason to walk for ever.
        fs::create_directory_symlink(home.path() / "big disk", home.path() / "big disk/a/again");
        const auto found = look(home);
        QCOMPARE(found.models.size(), std::size_t{2});
        QVERIFY(named(found, "c") && named(found, "d"));
    }

    void jan() {
        Home home;
        const std::string bytes = model_bytes(1), imported = model_bytes(2);
        home.plant_jan("janhq/Jan-v3-4B-gguf", bytes, "model_sha256: " + sha256_of(bytes) + "\n");
        write(home.path() / "Downloads/mine.gguf", imported);
        write(home.path() / ".local/share/Jan/data/llamacpp/models/mine/model.yml",
              "model_path: '" + (home.path() / "Downloads/mine.gguf").string() +
                  "'\nname: \"mine \\\"quoted\\\"\" \n");
        const auto found = look(home);
        QVERIFY2(found.skipped.empty(), found.skipped.empty() ? "" : found.skipped[0].error.what.c_str());
        QCOMPARE(found.models.size(), std::size_t{2});
        const FoundModel* jan = named(found, "janhq/Jan-v3-4B-gguf");
        QVERIFY(jan != nullptr && jan->origin == Origin::jan);
        QCOMPARE(jan->files.at(0).sha256, sha256_of(bytes));
        QCOMPARE(jan->repository, std::string("janhq/Jan-v3-4B-gguf"));
        const FoundModel* mine = named(found, "mine \"quoted\"");
        QVERIFY(mine != nullptr);
        QVERIFY(mine->path == home.path() / "Downloads/mine.gguf");
        QVERIFY(mine->files.at(0).sha256.empty());
    }

    void jan_with_another_data_folder_and_its_older_layout() {
        Home home;
        write(home.path() / ".config/Jan/settings.json",
              "{\"data_folder\":\"" + (home.path() / "jan data").string() + "\"}");
        write(home.path() / "jan data/models/old/model.yml", "name: old\nfiles:\n  - models/old/m.gguf\n");
        write(home.path() / "jan data/models/old/m.gguf", model_bytes(7));
        const auto found = look(home);
        QVERIFY(named(found, "old") != nullptr);
    }

    void gpt4all() {
        Home home;
        write(home.path() / ".local/share/nomic.ai/GPT4All/Llama-3.gguf", model_bytes(1));
        write(home.path() / ".local/share/nomic.ai/GPT4All/incomplete-Phi.gguf", model_bytes(2));
        write(home.path() / ".config/nomic.ai/GPT4All.ini",
              "[Other]\nmodelPath=/nowhere\n[General]\r\nmodelPath=" + (home.path() / "my models").string() +
                  "/\r\n");
        write(home.path() / "my models/Mistral.gguf", model_bytes(3));
        const auto found = look(home);
        QCOMPARE(found.models.size(), std::size_t{2});
        QVERIFY(named(found, "Llama-3") && named(found, "Mistral"));
    }

    void llama_cpp() {
        Home home;
        const std::string bytes = model_bytes(1), changed = model_bytes(2);
        const fs::path cache = home.path() / ".cache/llama.cpp";
        const auto manifest = [](const std::string& file, const std::string& sha, std::size_t size) {
            return "{\"ggufFile\":{\"rfilename\":\"" + file + "\",\"size\":" + std::to_string(size) +
                   ",\"lfs\":{\"sha256\":\"" + sha + "\"}}}";
        };
        write(cache / "manifest=ggml-org=gemma-3-1b-it-GGUF=latest.json",
              manifest("gemma-3-1b-it-Q4_K_M.gguf", sha256_of(bytes), bytes.size()));
        write(cache / "ggml-org_gemma-3-1b-it-GGUF_gemma-3-1b-it-Q4_K_M.gguf", bytes);
        // Not as long as what the manifest tells of: its digest is not this file's.
        write(cache / "manifest=a=b=Q8_0.json",
              manifest("sub/c.gguf", sha256_of(changed), changed.size() + 1));
        write(cache / "a_b_sub_c.gguf", changed);
        write(cache / "a_b_sub_c.gguf.downloadInProgress", "half");
        const auto found = look(home);
        QCOMPARE(found.models.size(), std::size_t{2});
        const FoundModel* gemma = named(found, "gemma-3-1b-it-Q4_K_M");
        QVERIFY(gemma != nullptr);
        QCOMPARE(gemma->repository, std::string("ggml-org/gemma-3-1b-it-GGUF"));
        QCOMPARE(gemma->files.at(0).sha256, sha256_of(bytes));
        const FoundModel* other = named(found, "sub_c");
        QVERIFY(other != nullptr && other->files.at(0).sha256.empty());
    }

    void hugging_face() {
        Home home;
        const std::string bytes = model_bytes(1), weights = model_bytes(2);
        const std::string old_commit(40, 'a'), new_commit(40, 'b');
        home.plant_hugging_face("unsloth/Qwen3-GGUF", old_commit, "Qwen3-Q4_K_M.gguf", bytes);
        const fs::path file =
            home.plant_hugging_face("unsloth/Qwen3-GGUF", new_commit, "Qwen3-Q4_K_M.gguf", bytes);
        home.plant_hugging_face("org/folder-model", new_commit, "model.safetensors", weights);
        home.plant_hugging_face("org/folder-model", new_commit, "config.json", "{}");
        home.plant_hugging_face("org/data-only", new_commit, "readme.md", "text");
        const auto found = look(home);
        QCOMPARE(found.models.size(), std::size_t{2});
        const FoundModel* qwen = named(found, "Qwen3-Q4_K_M");
        QVERIFY(qwen != nullptr);
        QVERIFY(qwen->path == file);  // of the commit that main is at
        QCOMPARE(qwen->files.at(0).sha256, sha256_of(bytes));
        QCOMPARE(qwen->revision, new_commit);
        const FoundModel* folder = named(found, "org/folder-model");
        QVERIFY(folder != nullptr && fs::is_directory(folder->path));
        QCOMPARE(folder->files.size(), std::size_t{2});
        QCOMPARE(folder->files[1].sha256, sha256_of(weights));
    }

    void hostile_ollama_manifests_data() {
        QTest::addColumn<QByteArray>("manifest");
        const std::string model = Home::layer("model", model_bytes(1));
        const auto row = [](const char* name, const std::string& text) {
            QTest::addRow("%s", name) << QByteArray::fromStdString(text);
        };
        const std::string begin =
            "{\"layers\":[{\"mediaType\":\"application/vnd.ollama.image.model\",\"digest\":\"sha256:";
        row("no JSON", "not json");
        row("a list", "[]");
        row("no layers", "{\"layers\":{}}");
        row("layers of numbers", "{\"layers\":[1,null,\"x\",[]]}");
        row("a way out", begin + "../../../../secret.gguf\",\"size\":5000}]}");
        row("a short digest", begin + "ab\",\"size\":1}]}");
        row("a missing blob", begin + std::string(64, 'e') + "\",\"size\":5000}]}");
        const auto sized = [&](const char* size) {
            std::string changed = model;
            changed.replace(changed.find("5000"), 4, size);
            return "{\"layers\":[" + changed + "]}";
        };
        row("another size", sized("5001"));
        row("a negative size", sized("-1"));
        row("a size beyond numbers", sized("1e999"));
        row("a size with a fraction", sized("5000.5"));
        row("two models", "{\"layers\":[" + model + "," + model + "]}");
        row("deep", std::string(5000, '[') + std::string(5000, ']'));
        row("deep inside", "{\"layers\":" + std::string(5000, '[') + std::string(5000, ']') + "}");
        row("a list that names a model",
            "{\"mediaType\":\"application/vnd.ollama.manifest.list.v2+json\",\"manifests\":[{\"runner\":"
            "\"ollama\",\"digest\":\"sha256:" +
                sha256_of(model_bytes(1)) + "\"}]}");
        row("longer than a manifest is", "{\"layers\":[]," + std::string(2u << 20, ' ') + "}");
    }
    void hostile_ollama_manifests() {
        QFETCH(QByteArray, manifest);
        Home home;
        home.plant_ollama("registry.ollama.ai/library/good/1b", model_bytes(1));
        write(home.path() / "secret.gguf", model_bytes(9));
        write(home.path() / ".ollama/models/manifests/registry.ollama.ai/library/bad/1b",
              manifest.toStdString());
        const auto found = look(home);
        QCOMPARE(found.models.size(), std::size_t{1});
        QCOMPARE(found.models[0].name, std::string("good:1b"));
        QCOMPARE(found.skipped.size(), std::size_t{1});
        QVERIFY(!found.skipped[0].error.what.empty() && !found.skipped[0].error.hint.empty());
    }

    void hostile_jan_manifests_data() {
        QTest::addColumn<QByteArray>("yml");
        QTest::addRow("nothing") << QByteArray();
        QTest::addRow("a way out") << QByteArray("model_path: ../../../../secret.gguf\nname: x\n");
        QTest::addRow("a way out, hidden")
            << QByteArray("model_path: llamacpp/models/../../../../../../secret.gguf\n");
        QTest::addRow("a folder") << QByteArray("model_path: llamacpp/models\n");
        QTest::addRow("a device") << QByteArray("model_path: /dev/zero\n");
        QTest::addRow("a pipe") << QByteArray("model_path: llamacpp/models/bad/pipe.gguf\n");
        QTest::addRow("zeros") << QByteArray("model_path: \0/x.gguf\n", 21);
        QTest::addRow("wrong size") << QByteArray(
            "model_path: llamacpp/models/good/model.gguf\nmodel_size_bytes: 4999\n");
        QTest::addRow("endless line") << QByteArray("model_path: ").append(QByteArray(900000, 'a'));
        QTest::addRow("too long") << QByteArray(2 << 20, ' ');
    }
    void hostile_jan_manifests() {
        QFETCH(QByteArray, yml);
        Home home;
        home.plant_jan("good", model_bytes(1));
        write(home.path() / "secret.gguf", model_bytes(9));
        const fs::path bad = home.path() / ".local/share/Jan/data/llamacpp/models/bad";
        fs::create_directories(bad);
        QCOMPARE(mkfifo((bad / "pipe.gguf").c_str(), 0600), 0);
        write(bad / "model.yml", yml.toStdString());
        const auto found = look(home);
        QCOMPARE(found.models.size(), std::size_t{1});
        QCOMPARE(found.models[0].name, std::string("good"));
        QCOMPARE(found.skipped.size(), std::size_t{1});
        QVERIFY(!found.skipped[0].error.what.empty() && !found.skipped[0].error.hint.empty());
    }

    void names_are_text_and_the_search_ends() {
        Home home;
        home.plant_lm_studio("bad\xff\x01/re\npo/na\xc3me\x7f.gguf", model_bytes(1));
        const auto found = look(home);
        QCOMPARE(found.models.size(), std::size_t{1});
        for (const std::string& text : {found.models[0].name, found.models[0].repository}) {
            QVERIFY(QString::fromStdString(text).toStdString() == text);
            QVERIFY(std::ranges::none_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x20; }));
        }
        CancelToken cancel;
        cancel.cancel();
        QVERIFY(find_models(home.surroundings(), cancel).error().code == ErrorCode::cancelled);
        fs::remove_all(home.path() / ".lmstudio");  // QTemporaryDir cannot
    }

    void nothing_is_written_into_their_folders() {
        Home home;
        home.plant_ollama("registry.ollama.ai/library/q/1", model_bytes(1));
        home.plant_jan("j", model_bytes(2));
        const auto listing = [&] {
            std::map<std::string, std::string> all;
            for (const auto& entry : fs::recursive_directory_iterator(home.path()))
                if (entry.is_regular_file()) all[entry.path().string()] = sha256_of(slurp(entry.path()));
            return all;
        };
        const auto before = listing();
        (void)look(home);
        QVERIFY(listing() == before);
    }
};

QTEST_APPLESS_MAIN(TestOtherApps)
#include "test_other_apps.moc"
