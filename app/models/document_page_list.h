// The pages of the document that is shown: sizes, pictures as they come, and the boxes of cited spans.
#pragma once

#include <QAbstractListModel>
#include <QHash>
#include <QImage>
#include <QQmlEngine>
#include <QVariantList>
#include <list>

#include "app/models/document_boxes.h"

namespace pellucid::app {

class DocumentPageList : public QAbstractListModel {
    Q_OBJECT
    QML_NAMED_ELEMENT(DocumentPageList)
    QML_UNCREATABLE("Made by the app")
    Q_PROPERTY(int count READ count NOTIFY countChanged)
    Q_PROPERTY(double usualWidth READ usualWidth NOTIFY countChanged)  ///< of most pages, in points
    Q_PROPERTY(double widest READ widest NOTIFY countChanged)          ///< of the widest page

public:
    enum Role {
        PointsWideRole = Qt::UserRole + 1,  ///< pointsWide: of the page, in points
        PointsHighRole,                     ///< pointsHigh
        LabelRole,                          ///< label: what people call it: "7", "iv"
        PictureRole,                        ///< picture: QImage; null while it is made
        FaultRole,                          ///< fault: why there is no picture; empty: none
        BoxesRole,  ///< boxes: [{x, y, width, height (points), number, open, first, kind}]; kind "cited" or
                    ///< "found"
    };
    /// Pictures that are kept, in bytes: about 20 pages at twice the screen's points.
    static constexpr qsizetype kKept = 96 << 20;

    explicit DocumentPageList(PageSource* source, QObject* parent = nullptr);

    int rowCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QHash<int, QByteArray> roleNames() const override;
    double usualWidth() const { return usualWidth_; }
    double widest() const { return widest_; }
    int count() const { return static_cast<int>(pages_.size()); }

    /// The page is in sight and wants its picture at so many pixels a point. Asked for once.
    Q_INVOKABLE void want(int page, double scale);
    /// "7", or what the document calls the page.
    Q_INVOKABLE QString label(int page) const;

    struct Mark {
        SpanBox box;
        int number = 0;
        bool open = false;
        bool found = false;  ///< of the search, not of a citation
    };
    void setPages(const QString& document, std::vector<DocumentPage> pages);
    void setMarks(std::vector<Mark> marks);
    QSizeF size(int page) const { return pages_[static_cast<std::size_t>(page)].size; }
    /// Pictures asked for since the start: what a test counts.
    int asked() const { return asked_; }

signals:
    void countChanged();

private:
    struct Shown {
        QImage picture;
        double scale = 0;
        Problem fault;
    };
    void take(const QString& document, int page, double scale, QImage picture, const Problem& problem);
    void keep(int page);

    PageSource* source_;
    QString document_;
    std::vector<DocumentPage> pages_;
    QHash<int, QList<Mark>> marks_;
    QHash<int, Shown> shown_;
    QHash<int, double> asked_for_;  // page -> scale on its way
    std::list<int> order_;          // latest first
    double usualWidth_ = 595, widest_ = 595;
    qsizetype kept_ = 0;
    int asked_ = 0;
};

}  // namespace pellucid::app
