// The library of documents as the window sees it: its page, the work of reading, and what a chat may ask.
#pragma once

#include <QObject>
#include <QQmlEngine>
#include <QTimer>
#include <QUrl>
#include <QVariantList>

#include "app/models/document_list_model.h"

namespace pellucid::app {

class ToastQueue;

class DocumentLibrary : public QObject {
    Q_OBJECT
    QML_NAMED_ELEMENT(DocumentLibrary)
    QML_UNCREATABLE("Made by the app")
    /// There is a library: without one nothing of it is shown.
    Q_PROPERTY(bool available READ available CONSTANT)
    Q_PROPERTY(bool ready READ ready NOTIFY changed)  ///< what is in it is known
    Q_PROPERTY(pellucid::app::DocumentListModel* list READ list CONSTANT)
    Q_PROPERTY(int count READ count NOTIFY changed)        ///< documents
    Q_PROPERTY(int problems READ problems NOTIFY changed)  ///< of them that need a person
    Q_PROPERTY(bool onlyProblems READ onlyProblems WRITE setOnlyProblems NOTIFY shownChanged)
    Q_PROPERTY(bool importing READ importing NOTIFY importChanged)
    Q_PROPERTY(bool paused READ paused NOTIFY importChanged)
    Q_PROPERTY(double share READ share NOTIFY importChanged)
    Q_PROPERTY(QString importText READ importText NOTIFY importChanged)  ///< "Reading 12 of 340 · 2 min left"
    Q_PROPERTY(
        QString importDetail READ importDetail NOTIFY importChanged)  ///< the file, or what stands in the way
    Q_PROPERTY(QString note READ note NOTIFY
                   importChanged)  ///< what a person should know of the search; empty: fine
    Q_PROPERTY(bool canRecognise READ canRecognise CONSTANT)
    Q_PROPERTY(bool importTroubled READ importTroubled NOTIFY importChanged)
    /// [{id, name, facts}]: collections that any chat may ask.
    Q_PROPERTY(QVariantList collections READ collections NOTIFY changed)

public:
    /// `source` null: there is no library.
    DocumentLibrary(LibrarySource* source, ToastQueue& toasts, QObject* parent = nullptr);

    bool available() const { return source_ != nullptr; }
    bool ready() const { return ready_; }
    DocumentListModel* list() { return &list_; }
    int count() const { return static_cast<int>(state_.documents.size()); }
    int problems() const;
    bool onlyProblems() const { return onlyProblems_; }
    void setOnlyProblems(bool only);
    bool importing() const { return state_.import.total > 0 || state_.import.problem; }
    bool paused() const { return state_.import.paused; }
    double share() const;
    QString importText() const;
    QString importDetail() const;
    QString note() const { return state_.import.note; }
    bool canRecognise() const { return source_ && source_->canRecognise(); }
    bool importTroubled() const { return static_cast<bool>(state_.import.problem); }
    QVariantList collections() const;
    const LibraryState& state() const { return state_; }

    /// Local files and folders; what else is among them is left out. `collection` empty: where they belong.
    Q_INVOKABLE void add(const QList<QUrl>& urls, const QString& collection = {});
    /// What the clipboard holds of files. False: nothing.
    Q_INVOKABLE bool paste(const QString& collection = {});
    /// For one chat alone.
    void attach(const QStringList& paths, const QString& conversation);
    Q_INVOKABLE void makeCollection(const QString& name);
    Q_INVOKABLE void renameCollection(const QString& id, const QString& name);
    Q_INVOKABLE void removeCollection(const QString& id);
    Q_INVOKABLE void removeFolder(const QString& id);
    Q_INVOKABLE void removeDocument(const QString& id);
    Q_INVOKABLE void retry(const QString& id);
    Q_INVOKABLE void recognise(const QString& id);
    Q_INVOKABLE void pause();
    Q_INVOKABLE void resume();
    Q_INVOKABLE void filter(const QString& text);

    static QStringList localPaths(const QList<QUrl>& urls);
    static QStringList clipboardPaths();
    void retranslate();

signals:
    void changed();
    void importChanged();
    void shownChanged();

private:
    void take(LibraryState state);
    void apply();
    void told(const Problem& problem);

    LibrarySource* source_;
    ToastQueue& toasts_;
    LibraryState state_, pending_;
    DocumentListModel list_;
    QTimer step_;  // the source may report often: rows change at most ten times a second
    bool ready_ = false, waiting_ = false, onlyProblems_ = false;
    QString text_;
};

}  // namespace pellucid::app
