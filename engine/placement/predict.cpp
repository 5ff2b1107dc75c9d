#include "engine/placement/predict.h"

namespace pellucid {

double seconds_per_token(std::span<const DeviceShare> shares,
                         const std::function<double(std::string_view device)>& bytes_per_second) {
    double seconds = 0;
    for (const DeviceShare& share : shares) {
        const double speed = bytes_per_second(share.device);
        if (speed <= 0) return 0;
        seconds += share.bytes_per_token / speed;
    }
    return seconds;
}

}  // namespace pellucid
