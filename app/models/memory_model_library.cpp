#include "app/models/model_library.h"
#include "app/threads/work_thread.h"

namespace pellucid::app {

void MemoryModelLibrary::list(QObject* context, std::function<void(std::vector<LocalModel>)> then) {
    GuiContext(context).post([then = std::move(then), models = models_] { then(models); });
}

void MemoryModelLibrary::add(const LocalModel& model) {
    remove(model.path);
    models_.push_back(model);
}

void MemoryModelLibrary::remove(const QString& path) {
    std::erase_if(models_, [&](const LocalModel& model) { return model.path == path; });
}

}  // namespace pellucid::app
