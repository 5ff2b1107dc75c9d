#include "app/base/growing_text.h"

#include <algorithm>

namespace pellucid::app {

GrowingText::GrowingText(std::string text) : size_(text.size()) {
    if (size_ > 0) bytes_ = std::make_shared<std::string>(std::move(text));
}

GrowingText& GrowingText::append(std::string_view utf8) {
    if (utf8.empty()) return *this;
    if (!bytes_)
        bytes_ = std::make_shared<std::string>();
    else if (bytes_->size() != size_)  // another copy has gone on: this one is a branch now
        bytes_ = std::make_shared<std::string>(view());
    const std::size_t wanted = size_ + utf8.size();
    if (bytes_->capacity() < wanted) {
        // A string that grows doubles, even in reserve(): only a new one takes what it is asked to take.
        std::string bigger;
        bigger.reserve(wanted + std::max<std::size_t>(64, wanted / 8));
        bigger.append(view());
        bytes_->swap(bigger);
    }
    bytes_->append(utf8);
    size_ = wanted;
    return *this;
}

GrowingText& GrowingText::operator+=(const QString& text) {
    const QByteArray utf8 = text.toUtf8();
    return append({utf8.constData(), static_cast<std::size_t>(utf8.size())});
}

void GrowingText::detach() {
    if (bytes_) bytes_ = std::make_shared<std::string>(view());
}

}  // namespace pellucid::app
