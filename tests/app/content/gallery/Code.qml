import QtQuick
import Pellucid.Content

Rectangle {
    id: root
    property bool dark: false
    width: 1000
    height: 900
    color: dark ? "#1A1F23" : "#F7F8F9"
    component Code: Item {
        id: item
        property alias text: edit.text
        property string language
        width: 450
        implicitHeight: edit.contentHeight
        TextEdit {
            id: edit
            readOnly: true
            textFormat: TextEdit.PlainText
            font.family: "Pellucid Mono"
            font.pixelSize: 13
            color: root.dark ? "#DFE4E7" : "#14191D"
            width: Math.max(450, colours.naturalWidth)
        }
        CodeHighlighter {
            id: colours
            document: edit.textDocument
            language: item.language
            lineHeight: 20
            keywordColor: root.dark ? "#E29BC8" : "#8A2F6B"
            functionColor: root.dark ? "#7DB9F2" : "#0A5FA8"
            numberColor: root.dark ? "#E3B15C" : "#8A5300"
            stringColor: root.dark ? "#8CCFA4" : "#1B7340"
            commentColor: root.dark ? "#929DA6" : "#5C6770"
        }
    }
    Flow {
        anchors.fill: parent
        anchors.margins: 16
        flow: Flow.TopToBottom
        spacing: 16
        Code { language: "python"; text: "import numpy as np\n\n@dataclass\nclass Board:\n    \"\"\"A board of width n.\n    中文注释\n    \"\"\"\n    def tilings(self, n: int) -> int:\n        a, b = 1, 1  # T(0), T(1)\n        for _ in range(n - 1): a, b = b, a + b\n        return f\"{b:>8}\" if b != 0x1F else None" }
        Code { language: "cpp"; text: "#include <vector>\ntemplate <typename T>\nconstexpr auto sum(const std::vector<T>& v) -> T {\n    T total{}; /* over\n    two lines */\n    for (auto& x : v) total += x * 1.5e-3f;\n    return static_cast<T>(total); // done\n}" }
        Code { language: "bash"; text: "# install\nsudo apt-get install -y cmake ninja-build\nfor f in *.txt; do\n  echo \"$f: $(wc -l < $f)\" | sort -rn > out.log\ndone" }
        Code { language: "json"; text: "{\n  \"name\": \"Pellucid\",\n  \"temperature\": 0.6,\n  \"stream\": true, \"stop\": null\n}" }
        Code { language: "ts"; text: "export async function load<T>(url: string): Promise<T> {\n  const res = await fetch(`${url}?v=${Date.now()}`);\n  if (!res.ok) throw new Error('failed');\n  return (await res.json()) as T;\n}" }
        Code { language: "rust"; text: "fn main() {\n    let v: Vec<u32> = (1..=10).filter(|x| x % 2 == 0).collect();\n    println!(\"{:?}\", v); // [2, 4]\n}" }
        Code { language: "sql"; text: "SELECT name, COUNT(*) AS n\nFROM chats c JOIN messages m ON m.chat = c.id\nWHERE m.body LIKE '%推理%' -- trap\nGROUP BY name ORDER BY n DESC LIMIT 10;" }
        Code { language: "html"; text: "<div class=\"card\" id='x'>\n  <!-- note -->\n  <a href=\"https://a.b\">text &amp; more</a>\n</div>" }
        Code { language: "css"; text: ".card:hover > a {\n  color: #0A6A8C;\n  margin: 0 auto 12px;\n}" }
        Code { language: "yaml"; text: "name: build\non: [push]\njobs:\n  test:\n    steps:\n      - run: \"ctest -j2\"  # all" }
        Code { language: "diff"; text: "--- a/x.cpp\n+++ b/x.cpp\n@@ -1,3 +1,3 @@\n-int a = 1;\n+int a = 2;\n return a;" }
    }
}
