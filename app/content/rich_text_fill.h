// Fills a TextEdit with the inline Markdown of one block.
#pragma once

#include <QColor>
#include <QFont>
#include <QPointer>
#include <QQmlEngine>
#include <QQuickTextDocument>
#include <vector>

#include "app/content/inline_parser.h"
#include "app/content/math_layout.h"

class QTextCursor;

namespace pellucid::app {

class MathTypesetter;
class RichTextOverlay;

/// Keeps the document of `document`'s TextEdit (textFormat: RichText, readOnly) showing `source`. When the
/// source grows only what differs at its end is replaced, so that streaming neither flickers nor drops a
/// selection. Inline code sits on chips and formulas are painted by MathItems that it lays over the text: Qt
/// Quick would draw inline objects at scale 1. A formula shows as its source until it is set, and for good if
/// it cannot be.
class RichTextFill : public QObject {
    Q_OBJECT
    QML_ELEMENT
    Q_PROPERTY(QQuickTextDocument* document READ document WRITE setDocument NOTIFY documentChanged)
    Q_PROPERTY(QString source READ source WRITE setSource NOTIFY sourceChanged)
    /// The source goes on: unfinished marks at its end are shown as if finished.
    Q_PROPERTY(bool streaming READ streaming WRITE setStreaming NOTIFY sourceChanged)
    /// Nothing is filled in before this is true: a TextEdit clears its document when it is completed.
    Q_PROPERTY(bool active READ active WRITE setActive NOTIFY activeChanged)
    Q_PROPERTY(QFont font READ font WRITE setFont NOTIFY lookChanged)
    Q_PROPERTY(qreal lineHeight READ lineHeight WRITE setLineHeight NOTIFY lookChanged)
    Q_PROPERTY(
        int horizontalAlignment READ horizontalAlignment WRITE setHorizontalAlignment NOTIFY lookChanged)
    Q_PROPERTY(QString codeFamily READ codeFamily WRITE setCodeFamily NOTIFY lookChanged)
    Q_PROPERTY(qreal codePixelSize READ codePixelSize WRITE setCodePixelSize NOTIFY lookChanged)
    Q_PROPERTY(QColor color READ color WRITE setColor NOTIFY lookChanged)
    Q_PROPERTY(QColor linkColor READ linkColor WRITE setLinkColor NOTIFY lookChanged)
    Q_PROPERTY(QColor chipColor READ chipColor WRITE setChipColor NOTIFY lookChanged)
    Q_PROPERTY(QColor errorColor READ errorColor WRITE setErrorColor NOTIFY lookChanged)
    /// Size of formulas to that of the text.
    Q_PROPERTY(qreal mathScale READ mathScale WRITE setMathScale NOTIFY lookChanged)
    /// Labels of citation chips by number ("1 · p. 7"): "[1]" in the source shows as labels[0].
    Q_PROPERTY(QStringList citations READ citations WRITE setCitations NOTIFY lookChanged)
    Q_PROPERTY(int openCitation READ openCitation WRITE setOpenCitation NOTIFY lookChanged)
    Q_PROPERTY(QColor citeColor READ citeColor WRITE setCiteColor NOTIFY lookChanged)
    Q_PROPERTY(QColor citeInk READ citeInk WRITE setCiteInk NOTIFY lookChanged)
    Q_PROPERTY(QColor citeOpenColor READ citeOpenColor WRITE setCiteOpenColor NOTIFY lookChanged)
    Q_PROPERTY(QColor citeOpenInk READ citeOpenInk WRITE setCiteOpenInk NOTIFY lookChanged)
    Q_PROPERTY(qreal citePixelSize READ citePixelSize WRITE setCitePixelSize NOTIFY lookChanged)
    /// Sentences that are not borne out, as they stand in the answer: a dotted line runs below those in this
    /// text.
    Q_PROPERTY(QStringList doubts READ doubts WRITE setDoubts NOTIFY lookChanged)
    /// Indices into `doubts` of those that stand in this text.
    Q_PROPERTY(QList<int> doubted READ doubted NOTIFY doubtedChanged)
    /// Width of the text on one line; worked out only once someone has asked.
    Q_PROPERTY(qreal naturalWidth READ naturalWidth NOTIFY naturalWidthChanged)

public:
    explicit RichTextFill(QObject* parent = nullptr);
    ~RichTextFill() override;

