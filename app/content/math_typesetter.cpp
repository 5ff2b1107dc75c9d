#include "app/content/math_typesetter.h"

#include <algorithm>

#include "app/content/math_worker.h"
#include "app/threads/gui_context.h"

namespace pellucid::app {
namespace {

/// What is refused before KaTeX sees it.
QString refusal(const QString& tex) {
    if (tex.size() > MathTypesetter::kMaxLength)
        return QStringLiteral("This formula is longer than %1 characters.").arg(MathTypesetter::kMaxLength);
    int depth = 0, deepest = 0;
    for (qsizetype i = 0; i < tex.size(); ++i) {
        if (tex[i] == u'\\') {
            // \left ( … nests like a brace.
            if (QStringView(tex).sliced(i).startsWith(u"\\left") ||
                QStringView(tex).sliced(i).startsWith(u"\\begin"))
                ++depth;
            if (QStringView(tex).sliced(i).startsWith(u"\\right") ||
                QStringView(tex).sliced(i).startsWith(u"\\end"))
                --depth;
            ++i;
        } else if (tex[i] == u'{') {
            ++depth;
        } else if (tex[i] == u'}') {
            --depth;
        }
        deepest = std::max(deepest, depth);
    }
    if (deepest > MathTypesetter::kMaxBraces)
        return QStringLiteral("This formula nests deeper than %1.").arg(MathTypesetter::kMaxBraces);
    return {};
}

}  // namespace

MathTypesetter::MathTypesetter(QObject* parent) : QObject(parent) {}

MathTypesetter::~MathTypesetter() {
    worker_.reset();
}

MathLayoutPtr MathTypesetter::layout(const QString& tex, bool display) {
    const Key key(tex, display);
    if (const MathLayoutPtr* found = kept_.object(key)) return *found;
    if (const auto found = known_.constFind(key); found != known_.constEnd())
        if (MathLayoutPtr layout = found->lock()) return layout;
    if (const QString error = refusal(tex); !error.isEmpty()) {
        MathLayout refused;
        refused.error = error;
        return std::make_shared<const MathLayout>(std::move(refused));
    }
    if (pending_.contains(key)) return {};
    pending_.insert(key);
    if (!worker_) {
        worker_ = std::make_unique<MathWorker>(
            [this, self = GuiContext(this)](const QString& set, bool asDisplay, const MathLayoutPtr& layout) {
                self.post([=, this] { take(set, asDisplay, layout); });
            },
            kTimeLimitMs);
    }
    worker_->enqueue(tex, display);
    return {};
}

int MathTypesetter::alive() const {
    return static_cast<int>(
        std::count_if(known_.begin(), known_.end(), [](const auto& entry) { return !entry.expired(); }));
}

void MathTypesetter::take(const QString& tex, bool display, const MathLayoutPtr& layout) {
    const Key key(tex, display);
    pending_.remove(key);
    if (known_.size() > 2 * kept_.size() + 64)
        erase_if(known_, [](const auto& entry) { return entry.value().expired(); });
    known_.insert(key, layout);
    // The TeX is held by both tables together, and a node of each.
    const int bytes = layout->bytes() + static_cast<int>(tex.size() * sizeof(QChar)) + 300;
    kept_.insert(key, new MathLayoutPtr(layout), bytes);
    emit finished(tex, display);
}

}  // namespace pellucid::app
