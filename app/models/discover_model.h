// Models that could be here: the catalogue, or what a hub answers, by fit; whether each is here or on its
// way.
#pragma once

#include <QAbstractListModel>
#include <QQmlEngine>
#include <QSet>
#include <QTimer>

#include "app/models/discover_source.h"

namespace pellucid::app {

class DownloadListModel;

class DiscoverModel : public QAbstractListModel {
    Q_OBJECT
    QML_NAMED_ELEMENT(DiscoverModel)
    QML_UNCREATABLE("Made by the app")
    Q_PROPERTY(QString text READ text WRITE setText NOTIFY textChanged)  ///< what is searched for
    Q_PROPERTY(bool onlyFitting READ onlyFitting WRITE setOnlyFitting NOTIFY orderChanged)
    Q_PROPERTY(Order order READ order WRITE setOrder NOTIFY orderChanged)
    Q_PROPERTY(int count READ count NOTIFY countChanged)
    Q_PROPERTY(int hidden READ hidden NOTIFY countChanged)  ///< left out because they do not fit
    Q_PROPERTY(bool busy READ busy NOTIFY busyChanged)
    Q_PROPERTY(bool more READ more NOTIFY busyChanged)
    Q_PROPERTY(QString problemWhat READ problemWhat NOTIFY busyChanged)
    Q_PROPERTY(QString problemHint READ problemHint NOTIFY busyChanged)
    // What the first run offers: the best reasoning model that fits here and is free to use.
    Q_PROPERTY(QString bestId READ bestId NOTIFY bestChanged)
    Q_PROPERTY(QString bestName READ bestName NOTIFY bestChanged)
    Q_PROPERTY(QString bestVerdict READ bestVerdict NOTIFY bestChanged)
    Q_PROPERTY(QString bestSeverity READ bestSeverity NOTIFY bestChanged)
    Q_PROPERTY(QString bestFacts READ bestFacts NOTIFY bestChanged)  ///< "4.68 GB   ≈ 42 tok/s   MIT licence"

public:
    enum Role {
        ModelIdRole = Qt::UserRole + 1,  ///< modelId
        NameRole,                        ///< name
        FactsRole,                       ///< facts: "Reasoning · 7.6 B · Q4_K_M · 128k context"
        SizeTextRole,                    ///< sizeText: "4.68 GB"
        SpeedTextRole,                   ///< speedText: "≈ 42 tok/s"
        VerdictRole,                     ///< verdict
        SeverityRole,                    ///< severity: "ok" "half" "warn" "bad" ""
        NoteRole,                        ///< note: "Downloading, 62 %", "Installed", "Slow"
    };
    enum Order { BestFit, Smallest, Largest, ByName };
    Q_ENUM(Order)

    DiscoverModel(DiscoverSource& source, DownloadListModel& downloads, QObject* parent = nullptr);

    int rowCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QHash<int, QByteArray> roleNames() const override;
    bool canFetchMore(const QModelIndex& parent) const override;
    void fetchMore(const QModelIndex& parent) override;

    QString text() const { return text_; }
    void setText(const QString& text);
    bool onlyFitting() const { return onlyFitting_; }
    void setOnlyFitting(bool only);
    Order order() const { return order_; }
    void setOrder(Order order);
    int count() const { return static_cast<int>(shown_.size()); }
    int hidden() const { return hidden_; }
    bool busy() const { return busy_; }
    bool more() const { return more_; }
    QString problemWhat() const { return problem_.what; }
    QString problemHint() const { return problem_.hint; }
    QString bestId() const { return best_ ? best_->id : QString(); }
    QString bestName() const { return best_ ? best_->name : QString(); }
    QString bestVerdict() const;
    QString bestSeverity() const;
    QString bestFacts() const;

    /// Asks the source, the first time; later only when the last answer had a problem.
    Q_INVOKABLE void open();
    Q_INVOKABLE void again();

    const OfferedModel* find(const QString& modelId) const;
    /// More is known of a model now.
    void put(const OfferedModel& model);
    /// Names of files that are on this computer.
    void setInstalled(const QSet<QString>& fileNames);
    bool isInstalled(const OfferedModel& model) const;
    void setDelay(int milliseconds) { delay_.setInterval(milliseconds); }
    void retranslate();

signals:
    void textChanged();
    void orderChanged();
    void countChanged();
    void busyChanged();
    void bestChanged();

private:
    void ask(int from);
    void arrange();
    void findBest();
    Fit fitOf(const OfferedModel& model) const;
    void noteChanged(const QString& modelId);

    DiscoverSource& source_;
    DownloadListModel& downloads_;
    std::vector<OfferedModel> all_;
    std::vector<std::size_t> shown_;  // places in all_
    std::optional<OfferedModel> best_;
    QSet<QString> installed_;
    QString text_;
    QTimer delay_;
    Order order_ = BestFit;
    bool onlyFitting_ = false, busy_ = false, more_ = false, opened_ = false;
    int hidden_ = 0, ticket_ = 0;
    Problem problem_;
};

}  // namespace pellucid::app
