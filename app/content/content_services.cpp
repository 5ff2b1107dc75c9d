#include "app/content/content_services.h"

#include <QLoggingCategory>
#include <QQmlEngine>

#include "app/content/math_typesetter.h"

extern void qml_register_types_Pellucid_Content();

// Q_INIT_RESOURCE must not stand inside a namespace.
static void initQmlResources() {
    Q_INIT_RESOURCE(qmlcache_pellucid_content);
}

namespace pellucid::app {
namespace {
constexpr char kProperty[] = "pellucidMathTypesetter";

QLoggingCategory::CategoryFilter otherFilters = nullptr;

/// Qt's script compiler warns about KaTeX's own code, on every start.
void quietScriptCompiler(QLoggingCategory* category) {
    if (otherFilters) otherFilters(category);
    if (qstrcmp(category->categoryName(), "qt.qml.compiler") == 0) category->setEnabled(QtWarningMsg, false);
}
}  // namespace

ContentServices::ContentServices() : typesetter_(std::make_unique<MathTypesetter>()) {
    if (!otherFilters) otherFilters = QLoggingCategory::installFilter(quietScriptCompiler);
}
ContentServices::~ContentServices() = default;

void ContentServices::install(QQmlEngine& engine) {
    // Refers to the registration so that the linker keeps it.
    static volatile auto keep = &qml_register_types_Pellucid_Content;
    Q_UNUSED(keep)
    initQmlResources();
    engine.addImportPath(QStringLiteral("qrc:/qt/qml"));
    engine.setProperty(kProperty, QVariant::fromValue<QObject*>(typesetter_.get()));
}

MathTypesetter* ContentServices::typesetter(const QQmlEngine* engine) {
    return engine ? qobject_cast<MathTypesetter*>(engine->property(kProperty).value<QObject*>()) : nullptr;
}

}  // namespace pellucid::app
