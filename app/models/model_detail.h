// The inspector: one model, offered or here; its quantisations, what memory it would take with this context
// and this cache, and the one thing to do next.
#pragma once

#include <QObject>
#include <QQmlEngine>
#include <QVariantList>

#include "app/models/discover_source.h"
#include "app/models/keeping_source.h"
#include "app/models/memory_bar_model.h"

namespace pellucid::app {

class DiscoverModel;
class DownloadListModel;
class DownloadSource;
class ModelController;

class ModelDetail : public QObject {
    Q_OBJECT
    QML_NAMED_ELEMENT(ModelDetail)
    QML_UNCREATABLE("Made by the app")
    Q_PROPERTY(QString modelId READ modelId NOTIFY modelChanged)  ///< empty: nothing is looked at
    Q_PROPERTY(bool local READ local NOTIFY modelChanged)         ///< a model of the list on this computer
    Q_PROPERTY(QString name READ name NOTIFY modelChanged)
    Q_PROPERTY(
        QString subtitle READ subtitle NOTIFY modelChanged)  ///< "MIT licence · deepseek-ai · 20 Jan 2025"
    Q_PROPERTY(QString about READ about NOTIFY modelChanged)
    Q_PROPERTY(QVariantList facts READ facts NOTIFY factsChanged)  ///< [{label, text}]
    Q_PROPERTY(bool busy READ busy NOTIFY modelChanged)            ///< files are being asked for
    Q_PROPERTY(QString problemWhat READ problemWhat NOTIFY modelChanged)
    Q_PROPERTY(QString problemHint READ problemHint NOTIFY modelChanged)
    Q_PROPERTY(bool gated READ gated NOTIFY modelChanged)
    Q_PROPERTY(QString licence READ licence NOTIFY modelChanged)
    Q_PROPERTY(QString licenceUrl READ licenceUrl NOTIFY modelChanged)
    // Quantisation and download
    Q_PROPERTY(QStringList quantizations READ quantizations NOTIFY modelChanged)
    Q_PROPERTY(int quantization READ quantization WRITE setQuantization NOTIFY quantizationChanged)
    Q_PROPERTY(int bestQuantization READ bestQuantization NOTIFY modelChanged)
    Q_PROPERTY(QString downloadText READ downloadText NOTIFY quantizationChanged)  ///< "Download 4.68 GB"
    Q_PROPERTY(Place place READ place NOTIFY placeChanged)
    Q_PROPERTY(QString placeText READ placeText NOTIFY placeChanged)  ///< "Downloading, 62 %", "Installed"
    Q_PROPERTY(double downloadShare READ downloadShare NOTIFY placeChanged)
    // Memory plan
    Q_PROPERTY(bool planned READ planned NOTIFY planChanged)
    Q_PROPERTY(QString verdict READ verdict NOTIFY planChanged)
    Q_PROPERTY(QString severity READ severity NOTIFY planChanged)
    Q_PROPERTY(QString speed READ speed NOTIFY planChanged)
    Q_PROPERTY(pellucid::app::MemoryBarModel* gpu READ gpu CONSTANT)
    Q_PROPERTY(pellucid::app::MemoryBarModel* system READ system CONSTANT)
    Q_PROPERTY(
        double contextPosition READ contextPosition WRITE setContextPosition NOTIFY planChanged)  ///< 0 to 1
    Q_PROPERTY(double fitsPosition READ fitsPosition NOTIFY planChanged)  ///< 0 to 1; nan: all of it fits
    Q_PROPERTY(QString contextText READ contextText NOTIFY planChanged)
    Q_PROPERTY(QString contextLeastText READ contextLeastText NOTIFY planChanged)
    Q_PROPERTY(QString contextFitsText READ contextFitsText NOTIFY planChanged)  ///< "104,000 fits"
    Q_PROPERTY(int cache READ cache WRITE setCache NOTIFY planChanged)  ///< 0: 16 bit, 1: 8 bit, 2: 4 bit
    Q_PROPERTY(bool layersChosen READ layersChosen WRITE setLayersChosen NOTIFY planChanged)
    Q_PROPERTY(int layers READ layers WRITE setLayers NOTIFY planChanged)  ///< on the graphics card
    Q_PROPERTY(int layersMax READ layersMax NOTIFY planChanged)

public:
    enum Place {
        Offered,
        Coming,  ///< on the list of downloads
        Here,
    };
    Q_ENUM(Place)

