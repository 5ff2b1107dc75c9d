// What can be done with models that are here: check and repair, remove with what it frees, use those of other
// programs in place, one copy of what is there twice, move the folder to another disk.
#pragma once

#include <QObject>
#include <QQmlEngine>
#include <QUrl>

#include "app/models/found_model_list.h"
#include "app/models/keeping_source.h"

namespace pellucid::app {

class ModelController;
class ToastQueue;

class ModelKeeping : public QObject {
    Q_OBJECT
    QML_NAMED_ELEMENT(ModelKeeping)
    QML_UNCREATABLE("Made by the app")
    Q_PROPERTY(pellucid::app::FoundModelList* found READ found CONSTANT)
    // Removal: asked for, then confirmed
    Q_PROPERTY(QString removalTitle READ removalTitle NOTIFY removalChanged)
    Q_PROPERTY(QString removalText READ removalText NOTIFY removalChanged)
    Q_PROPERTY(bool removalErases READ removalErases NOTIFY removalChanged)
    Q_PROPERTY(QString removalAct READ removalAct NOTIFY removalChanged)
    // Checking
    Q_PROPERTY(QString checkingId READ checkingId NOTIFY checkChanged)  ///< empty: none runs
    Q_PROPERTY(double checkShare READ checkShare NOTIFY checkChanged)
    // The folder
    Q_PROPERTY(bool moving READ moving NOTIFY moveChanged)
    Q_PROPERTY(double moveShare READ moveShare NOTIFY moveChanged)
    Q_PROPERTY(QString duplicatesText READ duplicatesText NOTIFY wasteChanged)  ///< empty: none
    Q_PROPERTY(QString orphansText READ orphansText NOTIFY wasteChanged)        ///< empty: none
    Q_PROPERTY(bool wasteKnown READ wasteKnown NOTIFY wasteChanged)

public:
    ModelKeeping(KeepingSource& source, ModelController& models, ToastQueue& toasts,
                 QObject* parent = nullptr);

    FoundModelList* found() { return &found_; }
    QString removalTitle() const;
    QString removalText() const;
    bool removalErases() const { return removal_.erases; }
    QString removalAct() const;
    QString checkingId() const { return checkingId_; }
    double checkShare() const { return checkShare_; }
    bool moving() const { return moving_; }
    double moveShare() const { return moveShare_; }
    QString duplicatesText() const;
    QString orphansText() const;
    bool wasteKnown() const { return wasteKnown_; }

    Q_INVOKABLE void lookElsewhere();
    /// Uses it where it lies. `id`: FoundModelList's foundId.
    Q_INVOKABLE void adopt(const QString& id);
    Q_INVOKABLE void adoptAll();
    Q_INVOKABLE void askRemoval(const QString& modelId);
    Q_INVOKABLE void remove();
    Q_INVOKABLE void check(const QString& modelId);
    Q_INVOKABLE void stopCheck();
    Q_INVOKABLE void lookForWaste();
    Q_INVOKABLE void shareDuplicates();
    Q_INVOKABLE void eraseOrphans();
    Q_INVOKABLE void moveTo(const QUrl& folder);
    void retranslate();

signals:
    void removalChanged();
    void removalAsked();
    void checkChanged();
    void wasteChanged();
    void moveChanged();

private:
    void sayOutcome(const QString& modelId, const CheckOutcome& outcome);

    KeepingSource& source_;
    ModelController& models_;
    ToastQueue& toasts_;
    FoundModelList found_;
    QString removalId_, removalName_;
    Removal removal_;
    QString checkingId_;
    double checkShare_ = 0, moveShare_ = 0;
    bool moving_ = false, wasteKnown_ = false;
    Waste waste_;
};

}  // namespace pellucid::app
