#include "app/main/engine_choice.h"

#include <QFile>

#include "engine/runtime/mock_engine.h"
#if __has_include("engine/runtime/local_engine.h")
#include "engine/runtime/local_engine.h"
#endif

namespace pellucid::app {

namespace {

MockScript demoScript() {
    MockScript script;
    MockModelScript model = mock_model();
    script.devices.push_back(
        {"cpu", model.info.device.empty() ? "Scripted engine" : model.info.device, 8ull << 30, 8ull << 30});
    model.info.path.clear();  // answers any path
    script.models.push_back(std::move(model));
    return script;
}

}  // namespace

Result<std::unique_ptr<Engine>> makeEngine(const StartOptions& options) {
    if (options.mockScript == QLatin1String("demo"))
        return std::unique_ptr<Engine>(std::make_unique<MockEngine>(demoScript()));
    if (!options.mockScript.isEmpty()) {
        QFile file(options.mockScript);
        if (!file.open(QIODevice::ReadOnly))
            return fail(ErrorCode::not_found,
                        options.mockScript.toStdString() + ": " + file.errorString().toStdString(),
                        "--mock takes a JSON script, or 'demo'");
        PELLUCID_TRY(MockScript script, parse_mock_script(file.readAll().toStdString()));
        return std::unique_ptr<Engine>(std::make_unique<MockEngine>(std::move(script)));
    }
#if __has_include("engine/runtime/local_engine.h")
    return std::unique_ptr<Engine>(std::make_unique<LocalEngine>(host_devices()));
#else
    return std::unique_ptr<Engine>(std::make_unique<MockEngine>(demoScript()));
#endif
}

std::vector<DeviceFactory> choosableDevices() {
    std::vector<DeviceFactory> devices = host_devices();
    std::erase_if(devices, [](const DeviceFactory& device) { return device.id == "reference"; });
    return devices;
}

}  // namespace pellucid::app
