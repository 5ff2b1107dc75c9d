// One icon of the set, painted at the device's scale.
#pragma once

#include <QColor>
#include <QQmlEngine>
#include <QQuickPaintedItem>
#include <optional>

#include "app/content/icon_paths.h"

namespace pellucid::app {

/// Paints once and keeps the texture; repaints when name, size, colour or scale change. Send-side icons
/// (chevrons, back, hint, skip …) are mirrored in right-to-left layouts by themselves.
class Icon : public QQuickPaintedItem {
    Q_OBJECT
    QML_ELEMENT
    Q_PROPERTY(QString name READ name WRITE setName NOTIFY nameChanged)
    Q_PROPERTY(qreal size READ size WRITE setSize NOTIFY sizeChanged)
    Q_PROPERTY(QColor color READ color WRITE setColor NOTIFY colorChanged)
    /// Fill of the mark's overlap.
    Q_PROPERTY(QColor accent READ accent WRITE setAccent NOTIFY accentChanged)
    /// In grid units; 0 takes 1.4, 1.9 at 12 px and 2.2 at 10 px and below.
    Q_PROPERTY(qreal strokeWidth READ strokeWidth WRITE setStrokeWidth NOTIFY strokeWidthChanged)

public:
    explicit Icon(QQuickItem* parent = nullptr);

    QString name() const { return name_; }
    void setName(const QString& name);
    qreal size() const { return size_; }
    void setSize(qreal size);
    QColor color() const { return color_; }
    void setColor(const QColor& color);
    QColor accent() const { return accent_; }
    void setAccent(const QColor& accent);
    qreal strokeWidth() const { return strokeWidth_; }
    void setStrokeWidth(qreal width);

    void paint(QPainter* painter) override;

signals:
    void nameChanged();
    void sizeChanged();
    void colorChanged();
    void accentChanged();
    void strokeWidthChanged();

private:
    QString name_;
    qreal size_ = 16;
    QColor color_ = Qt::black;
    QColor accent_ = Qt::black;
    qreal strokeWidth_ = 0;
    bool mirrored_ = false;
    std::optional<IconShape> shape_;
};

}  // namespace pellucid::app