    QQuickTextDocument* document() const { return document_; }
    void setDocument(QQuickTextDocument* document);
    QString source() const { return source_; }
    void setSource(const QString& source);
    bool streaming() const { return streaming_; }
    void setStreaming(bool streaming);
    bool active() const { return active_; }
    void setActive(bool active);
    QFont font() const { return font_; }
    void setFont(const QFont& v) { setLook(font_, v); }
    qreal lineHeight() const { return lineHeight_; }
    void setLineHeight(qreal v) { setLook(lineHeight_, v); }
    int horizontalAlignment() const { return alignment_; }
    void setHorizontalAlignment(int v) { setLook(alignment_, v); }
    QString codeFamily() const { return codeFamily_; }
    void setCodeFamily(const QString& v) { setLook(codeFamily_, v); }
    qreal codePixelSize() const { return codePixelSize_; }
    void setCodePixelSize(qreal v) { setLook(codePixelSize_, v); }
    QColor color() const { return color_; }
    void setColor(const QColor& v) { setLook(color_, v); }
    QColor linkColor() const { return linkColor_; }
    void setLinkColor(const QColor& v) { setLook(linkColor_, v); }
    QColor chipColor() const { return chipColor_; }
    void setChipColor(const QColor& v) { setLook(chipColor_, v); }
    QColor errorColor() const { return errorColor_; }
    void setErrorColor(const QColor& v) { setLook(errorColor_, v); }
    qreal mathScale() const { return mathScale_; }
    void setMathScale(qreal v) { setLook(mathScale_, v); }

    QStringList citations() const { return citations_; }
    void setCitations(const QStringList& v) { setLook(citations_, v); }
    int openCitation() const { return openCitation_; }
    void setOpenCitation(int v) { setLook(openCitation_, v); }
    QColor citeColor() const { return citeColor_; }
    void setCiteColor(const QColor& v) { setLook(citeColor_, v); }
    QColor citeInk() const { return citeInk_; }
    void setCiteInk(const QColor& v) { setLook(citeInk_, v); }
    QColor citeOpenColor() const { return citeOpenColor_; }
    void setCiteOpenColor(const QColor& v) { setLook(citeOpenColor_, v); }
    QColor citeOpenInk() const { return citeOpenInk_; }
    void setCiteOpenInk(const QColor& v) { setLook(citeOpenInk_, v); }
    qreal citePixelSize() const { return citePixelSize_; }
    void setCitePixelSize(qreal v) { setLook(citePixelSize_, v); }
    QStringList doubts() const { return doubts_; }
    void setDoubts(const QStringList& v) { setLook(doubts_, v); }
    QList<int> doubted() const { return doubted_; }

    qreal naturalWidth() const;

    /// What copying positions [from, to) of the document gives: formulas as $TeX$, line breaks as \n.
    Q_INVOKABLE QString textBetween(int from, int to) const;
    void setTypesetter(MathTypesetter* typesetter);

    /// Characters inserted since construction: what the incremental test counts.
    qint64 inserted() const { return inserted_; }

signals:
    void documentChanged();
    void sourceChanged();
    void activeChanged();
    void lookChanged();
    void doubtedChanged();
    void naturalWidthChanged();

protected:
    bool eventFilter(QObject* object, QEvent* event) override;

private:
    enum class MathState { Waiting, Set, Broken };
    /// A run as it stands in the document.
    struct Placed {
        InlineRun run;
        int position = 0;
        MathState state = MathState::Waiting;  // Math: when it was put there
        MathLayoutPtr layout;                  // Math: held, so that it is not set again while it stands here
    };
    template <typename T>
    void setLook(T& member, const T& value) {
        if (member == value) return;
        member = value;
        scheduleRebuild();
        emit lookChanged();
    }
    void scheduleRebuild();
    void rebuild();
    void update();
    void apply(std::vector<InlineRun> runs);
    void insertCitation(QTextCursor& cursor, const InlineRun& run);
    void insertRun(QTextCursor& cursor, const InlineRun& run, MathState state, const MathLayoutPtr& layout,
                   bool inChinese = false);
    bool isTall(const MathLayout& layout) const;
    void applyBlockFormat();
    MathState mathState(const InlineRun& run, MathLayoutPtr* layout, bool* tall);
    MathTypesetter* typesetter();

    QPointer<QQuickTextDocument> document_;
    QString source_;
    bool streaming_ = false;
    bool active_ = false;
    QFont font_;
    qreal lineHeight_ = 24;
    int alignment_ = Qt::AlignLeft;
    QString codeFamily_ = QStringLiteral("Pellucid Mono");
    qreal codePixelSize_ = 13;
    QColor color_ = Qt::black;
    QColor linkColor_ = Qt::blue;
    QColor chipColor_ = Qt::lightGray;
    QColor errorColor_ = Qt::darkYellow;
    qreal mathScale_ = 1.21;
    QStringList citations_, doubts_;
    QList<int> doubted_;
    int openCitation_ = 0;
    QColor citeColor_ = Qt::lightGray, citeInk_ = Qt::blue, citeOpenColor_ = Qt::blue,
           citeOpenInk_ = Qt::white;
    qreal citePixelSize_ = 11;
    std::vector<Placed> placed_;
    QPointer<RichTextOverlay> overlay_;
    QPointer<MathTypesetter> typesetter_;
    bool rebuildScheduled_ = false;
    bool tall_ = false;     // some formula is higher than a line
    bool waiting_ = false;  // some formula is not set yet
    qint64 inserted_ = 0;
    mutable bool widthAsked_ = false;
    mutable qreal naturalWidth_ = -1;  // -1: not known for this text
};

}  // namespace pellucid::app
