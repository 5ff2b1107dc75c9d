// One message of a conversation as the app holds it: thought and answer apart, how it ended, and what it
// cost.
#pragma once

#include <QJsonObject>
#include <QString>
#include <QStringList>
#include <QVector>

#include "app/base/growing_text.h"
#include "app/chat/answer_sources.h"

namespace pellucid::app {

enum class MessageRole { System, User, Assistant };

/// How a message stands. Everything but Complete and Streaming can be continued when it is an answer.
enum class MessageState {
    Complete,
    Streaming,
    Stopped,      ///< by the person
    CutOff,       ///< length, or the context is full
    Interrupted,  ///< the program ended while it streamed
    Failed,       ///< the engine reported an error
};

/// The person's own choice for a thought's fold; Automatic follows the three-way setting.
enum class ThoughtFold { Automatic, Open, Closed };

struct MessageStats {
    int promptTokens = 0, cachedTokens = 0, thoughtTokens = 0, answerTokens = 0;
    double promptSeconds = 0;    ///< from sending to the first token
    double generateSeconds = 0;  ///< from the first token to the last
    double thoughtSeconds = 0;
    int guessedTokens = 0, rightTokens = 0;  ///< speculation: guessed ahead, and of those right
    int tokens() const { return thoughtTokens + answerTokens; }
    double tokensPerSecond() const {
        return tokens() > 1 && generateSeconds > 0 ? (tokens() - 1) / generateSeconds : 0;
    }
};

struct Message {
    QString id;
    QString parentId;  ///< empty: the first message of the conversation
    MessageRole role = MessageRole::User;
    GrowingText text;  ///< the question, or the answer without its thought
    GrowingText thought;
    bool hasThought = false;
    bool thoughtClosed = true;  ///< false: it ended inside the thought
    bool answeredEarly = false;
    MessageState state = MessageState::Complete;
    ThoughtFold fold = ThoughtFold::Automatic;
    int thinkingBudget = 0;  ///< tokens; 0: none
    MessageStats stats;
    QString modelName;
    QJsonObject receipt;       ///< model digest, quantization, device, seed, sampler: what would repeat it
    AnswerSourcesPtr sources;  ///< null: an answer that stands on no documents
    QString errorWhat, errorHint;
    qint64 createdMs = 0;  ///< UTC, milliseconds since the epoch
};

}  // namespace pellucid::app
