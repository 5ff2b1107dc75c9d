// Models on this machine: those in the library and the GGUF files in the models folder.
#pragma once

#include <QAbstractListModel>
#include <QHash>
#include <QQmlEngine>
#include <QSet>

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
    bool inspected = false;     ///< its file was looked at since the program started
    bool inLibrary = false;     ///< added by the person; otherwise found in the folder
    QString title;              ///< a name for people, where it came with one; empty: the file's
    int keepAliveSeconds = -2;  ///< library::keep_as_app, keep_forever, or seconds

    /// What its header says is there, from now or from before.
    bool known() const { return inspected || info.vocabulary > 0; }
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
    /// A view shows what only the file can tell (fit, problem), and nobody has looked yet. Once for each.
    void inspectionWanted(const QString& modelId);

private:
    void wantInspection(const LocalModel& model) const;
    void indexRows();

    std::vector<LocalModel> models_;
    QHash<QString, int> rowById_, rowByPath_;
    mutable QSet<QString> wanted_;
    QString currentId_;
    bool currentLoaded_ = false;
};

}  // namespace pellucid::app
