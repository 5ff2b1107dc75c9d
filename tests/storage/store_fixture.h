// A store in a folder of its own, and a clock that moves only when told.
#pragma once

#include <QTemporaryDir>
#include <QtTest>
#include <filesystem>
#include <memory>
#include <string>

#include "storage/store.h"

namespace pellucid::storage::test {

/// The value, or a failure of the test with the error's words.
#define TAKE(declaration, expression)                                                                     \
    auto QTEST_CAT(result_, __LINE__) = (expression);                                                     \
    QVERIFY2(                                                                                             \
        QTEST_CAT(result_, __LINE__).ok(),                                                                \
        QTEST_CAT(result_, __LINE__).ok() ? "" : QTEST_CAT(result_, __LINE__).error().message().c_str()); \
    declaration = *std::move(QTEST_CAT(result_, __LINE__))
#define QTEST_CAT(a, b) QTEST_CAT_(a, b)
#define QTEST_CAT_(a, b) a##b
#define OK(expression)                                                              \
    do {                                                                            \
        const auto status = (expression);                                           \
        QVERIFY2(status.ok(), status.ok() ? "" : status.error().message().c_str()); \
    } while (false)
/// Fails with this code, and says what to do.
#define REFUSED(expression, expected)                                                 \
    do {                                                                              \
        const auto status = (expression);                                             \
        QVERIFY2(!status.ok(), "expected a refusal");                                 \
        QCOMPARE(QString::fromStdString(std::string(to_string(status.error().code))), \
                 QString::fromStdString(std::string(to_string(expected))));           \
    } while (false)

class DataFolder {
public:
    std::filesystem::path path() const { return folder_.path().toStdString(); }
    std::filesystem::path file() const { return path() / "pellucid.db"; }
    Millis time = 1'700'000'000'000;

    DatabaseOptions options() {
        DatabaseOptions options;
        options.path = file();
        options.clock = [this] { return ++time; };
        return options;
    }
    Result<std::unique_ptr<Store>> open(std::vector<SettingSpec> settings = {}) {
        return Store::open(options(), std::move(settings));
    }

private:
    QTemporaryDir folder_;
};

inline NewMessage question(const std::string& text) {
    NewMessage message;
    message.role = Role::user;
    message.parts = {{.kind = PartKind::text, .text = text}};
    return message;
}

inline NewMessage answer(const std::string& text, const std::string& thought = {}) {
    NewMessage message;
    message.role = Role::assistant;
    if (!thought.empty())
        message.parts.push_back(
            {.kind = PartKind::thought, .text = thought, .seconds = 1.5, .token_count = 9});
    message.parts.push_back({.kind = PartKind::answer, .text = text, .seconds = 0.5, .token_count = 4});
    return message;
}

}  // namespace pellucid::storage::test
