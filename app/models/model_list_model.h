// Models on this machine: those in the library and the GGUF files in the models folder.
#pragma once

#include <QAbstractListModel>
#include <QQmlEngine>

#include "engine/runtime/session.h"

namespace pellucid::app {

/// A local model and what its header says.
struct LocalModel {
    QString id;    ///< stable: what settings are kept under
    QString path;  ///< absolute
    ModelInfo info;
    MemoryPlan memory;  ///< with this model's own settings
    QString problem;    ///< the file is missing or cannot be read: why
    QString problemHint;
    bool inspected = false;
    bool inLibrary = false;  ///< added by the person; otherwise found in the folder
};

class ModelListModel : public QAbstractListModel {
    Q_OBJECT
    QML_NAMED_ELEMENT(ModelListModel)
    QML_UNCREATABLE("Made by the app")
    Q_PROPERTY(int count READ count NOTIFY countChanged)

public:
    enum Role {
        ModelIdRole = Qt::UserRole + 1,  ///< modelId
        NameRole,                        ///< name: "SmolLM2 135M Instruct"
        PathRole,                        ///< path
        FactsRole,                       ///< facts: "llama · 135 M parameters · Q4_1"
        SizeTextRole,                    ///< sizeText: "0.10 GB"
        MemoryTextRole,                  ///< memoryText: "Needs 0.3 GiB"
        FitsRole,                        ///< fits
        VerdictRole,    ///< verdict: "Fits in memory", "Needs 1.2 GiB more", or the file's problem
        SeverityRole,   ///< severity: "ok" | "bad" | "" while unknown
        CurrentRole,    ///< current: chosen
        LoadedRole,     ///< loaded
        InLibraryRole,  ///< inLibrary: can be removed from the list (the file stays)
    };

    explicit ModelListModel(QObject* parent = nullptr);
    int rowCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QHash<int, QByteArray> roleNames() const override;
    int count() const { return static_cast<int>(models_.size()); }

    Q_INVOKABLE int rowOf(const QString& modelId) const;

    void setModels(std::vector<LocalModel> models);
    /// Replaces the entry with the same id, or adds it.
    void put(const LocalModel& model);
    void removeModel(const QString& modelId);
    const LocalModel* find(const QString& modelId) const;
    const LocalModel* findPath(const QString& path) const;
    const std::vector<LocalModel>& models() const { return models_; }
    void setCurrent(const QString& modelId, bool loaded);

    /// A name for people: the header's, or the file's.
    static QString displayName(const LocalModel& model);

signals:
    void countChanged();

private:
    std::vector<LocalModel> models_;
    QString currentId_;
    bool currentLoaded_ = false;
};

}  // namespace pellucid::app
