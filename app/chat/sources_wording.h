// What the rows of a conversation say about the passages of an answer.
#pragma once

#include <QStringList>
#include <QVariantList>

#include "app/chat/answer_sources.h"

namespace pellucid::app {

/// Of chips, by number: "1 · p. 7", "2" for a source without pages, empty where there is no such passage.
QStringList citationLabels(const AnswerSources& sources);
/// [{text, note}]: sentences that are not borne out, with what is said below them.
QVariantList doubtList(const AnswerSources& sources);
/// [{number, heading, quote, place, cited}]: the list below an answer.
QVariantList passageList(const AnswerSources& sources);
/// "3 of 41 · all pages searched"
QString passagesText(const AnswerSources& sources);
/// What a person should know before believing it: nothing was found, or documents give orders. Empty:
/// nothing.
QString sourcesNotice(const AnswerSources& sources);
/// [{number, heading, place, quote, words, meaning, reranked, why, given}]: all that was found, for the panel
/// that shows why; rank and score of each way ("2 · 7.4"), empty where a way did not find it.
QVariantList retrievalList(const AnswerSources& sources);

}  // namespace pellucid::app
