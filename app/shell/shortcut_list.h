// Every keyboard shortcut in one place: what the menus show, what the shortcut page lists, what the window
// binds.
#pragma once

#include <QAbstractListModel>
#include <QQmlEngine>

namespace pellucid::app {

class ShortcutList : public QAbstractListModel {
    Q_OBJECT
    QML_NAMED_ELEMENT(ShortcutList)
    QML_UNCREATABLE("Made by the app")

public:
    enum Role {
        ActionIdRole = Qt::UserRole + 1,  ///< actionId: "newChat"
        SequenceRole,                     ///< sequence: "Ctrl+N", for a Shortcut item
        KeysRole,                         ///< keys: the same as people read it here
        DescriptionRole,                  ///< description
        GroupRole,                        ///< group: heading
    };

    explicit ShortcutList(QObject* parent = nullptr);

    int rowCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QHash<int, QByteArray> roleNames() const override;

    /// "" for an action without a shortcut.
    Q_INVOKABLE QString sequence(const QString& actionId) const;
    void retranslate();

private:
    struct Shortcut {
        const char* actionId;
        const char* sequence;
        const char* group;
        const char* description;
    };
    static const QVector<Shortcut>& shortcuts();
};

}  // namespace pellucid::app
