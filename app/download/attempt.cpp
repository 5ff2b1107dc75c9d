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
    if (waiting_.body.size() >= most_waiting_ && exchange_ != nullptr && !full_) {
        full_ = true;
        exchange_->pause();
    }
    arrived();
    return true;
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
    if (full_) {
        full_ = false;
        if (!held_ && exchange_ != nullptr) exchange_->resume();
    }
    return parcel;
}

void Courier::set_exchange(network::HttpExchange* exchange) {
    const std::lock_guard lock(mutex_);
    exchange_ = exchange;
}

void Courier::hold(bool held) {
    const std::lock_guard lock(mutex_);
    if (held_ == held) return;
    held_ = held;
    if (exchange_ == nullptr) return;
    if (held)
        exchange_->pause();
    else if (!full_)
        exchange_->resume();
}

}  // namespace pellucid::download
