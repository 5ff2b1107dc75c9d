// Whether a prompt leaves room for a reply, and if not, what can be left out. Pure functions of the ledger.
#pragma once

#include <QString>
#include <QStringList>
#include <QVector>

#include "app/chat/prompt_builder.h"

namespace pellucid::app {

struct OverflowChoice {
    QString id;           ///< "oldest", "thoughts"
    QStringList leftOut;  ///< messages that would not be sent
    int freedTokens = 0;
};

struct ContextVerdict {
    bool fits = true;
    int promptTokens = 0, contextLength = 0;
    int room = 0;                   ///< tokens left for the reply
    int wantedRoom = 0;             ///< what a reply is given at least
    bool lastAloneTooLong = false;  ///< leaving out everything before it would not help
    QVector<OverflowChoice> choices;
};

/// Room that a reply is given before a prompt counts as too long.
int wantedReplyRoom(int contextLength);

/// The context that a prompt of this length asks for: twice the present one as often as needed, at most what
/// the model was trained for. 0: no context of this model would do.
int longerContext(int promptTokens, int contextLength, int trainedContext);

/// `plan` is what was counted in `ledger`. Only whole exchanges are left out, oldest first, never the last
/// message.
ContextVerdict judgeContext(const Ledger& ledger, const PromptPlan& plan);

}  // namespace pellucid::app
