#include "app/base/error_text.h"

#include <QCoreApplication>
#include <QRegularExpression>
#include <algorithm>
#include <initializer_list>
#include <span>
#include <utility>
#include <vector>

#include "app/base/documents_error_text.h"
#include "app/base/engine_error_text.h"
#include "app/base/hub_error_text.h"
#include "app/base/library_error_text.h"
#include "app/base/model_error_text.h"
#include "app/base/network_error_text.h"
#include "app/base/reading_error_text.h"
#include "app/base/storage_error_text.h"

namespace pellucid::app {

namespace {

// The sentences of rooms that know no Qt stand in a list for each room (…_error_text.h), as they stand there;
// %1 … is what they fill in. A test keeps every line true to its source. What is in no list is shown under a
// sentence for its code.

struct CodeText {
    ErrorCode code;
    struct {
        const char *source, *comment;  // all have the source "%1"; the comment tells them apart
    } text;
};
constexpr CodeText kCodes[] = {
    {ErrorCode::invalid_argument, QT_TRANSLATE_NOOP3("pellucid::errors", "%1", "invalid_argument")},
    {ErrorCode::not_found, QT_TRANSLATE_NOOP3("pellucid::errors", "%1", "not_found")},
    {ErrorCode::io, QT_TRANSLATE_NOOP3("pellucid::errors", "%1", "io")},
    {ErrorCode::no_space, QT_TRANSLATE_NOOP3("pellucid::errors", "%1", "no_space")},
    {ErrorCode::read_only, QT_TRANSLATE_NOOP3("pellucid::errors", "%1", "read_only")},
    {ErrorCode::corrupt, QT_TRANSLATE_NOOP3("pellucid::errors", "%1", "corrupt")},
    {ErrorCode::unsupported, QT_TRANSLATE_NOOP3("pellucid::errors", "%1", "unsupported")},
    {ErrorCode::out_of_memory, QT_TRANSLATE_NOOP3("pellucid::errors", "%1", "out_of_memory")},
    {ErrorCode::context_overflow, QT_TRANSLATE_NOOP3("pellucid::errors", "%1", "context_overflow")},
    {ErrorCode::template_failed, QT_TRANSLATE_NOOP3("pellucid::errors", "%1", "template_failed")},
    {ErrorCode::cancelled, QT_TRANSLATE_NOOP3("pellucid::errors", "%1", "cancelled")},
    {ErrorCode::busy, QT_TRANSLATE_NOOP3("pellucid::errors", "%1", "busy")},
    {ErrorCode::device_lost, QT_TRANSLATE_NOOP3("pellucid::errors", "%1", "device_lost")},
    {ErrorCode::offline, QT_TRANSLATE_NOOP3("pellucid::errors", "%1", "offline")},
    {ErrorCode::dns, QT_TRANSLATE_NOOP3("pellucid::errors", "%1", "dns")},
    {ErrorCode::refused, QT_TRANSLATE_NOOP3("pellucid::errors", "%1", "refused")},
    {ErrorCode::connection_lost, QT_TRANSLATE_NOOP3("pellucid::errors", "%1", "connection_lost")},
    {ErrorCode::timed_out, QT_TRANSLATE_NOOP3("pellucid::errors", "%1", "timed_out")},
    {ErrorCode::tls, QT_TRANSLATE_NOOP3("pellucid::errors", "%1", "tls")},
    {ErrorCode::http_status, QT_TRANSLATE_NOOP3("pellucid::errors", "%1", "http_status")},
    {ErrorCode::not_allowed, QT_TRANSLATE_NOOP3("pellucid::errors", "%1", "not_allowed")},
    {ErrorCode::too_large, QT_TRANSLATE_NOOP3("pellucid::errors", "%1", "too_large")},
    {ErrorCode::encrypted, QT_TRANSLATE_NOOP3("pellucid::errors", "%1", "encrypted")},
    {ErrorCode::crashed, QT_TRANSLATE_NOOP3("pellucid::errors", "%1", "crashed")},
    {ErrorCode::forbidden, QT_TRANSLATE_NOOP3("pellucid::errors", "%1", "forbidden")},
    {ErrorCode::internal, QT_TRANSLATE_NOOP3("pellucid::errors", "%1", "internal")},
};

struct Pattern {
    const char* source;
    QRegularExpression form;  // the source with a group for each %n
    QVector<int> places;      // the n of each group
};

using Lists = std::initializer_list<std::span<const char* const>>;

void addPatterns(std::vector<Pattern>& patterns, std::span<const char* const> sources) {
    static const QRegularExpression place(QStringLiteral("%(\\d)"));
    for (const char* const at : sources) {
        const QString source = QString::fromUtf8(at);
        Pattern pattern{at, {}, {}};
        QString form;
        qsizetype from = 0;
        for (auto match = place.globalMatch(source); match.hasNext();) {
            const auto found = match.next();
            form += QRegularExpression::escape(source.mid(from, found.capturedStart() - from));
            form += QStringLiteral("(.+?)");
            pattern.places.append(found.captured(1).toInt());
            from = found.capturedEnd();
        }
        form += QRegularExpression::escape(source.mid(from));
        pattern.form = QRegularExpression(QRegularExpression::anchoredPattern(form),
                                          QRegularExpression::DotMatchesEverythingOption);
        patterns.push_back(std::move(pattern));
    }
}

/// In the order of the lists: the first that fits is taken.
std::vector<Pattern> patternsOf(Lists lists) {
    std::vector<Pattern> patterns;
    for (const auto& list : lists) addPatterns(patterns, list);
    return patterns;
}

QString translated(const char* source, const char* comment = nullptr) {
    return QCoreApplication::translate("pellucid::errors", source, comment);
}

/// Empty: no pattern has this form.
QString byPattern(const std::vector<Pattern>& patterns, const QString& text);

QString part(const QString& text) {
    static const std::vector<Pattern> kPatterns = patternsOf({engine_parts()});
    const QString found = byPattern(kPatterns, text);
    return found.isEmpty() ? text : found;
}

QString byPattern(const std::vector<Pattern>& patterns, const QString& text) {
    for (const Pattern& pattern : patterns) {
        const auto match = pattern.form.match(text);
        if (!match.hasMatch()) continue;
        QStringList values(9);
        for (qsizetype i = 0; i < pattern.places.size(); ++i)
            values[pattern.places[i] - 1] = part(match.captured(static_cast<int>(i) + 1));
        QString result = translated(pattern.source);
        // By hand: a value may itself hold "%1".
        for (qsizetype at = 0; (at = result.indexOf(u'%', at)) >= 0;) {
            const int place = at + 1 < result.size() ? result[at + 1].digitValue() : -1;
            if (place < 1) {
                ++at;
                continue;
            }
            const QString& value = values[place - 1];
            result.replace(at, 2, value);
            at += value.size();
        }
        return result;
    }
    return {};
}

const char* codeName(ErrorCode code) {
    for (const CodeText& known : kCodes)
        if (known.code == code) return known.text.comment;
    return "internal";
}

/// A sentence for the window: engine and storage write as a command line wants it, "could not …" without an
/// end.
QString sentence(QString text) {
    const QString first = text.section(u' ', 0, 0);
    const bool word =
        std::all_of(first.cbegin(), first.cend(), [](QChar c) { return c >= u'a' && c <= u'z'; });
    if (word && !first.isEmpty()) text[0] = text[0].toUpper();
    const QChar last = text.back();
    if (last.script() == QChar::Script_Han || last == u'）')
        text += u'。';
    else if (last.isLetterOrNumber() || last == u')' || last == u'\'' || last == u'"')
        text += u'.';
    return text;
}

/// The window speaks the language in which engine and storage write.
bool asWritten() {
    return translated("%1", "internal") == QLatin1String("%1");
}

}  // namespace

QString whatOf(const Error& error) {
    const QString text = QString::fromStdString(error.what);
    if (text.isEmpty()) return text;
    if (asWritten()) return sentence(text);
    static const std::vector<Pattern> kPatterns =
        patternsOf({model_sentences(), network_sentences(), storage_sentences(), engine_sentences(),
                    library_sentences(), reading_sentences(), documents_sentences(), hub_sentences()});
    const QString found = byPattern(kPatterns, text);
    if (!found.isEmpty()) return sentence(found);
    // "FILE: what is wrong with it".
    if (const qsizetype colon = text.indexOf(QLatin1String(": ")); colon > 0) {
        const QString rest = byPattern(kPatterns, text.mid(colon + 2));
        if (!rest.isEmpty()) return sentence(text.left(colon) + u'：' + rest);
    }
    // Said by the app itself, and translated already.
    for (const QChar c : text)
        if (c.unicode() > 0x2e80 && c.script() == QChar::Script_Han) return text;
    return sentence(translated("%1", codeName(error.code)).arg(text));
}

QString hintOf(const Error& error) {
    const QString text = QString::fromStdString(error.hint);
    if (text.isEmpty()) return text;
    if (asWritten()) return sentence(text);
    static const std::vector<Pattern> kPatterns =
        patternsOf({model_hints(), network_hints(), storage_hints(), engine_hints(), library_hints(),
                    reading_hints(), documents_hints(), hub_hints()});
    const QString found = byPattern(kPatterns, text);
    return sentence(found.isEmpty() ? text : found);
}

QStringList errorTexts() {
    QStringList texts;
    for (const auto& list : Lists{network_sentences(), network_hints(), storage_sentences(), storage_hints(),
                                  engine_sentences(), engine_hints(), model_sentences(), model_hints(),
                                  library_sentences(), library_hints(), reading_sentences(), reading_hints(),
                                  documents_sentences(), documents_hints(), hub_sentences(), hub_hints()})
        for (const char* text : list) texts.append(QString::fromUtf8(text));
    return texts;
}

}  // namespace pellucid::app
