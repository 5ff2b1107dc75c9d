// A picture of a document's page, as it came from whoever made it; white until there is one.
#pragma once

#include <QImage>
#include <QQmlEngine>
#include <QQuickPaintedItem>
#include <QVariant>

namespace pellucid::app {

class PagePicture : public QQuickPaintedItem {
    Q_OBJECT
    QML_ELEMENT
    Q_PROPERTY(QVariant picture READ picture WRITE setPicture NOTIFY pictureChanged)  ///< QImage
    Q_PROPERTY(bool darkened READ darkened WRITE setDarkened NOTIFY darkenedChanged)  ///< light on dark
    Q_PROPERTY(bool empty READ empty NOTIFY pictureChanged)

public:
    explicit PagePicture(QQuickItem* parent = nullptr);
    QVariant picture() const { return picture_; }
    void setPicture(const QVariant& picture);
    bool darkened() const { return darkened_; }
    void setDarkened(bool darkened);
    bool empty() const { return picture_.isNull(); }
    void paint(QPainter* painter) override;

signals:
    void pictureChanged();
    void darkenedChanged();

private:
    QImage picture_;
    bool darkened_ = false;
};

}  // namespace pellucid::app
