// Documents: their page, the one that stands open beside the chat, the answers made of them.
#include <QtTest>

#include "app/chat/chat_row_model.h"
#include "tests/ui/kit/scene_documents.h"
#include "tests/ui/kit/scene_scripts.h"
#include "tests/ui/kit/scene_steps.h"
#include "tests/ui/kit/scenes.h"

namespace pellucid::ui {

namespace {

// The chat about the lease is shown; nothing of it is open yet.
bool documentChat(UiBench &bench, bool chinese, QString *answer = nullptr) {
    const QString id = fillDocumentChat(bench, QStringLiteral("lease-chat"), chinese);
    if (answer) *answer = id;
    bench.workspace->conversations().open(QStringLiteral("lease-chat"));
    return UiBench::until([&] { return bench.workspace->chat().rows()->sources(id) != nullptr && bench.workspace->library().count() > 0; });
}

// Its passage with this number stands open beside (or over) the chat, with its picture.
bool openPassage(UiBench &bench, bool chinese, int number = 1) {
    QString answer;
    if (!documentChat(bench, chinese, &answer)) return false;
    bench.workspace->viewer().openCitation(answer, number);
    const int page = number == 3 ? 11 : 6;
    // Its boxes come with a frame of the pages.
    return UiBench::until([&] {
        bench.settle();
        for (QQuickItem *item : bench.all())
            if (item->property("pageX").isValid() && item->opacity() == 1 && bench.workspace->viewer().page() == page) return true;
        return false;
    });
}

bool onDocuments(UiBench &bench, bool chinese) {
    fillLibrary(bench.documents, chinese);
    onPage(bench, 3);
    return UiBench::until([&] { return bench.named("documentList") && bench.workspace->library().list()->count() >= 10; });
}

}  // namespace

std::vector<Scene> documentScenes() {
    using B = UiBench;
    return {
        {"document", answers, [](B &bench, bool chinese) { return openPassage(bench, chinese); },
         {"Search the document", "Page 7"}, true, true},
        {"documents", answers, onDocuments, {"Documents", "Pause reading"}, true, true},
        {"document-answer", answers, [](B &bench, bool chinese) { return documentChat(bench, chinese); },
         {"Passages read", "Not in the document. Treat it as a guess.", "Why these passages: 3 of 41 · all pages searched"}, true, true},
        {"documents-empty", answers,
         [](B &bench, bool) {
             onPage(bench, 3);
             return seen(bench, QCoreApplication::translate("DocumentsPage", "Choose files"));
         },
         {"Choose files", "Choose a folder"}},
        {"document-text", answers,
         [](B &bench, bool chinese) {
             fillLibrary(bench.documents, chinese);
             bench.workspace->viewer().openDocument(QStringLiteral("notes"), QStringLiteral("notes"));
             return B::until([&] { return bench.named("documentTexts") != nullptr; });
         },
         {"Search the document"}},
        {"document-search", answers,
         [](B &bench, bool chinese) {
             if (!openPassage(bench, chinese)) return false;
             bench.named("documentPane")->setProperty("searching", true);
             bench.workspace->viewer().find(chinese ? QStringLiteral("终止日") : QStringLiteral("Break Date"));
             return B::until([&] { return bench.workspace->viewer().foundCount() > 3; });
         },
         {"Next place", "End the search"}},
        {"retrieval", answers,
         [](B &bench, bool chinese) {
             if (!documentChat(bench, chinese)) return false;
             const QString name = QCoreApplication::translate("PassageList", "Why these passages: %1")
                                      .arg(chinese ? QStringLiteral("41 段中的 3 段 · 已检索全部页面") : QStringLiteral("3 of 41 · all pages searched"));
             if (!seen(bench, name)) return false;
             bench.called(name)->forceActiveFocus(Qt::TabFocusReason);
             bench.press(Qt::Key_Space);
             return opened(bench);
         },
         {"Why these passages", "Close"}},
        {"attached", answers,
         [](B &bench, bool chinese) {
             fillLibrary(bench.documents, chinese);
             app::LibraryState &state = bench.documents.library.state;
             const QString chat = bench.workspace->chat().conversationId();
             state.collections.push_back({QStringLiteral("here"), QStringLiteral("here"), chat, {}});
             for (const char *id : {"lease", "offer", "bank"})
                 for (app::LibraryDocument &document : state.documents)
                     if (document.id == QLatin1String(id)) document.collection = QStringLiteral("here");
             bench.documents.library.tell();
             return B::until([&] { return bench.workspace->scope().count() == 3; });
         },
         {"Ask documents"}},
        {"attach-menu", answers,
         [](B &bench, bool chinese) {
             fillLibrary(bench.documents, chinese);
             return B::until([&] { return bench.workspace->library().collections().size() == 2; }) &&
                    operate(bench, "AttachButton", "Ask documents") && opened(bench);
         },
         {"Attach files…", "Ask all documents"}},
        {"document-menu", answers,
         [](B &bench, bool chinese) {
             if (!onDocuments(bench, chinese)) return false;
             const QString name = QCoreApplication::translate("LibraryRow", "Actions for %1").arg(chinese ? QStringLiteral("搬迁") : QStringLiteral("The move"));
             if (!seen(bench, name)) return false;
             bench.called(name)->forceActiveFocus(Qt::TabFocusReason);
             bench.press(Qt::Key_Space);
             return opened(bench);
         },
         {"Ask these documents", "Rename"}},
        {"document-removal", answers,
         [](B &bench, bool chinese) {
             if (!onDocuments(bench, chinese)) return false;
             QQuickItem *row = nullptr;
             if (!B::until([&] {
                     for (QQuickItem *item : bench.all())
                         if (item->property("rowId").toString() == QLatin1String("lease")) row = item;
                     return row != nullptr;
                 }))
                 return false;
             row->forceActiveFocus(Qt::TabFocusReason);
             bench.press(Qt::Key_Delete);
             return opened(bench);
         },
         {"Remove the document?", "Cancel"}}};
}

}  // namespace pellucid::ui
