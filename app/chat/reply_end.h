// What the end of a reply makes of its message.
#pragma once

#include "app/chat/message.h"
#include "app/chat/thought_state.h"
#include "engine/runtime/session.h"

namespace pellucid::app {

/// State, statistics and error of `message` from `finish`. `before`: what it had cost before it went on, when
/// it was continued.
void endMessage(Message& message, const Finish& finish, const MessageStats& before, bool continued);
/// The context had no room to go on.
void endContextFull(Message& message);
/// How the thought of a message that has ended stands.
ThoughtState::State thoughtEnd(const Message& message);

}  // namespace pellucid::app
