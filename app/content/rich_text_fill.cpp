#include "app/content/rich_text_fill.h"

#include <QAbstractTextDocumentLayout>
#include <QClipboard>
#include <QFontMetricsF>
#include <QGuiApplication>
#include <QKeyEvent>
#include <QQuickItem>
#include <QTextBlock>
#include <QTextCursor>
#include <QTextDocument>

#include "app/content/citation_runs.h"
#include "app/content/content_services.h"
#include "app/content/math_typesetter.h"
#include "app/content/rich_text_format.h"
#include "app/content/rich_text_overlay.h"

namespace pellucid::app {
namespace {

using Kind = InlineRun::Kind;

bool hasCjk(QStringView text) {
    for (const QChar c : text) {
        if (c.unicode() >= 0x2E80 && c.unicode() <= 0xFFEF && !c.isSurrogate()) return true;
    }
    return false;
}

bool sameStyle(const InlineRun& a, const InlineRun& b) {
    return a.kind == b.kind && a.bold == b.bold && a.italic == b.italic && a.strike == b.strike &&
           a.display == b.display && a.link == b.link && a.doubt == b.doubt;
}

}  // namespace

RichTextFill::RichTextFill(QObject* parent) : QObject(parent) {}
RichTextFill::~RichTextFill() = default;

void RichTextFill::setDocument(QQuickTextDocument* document) {
    if (document_ == document) return;
    document_ = document;
    placed_.clear();
    if (overlay_) overlay_->deleteLater();
    overlay_ = nullptr;
    if (document) {
        if (auto* edit = qobject_cast<QQuickItem*>(document->parent())) {
            overlay_ = new RichTextOverlay(edit, document->textDocument());
            edit->installEventFilter(this);
        }
        document->textDocument()->setUndoRedoEnabled(false);
        document->textDocument()->setDocumentMargin(0);
    }
    rebuild();
    emit documentChanged();
}

void RichTextFill::setSource(const QString& source) {
    if (source_ == source) return;
    source_ = source;
    update();
    emit sourceChanged();
}

void RichTextFill::setStreaming(bool streaming) {
    if (streaming_ == streaming) return;
    streaming_ = streaming;
    update();
    emit sourceChanged();
}

void RichTextFill::setActive(bool active) {
    if (active_ == active) return;
    active_ = active;
    rebuild();
    emit activeChanged();
}

void RichTextFill::setTypesetter(MathTypesetter* typesetter) {
    if (typesetter_ == typesetter) return;
    typesetter_ = typesetter;
    if (typesetter)
        connect(typesetter, &MathTypesetter::finished, this, [this](const QString& tex, bool display) {
            if (!waiting_) return;
            for (const Placed& placed : placed_) {
                if (placed.run.kind == Kind::Math && placed.state == MathState::Waiting &&
                    placed.run.text == tex && placed.run.display == display)
                    return update();
            }
        });
}

MathTypesetter* RichTextFill::typesetter() {
    if (!typesetter_ && document_) setTypesetter(ContentServices::typesetter(qmlEngine(document_->parent())));
    return typesetter_;
}

/// A theme change sets many properties: the text is made again once, before the next frame.
void RichTextFill::scheduleRebuild() {
    if (rebuildScheduled_ || !active_ || !document_) return;
    rebuildScheduled_ = true;
    QMetaObject::invokeMethod(
        this,
        [this] {
            rebuildScheduled_ = false;
            rebuild();
        },
        Qt::QueuedConnection);
}

void RichTextFill::rebuild() {
    if (!active_ || !document_) return;
    QTextDocument* text = document_->textDocument();
    const auto before = std::exchange(placed_, {});  // its formulas live until they are asked for again
    QTextCursor cursor(text);
    cursor.select(QTextCursor::Document);
    cursor.removeSelectedText();
    update();
}

void RichTextFill::update() {
    if (!active_ || !document_) return;
    std::vector<InlineRun> runs = withCitations(
        parseInline(source_, streaming_ ? InlineMode::Streaming : InlineMode::Complete), citations_);
    QList<int> doubted;
    if (!doubts_.isEmpty())
        for (const int index : markDoubts(runs, doubts_)) doubted.append(index);
    apply(std::move(runs));
    if (doubted == doubted_) return;
    doubted_ = std::move(doubted);
    emit doubtedChanged();
}

RichTextFill::MathState RichTextFill::mathState(const InlineRun& run, MathLayoutPtr* held, bool* tall) {
    MathTypesetter* setter = typesetter();
    if (!setter || run.text.isEmpty()) return MathState::Broken;
    const MathLayoutPtr layout = *held = setter->layout(run.text, run.display);
    if (!layout) {
        waiting_ = true;
        return MathState::Waiting;
    }
    if (!layout->error.isEmpty()) return MathState::Broken;
    *tall |= isTall(*layout);
    return MathState::Set;
}

/// The lines of text are fixed; a formula may reach a little into the space between them.
bool RichTextFill::isTall(const MathLayout& layout) const {
    const qreal size = font_.pixelSize() * mathScale_;
    return layout.height * size > 0.8 * lineHeight_ + 1 || layout.depth * size > 0.2 * lineHeight_ + 4;
}

void RichTextFill::apply(std::vector<InlineRun> runs) {
    QTextDocument* text = document_->textDocument();
    waiting_ = false;
    bool tall = false;
    std::vector<MathState> states(runs.size());
    std::vector<MathLayoutPtr> layouts(runs.size());
    for (std::size_t i = 0; i < runs.size(); ++i) {
        if (runs[i].kind == Kind::Math) states[i] = mathState(runs[i], &layouts[i], &tall);
    }
    // What stands already stays: whole runs, then the common beginning of the first that differs.
    std::size_t same = 0;
    while (same < runs.size() && same < placed_.size() && placed_[same].run == runs[same] &&
           placed_[same].state == states[same])
        ++same;
    int position = 0;
    qsizetype keep = 0;
    if (same < placed_.size()) {
        position = placed_[same].position;
        if (same < runs.size() && runs[same].kind == Kind::Text && sameStyle(placed_[same].run, runs[same]) &&
            hasCjk(placed_[same].run.text) == hasCjk(runs[same].text)) {
            const QString& was = placed_[same].run.text;
            const QString& now = runs[same].text;
            while (keep < std::min(was.size(), now.size()) && was[keep] == now[keep]) ++keep;
            if (keep > 0 && keep < now.size() && now[keep].isLowSurrogate()) --keep;
        }
    } else {
        position = std::max(0, text->characterCount() - 1);
    }
    QTextCursor cursor(text);
    cursor.beginEditBlock();
    cursor.setPosition(std::min(position + static_cast<int>(keep), text->characterCount() - 1));
    cursor.movePosition(QTextCursor::End, QTextCursor::KeepAnchor);
    if (cursor.hasSelection()) cursor.removeSelectedText();
    placed_.resize(same);
    for (std::size_t i = same; i < runs.size(); ++i) {
        const int at = i == same && keep > 0 ? position : cursor.position();
        if (i == same && keep > 0) {
            InlineRun rest = runs[i];
            const bool cjk = hasCjk(rest.text);
            rest.text = rest.text.sliced(keep);
            if (!rest.text.isEmpty()) insertRun(cursor, rest, MathState::Waiting, {}, cjk);
        } else {
            insertRun(cursor, runs[i], states[i], layouts[i]);
        }
        placed_.push_back({std::move(runs[i]), at, states[i], std::move(layouts[i])});
    }
    if (tall != tall_ || text->characterCount() > 0) {
        tall_ = tall;
        applyBlockFormat();
    }
    cursor.endEditBlock();
    naturalWidth_ = -1;
    if (widthAsked_) emit naturalWidthChanged();
    if (overlay_)
        overlay_->setLook(color_, chipColor_, errorColor_, font_.pixelSize() * mathScale_,
                          std::round(codePixelSize_ * 20 / 13), typesetter());
    if (overlay_)
        overlay_->setCitations(openCitation_, citeColor_, citeOpenColor_,
                               std::round(citePixelSize_ * 16 / 11));
}

qreal RichTextFill::naturalWidth() const {
    widthAsked_ = true;
    if (naturalWidth_ < 0 && active_ && document_) {
        const std::unique_ptr<QTextDocument> copy(document_->textDocument()->clone());
        // Formulas keep their places by a handler of their own.
        copy->documentLayout()->registerHandler(rich_text::kMathObject, new MathObject(copy.get()));
        copy->setDocumentMargin(0);
        copy->setTextWidth(-1);
        naturalWidth_ = std::ceil(copy->idealWidth());
    }
    return std::max<qreal>(0, naturalWidth_);
}

void RichTextFill::insertRun(QTextCursor& cursor, const InlineRun& run, MathState state,
                             const MathLayoutPtr& layout, bool inChinese) {
    inserted_ += run.text.size();
    QTextCharFormat format;
    format.setForeground(color_);
    if (run.kind == Kind::Break) {
        cursor.insertText(QString(QChar(QChar::LineSeparator)), format);
        return;
    }
    if (run.kind == Kind::Citation) return insertCitation(cursor, run);
    const bool cjk = inChinese || hasCjk(run.text);
    if (run.doubt > 0) format.setProperty(rich_text::kDoubt, run.doubt);
    // Chinese is never slanted nor spaced: it is made strong instead.
    if (run.bold || (run.italic && cjk)) format.setFontWeight(QFont::DemiBold);
    if (run.italic && !cjk) format.setFontItalic(true);
    if (run.strike) format.setFontStrikeOut(true);
    if (cjk && font_.letterSpacing() != 0) {
        format.setFontLetterSpacingType(QFont::AbsoluteSpacing);
        format.setFontLetterSpacing(0);
    }
    if (!run.link.isEmpty()) {
        format.setAnchor(true);
        format.setAnchorHref(run.link);
        format.setForeground(linkColor_);
    }
    if (run.kind == Kind::Math && state == MathState::Set) {
        const qreal size = font_.pixelSize() * mathScale_;
        const qreal width = std::ceil(layout->width * size);
        format.setProperty(rich_text::kPlace, true);
        format.setProperty(rich_text::kTex, run.text);
        format.setProperty(rich_text::kDisplay, run.display);
        if (isTall(*layout)) {
            format.setObjectType(rich_text::kMathObject);
            format.setVerticalAlignment(QTextCharFormat::AlignMiddle);
            format.setProperty(rich_text::kWidth, width);
            format.setProperty(rich_text::kAscent, layout->height * size + 1);
            format.setProperty(rich_text::kDescent, layout->depth * size + 1);
            cursor.insertText(QString(QChar(QChar::ObjectReplacementCharacter)), format);
            return;
        }
        // The glyph is 0.6 em wide; the rest of the formula's width is letter spacing.
        QFont mono(codeFamily_);
        mono.setPixelSize(5);
        mono.setHintingPreference(QFont::PreferNoHinting);
        format.setFontFamilies({codeFamily_});
        format.setFontWeight(QFont::Normal);
        format.setProperty(QTextFormat::FontPixelSize, 5);
        format.setFontLetterSpacingType(QFont::AbsoluteSpacing);
        format.setFontLetterSpacing(width -
                                    QFontMetricsF(mono).horizontalAdvance(QChar(rich_text::kPlaceCharacter)));
        cursor.insertText(QString(QChar(rich_text::kPlaceCharacter)), format);
        return;
    }
    if (run.kind == Kind::Code || run.kind == Kind::Math) {
        format.setFontFamilies({codeFamily_});
        format.setProperty(QTextFormat::FontPixelSize, qRound(codePixelSize_));
        format.setFontWeight(QFont::Normal);
        format.setFontLetterSpacingType(QFont::AbsoluteSpacing);
        format.setFontLetterSpacing(0);
        if (run.kind == Kind::Math) {
            // Not set yet, or never: the source, and a dotted line if it is wrong.
            if (state == MathState::Broken) format.setProperty(rich_text::kBroken, true);
            format.setProperty(rich_text::kTex, run.text);
            format.setProperty(rich_text::kDisplay, run.display);
            cursor.insertText(run.text, format);
            return;
        }
        format.setProperty(rich_text::kChip, cursor.position() + 1);
        QTextCharFormat pad = format;
        pad.setProperty(rich_text::kPadding, true);
        // A no-break space of the mono is 0.6 em: this size makes it 4 px at zoom 1.
        pad.setProperty(QTextFormat::FontPixelSize, std::max(1, qRound(codePixelSize_ * 0.51)));
        const QString space(QChar(QChar::Nbsp));
        cursor.insertText(space, pad);
        cursor.insertText(run.text, format);
        cursor.insertText(space, pad);
        return;
    }
    cursor.insertText(run.text, format);
}

/// A chip that never breaks and sticks to the word before it.
void RichTextFill::insertCitation(QTextCursor& cursor, const InlineRun& run) {
    const bool open = run.number == openCitation_;
    QTextCharFormat gap;
    gap.setProperty(rich_text::kPadding, true);
    gap.setFontFamilies({codeFamily_});
    gap.setFontWeight(QFont::Normal);
    gap.setFontLetterSpacingType(QFont::AbsoluteSpacing);
    gap.setFontLetterSpacing(0);
    // A no-break space of the mono is 0.6 em: these sizes make it 4 px at zoom 1.
    gap.setProperty(QTextFormat::FontPixelSize, std::max(1, qRound(citePixelSize_ * 0.61)));
    QTextCharFormat format = gap;
    format.clearProperty(rich_text::kPadding);
    format.setFontFamilies({font_.family()});
    format.setFontWeight(QFont::Medium);
    format.setProperty(QTextFormat::FontPixelSize, qRound(citePixelSize_));
    format.setForeground(open ? citeOpenInk_ : citeInk_);
    format.setAnchor(true);
    format.setAnchorHref(QStringLiteral("cite:%1").arg(run.number));
    format.setProperty(rich_text::kCite, run.number);
    const QString space(QChar(QChar::Nbsp));
    cursor.insertText(space, gap);
    const int chip = cursor.position() + 1;
    format.setProperty(rich_text::kChip, chip);
    QTextCharFormat pad = gap;
    pad.setProperty(rich_text::kChip, chip);
    pad.setProperty(rich_text::kCite, run.number);
    cursor.insertText(space, pad);
    cursor.insertText(QString(run.text).replace(u' ', QChar(QChar::Nbsp)), format);
    cursor.insertText(space, pad);
}

void RichTextFill::applyBlockFormat() {
    QTextDocument* text = document_->textDocument();
    QTextBlockFormat wanted = text->firstBlock().blockFormat();
    // Fixed lines keep the baselines of Latin and Chinese lines apart by the same distance; only a paragraph
    // with a tall formula lets its lines grow.
    const auto type = tall_ ? QTextBlockFormat::MinimumHeight : QTextBlockFormat::FixedHeight;
    if (wanted.lineHeightType() == type && wanted.lineHeight() == lineHeight_ &&
        wanted.alignment() == Qt::Alignment(alignment_))
        return;
    wanted.setLineHeight(lineHeight_, type);
    wanted.setAlignment(Qt::Alignment(alignment_));
    QTextCursor cursor(text->firstBlock());
    cursor.setBlockFormat(wanted);
}

QString RichTextFill::textBetween(int from, int to) const {
    QString out;
    if (!document_) return out;
    const QTextDocument* text = document_->textDocument();
    for (QTextBlock block = text->begin(); block.isValid(); block = block.next()) {
        for (auto it = block.begin(); !it.atEnd(); ++it) {
            const int begin = std::max(from, it.fragment().position());
            const int end = std::min(to, it.fragment().position() + it.fragment().length());
            if (begin >= end) continue;
            const QTextCharFormat format = it.fragment().charFormat();
            if (format.boolProperty(rich_text::kPadding)) continue;
            if (format.hasProperty(rich_text::kCite)) {
                out += u'[' + QString::number(format.intProperty(rich_text::kCite)) + u']';
                continue;
            }
            if (format.boolProperty(rich_text::kPlace)) {
                const QString mark =
                    format.boolProperty(rich_text::kDisplay) ? QStringLiteral("$$") : QStringLiteral("$");
                for (int i = begin; i < end; ++i) out += mark + format.stringProperty(rich_text::kTex) + mark;
                continue;
            }
            const QString mark = !format.hasProperty(rich_text::kTex)       ? QString()
                                 : format.boolProperty(rich_text::kDisplay) ? QStringLiteral("$$")
                                                                            : QStringLiteral("$");
            out += mark +
                   it.fragment()
                       .text()
                       .sliced(begin - it.fragment().position(), end - begin)
                       .replace(QChar(QChar::LineSeparator), u'\n') +
                   mark;
        }
    }
    return out;
}

/// Copy takes the text as a person means it: formulas as TeX, no padding.
bool RichTextFill::eventFilter(QObject* object, QEvent* event) {
    if (event->type() == QEvent::KeyPress && static_cast<QKeyEvent*>(event)->matches(QKeySequence::Copy)) {
        const int from = object->property("selectionStart").toInt(),
                  to = object->property("selectionEnd").toInt();
        if (to > from) {
            QGuiApplication::clipboard()->setText(textBetween(from, to));
            return true;
        }
    }
    return QObject::eventFilter(object, event);
}

}  // namespace pellucid::app
