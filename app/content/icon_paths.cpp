#include "app/content/icon_paths.h"

#include <QStringList>
#include <cmath>
#include <iterator>

namespace pellucid::app {
namespace {

struct Entry {
    const char* name;
    const char* stroke;
    const char* fill;
    bool sendSide;
    double strokeWidth;
};

constexpr Entry kIcons[] = {
    {"right", "M6.2 3.8L10.4 8L6.2 12.2", "", true, 1.4},
    {"left", "M9.8 3.8L5.6 8L9.8 12.2", "", true, 1.4},
    {"down", "M3.8 6.2L8 10.4L12.2 6.2", "", false, 1.4},
    {"up", "M3.8 9.8L8 5.6L12.2 9.8", "", false, 1.4},
    {"updown", "M5 6.2L8 3.4L11 6.2M5 9.8L8 12.6L11 9.8", "", false, 1.4},
    {"plus", "M8 3.2V12.8M3.2 8H12.8", "", false, 1.4},
    {"minus", "M3.2 8H12.8", "", false, 1.4},
    {"x", "M4 4L12 12M12 4L4 12", "", false, 1.4},
    {"check", "M3.2 8.6L6.4 11.8L12.8 4.6", "", false, 1.4},
    {"search", "M7 2.6A4.4 4.4 0 1 0 7 11.4A4.4 4.4 0 1 0 7 2.6ZM10.2 10.2L13.4 13.4", "", false, 1.4},
    {"chat",
     "M3.5 12.9V11.2A2 2 0 0 1 2.5 9.4V5A2.2 2.2 0 0 1 4.7 2.8H11.3A2.2 2.2 0 0 1 13.5 5V8.8A2.2 2.2 0 0 1 "
     "11.3 11H6.2Z",
     "", false, 1.4},
    {"doc",
     "M4.2 2.2H9.2L12.6 5.6V12.6A1.2 1.2 0 0 1 11.4 13.8H4.6A1.2 1.2 0 0 1 3.4 12.6V3.4A1.2 1.2 0 0 1 4.2 "
     "2.2ZM9 2.4V5.8H12.4",
     "", false, 1.4},
    {"model", "M8 1.9L13.4 4.9V11.1L8 14.1L2.6 11.1V4.9ZM2.8 5L8 8L13.2 5M8 8V13.9", "", false, 1.4},
    {"settings",
     "M2.4 5H7.2M12 5H13.6M9.6 3.2A1.8 1.8 0 1 0 9.6 6.8A1.8 1.8 0 1 0 9.6 3.2ZM2.4 11H4M8.8 11H13.6M6.4 "
     "9.2A1.8 1.8 0 1 0 6.4 12.8A1.8 1.8 0 1 0 6.4 9.2Z",
     "", false, 1.4},
    {"pause", "M5.6 3.6V12.4M10.4 3.6V12.4", "", false, 1.4},
    {"play", "", "M5 3.2L12.6 8L5 12.8Z", false, 1.4},
    {"stop", "", "M4.4 4.4H11.6V11.6H4.4Z", false, 1.4},
    {"send", "M8 13V3.2M3.8 7.4L8 3.2L12.2 7.4", "", false, 1.4},
    {"hint", "M2.4 8H9.6M6.6 5L9.6 8L6.6 11M13.2 3.2V12.8", "", true, 1.4},
    {"skip", "M3.4 3.6L9.8 8L3.4 12.4ZM12.6 3.6V12.4", "", true, 1.4},
    {"think", "M8 2.2A5.8 5.8 0 1 0 8 13.8A5.8 5.8 0 1 0 8 2.2ZM8 4.8V8L10.2 9.6", "", false, 1.4},
    {"attach",
     "M13 7.4L7.9 12.5A3.1 3.1 0 0 1 3.5 8.1L8.7 2.9A2.1 2.1 0 0 1 11.7 5.9L6.6 11A1.05 1.05 0 0 1 5.1 "
     "9.5L9.8 4.8",
     "", false, 1.4},
    {"copy",
     "M6 5.6H12.2A.9 .9 0 0 1 13.1 6.5V12.4A.9 .9 0 0 1 12.2 13.3H6.5A.9 .9 0 0 1 5.6 12.4V6ZM3 10V3.7A1 1 0 "
     "0 1 4 2.7H10",
     "", false, 1.4},
    {"redo", "M12.9 8.4A5 5 0 1 1 11.6 4.4L13 5.8M13.1 2.8V5.9H10", "", false, 1.4},
    {"edit", "M2.9 13.1L3.5 10.4L10.7 3.2A1.5 1.5 0 0 1 12.8 5.3L5.6 12.5Z", "", false, 1.4},
    {"download", "M8 2.4V10.4M4.6 7.2L8 10.6L11.4 7.2M3 13.4H13", "", false, 1.4},
    {"warn", "M8 2.6L14 13H2ZM8 6.6V9.4M8 11.3V11.4", "", false, 1.4},
    {"branch",
     "M4.6 5.4V10.6M4.6 2.4A1.5 1.5 0 1 0 4.6 5.4A1.5 1.5 0 1 0 4.6 2.4ZM4.6 10.6A1.5 1.5 0 1 0 4.6 13.6A1.5 "
     "1.5 0 1 0 4.6 10.6ZM11.4 2.4A1.5 1.5 0 1 0 11.4 5.4A1.5 1.5 0 1 0 11.4 2.4ZM11.4 5.4V6.4A2.2 2.2 0 0 1 "
     "9.2 8.6H6.6A2 2 0 0 0 4.6 10.6",
     "", false, 1.4},
    {"folder",
     "M2.4 4.6A1.2 1.2 0 0 1 3.6 3.4H6.2L7.8 5H12.4A1.2 1.2 0 0 1 13.6 6.2V11.4A1.2 1.2 0 0 1 12.4 "
     "12.6H3.6A1.2 1.2 0 0 1 2.4 11.4Z",
     "", false, 1.4},
    {"panel",
     "M3.6 3.2H12.4A1.2 1.2 0 0 1 13.6 4.4V11.6A1.2 1.2 0 0 1 12.4 12.8H3.6A1.2 1.2 0 0 1 2.4 11.6V4.4A1.2 "
     "1.2 0 0 1 3.6 3.2ZM6.2 3.2V12.8",
     "", true, 1.4},
    {"lock",
     "M4.2 7.2H11.8A.8 .8 0 0 1 12.6 8V12.6A.8 .8 0 0 1 11.8 13.4H4.2A.8 .8 0 0 1 3.4 12.6V8A.8 .8 0 0 1 4.2 "
     "7.2ZM5.4 7V5.2A2.6 2.6 0 0 1 10.6 5.2V7",
     "", false, 1.4},
    {"half", "M8 2.8A5.2 5.2 0 1 0 8 13.2A5.2 5.2 0 1 0 8 2.8Z", "M8 2.8A5.2 5.2 0 0 0 8 13.2Z", false, 1.4},
    {"export", "M6.4 3.4H3.4V12.6H12.6V9.6M9 2.8H13.2V7M13 3L7.6 8.4", "", false, 1.4},
    {"back", "M12.8 8H3.4M7.2 4L3.2 8L7.2 12", "", true, 1.4},
    {"menu", "M2.6 4.6H13.4M2.6 8H13.4M2.6 11.4H13.4", "", false, 1.4},
    {"list", "M5.6 4.4H13.4M5.6 8H13.4M5.6 11.6H13.4M2.7 4.4H2.8M2.7 8H2.8M2.7 11.6H2.8", "", true, 1.4},
    {"more", "M3.4 8H3.5M8 8H8.1M12.6 8H12.7", "", false, 2.0},
    {"keyboard",
     "M3.4 3.8H12.6A1.4 1.4 0 0 1 14 5.2V10.8A1.4 1.4 0 0 1 12.6 12.2H3.4A1.4 1.4 0 0 1 2 10.8V5.2A1.4 1.4 0 "
     "0 1 3.4 "
     "3.8ZM4.9 6.6H5M7 6.6H7.1M9 6.6H9.1M11.1 6.6H11.2M5.6 9.4H10.4",
     "", false, 1.4},
    {"globe",
     "M8 2.2A5.8 5.8 0 1 0 8 13.8A5.8 5.8 0 1 0 8 2.2ZM2.2 8H13.8M8 2.2A8.6 8.6 0 0 0 8 13.8M8 2.2A8.6 8.6 0 "
     "0 1 8 13.8",
     "", false, 1.4},
    {"moon", "M13 9.4A5.4 5.4 0 1 1 6.6 3A4.4 4.4 0 0 0 13 9.4Z", "", false, 1.4},
};

/// Two discs on a grid of 48; the overlap is filled with the accent.
IconShape markShape() {
    IconShape mark;
    mark.grid = 48;
    mark.strokeWidth = 3;
    QPainterPath first, second;
    first.addEllipse(QPointF(18, 18), 15.5, 15.5);
    second.addEllipse(QPointF(30, 30), 15.5, 15.5);
    mark.fill = first.intersected(second);
    mark.stroke = first;
    mark.stroke.addPath(second);
    return mark;
}

/// SVG's endpoint arc as QPainterPath's centre arc (SVG 1.1, appendix F.6.5); x-axis rotation is not used.
void arcTo(QPainterPath& path, qreal rx, qreal ry, bool large, bool sweep, QPointF to) {
    const QPointF from = path.currentPosition();
    if (from == to || rx <= 0 || ry <= 0) return path.lineTo(to);
    const QPointF half((from.x() - to.x()) / 2, (from.y() - to.y()) / 2);
    const qreal excess = half.x() * half.x() / (rx * rx) + half.y() * half.y() / (ry * ry);
    if (excess > 1) {
        rx *= std::sqrt(excess);
        ry *= std::sqrt(excess);
    }
    const qreal a = rx * rx * half.y() * half.y() + ry * ry * half.x() * half.x();
    qreal factor = std::sqrt(std::max<qreal>(0, (rx * rx * ry * ry - a) / a));
    if (large == sweep) factor = -factor;
    const QPointF rotated(factor * rx * half.y() / ry, -factor * ry * half.x() / rx);
    const QPointF centre = rotated + (from + to) / 2;
    const auto angle = [&](QPointF p) {
        return std::atan2(-(p.y() - centre.y()) / ry, (p.x() - centre.x()) / rx) * 180 / M_PI;
    };
    const qreal start = angle(from);
    qreal length = angle(to) - start;
    if (sweep && length > 0) length -= 360;
    if (!sweep && length < 0) length += 360;
    path.arcTo(QRectF(centre.x() - rx, centre.y() - ry, 2 * rx, 2 * ry), start, length);
}

/// Splits path data into commands and numbers.
class PathReader {
public:
    explicit PathReader(QStringView data) : data_(data) {}

