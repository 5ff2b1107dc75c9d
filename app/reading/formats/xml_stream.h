// XML as a stream of beginnings, ends and text (libxml2's reader): no network, no entities but XML's own,
// bounded depth. Names are local names: office formats use one prefix or another for the same thing.
#pragma once

#include <memory>
#include <string>
#include <string_view>

namespace pellucid::reading {

class XmlStream {
public:
    enum class Event { begin, end, text, over };

    explicit XmlStream(std::string_view bytes);
    ~XmlStream();
    XmlStream(const XmlStream&) = delete;
    XmlStream& operator=(const XmlStream&) = delete;

    Event next();
    std::string_view name() const { return name_; }  ///< of begin and end
    std::string_view text() const { return text_; }
    /// An attribute of the element that begins, by local name; empty where it has none.
    std::string attribute(std::string_view local_name) const;
    /// The element's r:id (office formats have an id of another meaning beside it).
    std::string relation() const;
    /// After begin: passes over everything until its end.
    void skip();
    /// After begin: all text until its end.
    std::string inner_text();

    bool damaged() const { return damaged_; }  ///< after over: the bytes broke off or contradict themselves

private:
    struct State;
    std::unique_ptr<State> state_;
    std::string_view name_, text_;
    bool damaged_ = false, pending_end_ = false;
};

}  // namespace pellucid::reading
