// The offline switch: on, and nothing leaves the machine.
#pragma once

#include <functional>
#include <memory>

namespace pellucid::network {

/// Asked by the client before every connection and every redirect: the single choke point. Thread safe.
class OfflineSwitch {
public:
    explicit OfflineSwitch(bool on = false);
    ~OfflineSwitch();
    OfflineSwitch(const OfflineSwitch&) = delete;
    OfflineSwitch& operator=(const OfflineSwitch&) = delete;

    bool on() const;
    /// Turning it on also ends every exchange under way, with `offline`.
    void set(bool on);

    /// Told after a change, on the thread that made it. Lives as long as what is returned.
    class Listener {
    public:
        virtual ~Listener() = default;
    };
    [[nodiscard]] std::unique_ptr<Listener> listen(std::function<void(bool on)> changed);

private:
    struct State;
    std::shared_ptr<State> state_;
};

}  // namespace pellucid::network
