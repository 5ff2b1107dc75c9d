#include "app/content/inline_prepare.h"

#include <QChar>
#include <algorithm>

namespace pellucid::app {
namespace {

bool isCjk(char32_t c) {
    return (c >= 0x2E80 && c <= 0x9FFF) || (c >= 0xAC00 && c <= 0xD7AF) || (c >= 0xF900 && c <= 0xFAFF) ||
           (c >= 0xFE30 && c <= 0xFE4F) || (c >= 0xFF00 && c <= 0xFFEF) || (c >= 0x20000 && c <= 0x3FFFF);
}
// CommonMark's punctuation: ASCII symbols and Unicode P*.
bool isPunctuation(char32_t c) {
    return QChar::isPunct(c) || (c < 0x80 && c > 0x20 && !QChar::isLetterOrNumber(c));
}
bool isSpace(char32_t c) {
    return c == 0 || QChar::isSpace(c);
}

class Preparer {
public:
    Preparer(QStringView source, bool streaming) : in_(source), streaming_(streaming) {
        out_.reserve(source.size() + 16);
    }

    PreparedInline run() {
        while (at_ < in_.size()) step();
        if (streaming_) closeOpen();
        return {std::move(out_), std::move(maths_)};
    }

private:
    struct Open {
        QChar mark;
        qsizetype length;
        qsizetype outAt;  // where its characters start in out_
    };

    QChar at(qsizetype i) const { return i >= 0 && i < in_.size() ? in_[i] : QChar(); }
    char32_t before(qsizetype i) const {
        if (i <= 0) return 0;
        return in_[i - 1].isLowSurrogate() && i > 1 ? QChar::surrogateToUcs4(in_[i - 2], in_[i - 1])
                                                    : in_[i - 1].unicode();
    }
    char32_t after(qsizetype i) const {
        if (i >= in_.size()) return 0;
        return in_[i].isHighSurrogate() && i + 1 < in_.size() ? QChar::surrogateToUcs4(in_[i], in_[i + 1])
                                                              : in_[i].unicode();
    }
    bool startsWith(QStringView what) const { return in_.sliced(at_).startsWith(what); }

    void step() {
        const QChar c = in_[at_];
        switch (c.unicode()) {
            case u'\\':
                return backslash();
            case u'`':
                return codeSpan();
            case u'$':
                return dollar();
            case u'*':
            case u'_':
            case u'~':
                return delimiter(c);
            case u'<':
                return angle();
            case u'\n':
                return lineEnd(1);
            case u'h':
                if (startsWith(u"http://") || startsWith(u"https://")) return url();
                break;
            case mark::kSplit:
                out_ += u' ';
                ++at_;
                return;
            default:
                if (c.unicode() >= 0xFDD0 && c.unicode() <= 0xFDEF) {
                    out_ += QChar(QChar::ReplacementCharacter);
                    ++at_;
                    return;
                }
        }
        out_ += c;
        ++at_;
    }

    void lineEnd(qsizetype length) {
        while (out_.endsWith(u' ')) out_.chop(1);
        out_ += u' ';
        out_ += QChar(mark::kBreak);
        out_ += u' ';
        at_ += length;
        while (at(at_) == u' ' || at(at_) == u'\t') ++at_;
    }

    void backslash() {
        const QChar next = at(at_ + 1);
        if (next == u'(' || next == u'[') {
            const QString closer = next == u'(' ? QStringLiteral("\\)") : QStringLiteral("\\]");
            if (const qsizetype end = formulaEnd(closer); end > 0)
                return math(in_.sliced(at_ + 2, end - at_ - 2), next == u'[', end + 2);
        }
        if (next == u'\n') return lineEnd(2);
        if (next.isNull()) {
            if (!streaming_) out_ += u'\\';
            ++at_;
            return;
        }
        out_ += u'\\';
        // A backslash escapes ASCII punctuation only; the mark of a formula that never closes is shown.
        if (next == u'(' || next == u'[' || next == u')' || next == u']') out_ += u'\\';
        if (next.unicode() < 0xFDD0 && next.unicode() != mark::kSplit) {
            out_ += next;
            at_ += 2;
        } else {
            ++at_;
        }
    }

