import QtQuick
import Pellucid.Content

Rectangle {
    id: root
    property bool dark: false
    property color ink: dark ? "#DFE4E7" : "#14191D"
    property color ink2: dark ? "#B4BDC4" : "#465059"
    width: 1000
    height: 900
    color: dark ? "#15191C" : "#FFFFFF"
    component Body: RichTextBlock {
        width: 680
        color: root.ink
        font.family: "Inter"
        font.pixelSize: 15
        font.letterSpacing: -0.1
        lineHeight: 24
        linkColor: root.dark ? "#7CC7E4" : "#075A78"
        chipColor: root.dark ? "#23292E" : "#EDF0F2"
        errorColor: root.dark ? "#E3B15C" : "#8A5300"
    }
    component Thought: Body {
        color: root.ink2
        font.pixelSize: 13
        font.letterSpacing: 0
        lineHeight: 22
    }
    Column {
        x: 30
        y: 20
        spacing: 12
        Body { source: "Heading of the first rank"; font.pixelSize: 20; font.weight: Font.DemiBold; lineHeight: 28; font.letterSpacing: -0.3 }
        Body { source: "so a tiling of width $n$ ends in one upright domino or in two lying ones, which gives the Fibonacci recurrence $T_n = T_{n-1} + T_{n-2}$ and, by Binet, **strong words**, *slanted words*, ~~gone~~, `std::vector<int>` and `git commit --amend` with [a link](https://example.org) at https://example.org/path." }
        Body { source: "A tall one inline: $\\sum_{k=1}^{n} \\frac{1}{k^2}$ then $\\frac{a}{b}$, $\\sqrt{x^2+y^2}$, $$\\int_0^1 x\\,dx$$ and the line after it goes on with plain words that fill the rest of the column so that it wraps." }
        Body { source: "A fraction $\\frac{a}{b}$ in text, $x_i^2$, $\\alpha \\to \\beta$, broken: $\\frac{a}{b$ and $\\nope$ stay source.<br>Second line after a break." }
        Body { source: "这是**粗体**文字，*斜体*，`代码块`，公式 $E = mc^2$ 和**“引号”**后面的文字。中文与 English 混排，行高固定，标点不出现在行首。这一段要足够长，让它换到下一行去看基线是否稳定。"; font.letterSpacing: 0; lineHeight: 26 }
        Thought { source: "Check it on small boards before trusting it: T(3) = 2·2 + 1 = 5 and T(4) = 2·5 + 1 = 11 match the drawings. The growth rate is the largest root of $x^3 = 2x^2 + 1$, near 2.2056, see `roots()`." }
        Thought { source: "先在小棋盘上验证：$T(3)=5$，`f(n)` 与图相符。"; lineHeight: 24 }
        Row {
            spacing: 20
            Repeater {
                model: ["Body aligned Hxg", "中文基线 Hxg", "`code` Hxg", "$x^2$ Hxg"]
                Body { required property string modelData; source: modelData; width: naturalWidth
                    Rectangle { y: 19; width: parent.width; height: 1; color: "#40ff0000" } }
            }
        }
        Body { source: "streaming **bold that is not clo"; streaming: true }
        Body { source: "right aligned 1,234.5"; horizontalAlignment: Text.AlignRight; font.family: "Pellucid Figures" }
        Body { source: "选中 selected text with `chip` and $x$"; selectionColor: root.dark ? "#4D5DB9DC" : "#380A6A8C"; selectedTextColor: color; Component.onCompleted: Qt.callLater(selectAll) }
    }
}
