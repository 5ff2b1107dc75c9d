#include "app/content/inline_parser.h"

#include <cmark-gfm-core-extensions.h>
#include <cmark-gfm.h>

#include <QRegularExpression>
#include <memory>

#include "app/content/inline_prepare.h"

namespace pellucid::app {
namespace {

using Kind = InlineRun::Kind;

struct NodeFree {
    void operator()(cmark_node* node) const { cmark_node_free(node); }
};
struct ParserFree {
    void operator()(cmark_parser* parser) const { cmark_parser_free(parser); }
};

bool sameStyle(const InlineRun& a, const InlineRun& b) {
    return a.kind == b.kind && a.bold == b.bold && a.italic == b.italic && a.strike == b.strike &&
           a.link == b.link;
}

QString allowedLink(const char* url) {
    const QString link = QString::fromUtf8(url).trimmed();
    for (const QStringView scheme :
         {QStringView(u"http://"), QStringView(u"https://"), QStringView(u"mailto:")}) {
        if (!link.startsWith(scheme, Qt::CaseInsensitive)) continue;
        for (const QChar c : link) {
            if (c.unicode() < 0x21 || (c.unicode() >= 0xFDD0 && c.unicode() <= 0xFDEF)) return {};
        }
        return link;
    }
    return {};
}

/// Collects runs; undoes the marks of prepareInline.
class RunBuilder {
public:
    explicit RunBuilder(const std::vector<PreparedMath>& maths) : maths_(maths) {}

    void add(InlineRun style, QStringView text) {
        if (style.kind == Kind::Code) {
            style.text = restored(text);
            if (!style.text.isEmpty()) runs_.push_back(std::move(style));
            return;
        }
        qsizetype begin = 0;
        const auto flush = [&](qsizetype end) {
            if (end > begin) append(style, text.sliced(begin, end - begin));
        };
        for (qsizetype i = 0; i < text.size(); ++i) {
            const char16_t c = text[i].unicode();
            if (c != mark::kBreak && c != mark::kMathBegin && c != mark::kEnd && c != mark::kSplit) continue;
            flush(i);
            if (c == mark::kBreak) {
                trimEnd();
                InlineRun run;
                run.kind = Kind::Break;
                runs_.push_back(run);
            } else if (c == mark::kMathBegin) {
                std::size_t number = 0;
                while (++i < text.size() && text[i] != QChar(mark::kMathEnd))
                    number = number * 16 + (text[i].unicode() - mark::kDigit);
                if (number < maths_.size()) {
                    InlineRun run = style;
                    run.kind = Kind::Math;
                    run.text = maths_[number].tex;
                    run.display = maths_[number].display;
                    runs_.push_back(std::move(run));
                }
            }
            begin = i + 1;
        }
        flush(text.size());
    }

    std::vector<InlineRun> take() {
        trimEnd();
        return std::move(runs_);
    }

private:
    /// Code that cmark saw where prepareInline saw none may hold marks: back to what they stood for.
    QString restored(QStringView text) const {
        QString out;
        for (qsizetype i = 0; i < text.size(); ++i) {
            const char16_t c = text[i].unicode();
            if (c == mark::kMathBegin) {
                std::size_t number = 0;
                while (++i < text.size() && text[i] != QChar(mark::kMathEnd))
                    number = number * 16 + (text[i].unicode() - mark::kDigit);
                if (number < maths_.size()) out += u'$' + maths_[number].tex + u'$';
            } else if (c == mark::kBreak) {
                if (out.endsWith(u' ')) out.chop(1);
            } else if (c != mark::kEnd && c != mark::kSplit) {
                out += text[i];
            }
        }
        return out;
    }

    void append(const InlineRun& style, QStringView text) {
        if (runs_.empty() || runs_.back().kind == Kind::Break) {
            while (!text.isEmpty() && text.front() == u' ') text = text.sliced(1);
            if (text.isEmpty()) return;
        }
        if (!runs_.empty() && sameStyle(runs_.back(), style)) {
            runs_.back().text += text;
            return;
        }
        runs_.push_back(style);
        runs_.back().text = text.toString();
    }

    void trimEnd() {
        while (!runs_.empty() && runs_.back().kind == Kind::Text) {
            QString& text = runs_.back().text;
            while (text.endsWith(u' ')) text.chop(1);
            if (!text.isEmpty()) break;
            runs_.pop_back();
        }
    }

