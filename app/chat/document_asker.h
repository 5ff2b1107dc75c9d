// How a chat puts its questions to documents: passages before the reply, and the reply held against them
// after it.
#pragma once

#include <QObject>
#include <functional>
#include <vector>

#include "app/base/error_text.h"
#include "app/chat/answer_sources.h"
#include "engine/runtime/session.h"

namespace pellucid::app {

struct DocumentScope;

class DocumentAsker {
public:
    struct Turn {
        QString question, answer;
    };
    struct Question {
        QString conversation;
        QString text;
        std::vector<Turn> before;      ///< earlier turns of the shown path, oldest first
        std::shared_ptr<Model> model;  ///< that will answer
        QString beside;                ///< all else that its prompt holds: system prompt, earlier turns
    };
    struct Prepared {
        QString content;                 ///< of the user's message, passages and question
        std::vector<std::string> stops;  ///< for Request::stop
        AnswerSourcesPtr sources;        ///< null where `error`
        QString answer;  ///< not empty: nothing was found, this says so, and no model is asked
        Error error;     ///< what empty: none
    };
    struct Checked {
        AnswerSourcesPtr sources;  ///< with the sentences checked and the passages that are cited
        QString answer;            ///< with marks of passages that it rests on without saying so
    };
    virtual ~DocumentAsker() = default;

    /// Who knows what a chat asks.
    virtual void useScope(std::function<DocumentScope(const QString& conversation)> scopeOf) = 0;
    /// The chat's questions are put to documents. In the GUI thread, at once.
    virtual bool asks(const QString& conversation) const = 0;
    /// `then` in the GUI thread, once, unless `context` is gone by then.
    virtual void prepare(const Question& question, QObject* context, std::function<void(Prepared)> then) = 0;
    /// The message's content once more, for an answer that goes on where it stopped. At once.
    virtual QString contentAgain(const Question& question, const AnswerSourcesPtr& sources) = 0;
    /// The answer to `question`, in its final words, against the passages of `sources`.
    virtual void check(const QString& question, const QString& answer, const AnswerSourcesPtr& sources,
                       QObject* context, std::function<void(Checked)> then) = 0;
    /// Turns the marks of a streamed answer into [n]; what may be the beginning of a mark is held back. One
    /// object a reply; `last`: nothing more comes.
    using Marks = std::function<QString(const QString& delta, bool last)>;
    virtual Marks marks(const AnswerSourcesPtr& sources) = 0;
};

}  // namespace pellucid::app
