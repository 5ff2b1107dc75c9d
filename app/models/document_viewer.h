// The document beside the chat: what is open, which citations are marked on it, where it should be scrolled
// to.
#pragma once

#include <QObject>
#include <QQmlEngine>
#include <functional>

#include "app/chat/answer_sources.h"
#include "app/models/document_page_list.h"
#include "app/models/document_text_list.h"
#include "app/settings/setting_values.h"

namespace pellucid::app {

class DocumentViewer : public QObject {
    Q_OBJECT
    QML_NAMED_ELEMENT(DocumentViewer)
    QML_UNCREATABLE("Made by the app")
    Q_PROPERTY(bool available READ available CONSTANT)
    Q_PROPERTY(bool shown READ shown NOTIFY shownChanged)
    Q_PROPERTY(QString name READ name NOTIFY shownChanged)
    Q_PROPERTY(bool ready READ ready NOTIFY readyChanged)  ///< its pages or paragraphs are there
    Q_PROPERTY(bool paged READ paged NOTIFY readyChanged)  ///< it has pages; else paragraphs
    Q_PROPERTY(pellucid::app::DocumentPageList* pages READ pages CONSTANT)
    Q_PROPERTY(pellucid::app::DocumentTextList* texts READ texts CONSTANT)
    Q_PROPERTY(QString faultWhat READ faultWhat NOTIFY readyChanged)  ///< it cannot be shown
    Q_PROPERTY(QString faultHint READ faultHint NOTIFY readyChanged)
    Q_PROPERTY(int page READ page WRITE setPage NOTIFY pageChanged)  ///< the one in sight, from 0
    Q_PROPERTY(QString pageText READ pageText NOTIFY pageChanged)    ///< "7 of 24"
    Q_PROPERTY(int zoom READ zoom NOTIFY zoomChanged)                ///< percent of the pane's width
    Q_PROPERTY(bool darkened READ darkened WRITE setDarkened NOTIFY darkenedChanged)
    Q_PROPERTY(int paneWidth READ paneWidth WRITE setPaneWidth NOTIFY paneWidthChanged)
    /// The answer whose citations are marked, and which is open; 0: none.
    Q_PROPERTY(QString messageId READ messageId NOTIFY citationChanged)
    Q_PROPERTY(int number READ number NOTIFY citationChanged)
    Q_PROPERTY(QString query READ query NOTIFY foundChanged)
    Q_PROPERTY(QString foundText READ foundText NOTIFY foundChanged)  ///< "2 of 5", "Nothing found"
    Q_PROPERTY(int foundCount READ foundCount NOTIFY foundChanged)

public:
    static constexpr int kWidth = 640, kNarrowest = 400;
    static const std::vector<int>& zooms();

    /// `source` null: nothing can be shown, and citations open nothing.
    DocumentViewer(PageSource* source, SettingStore& store, QObject* parent = nullptr);

    bool available() const { return source_ != nullptr; }
    bool shown() const { return !document_.isEmpty(); }
    QString documentId() const { return document_; }
    QString name() const { return name_; }
    bool ready() const { return ready_; }
    bool paged() const { return paged_; }
    DocumentPageList* pages() { return &pages_; }
    DocumentTextList* texts() { return &texts_; }
    QString faultWhat() const { return fault_.what; }
    QString faultHint() const { return fault_.hint; }
    int page() const { return page_; }
    void setPage(int page);
    QString pageText() const;
    int zoom() const { return zoom_; }
    bool darkened() const { return darkened_; }
    void setDarkened(bool darkened);
    int paneWidth() const { return paneWidth_; }
    void setPaneWidth(int width);
    QString messageId() const { return messageId_; }
    int number() const { return number_; }
    QString query() const { return query_; }
    QString foundText() const;
    int foundCount() const { return static_cast<int>(found_.size()); }

    /// Opens the passage that stands behind a mark of an answer.
    Q_INVOKABLE void openCitation(const QString& messageId, int number);
    /// Opens a document of the library at its beginning.
    Q_INVOKABLE void openDocument(const QString& id, const QString& name);
    Q_INVOKABLE void close();
    /// The next (1) or the one before (-1), round and round.
    Q_INVOKABLE void stepCitation(int by);
    Q_INVOKABLE void goTo(int page);
    Q_INVOKABLE void zoomBy(int steps);
    /// Empty: the search is over.
    Q_INVOKABLE void find(const QString& text);
    Q_INVOKABLE void stepFound(int by);

    /// Who knows the passages of an answer.
    void setSourcesOf(std::function<AnswerSourcesPtr(const QString& messageId)> sourcesOf);
    /// The last answer that has passages: where F8 begins.
    void setLastAnswer(std::function<QString()> lastAnswer);
    void retranslate();

signals:
    void shownChanged();
    void readyChanged();
    void pageChanged();
    void zoomChanged();
    void darkenedChanged();
    void paneWidthChanged();
    void citationChanged();
    void foundChanged();
    /// The view brings this into sight: a span's first box to a third of the height (points from the page's
    /// top), or the top of a page (height 0).
    void placeWanted(int page, double y, double height);
    void rowWanted(int row);

private:
    void show(const QString& document, const QString& name);
    void readBoxes();
    void remark();
    void bring();

    PageSource* source_;
    SettingStore& store_;
    std::function<AnswerSourcesPtr(const QString&)> sourcesOf_;
    std::function<QString()> lastAnswer_;
    QString document_, name_;
    bool ready_ = false, paged_ = false, darkened_ = false;
    Problem fault_;
    DocumentPageList pages_;
    DocumentTextList texts_;
    int page_ = 0, zoom_ = 100, paneWidth_ = kWidth;
    QString messageId_;
    AnswerSourcesPtr sources_;
    int number_ = 0;
    QHash<int, std::vector<SpanBox>> boxes_;  // of citations in this document, by number
    QString query_;
    std::vector<DocumentSpan> found_;
    int foundAt_ = -1;
    std::vector<SpanBox> foundBoxes_;
    bool wanted_ = false;  // the citation is to be brought into sight as soon as its boxes are known
    int ticket_ = 0, search_ = 0;
};

}  // namespace pellucid::app
