// Documents for the scenes: the lease of look/document-page.png with its answer, a library in every state.
#pragma once

#include "tests/ui/kit/ui_bench.h"

namespace pellucid::ui {

/// The lease (24 pages) and the notes, as the scripted pages have them. Ids: "lease", "notes".
void fillDocuments(app::ScriptedPages &pages, bool chinese);
/// Collections and documents: read, waiting, failed, away, without a text layer.
void fillLibrary(app::ScriptedDocuments &documents, bool chinese);
/// A question about the lease and its answer, in the chat `conversation` of the store; returns the answer's id.
QString fillDocumentChat(UiBench &bench, const QString &conversation, bool chinese);
/// What an answer of the chat stands on.
app::AnswerSources leaseSources(const app::ScriptedPages &pages, bool chinese);

/// Where the chip of a citation stands in the window; null when no text shows it.
QPoint chipAt(const UiBench &bench, int number);

}  // namespace pellucid::ui
