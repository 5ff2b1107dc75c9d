pragma Singleton
import QtQuick

// The tokens of the look: colour, type, space, motion. The window binds the five settings below; everything else
// follows. Sizes are logical pixels at zoom 1; px() scales them, and hairlines stay 1.
QtObject {
    id: theme

    property bool dark: false
    property bool highContrast: false
    property bool reducedMotion: false
    property real zoom: 1
    property bool chinese: false

    // Surfaces
    readonly property color canvas: dark ? "#15191C" : "#FFFFFF"
    readonly property color side: dark ? "#101416" : "#F5F7F8"
    readonly property color sunken: dark ? "#1A1F23" : "#F7F8F9"
    readonly property color raised: dark ? "#1E2428" : "#FFFFFF"
    readonly property color fill: dark ? "#23292E" : "#EDF0F2"
    readonly property color fillHover: dark ? "#2B3238" : "#E4E8EB"
    readonly property color barEmpty: dark ? lineStrong : fillHover
    readonly property color scrim: "#52000000"

    // Edges
    readonly property color line: highContrast ? field : dark ? "#272E33" : "#E3E7EA"
    readonly property color lineStrong: highContrast ? field : dark ? "#3A434A" : "#CCD2D7"
    readonly property color field: dark ? "#6B757D" : "#858E96"
    readonly property color ctl: dark ? "#76818A" : "#7B858D"

    // Inks
    readonly property color ink: dark ? "#DFE4E7" : "#14191D"
    readonly property color plainInk2: dark ? "#B4BDC4" : "#465059"
    readonly property color ink2: highContrast ? ink : plainInk2
    readonly property color ink3: highContrast ? plainInk2 : dark ? "#929DA6" : "#5C6770"

    // Accent and verdicts
    readonly property color accent: dark ? "#5DB9DC" : "#0A6A8C"
    readonly property color accentHover: dark ? "#7BC8E5" : "#085872"
    readonly property color accentPressed: dark ? "#93D4EC" : "#064A61"
    readonly property color accentInk: dark ? "#7CC7E4" : "#075A78"
    readonly property color accentTint: dark ? "#152E39" : "#E6F2F7"
    readonly property color accentOn: dark ? "#04202B" : "#FFFFFF"
    readonly property color selection: Qt.alpha(accent, dark ? 0.30 : 0.22)
    readonly property color ok: dark ? "#6CC58D" : "#1B7340"
    readonly property color bad: dark ? "#F28B82" : "#B3261E"
    readonly property color warn: dark ? "#E3B15C" : "#8A5300"
    readonly property color okTint: dark ? "#15291E" : "#E7F4EC"
    readonly property color badTint: dark ? "#351C1A" : "#FCEBE9"
    readonly property color warnTint: dark ? "#2F2614" : "#FBF1DF"

    // Memory bar: weights, context, working space, other programs
    readonly property color mem1: dark ? "#5DB9DC" : "#0A6A8C"
    readonly property color mem2: dark ? "#397F9C" : "#5FA6C1"
    readonly property color mem3: dark ? "#24566C" : "#A9D0DF"
    readonly property color mem4: dark ? "#4A545C" : "#C3CAD0"

    // Code
    readonly property color codeKeyword: dark ? "#E29BC8" : "#8A2F6B"
    readonly property color codeFunction: dark ? "#7DB9F2" : "#0A5FA8"
    readonly property color codeNumber: dark ? "#E3B15C" : "#8A5300"
    readonly property color codeString: dark ? "#8CCFA4" : "#1B7340"
    readonly property color codeComment: ink3

    // Type
    readonly property string sans: "Inter"
    readonly property string figures: "Pellucid Figures"
    readonly property string mono: "Pellucid Mono"
    readonly property TextStyle display: TextStyle { family: "Inter Display"; size: 36; line: 44; weight: Font.DemiBold; tracking: theme.chinese ? 0 : -0.7 }
    readonly property TextStyle h1: TextStyle { size: 20; line: 28; weight: Font.DemiBold; tracking: -0.3 }
    readonly property TextStyle h2: TextStyle { size: 17; line: 24; weight: Font.DemiBold; tracking: -0.2 }
    readonly property TextStyle h3: TextStyle { size: 15; line: 24; weight: Font.DemiBold; tracking: -0.1 }
    readonly property TextStyle title: TextStyle { size: 17; line: 24; weight: Font.DemiBold; tracking: theme.chinese ? 0 : -0.2 }
    readonly property TextStyle body: TextStyle { size: 15; line: theme.chinese ? 26 : 24; tracking: theme.chinese ? 0 : -0.1 }
    readonly property TextStyle thought: TextStyle { size: 13; line: theme.chinese ? 24 : 22 }
    readonly property TextStyle ui: TextStyle { size: 13; line: 20 }
    readonly property TextStyle modelName: TextStyle { size: 14; line: 20; weight: Font.Medium }
    readonly property TextStyle label: TextStyle { size: 12; line: 16 }
    readonly property TextStyle caption: TextStyle { size: 11; line: 16 }
    readonly property TextStyle code: TextStyle { family: theme.mono; size: 13; line: 20 }

    // Motion, in milliseconds
    readonly property int quick: reducedMotion ? 0 : 120
    readonly property int fold: reducedMotion ? 0 : 180
    readonly property int pane: reducedMotion ? 0 : 240

    // Measures
    readonly property int textColumn: px(680)
    readonly property int margin: px(176)
    readonly property int columnGap: px(24)
    readonly property int contentColumn: textColumn + columnGap + margin
    readonly property int header: px(48)

    function px(size: real): int {
        return Math.round(size * zoom);
    }
}
