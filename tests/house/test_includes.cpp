// Walks every include of the tree and fails on an arrow that points up or sideways (ARCHITECTURE.md, "The house").
#include <QtTest>
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <regex>
#include <set>
#include <string>
#include <vector>

namespace fs = std::filesystem;

namespace {

const fs::path kSource = PELLUCID_SOURCE;

/// Rooms of engine/, bottom up: each may include those before it.
const std::vector<std::string> kEngineRooms = {"base",    "profile", "format", "quant",    "text",    "model",  "backend",
                                               "ops",     "memory",  "placement", "cpu",    "sampling", "segment", "speculation", "runtime", "reasoning"};
const std::set<std::string> kGpuMay = {"base", "profile", "quant", "model", "backend", "memory", "format"};

struct Include {
    std::string target;
    int line;
};

std::vector<Include> includes_of(const fs::path& file) {
    // Not a raw string: moc 6.4 loses its place in raw strings that hold quotes, and finds no Q_OBJECT after them.
    static const std::regex kInclude("^\\s*#\\s*include\\s*[<\"]([^>\"]+)[>\"]");
    std::vector<Include> found;
    std::ifstream in(file);
    std::string text;
    for (int line = 1; std::getline(in, text); ++line) {
        std::smatch match;
        if (std::regex_search(text, match, kInclude)) found.push_back({match[1], line});
    }
    return found;
}

std::vector<std::string> split(const std::string& path) {
    std::vector<std::string> parts;
    for (const auto& part : fs::path(path)) parts.push_back(part.string());
    return parts;
}

/// Empty if the file at `from` may include `target`, else why not.
std::string forbidden(const std::vector<std::string>& from, const std::string& target) {
    const std::string& room = from.front();
    static const std::regex kQt(R"(^(Qt?[A-Z]\w*|Qt\w+/\w+|Q\w+/.*)$)");
    const bool below_app = room == "engine" || room == "gpu" || room == "storage";
    if (below_app && std::regex_match(target, kQt)) return "no Qt below app/";
    if (room == "engine" && (target.starts_with("sqlite3") || target.starts_with("SQLiteCpp"))) return "no SQLite in engine/";
    if (room != "gpu" && (target.starts_with("cuda") || target.starts_with("vulkan/"))) return "CUDA and Vulkan stay in gpu/";
    const auto to = split(target);
    if (to.size() < 2) return {};
    static const std::map<std::string, std::set<std::string>> kMay = {
        {"engine", {"engine"}},
        {"gpu", {"gpu", "engine"}},
        {"storage", {"storage"}},
        {"app", {"app", "storage", "engine", "gpu"}},
        {"ui", {"ui", "app"}},
    };
    static const std::set<std::string> kTop = {"engine", "gpu", "storage", "app", "ui", "resources", "installer", "tests"};
    if (!kTop.contains(to[0])) return {};
    // The composition root is the one place that knows the window.
    if (from.size() > 1 && from[0] == "app" && from[1] == "main" && to[0] == "ui") return {};
    if (const auto may = kMay.find(room); may != kMay.end() && !may->second.contains(to[0]))
        return room + "/ must not use " + to[0] + "/";
    if (to[0] == "engine" && room == "gpu" && !kGpuMay.contains(to[1])) return "gpu/ must not use engine/" + to[1];
    if (to[0] == "engine" && room == "engine" && from.size() > 2) {
        const auto rank = [](const std::string& name) {
            return std::find(kEngineRooms.begin(), kEngineRooms.end(), name) - kEngineRooms.begin();
        };
        if (rank(from[1]) == static_cast<long>(kEngineRooms.size())) return "engine/" + from[1] + " is not a known room";
        if (rank(to[1]) > rank(from[1])) return "engine/" + from[1] + " must not use engine/" + to[1];
    }
    return {};
}

}  // namespace

class TestIncludes : public QObject {
    Q_OBJECT

private slots:
    void the_rule_itself_refuses() {
        QVERIFY(!forbidden({"engine", "base", "a.h"}, "engine/model/spec.h").empty());
        QVERIFY(!forbidden({"engine", "base", "a.h"}, "QString").empty());
        QVERIFY(!forbidden({"engine", "cpu", "a.h"}, "engine/segment/segmenter.h").empty());
        QVERIFY(!forbidden({"engine", "runtime", "a.h"}, "storage/database.h").empty());
        QVERIFY(!forbidden({"gpu", "cuda", "a.h"}, "engine/runtime/session.h").empty());
        QVERIFY(!forbidden({"storage", "a.h"}, "QtCore/QString").empty());
        QVERIFY(!forbidden({"app", "a.h"}, "ui/window.h").empty());
        QVERIFY(forbidden({"app", "main", "main.cpp"}, "ui/install.h").empty());
        QVERIFY(forbidden({"engine", "cpu", "a.h"}, "engine/base/error.h").empty());
        QVERIFY(forbidden({"app", "a.h"}, "engine/runtime/session.h").empty());
    }

    void every_arrow_points_down() {
        int files = 0;
        std::string broken;
        for (const std::string room : {"engine", "gpu", "storage", "app", "ui"}) {
            if (!fs::exists(kSource / room)) continue;
            for (const auto& entry : fs::recursive_directory_iterator(kSource / room)) {
                static const std::set<std::string> kCode = {".h", ".hpp", ".cpp", ".cu", ".cuh"};
                if (!kCode.contains(entry.path().extension().string())) continue;
                ++files;
                const auto from = split(fs::relative(entry.path(), kSource).string());
                for (const auto& include : includes_of(entry.path()))
                    if (const auto why = forbidden(from, include.target); !why.empty())
                        broken += "\n" + fs::relative(entry.path(), kSource).string() + ":" + std::to_string(include.line) +
                                  " includes " + include.target + ": " + why;
            }
        }
        QVERIFY2(files > 5, "the walk found no sources");
        QVERIFY2(broken.empty(), broken.c_str());
    }
};

QTEST_APPLESS_MAIN(TestIncludes)
#include "test_includes.moc"
