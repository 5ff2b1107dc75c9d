import QtQuick
import Pellucid.Content

Rectangle {
    id: root
    property bool dark: false
    property color ink: dark ? "#DFE4E7" : "#14191D"
    property color ink2: dark ? "#B4BDC4" : "#465059"
    width: 900
    height: 640
    color: dark ? "#15191C" : "#FFFFFF"
    Flow {
        x: 16
        y: 16
        width: parent.width - 32
        spacing: 12
        Repeater {
            model: ["right","left","down","up","updown","plus","x","check","search","chat","doc","model","settings","pause","play","stop","send","hint","skip","think","attach","copy","redo","edit","download","warn","branch","folder","panel","lock","half","export","back","menu","list","more","moon","mark"]
            Column {
                required property string modelData
                spacing: 6
                width: 60
                Row {
                    spacing: 6
                    Icon { name: parent.parent.modelData; size: 16; color: root.ink2; accent: "#0A6A8C" }
                    Icon { name: parent.parent.modelData; size: 12; color: root.ink2 }
                    Icon { name: parent.parent.modelData; size: 10; color: root.ink2 }
                }
                Icon { name: parent.modelData; size: 44; color: root.ink; accent: root.dark ? "#5DB9DC" : "#0A6A8C" }
                Text { text: parent.modelData; font.pixelSize: 11; color: root.ink2 }
            }
        }
    }
    Column {
        x: 16
        y: 430
        spacing: 4
        Repeater {
            model: [["Inter", "Answers in Inter 1,111 0,000 “quotes” 中文“引号”，直角骨今令"], ["Pellucid Figures", "Figures 1,111.10 0,000.00 42.8 tok/s 中文 ≈ 3.2 GB"], ["Pellucid Mono", "if (a->b != c) { x => y; } // fi ffi 中文 ┌─┐ 0O1lI"], ["Inter Display", "Clear water 清澈见底"]]
            Column {
                required property var modelData
                Row {
                    spacing: 16
                    Repeater {
                        model: [400, 500, 600]
                        Text { required property int modelData; text: parent.parent.modelData[1]; font.family: parent.parent.modelData[0]; font.weight: modelData; font.pixelSize: parent.parent.modelData[0] === "Inter Display" ? 28 : 13; color: root.ink }
                    }
                }
            }
        }
    }
}
