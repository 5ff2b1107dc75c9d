// Text that grows at its end and is held once, by however many hold it.
#pragma once

#include <QString>
#include <memory>
#include <string>
#include <string_view>

namespace pellucid::app {

/// UTF-8. A copy is the text as it is now and shares the bytes; appending to the longest of the copies goes
/// on in place, appending to a shorter one copies first. Grows by an eighth, not by doubling: a long answer
/// would waste as much as it holds.
///
/// Copies may be read in other threads only while nobody appends to any of them; call detach() before going
/// on with a text that was given away.
class GrowingText {
public:
    GrowingText() = default;
    GrowingText(const QString& text) { *this += text; }   // NOLINT: as good as the QString
    GrowingText(const char* text) { append(text); }       // NOLINT
    GrowingText(std::string_view text) { append(text); }  // NOLINT
    explicit GrowingText(std::string text);

    bool isEmpty() const { return size_ == 0; }
    std::size_t size() const { return size_; }  ///< bytes
    /// Valid until the next append to any of the copies.
    std::string_view view() const {
        return bytes_ ? std::string_view(*bytes_).substr(0, size_) : std::string_view();
    }
    QString toString() const { return QString::fromUtf8(view().data(), static_cast<qsizetype>(size_)); }
    operator QString() const { return toString(); }  // NOLINT
    std::string toStdString() const { return std::string(view()); }

    GrowingText& append(std::string_view utf8);
    GrowingText& operator+=(const QString& text);
    void clear() { *this = GrowingText(); }
    /// Bytes of its own, without room to spare.
    void detach();
    /// Bytes taken, room to spare included.
    std::size_t capacity() const { return bytes_ ? bytes_->capacity() : 0; }
    bool sharesWith(const GrowingText& other) const { return bytes_ && bytes_ == other.bytes_; }

    friend bool operator==(const GrowingText& a, const GrowingText& b) { return a.view() == b.view(); }
    friend bool operator==(const GrowingText& a, const QString& b) { return a.toString() == b; }
    friend bool operator==(const GrowingText& a, const char* b) { return a.view() == b; }

private:
    std::shared_ptr<std::string> bytes_;
    std::size_t size_ = 0;
};

}  // namespace pellucid::app
