#include "app/hub/memory_speed.h"

#include <algorithm>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "engine/base/cpu_features.h"
#include "engine/base/thread_pool.h"
#include "engine/profile/memory_speed.h"

namespace pellucid::hub {

namespace {

constexpr int kMeasurements = 3;
constexpr double kFastest = 1e14;  ///< more than any memory: a damaged file

std::string this_machine() {
    return detect_cpu_features().model + ", " + std::to_string(usable_cores()) + " cores";
}

}  // namespace

KeptSpeeds::KeptSpeeds(std::filesystem::path file) : file_(std::move(file)), machine_(this_machine()) {
    read();
}

double KeptSpeeds::bytes_per_second(const std::string& device) const {
    const std::lock_guard lock(mutex_);
    const auto found = speeds_.find(device);
    return found == speeds_.end() ? 0 : found->second;
}

Result<void> KeptSpeeds::measure() {
    {
        const std::lock_guard lock(mutex_);
        if (measured_ >= kMeasurements) return {};
    }
    const double speed = decoding_share * measure_read_speed(usable_cores());
    const std::lock_guard lock(mutex_);
    ++measured_;
    speeds_["cpu"] = std::max(speeds_["cpu"], speed);
    return write();
}

Result<void> KeptSpeeds::learn(const std::string& device, double bytes_per_token, double tokens_per_second) {
    // What was seen at work is better than any measurement.
    const double seen = bytes_per_token * tokens_per_second;
    if (!(seen > 0) || seen > kFastest) return {};
    const std::lock_guard lock(mutex_);
    double& kept = speeds_[device];
    kept = kept > 0 ? kept + (seen - kept) / 3 : seen;
    measured_ = kMeasurements;
    return write();
}

void KeptSpeeds::read() {
    std::ifstream in(file_);
    if (!in) return;
    const auto json = nlohmann::json::parse(in, nullptr, false);
    if (!json.is_object() || !json.contains("machine") || json["machine"] != machine_) return;
    const auto speeds = json.find("bytes_per_second");
    if (speeds == json.end() || !speeds->is_object()) return;
    if (const auto count = json.find("measured"); count != json.end() && count->is_number_integer())
        measured_ = std::clamp(count->get<int>(), 0, kMeasurements);
    for (const auto& [device, speed] : speeds->items())
        if (speed.is_number() && speed.get<double>() > 0 && speed.get<double>() < kFastest)
            speeds_[device] = speed.get<double>();
}

Result<void> KeptSpeeds::write() const {
    const nlohmann::json json = {
        {"machine", machine_}, {"bytes_per_second", speeds_}, {"measured", measured_}};
    std::error_code trouble;
    std::filesystem::create_directories(file_.parent_path(), trouble);
    const std::filesystem::path beside = file_.string() + ".new";
    std::ofstream out(beside, std::ios::trunc);
    out << json.dump(2) << "\n";
    out.close();
    if (!out)
        return fail(ErrorCode::io, beside.string() + ": cannot be written", "check the disk and its rights");
    std::filesystem::rename(beside, file_, trouble);
    if (trouble)
        return fail(ErrorCode::io, file_.string() + ": " + trouble.message(),
                    "check the disk and its rights");
    return {};
}

}  // namespace pellucid::hub
