// A PDF of a few lines, with text where it is drawn.
#pragma once

#include <QByteArray>
#include <QByteArrayList>
#include <QList>

namespace pellucid::app::test {

/// Pages of 420 x 300 points, their lines in Helvetica of 14 points. Lines: ASCII without brackets.
inline QByteArray pdf(const QList<QByteArrayList>& pages) {
    QByteArray out = "%PDF-1.4\n";
    QList<qsizetype> at;
    const auto object = [&](const QByteArray& body) {
        at.append(out.size());
        out += QByteArray::number(at.size()) + " 0 obj\n" + body + "\nendobj\n";
    };
    object("<< /Type /Catalog /Pages 2 0 R >>");
    QByteArray kids;
    for (qsizetype i = 0; i < pages.size(); ++i) kids += QByteArray::number(4 + 2 * i) + " 0 R ";
    object("<< /Type /Pages /Kids [" + kids + "] /Count " + QByteArray::number(pages.size()) + " >>");
    object("<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>");
    for (const QByteArrayList& lines : pages) {
        object("<< /Type /Page /Parent 2 0 R /MediaBox [0 0 420 300] /Contents " +
               QByteArray::number(at.size() + 2) + " 0 R /Resources << /Font << /F 3 0 R >> >> >>");
        QByteArray drawing;
        int y = 250;
        for (const QByteArray& line : lines) {
            drawing += "BT /F 14 Tf 20 " + QByteArray::number(y) + " Td (" + line + ") Tj ET\n";
            y -= 40;
        }
        object("<< /Length " + QByteArray::number(drawing.size()) + " >>\nstream\n" + drawing + "endstream");
    }
    const qsizetype table = out.size();
    out += "xref\n0 " + QByteArray::number(at.size() + 1) + "\n0000000000 65535 f \n";
    for (const qsizetype where : at) out += QByteArray::number(where).rightJustified(10, '0') + " 00000 n \n";
    return out + "trailer\n<< /Size " + QByteArray::number(at.size() + 1) + " /Root 1 0 R >>\nstartxref\n" +
           QByteArray::number(table) + "\n%%EOF\n";
}

}  // namespace pellucid::app::test