    ModelDetail(DiscoverSource& discover, KeepingSource& keeping, DownloadSource& downloadSource,
                DownloadListModel& downloads, DiscoverModel& offers, ModelController& models,
                QObject* parent = nullptr);

    QString modelId() const { return modelId_; }
    bool local() const { return local_; }
    QString name() const { return model_.name; }
    QString subtitle() const;
    QString about() const { return model_.about; }
    QVariantList facts() const;
    bool busy() const { return busy_; }
    QString problemWhat() const { return problem_.what; }
    QString problemHint() const { return problem_.hint; }
    bool gated() const { return model_.gated; }
    QString licence() const { return model_.licence; }
    QString licenceUrl() const { return model_.licenceUrl; }
    QStringList quantizations() const;
    int quantization() const { return file_; }
    void setQuantization(int index);
    int bestQuantization() const { return model_.best; }
    QString downloadText() const;
    Place place() const;
    QString placeText() const;
    double downloadShare() const;
    bool planned() const { return planned_; }
    QString verdict() const;
    QString severity() const;
    QString speed() const;
    MemoryBarModel* gpu() { return &gpu_; }
    MemoryBarModel* system() { return &system_; }
    double contextPosition() const { return position(context_); }
    void setContextPosition(double position);
    double fitsPosition() const;
    QString contextText() const;
    QString contextLeastText() const;
    QString contextFitsText() const;
    int cache() const { return cache_; }
    void setCache(int cache);
    bool layersChosen() const { return layers_ >= 0; }
    void setLayersChosen(bool chosen);
    int layers() const { return layers_ >= 0 ? layers_ : plan_.fit.layersOnGpu; }
    void setLayers(int layers);
    int layersMax() const { return plan_.splits ? plan_.fit.layers : 0; }

    /// An offered model, by its id.
    Q_INVOKABLE void show(const QString& modelId);
    /// A model of the list on this computer.
    Q_INVOKABLE void showLocal(const QString& modelId);
    Q_INVOKABLE void close();
    /// Asks first where it does not fit (tooLargeAsked), and where its terms must be read (licenceAsked).
    Q_INVOKABLE void download();
    Q_INVOKABLE void downloadAnyway();
    Q_INVOKABLE void acceptLicence();
    /// The bytes of a download whose model is not open: the first run.
    Q_INVOKABLE void downloadBest();
    void retranslate();

signals:
    void modelChanged();
    void factsChanged();
    void quantizationChanged();
    void placeChanged();
    void planChanged();
    void tooLargeAsked();
    void licenceAsked();
    /// It is on the list of downloads now.
    void started(const QString& name);
    void refused(const QString& what, const QString& hint);

private:
    const OfferedFile* file() const;
    void begin(const OfferedModel& model);
    void ask(bool fresh);
    void send(bool fresh);
    void take(FitPlan plan, bool fresh);
    int leastContext() const;
    double position(int context) const;
    const Fit& fit() const { return planned_ ? plan_.fit : listed_; }

    DiscoverSource& discover_;
    KeepingSource& keeping_;
    DownloadSource& downloadSource_;
    DownloadListModel& downloads_;
    DiscoverModel& offers_;
    ModelController& models_;
    QString modelId_;
    bool local_ = false, busy_ = false;
    OfferedModel model_;
    QString path_;
    KeptFacts kept_;
    Problem problem_;
    int file_ = -1;
    FitPlan plan_;
    Fit listed_;
    bool planned_ = false;
    MemoryBarModel gpu_, system_;
    int context_ = 0, cache_ = 0, layers_ = -1;
    bool wanted_ = false;  // to be fetched as soon as its files are known
    bool agreedLarge_ = false, agreedLicence_ = false;
    int ticket_ = 0, planTicket_ = 0;
    bool planRuns_ = false, planWaits_ = false, planFresh_ = false;
};

}  // namespace pellucid::app