    /// Where the closer of the formula that a pair of characters opens at at_ stands; 0: none near, or
    /// nothing between. Looks no further than a formula is long, so that openers without a closer cost no
    /// more.
    qsizetype formulaEnd(QStringView closer) const {
        const qsizetype body = at_ + 2;
        const qsizetype length =
            in_.sliced(body, std::min<qsizetype>(2000, in_.size() - body)).indexOf(closer);
        return length > 0 ? body + length : 0;
    }

    void math(QStringView tex, bool display, qsizetype end) {
        out_ += QChar(mark::kMathBegin);
        for (const QChar digit : QString::number(maths_.size(), 16))
            out_ += QChar(mark::kDigit + static_cast<char16_t>(digit.digitValue() >= 0
                                                                   ? digit.digitValue()
                                                                   : digit.unicode() - u'a' + 10));
        out_ += QChar(mark::kMathEnd);
        QString clean = tex.trimmed().toString();
        clean.replace(u'\n', u' ');
        maths_.push_back({clean, display});
        at_ = end;
    }

    void codeSpan() {
        qsizetype length = 0;
        while (at(at_ + length) == u'`') ++length;
        const qsizetype body = at_ + length;
        for (qsizetype i = body; i < in_.size(); ++i) {
            if (in_[i] != u'`') continue;
            qsizetype run = 0;
            while (at(i + run) == u'`') ++run;
            if (run == length) {
                appendCode(in_.sliced(at_, i + run - at_));
                at_ = i + run;
                return;
            }
            i += run - 1;
        }
        const QStringView rest = in_.sliced(body);
        if (streaming_ && !rest.contains(u'\n')) {
            // The code goes on: shown as code already.
            if (!rest.trimmed().isEmpty()) {
                appendCode(in_.sliced(at_));
                while (out_.endsWith(u'`') && !rest.isEmpty()) out_.chop(1);  // a partial closing run
                out_ += QString(length, u'`');
            }
            at_ = in_.size();
            return;
        }
        out_ += in_.sliced(at_, length);
        at_ = body;
    }

    void appendCode(QStringView code) {
        for (const QChar c : code)
            out_ += c == u'\n'                                       ? QChar(u' ')
                    : c.unicode() >= 0xFDD0 && c.unicode() <= 0xFDEF ? QChar(QChar::ReplacementCharacter)
                                                                     : c;
    }

    void dollar() {
        if (at(at_ + 1) == u'$') {
            if (const qsizetype end = formulaEnd(u"$$"); end > 0)
                return math(in_.sliced(at_ + 2, end - at_ - 2), true, end + 2);
            out_ += u"$$";
            at_ += 2;
            return;
        }
        if (const qsizetype end = dollarEnd(); end > 0)
            return math(in_.sliced(at_ + 1, end - at_ - 1), false, end + 1);
        out_ += u'$';
        ++at_;
    }

    /// The closing $ of the formula that opens at at_, or 0. "$5 and $6" is money: an opener is followed by
    /// ink, a closer follows ink and is not followed by a digit, and a formula that starts with a digit holds
    /// no plain words.
    qsizetype dollarEnd() const {
        if (isSpace(after(at_ + 1)) ||
            QChar(before(at_) < 0xFFFF ? static_cast<char16_t>(before(at_)) : u' ').isDigit())
            return 0;
        for (qsizetype i = at_ + 1; i < in_.size() && i - at_ <= 1000; ++i) {
            if (in_[i] == u'\\') {
                ++i;
                continue;
            }
            if (in_[i] == u'`') return 0;
            if (in_[i] != u'$') continue;
            if (i == at_ + 1 || isSpace(before(i)) || at(i + 1).isDigit()) return 0;
            const QStringView tex = in_.sliced(at_ + 1, i - at_ - 1);
            if (tex[0].isDigit() && (hasPlainWord(tex) || (tex.contains(u' ') && !hasOperator(tex))))
                return 0;
            return i;
        }
        return 0;
    }

    static bool hasOperator(QStringView tex) {
        return std::any_of(tex.begin(), tex.end(),
                           [](QChar c) { return c.isLetter() || QStringView(u"+-*/=<>^_\\|!").contains(c); });
    }

    static bool hasPlainWord(QStringView tex) {
        qsizetype letters = 0;
        int braces = 0;
        bool command = false;
        for (const QChar c : tex) {
            if (isCjk(c.unicode()) && braces == 0) return true;
            braces += c == u'{' ? 1 : c == u'}' ? -1 : 0;
            if (c.isLetter() && braces == 0) {
                if (++letters >= 3 && !command) return true;
            } else {
                letters = 0;
                command = c == u'\\';
            }
        }
        return false;
    }

