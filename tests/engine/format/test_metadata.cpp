// Typed access: what converts, what refuses, and that a refusal names the key.
#include <QtTest>

#include "engine/format/metadata.h"

using namespace pellucid;

class TestMetadata : public QObject {
    Q_OBJECT

private slots:
    void numbers_convert_only_without_loss() {
        Metadata m;
        m.set("small", {std::uint64_t{7}});
        m.set("negative", {std::int64_t{-7}});
        m.set("huge", {~std::uint64_t{0}});
        m.set("whole", {2.0});
        m.set("half", {0.5});
        m.set("beyond", {1e300});
        m.set("odd", {(std::int64_t{1} << 53) + 1});
        QCOMPARE(m.integer("small").value(), 7);
        QCOMPARE(m.number("small").value(), 7.0);
        QCOMPARE(m.integer("negative").value(), -7);
        QCOMPARE(m.integer("whole").value(), 2);
        for (const char* key : {"huge", "half", "beyond"})
            QVERIFY(m.integer(key).error().code == ErrorCode::corrupt);
        for (const char* key : {"huge", "odd"}) QVERIFY(m.number(key).error().code == ErrorCode::corrupt);
    }

    void arrays_convert_only_without_loss() {
        Metadata m;
        m.set("u", {std::vector<std::uint64_t>{1, 2}});
        m.set("i", {std::vector<std::int64_t>{-1, 2}});
        m.set("d", {std::vector<double>{1, 0.5}});
        m.set("empty", {std::vector<std::string>{}});
        QCOMPARE(m.integers("u").value(), (std::vector<std::int64_t>{1, 2}));
        QCOMPARE(m.integers("i").value(), (std::vector<std::int64_t>{-1, 2}));
        QCOMPARE(m.numbers("u").value(), (std::vector<double>{1, 2}));
        QVERIFY(m.integers("d").error().code == ErrorCode::corrupt);
        QVERIFY(m.strings("empty").value()->empty());
        QVERIFY(!m.strings("u").ok());
        QVERIFY(!m.booleans("u").ok());
    }

    void a_refusal_names_the_key() {
        Metadata m;
        m.set("name", {std::string("seven")});
        m.set("flag", {true});
        for (const auto& error :
             {m.integer("name").error(), m.number("name").error(), m.boolean("name").error(),
              m.integers("name").error(), m.strings("name").error(), m.integer_or("name", 3).error()}) {
            QVERIFY(error.code == ErrorCode::corrupt);
            QVERIFY(error.what.find("'name' is a string") != std::string::npos);
        }
        QVERIFY(m.integer("flag").error().code == ErrorCode::corrupt);
        QVERIFY(m.string("gone").error().code == ErrorCode::not_found);
        QVERIFY(m.string("gone").error().what.find("'gone'") != std::string::npos);
    }

    void fallbacks_stand_in_only_for_absence() {
        Metadata m;
        m.set("name", {std::string("x")});
        QCOMPARE(m.integer_or("gone", 3).value(), 3);
        QCOMPARE(m.number_or("gone", 0.5).value(), 0.5);
        QCOMPARE(m.string_or("gone", "y").value(), std::string("y"));
        QCOMPARE(m.string_or("name", "y").value(), std::string("x"));
        QVERIFY(m.boolean_or("gone", true).value());
        QVERIFY(!m.boolean_or("name", true).ok());
    }
};

QTEST_APPLESS_MAIN(TestMetadata)
#include "test_metadata.moc"
