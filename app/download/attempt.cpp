#include "app/download/attempt.h"

namespace pellucid::download {

void Courier::arrived() {
    if (rung_) return;
    rung_ = true;
    ring_();
}

bool Courier::on_head(const network::HttpHead& head) {
    const std::lock_guard lock(mutex_);
    waiting_.head = head;
    arrived();
    return true;
}

bool Courier::on_body(std::span<const std::byte> bytes) {
    const std::lock_guard lock(mutex_);
    waiting_.body.insert(waiting_.body.end(), bytes.begin(), bytes.end());
    came_ += bytes.size();
    pause_or_resume();
    arrived();
    return true;
}

std::size_t Courier::room() {
    const std::lock_guard lock(mutex_);
    return allowed_ > came_ ? static_cast<std::size_t>(allowed_ - came_) : 0;
}

void Courier::on_end(const Result<void>& result) {
    const std::lock_guard lock(mutex_);
    waiting_.end = result;
    arrived();
}

Courier::Parcel Courier::fetch() {
    const std::lock_guard lock(mutex_);
    rung_ = false;
    Parcel parcel = std::move(waiting_);
    waiting_ = {};
    pause_or_resume();
    return parcel;
}

void Courier::allow(std::uint64_t bytes) {
    const std::lock_guard lock(mutex_);
    allowed_ = bytes;
    pause_or_resume();
}

void Courier::pause_or_resume() {
    const bool pause = held_ || waiting_.body.size() >= most_waiting_ || came_ >= allowed_;
    if (pause == paused_ || exchange_ == nullptr) return;
    paused_ = pause;
    if (pause)
        exchange_->pause();
    else
        exchange_->resume();
}

void Courier::set_exchange(network::HttpExchange* exchange) {
    const std::lock_guard lock(mutex_);
    exchange_ = exchange;
    pause_or_resume();  // bytes may have come before
}

void Courier::hold(bool held) {
    const std::lock_guard lock(mutex_);
    held_ = held;
    pause_or_resume();
}

}  // namespace pellucid::download
