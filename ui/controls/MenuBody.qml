pragma ComponentBehavior: Bound
import QtQuick

// The inside of a PopupMenu; a row tells it that it was picked.
FocusScope {
    signal picked
}
