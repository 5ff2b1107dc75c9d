import QtQuick
import Pellucid.Content

// The least view that shows a streamed message: what test_stream_cost measures.
ListView {
    id: list
    width: 700
    height: 900
    cacheBuffer: 300
    spacing: 12
    onContentHeightChanged: positionViewAtEnd()
    delegate: Loader {
        id: row
        required property int kind
        required property string text
        required property string info
        required property bool closed
        required property bool terminated
        width: 680
        sourceComponent: kind === 3 ? code : kind === 4 && terminated ? maths : kind === 5 ? grid : rich
        Component {
            id: rich
            RichTextBlock {
                source: row.text
                streaming: !row.closed
                font.family: "Inter"
                font.pixelSize: row.kind === 1 ? 20 : 15
            }
        }
        Component {
            id: code
            Item {
                property string code: row.text
                implicitHeight: edit.contentHeight
                onCodeChanged: edit.take(code)
                Component.onCompleted: edit.take(code)
                TextEdit {
                    id: edit
                    readOnly: true
                    textFormat: TextEdit.PlainText
                    font.family: "Pellucid Mono"
                    font.pixelSize: 13
                    width: Math.max(680, colours.naturalWidth)
                    function take(text: string) {
                        if (length > 0 && text.length > length)
                            insert(length, text.slice(length));
                        else
                            edit.text = text;
                    }
                }
                CodeHighlighter {
                    id: colours
                    document: edit.textDocument
                    language: row.info
                    lineHeight: 20
                    keywordColor: "#8A2F6B"
                    functionColor: "#0A5FA8"
                    numberColor: "#8A5300"
                    stringColor: "#1B7340"
                    commentColor: "#5C6770"
                }
            }
        }
        Component {
            id: maths
            MathItem {
                tex: row.text
                displayMode: true
            }
        }
        Component {
            id: grid
            Grid {
                columns: cells.columns
                columnSpacing: 24
                rowSpacing: 8
                Repeater {
                    model: TableModel {
                        id: cells
                        source: row.text
                    }
                    Loader {
                        id: cellRow
                        required property string cell
                        required property bool plain
                        width: 140
                        sourceComponent: plain ? plainCell : richCell
                        Component {
                            id: plainCell
                            Text {
                                text: cellRow.cell
                                font.family: "Inter"
                                font.pixelSize: 14
                            }
                        }
                        Component {
                            id: richCell
                            RichTextBlock {
                                source: cellRow.cell
                                font.family: "Inter"
                                font.pixelSize: 14
                            }
                        }
                    }
                }
            }
        }
    }
}