    const std::vector<PreparedMath>& maths_;
    std::vector<InlineRun> runs_;
};

/// Bare addresses become links. Chinese punctuation ends them, and so does a stop at the end of a sentence.
std::vector<InlineRun> withAutolinks(std::vector<InlineRun> runs) {
    static const QRegularExpression kAddress(QStringLiteral(
        "https?://"
        "[^\\s<>\"'`\\x{3000}-\\x{303F}\\x{FF00}-\\x{FFEF}\\x{2018}-\\x{201D}\\x{4E00}-\\x{9FFF}]+"));
    std::vector<InlineRun> out;
    out.reserve(runs.size());
    for (InlineRun& run : runs) {
        if (run.kind != Kind::Text || !run.link.isEmpty() || !run.text.contains(u"://")) {
            out.push_back(std::move(run));
            continue;
        }
        qsizetype from = 0;
        const auto piece = [&](qsizetype begin, qsizetype end, const QString& link) {
            if (end <= begin) return;
            InlineRun part = run;
            part.text = run.text.sliced(begin, end - begin);
            part.link = link;
            out.push_back(std::move(part));
        };
        for (auto matches = kAddress.globalMatch(run.text); matches.hasNext();) {
            const auto match = matches.next();
            QString address = match.captured();
            while (address.size() > 8) {
                const QChar end = address.back();
                const bool stop = QStringView(u".,;:!?*_~").contains(end);
                const bool unopened = (end == u')' && address.count(u'(') < address.count(u')')) ||
                                      (end == u']' && !address.contains(u'['));
                if (!stop && !unopened) break;
                address.chop(1);
            }
            if (address.size() <= 8) continue;
            piece(from, match.capturedStart(), {});
            piece(match.capturedStart(), match.capturedStart() + address.size(), address);
            from = match.capturedStart() + address.size();
        }
        piece(from, run.text.size(), {});
    }
    return out;
}

}  // namespace

std::vector<InlineRun> parseInline(QStringView source, InlineMode mode) {
    const PreparedInline prepared = prepareInline(source, mode == InlineMode::Streaming);
    cmark_gfm_core_extensions_ensure_registered();
    // As a heading the text is all inline: nothing in it can start a list, a quote or a fence.
    const QByteArray markdown =
        "# " + prepared.markdown.toUtf8() + " " + QString(QChar(mark::kEnd)).toUtf8() + "\n";
    const std::unique_ptr<cmark_parser, ParserFree> parser(
        cmark_parser_new(CMARK_OPT_STRIKETHROUGH_DOUBLE_TILDE));
    if (cmark_syntax_extension* strike = cmark_find_syntax_extension("strikethrough"))
        cmark_parser_attach_syntax_extension(parser.get(), strike);
    cmark_parser_feed(parser.get(), markdown.constData(), static_cast<std::size_t>(markdown.size()));
    const std::unique_ptr<cmark_node, NodeFree> root(cmark_parser_finish(parser.get()));

    RunBuilder builder(prepared.maths);
    int bold = 0, italic = 0, strike = 0;
    std::vector<QString> links;
    cmark_iter* iterator = cmark_iter_new(root.get());
    for (cmark_event_type event = cmark_iter_next(iterator); event != CMARK_EVENT_DONE;
         event = cmark_iter_next(iterator)) {
        cmark_node* node = cmark_iter_get_node(iterator);
        const cmark_node_type type = cmark_node_get_type(node);
        const int step = event == CMARK_EVENT_ENTER ? 1 : -1;
        InlineRun style;
        style.bold = bold > 0;
        style.italic = italic > 0;
        style.strike = strike > 0;
        if (!links.empty()) style.link = links.back();
        if (type == CMARK_NODE_STRONG) {
            bold += step;
        } else if (type == CMARK_NODE_EMPH) {
            italic += step;
        } else if (type == CMARK_NODE_LINK || type == CMARK_NODE_IMAGE) {
            if (step > 0)
                links.push_back(allowedLink(cmark_node_get_url(node)));
            else
                links.pop_back();
        } else if (type == CMARK_NODE_TEXT || type == CMARK_NODE_HTML_INLINE) {
            builder.add(style, QString::fromUtf8(cmark_node_get_literal(node)));
        } else if (type == CMARK_NODE_CODE) {
            style.kind = Kind::Code;
            builder.add(style, QString::fromUtf8(cmark_node_get_literal(node)));
        } else if (type == CMARK_NODE_SOFTBREAK || type == CMARK_NODE_LINEBREAK) {
            builder.add(style, u" ");
        } else if (qstrcmp(cmark_node_get_type_string(node), "strikethrough") == 0) {
            strike += step;
        }
    }
    cmark_iter_free(iterator);
    return withAutolinks(builder.take());
}

QString plainText(const std::vector<InlineRun>& runs) {
    QString text;
    for (const InlineRun& run : runs) {
        switch (run.kind) {
            case Kind::Break:
                text += u'\n';
                break;
            case Kind::Citation:
                text += u'[' + QString::number(run.number) + u']';
                break;
            case Kind::Math:
                text += run.display ? QStringLiteral("$$") + run.text + QStringLiteral("$$")
                                    : u'$' + run.text + u'$';
                break;
            default:
                text += run.text;
        }
    }
    return text;
}

}  // namespace pellucid::app
