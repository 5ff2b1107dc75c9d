#include "app/models/storage_model_library.h"

#include "app/threads/work_thread.h"

namespace pellucid::app {

void StorageModelLibrary::list(QObject* context, std::function<void(std::vector<LocalModel>)> then) {
    store_.thread().post([this, context = GuiContext(context), then = std::move(then)] {
        std::vector<LocalModel> models;
        if (const auto rows = store_.models().list())
            for (const storage::ModelRecord& row : *rows) {
                LocalModel model;
                model.path = QString::fromStdString(row.path);
                model.id = model.path;
                model.info.name = row.name;
                model.info.architecture = row.architecture;
                model.info.quantization = row.quantization;
                model.info.file_bytes = row.file_bytes;
                model.info.parameters = row.parameters;
                model.info.trained_context = row.trained_context;
                models.push_back(std::move(model));
            }
        context.post([then, models = std::move(models)] { then(models); });
    });
}

void StorageModelLibrary::add(const LocalModel& model) {
    store_.thread().post([this, model] {
        storage::ModelRecord record;
        record.path = model.path.toStdString();
        record.name = model.info.name;
        record.architecture = model.info.architecture;
        record.quantization = model.info.quantization;
        record.file_bytes = model.info.file_bytes;
        record.parameters = model.info.parameters;
        record.trained_context = model.info.trained_context;
        (void)store_.models().add(record);
    });
}

void StorageModelLibrary::remove(const QString& path) {
    store_.thread().post([this, path = path.toStdString()] {
        const auto found = store_.models().find_by_path(path);
        if (found && *found) (void)store_.models().remove((*found)->id);
    });
}

void StorageModelLibrary::markUsed(const QString& path) {
    store_.thread().post([this, path = path.toStdString()] {
        const auto found = store_.models().find_by_path(path);
        if (found && *found) (void)store_.models().mark_used((*found)->id);
    });
}

}  // namespace pellucid::app