    QChar command() {
        skip();
        if (at_ < data_.size() && data_[at_].isLetter()) current_ = data_[at_++];
        return at_ <= data_.size() ? current_ : QChar();
    }
    bool hasMore() {
        skip();
        return at_ < data_.size();
    }
    qreal number() {
        skip();
        const qsizetype begin = at_;
        bool point = false;
        while (at_ < data_.size()) {
            const QChar c = data_[at_];
            const bool sign = (c == u'-' || c == u'+') && (at_ == begin || data_[at_ - 1] == u'e');
            if (c == u'.' && !point)
                point = true;
            else if (!c.isDigit() && !sign && !(c == u'e' && at_ > begin))
                break;
            ++at_;
        }
        return data_.sliced(begin, at_ - begin).toDouble();
    }
    bool flag() {
        skip();
        return at_ < data_.size() && data_[at_++] == u'1';
    }
    qsizetype position() const { return at_; }

private:
    void skip() {
        while (at_ < data_.size() && (data_[at_].isSpace() || data_[at_] == u',')) ++at_;
    }
    QStringView data_;
    qsizetype at_ = 0;
    QChar current_;
};

}  // namespace

QPainterPath pathFromSvg(QStringView data) {
    QPainterPath path;
    PathReader in(data);
    QChar last;
    QPointF control;  // of the last curve, for the smooth ones
    while (in.hasMore()) {
        const qsizetype before = in.position();
        const QPointF at = path.currentPosition();
        const QChar written = in.command();
        // Numbers without a command repeat the last one; after a move they draw lines.
        const bool repeated = in.position() == before && written == last;
        const bool relative = written.isLower();
        QChar command = written.toUpper();
        if (repeated && command == u'M') command = u'L';
        const QPointF origin = relative ? at : QPointF();
        const auto point = [&] {
            const qreal x = in.number();
            return QPointF(x, in.number()) + origin;
        };
        const bool smooth = QStringView(u"CS").contains(last.toUpper());
        const bool smoothQuad = QStringView(u"QT").contains(last.toUpper());
        switch (command.unicode()) {
            case u'M':
                path.moveTo(point());
                break;
            case u'L':
                path.lineTo(point());
                break;
            case u'H':
                path.lineTo(in.number() + origin.x(), at.y());
                break;
            case u'V':
                path.lineTo(at.x(), in.number() + origin.y());
                break;
            case u'C':
            case u'S': {
                const QPointF first = command == u'C' ? point() : smooth ? 2 * at - control : at;
                control = point();
                const QPointF to = point();
                path.cubicTo(first, control, to);
                break;
            }
            case u'Q':
            case u'T': {
                control = command == u'Q' ? point() : smoothQuad ? 2 * at - control : at;
                path.quadTo(control, point());
                break;
            }
            case u'A': {
                const qreal rx = in.number(), ry = in.number();
                in.number();
                const bool large = in.flag(), sweep = in.flag();
                arcTo(path, rx, ry, large, sweep, point());
                break;
            }
            case u'Z':
                path.closeSubpath();
                break;
            default:
                return path;
        }
        last = written;
        if (in.position() == before) break;
    }
    return path;
}

std::optional<IconShape> iconShape(QStringView name) {
    if (name == u"mark") return markShape();
    for (const Entry& entry : kIcons) {
        if (name != QLatin1String(entry.name)) continue;
        return IconShape{pathFromSvg(QString::fromLatin1(entry.stroke)),
                         pathFromSvg(QString::fromLatin1(entry.fill)), entry.strokeWidth, 16, entry.sendSide};
    }
    return {};
}

QStringList iconNames() {
    QStringList names;
    for (const Entry& entry : kIcons) names << QString::fromLatin1(entry.name);
    return names << QStringLiteral("mark");
}

}  // namespace pellucid::app
