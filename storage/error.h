// How storage reports that the disk, the file or another program refused: a typed Error with a hint, never an
// assert. The same shape as the engine's error, kept apart because storage depends on neither the engine nor
// Qt.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <variant>

namespace pellucid::storage {

enum class ErrorCode {
    invalid_argument,  // the caller asked for something that cannot be
    not_found,         // a file or row that is not there
    io,                // the system refused to read or write (errno text in `what`)
    no_space,          // disk full, quota or file-size limit
    read_only,         // no permission to write
    corrupt,           // a database or journal whose bytes contradict themselves
    unsupported,       // written by a newer version
    busy,              // held by another copy of the program
    internal,          // a fault of ours; worth a report
};

std::string_view to_string(ErrorCode code);

/// What went wrong, for a person: `what` names the file and the fact; `hint` says what to do next.
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
inline Failure fail(Error error) {
    return {std::move(error)};
}

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

}  // namespace pellucid::storage

/// Evaluates a Result expression; on failure returns it from the enclosing function, else binds the value.
#define STORAGE_TRY(declaration, expression) STORAGE_TRY_CAT_(declaration, expression, __LINE__)
#define STORAGE_TRY_CAT_(declaration, expression, line) STORAGE_TRY_IMPL_(declaration, expression, line)
#define STORAGE_TRY_IMPL_(declaration, expression, line)                \
    auto storage_result_##line = (expression);                          \
    if (!storage_result_##line) return storage_result_##line.failure(); \
    declaration = *std::move(storage_result_##line)
/// The same for Result<void>.
#define STORAGE_CHECK(expression)                                                                 \
    do {                                                                                          \
        if (auto storage_status = (expression); !storage_status) return storage_status.failure(); \
    } while (false)
