// Sets TeX: KaTeX in a thread of its own, the latest results kept.
#pragma once

#include <QCache>
#include <QHash>
#include <QObject>
#include <QPair>
#include <QSet>
#include <memory>

#include "app/content/math_layout.h"

namespace pellucid::app {

class MathWorker;

/// Lives in the GUI thread. The worker (a JavaScript engine with KaTeX, about 28 MB) starts with the first
/// formula. Bounds: TeX over 2,000 characters or braces nested deeper than 100 are refused, macros expand 500
/// times at most, a formula may take 2 s, the thread's stack is 16 MiB (KaTeX recurses; 1 MiB crashes).
class MathTypesetter : public QObject {
    Q_OBJECT

public:
    static constexpr int kMaxLength = 2000;
    static constexpr int kMaxBraces = 100;
    static constexpr int kTimeLimitMs = 2000;
    /// Bytes of layouts that nothing shows any more, kept for scrolling back: some forty formulas.
    static constexpr int kKeptBytes = 64 * 1024;

    explicit MathTypesetter(QObject* parent = nullptr);
    ~MathTypesetter() override;

    /// The layout, or nullptr while it is not known: then finished() tells when it is. A layout with an
    /// `error` says why the TeX cannot be set.
    /// Whoever shows a layout holds it: then it is never set twice, however many formulas came since.
    MathLayoutPtr layout(const QString& tex, bool display);
    /// Layouts that are alive, shown or kept.
    int alive() const;

signals:
    void finished(const QString& tex, bool display);

private:
    using Key = QPair<QString, bool>;
    void take(const QString& tex, bool display, const MathLayoutPtr& layout);

    QCache<Key, MathLayoutPtr> kept_{kKeptBytes};
    QHash<Key, std::weak_ptr<const MathLayout>> known_;  // kept or held elsewhere; some may have died
    QSet<Key> pending_;
    std::unique_ptr<MathWorker> worker_;
};

}  // namespace pellucid::app
