#include "app/content/math_worker.h"

#include <QFile>
#include <QJSEngine>
#include <QJsonDocument>
#include <QJsonObject>
#include <chrono>

#include "app/content/math_tree.h"

static void initMathResources() {
    Q_INIT_RESOURCE(pellucid_katex_script);
    Q_INIT_RESOURCE(pellucid_katex_layout);
    Q_INIT_RESOURCE(pellucid_katex_fonts);
}

namespace pellucid::app {

/// Interrupts an engine when its time is up.
class MathWorker::Watchdog : public QThread {
public:
    explicit Watchdog(int limitMs) : limitMs_(limitMs) { start(); }
    ~Watchdog() override {
        {
            const std::lock_guard lock(mutex_);
            stop_ = true;
            wake_.notify_all();
        }
        wait();
    }
    void begin(QJSEngine* engine) {
        const std::lock_guard lock(mutex_);
        engine_ = engine;
        deadline_ = std::chrono::steady_clock::now() + std::chrono::milliseconds(limitMs_);
        wake_.notify_all();
    }
    void end() {
        const std::lock_guard lock(mutex_);
        engine_ = nullptr;
    }

protected:
    void run() override {
        std::unique_lock lock(mutex_);
        while (!stop_) {
            if (!engine_) {
                wake_.wait(lock);
            } else if (std::chrono::steady_clock::now() >= deadline_) {
                engine_->setInterrupted(true);
                engine_ = nullptr;
            } else {
                wake_.wait_until(lock, deadline_);
            }
        }
    }

private:
    int limitMs_;
    std::mutex mutex_;
    std::condition_variable wake_;
    QJSEngine* engine_ = nullptr;
    std::chrono::steady_clock::time_point deadline_;
    bool stop_ = false;
};

/// The JavaScript engine with KaTeX loaded.
class MathWorker::Katex {
public:
    Katex() {
        for (const char* file :
             {":/pellucid/katex/katex.js", ":/pellucid/katex/mhchem.js", ":/pellucid/katex/layout.js"}) {
            QFile script(QString::fromLatin1(file));
            if (script.fileName().endsWith(u"mhchem.js") && !script.exists())
                continue;  // chemistry is optional
            if (!script.open(QIODevice::ReadOnly)) {
                fault_ = QStringLiteral("cannot read %1").arg(script.fileName());
                return;
            }
            const QJSValue result = engine_.evaluate(QString::fromUtf8(script.readAll()), script.fileName());
            if (result.isError()) {
                fault_ = result.toString();
                return;
            }
        }
        layout_ = engine_.globalObject().property(QStringLiteral("pellucidLayout"));
    }

    MathLayout set(const QString& tex, bool display, Watchdog& watchdog) {
        MathLayout failed;
        failed.error = fault_;
        if (!fault_.isEmpty()) return failed;
        watchdog.begin(&engine_);
        const QJSValue result = layout_.call({QJSValue(tex), QJSValue(display)});
        watchdog.end();
        if (engine_.isInterrupted()) {
            engine_.setInterrupted(false);
            failed.error = QStringLiteral("This formula took too long to set.");
            return failed;
        }
        if (result.isError()) {
            failed.error = result.property(QStringLiteral("message"))
                               .toString()
                               .remove(QStringLiteral("KaTeX parse error: "));
            if (failed.error.isEmpty()) failed.error = QStringLiteral("This formula cannot be set.");
            return failed;
        }
        const QJsonDocument json = QJsonDocument::fromJson(result.toString().toUtf8());
        MathLayout layout = MathTree(fonts_).layout(json.object());
        if (layout.shapes.empty() && layout.width <= 0 && !tex.trimmed().isEmpty() && json.isNull())
            layout.error = QStringLiteral("This formula cannot be set.");
        return layout;
    }

private:
    QJSEngine engine_;
    QJSValue layout_;
    MathFonts fonts_;
    QString fault_;
};

MathWorker::MathWorker(Done done, int timeLimitMs) : done_(std::move(done)), timeLimitMs_(timeLimitMs) {
    initMathResources();
    setStackSize(16 * 1024 * 1024);
    setObjectName(QStringLiteral("maths"));
    watchdog_ = std::make_unique<Watchdog>(timeLimitMs_);
    start();
}

MathWorker::~MathWorker() {
    {
        const std::lock_guard lock(mutex_);
        stop_ = true;
        jobs_.clear();
        wake_.notify_all();
    }
    wait();
}

void MathWorker::enqueue(const QString& tex, bool display) {
    const std::lock_guard lock(mutex_);
    jobs_.enqueue({tex, display});
    wake_.notify_all();
}

void MathWorker::run() {
    Katex katex;
    while (true) {
        Job job;
        {
            std::unique_lock lock(mutex_);
            wake_.wait(lock, [this] { return stop_ || !jobs_.isEmpty(); });
            if (stop_) return;
            job = jobs_.dequeue();
        }
        done_(job.tex, job.display,
              std::make_shared<const MathLayout>(katex.set(job.tex, job.display, *watchdog_)));
    }
}

}  // namespace pellucid::app
