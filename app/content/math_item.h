// A formula as an item.
#pragma once

#include <QColor>
#include <QPointer>
#include <QQmlEngine>
#include <QQuickPaintedItem>

#include "app/content/math_layout.h"

namespace pellucid::app {

class MathTypesetter;

/// Paints TeX at the device's scale. The implicit size is the formula's; the baseline lies at `ascent` (and
/// baselineOffset). While it is being set `ready` is false and nothing shows; TeX that cannot be set has
/// `error`.
class MathItem : public QQuickPaintedItem {
    Q_OBJECT
    QML_ELEMENT
    Q_PROPERTY(QString tex READ tex WRITE setTex NOTIFY texChanged)
    Q_PROPERTY(bool displayMode READ displayMode WRITE setDisplayMode NOTIFY displayModeChanged)
    Q_PROPERTY(QColor color READ color WRITE setColor NOTIFY colorChanged)
    /// Size of the formula's font: 1.21 times that of the text around it.
    Q_PROPERTY(qreal pixelSize READ pixelSize WRITE setPixelSize NOTIFY pixelSizeChanged)
    Q_PROPERTY(bool ready READ ready NOTIFY layoutChanged)
    Q_PROPERTY(QString error READ error NOTIFY layoutChanged)
    /// From the top to the baseline.
    Q_PROPERTY(qreal ascent READ ascent NOTIFY layoutChanged)

public:
    explicit MathItem(QQuickItem* parent = nullptr);

    QString tex() const { return tex_; }
    void setTex(const QString& tex);
    bool displayMode() const { return display_; }
    void setDisplayMode(bool display);
    QColor color() const { return color_; }
    void setColor(const QColor& color);
    qreal pixelSize() const { return pixelSize_; }
    void setPixelSize(qreal size);
    bool ready() const { return layout_ && layout_->error.isEmpty(); }
    QString error() const { return layout_ ? layout_->error : QString(); }
    qreal ascent() const;
    /// For items made in C++; QML items find the typesetter of their engine.
    void setTypesetter(MathTypesetter* typesetter);

    void paint(QPainter* painter) override;

signals:
    void texChanged();
    void displayModeChanged();
    void colorChanged();
    void pixelSizeChanged();
    void layoutChanged();

protected:
    void componentComplete() override;

private:
    static constexpr qreal kMargin = 1;  // room for antialiased edges
    void refresh();

    QString tex_;
    bool display_ = false;
    QColor color_ = Qt::black;
    qreal pixelSize_ = 18;
    bool complete_ = false;
    MathLayoutPtr layout_;
    QPointer<MathTypesetter> typesetter_;
};

}  // namespace pellucid::app
