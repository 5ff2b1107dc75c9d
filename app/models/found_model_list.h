// Models that other programs have brought to this computer, offered for use where they lie.
#pragma once

#include <QAbstractListModel>
#include <QQmlEngine>
#include <optional>

#include "app/models/keeping_source.h"

namespace pellucid::app {

class FoundModelList : public QAbstractListModel {
    Q_OBJECT
    QML_NAMED_ELEMENT(FoundModelList)
    QML_UNCREATABLE("Made by the app")
    Q_PROPERTY(int count READ count NOTIFY changed)
    Q_PROPERTY(QString text READ text NOTIFY changed)  ///< "3 models of Ollama and LM Studio, 12.3 GB"

public:
    enum Role {
        PathRole = Qt::UserRole + 1,  ///< path
        NameRole,                     ///< name
        ProgramRole,                  ///< program: "Ollama"
        SizeTextRole,                 ///< sizeText
        FoundIdRole,                  ///< foundId: what adopt() takes
    };

    explicit FoundModelList(QObject* parent = nullptr) : QAbstractListModel(parent) {}
    int rowCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QHash<int, QByteArray> roleNames() const override;
    int count() const { return static_cast<int>(models_.size()); }
    QString text() const;
    const std::vector<FoundModel>& models() const { return models_; }
    void setModels(std::vector<FoundModel> models);
    /// Off the list: it is in the library now. By FoundModel::key(); nothing where it is not there.
    std::optional<FoundModel> take(const QString& id);
    void retranslate() { emit changed(); }

signals:
    void changed();

private:
    std::vector<FoundModel> models_;
};

}  // namespace pellucid::app
