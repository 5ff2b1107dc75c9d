// How every room reports that outside data or the machine refused: a typed Error with a hint, never an assert.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <variant>

namespace pellucid {

enum class ErrorCode {
    invalid_argument,   // the caller asked for something that cannot be
    not_found,          // a file, model, tensor or row that is not there
    io,                 // the system refused to read or write (errno text in `what`)
    no_space,           // disk full or quota
    read_only,          // no permission to write
    corrupt,            // a file whose bytes contradict themselves
    unsupported,        // well formed, but not something this version does
    out_of_memory,      // host or device memory
    context_overflow,   // more tokens than the context holds
    template_failed,    // a chat template raised or could not be rendered
    cancelled,          // stopped by the person or the program
    busy,               // locked by another copy of the program
    device_lost,        // an accelerator stopped answering
    offline,            // the person keeps this program off the network
    dns,                // a host's name could not be looked up
    refused,            // nobody took the connection: refused, no route, no network
    connection_lost,    // an answer broke off
    timed_out,          // nothing came for too long
    tls,                // the other side could not prove who it is
    http_status,        // a server answered, but not with what was asked (its status in `what`)
    not_allowed,        // a server wants to know who asks, or that terms were accepted on its page
    too_large,          // an answer longer than what was asked can be
    encrypted,          // a file that opens with a password only
    crashed,            // a helper process ended by a signal (a hostile file, or a fault of ours)
    forbidden,          // a helper process tried what its sandbox refuses
    internal,           // a fault of ours; worth a report
};

std::string_view to_string(ErrorCode code);

/// What went wrong, for a person: `what` names the file, field and values; `hint` says what to do next.
struct Error {
    ErrorCode code = ErrorCode::internal;
    std::string what;
    std::string hint;

    /// One line for logs and the terminal: "what (hint)".
    std::string message() const { return hint.empty() ? what : what + " (" + hint + ")"; }
};

/// Marks the error side of a Result: `return fail(ErrorCode::corrupt, "…", "…");`
struct Failure {
    Error error;
};
inline Failure fail(ErrorCode code, std::string what, std::string hint = {}) {
    return {Error{code, std::move(what), std::move(hint)}};
}
inline Failure fail(Error error) { return {std::move(error)}; }

/// A value or an Error. PRECONDITION of value(): ok(); of error(): !ok().
template <typename T>
class [[nodiscard]] Result {
public:
    Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}
    Result(Failure failure) : state_(std::in_place_index<1>, std::move(failure.error)) {}

    bool ok() const { return state_.index() == 0; }
    explicit operator bool() const { return ok(); }

    T& value() & { return std::get<0>(state_); }
    const T& value() const& { return std::get<0>(state_); }
    T&& value() && { return std::get<0>(std::move(state_)); }
    T& operator*() & { return value(); }
    const T& operator*() const& { return value(); }
    T&& operator*() && { return std::move(*this).value(); }
    T* operator->() { return &value(); }
    const T* operator->() const { return &value(); }

    const Error& error() const { return std::get<1>(state_); }
    Failure failure() const { return {error()}; }

private:
    std::variant<T, Error> state_;
};

template <>
class [[nodiscard]] Result<void> {
public:
    Result() = default;
    Result(Failure failure) : error_(std::move(failure.error)), ok_(false) {}

    bool ok() const { return ok_; }
    explicit operator bool() const { return ok_; }
    const Error& error() const { return error_; }
    Failure failure() const { return {error_}; }

private:
    Error error_;
    bool ok_ = true;
};

}  // namespace pellucid

/// Evaluates a Result expression; on failure returns it from the enclosing function, else binds the value.
#define PELLUCID_TRY(declaration, expression) \
    PELLUCID_TRY_CAT_(declaration, expression, __LINE__)
#define PELLUCID_TRY_CAT_(declaration, expression, line) PELLUCID_TRY_IMPL_(declaration, expression, line)
#define PELLUCID_TRY_IMPL_(declaration, expression, line)    \
    auto pellucid_result_##line = (expression);              \
    if (!pellucid_result_##line) return pellucid_result_##line.failure(); \
    declaration = *std::move(pellucid_result_##line)
/// The same for Result<void>.
#define PELLUCID_CHECK(expression)                                              \
    do {                                                                        \
        if (auto pellucid_status = (expression); !pellucid_status) return pellucid_status.failure(); \
    } while (false)