    void url() {
        while (at_ < in_.size() && !in_[at_].isSpace() && !QStringView(u"<>)]\"`").contains(in_[at_])) {
            const char16_t c = in_[at_].unicode();
            if (c >= 0xFDD0 || isCjk(c)) return;
            if (c == u'*' && (at(at_ + 1) == u'*' || at_ + 1 == in_.size())) return;
            out_ += in_[at_++];
        }
    }

    void angle() {
        const QStringView rest = in_.sliced(at_, std::min<qsizetype>(8, in_.size() - at_));
        if (rest.startsWith(u"<br", Qt::CaseInsensitive)) {
            const qsizetype end = rest.indexOf(u'>');
            if (end > 0 &&
                (rest.sliced(3, end - 3).trimmed().isEmpty() || rest.sliced(3, end - 3).trimmed() == u"/"))
                return lineEnd(end + 1);
        }
        out_ += u'<';
        ++at_;
    }

    void delimiter(QChar c) {
        qsizetype length = 0;
        while (at(at_ + length) == c) ++length;
        const char32_t prev = before(at_), next = after(at_ + length);
        const bool left = !isSpace(next) && (!isPunctuation(next) || isSpace(prev) || isPunctuation(prev));
        const bool right = !isSpace(prev) && (!isPunctuation(prev) || isSpace(next) || isPunctuation(next));
        bool opens = left, closes = right;
        if (c == u'_') {
            opens = left && (!right || isPunctuation(prev));
            closes = right && (!left || isPunctuation(next));
        }
        QString pre, post;
        if (c == u'*') {
            // Beside Chinese, which has no spaces between words, either side may be meant.
            const bool leftToo = !isSpace(next) && (!isPunctuation(next) || isSpace(prev) ||
                                                    isPunctuation(prev) || isCjk(prev));
            const bool rightToo = !isSpace(prev) && (!isPunctuation(prev) || isSpace(next) ||
                                                     isPunctuation(next) || isCjk(next));
            if (leftToo != left || rightToo != right) {
                const bool close = rightToo && !open_.empty() && open_.back().mark == c;
                (close ? post : pre) = QString(QChar(mark::kSplit));
                opens = !close;
                closes = close;
            }
        }
        out_ += pre;
        track(c, length, opens, closes);
        out_ += in_.sliced(at_, length);
        out_ += post;
        at_ += length;
    }

    void track(QChar c, qsizetype length, bool opens, bool closes) {
        if (c == u'~' && length != 2) return;
        qsizetype left = length;
        while (closes && left > 0 && !open_.empty() && open_.back().mark == c) {
            const qsizetype used = std::min(left, open_.back().length);
            open_.back().length -= used;
            left -= used;
            if (open_.back().length == 0) open_.pop_back();
        }
        if (opens && left > 0) open_.push_back({c, left, out_.size() + (length - left)});
        if (!opens && !closes && left == length && at_ + length == in_.size())
            open_.push_back({c, left, out_.size()});
    }

    /// Streaming: markers that wait for their other half are closed, or hidden if nothing follows them yet.
    void closeOpen() {
        if (const qsizetype bracket = out_.lastIndexOf(u"](");
            bracket >= 0 && out_.indexOf(u')', bracket) < 0 && out_.indexOf(u' ', bracket) < 0) {
            const qsizetype open = out_.lastIndexOf(u'[', bracket);
            if (open >= 0) {
                out_.truncate(bracket);
                out_.remove(open, 1);
                for (Open& mark : open_) mark.outAt -= mark.outAt > open ? 1 : 0;
            }
        }
        while (!open_.empty()) {
            const Open last = open_.back();
            open_.pop_back();
            while (out_.endsWith(u' ')) out_.chop(1);
            if (last.outAt + last.length >= out_.size())
                out_.truncate(std::max<qsizetype>(0, last.outAt));
            else
                out_ += QString(last.length, last.mark);
        }
    }

    QStringView in_;
    bool streaming_;
    qsizetype at_ = 0;
    QString out_;
    std::vector<PreparedMath> maths_;
    std::vector<Open> open_;
};

}  // namespace

PreparedInline prepareInline(QStringView source, bool streaming) {
    return Preparer(source, streaming).run();
}

}  // namespace pellucid::app
