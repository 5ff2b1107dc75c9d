import QtQuick
import Pellucid.Content

Rectangle {
    id: root
    property bool dark: false
    property color ink: dark ? "#DFE4E7" : "#14191D"
    width: 900
    height: 1100
    color: dark ? "#15191C" : "#FFFFFF"
    readonly property var formulas: [
        "x = \\frac{-b \\pm \\sqrt{b^2 - 4ac}}{2a}, \\quad \\sqrt[3]{\\frac{a}{1+\\sqrt{x}}}, \\quad \\dfrac{1}{1+\\dfrac{1}{x}}",
        "\\int_{-\\infty}^{\\infty} e^{-x^2}\\,dx = \\sqrt{\\pi}, \\quad \\oint_C \\vec F\\cdot d\\vec r, \\quad \\lim_{n\\to\\infty}\\sum_{k=1}^n \\frac{1}{k^2} = \\frac{\\pi^2}{6}",
        "\\boxed{E = mc^2} \\quad \\prod_{i=1}^{n} x_i \\quad \\bigcup_{i} A_i \\quad \\binom{n}{k} \\quad \\left\\lfloor \\frac{a}{b} \\right\\rfloor",
        "\\begin{pmatrix} a & b \\\\ c & d \\end{pmatrix} \\begin{bmatrix} 1 & 0 & 0 \\\\ 0 & 1 & 0 \\\\ 0 & 0 & 1 \\end{bmatrix} \\begin{vmatrix} x & y \\\\ z & w \\end{vmatrix}",
        "\\begin{aligned} (a+b)^2 &= a^2 + 2ab + b^2 \\\\ &= c^2 + \\textstyle\\sum_i x_i \\end{aligned}",
        "f(n) = \\begin{cases} n/2 & \\text{如果 } n \\text{ 是偶数} \\\\ 3n+1 & \\text{否则} \\end{cases}",
        "\\widehat{abc} + \\widetilde{xyz} + \\overline{AB} + \\underline{CD} + \\vec{v} + \\hat{x} + \\dot{y} + \\overrightarrow{PQ} + \\bar{z}",
        "\\overbrace{a + b + c}^{\\text{three}} + \\underbrace{x + y + z + w}_{\\text{four terms}}",
        "\\mathbb{R} \\mathcal{L} \\mathfrak{g} \\mathscr{F} \\mathsf{sans} \\mathtt{tt} \\mathbf{bold} \\boldsymbol{\\alpha} \\mathrm{rm} \\mathit{it} \\nabla \\partial \\hbar",
        "\\left( \\left[ \\left\\{ \\left| \\frac{\\frac{a}{b}}{\\frac{c}{d}} \\right| \\right\\} \\right] \\right) \\quad \\left( \\begin{matrix} 1\\\\2\\\\3\\\\4\\\\5 \\end{matrix} \\right\\}",
        "\\begin{array}{c|cc} x & 1 & 2 \\\\ \\hline y & 3 & 4 \\\\ z & 5 & 6 \\end{array} \\qquad A \\xrightarrow[\\text{below}]{\\text{above}} B \\xleftarrow{n} C",
        "\\color{#0A6A8C}{x^2} + \\cancel{abc} + \\bcancel{x} + \\xcancel{yz} + a \\equiv b \\pmod{n} + \\textcolor{red}{r} \\colorbox{yellow}{box}",
        "\\varphi^{n+1} - \\psi^{n+1} \\over \\sqrt{5}",
        "e^{i\\pi} + 1 = 0 \\tag{1}"]
    Column {
        x: 20
        y: 10
        spacing: 14
        Repeater {
            model: root.formulas
            Row {
                required property string modelData
                spacing: 40
                MathItem { tex: parent.modelData; displayMode: true; color: root.ink; pixelSize: 18.15
                    Rectangle { visible: parent.error !== ""; width: 300; height: 20; color: "pink"; Text { text: parent.parent.error } } }
            }
        }
    }
}
