#include "app/hub/memory_speed.h"

#include <algorithm>
#include <cmath>
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
constexpr int kClasses = 64;

/// Of bytes a token: a factor of two each.
int size_class(double bytes_per_token) {
    return std::clamp(static_cast<int>(std::floor(std::log2(bytes_per_token))), 0, kClasses - 1);
}

bool plausible(const nlohmann::json& speed) {
    return speed.is_number() && speed.get<double>() > 0 && speed.get<double>() < kFastest;
}

std::string this_machine() {
    return detect_cpu_features().model + ", " + std::to_string(usable_cores()) + " cores";
}

}  // namespace

KeptSpeeds::KeptSpeeds(std::filesystem::path file) : file_(std::move(file)), machine_(this_machine()) {
    read();
}

double KeptSpeeds::bytes_per_second(const std::string& device, double bytes_per_token) const {
    const std::lock_guard lock(mutex_);
    const auto found = speeds_.find(device);
    const double measured = found == speeds_.end() ? 0 : found->second;
    const auto seen = seen_.find(device);
    if (seen == seen_.end() || seen->second.empty() || !(bytes_per_token > 0)) return measured;
    const int wanted = size_class(bytes_per_token);
    const auto nearest = std::ranges::min_element(seen->second, {}, [&](const auto& one) {
        return std::pair(std::abs(one.first - wanted), -one.first);
    });
    const auto& [known, speed] = *nearest;
    if (std::abs(known - wanted) <= 1 || measured == 0) return speed;
    return wanted > known ? std::max(speed, measured) : std::min(speed, measured);
}

Result<void> KeptSpeeds::measure(std::span<const DeviceFactory> devices) {
    {
        const std::lock_guard lock(mutex_);
        const bool all_known = std::ranges::all_of(devices, [&](const DeviceFactory& device) {
            return !device.copy_speed || speeds_.contains(device.id);
        });
        if (measured_ >= kMeasurements && all_known) return {};
    }
    const double speed = decoding_share * measure_read_speed(usable_cores());
    std::map<std::string, double> cards;
    for (const DeviceFactory& device : devices)
        if (const double copied = device.copy_speed ? device.copy_speed() : 0; copied > 0)
            cards[device.id] = std::min(card_share * copied, kFastest);
    const std::lock_guard lock(mutex_);
    ++measured_;
    speeds_["cpu"] = std::max(speeds_["cpu"], speed);
    for (const auto& [card, fast] : cards) speeds_[card] = std::max(speeds_[card], fast);
    return write();
}

Result<void> KeptSpeeds::learn(const std::string& device, double bytes_per_token, double tokens_per_second) {
    const double seen = bytes_per_token * tokens_per_second;
    if (!(seen > 0) || seen > kFastest) return {};
    const std::lock_guard lock(mutex_);
    double& kept = seen_[device][size_class(bytes_per_token)];
    kept = kept > 0 ? kept + (seen - kept) / 3 : seen;
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
        if (plausible(speed)) speeds_[device] = speed.get<double>();
    if (const auto seen = json.find("seen"); seen != json.end() && seen->is_object())
        for (const auto& [device, classes] : seen->items()) {
            if (!classes.is_array()) continue;
            for (const auto& one : classes)
                if (one.is_array() && one.size() == 2 && one[0].is_number_integer() &&
                    one[0].get<std::int64_t>() >= 0 && one[0].get<std::int64_t>() < kClasses &&
                    plausible(one[1]))
                    seen_[device][one[0].get<int>()] = one[1].get<double>();
        }
}

Result<void> KeptSpeeds::write() const {
    const nlohmann::json json = {
        {"machine", machine_}, {"bytes_per_second", speeds_}, {"measured", measured_}, {"seen", seen_}};
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
