#include "app/shell/shortcut_list.h"

#include <QCoreApplication>
#include <QKeySequence>

namespace pellucid::app {

namespace {
constexpr const char* kContext = "pellucid::app::ShortcutList";

/// As the keys are marked: Enter, not Return; arrows as arrows.
QString keysText(const QString& sequence) {
    QString text = QKeySequence(sequence).toString(QKeySequence::NativeText);
    static const struct {
        const char *name, *mark;
    } marks[] = {{"Return", "Enter"}, {"Left", "←"}, {"Right", "→"}, {"Up", "↑"}, {"Down", "↓"}};
    const qsizetype last = text.lastIndexOf(u'+', text.size() - 2) + 1;
    for (const auto& mark : marks)
        if (QStringView(text).sliced(last) == QLatin1String(mark.name))
            text.replace(last, text.size() - last, QString::fromUtf8(mark.mark));
    return text;
}
}  // namespace

const QVector<ShortcutList::Shortcut>& ShortcutList::shortcuts() {
    static const char* kChats = QT_TRANSLATE_NOOP("pellucid::app::ShortcutList", "Chats");
    static const char* kMessage = QT_TRANSLATE_NOOP("pellucid::app::ShortcutList", "Message");
    static const char* kThinking = QT_TRANSLATE_NOOP("pellucid::app::ShortcutList", "Thinking");
    static const char* kWindow = QT_TRANSLATE_NOOP("pellucid::app::ShortcutList", "Window");
    static const QVector<Shortcut> list = {
        {"newChat", "Ctrl+N", kChats, QT_TRANSLATE_NOOP("pellucid::app::ShortcutList", "New chat")},
        {"search", "Ctrl+K", kChats, QT_TRANSLATE_NOOP("pellucid::app::ShortcutList", "Search chats")},
        {"rename", "F2", kChats, QT_TRANSLATE_NOOP("pellucid::app::ShortcutList", "Rename the chosen chat")},
        {"delete", "Delete", kChats,
         QT_TRANSLATE_NOOP("pellucid::app::ShortcutList", "Delete the chosen chat")},
        {"send", "Return", kMessage, QT_TRANSLATE_NOOP("pellucid::app::ShortcutList", "Send")},
        {"newLine", "Shift+Return", kMessage, QT_TRANSLATE_NOOP("pellucid::app::ShortcutList", "New line")},
        {"stop", "Escape", kMessage, QT_TRANSLATE_NOOP("pellucid::app::ShortcutList", "Stop the reply")},
        {"editLast", "Up", kMessage,
         QT_TRANSLATE_NOOP("pellucid::app::ShortcutList", "Edit the last question")},
        {"previousBranch", "Alt+Left", kMessage,
         QT_TRANSLATE_NOOP("pellucid::app::ShortcutList", "Earlier version of a message")},
        {"nextBranch", "Alt+Right", kMessage,
         QT_TRANSLATE_NOOP("pellucid::app::ShortcutList", "Later version of a message")},
        {"copyAnswer", "Ctrl+Shift+C", kMessage,
         QT_TRANSLATE_NOOP("pellucid::app::ShortcutList", "Copy the last answer")},
        {"answerNow", "Ctrl+Return", kThinking,
         QT_TRANSLATE_NOOP("pellucid::app::ShortcutList", "Answer now")},
        {"pause", "Ctrl+P", kThinking,
         QT_TRANSLATE_NOOP("pellucid::app::ShortcutList", "Pause or resume thinking")},
        {"toggleThought", "Space", kThinking,
         QT_TRANSLATE_NOOP("pellucid::app::ShortcutList", "Fold or unfold a thought")},
        {"thinkingMode", "Ctrl+T", kThinking,
         QT_TRANSLATE_NOOP("pellucid::app::ShortcutList", "Choose when to think")},
        {"chooseModel", "Ctrl+M", kWindow,
         QT_TRANSLATE_NOOP("pellucid::app::ShortcutList", "Choose a model")},
        {"settings", "Ctrl+,", kWindow, QT_TRANSLATE_NOOP("pellucid::app::ShortcutList", "Settings")},
        {"sidebar", "Ctrl+B", kWindow,
         QT_TRANSLATE_NOOP("pellucid::app::ShortcutList", "Show or hide the sidebar")},
        {"nextPane", "F6", kWindow,
         QT_TRANSLATE_NOOP("pellucid::app::ShortcutList", "Next part of the window")},
        {"zoomIn", "Ctrl++", kWindow, QT_TRANSLATE_NOOP("pellucid::app::ShortcutList", "Larger")},
        {"zoomOut", "Ctrl+-", kWindow, QT_TRANSLATE_NOOP("pellucid::app::ShortcutList", "Smaller")},
        {"zoomReset", "Ctrl+0", kWindow, QT_TRANSLATE_NOOP("pellucid::app::ShortcutList", "Normal size")},
        {"shortcuts", "Ctrl+/", kWindow,
         QT_TRANSLATE_NOOP("pellucid::app::ShortcutList", "Keyboard shortcuts")},
        {"quit", "Ctrl+Q", kWindow, QT_TRANSLATE_NOOP("pellucid::app::ShortcutList", "Quit")},
    };
    return list;
}

ShortcutList::ShortcutList(QObject* parent) : QAbstractListModel(parent) {}

int ShortcutList::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : static_cast<int>(shortcuts().size());
}

QVariant ShortcutList::data(const QModelIndex& index, int role) const {
    if (!checkIndex(index, CheckIndexOption::IndexIsValid)) return {};
    const Shortcut& shortcut = shortcuts()[index.row()];
    switch (role) {
        case ActionIdRole:
            return QString::fromLatin1(shortcut.actionId);
        case SequenceRole:
            return QString::fromLatin1(shortcut.sequence);
        case KeysRole:
            return keysText(QString::fromLatin1(shortcut.sequence));
        case DescriptionRole:
            return QCoreApplication::translate(kContext, shortcut.description);
        case GroupRole:
            return QCoreApplication::translate(kContext, shortcut.group);
        default:
            return {};
    }
}

QHash<int, QByteArray> ShortcutList::roleNames() const {
    return {{ActionIdRole, "actionId"},
            {SequenceRole, "sequence"},
            {KeysRole, "keys"},
            {DescriptionRole, "description"},
            {GroupRole, "group"}};
}

QString ShortcutList::sequence(const QString& actionId) const {
    for (const Shortcut& shortcut : shortcuts())
        if (actionId == QLatin1String(shortcut.actionId)) return QString::fromLatin1(shortcut.sequence);
    return {};
}

void ShortcutList::retranslate() {
    emit dataChanged(index(0), index(rowCount() - 1));
}

}  // namespace pellucid::app

#include "moc_shortcut_list.cpp"
