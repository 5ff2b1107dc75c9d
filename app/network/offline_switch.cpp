#include "app/network/offline_switch.h"

#include <atomic>
#include <map>
#include <mutex>

namespace pellucid::network {

struct OfflineSwitch::State {
    std::atomic<bool> on = false;
    std::mutex mutex;  // held while listeners are told: one that is gone is never called
    std::map<int, std::function<void(bool)>> listeners;
    int next = 0;
};

OfflineSwitch::OfflineSwitch(bool on) : state_(std::make_shared<State>()) {
    state_->on = on;
}
OfflineSwitch::~OfflineSwitch() = default;

bool OfflineSwitch::on() const {
    return state_->on;
}

void OfflineSwitch::set(bool on) {
    const std::lock_guard lock(state_->mutex);
    if (state_->on.exchange(on) == on) return;
    for (const auto& [id, changed] : state_->listeners) changed(on);
}

std::unique_ptr<OfflineSwitch::Listener> OfflineSwitch::listen(std::function<void(bool)> changed) {
    struct Entry : Listener {
        Entry(std::shared_ptr<State> owner, int number) : state(std::move(owner)), id(number) {}
        ~Entry() override {
            const std::lock_guard lock(state->mutex);
            state->listeners.erase(id);
        }
        std::shared_ptr<State> state;
        int id;
    };
    const std::lock_guard lock(state_->mutex);
    const int id = state_->next++;
    state_->listeners.emplace(id, std::move(changed));
    return std::make_unique<Entry>(state_, id);
}

}  // namespace pellucid::network
